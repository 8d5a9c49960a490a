"""A technician at the charger: what keeps it out is on the board within a second, and one click mends it."""

import asyncio
import ssl
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import AddStation, RetireStation, SetPassword
from app.onboarding.board import REFUSED, SOLVED, WAITING, Row, rows
from app.onboarding.contacts import MOST
from app.onboarding.repairs import mend
from app.protocol.handshake import Handshake
from app.simulator.link import Refused
from app.simulator.quirky import Habits
from app.simulator.scripted import SimStation
from tests.helpers.world import World, world


def board(w: World) -> dict[str, Row]:
    """The board as the page shows it now, by what the charger calls itself."""
    now = w.clock.now_ms()
    shown = w.room.fleet.snapshot(now)
    found = rows(w.room.contacts.all(), shown.waiting, shown.stations, shown.server, now)
    return {row.identity: row for row in found}


def keys(row: Row) -> list[str]:
    """Its remedies."""
    return [remedy.key for remedy in row.remedies]


async def knocks(w: World, name: str, **options: object) -> None:
    """A charger that tries once and is turned away."""
    with pytest.raises(Refused):
        await SimStation(w.url, name, clock=w.clock, **options).connect()  # type: ignore[arg-type]


async def click(w: World, row: Row, key: str) -> object:
    """Click a remedy of a row."""
    remedy = next(r for r in row.remedies if r.key == key)
    return await mend(w.room, key, row.identity, row.peer, remedy.argument, "test")


async def test_a_wrong_password_is_shown_and_mended_with_a_new_one() -> None:
    """The new password is told once, and the charger gets in with it although it had failed too often."""
    async with world() as w:
        await w.do(AddStation("NWS-02"))
        await w.do(SetPassword("NWS-02", "the right one"))
        for _ in range(12):
            await knocks(w, "NWS-02", password="the wrong one")
        row = board(w)["NWS-02"]
        assert (row.state, row.kind) == (REFUSED, "blocked")
        assert row.tries == 12
        done = await click(w, row, "new-password")
        assert "NWS-02" not in board(w)
        station = await w.station("NWS-02", password=done.password)  # type: ignore[attr-defined]
        await station.boot()
        assert board(w)["NWS-02"].state in ("connected", SOLVED)


async def test_the_password_that_a_charger_sends_can_be_taken_as_the_right_one() -> None:
    """One click, and its next try succeeds; nothing has to be typed at the charger."""
    async with world() as w:
        await w.do(AddStation("NWS-02"))
        await w.do(SetPassword("NWS-02", "the right one"))
        await knocks(w, "NWS-02", password="what it has")
        row = board(w)["NWS-02"]
        assert keys(row) == ["new-password", "trust-password"]
        await click(w, row, "trust-password")
        await (await w.station("NWS-02", password="what it has")).boot()
        assert w.room.contacts.secret("NWS-02", row.peer) is None


async def test_an_unknown_charger_is_linked_to_the_station_that_was_registered() -> None:
    """It calls by its own name and is, from then on, the station that was planned."""
    async with world(access__new_stations="ask") as w:
        await w.do(AddStation("NWS-03"))
        stranger = await w.station("DLF-P2249104")
        await stranger.boot()
        row = board(w)["DLF-P2249104"]
        assert row.state == WAITING
        assert "NWS-03" in [r.argument for r in row.remedies if r.key == "link"]
        await click(w, row, "link")
        await w.until(lambda: not stranger.online, "it is let go")
        again = await w.station("DLF-P2249104")
        await again.boot()
        assert w.view("NWS-03").vendor
        await w.restart()
        await (await w.station("DLF-P2249104")).boot()
        await w.until(lambda: w.view("NWS-03").link.value == "online", "linked after a restart too")


async def test_a_station_that_new_ones_are_refused_to_is_added_in_one_click() -> None:
    """Unknown and refused: the remedy registers it."""
    async with world(access__new_stations="refuse") as w:
        await knocks(w, "NEW-1")
        row = board(w)["NEW-1"]
        assert row.kind == "unknown"
        await click(w, row, "accept")
        await (await w.station("NEW-1")).boot()


async def test_a_charger_without_version_is_taken_for_16_in_one_click() -> None:
    """Q02: no subprotocol; the switch is set and the station registered with it."""
    async with world() as w:
        habits = Habits(subprotocols=())
        await knocks(w, "GRIZZ", habits=habits)
        row = board(w)["GRIZZ"]
        assert row.kind == "no-version"
        await click(w, row, "assume-1.6")
        await (await w.station("GRIZZ", habits=habits)).boot()
        assert board(w)["GRIZZ"].station == "GRIZZ"


async def test_what_a_charger_says_wrong_is_named() -> None:
    """TLS to the plain port, a path instead of an identity, nothing at the end, a plain web request."""
    async with world(access__new_stations="ask") as w:
        host, port = w.room.urls[0].removeprefix("ws://").rstrip("/").split(":")
        for said in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(said)
            await reader.read()
            writer.close()
            await w.until(lambda: board(w), "on the board")
            kind = board(w)[""].kind
            assert kind == ("tls-to-plain" if said[0] == 0x16 else "not-websocket")
        assert board(w)[""].remedies[0].key == "copy-address"
        await w.station("ocpp")
        await w.until(lambda: board(w)["ocpp"].kind == "path", "named")


async def test_the_last_hour_survives_a_restart_and_no_longer() -> None:
    """Refusals are on the board after a restart, and gone an hour after the last try."""
    async with world(access__new_stations="refuse") as w:
        await knocks(w, "NEW-1")
        await w.room._in_thread(w.room.writer.flush)
        await w.restart()
        assert board(w)["NEW-1"].kind == "unknown"
        w.clock.advance(3_601)
        assert "NEW-1" not in board(w)


async def test_a_remedy_that_cannot_help_says_why() -> None:
    """No password was shown, nobody holds the identity, nothing to do without a name."""
    async with world() as w:
        for remedy, name in (
            ("trust-password", "X-1"),
            ("free-identity", "X-1"),
            ("accept", ""),
            ("magic", "X"),
        ):
            with pytest.raises(ForecourtError):
                await mend(w.room, remedy, name, "10.0.0.1", "", "test")


async def test_a_wrong_clock_is_a_warning_with_the_way_to_mend_it() -> None:
    """Let in, but eleven minutes behind: one click asks for a heartbeat, over the desk."""
    async with world() as w:
        station = await w.station("LGU-02", habits=Habits(clock_offset_ms=-660_000))
        await station.boot()
        for _ in range(3):
            await station.status(1, "Available")
            await w.advance(seconds=35)
        row = board(w)["LGU-02"]
        assert row.title == "Clock is 11 min behind"
        await click(w, row, "set-clock")
        await w.until(lambda: [action for action, _ in station.calls if action == "TriggerMessage"], "asked")


async def test_what_nobody_can_mend_here_is_left_out_until_it_changes() -> None:
    """A charger of another version is ignored in one click; another cause brings it back."""
    async with world() as w:
        await knocks(w, "ARN-04", habits=Habits(subprotocols=("ocpp1.5",)))
        row = board(w)["ARN-04"]
        assert row.kind == "other-version"
        assert "newer firmware" in row.text
        await click(w, row, "ignore")
        await knocks(w, "ARN-04", habits=Habits(subprotocols=("ocpp1.5",)))
        assert "ARN-04" not in board(w)
        await knocks(w, "ARN-04", habits=Habits(subprotocols=()))
        assert board(w)["ARN-04"].kind == "no-version"


async def test_a_retired_station_is_brought_back_and_one_without_password_let_in() -> None:
    """Two more causes with their whole repair."""
    async with world() as w:
        await w.do(AddStation("OLD-1"))
        await w.do(RetireStation("OLD-1"))
        await knocks(w, "OLD-1")
        row = board(w)["OLD-1"]
        assert row.kind == "retired"
        await click(w, row, "accept")
        await (await w.station("OLD-1")).boot()
        await w.do(AddStation("NO-1"))
        await w.do(SetPassword("NO-1", "a password"))
        await knocks(w, "NO-1")
        row = board(w)["NO-1"]
        assert row.kind == "no-password"
        await click(w, row, "no-password")
        await (await w.station("NO-1")).boot()


async def test_two_chargers_with_one_identity_are_told_apart_on_request() -> None:
    """The holder is disconnected once, so that the other gets in."""
    async with world() as w:
        holder = await w.station("TWIN")
        await holder.boot()
        done = await mend(w.room, "free-identity", "TWIN", "127.0.0.1", "", "test")
        assert "TWIN" in done.sentence
        await w.until(lambda: not holder.online, "it is let go")


async def test_a_charger_that_says_16_on_a_2x_link_is_pinned() -> None:
    """The switch is set and the link closed, so that it comes back with 1.6."""
    async with world() as w:
        station = await w.station("FOX", version="2.0.1")
        await station.boot()
        await mend(w.room, "pin", "FOX", "127.0.0.1", "ocpp1.6", "test")
        await w.until(lambda: not station.online, "it is let go")
        both = Habits(subprotocols=("ocpp2.0.1", "ocpp1.6"))
        again = await w.station("FOX", version="1.6", habits=both)
        assert again.subprotocol == "ocpp1.6"


async def test_tls_that_fails_is_on_the_board_too() -> None:
    """Plain words to the TLS port, and a certificate that the charger does not trust."""
    folder = Path(__file__).parents[1] / "fixtures" / "tls"
    files = {"tls__cert": str(folder / "rsa.crt"), "tls__key": str(folder / "rsa.key")}
    async with world(listen="ws://127.0.0.1:0,wss://127.0.0.1:0", **files) as w:
        port = int(w.room.urls[1].rstrip("/").rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /ocpp/X HTTP/1.1\r\nHost: x\r\n\r\n")
        await w.until(lambda: board(w).get(""), "plain to TLS")
        writer.close()
        assert board(w)[""].kind == "plain-to-tls"
        assert board(w)[""].remedies[0].argument.startswith("ws://")
        with pytest.raises(ssl.SSLError):
            await asyncio.open_connection("127.0.0.1", port, ssl=ssl.create_default_context())
        await w.until(lambda: board(w)[""].kind == "certificate", "not trusted")
        assert board(w)[""].remedies[0].key == "save-certificate"


async def test_a_storm_of_those_let_in_pushes_out_nobody_who_needs_help() -> None:
    """Hundreds come back at once; the one that was turned away is still there."""
    async with world() as w:
        await knocks(w, "GRIZZ", habits=Habits(subprotocols=()))
        for number in range(MOST + 20):
            link = SimpleNamespace(
                handshake=Handshake(f"S-{number}", "/", "10.0.0.1", 1, False), peer="10.0.0.1",
                station=f"S-{number}", version="1.6", tls=False,
            )  # fmt: skip
            w.room.contacts.connected(link)  # type: ignore[arg-type]
        found = w.room.contacts.all()
        assert len(found) == MOST + 1
        assert board(w)["GRIZZ"].state == REFUSED

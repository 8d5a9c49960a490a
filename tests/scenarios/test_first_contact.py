"""A technician at the charger: what keeps it out is on the board within a second, and one click mends it."""

import asyncio

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import AddStation, SetPassword
from app.onboarding.board import REFUSED, SOLVED, WAITING, Row, rows
from app.onboarding.repairs import mend
from app.simulator.link import Refused
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
        from app.simulator.quirky import Habits

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

"""Section A of the field behaviours: how stations connect, and what is said of those that cannot."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.intents import AddStation, SetPassword, SetStationSwitch
from app.domain.status import LinkState
from app.protocol.calls import Ending
from app.simulator.link import Refused
from app.simulator.quirky import Habits, habits
from app.simulator.scripted import SimStation
from app.simulator.speech import Card
from app.store.readers.others import notices
from tests.helpers.story import booted, count, restart, story, told, wrong
from tests.helpers.world import World


def door(w: World) -> list[tuple[str, str]]:
    """Who stands at the door: identity and what would help."""
    return [(x.identity, x.remedy) for x in w.room.snapshot().waiting]


async def refused(w: World, name: str = "DEPOT-7", **options: Any) -> int:
    """The HTTP status with which a station is turned away."""
    with pytest.raises(Refused) as no:
        await w.station(name, **options)
    return no.value.status


async def test_q02_no_subprotocol_is_refused_and_listed_until_the_switch_is_set(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        assert await refused(w, habits=habits("Q02")) == 400
        assert door(w) == [("DEPOT-7", "assume-1.6")]
        await w.do(AddStation("DEPOT-7"))
        await w.do(SetStationSwitch("DEPOT-7", "assume_1.6", True))
        s = await w.station(habits=habits("Q02"))
        assert (await s.boot())["status"] == "Accepted"
        assert count(w, "Q02") == 1


async def test_q03_another_version_after_a_reconnect_keeps_the_sessions(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        await car.leave(2_000)
        s.drop()
        newer = await booted(w, version="2.0.1", habits=Habits(subprotocols=("ocpp2.0.1", "ocpp1.6")))
        assert newer.subprotocol == "ocpp2.0.1"
        assert w.view().version == "2.0.1"
        car = await newer.plug_in(tag="BEA", meter_wh=2_000)
        await w.advance(minutes=10)
        await car.leave(3_500)
        assert await told(w) == [("ANNA", "closed", 1_000), ("BEA", "closed", 1_500)]
        await w.do(SetStationSwitch("DEPOT-7", "pinned", "ocpp1.6"))
        pinned = await w.station(habits=Habits(subprotocols=("ocpp2.0.1", "ocpp1.6")))
        assert pinned.subprotocol == "ocpp1.6"


async def test_q04_one_station_however_its_name_is_spelled(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        await w.do(AddStation("AB"))
        for path in ("/ocpp/A%42/", "/x/y/ab", "/AB"):
            s = await w.station("AB", habits=Habits(raw_path=path))
            assert (await s.boot())["status"] == "Accepted"
            s.drop()
            await w.until(lambda: "AB" not in w.room.server.links, "gone")
        assert list(w.room.snapshot().stations) == ["AB"]
        assert count(w, "Q04", "AB") >= 2
        assert await refused(w, habits=Habits(raw_path="/ocpp/%ZZ")) == 404
        assert any("percent" in x.cause for x in w.room.snapshot().waiting)


@pytest.mark.parametrize("path", ["/", "//"])
async def test_q05_no_identity_is_refused_with_the_advice_to_append_one(path: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        assert await refused(w, habits=Habits(raw_path=path)) == 404
        assert [x.remedy for x in w.room.snapshot().waiting] == ["use-identity"]


KEY = "00112233445566778899aabbccddeeff00112233"


@pytest.mark.parametrize(
    ("password", "sent"),
    [
        (KEY, f"DEPOT-7:{KEY}".encode()),
        (KEY, b"DEPOT-7:" + bytes.fromhex(KEY)),
        ("pass:with:colons-1", b"DEPOT-7:pass:with:colons-1"),
    ],
)
async def test_q06_the_same_password_in_its_forms_opens(password: str, sent: bytes, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        await w.do(AddStation("DEPOT-7"))
        await w.do(SetPassword("DEPOT-7", password))
        assert await refused(w, habits=Habits(credentials=b"DEPOT-7:\xff\xfe" + sent[8:])) == 401
        assert [x.identity for x in w.room.snapshot().waiting] == ["DEPOT-7"]
        s = await w.station(habits=Habits(credentials=sent))
        assert (await s.boot())["status"] == "Accepted"
        assert count(w, "Q06") == int(b"\xff" in sent or bytes.fromhex(KEY) in sent)


async def test_q07_defective_upgrades_are_named_and_the_port_lives(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        port = int(w.url.rsplit(":", 1)[1].partition("/")[0])
        upgrade = (
            b"GET /ocpp/DEPOT-7 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        )
        for data in (
            upgrade + b"\r\n",  # no Connection header
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32),  # a TLS hello
            upgrade + b"X-Big: " + b"x" * 65_536 + b"\r\n\r\n",
        ):
            await spoken(port, data)
        causes = " | ".join(x.cause for x in w.room.snapshot().waiting)
        assert "Connection" in causes
        assert "TLS" in causes
        assert len(w.room.snapshot().waiting) == 3
        slow = asyncio.ensure_future(spoken(port, b"GET /ocpp/DEPOT-7 HTTP/1.1\r\n"))
        await w.until(lambda: len(asyncio.all_tasks()) and not slow.done(), "slow one has begun")
        await w.advance(seconds=15)
        await asyncio.wait_for(slow, 10)
        assert (await (await w.station()).boot())["status"] == "Accepted"


async def spoken(port: int, data: bytes) -> bytes:
    """Write bytes to the port; what came back until it was closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        return await asyncio.wait_for(reader.read(), 30)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_q08_a_reserved_bit_ends_the_link_and_the_next_one_is_taken_at_once(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        s.inject(bytes([0xC1, 0x82, 0, 0, 0, 0]) + b"[]")
        assert await s.closed() == 1002
        await s.connect()
        await s.boot()
        await w.advance(minutes=10)
        await car.leave(2_000)
        assert await told(w) == [("ANNA", "closed", 1_000)]
        assert w.view().link is LinkState.ONLINE


async def asked(w: World, times: int) -> list[Ending]:
    """Send so many commands, one after the other, and let them time out where nobody answers."""
    endings = []
    for _ in range(times):
        call = asyncio.ensure_future(w.room.call("DEPOT-7", "ClearCache", {}, 30))
        for _ in range(12):
            await w.advance(seconds=5)
            if call.done():
                break
        endings.append((await asyncio.wait_for(call, 10)).ending)
    return endings


async def test_q10_a_deaf_link_is_amber_and_closed_once_so_that_it_redials(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q10"))
        await w.advance(seconds=30)
        assert await asked(w, 2) == [Ending.TIMEOUT] * 2
        await s.heartbeat()
        assert wrong(w, "deaf") == []
        assert await asked(w, 1) == [Ending.TIMEOUT]
        await w.advance(seconds=3)
        await w.until(lambda: not s.online, "closed once")
        assert count(w, "Q10") == 1
        # It redials and is as deaf as before: amber, but left alone for an hour.
        await s.connect()
        await s.boot()
        assert wrong(w, "deaf") == []
        await w.advance(seconds=30)
        assert await asked(w, 3) == [Ending.TIMEOUT] * 3
        await w.advance(seconds=10)
        assert wrong(w, "deaf") == ["Hears, but answers no command"]
        for _ in range(11):
            await w.advance(minutes=4)
            await s.heartbeat()
        assert s.online
        # One answer, and all is well again.
        s.habits = Habits()
        assert await asked(w, 1) == [Ending.ANSWERED]
        await w.advance(seconds=5)
        assert wrong(w, "deaf") == []


async def test_q10_no_session_is_cut_off_for_it(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q10"))
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(seconds=30)
        assert await asked(w, 3) == [Ending.TIMEOUT] * 3
        await w.advance(seconds=10)
        assert s.online
        assert wrong(w, "deaf") == ["Hears, but answers no command"]
        await car.leave(1_500)
        await w.advance(seconds=5)
        await w.until(lambda: not s.online, "closed once the session is over")
        assert await told(w) == [("ANNA", "closed", 500)]


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_q76_two_stations_fight_for_one_identity(version: str, tmp_path: Path) -> None:
    """An alarm with both serials; neither one's session takes what is the other's."""
    async with story(tmp_path) as w:
        a = await booted(w, card=Card(serial="SN-A"), version=version)
        anna = await a.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=1)
        b = await booted(w, card=Card(serial="SN-B"), version=version, seed=2)
        assert wrong(w, "security") == ["Identity used twice"]
        detail = [n.detail for n in await w.room.ask(notices, "DEPOT-7") if n.name == "identity used twice"]
        assert {json.loads(detail[0])["serial_before"], json.loads(detail[0])["serial_now"]} == {
            "SN-A",
            "SN-B",
        }
        bea = await b.plug_in(tag="BEA", meter_wh=700_000)
        await w.advance(minutes=10)
        await back(a)
        await anna.sample(meter_wh=2_500, power_w=6_000)
        await w.advance(minutes=5)
        await back(b)
        await bea.sample(meter_wh=703_000, power_w=9_000)
        await restart(w, b)
        await bea.leave(704_000)
        await w.advance(minutes=15)
        b.drop()
        await back(a, w)
        await anna.leave(4_000)
        assert sorted(await told(w)) == [("ANNA", "closed", 3_000), ("BEA", "closed", 4_000)]


async def back(s: SimStation, w: World | None = None) -> None:
    """A station that was replaced dials again and boots, as it does by itself."""
    if w is not None:
        s.url = w.url
    s.drop()
    await s.connect()
    await s.boot()


async def test_q76_too_many_swaps_leave_the_holder_and_raise_the_alarm(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        a = await w.station()
        for _ in range(3):
            await w.station()
        assert await refused(w) == 503
        assert wrong(w, "identity") == ["Two chargers use this identity"]
        assert w.view().identity_doubtful
        await w.until(lambda: w.view().link is LinkState.ONLINE, "the holder stays")
        assert not a.online

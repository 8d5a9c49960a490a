"""The wire: back-pressure both ways, floods, wrong frames."""

import asyncio

import pytest

from app.clock import ManualClock
from app.protocol.limits import Limits
from tests.helpers.listening import serving, still_served, until
from tests.helpers.raw_station import BINARY, CONT, PING, TEXT, RawStation, frame

LIMITS = Limits(handshake_s=5, close_s=0.5)


async def test_unanswered_calls_stop_the_reading() -> None:
    """At 32 open calls the socket is not read; answers let it go on; nothing is lost or reordered."""
    async with serving() as host:
        host.ears.mute = True
        station = await RawStation.connect(host.port, "/S1")
        for number in range(500):
            station.call(message_id=str(number))
        await until(lambda: len(host.ears.inbound) == 32)
        link = host.server.links["S1"]
        assert link.reading_paused
        assert host.server.limits_hit["in_flight"] == 1
        for number in range(500):
            await until(lambda number=number: len(host.ears.inbound) > number)
            _, inbound = host.ears.inbound[number]
            assert link.answer(inbound.message_id, f'[3,"{inbound.message_id}",{{}}]'.encode())
        assert [(await station.message())[1] for _ in range(500)] == [str(number) for number in range(500)]
        assert not link.reading_paused
        station.hang_up()


async def test_the_intake_may_pause_a_link() -> None:
    """While paused nothing is read, and its silence is not held against it."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        station = await RawStation.connect(host.port, "/S1")
        other = await RawStation.connect(host.port, "/S2")
        link = host.server.links["S1"]
        link.pause()
        station.call(message_id="1")
        other.call()
        assert (await other.message())[0] == 3
        for _ in range(5):
            clock.advance(59)
            other.call()
            assert (await other.message())[0] == 3
        assert [i.message_id for link, i in host.ears.inbound if link.station == "S1"] == []
        assert "S1" in host.server.links
        link.resume()
        assert (await station.message())[1] == "1"
        host.server.pause_reading(True)
        station.call(message_id="2")
        third = await RawStation.connect(host.port, "/S3")
        third.call(message_id="3")
        await asyncio.sleep(0.05)
        assert {i.message_id for _, i in host.ears.inbound} & {"2", "3"} == set()
        host.server.pause_reading(False)
        assert (await station.message())[1] == "2"
        assert (await third.message())[1] == "3"
        for each in (station, other, third):
            each.hang_up()


async def test_a_station_that_does_not_read_is_cut_off() -> None:
    """After ten seconds of a full buffer its link is closed (4002); others never notice."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        slow = await RawStation.connect(host.port, "/SLOW")
        slow.writer.transport.pause_reading()
        link = host.server.links["SLOW"]
        big = b'[3,"0",{"currentTime":"' + b"x" * 500_000 + b'"}]'
        host.ears.mute = True
        for number in range(30):
            slow.call(message_id=str(number))
        await until(lambda: len(host.ears.inbound) == 30)
        for number in range(30):
            link.answer(str(number), big)
        assert link.slow_since_s is not None
        host.ears.mute = False
        clock.advance(5)
        assert "SLOW" in host.server.links
        await still_served(host)
        clock.advance(6)
        assert "SLOW" not in host.server.links
        assert "4002" in next(reason for gone, reason in host.ears.gone if gone is link)
        assert host.server.limits_hit["send_s"] == 1
        slow.cut()


async def test_pings_between_messages_are_no_flood() -> None:
    """A busy station that pings now and then is never taken for a flood."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        station = await RawStation.connect(host.port, "/S1")
        for _ in range(300):
            clock.advance(1)
            station.call()
            assert (await station.message())[0] == 3
            station.send(frame(PING, b"x"))
        await until(lambda: host.ears.beats >= 300)
        assert "S1" in host.server.links
        station.hang_up()


async def test_a_wrong_frame_fails_before_it_is_complete() -> None:
    """Its head is enough: the rest of a large frame with reserved bits is not waited for."""
    async with serving(limits=LIMITS) as host:
        station = await RawStation.connect(host.port, "/S1")
        station.send(frame(1, b"x" * 50_000, rsv=4)[:20])
        assert await station.close_code() == 1002
        assert host.server.limits_hit["closed_1002"] == 1
        station.hang_up()


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_odd_messages_end_nothing(version: str) -> None:
    """Binary, fragmented, empty and plain text messages: each, then a heartbeat is answered (Q24)."""
    call = b'[2,"q24","Heartbeat",{}]'
    odd = {
        "binary": frame(BINARY, call),
        "fragments": frame(TEXT, call[:5], fin=False) + frame(PING, b"x") + frame(CONT, call[5:]),
        "binary fragments": frame(BINARY, call[:1], fin=False) + frame(CONT, call[1:]),
        "empty": frame(TEXT),
        "empty binary": frame(BINARY),
        "plain text": frame(TEXT, b"hello"),
        "binary junk": frame(BINARY, b"\xff\xfe\x00"),
    }
    async with serving() as host:
        station = await RawStation.connect(host.port, "/S1", subprotocol=f"ocpp{version}")
        for name, data in odd.items():
            station.send(data)
            message_id = station.call()
            answers = []
            while not answers or answers[-1] != message_id:
                answers.append((await station.message())[1])
            readable = ("binary", "fragments", "binary fragments")
            assert ("q24" in answers) is (name in readable), name
        tagged = [inbound.quirks for _, inbound in host.ears.inbound if inbound.message_id == "q24"]
        assert tagged == [("Q24",), (), ("Q24",)]
        station.hang_up()

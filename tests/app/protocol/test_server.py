"""The server over real sockets: a station is served, the newest socket wins, only silence closes."""

import asyncio
import json

import pytest

from app.clock import ManualClock
from app.protocol.calls import Ending
from app.protocol.handshake import Admit, Refuse
from app.protocol.limits import Limits
from tests.helpers.listening import serving, until
from tests.helpers.raw_station import PING, PONG, RawStation, frame

LIMITS = Limits(handshake_s=5, close_s=0.5)


async def test_a_station_is_served() -> None:
    """Connect, speak, leave: the door is asked, the inbox hears it all once."""
    async with serving() as host:
        station = await RawStation.connect(host.port, "/ocpp/A%42", subprotocol="ocpp2.0.1, ocpp1.6")
        message_id = station.call()
        assert await station.message() == [3, message_id, {"currentTime": "2026-01-05T08:00:00Z"}]
        (link,) = host.ears.links
        assert (link.station, link.version, link.peer, link.tls) == ("AB", "2.0.1", "127.0.0.1", False)
        assert link.quirks == ("Q04",)
        station.hang_up()
        await until(lambda: host.ears.gone)
        assert host.ears.gone == [(link, "connection lost")]
        assert host.server.links == {}


async def test_the_registered_spelling_is_used() -> None:
    """The door may know the station by another case."""
    async with serving() as host:
        host.door.judge = lambda handshake: Admit("Depot-7", quirks=("Q04",))
        station = await RawStation.connect(host.port, "/DEPOT-7")
        assert list(host.server.links) == ["Depot-7"]
        assert host.ears.links[0].quirks == ("Q04",)
        station.hang_up()


async def test_the_newest_socket_wins() -> None:
    """The old one is closed 4001, its call ends as replaced, its end is never told (Q01)."""
    async with serving() as host:
        old = await RawStation.connect(host.port, "/S1")
        first = host.server.links["S1"]
        outcome = first.call("Reset", {"type": "Soft"}, force=True)
        assert (await old.message())[2] == "Reset"
        new = await RawStation.connect(host.port, "/S1")
        second = host.server.links["S1"]
        assert second is not first
        assert second.generation > first.generation
        assert await old.close_code() == 4001
        assert (await outcome).ending is Ending.LOST
        assert (await outcome).text == "connection replaced"
        old.cut()
        new.call()
        assert (await new.message())[0] == 3
        assert host.ears.gone == []
        assert second.quirks == ("Q01",)
        calling = second.call("Reset", {"type": "Soft"}, force=True)
        message_id = (await new.message())[1]
        new.say(json.dumps([3, message_id, {"status": "Accepted"}]))
        assert (await calling).accepted
        new.hang_up()


async def test_a_half_open_socket_is_replaced() -> None:
    """A station that stopped reading long ago does not lock itself out."""
    async with serving(limits=LIMITS) as host:
        old = await RawStation.connect(host.port, "/S1")
        old.writer.transport.pause_reading()
        new = await RawStation.connect(host.port, "/S1")
        new.call()
        assert (await new.message())[0] == 3
        await until(lambda: not host.server.lingering)
        assert host.server.links["S1"].connected_ms
        assert host.ears.gone == []
        new.hang_up()
        old.cut()


async def test_a_wrong_password_touches_nothing() -> None:
    """The second socket must pass the door before it can touch the first (T2)."""
    async with serving() as host:
        old = await RawStation.connect(host.port, "/S1")
        host.door.judge = lambda handshake: Refuse(401, "Wrong password.")
        new = await RawStation.dial(host.port)
        assert (await new.upgrade("/S1")).status == 401
        old.call()
        assert (await old.message())[0] == 3
        assert host.ears.gone == []
        old.hang_up()


async def test_answers_of_an_older_connection_go_nowhere() -> None:
    """A commit that ends after the swap cannot answer on the newer socket."""
    async with serving() as host:
        host.ears.mute = True
        old = await RawStation.connect(host.port, "/S1")
        old.call(message_id="7")
        await until(lambda: host.ears.inbound)
        stale = host.ears.links[0]
        new = await RawStation.connect(host.port, "/S1")
        assert not stale.answer("7", b'[3,"7",{}]')
        new.call(message_id="8")
        await until(lambda: len(host.ears.inbound) == 2)
        assert host.ears.links[1].answer("8", b'[3,"8",{}]')
        assert await new.message() == [3, "8", {}]
        new.hang_up()


async def test_a_fight_for_one_identity_is_told() -> None:
    """After three swaps the holder stays, the newcomer gets 503, and the doubt is raised (decision 6)."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        stations = [await RawStation.connect(host.port, "/S1") for _ in range(4)]
        holder = host.server.links["S1"]
        late = await RawStation.dial(host.port)
        answer = await late.upgrade("/S1")
        assert answer.status == 503
        assert answer.headers["retry-after"] == "30"
        assert host.server.links["S1"] is holder
        assert [link for link, _ in host.ears.doubts] == [holder]
        opcode, payload = await stations[-1].frame()
        assert opcode == PING
        stations[-1].send(frame(PONG, payload))
        await until(lambda: host.ears.beats)
        clock.advance(20)
        stations[-1].call()
        assert (await stations[-1].message())[0] == 3
        clock.advance(600)
        await until(lambda: "S1" not in host.server.links or not host.server.links["S1"].closed)
        newer = await RawStation.connect(host.port, "/S1")
        newer.hang_up()
        for station in stations:
            station.cut()


async def test_a_dead_holder_makes_room() -> None:
    """A holder that does not prove alive within five seconds is closed, so nobody is locked out."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        stations = [await RawStation.connect(host.port, "/S1") for _ in range(4)]
        late = await RawStation.dial(host.port)
        assert (await late.upgrade("/S1")).status == 503
        clock.advance(6)
        await until(lambda: host.ears.gone)
        assert "no sign of life" in host.ears.gone[0][1]
        stations.append(await RawStation.connect(host.port, "/S1"))
        for station in stations:
            station.cut()


async def test_only_silence_closes() -> None:
    """One that never pongs but speaks stays; one that only pings stays; the silent one goes (Q09)."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        speaks, pings, silent = [await RawStation.connect(host.port, f"/S{n}") for n in range(3)]
        speaks.pongs = False
        for _ in range(6):
            clock.advance(59)
            speaks.call()
            pings.send(frame(PING, b"x"))
            assert (await speaks.message())[0] == 3
            beats = host.ears.beats
            while (await pings.frame())[0] != PONG:
                continue
            assert host.ears.beats >= beats
        assert set(host.server.links) == {"S0", "S1"}
        assert "no sign of life" in host.ears.gone[0][1]
        assert host.server.links["S0"].pings_missed >= 3
        assert not host.server.links["S0"].ever_ponged
        assert await silent.close_code() == 1011
        speaks.hang_up()
        pings.hang_up()


async def test_waking_from_sleep_blames_nobody() -> None:
    """After a suspend every link gets ten seconds to prove alive."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        alive = await RawStation.connect(host.port, "/ALIVE")
        dead = await RawStation.connect(host.port, "/DEAD")
        asleep_ms = 3_600_000  # no timer runs meanwhile
        clock._mono_ms += asleep_ms
        clock._now_ms += asleep_ms
        clock._due = [(at + asleep_ms, count, timer) for at, count, timer in clock._due]
        clock.advance(1)
        assert set(host.server.links) == {"ALIVE", "DEAD"}
        opcode, payload = await alive.frame()
        assert opcode == PING
        alive.send(frame(PONG, payload))
        await until(lambda: host.ears.beats)
        clock.advance(11)
        assert set(host.server.links) == {"ALIVE"}
        alive.hang_up()
        dead.cut()


async def test_stopping_says_goodbye() -> None:
    """Every link is closed with 1001; the inbox is told; nobody new comes in."""
    async with serving(limits=LIMITS) as host:
        station = await RawStation.connect(host.port, "/S1")
        port = host.port
        stopping = asyncio.ensure_future(host.server.stop())
        assert await station.close_code() == 1001
        station.hang_up()
        await stopping
        assert "1001" in host.ears.gone[0][1]
        with pytest.raises(OSError):
            await RawStation.dial(port)

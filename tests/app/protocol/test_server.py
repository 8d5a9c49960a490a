"""The server over real sockets: admission, replacement, silence, calls, back-pressure, rebinding."""

import asyncio
import json
import math
from dataclasses import replace

import pytest

from app.clock import ManualClock
from app.domain.errors import ForecourtError, PortTaken
from app.domain.status import Registration
from app.protocol.calls import Ending
from app.protocol.core import Rejected
from app.protocol.handshake import Admit, Refuse
from app.protocol.limits import Limits
from tests.helpers.listening import Host, serving, until
from tests.helpers.raw_station import PING, PONG, RawStation, frame

LIMITS = Limits(handshake_s=5, close_s=0.5)


async def still_served(host: Host, name: str = "CONTROL") -> None:
    """A station can come, speak and leave."""
    station = await RawStation.connect(host.port, f"/{name}")
    station.call()
    assert (await station.message())[0] == 3
    station.hang_up()


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


async def test_the_answer_names_one_version() -> None:
    """The header echoes exactly the version that is spoken."""
    async with serving() as host:
        for offered, spoken in (
            ("ocpp1.6", "ocpp1.6"),
            ("ocpp0.1,ocpp1.6", "ocpp1.6"),
            ("ocpp2.1, ocpp2.0.1", "ocpp2.1"),
        ):
            station = await RawStation.dial(host.port)
            answer = await station.upgrade(subprotocol=offered)
            assert answer.status == 101
            assert answer.headers["sec-websocket-protocol"] == spoken
            station.hang_up()


async def test_the_registered_spelling_is_used() -> None:
    """The door may know the station by another case."""
    async with serving() as host:
        host.door.judge = lambda handshake: Admit("Depot-7", quirks=("Q04",))
        station = await RawStation.connect(host.port, "/DEPOT-7")
        assert list(host.server.links) == ["Depot-7"]
        assert host.ears.links[0].quirks == ("Q04",)
        station.hang_up()


async def test_a_station_without_a_version_needs_its_switch() -> None:
    """Refused with 400 and the remedy; with the switch it is taken for 1.6 (Q02)."""
    async with serving() as host:
        station = await RawStation.dial(host.port)
        assert (await station.upgrade(subprotocol=None)).status == 400
        assert host.door.refusals[0].remedy == "assume-1.6"
        assert host.door.refusals[0].quirk == "Q02"
        host.door.judge = lambda handshake: Admit(assume_16=True)
        station = await RawStation.dial(host.port)
        answer = await station.upgrade(subprotocol=None)
        assert answer.status == 101
        assert "sec-websocket-protocol" not in answer.headers
        station.call("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"})
        assert (await station.message())[0] == 3
        assert host.ears.links[0].version == "1.6"
        station.hang_up()


async def test_refusals_are_told() -> None:
    """Who tried, by which name, and why, whoever refused."""
    async with serving() as host:
        host.door.judge = lambda handshake: Refuse(
            401, "Wrong password.", "set-password", (("WWW-Authenticate", "Basic"),)
        )
        station = await RawStation.dial(host.port)
        answer = await station.upgrade("/S1")
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Basic"
        assert answer.body == "Unauthorized\n"
        station = await RawStation.dial(host.port)
        assert (await station.upgrade("/")).status == 404
        said = [(r.identity, r.status, r.cause, r.remedy) for r in host.door.refusals]
        assert said == [
            ("S1", 401, "Wrong password.", "set-password"),
            ("", 404, "The station sent no identity: append it to the URL.", "use-identity"),
        ]
        assert host.door.refusals[0].peer == "127.0.0.1"
        assert host.ears.links == []


async def test_a_slow_door_holds_up_nobody() -> None:
    """While one login is hashed, other stations come in."""
    async with serving() as host:
        gate = asyncio.Event()

        async def slowly() -> Admit:
            await gate.wait()
            return Admit()

        host.door.judge = lambda handshake: slowly() if handshake.identity == "SLOW" else Admit()
        slow = await RawStation.dial(host.port)
        asking = asyncio.ensure_future(slow.upgrade("/SLOW"))
        await still_served(host)
        assert "SLOW" not in host.server.links
        gate.set()
        assert (await asking).status == 101
        slow.hang_up()


async def test_failed_logins_are_throttled_by_pair() -> None:
    """Five wrong passwords make the sixth try wait; another identity is not touched; mending forgives."""
    async with serving() as host:
        host.door.judge = lambda handshake: (
            Admit() if handshake.password == b"right" else Refuse(401, "Wrong password.")
        )
        wrong, right = "Authorization: Basic UzE6d3Jvbmc=\r\n", "Authorization: Basic UzE6cmlnaHQ=\r\n"
        for _ in range(5):
            station = await RawStation.dial(host.port)
            assert (await station.upgrade("/S1", extra=wrong)).status == 401
        station = await RawStation.dial(host.port)
        answer = await station.upgrade("/S1", extra=right)
        assert answer.status == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 61
        assert host.server.limits_hit["logins_per_minute"] == 1
        await (await RawStation.connect(host.port, "/S2", extra=right)).writer.drain()
        host.server.forgive("S1")
        await RawStation.connect(host.port, "/S1", extra=right)


# -- replacement -------------------------------------------------------------------------------


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


# -- silence -----------------------------------------------------------------------------------


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


async def test_pings_tell_the_round_trip() -> None:
    """Each link is pinged about every minute; the pong tells the round trip."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        station = await RawStation.connect(host.port, "/S1")
        link = host.server.links["S1"]
        clock.advance(math.ceil(link.ping_due_s))
        opcode, payload = await station.frame()
        assert opcode == PING
        clock.advance(0.25)
        station.send(frame(PONG, payload))
        await until(lambda: link.rtt_ms is not None)
        assert link.rtt_ms == 250
        assert link.ever_ponged
        assert link.pings_missed == 0
        station.hang_up()


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


# -- our calls -----------------------------------------------------------------------------------


async def test_nothing_is_sent_before_the_boot_is_answered() -> None:
    """Five seconds after the boot's answer, not before (Q13)."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        station = await RawStation.connect(host.port, "/S1")
        link = host.server.links["S1"]
        outcome = link.call("Reset", {"type": "Soft"})
        station.call("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"})
        assert (await station.message())[0] == 3
        link.boot_answered()
        clock.advance(4)
        assert host.ears.sent == []
        clock.advance(2)
        assert (await station.message())[2] == "Reset"
        clock.advance(31)
        assert (await outcome).ending is Ending.TIMEOUT
        station.hang_up()


async def test_without_a_boot_commands_go_out_after_twenty_seconds() -> None:
    """A station that does not boot again after a reconnect can be commanded (Q12, Q13)."""
    clock = ManualClock()
    async with serving(clock=clock, limits=LIMITS) as host:
        station = await RawStation.connect(host.port, "/S1")
        outcome = host.server.links["S1"].call("Reset", {"type": "Soft"})
        clock.advance(19)
        assert host.ears.sent == []
        clock.advance(2)
        message = await station.message()
        station.say(json.dumps([3, message[1], {"status": "Rejected"}]))
        assert (await outcome).payload == {"status": "Rejected"}
        assert host.ears.settled[0].outcome is await outcome
        station.hang_up()


async def test_calls_cross() -> None:
    """The station's calls are answered while ours is open (Q33)."""
    async with serving() as host:
        station = await RawStation.connect(host.port, "/S1")
        outcome = host.server.links["S1"].call("Reset", {"type": "Soft"}, force=True)
        ours = await station.message()
        for number in range(3):
            station.call(message_id=str(number))
        assert [(await station.message())[1] for _ in range(3)] == ["0", "1", "2"]
        station.say(json.dumps([3, ours[1], {"status": "Accepted"}]))
        assert (await outcome).accepted
        station.hang_up()


async def test_a_full_queue_refuses() -> None:
    """The 51st waiting command ends at once as 'queue full'; the limit is counted."""
    async with serving(limits=replace(LIMITS, calls_waiting=2)) as host:
        station = await RawStation.connect(host.port, "/S1")
        link = host.server.links["S1"]
        outcomes = [link.call("ClearCache", {}) for _ in range(3)]
        assert (await outcomes[2]).ending is Ending.QUEUE_FULL
        assert host.server.limits_hit["calls_waiting"] == 1
        station.hang_up()
        assert (await outcomes[0]).ending is Ending.LOST
        assert (await link.call("ClearCache", {})).ending is Ending.LOST


async def test_the_stored_registration_holds_after_a_reconnect() -> None:
    """A station that was told Pending stays gated, without a new boot."""
    async with serving() as host:
        host.door.judge = lambda handshake: Admit(registration="Pending")
        station = await RawStation.connect(host.port, "/S1")
        station.call()
        assert (await station.message())[2] == "SecurityError"
        host.server.links["S1"].core.registration = Registration.ACCEPTED
        station.call()
        assert (await station.message())[0] == 3
        station.hang_up()


# -- back-pressure -------------------------------------------------------------------------------


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


async def test_a_message_that_gets_no_answer_frees_its_place() -> None:
    """After a failed commit the station may repeat the call with its id (decision 9)."""
    async with serving() as host:
        host.ears.mute = True
        station = await RawStation.connect(host.port, "/S1")
        station.call(message_id="1")
        await until(lambda: host.ears.inbound)
        link = host.server.links["S1"]
        link.unanswered("1")
        station.call(message_id="1")
        await until(lambda: len(host.ears.inbound) == 2)
        assert link.answer_error("1", "FormatViolation", "x")
        assert await station.message() == [4, "1", "FormationViolation", "x", {}]
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


# -- listening -----------------------------------------------------------------------------------


async def test_rebinding_keeps_the_links() -> None:
    """The address changes while stations talk; the old port is free afterwards."""
    async with serving() as host:
        station = await RawStation.connect(host.port, "/S1")
        before = host.port
        urls = await host.server.rebind(["127.0.0.1:0", "127.0.0.1:0"][:1])
        assert urls == host.server.urls
        assert host.port != before
        station.call()
        assert (await station.message())[0] == 3
        await still_served(host)
        with pytest.raises(OSError):
            await RawStation.dial(before)
        station.hang_up()


async def test_another_address_may_keep_the_port() -> None:
    """From one address to all of them on the same port, while stations talk."""
    async with serving(listen=("127.0.0.1:0",)) as host:
        port = host.port
        await host.server.rebind([f"127.0.0.1:{port}"])
        station = await RawStation.connect(port, "/S1")
        assert await host.server.rebind([f"0.0.0.0:{port}"]) == [f"ws://0.0.0.0:{port}/"]
        station.call()
        assert (await station.message())[0] == 3
        await still_served(host)
        with pytest.raises(PortTaken, match=r"192\.0\.2\.1"):
            await host.server.rebind([f"192.0.2.1:{port}"])
        await still_served(host)
        station.hang_up()


async def test_a_rebind_that_fails_changes_nothing() -> None:
    """The sentence names the taken port; the server goes on where it was."""
    async with serving() as host, serving() as other:
        before = host.server.urls
        with pytest.raises(PortTaken, match=f"127.0.0.1:{other.port}"):
            await host.server.rebind([f"127.0.0.1:{other.port}"])
        with pytest.raises(ForecourtError, match="certificate"):
            await host.server.rebind(["wss://127.0.0.1:0"])
        assert host.server.urls == before
        await still_served(host)


async def test_several_listeners() -> None:
    """Stations may come by any of them."""
    async with serving(listen=("127.0.0.1:0", "127.0.0.2:0")) as host:
        assert len(host.server.urls) == 2
        await still_served(host)


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


async def test_a_crash_in_the_inbox_is_an_internal_error() -> None:
    """One message's fault is answered, logged, and harms no other (T8)."""
    async with serving() as host:
        station = await RawStation.connect(host.port, "/S1")
        real = host.ears.message

        def crash(link: object, inbound: object) -> None:
            raise RuntimeError("deliberate")

        host.ears.message = crash  # type: ignore[method-assign, assignment]
        message_id = station.call()
        assert (await station.message())[:3] == [4, message_id, "InternalError"]
        host.ears.message = real  # type: ignore[method-assign]
        station.call()
        assert (await station.message())[0] == 3
        station.hang_up()


async def test_compression_only_for_2x_and_without_memory() -> None:
    """A 2.x station that asks for it gets it, without context takeover; 1.6 never does (decision 12)."""
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    async with serving() as host:
        old = await RawStation.dial(host.port)
        assert "sec-websocket-extensions" not in (await old.upgrade("/A", extra=offer)).headers
        new = await RawStation.dial(host.port)
        answer = await new.upgrade("/B", subprotocol="ocpp2.1", extra=offer)
        agreed = answer.headers["sec-websocket-extensions"]
        assert "client_no_context_takeover" in agreed
        assert "server_no_context_takeover" in agreed
        new.call()
        opcode, payload = await new.frame()
        assert opcode == 1
        assert payload[:1] != b"["
        old.hang_up()
        new.hang_up()


async def test_twenty_unreadable_frames_say_why() -> None:
    """A link that sends only rubbish is closed with 1008; what it sent is kept for the log."""
    async with serving() as host:
        station = await RawStation.connect(host.port, "/S1")
        for number in range(20):
            station.say(f"rubbish {number}")
        assert await station.close_code() == 1008
        await until(lambda: host.ears.gone)
        assert len(host.ears.rejections) == 20
        assert all(isinstance(out, Rejected) for _, out in host.ears.rejections)
        assert "20 unreadable messages" in host.ears.gone[0][1]
        await still_served(host, "S1")


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


# -- limits ----------------------------------------------------------------------------------------


async def test_callers_of_one_address_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off loopback an address may have 16 callers at the door, and a bounded number of links."""
    monkeypatch.setattr("app.protocol.accepting.is_loopback", lambda peer: False)
    monkeypatch.setattr("app.protocol.server.is_loopback", lambda peer: False)
    async with serving(limits=replace(LIMITS, unauthenticated_per_ip=3, links_per_ip=2)) as host:
        first = await RawStation.connect(host.port, "/S1")
        second = await RawStation.connect(host.port, "/S2")
        third = await RawStation.dial(host.port)
        assert (await third.upgrade("/S3")).status == 503
        assert host.server.limits_hit["links_per_ip"] == 1
        silent = [await RawStation.dial(host.port) for _ in range(3)]
        await until(lambda: len(host.server._acceptor.greetings) == 3)
        fourth = await RawStation.dial(host.port)
        assert b"503" in await fourth.end()
        assert host.door.refusals[-1].cause == "Too many callers of this address wait to be let in."
        for station in (first, second, *silent):
            station.hang_up()


async def test_the_last_place_is_told() -> None:
    """When all sockets are in use, the next caller gets 503 with a time to come back."""
    async with serving(limits=replace(LIMITS, sockets=2)) as host:
        stations = [await RawStation.connect(host.port, f"/S{n}") for n in range(2)]
        late = await RawStation.dial(host.port)
        answer = await late.answer()
        assert answer.status == 503
        assert 30 <= int(answer.headers["retry-after"]) <= 120
        assert host.server.limits_hit["sockets"] == 1
        for station in stations:
            station.hang_up()
        await until(lambda: not host.server.links)
        await still_served(host)


async def test_a_storm_is_let_in_at_the_accept_rate() -> None:
    """Who comes faster waits in the kernel's queue; nobody is turned away."""
    async with serving(limits=replace(LIMITS, accept_per_s=100)) as host:
        storm = [RawStation.connect(host.port, f"/S{n}") for n in range(150)]
        stations = await asyncio.gather(*storm)
        assert len(host.server.links) == 150
        assert host.door.refusals == []
        assert host.server.limits_hit["accept_per_s"] > 0
        for station in stations:
            station.hang_up()

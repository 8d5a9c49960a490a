"""One link: our calls to it, its answers, its gate."""

import json
import math
from dataclasses import replace

from app.clock import ManualClock
from app.domain.status import Registration
from app.protocol.calls import Ending
from app.protocol.core import Rejected
from app.protocol.handshake import Admit
from app.protocol.limits import Limits
from tests.helpers.listening import serving, still_served, until
from tests.helpers.raw_station import PING, PONG, RawStation, frame

LIMITS = Limits(handshake_s=5, close_s=0.5)


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


async def test_21_sends_and_result_errors() -> None:
    """A SEND is heard and never answered; an answer of the station's that is wrong gets a type 5 (2.1)."""
    async with serving() as host:
        station = await RawStation.connect(host.port, "/S1", subprotocol="ocpp2.1")
        stream = {"id": 1, "pending": 0, "basetime": "2026-01-05T08:00:00Z", "data": [{"t": 0, "v": "1"}]}
        station.say(json.dumps([6, "s", "NotifyPeriodicEventStream", stream]))
        station.say(json.dumps([6, "t", "NotifyPeriodicEventStream", {"id": "no"}]))
        station.say('[5,"x","FormatViolation","",{}]')
        message_id = station.call()
        assert (await station.message())[1] == message_id
        assert [inbound.message_id for _, inbound in host.ears.inbound] == ["s", message_id]
        assert len(host.ears.rejections) == 2
        outcome = host.server.links["S1"].call("ClearCache", {}, force=True)
        ours = (await station.message())[1]
        station.say(json.dumps([3, ours, {"status": 1, "x": []}]))
        assert (await station.message())[:3] == [5, ours, "PropertyConstraintViolation"]
        assert (await outcome).ending is Ending.INVALID
        station.hang_up()

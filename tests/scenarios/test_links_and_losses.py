"""Links that break, come twice or fall silent; and a disk that takes nothing more."""

import asyncio

import pytest

from app.domain.records import SessionState
from app.domain.status import LinkState
from app.protocol.calls import Ending
from app.simulator.link import Unanswered
from app.simulator.quirky import Habits
from app.simulator.scripted import SimStation
from app.store.readers.links import link_points
from tests.helpers.world import World, world


async def test_a_station_reconnects_while_its_old_socket_is_open() -> None:
    """The newest socket wins; the old one's end does not mark the station offline; nothing is lost."""
    async with world() as w:
        old = await w.station()
        await old.boot()
        car = await old.plug_in(connector=1, tag="ANNA", meter_wh=1_000)
        new = await w.station()
        await new.boot()
        await w.until(lambda: not old.online, "the old socket is closed")
        await w.advance(seconds=30)
        assert w.view().link is LinkState.ONLINE
        assert len(w.room.server.links) == 1
        await w.advance(minutes=10)
        car.station = new
        await car.leave(meter_wh=2_000)
        assert (await w.only_session()).energy_wh == 1_000


async def test_a_call_in_flight_ends_as_lost_when_the_socket_is_replaced() -> None:
    """Neither a timeout nor a success: the operator is told that the link went."""
    async with world() as w:
        old = await w.station(habits=Habits(silent_on=frozenset({"ChangeAvailability"})))
        await old.boot()
        await w.advance(seconds=30)
        asked = asyncio.ensure_future(
            w.room.call("DEPOT-7", "ChangeAvailability", {"connectorId": 0, "type": "Operative"})
        )
        await w.until(lambda: _outstanding(w), "sent")
        await w.station()
        outcome = await asyncio.wait_for(asked, 10)
        assert outcome.ending is Ending.LOST


async def test_a_silent_station_is_doubtful_then_offline_with_times_kept() -> None:
    """2.5 heartbeats make it doubtful, 3 offline; the timeline has both."""
    async with world(protocol__heartbeat_s=120) as w:
        s = await w.station()
        await s.boot()
        s.fall_silent()
        heard = w.clock.now_ms()
        await w.advance(seconds=310)
        await w.until(lambda: w.view().link is LinkState.DOUBTFUL, "doubtful")
        await w.advance(seconds=70)
        await w.until(lambda: w.view().link is LinkState.OFFLINE, "offline")
        points = await w.room.ask(link_points, "DEPOT-7")
        states = [p.state for p in points]
        assert states[-1] is LinkState.OFFLINE
        assert abs(points[-1].at_ms - heard) <= 61_000


async def test_a_full_disk_gets_no_answer_and_the_repeat_is_kept_once() -> None:
    """What cannot be kept is not acknowledged; the same message after the disk has room is booked once."""
    async with world() as w:
        s = await w.station(patience_s=1.5)
        await s.boot()
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        await asyncio.to_thread(
            w.room.writer.call, lambda group: group.cursor.execute("PRAGMA max_page_count = 1").fetchone()
        )
        with pytest.raises(Unanswered):
            await _talk_until_unanswered(s)
        await w.until(lambda: not w.room.snapshot().server.recording, "said loudly")
        assert any(t.kind == "server" for t in w.room.snapshot().troubles)
        assert w.view().link is LinkState.ONLINE
        await asyncio.to_thread(
            w.room.writer.call,
            lambda group: group.cursor.execute("PRAGMA max_page_count = 1000000").fetchone(),
        )
        await w.until(lambda: w.room.snapshot().server.recording, "records again", timeout_s=15)
        await car.leave(meter_wh=3_000)
        session = await w.only_session()
        assert (session.energy_wh, session.state) == (2_000, SessionState.CLOSED)


def _outstanding(w: World) -> bool:
    calls = w.room.server.links["DEPOT-7"].calls
    return calls is not None and calls.current is not None


async def _talk_until_unanswered(s: SimStation) -> None:
    for n in range(400):
        told = {"connectorId": 1, "errorCode": "OtherError", "status": "Charging", "info": "x" * 50}
        await s.call("StatusNotification", told | {"vendorErrorCode": f"{n:050}"})

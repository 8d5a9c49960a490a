"""Who may come in: unknown stations wait, are let in with what they told, or are turned away."""

import asyncio

import pytest

from app.domain.intents import AddStation, AdmitStation, RefuseStation, RetireStation, SetPassword
from app.domain.records import SessionState
from app.domain.status import Admission
from app.replay import verify
from app.settings import load
from app.simulator.link import Refused
from tests.helpers.world import world


async def test_an_unknown_station_waits_and_its_session_is_booked_when_it_is_let_in() -> None:
    """Pending, answered, quarantined; accepting books what it told, with its times and energy."""
    async with world(access__new_stations="ask") as w:
        s = await w.station()
        assert (await s.boot())["status"] == "Pending"
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=1_000, authorize=False, statuses=False)
        await w.advance(minutes=30)
        await car.leave(meter_wh=6_000, statuses=False)
        assert await w.sessions() == []
        waiting = w.room.snapshot().waiting
        assert [(x.identity, x.remedy) for x in waiting] == [("DEPOT-7", "accept")]
        await w.do(AdmitStation("DEPOT-7"))
        session = await w.only_session()
        assert (session.energy_wh, session.state) == (5_000, SessionState.CLOSED)
        assert str(session.transaction) == str(car.transaction)
        assert w.view().admission is Admission.ACCEPTED
        assert w.room.snapshot().waiting == ()
        assert (await s.boot())["status"] == "Accepted"


async def test_a_waiting_station_still_waits_after_a_restart_and_is_booked_once() -> None:
    """The quarantine is on disk; letting in twice books nothing twice."""
    async with world(access__new_stations="ask") as w:
        s = await w.station()
        await s.boot()
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=1_000, authorize=False, statuses=False)
        await w.advance(minutes=30)
        await car.leave(meter_wh=6_000, statuses=False)
        s.drop()
        await w.restart()
        assert [x.identity for x in w.room.snapshot().waiting] == ["DEPOT-7"]
        await w.do(AdmitStation("DEPOT-7"))
        await w.do(RetireStation("DEPOT-7"))
        await w.do(AdmitStation("DEPOT-7"))
        assert (await w.only_session()).energy_wh == 5_000


async def waiting_names(w):
    """Who stands at the door, as the window shows it."""
    return {x.identity for x in w.room.snapshot().waiting if x.cause == "waiting"}


async def test_the_oldest_silent_station_makes_room_and_loses_nothing(few_places) -> None:
    """A fourth caller takes the place of the longest silent one, whose energy may still be booked."""
    async with world(access__new_stations="ask") as w:
        first = await w.station("FIRST")
        await first.boot()
        car = await first.plug_in(connector=1, tag="ANNA", meter_wh=1_000, authorize=False, statuses=False)
        await w.advance(minutes=30)
        await car.leave(meter_wh=6_000, statuses=False)
        assert [x.held_messages for x in w.room.snapshot().waiting] == [3]
        first.drop()
        await w.until(lambda: "FIRST" not in w.room.server.links, "link gone")
        second = await w.station("SECOND")
        second.drop()
        await w.until(lambda: "SECOND" not in w.room.server.links, "link gone")
        third = await w.station("THIRD")
        await w.station("FOURTH")
        await w.until(lambda: "FOURTH" in {x.identity for x in w.room.snapshot().waiting}, "fourth waits")
        await w.until(lambda: "FIRST" not in w.room.snapshot().stations, "first gave up its place")
        assert await waiting_names(w) == {"SECOND", "THIRD", "FOURTH"}
        assert (await third.boot())["status"] == "Pending"
        await w.restart()
        assert await waiting_names(w) == {"SECOND", "THIRD", "FOURTH"}
        assert "FIRST" not in w.room.snapshot().stations
        await w.station("FIRST")
        await w.until(lambda: "FIRST" in {x.identity for x in w.room.snapshot().waiting}, "waits again")
        await w.do(AdmitStation("FIRST"))
        assert (await w.only_session("FIRST")).energy_wh == 5_000
        data_dir = w.data_dir
        await w.room.stop()
        assert (await asyncio.to_thread(verify, load(data_dir, {}))).difference == ""
        await w.start()


async def test_stations_that_are_there_keep_their_places(few_places) -> None:
    """Nobody silent: the newcomer is told to come again, and the operator sees why."""
    async with world(access__new_stations="ask") as w:
        for name in ("A", "B", "C"):
            await w.station(name)
        with pytest.raises(Refused) as refused:
            await w.station("D")
        assert refused.value.status == 503
        assert any("already wait" in x.cause for x in w.room.snapshot().waiting if x.identity == "D")
        await w.do(RefuseStation("A"))
        await w.until(lambda: "A" not in w.room.server.links, "link closed")
        await w.station("D")


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three places at the door instead of 64."""
    for module in ("door", "registry"):
        monkeypatch.setattr(f"app.access.{module}.PLACES", 3)


async def test_a_refused_station_is_turned_away_with_its_reason_shown() -> None:
    """HTTP 403; who, when and why are on the list at the door."""
    async with world(access__new_stations="ask") as w:
        s = await w.station()
        await s.boot()
        await w.do(RefuseStation("DEPOT-7"))
        await w.until(lambda: "DEPOT-7" not in w.room.server.links, "link closed")
        with pytest.raises(Refused) as refused:
            await w.station()
        assert refused.value.status == 403
        assert any("refused" in x.cause for x in w.room.snapshot().waiting)


async def test_refuse_turns_unknown_stations_away_and_keeps_known_ones() -> None:
    """401 for strangers; one that was added by hand comes in."""
    async with world(access__new_stations="refuse") as w:
        with pytest.raises(Refused) as refused:
            await w.station("STRANGER")
        assert refused.value.status == 401
        await w.do(AddStation("DEPOT-7", name="Depot", site="Gent"))
        s = await w.station()
        assert (await s.boot())["status"] == "Accepted"
        assert w.view().site == "Gent"


async def test_a_password_is_asked_for_once_it_is_set() -> None:
    """Without it, with a wrong one, with the right one; and it is nowhere on the disk."""
    async with world() as w:
        await w.do(AddStation("DEPOT-7"))
        await w.do(SetPassword("DEPOT-7", "charge-me-2026-now"))
        for password in (None, "wrong-password-123"):
            with pytest.raises(Refused) as refused:
                await w.station(password=password)
            assert refused.value.status == 401
        s = await w.station(password="charge-me-2026-now")
        assert (await s.boot())["status"] == "Accepted"
        assert w.view().has_password
        await w.room.backup_to(w.data_dir / "copy.db")
        for file in w.data_dir.rglob("*"):
            if file.is_file():
                assert b"charge-me-2026-now" not in file.read_bytes(), file

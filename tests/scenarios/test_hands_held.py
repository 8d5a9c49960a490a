"""A command that waited looks again as it leaves: nobody is cut who was not there when it was agreed to."""

import pytest

from app.domain import operations as op
from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.operations import CommandState, Operation, Urgency
from app.domain.records import FaultRecord
from tests.helpers.hands import VERSIONS, ready, wish
from tests.helpers.world import World, world
from tests.scenarios.test_hands_waiting import HOUR_MS, counted, kept

CUTS = {"reset": op.Reset(hard=True), "by hand": op.Message("Reset", {"type": "Hard"})}


async def holds(w: World, number: int) -> str:
    """Wait until a command is held back; what it says."""
    for _ in range(200):
        said = (await kept(w, number)).proof
        if said.startswith("Held back"):
            return said
        await w.advance(seconds=1)
    raise AssertionError(f"command {number} was not held back")


@pytest.mark.parametrize("what", CUTS)
async def test_who_came_meanwhile_is_not_cut(what: str) -> None:
    """Asked while the station was away and free; it comes back charging: held, said, sent afterwards."""
    async with world() as w:
        station = await ready(w)
        calls = counted(station, "Reset", {"status": "Accepted"})
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        number = await w.room.desk.ask(wish(w, CUTS[what], wait_until_ms=w.clock.now_ms() + HOUR_MS))
        station.restart_ids()
        await station.connect()
        car = await station.plug_in(tag="04A1B2C3D4", meter_wh=1_000)
        said = await holds(w, number)
        assert said.startswith("Held back, because nobody agreed to this: …C3D4 charges at connector 1")
        await w.advance(minutes=20)
        assert calls == []
        await car.leave(meter_wh=6_000)
        for _ in range(200):
            if calls:
                break
            await w.advance(seconds=1)
        assert len(calls) == 1
        assert (await w.room.desk.answered(number)).sent_ms is not None


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_nobody_agreed_to_ends_unsent(version: str) -> None:
    """The car charges until the wait is over; the end says why nothing was sent."""
    async with world() as w:
        station = await ready(w, version)
        calls = counted(station, "Reset", {"status": "Accepted"})
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        hour = w.clock.now_ms() + HOUR_MS
        number = await w.room.desk.ask(wish(w, op.Reset(hard=True), wait_until_ms=hour))
        station.restart_ids()
        await station.connect()
        await station.plug_in()
        await w.advance(minutes=65)
        ended = await kept(w, number)
        assert (ended.outcome, ended.sent_ms, calls) == (CommandState.EXPIRED, None, [])
        assert ended.proof.startswith("It was held back until its wait ended, because nobody agreed")


async def test_to_agree_to_one_driver_is_not_to_agree_to_the_next() -> None:
    """The one who was named has gone; another one charges when the reset would leave."""
    async with world() as w:
        station = await ready(w)
        calls = counted(station, "Reset", {"status": "Accepted"})
        car = await station.plug_in(tag="ANNA")
        await w.advance(minutes=5)
        slow = counted(station, "ClearCache", {"status": "Accepted"})
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        wanted = wish(w, op.Reset(hard=True), wait_until_ms=w.clock.now_ms() + HOUR_MS)
        assert wanted.agreed == ("charging",)
        number = await w.room.desk.ask(wanted)
        station.restart_ids()
        await station.connect()
        await car.leave(meter_wh=2_000)
        await station.plug_in(tag="BERT")
        assert "BERT" not in await holds(w, number)
        other = await w.room.desk.ask(wish(w, op.ClearCache()))
        assert (await w.room.desk.ended(other)).outcome == CommandState.DONE
        assert (calls, len(slow)) == ([], 1)


async def test_the_driver_who_was_agreed_to_is_cut() -> None:
    """The same session, now as then."""
    async with world() as w:
        station = await ready(w)
        calls = counted(station, "Reset", {"status": "Accepted"})
        await station.plug_in(tag="ANNA")
        await w.advance(minutes=5)
        number = await w.room.desk.ask(wish(w, op.Reset(hard=True)))
        await w.room.desk.answered(number)
        assert len(calls) == 1


async def test_safety_is_never_held_back() -> None:
    """What keeps people safe goes, whoever charges."""
    async with world() as w:
        station = await ready(w)
        calls = counted(station, "Reset", {"status": "Accepted"})
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        hour = w.clock.now_ms() + HOUR_MS
        await w.room.desk.ask(wish(w, op.Reset(hard=True), wait_until_ms=hour, urgency=Urgency.SAFETY))
        station.restart_ids()
        await station.connect()
        await station.plug_in()
        for _ in range(200):
            if calls:
                break
            await w.advance(seconds=1)
        assert len(calls) == 1


async def test_a_safety_fault_that_opened_meanwhile_holds_a_restart_back() -> None:
    """Nobody restarts a station by remote that has begun to endanger people."""
    async with world() as w:
        station = await ready(w)
        calls = counted(station, "Reset", {"status": "Accepted"})
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        hour = w.clock.now_ms() + HOUR_MS
        number = await w.room.desk.ask(wish(w, op.Reset(hard=True), wait_until_ms=hour))
        fault = FaultRecord(1, "ground-failure", "CX008", "Ground failure", StationId("DEPOT-7"), safety=True)
        w.room.desk.guard.faults = lambda: (fault,)
        station.restart_ids()
        await station.connect()
        await station.boot()
        assert "open safety fault: Ground failure" in await holds(w, number)
        assert calls == []


SAME: tuple[Operation, ...] = (op.Reset(), op.ClearCache(), op.SetAvailability(False, 1))


@pytest.mark.parametrize("operation", SAME, ids=lambda o: type(o).__name__)
async def test_what_waits_already_is_not_asked_twice(operation: Operation) -> None:
    """Twice the same for an absent station: the second is refused and names the first."""
    async with world() as w:
        station = await ready(w)
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        hour = w.clock.now_ms() + HOUR_MS
        first = await w.room.desk.ask(wish(w, operation, wait_until_ms=hour))
        with pytest.raises(ForecourtError, match=f"Command {first} asks DEPOT-7 for the same"):
            await w.room.desk.ask(wish(w, operation, wait_until_ms=hour + 1))
        await w.room.desk.cancel(first, "operator")
        assert await w.room.desk.ask(wish(w, operation, wait_until_ms=hour))


async def test_reading_twice_is_no_harm() -> None:
    """Nor is a trigger, nor what is written by hand."""
    async with world() as w:
        station = await ready(w)
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        hour = w.clock.now_ms() + HOUR_MS
        for operation in (op.ReadConfiguration(), op.Trigger("Heartbeat"), op.Message("ClearCache")):
            for _ in range(2):
                await w.room.desk.ask(wish(w, operation, wait_until_ms=hour))

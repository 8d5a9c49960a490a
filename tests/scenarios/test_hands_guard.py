"""Before a command hurts somebody, the desk says whom and asks; and it says at once what cannot be done."""

import pytest

from app.domain import operations as op
from app.domain.errors import ForecourtError
from app.domain.intents import SaveEntry
from app.domain.operations import CommandState, Operation, Wish
from app.domain.records import FaultRecord
from app.domain.status import Registration
from app.operations.consequences import CannotBeDone, NeedsWhy, NotAgreed
from tests.helpers.hands import VERSIONS, ready
from tests.helpers.world import World, world

CUTS = {
    "reset": op.Reset(hard=True),
    "unlock": op.Unlock(1),
    "firmware": op.UpdateFirmware("http://127.0.0.1/fw.bin"),
    "by hand": op.Message("Reset", {"type": "Hard"}),
}


async def charging(w: World, version: str = "1.6") -> None:
    """A car that has charged 5 kWh in 42 minutes."""
    station = await ready(w, version)
    car = await station.plug_in(tag="04A1B2C3D4", meter_wh=1_000)
    await w.advance(minutes=42)
    await car.sample(meter_wh=6_000, power_w=7_200)


def plain(operation: Operation, **more: object) -> Wish:
    return Wish("DEPOT-7", operation, "operator", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", CUTS)
async def test_who_charges_is_said_with_the_facts(what: str) -> None:
    """Token masked, energy, minutes; without agreement and a reason nothing is kept or sent."""
    async with world() as w:
        await charging(w)
        desk, operation = w.room.desk, CUTS[what]
        (found,) = desk.consequences(plain(operation))
        assert "…C3D4 charges at connector 1: 5.0 kWh in 42 min" in found.text
        assert "04A1B2" not in found.text
        assert (found.blocks, found.asks_why, len(found.sessions)) == (False, True, 1)
        with pytest.raises(NotAgreed) as refused:
            await desk.ask(plain(operation))
        assert refused.value.consequences == (found,)
        with pytest.raises(NeedsWhy):
            await desk.ask(plain(operation, agreed=(found.key,)))
        assert desk.open() == ()


async def test_what_the_session_comes_to_is_said_where_a_price_is_known() -> None:
    """5 kWh at 0.50 and one start; a price that is written down later counts from then on."""
    async with world() as w:
        await charging(w)
        (found,) = w.room.desk.consequences(plain(op.Reset(hard=True)))
        assert "about" not in found.text
        price = {"site": "", "currency": "EUR", "per_kwh": "0.50", "per_session": "0.35"}
        await w.do(SaveEntry("price", "all", price))
        (found,) = w.room.desk.consequences(plain(op.Reset(hard=True)))
        assert "5.0 kWh in 42 min, about €2.85. The session is cut." in found.text


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_only_waits_for_the_driver_needs_no_reason(version: str) -> None:
    """Out of service takes effect afterwards; it is said all the same."""
    async with world() as w:
        await charging(w, version)
        wish = plain(op.SetAvailability(False, 1))
        (found,) = w.room.desk.consequences(wish)
        assert "once the session has ended" in found.text
        assert not found.asks_why
        assert await w.room.desk.ask(plain(op.SetAvailability(False, 1), agreed=(found.key,)))


async def test_stopping_somebodys_session_says_whose_it_is() -> None:
    """The session of that transaction alone."""
    async with world() as w:
        await charging(w)
        session = await w.only_session()
        (found,) = w.room.desk.consequences(plain(op.StopSession(session.transaction, session.session)))
        assert found.sessions == (session.session,)
        (same,) = w.room.desk.consequences(plain(op.StopSession(session.transaction)))
        assert same.sessions == (session.session,)


async def test_an_idle_station_has_nothing_to_lose() -> None:
    """No session, no question."""
    async with world() as w:
        await ready(w)
        for operation in CUTS.values():
            assert w.room.desk.consequences(plain(operation)) == ()


async def test_a_safety_fault_asks_for_a_typed_reason() -> None:
    """Remote acts at a station with an open safety fault; ended with the fault."""
    async with world() as w:
        await ready(w)
        fault = FaultRecord(7, "status", "CX008", "Ground failure", "DEPOT-7", safety=True)
        standing = [fault]
        w.room.desk.guard.faults = lambda: standing
        wish = plain(op.Reset())
        (found,) = w.room.desk.consequences(wish)
        assert found.asks_why
        assert "Ground failure" in found.text
        with pytest.raises(NeedsWhy):
            await w.room.desk.ask(plain(op.Reset(), agreed=(found.key,)))
        assert await w.room.desk.ask(plain(op.Reset(), agreed=(found.key,), why="The technician is there."))
        standing.clear()
        assert w.room.desk.consequences(wish) == ()


async def test_a_ground_failure_that_a_station_tells_is_such_a_fault() -> None:
    """From the status to the question, with the fault engine between."""
    async with world() as w:
        station = await ready(w)
        await station.status(1, "Faulted", "GroundFailure")
        await w.advance(minutes=5)
        found = w.room.desk.consequences(plain(op.Reset()))
        assert [one.key for one in found] == ["safety"]


async def test_what_a_version_cannot_do_is_said_before_anything_is_sent() -> None:
    """With what to use instead."""
    async with world() as w:
        await ready(w)
        assert w.room.desk.can("DEPOT-7", "Reset") == ""
        reason = w.room.desk.can("DEPOT-7", "ShowMessage")
        assert reason
        with pytest.raises(CannotBeDone, match="OCPP 1"):
            await w.room.desk.ask(plain(op.ShowMessage(1, "Hello")))
        with pytest.raises(ForecourtError):
            await w.room.desk.ask(plain(op.Reset(evse=1)))
        assert w.room.desk.open() == ()


async def test_what_the_schema_forbids_is_said_at_once_also_for_a_station_that_is_away() -> None:
    """Not when it comes back in the night."""
    async with world() as w:
        station = await ready(w)
        station.go_offline()
        await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")
        later = w.clock.now_ms() + 3_600_000
        with pytest.raises(ForecourtError, match="does not allow it"):
            await w.room.desk.ask(plain(op.Message("Reset", {"type": "Cold"}), wait_until_ms=later))


async def test_a_station_that_is_not_let_in_may_only_be_configured() -> None:
    """ocpp-conformance section 4: registration Pending."""
    async with world(access__new_stations="ask") as w:
        station = await w.station()
        await station.boot()
        assert station.registration == Registration.PENDING
        await w.advance(seconds=10)
        with pytest.raises(ForecourtError, match="not let in yet"):
            await w.room.desk.ask(plain(op.StartSession(1, "ANNA")))
        number = await w.room.desk.ask(plain(op.ReadConfiguration()))
        assert (await w.room.desk.ended(number)).outcome == CommandState.DONE

"""What an operator sees when chargers fail: over real sockets, from the cause to the row in the queue."""

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import ActOnFault
from app.domain.records import FaultRecord
from app.store.readers.faults import history_of, open_faults
from tests.helpers.world import World, world


def queue(w: World) -> list[FaultRecord]:
    """The open faults."""
    return list(w.room.faults.open())


async def fault(w: World, code: str = "") -> FaultRecord:
    """The one open fault, once it is there."""

    def there() -> FaultRecord | None:
        found = [f for f in queue(w) if not code or f.code == code]
        return found[0] if found else None

    return await w.until(there, f"a fault {code}")


async def test_a_lock_that_fails_is_a_row_until_it_is_seen_to_and_mended() -> None:
    async with world() as w:
        seen = w.room.faults.subscribe()
        station = await w.station()
        await station.boot()
        await station.status(1, "Available")
        await station.status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=12)
        found = await fault(w)
        assert (found.code, found.state, found.evse) == ("CX001", "UNACK", 1)
        await w.until(lambda: (told := seen.take()) and told.faults.get(found.fault), "the window's news")
        await w.do(ActOnFault(found.fault, "acknowledge"), "on it")
        assert queue(w)[0].state == "ACKED"
        await station.status(1, "Available")
        await w.advance(seconds=62)
        await w.until(lambda: not queue(w), "the end")
        await w.until(lambda: True)
        w.room.writer.flush()
        lines = await w.room.ask(history_of, found.fault)
        assert [line.verb for line in lines] == ["began", "announce", "acknowledge", "clear"]
        assert lines[2].actor_kind == "person"


async def test_a_station_that_stays_away_is_told_after_a_minute_and_a_restart_keeps_it() -> None:
    async with world() as w:
        station = await w.station()
        await station.boot()
        await station.status(1, "Available")
        station.go_offline()
        await w.until(lambda: w.view().link.value == "offline", "the loss")
        await w.advance(seconds=55)
        assert not queue(w)
        await w.advance(seconds=8)
        found = await fault(w, "Offline")
        await w.restart()
        await w.advance(minutes=6)
        assert [f.fault for f in queue(w)] == [found.fault]
        kept = await w.room.ask(open_faults)
        assert [f.fault for f in kept] == [found.fault]
        back = await w.station()
        await back.boot()
        await w.advance(seconds=125)
        await w.until(lambda: queue(w)[0].state == "RTNUN", "the return")


async def test_acts_that_make_no_sense_are_refused() -> None:
    async with world() as w:
        with pytest.raises(ForecourtError, match="no fault 7"):
            await w.do(ActOnFault(7, "acknowledge"))

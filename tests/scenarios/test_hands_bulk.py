"""Work on many stations: in waves, stopped by the first failures, never two at once at one station."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain import operations as op
from app.domain.errors import ForecourtError
from app.domain.operations import BatchView, CommandState, Operation, Wish
from app.operations.feed import DeskSubscription
from app.simulator.scripted import SimStation
from app.simulator.wire import Payload
from app.store.readers.commands import batch_commands, one_command
from tests.helpers.hands import ready
from tests.helpers.world import World, world


async def many(w: World, count: int) -> list[SimStation]:
    stations = []
    for number in range(count):
        station = await w.station(f"S-{number:02}")
        await station.boot()
        await station.status(1, "Available")
        stations.append(station)
    await w.advance(seconds=10)
    return stations


def wishes(count: int, operation: Operation | None = None) -> list[Wish]:
    return [Wish(f"S-{n:02}", operation or op.ClearCache(), "operator", "new cards") for n in range(count)]


def view(w: World, batch: int) -> BatchView:
    return next(b for b in w.room.desk.batches() if b.batch == batch)


async def over(w: World, batch: int) -> BatchView:
    await w.until(lambda: view(w, batch).state in ("done", "stopped"), "the batch ends")
    return view(w, batch)


async def test_waves_go_one_after_the_other() -> None:
    """Two, then ten, then the rest; each wave ends before the next begins."""
    async with world() as w:
        stations = await many(w, 14)
        seen: list[tuple[int, str]] = []

        def take(station: SimStation) -> Callable[[Payload], Payload]:
            def answer(_: Payload) -> Payload:
                seen.append((w.room.desk.batches()[0].wave, station.identity))
                return {"status": "Accepted"}

            return answer

        for station in stations:
            station.answers["ClearCache"] = take(station)
        batch = await w.room.desk.bulk("Forget cards", wishes(14), "operator")
        ended = await over(w, batch)
        assert (ended.proved, ended.failed, ended.waiting, ended.state) == (14, 0, 0, "done")
        assert ended.waves == 3
        assert [wave for wave, _ in seen] == [1] * 2 + [2] * 10 + [3] * 2
        kept = await w.room.ask(one_command, batch)
        assert (kept.operation, kept.outcome, kept.proof) == ("Bulk", "done", "14 of 14 worked.")
        # The batch's own row stands with the commands it joins.
        assert len(await w.room.ask(batch_commands, batch)) == 15


async def test_the_first_failure_stops_the_rest() -> None:
    """What has begun is seen to its end, nothing else is sent."""
    async with world() as w:
        stations = await many(w, 6)
        calls: list[str] = []
        for station in stations:
            station.answers["ClearCache"] = {"status": "Rejected"}
            station.answers["Heartbeat"] = {}
        stations[1].answers["ClearCache"] = lambda _: calls.append("second") or {"status": "Accepted"}
        batch = await w.room.desk.bulk("Forget cards", wishes(6), "operator")
        ended = await over(w, batch)
        assert (ended.state, ended.failed, ended.proved, ended.waiting) == ("stopped", 1, 1, 4)
        assert ended.stopped_why.startswith("Stopped after a failure. S-00: ")
        kept = await w.room.ask(one_command, batch)
        assert (kept.outcome, kept.proof.endswith("4 were not begun.")) == ("cancelled", True)
        assert len(await w.room.ask(batch_commands, batch)) == 3


async def test_a_station_gets_its_wishes_one_by_one() -> None:
    """The second only once the first has worked; not at all where it failed."""
    async with world() as w:
        station = await ready(w)
        order: list[str] = []

        def take(payload: Payload) -> Payload:
            order.append(payload["vendorId"])
            open_ = [c for c in w.room.desk.open("DEPOT-7") if c.outcome != CommandState.QUEUED]
            assert len(open_) == 1
            return {"status": "Accepted" if payload["vendorId"] != "b" else "Rejected"}

        station.answers["DataTransfer"] = take
        wanted = [Wish("DEPOT-7", op.TransferData(vendor), "operator") for vendor in "abc"]
        batch = await w.room.desk.bulk("Three things", wanted, "operator", stop_after=5)
        ended = await over(w, batch)
        assert order == ["a", "b"]
        assert (ended.proved, ended.failed) == (1, 1)


async def test_an_operator_stops_a_batch() -> None:
    """What waits is taken back, what is out is seen to its end; the number stays in the log."""
    async with world() as w:
        await many(w, 5)
        batch = await w.room.desk.bulk("Restart", wishes(5, op.Reset()), "operator", waves=(2,))
        await w.until(lambda: view(w, batch).running == 2, "the first wave is out")
        await w.until(
            lambda: all(c.outcome == CommandState.ACCEPTED for c in w.room.desk.open()), "both accepted"
        )
        await w.room.desk.stop_bulk(batch, "Ada")
        assert view(w, batch).state == "stopping"
        await w.advance(minutes=6)
        ended = await over(w, batch)
        assert (ended.state, ended.stopped_why, ended.waiting) == ("stopped", "Stopped by Ada.", 3)
        with pytest.raises(ForecourtError, match="does not run any more"):
            await w.room.desk.stop_bulk(batch, "Ada")


async def test_whoever_watches_sees_the_progress_and_the_last_word() -> None:
    """By a subscription, from another thread if need be; each command once, as it stands."""
    async with world() as w:
        await many(w, 3)
        feed: DeskSubscription = w.room.desk.subscribe()
        assert feed.take() is None
        batch = await w.room.desk.bulk("Forget cards", wishes(3), "operator")
        await over(w, batch)
        await w.until(lambda: not w.room.desk.open(), "all are kept")
        changes = feed.take()
        assert changes is not None
        assert [b.state for b in changes.batches] == ["done"]
        done = [c for c in changes.commands if c.operation == "ClearCache"]
        assert [c.outcome for c in done] == ["done"] * 3
        assert feed.take() is None
        feed.close()


async def test_a_restart_ends_a_batch_truthfully() -> None:
    """It is not continued, for nobody saw how its wave ended; what waited in it is not sent."""
    async with world() as w:
        await many(w, 1)
        waiting = Wish("S-01", op.ClearCache(), "operator", wait_until_ms=w.clock.now_ms() + 3_600_000)
        later = await w.station("S-01")
        await later.boot()
        later.go_offline()
        await w.until(lambda: w.room.desk.links("S-01") is None, "it left")
        batch = await w.room.desk.bulk("Forget cards", [waiting, *wishes(1)], "operator", waves=(1,))
        await w.until(lambda: w.room.desk.open("S-01"), "it waits")
        (queued,) = w.room.desk.open("S-01")
        await w.restart()
        assert (await w.room.desk.ended(batch)).outcome == CommandState.UNKNOWN
        assert (await w.room.desk.ended(queued.command)).outcome == CommandState.CANCELLED


async def test_nothing_to_do_is_said() -> None:
    """A batch of nothing is no batch."""
    async with world() as w:
        with pytest.raises(ForecourtError, match="at least one station"):
            await w.room.desk.bulk("Nothing", [], "operator")


async def test_a_consequence_that_was_not_agreed_to_fails_that_station() -> None:
    """Each wish passes the same guard as a single command."""
    async with world() as w:
        stations = await many(w, 2)
        await stations[0].plug_in(tag="ANNA")
        wanted = [replace(one, why="") for one in wishes(2, op.Reset(hard=True))]
        batch = await w.room.desk.bulk("Restart", wanted, "operator", waves=(1,))
        ended = await over(w, batch)
        assert (ended.state, ended.failed, ended.waiting) == ("stopped", 1, 1)
        assert "charges at connector 1" in ended.stopped_why

"""Work on many stations in waves: a few first, then more, then the rest; failures stop it.

A batch is itself a row of the command log (operation "Bulk", no station), so its number is kept,
and a restart finds it again: it is not continued, because nobody saw how its last wave ended.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.domain.errors import ForecourtError
from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.operations import ENDED, BatchView, CommandState, Urgency, Wish
from app.domain.records import CommandRecord
from app.operations.bulk_desk import BulkDesk
from app.operations.lifecycle import state_of
from app.tasks import awaited

log = logging.getLogger("forecourt.desk")

BULK = "Bulk"
GOOD = (CommandState.PROVED, CommandState.DONE)
MOST_KEPT = 100
"""Batches of this run that `views` tells of."""


def parted(stations: int, waves: Sequence[int]) -> list[int]:
    """How many stations each wave has: as said, then the rest. Pure."""
    sizes: list[int] = []
    left = stations
    for size in waves:
        if left <= 0:
            break
        sizes.append(min(max(1, size), left))
        left -= sizes[-1]
    return [*sizes, left] if left > 0 else sizes


@dataclass(slots=True, eq=False)
class Batch:
    """A batch under way."""

    record: CommandRecord
    view: BatchView
    stop_after: int
    waves: list[list[list[Wish]]]
    """Per wave, per station, its wishes in order."""
    commands: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Waves:
    """Batches of this run.

    Args:
        desk: who asks, ends and keeps.
    """

    def __init__(self, desk: BulkDesk) -> None:
        self._desk = desk
        self._batches: dict[int, Batch] = {}

    def views(self) -> tuple[BatchView, ...]:
        """How each stands, newest first."""
        return tuple(self._batches[n].view for n in sorted(self._batches, reverse=True))

    async def begin(
        self, title: str, wishes: Sequence[Wish], by: str, waves: Sequence[int], stop_after: int
    ) -> int:
        """Begin a batch; its number once it is kept.

        Raises:
            ForecourtError: there is nothing to do, or it cannot be kept.
        """
        if not wishes:
            raise ForecourtError("Choose at least one station.")
        now = self._desk.clock.now_ms()
        number = self._desk.turns.numbers.command_id()
        by_station: dict[str, list[Wish]] = {}
        for wish in wishes:
            urgency = Urgency.BULK if wish.urgency is Urgency.PERSON else wish.urgency
            by_station.setdefault(wish.station, []).append(replace(wish, batch=number, urgency=urgency))
        parts = list(by_station.values())
        cut: list[list[list[Wish]]] = []
        for size in parted(len(parts), waves):
            cut.append(parts[:size])
            parts = parts[size:]
        total = len(wishes)
        view = BatchView(number, title, by, total, waiting=total, waves=len(cut), started_ms=now)
        told = json.dumps({"title": title, "total": total, "stop_after": stop_after}, ensure_ascii=False)
        record = CommandRecord(
            number, StationId(""), BULK, by, wishes[0].why, now, sent_ms=now,
            outcome=CommandState.ACCEPTED.value, operation=BULK, wish=told, batch=number,
        )  # fmt: skip
        batch = Batch(record, view, max(1, stop_after), cut)
        await self._keep(batch)
        self._batches[number] = batch
        if len(self._batches) > MOST_KEPT:
            del self._batches[min(self._batches)]
        self._desk.feed.batch(view)
        self._desk.background(self._run(batch), f"batch {number}")
        return number

    async def stop(self, number: int, by: str) -> None:
        """Begin nothing more, and take back what has not been sent.

        Raises:
            ForecourtError: there is no such batch, or it has ended.
        """
        batch = self._batches.get(number)
        if batch is None or batch.view.state in ("stopped", "done"):
            raise ForecourtError(f"Batch {number} does not run any more.")
        self._stopping(batch, f"Stopped by {by}.")
        for command in batch.commands:
            live = self._desk.lives.get(command)
            if live is not None and state_of(live.record) is CommandState.QUEUED:
                try:
                    await self._desk.cancel(command, by, "the batch was stopped")
                except ForecourtError:
                    # It left in this very moment; it is seen to its end like the others.
                    continue

    async def wait(self, number: int) -> None:
        """Wait until a batch has ended; at once for a number that is none of this run."""
        batch = self._batches.get(number)
        if batch is not None:
            await batch.over.wait()

    # -- within --------------------------------------------------------------------------------

    async def _run(self, batch: Batch) -> None:
        try:
            for number, wave in enumerate(batch.waves, start=1):
                if batch.view.state != "running":
                    break
                self._show(batch, wave=number)
                await asyncio.gather(*(self._station(batch, wishes) for wishes in wave))
            await self._end(batch)
        finally:
            batch.over.set()

    async def _station(self, batch: Batch, wishes: Sequence[Wish]) -> None:
        """One station's wishes, one after the other; the first that fails ends them."""
        for wish in wishes:
            if batch.view.state != "running":
                return
            try:
                command = await self._desk.ask(wish)
            except ForecourtError as error:
                self._failed(batch, wish.station, str(error), begun=False)
                return
            except Exception:
                # Else the batch would be said to run for ever.
                log.exception("batch %d: %s failed", batch.record.command, wish.station)
                why = "Forecourt could not carry it out; see its log."
                self._failed(batch, wish.station, why, begun=False)
                return
            batch.commands.append(command)
            self._show(batch, running=batch.view.running + 1, waiting=batch.view.waiting - 1)
            record = await self._desk.ended(command)
            state = state_of(record)
            if state in GOOD:
                view = batch.view
                self._show(batch, running=view.running - 1, proved=view.proved + 1)
            else:
                word = state.value if state is not None else record.outcome
                self._failed(batch, wish.station, record.proof or f"It is {word}.", begun=True)
                return

    def _failed(self, batch: Batch, station: str, why: str, *, begun: bool) -> None:
        view = batch.view
        batch.failures.append(why if why.startswith(station) else f"{station}: {why}")
        self._show(
            batch, failed=view.failed + 1,
            running=view.running - begun, waiting=view.waiting - (not begun),
        )  # fmt: skip
        if view.state == "running" and len(batch.failures) >= batch.stop_after:
            many = len(batch.failures)
            count = "a failure" if many == 1 else f"{many} failures"
            self._stopping(batch, f"Stopped after {count}. {batch.failures[-1]}")

    def _stopping(self, batch: Batch, why: str) -> None:
        if batch.view.state == "running":
            self._show(batch, state="stopping", stopped_why=why)

    async def _end(self, batch: Batch) -> None:
        view, now = batch.view, self._desk.clock.now_ms()
        early = view.state == "stopping" and view.waiting > 0
        state = "stopped" if early or (view.state == "stopping" and view.failed) else "done"
        said = view.stopped_why or f"{view.proved} of {view.total} worked."
        if early:
            said += f" {view.waiting} were not begun."
        outcome = CommandState.CANCELLED if state == "stopped" else CommandState.DONE
        batch.record = changed(batch.record, outcome=outcome.value, answered_ms=now, proof=said)
        try:
            await self._keep(batch)
        finally:
            self._show(batch, state=state, ended_ms=now)

    def _show(self, batch: Batch, **changes: object) -> None:
        batch.view = replace(batch.view, **changes)  # type: ignore[arg-type]
        self._desk.feed.batch(batch.view)

    async def _keep(self, batch: Batch) -> None:
        record = batch.record
        then, kept = awaited()
        self._desk.turns.keep(record, self._desk.clock.now_ms(), then)
        await kept
        self._desk.feed.command(record)


def after_restart(record: CommandRecord) -> CommandRecord:
    """What a batch becomes that ran when Forecourt ended. Pure."""
    assert state_of(record) not in ENDED
    text = "Forecourt restarted while it ran; what had not been begun was not begun."
    return changed(record, outcome=CommandState.UNKNOWN.value, proof=text)

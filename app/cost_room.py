"""The costs of one control room: what the cache has at once, the rest computed beside everything else.

Months are computed in a thread of their own, the running one first; whoever watches is told of progress
and of months that changed. What is computed is kept in the cache by the writer.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.analytics.costs.assumptions import assumption_set
from app.analytics.costs.books import Book, Books, book_of
from app.analytics.costs.drivers_log import DriversLog
from app.analytics.costs.facts import Facts
from app.analytics.costs.gather import facts_in_turn
from app.analytics.costs.kept import (
    WRITTEN,
    books_of,
    computed,
    due_months,
    facts_kept,
    known_months,
    rates_of,
    shown_books,
)
from app.analytics.costs.material import Stopped
from app.analytics.costs.statements import Statement, statement_body
from app.clock import Clock
from app.domain.errors import ForecourtError
from app.domain.intents import Asked, SaveEntry
from app.domain.records import EntryRecord, Record
from app.intake.turns import Turns
from app.memory import give_back
from app.reports.pseudonyms import Pseudonyms
from app.store.cost_months import CostMonth, keep_month
from app.store.readers.entries import current_entries
from app.store.writer import Writer

log = logging.getLogger("forecourt.costs")
LOOK_MS = 60_000
"""How often it is looked whether history changed what months cost, while somebody looks at them."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """What is computed now: `done` of the month 0 to 1, `left` months after it. `failed` is a sentence."""

    running: bool = False
    period: str = ""
    done: float = 0.0
    left: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class CostNews:
    """How far computing is, and which months changed since the last take."""

    progress: Progress
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """Months as they are, and as they would be with other rates."""

    old: Books
    new: Books


class CostWatch:
    """One watcher; `take` may be called from any thread."""

    def __init__(self, closed: Callable[["CostWatch"], None]) -> None:
        self._lock = threading.Lock()
        self._closed = closed
        self._news: CostNews | None = None

    def put(self, progress: Progress, changed: tuple[str, ...] = ()) -> None:
        """Add to what waits."""
        with self._lock:
            before = self._news.changed if self._news is not None else ()
            self._news = CostNews(progress, tuple(dict.fromkeys((*before, *changed))))

    def take(self) -> CostNews | None:
        """What is new since the last take; None if nothing is."""
        with self._lock:
            news, self._news = self._news, None
        return news

    def close(self) -> None:
        """Watch no more."""
        self._closed(self)


class Room(Protocol):
    """What costs need of the control room."""

    clock: Clock
    data_dir: Path
    zone: ZoneInfo
    writer: Writer
    turns: Turns

    async def do(self, asked: Asked) -> None:
        """Carry out an intent."""


class Costs:
    """The costs of one control room.

    Args:
        room: the control room.
        read: a store's `read`.
    """

    hears = (EntryRecord,)

    def __init__(self, room: Room, read: Callable[..., Any]) -> None:
        self._room, self._read = room, read
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="costs")
        self._asking = ThreadPoolExecutor(2, thread_name_prefix="costs shown")
        self._stop = threading.Event()
        self._ended = False
        self._task: asyncio.Task[None] | None = None
        self._watchers: tuple[CostWatch, ...] = ()
        self._names: Pseudonyms | None = None
        self._log = DriversLog()
        self._looked_ms = 0
        self._cancelled = False
        self._again = False
        self.progress = Progress()
        room.turns.listen(self)

    # -- what is asked -------------------------------------------------------------------------

    async def books(self, months: int = 12, lines: int = 2) -> Books:
        """The last months up to the running one as the cache has them; the newest `lines` with evidence.

        What is missing or overtaken is computed from now on; watchers hear of it.
        """
        now = self._room.clock.now_ms()
        found: Books = await self._ask(_shown, months, lines, self._room.zone, now)
        due = found.missing or found.stale or now - self._looked_ms >= LOOK_MS
        if due and not self._cancelled:
            self.refresh()
        return found

    async def month(self, period: str) -> Book:
        """A month with its evidence, computed if need be.

        Raises:
            ForecourtError: there is no history of it.
        """
        now = self._room.clock.now_ms()
        if period not in await self._ask(known_months, self._room.zone, now):
            raise ForecourtError(f"There is no history of {period}.")
        found: Books = await self._ask(books_of, [period], self._room.zone, now, self._pseudonym)
        return found.months[0]

    async def preview(self, changes: Mapping[str, str], months: int = 12) -> Preview:
        """Months as they are and as they would be with other rates; nothing is kept.

        Raises:
            ForecourtError: a value is none; the sentence says why.
        """
        now = self._room.clock.now_ms()
        found: Preview = await self._ask(preview_of, dict(changes), months, self._room.zone, now)
        return found

    async def issue(self, period: str, by: str, why: str = "") -> Statement:
        """Keep a month's figures as issued, with the versions they were made with (decision 19)."""
        book = await self.month(period)
        now = self._room.clock.now_ms()
        number, body = await self._ask(statement_body, book, now)
        await self._room.do(Asked(SaveEntry("statement", f"{period}/{number}", body), by, why))
        return Statement(f"{period}/{number}", now, by, body)

    # -- computing -----------------------------------------------------------------------------

    def hear(self, record: Record, at_ms: int) -> None:
        """A record was committed: what people write down changes costs at once, where somebody looks."""
        if not isinstance(record, EntryRecord) or record.kind not in (*WRITTEN, "assumption"):
            return
        self._looked_ms = 0
        if self._watchers and not self._cancelled:
            self._again = self._task is not None and not self._task.done()
            self.refresh()

    def subscribe(self) -> CostWatch:
        """Watch from now on."""
        made = CostWatch(self._leave)
        self._watchers = (*self._watchers, made)
        return made

    def refresh(self, months: int = 12) -> None:
        """Begin to compute what is missing, unless it is under way; also after it was cancelled, but not at
        the end."""
        if self._ended:
            return
        self._cancelled = False
        if self._task is None or self._task.done():
            self._stop.clear()
            self._task = asyncio.ensure_future(self._run(months))

    def cancel(self) -> None:
        """Compute no further until `refresh` is asked for; what is done stays."""
        self._cancelled = True
        self._stop.set()

    async def idle(self) -> None:
        """Wait until nothing is computed."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def stop(self) -> None:
        """End."""
        self._ended = True
        self._stop.set()
        await self.idle()
        self._thread.shutdown(wait=False)
        self._asking.shutdown(wait=False)

    async def _run(self, months: int) -> None:
        await self._compute(months)
        while self._again and not self._stop.is_set():
            # Something was written down meanwhile.
            self._again = False
            await self._compute(months)

    async def _compute(self, months: int) -> None:
        now, zone = self._room.clock.now_ms(), self._room.zone
        loop = asyncio.get_running_loop()
        try:
            known = (await self._ask(known_months, zone, now))[-months:]
            due: list[str] = await self._ask(due_months, known, zone, now)
            self._looked_ms = now
            newest, older = due[:2], due[2:]
            for batch, later in ((newest, len(older)), (older, 0)):
                if batch and not self._stop.is_set():
                    job = partial(self._read, self._months, batch, later, now, loop)
                    await loop.run_in_executor(self._thread, job)
            if due:
                self._tell(Progress())
        except Stopped:
            self._tell(Progress())
        except ForecourtError as error:
            log.error("costs cannot be computed: %s", error)
            self._tell(Progress(failed=str(error)))
        except Exception:
            log.exception("costs could not be computed")
            self._tell(Progress(failed="The costs could not be computed; the log says why."))

    def _months(
        self, connection: Connection, periods: Sequence[str], later: int, now_ms: int, loop: Any
    ) -> None:
        """In the thread: compute months and keep them."""
        zone = self._room.zone
        held = rates_of(connection)
        left = len(periods) + later

        def tell(period: str, done: float) -> None:
            # After each step: what all steps of a month let go of would fill the memory of a window.
            give_back()
            loop.call_soon_threadsafe(self._tell, Progress(True, period, done, left - 1))

        def kept(facts: Facts) -> None:
            row = computed(connection, facts.period, zone, now_ms, facts, held)
            self._keep(row)
            loop.call_soon_threadsafe(self._changed, facts.period)
            give_back()

        known = facts_kept(connection, periods, zone, now_ms)
        for facts in known.values():
            kept(facts)
            left -= 1
        rest = [period for period in periods if period not in known]
        if not rest:
            return
        for facts in facts_in_turn(
            connection, rest, zone, now_ms, self._pseudonym, tell=tell, stopped=self._stop.is_set,
            log=self._log,
        ):  # fmt: skip
            kept(facts)
            left -= 1

    def _keep(self, row: CostMonth) -> None:
        self._room.writer.call(lambda group: keep_month(group, row))

    def _pseudonym(self, token: str) -> str:
        if self._names is None:
            self._names = Pseudonyms.of(self._room.data_dir)
        return self._names(token)

    def _changed(self, period: str) -> None:
        for watcher in self._watchers:
            watcher.put(self.progress, (period,))

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
        for watcher in self._watchers:
            watcher.put(progress)

    def _leave(self, gone: CostWatch) -> None:
        self._watchers = tuple(watcher for watcher in self._watchers if watcher is not gone)

    def _ask(self, fn: Callable[..., Any], *args: Any) -> Awaitable[Any]:
        return asyncio.get_running_loop().run_in_executor(self._asking, partial(self._read, fn, *args))


def _shown(connection: Connection, months: int, lines: int, zone: ZoneInfo, now_ms: int) -> Books:
    known = known_months(connection, zone, now_ms)[-months:]
    return shown_books(connection, known, zone, lines)


def preview_of(
    connection: Connection, changes: Mapping[str, str], months: int, zone: ZoneInfo, now_ms: int
) -> Preview:
    """The last months by the rates that hold, and by those with `changes` tried out, from kept facts."""
    known = known_months(connection, zone, now_ms)[-months:]
    entries = current_entries(connection, "assumption")
    old, new = assumption_set(entries), assumption_set(entries, changes)
    facts = facts_kept(connection, known, zone, now_ms)
    before, after = (
        tuple(
            book_of(facts[p], held, now_ms, swings=False, ranged=False).lines_apart()
            for p in known
            if p in facts
        )
        for held in (old, new)
    )
    missing = tuple(p for p in known if p not in facts)
    shown = Books(before, missing)
    return Preview(shown, replace(shown, months=after))

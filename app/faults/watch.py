"""The engine at work in a control room: what it decides is kept, and told to whoever watches.

Runs on the core's loop; `Watching.take` may be called from any thread.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from app.domain.errors import ForecourtError
from app.domain.records import (
    CommandRecord,
    EntryRecord,
    FaultEventRecord,
    FaultRecord,
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    Record,
    SessionRecord,
    StationRecord,
    StatusRecord,
)
from app.faults.acts import VERBS, key_at, perform, place_of
from app.faults.alarm import Alarm
from app.faults.catalogue import Catalogue
from app.faults.engine import Engine
from app.faults.rows import open_alarms
from app.faults.views import FaultChanges, FaultView, Money

if TYPE_CHECKING:
    from app.faults.money import Pricer

log = logging.getLogger("forecourt.faults")

SETTLE_MS = 1_000
"""Time is let pass so far behind the clock, so that what is on its way to the disk comes first."""
TAKEN = 200
"""So many records are taken in at once, at the latest with the next tick: found one by one between other
work they cost three times as much. Whoever asks for faults has all that was heard taken in."""

Submit = Callable[[Sequence[Any], Sequence[Record], Callable[[Exception | None], None] | None], None]
"""Prices open faults at a time (ms UTC); each pool as a whole."""


class Deed(Protocol):
    """An act on a fault as the journal keeps it."""

    @property
    def by(self) -> str:
        """Who."""

    @property
    def why(self) -> str:
        """Why."""

    @property
    def fields(self) -> Mapping[str, Any]:
        """`fault`, `verb`, `fields` and, once journaled, `about`."""


class Watching:
    """One watcher."""

    __slots__ = ("_closed", "_faults", "_gone", "_lines", "_lock")

    def __init__(self, closed: Callable[["Watching"], None]) -> None:
        self._lock = threading.Lock()
        self._closed = closed
        self._faults: dict[int, FaultView] = {}
        self._gone: set[int] = set()
        self._lines: list[FaultEventRecord] = []

    def take(self) -> FaultChanges | None:
        """What changed since the last take; None if nothing did."""
        with self._lock:
            if not (self._faults or self._gone or self._lines):
                return None
            found = FaultChanges(self._faults, frozenset(self._gone), tuple(self._lines))
            self._faults, self._gone, self._lines = {}, set(), []
        return found

    def put(
        self, faults: Mapping[int, FaultView], gone: Iterable[int], lines: Sequence[FaultEventRecord]
    ) -> None:
        """Add changes to those that wait."""
        with self._lock:
            self._faults.update(faults)
            self._gone.difference_update(faults)
            for number in gone:
                self._faults.pop(number, None)
                self._gone.add(number)
            self._lines.extend(lines)

    def close(self) -> None:
        """Watch no longer."""
        self._closed(self)


class Faults:
    """The faults of one control room; `begin` gives it its engine, again after a restore.

    Args:
        watched: whether anybody may ever watch; a replay only keeps.
    """

    hears: tuple[type, ...] = (
        StationRecord, StatusRecord, LinkRecord, SessionRecord, ReadingRecord, NoticeRecord, CommandRecord,
        EntryRecord,
    )  # fmt: skip
    """The records that faults follow from."""

    def __init__(self, *, watched: bool = True) -> None:
        self._watched = watched
        self._engine = Engine((), Catalogue({}))
        self._pricer: Pricer | None = None
        self._settled: dict[int, int] = {}
        """Closed faults whose loss is final, and the end it was counted to."""
        self._told: Mapping[int, Money] = {}
        self._submit: Submit = lambda journal, records, done: None
        self._watchers: tuple[Watching, ...] = ()
        self._unkept: list[Record] = []
        self._taken_back: dict[int, dict[Alarm, tuple[Any, ...]]] = {}
        self._heard: list[tuple[Record | Any, int]] = []
        self._ready = True

    def hold(self, standing: Engine) -> None:
        """Hold what is heard until `begin`: the past is still read. `standing` has the store's faults."""
        gone = self.engine.rows.by_fault.keys() - standing.rows.by_fault.keys()
        self._engine, self._pricer = standing, None
        standing.rows.changed.update(gone, standing.rows.by_fault)
        self._ready, self._heard = False, []
        self.publish(standing.scene.now)

    @property
    def ready(self) -> bool:
        """Whether the past is read and faults are found and told."""
        return self._ready

    @property
    def engine(self) -> Engine:
        """The engine, with all that was heard taken in."""
        if self._heard and self._ready:
            self._take_in()
        return self._engine

    def begin(self, engine: Engine, submit: Submit) -> None:
        """Work with this engine, primed, and a writer's `submit` from now on."""
        gone = self.engine.rows.by_fault.keys() - engine.rows.by_fault.keys()
        self._engine, self._submit = engine, submit
        # Where it is, its modules are loaded; a start that only shows faults goes without.
        self._pricer = cast("Pricer | None", engine.rules.get("money"))
        self._settled = {
            fault: alarm.row.closed_ms
            for fault, alarm in engine.rows.by_fault.items()
            if alarm.row is not None and alarm.row.closed_ms is not None
        }
        self._unkept, self._taken_back = [], {}
        engine.rows.changed.update(gone, engine.rows.by_fault)
        self._ready = True
        self.keep()
        self.publish(engine.scene.now)

    # -- what happens --------------------------------------------------------------------------

    def hear(self, record: Record | Any, at_ms: int) -> None:
        """A record was committed; `at_ms` is when what it tells reached us."""
        self._heard.append((record, at_ms))
        if self._ready and len(self._heard) >= TAKEN:
            self._take_in()

    def _take_in(self) -> None:
        heard, self._heard = self._heard, []
        hear = self._engine.hear
        for record, at_ms in heard:
            try:
                hear(record, at_ms)
            except Exception:
                log.exception("a record of %s could not be followed up", type(record).__name__)

    def jumped(self, delta_ms: int, now_ms: int) -> None:
        """The clock was set, or the computer slept, until now: delays that run keep their length."""
        self.engine.jumped(delta_ms, now_ms - SETTLE_MS)
        if delta_ms > 0:
            self.engine.blind(now_ms - delta_ms, now_ms)

    def tick(self, now_ms: int) -> None:
        """Let time pass, keep what was decided and tell who watches."""
        if not self._ready:
            return
        self.engine.tick(now_ms - SETTLE_MS)
        self._count_drivers(now_ms)
        self.keep()
        self.publish(now_ms)

    def keep(self) -> None:
        """Hand what was decided to the writer. What cannot be kept now is handed in again later."""
        if not (self._unkept or self.engine.rows.waits):
            return
        self._settle()
        records, self._unkept = self._unkept + self.engine.rows.take(), []

        def kept(error: Exception | None) -> None:
            if error is not None:
                log.warning("faults were not kept yet: %s", error)
                self._unkept = [*records, *self._unkept]

        self._submit((), records, kept)
        if not self._watched:
            self.engine.rows.changed.clear()
            self.engine.rows.told.clear()

    def _settle(self) -> None:
        """Give what was closed its final loss before it is kept, and open faults the drivers they hit."""
        pricer, rows = self._pricer, self.engine.rows
        if pricer is None:
            return
        for fault in rows.changed:
            alarm = rows.by_fault.get(fault)
            if alarm is None or alarm.row is None or alarm.row.closed_ms is None:
                self._settled.pop(fault, None)
                if alarm is not None and alarm.row is not None:
                    pricer.opened(alarm.row, self.engine.scene.now)
            elif self._settled.get(fault) != alarm.row.closed_ms:
                self._settled[fault] = alarm.row.closed_ms
                alarm.row = pricer.settle(alarm.row)

    def _count_drivers(self, now_ms: int) -> None:
        if self._pricer is None:
            return
        for row in self.open():
            hit = self._pricer.hit(row.fault)
            if hit > row.drivers_hit:
                self.engine.rows.save(self.engine.rows.by_fault[row.fault], now_ms, drivers_hit=hit)

    # -- acts of persons -----------------------------------------------------------------------

    def fields_of(self, deed: Deed) -> dict[str, Any]:
        """The deed's fields as the journal keeps them: with what names the fault where numbers differ."""
        alarm = self._alarm(deed)
        return {**deed.fields, "about": place_of(alarm.row)} if alarm.row is not None else dict(deed.fields)

    def act(self, deed: Deed, at_ms: int) -> list[Record]:
        """Carry out an act; what has to be kept with it. Takes effect at once.

        Raises:
            ForecourtError: there is no such fault, or its state does not allow the act.
        """
        engine = self.engine
        if at_ms > engine.scene.now:
            engine.tick(at_ms)
        self.keep()
        verb, fields = str(deed.fields.get("verb", "")), deed.fields.get("fields") or {}
        if verb not in VERBS:
            raise ForecourtError(f"Forecourt does not know the act {verb!r} on a fault.")
        alarm = self._alarm(deed)
        engine.rows.begin()
        try:
            done = perform(engine, alarm, verb, fields, deed.by, deed.why, engine.scene.now)
        except Exception as error:
            engine.rows.take_back(engine.rows.end()[1])
            log.info("fault %s: %s by %s was refused: %s", deed.fields.get("fault"), verb, deed.by, error)
            raise
        self._settle()
        records, before = engine.rows.end()
        records += done.also
        self._taken_back[id(records)] = before
        self.publish(at_ms)
        return records

    def take_back(self, records: Sequence[Record]) -> None:
        """An act's records were not kept: as if it had never been."""
        before = self._taken_back.pop(id(records), None)
        if before is not None:
            self.engine.rows.take_back(before)

    def kept(self, records: Sequence[Record]) -> None:
        """An act's records are kept."""
        self._taken_back.pop(id(records), None)

    def _alarm(self, deed: Deed) -> Alarm:
        if not self._ready:
            raise ForecourtError("Forecourt still reads what faults there were; try again in a moment.")
        number, about = deed.fields.get("fault"), deed.fields.get("about")
        found = self.engine.rows.by_fault.get(number) if isinstance(number, int) else None
        if about is not None and (found is None or found.row is None or place_of(found.row) != list(about)):
            found = self.engine.alarms.get(key_at(about))
        if found is None or found.row is None:
            raise ForecourtError(f"There is no fault {number} that is open or ended within the last day.")
        return found

    # -- who watches ---------------------------------------------------------------------------

    def subscribe(self) -> Watching:
        """Watch; the first take gives all that is held."""
        made = Watching(self._leave)
        made.put(self.views(), (), ())
        self._watchers = (*self._watchers, made)
        return made

    def views(self) -> dict[int, FaultView]:
        """All faults that are open or ended within a day, by number."""
        prices = self._prices(self.engine.scene.now)
        found = self.engine.rows.by_fault
        return {number: self._view(alarm, prices) for number, alarm in found.items()}

    def view(self, fault: int) -> FaultView | None:
        """One fault as it is now."""
        alarm = self.engine.rows.by_fault.get(fault)
        return None if alarm is None else self._view(alarm, self._prices(self.engine.scene.now))

    def row(self, fault: int) -> FaultRecord | None:
        """One fault's row as it is now, which costs no pricing."""
        alarm = self.engine.rows.by_fault.get(fault)
        return None if alarm is None else alarm.row

    def act_within_ms(self, fault: int) -> int:
        """How long a fault may wait for somebody to act; 0 where it is not known any more."""
        alarm = self.engine.rows.by_fault.get(fault)
        return 0 if alarm is None else alarm.kind.act_within_ms

    def since_ms(self, fault: int) -> int:
        """When a fault's condition began the last time; 0 where it is not known any more."""
        alarm = self.engine.rows.by_fault.get(fault)
        return 0 if alarm is None else alarm.since_ms

    def settling(self, fault: int) -> bool:
        """Whether its condition is over already and only its off-delay still runs."""
        alarm = self.engine.rows.by_fault.get(fault)
        return alarm is not None and alarm.active and not alarm.held

    def children(self, fault: int) -> tuple[FaultRecord, ...]:
        """What lies under a fault."""
        return tuple(a.row for a in self.engine.groups.children(fault) if a.row is not None)

    def open(self) -> tuple[FaultRecord, ...]:
        """The open faults, oldest first."""
        return tuple(a.row for a in open_alarms(self.engine.rows.by_fault.values()) if a.row is not None)

    def publish(self, now_ms: int) -> None:
        """Tell watchers what changed; the money of what is open with it."""
        rows = self.engine.rows
        lines, rows.told = rows.told, []
        numbers, rows.changed = rows.changed, set()
        for number in numbers - rows.by_fault.keys():
            self._settled.pop(number, None)
        # Priced also while nobody watches: the clock needs to know when an outage began and changed.
        prices = self._prices(now_ms)
        told, self._told = self._told, prices
        if not self._watchers:
            return
        numbers |= {number for number, money in prices.items() if money != told.get(number)}
        faults = {n: self._view(rows.by_fault[n], prices) for n in numbers if n in rows.by_fault}
        gone = [n for n in numbers if n not in rows.by_fault]
        if faults or gone or lines:
            for watcher in self._watchers:
                watcher.put(faults, gone, lines)

    def _prices(self, now_ms: int) -> Mapping[int, Money]:
        if self._pricer is None:
            return {}
        return self._pricer({row.fault: row for row in self.open()}, now_ms)

    def _view(self, alarm: Alarm, prices: Mapping[int, Money]) -> FaultView:
        row, kind = alarm.row, alarm.kind
        assert row is not None
        act_by = row.opened_ms + kind.act_within_ms if row.state == "UNACK" else None
        return FaultView(
            row, len(self.engine.groups.children(row.fault)), kind.out_of_service_first, kind.action,
            kind.consequence, act_by, prices.get(row.fault),
        )  # fmt: skip

    def _leave(self, gone: Watching) -> None:
        self._watchers = tuple(w for w in self._watchers if w is not gone)

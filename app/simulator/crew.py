"""The people of the demo: what they did about the faults of its past, as journaled acts. All invented.

The rows of the past pass through `Crew.among`. Between them the crew looks at the faults found so
far, as operators look at the queue, and puts in what they did at that time. The same past gives the
same acts; a replay reads them from the journal like anybody's.
"""

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from app.domain.ids import StationId
from app.domain.intents import ActOnFault, Asked, SaveEntry
from app.domain.records import FaultRecord, JournalKind, JournalRow
from app.domain.work_orders import PartUsed, Visit, WorkOrder, body_for, closed, from_faults, planned
from app.faults.acts import place_of
from app.faults.watch import Faults
from app.intake.actions import Deed, deed_of
from app.simulator.demand import DAY_MS, HOUR_MS, local_ms
from app.simulator.written import OPERATORS, Written, row_of

MINUTE_MS = 60_000
LOOK_MS = 5 * MINUTE_MS
FIELD_CREW = ("Jonas Brandt", "Marta Oliveira", "Piet Haan")
ACK_MIN = {"P1": 7.0, "P2": 18.0, "P3": 55.0}
"""How long until somebody saw it, median, by day."""
LEFT_FOR_NOW_MS = 90 * MINUTE_MS
"""What is younger than this when the demo opens was seen by nobody yet."""
_MODULE = PartUsed("Power module 25 kW", "2150.00", warranty=True)
REPAIRS: dict[str, tuple[str, int, tuple[PartUsed, ...]]] = {
    "CX001": ("Lock actuator cleaned and adjusted", 45, ()),
    "CX011": ("Cable dried, insulation test passed three times", 50, ()),
    "CX017": ("Contactor replaced", 95, (PartUsed("Contactor 400 A", "312.00"),)),
    "CX026": ("Cable replaced", 110, (PartUsed("CCS cable 5 m", "1480.00"),)),
    "PowerSwitchFailure": ("Contactor replaced", 90, (PartUsed("Contactor 63 A", "84.00", warranty=True),)),
    "SilentConnector": ("Controller of the outlet replaced, three test sessions", 70, ()),
    "StuckState": ("Proximity switch replaced", 55, (PartUsed("Proximity switch", "38.50"),)),
    "PowerLimited": (
        "Power module replaced",
        80,
        (PartUsed("Power module 25 kW", "2150.00", warranty=True),),
    ),
    "Unmapped": ("Power module replaced", 80, (_MODULE,)),
    "MeterFrozen": ("Meter bus plug reseated", 40, ()),
    "PhaseMissing": ("Fuse of phase L2 replaced", 35, (PartUsed("Fuse 63 A", "6.20"),)),
}
INSPECTED = (
    "Looked at on site: dry, insulation 8.1 MΩ, trips at 22 ms.",
    "Inspected: no damage, insulation 12 MΩ, residual-current device trips at 19 ms.",
    "Water in the plug after rain; dried, insulation 6.4 MΩ, test session good.",
)
_SHELVED = "Part is ordered; it charges at half power until it comes."
_SAFE_ORDER = "Out of service until an electrician has measured it"


@dataclass
class _Case:
    """What the crew has in hand about one fault."""

    row: FaultRecord
    ack_ms: int
    by: str
    reset_ms: int | None = None
    order: WorkOrder | None = None
    order_ms: int | None = None
    shelved: bool = False


@dataclass
class Crew:
    """Operators and technicians.

    Args:
        zone: where the operators sit.
        end_ms: when the demo opens: what is fresh then is left for whoever opens it.
        rng: their habits.
        written: what they write down by itself, in order of time.
    """

    zone: str
    end_ms: int
    rng: random.Random
    written: list[Written] = field(default_factory=list)
    faults: Faults | None = None
    """Set by the replay that the rows go into."""
    _cases: dict[int, _Case] = field(default_factory=dict)
    _orders: int = 300
    _plans: dict[tuple[str, str], str] = field(default_factory=dict)
    """Whoever drives is at one site a day, because the sites lie in twelve countries."""

    def among(self, rows: Iterable[JournalRow]) -> Iterator[JournalRow]:
        """The rows, with what the crew did between them."""
        due = iter(self.written)
        waiting = next(due, None)
        look_ms = 0
        for row in rows:
            while waiting is not None and waiting.at_ms <= row.at_ms:
                yield row_of(waiting)
                waiting = next(due, None)
            look_ms = look_ms or row.at_ms + LOOK_MS
            while look_ms <= row.at_ms:
                yield from self._look(look_ms)
                look_ms += LOOK_MS
            yield row

    def _look(self, now_ms: int) -> Iterator[JournalRow]:
        if self.faults is None:
            return
        for row in self.faults.open():
            case = self._cases.get(row.fault)
            if case is None:
                if row.state != "DSUPR":
                    self._cases[row.fault] = self._taken_up(row, now_ms)
                continue
            case.row = row
            yield from self._handle(case, now_ms)
        for number, case in list(self._cases.items()):
            alarm = self.faults.engine.rows.by_fault.get(number)
            now = alarm.row if alarm is not None else None
            if now is None or now.closed_ms is not None:
                yield from self._ended(case, now or case.row, now_ms)
                del self._cases[number]

    def _taken_up(self, row: FaultRecord, now_ms: int) -> _Case:
        hour = local_ms(self.zone, now_ms) // HOUR_MS % 24
        shift = 0 if 6 <= hour < 14 else 1 if 14 <= hour < 22 else 2
        minutes = ACK_MIN.get(row.priority, 30.0) * math.exp(self.rng.gauss(0, 0.7))
        if shift == 2:
            minutes *= 2.5
        ack_ms = row.opened_ms + int(minutes * MINUTE_MS)
        if self.rng.random() < 0.12 and not row.safety:
            ack_ms = row.opened_ms + 3 * DAY_MS  # overlooked
        if self.end_ms - row.opened_ms < LEFT_FOR_NOW_MS:
            ack_ms = self.end_ms + DAY_MS
        return _Case(row, ack_ms, OPERATORS[shift])

    def _handle(self, case: _Case, now_ms: int) -> Iterator[JournalRow]:
        row = case.row
        if row.acknowledged_ms is None and row.state in ("UNACK", "RTNUN") and now_ms >= case.ack_ms:
            yield self._act(case, now_ms, "acknowledge", {})
            case.ack_ms = self.end_ms + DAY_MS
            if row.latched:
                case.reset_ms = now_ms + int(self.rng.uniform(1.5, 9) * HOUR_MS)
            elif row.code in REPAIRS:
                case.order_ms = now_ms + int(self.rng.uniform(20, 90) * MINUTE_MS)
            return
        if row.state not in ("ACKED", "UNACK"):
            return
        if row.latched and case.reset_ms is not None and now_ms >= case.reset_ms:
            if case.order is None and self.end_ms - row.opened_ms < 14 * HOUR_MS:
                case.reset_ms = None
                yield from self._lock_out(case, now_ms)
            elif row.cleared_ms is not None:
                case.reset_ms = None
                yield self._act(case, now_ms, "reset-latch", {}, self.rng.choice(INSPECTED))
        elif case.order is None and case.order_ms is not None and now_ms >= case.order_ms:
            yield from self._order(case, now_ms)
        elif not case.shelved and case.order is not None and self.end_ms - now_ms < 2 * HOUR_MS:
            case.shelved = True
            if row.code in ("Unmapped", "PowerLimited") and not row.safety:
                until = min(self.end_ms + 5 * HOUR_MS, now_ms + 7 * HOUR_MS)
                yield self._act(case, now_ms, "shelve", {"until_ms": until, "reason": _SHELVED})

    def _order(self, case: _Case, now_ms: int) -> Iterator[JournalRow]:
        row, who = case.row, self.rng.choice(FIELD_CREW)
        order = from_faults((row,), self._number(), now_ms, who, now_ms + 2 * DAY_MS)
        minutes = REPAIRS[row.code][1] if row.code in REPAIRS else 60
        at_ms = max(now_ms, self.end_ms) if self._open_at_end(now_ms) else now_ms + DAY_MS // 2
        if self._open_at_end(now_ms):
            while self._plans.setdefault((who, _day(self.zone, at_ms)), row.site) != row.site:
                at_ms += DAY_MS
        day = _day(self.zone, at_ms)
        order = replace(planned(order, day, 1 + self.rng.randrange(3), who), on_site_min=minutes)
        case.order = order
        yield self._write(order, now_ms, case.by, "the step left is a visit")
        yield self._act(case, now_ms, "assign", {"to": who})
        yield self._act(
            case, now_ms, "note", {"text": f"{order.number} for {who}, planned for {_in_words(day)}."}
        )

    def _lock_out(self, case: _Case, now_ms: int) -> Iterator[JournalRow]:
        row, who = case.row, FIELD_CREW[0]
        order = from_faults((row,), self._number(), now_ms, who, now_ms + DAY_MS)
        case.order = replace(planned(order, _day(self.zone, self.end_ms), 1, who), on_site_min=60)
        yield self._write(case.order, now_ms, case.by, _SAFE_ORDER)
        fields = {"work_order": order.number, "review_ms": self.end_ms + 2 * DAY_MS, "reason": _SAFE_ORDER}
        yield self._act(case, now_ms, "out-of-service", fields)

    def _ended(self, case: _Case, row: FaultRecord, now_ms: int) -> Iterator[JournalRow]:
        if case.order is None or not case.order.open:
            return
        done, minutes, parts = REPAIRS.get(row.code, ("Looked at on site", 45, ()))
        minutes = round(minutes * self.rng.uniform(0.8, 1.4))
        until = min(now_ms, row.cleared_ms or now_ms)
        invoiced = f"{78 + minutes * 1.15:.2f}"
        visit = Visit(
            until - minutes * MINUTE_MS, until, case.order.who, minutes, invoiced, "EUR", done, parts=parts
        )
        order = closed(case.order, visit, now_ms, "Test session good, next driver charged.")
        yield self._write(order, now_ms, case.by, "done")

    def _open_at_end(self, now_ms: int) -> bool:
        return self.end_ms - now_ms < 10 * HOUR_MS

    def _number(self) -> str:
        self._orders += 1
        return f"WO-{self._orders}"

    def _write(self, order: WorkOrder, now_ms: int, by: str, why: str) -> JournalRow:
        return row_of(Written(now_ms, SaveEntry("work-order", order.number, body_for(order)), by, why))

    def _act(
        self, case: _Case, now_ms: int, verb: str, fields: dict[str, Any], why: str = "", by: str = ""
    ) -> JournalRow:
        row = case.row
        asked = Asked(ActOnFault(row.fault, verb, fields), by or case.by, why)
        deed = deed_of(asked, station=row.station)
        told = Deed(deed.intent, deed.station, deed.by, deed.why, {**deed.fields, "about": place_of(row)})
        return JournalRow(
            now_ms, StationId(deed.station), JournalKind.ACTION, told.text(), action=deed.intent
        )


def _in_words(day: str) -> str:
    """ "15 Oct" of "2026-10-15"."""
    return f"{date.fromisoformat(day).day} {date.fromisoformat(day):%b}"


def _day(zone: str, at_ms: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=local_ms(zone, at_ms) // DAY_MS)).isoformat()

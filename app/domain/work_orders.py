"""Work orders, purchases and announced work as they are written down (entries). Pure.

An order comes from one or more faults, is planned into a day's visits, and is closed with what came
of it. Its body (kind "work-order", entry = its number "WO-318"):

    {"number", "title", "station", "site", "evse", "faults": [n], "cause", "who", "due_ms",
     "state": "open|planned|under way|done|cancelled", "created_ms", "closed_ms", "proof", "note",
     "day": "2026-10-16", "stop": 1, "on_site_min": 40,
     "visits": [{"at_ms", "until_ms", "who", "minutes", "invoiced", "currency", "result",
                 "no_fault_found", "parts": [{"name", "amount", "warranty"}]}]}

Keys that a body lacks are empty; those not known here are kept. Money is a decimal in major units
as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.entries import body_of, standing
from app.domain.errors import ForecourtError
from app.domain.prices import amount
from app.domain.records import EntryRecord, FaultRecord

KIND = "work-order"
STATES = ("open", "planned", "under way", "done", "cancelled")
OVER = frozenset({"done", "cancelled"})
MINUTE_MS = 60_000
DAY_MS = 86_400_000
REPEAT_MS = 30 * DAY_MS
"""A visit for the same cause at the same place within so long is a repeat (reference G)."""
MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class PartUsed:
    """A part that was fitted. `amount` "" is not known; `warranty`: the maker pays."""

    name: str
    amount: str = ""
    warranty: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `invoiced` "" where no invoice has come."""

    at_ms: int
    until_ms: int
    who: str
    minutes: int
    invoiced: str = ""
    currency: str = ""
    result: str = ""
    no_fault_found: bool = False
    parts: tuple[PartUsed, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """A work order as it stands. `day` ("2026-10-16") and `stop` say where it lies in the visits."""

    number: str
    title: str = ""
    station: str = ""
    site: str = ""
    evse: int | None = None
    faults: tuple[int, ...] = ()
    cause: str = ""
    who: str = ""
    due_ms: int | None = None
    state: str = "open"
    created_ms: int = 0
    closed_ms: int | None = None
    visits: tuple[Visit, ...] = ()
    proof: str = ""
    note: str = ""
    day: str = ""
    stop: int = 0
    on_site_min: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else its body holds."""

    @property
    def open(self) -> bool:
        """Whether there is something left to do."""
        return self.state not in OVER

    def late_ms(self, now_ms: int) -> int:
        """How long it is overdue; 0 where it is not."""
        return max(0, now_ms - self.due_ms) if self.open and self.due_ms is not None else 0


def order_of(entry: str, body: Mapping[str, Any]) -> WorkOrder:
    """The order that a body tells. What cannot be read of it is empty, never invented."""
    known = {
        "number", "title", "station", "site", "evse", "faults", "cause", "who", "due_ms", "state",
        "created_ms", "closed_ms", "visits", "proof", "note", "day", "stop", "on_site_min",
    }  # fmt: skip
    state = str(body.get("state") or "open")
    return WorkOrder(
        number=entry,
        title=str(body.get("title") or ""),
        station=str(body.get("station") or ""),
        site=str(body.get("site") or ""),
        evse=_whole(body.get("evse")),
        faults=tuple(n for n in map(_whole, _list(body.get("faults"))) if n is not None),
        cause=str(body.get("cause") or ""),
        who=str(body.get("who") or ""),
        due_ms=_whole(body.get("due_ms")),
        state=state if state in STATES else "open",
        created_ms=_whole(body.get("created_ms")) or 0,
        closed_ms=_whole(body.get("closed_ms")),
        visits=tuple(_visit(told) for told in _list(body.get("visits")) if isinstance(told, Mapping)),
        proof=str(body.get("proof") or ""),
        note=str(body.get("note") or ""),
        day=str(body.get("day") or ""),
        stop=_whole(body.get("stop")) or 0,
        on_site_min=_whole(body.get("on_site_min")),
        more={key: value for key, value in body.items() if key not in known},
    )


def body_for(order: WorkOrder) -> dict[str, Any]:
    """The body that keeps an order."""
    return {
        **order.more,
        "number": order.number, "title": order.title, "station": order.station, "site": order.site,
        "evse": order.evse, "faults": list(order.faults), "cause": order.cause, "who": order.who,
        "due_ms": order.due_ms, "state": order.state, "created_ms": order.created_ms,
        "closed_ms": order.closed_ms, "proof": order.proof, "note": order.note, "day": order.day,
        "stop": order.stop, "on_site_min": order.on_site_min,
        "visits": [
            {
                "at_ms": v.at_ms, "until_ms": v.until_ms, "who": v.who, "minutes": v.minutes,
                "invoiced": v.invoiced, "currency": v.currency, "result": v.result,
                "no_fault_found": v.no_fault_found,
                "parts": [{"name": p.name, "amount": p.amount, "warranty": p.warranty} for p in v.parts],
            }
            for v in order.visits
        ],
    }  # fmt: skip


def orders_of(entries: Iterable[EntryRecord]) -> tuple[WorkOrder, ...]:
    """All orders that were not taken back."""
    return tuple(order_of(name, body) for name, body in standing(entries, KIND).items())


def next_number(numbers: Iterable[str]) -> str:
    """The number after the highest: "WO-319"."""
    highest = 0
    for number in numbers:
        head, _, tail = number.partition("-")
        if head == "WO" and tail.isdecimal():
            highest = max(highest, int(tail))
    return f"WO-{highest + 1}"


def from_faults(
    faults: Sequence[FaultRecord], number: str, now_ms: int, who: str = "", due_ms: int | None = None
) -> WorkOrder:
    """An order for faults, prefilled from the first; the others go with it.

    Raises:
        ForecourtError: there is no fault, or they are of several places.
    """
    if not faults:
        raise ForecourtError("A work order needs a fault or a station.")
    first = faults[0]
    if len({fault.station or fault.site for fault in faults}) > 1:
        raise ForecourtError("One work order is for one station; make one for each.")
    evses = {fault.evse for fault in faults}
    return WorkOrder(
        number=number, title=first.title, station=str(first.station), site=first.site,
        evse=first.evse if len(evses) == 1 else None, faults=tuple(fault.fault for fault in faults),
        cause=first.code, who=who or first.assigned, due_ms=due_ms if due_ms is not None else first.due_ms,
        created_ms=now_ms,
    )  # fmt: skip


def moved(order: WorkOrder, state: str) -> WorkOrder:
    """The order in another state. "done" is reached by `closed` alone.

    Raises:
        ForecourtError: there is no such state, or it is over already.
    """
    if state not in STATES or state == "done":
        raise ForecourtError(f"A work order cannot be made {state!r}.")
    if not order.open:
        raise ForecourtError(f"{order.number} is {order.state} already.")
    return replace(order, state=state)


def planned(order: WorkOrder, day: str, stop: int, who: str) -> WorkOrder:
    """The order as a stop of a day's visits; taken out of them where `day` is ""."""
    if not order.open:
        raise ForecourtError(f"{order.number} is {order.state} already.")
    if not day:
        return replace(order, day="", stop=0, state="open" if order.state == "planned" else order.state)
    state = "planned" if order.state == "open" else order.state
    return replace(order, day=day, stop=stop, who=who, state=state)


def closed(order: WorkOrder, visit: Visit | None, now_ms: int, proof: str = "") -> WorkOrder:
    """The order done, with its last visit; None where nobody had to go there.

    Raises:
        ForecourtError: it is over already, or the visit lacks who, when or what came of it.
    """
    if not order.open:
        raise ForecourtError(f"{order.number} is {order.state} already.")
    if visit is not None:
        check_visit(visit, now_ms)
    visits = order.visits if visit is None else (*order.visits, visit)
    return replace(order, state="done", closed_ms=now_ms, visits=visits, proof=proof or order.proof)


def check_visit(visit: Visit, now_ms: int) -> None:
    """Raises ForecourtError in one sentence where a visit cannot be kept."""
    if not visit.who.strip():
        raise ForecourtError("Say who was there.")
    if not 0 < visit.minutes <= MOST_MINUTES:
        raise ForecourtError("Say how many minutes it took.")
    if visit.at_ms > now_ms:
        raise ForecourtError("A visit cannot lie in the future.")
    if not visit.result.strip() and not visit.no_fault_found:
        raise ForecourtError("Say what was done, or that no fault was found.")
    for told in (visit.invoiced, *(part.amount for part in visit.parts)):
        if told and amount(told) < 0:
            raise ForecourtError("An invoice is not below zero.")
    if any(not part.name.strip() for part in visit.parts):
        raise ForecourtError("Name each part.")


def earlier(order: WorkOrder, orders: Iterable[WorkOrder]) -> tuple[Visit, ...]:
    """Visits of the last 30 days at the same place for the same cause, of this order and of others;
    counted back from when the order was made."""
    since = order.created_ms - REPEAT_MS
    found = list(order.visits)
    for other in orders:
        same = (other.station, other.site, other.evse, other.cause) == (
            order.station, order.site, order.evse, order.cause,
        )  # fmt: skip
        if same and other.number != order.number:
            found += [v for v in other.visits if since <= v.at_ms <= order.created_ms]
    return tuple(sorted(found, key=lambda v: v.at_ms))


def first_time_fixed(
    orders: Sequence[WorkOrder], now_ms: int, failures: Iterable[tuple[str, int, str, int]] = ()
) -> tuple[int, int, int]:
    """(fixed at the first visit, settled, pending) of the closed orders that somebody went out for.

    An order is settled 30 days after it was closed, or as soon as the same cause came back: as
    another order, or as one of `failures` (station, EVSE, cause, onset).
    """
    onsets: dict[tuple[str, int, str], list[int]] = {}
    for station, evse, cause, onset in failures:
        onsets.setdefault((station, evse, cause), []).append(onset)
    fixed = settled = pending = 0
    field = [o for o in orders if o.state == "done" and o.visits and o.closed_ms is not None]
    for order in field:
        end = order.closed_ms or 0
        back = onsets.get((order.station, order.evse or 0, order.cause), ())
        again = any(end < onset <= end + REPEAT_MS for onset in back) or any(
            other.number != order.number
            and (other.station, other.evse, other.cause) == (order.station, order.evse, order.cause)
            and end <= other.created_ms <= end + REPEAT_MS
            for other in orders
        )
        if again or len(order.visits) > 1:
            settled += 1
        elif now_ms - end < REPEAT_MS:
            pending += 1
        else:
            fixed, settled = fixed + 1, settled + 1
    return fixed, settled, pending


def usual_minutes(orders: Iterable[WorkOrder], cause: str, least: int = 3) -> int | None:
    """The middle of the minutes that visits for a cause took; None where fewer than `least` are known."""
    took = sorted(v.minutes for o in orders if o.cause == cause for v in o.visits if v.minutes > 0)
    return took[len(took) // 2] if len(took) >= least else None


def changes(versions: Sequence[EntryRecord]) -> list[tuple[int, str, str]]:
    """How an order came to be, from its versions: (when, who, what)."""
    found: list[tuple[int, str, str]] = []
    before: WorkOrder | None = None
    for version in versions:
        now = order_of(version.entry, body_of(version))
        found.append((version.at_ms, version.by, "taken back" if version.gone else _change(before, now)))
        before = now
    return found


def _change(before: WorkOrder | None, now: WorkOrder) -> str:
    if before is None:
        return f"made from {_faults(now)}" if now.faults else "made"
    told = []
    if now.state != before.state:
        told.append(now.state)
    if len(now.visits) > len(before.visits):
        visit = now.visits[-1]
        told.append(f"visit by {visit.who}, {visit.minutes} min")
    if now.who != before.who:
        told.append(f"given to {now.who}" if now.who else "given to nobody")
    if now.day != before.day:
        told.append(f"planned for {now.day}" if now.day else "taken out of the visits")
    elif now.stop != before.stop and now.day:
        told.append(f"stop {now.stop}")
    if now.due_ms != before.due_ms:
        told.append("due time changed")
    if now.note != before.note:
        told.append("note changed")
    if now.title != before.title:
        told.append(f"named {now.title}")
    return ", ".join(told) or "changed"


def _faults(order: WorkOrder) -> str:
    return ("fault " if len(order.faults) == 1 else "faults ") + ", ".join(map(str, order.faults))


def _visit(told: Mapping[str, Any]) -> Visit:
    return Visit(
        _whole(told.get("at_ms")) or 0,
        _whole(told.get("until_ms")) or _whole(told.get("at_ms")) or 0,
        str(told.get("who") or ""),
        _whole(told.get("minutes")) or 0,
        str(told.get("invoiced") or ""),
        str(told.get("currency") or ""),
        str(told.get("result") or ""),
        bool(told.get("no_fault_found")),
        tuple(
            PartUsed(str(p.get("name") or ""), str(p.get("amount") or ""), bool(p.get("warranty")))
            for p in _list(told.get("parts"))
            if isinstance(p, Mapping)
        ),
    )


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None

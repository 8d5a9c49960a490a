"""Rows and columns of work orders, and of the visits they are planned into."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.analytics.visit_plan import Route, Stop
from app.domain.errors import ForecourtError
from app.domain.records import FaultRecord
from app.domain.status import Shown
from app.domain.work_orders import WorkOrder, earlier
from app.faults.views import FaultView
from ui.models.cells import EMPTY, Cell, Column, Tone
from ui.models.fault_words import initials, shown_of
from ui.theme.formats import UNKNOWN, WIDEST_DAY, clock, count, day, duration, local, number, when
from ui.theme.money import money

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A work order as its line shows it. `losing` is an hour's, in minor units; None is not known."""

    order: WorkOrder
    shown: Shown | None
    losing: int | None
    currency: str
    due: str
    visit: str
    """ "visit Fri 16 Oct", "visit was Wed 14 Oct" where that day is over, "" while none is planned."""
    late: str
    nth: int
    within: int
    """In how many days the visits before lie."""

    @property
    def key(self) -> str:
        """The order's number."""
        return self.order.number


def order_rows(
    orders: Sequence[WorkOrder],
    shown: Iterable[WorkOrder],
    views: Mapping[int, FaultView],
    faults: Mapping[int, FaultRecord],
    now_ms: int,
    zone: ZoneInfo,
) -> list[OrderRow]:
    """The rows of `shown`: open ones by what they lose, then by due time; ended ones newest first.

    Args:
        orders: all, for visits that came before.
        shown: those to list.
        views: faults as they stand, for money.
        faults: faults of the orders as kept.
        now_ms: for lateness.
        zone: the operator's.
    """
    rows = [_row(order, orders, views, faults, now_ms, zone) for order in shown]
    return sorted(
        rows,
        key=lambda r: (
            not r.order.open,
            -(r.losing or 0) if r.order.open else -(r.order.closed_ms or 0),
            r.order.due_ms or 1 << 62,
            r.key,
        ),
    )


def _row(
    order: WorkOrder,
    orders: Sequence[WorkOrder],
    views: Mapping[int, FaultView],
    faults: Mapping[int, FaultRecord],
    now_ms: int,
    zone: ZoneInfo,
) -> OrderRow:
    records = [
        views[n].record if n in views else faults[n] for n in order.faults if n in views or n in faults
    ]
    told = [views[n].money for n in order.faults if n in views and views[n].open]
    priced = [m for m in told if m is not None and m.losing is not None]
    before = earlier(order, orders)
    late = order.late_ms(now_ms)
    return OrderRow(
        order,
        shown_of(records[0]) if records else Shown.UNAVAILABLE if order.open else None,
        sum(m.losing or 0 for m in priced) if priced else None,
        priced[0].currency if priced else "",
        due_text(order, now_ms, zone),
        _visit(order, now_ms, zone),
        f"{duration(late)} late" if late >= 60_000 else "",
        len(before) + 1 if order.open and before else 0,
        max(1, round((now_ms - before[0].at_ms) / DAY_MS)) if before else 0,
    )


def due_text(order: WorkOrder, now_ms: int, zone: ZoneInfo) -> str:
    """ "Tomorrow 10:00", "Mon 19 Oct", "not planned yet"."""
    if not order.open:
        return f"{order.state} {when(order.closed_ms, now_ms, zone)}" if order.closed_ms else order.state
    return soon(order.due_ms, now_ms, zone) if order.due_ms is not None else "no due time"


def soon(at_ms: int, now_ms: int, zone: ZoneInfo) -> str:
    """ "Today 13:00", "Tomorrow 10:00", "Mon 19 Oct 09:30"."""
    at, now = local(at_ms, zone), local(now_ms, zone)
    away = (at.date() - now.date()).days
    lead = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get(away) or day(at_ms, zone, weekday=True)
    return f"{lead} {clock(at_ms, zone)}"


def day_text(text: str, now_ms: int, zone: ZoneInfo) -> str:
    """ "Today, Thu 15 Oct" of "2026-10-15"."""
    try:
        away = (date.fromisoformat(text) - local(now_ms, zone).date()).days
    except ValueError:
        return text
    lead = {0: "Today, ", 1: "Tomorrow, "}.get(away, "")
    return f"{lead}{day_words(text, zone)}"


def _visit(order: WorkOrder, now_ms: int, zone: ZoneInfo) -> str:
    if not order.day:
        return ""
    over = order.open and order.day < f"{local(now_ms, zone):%Y-%m-%d}"
    return f"visit {'was ' if over else ''}{day_words(order.day, zone)}"


def day_words(text: str, zone: ZoneInfo) -> str:
    """ "Thu 15 Oct" of "2026-10-15"."""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return text
    at = int(datetime(wanted.year, wanted.month, wanted.day, 12, tzinfo=zone).timestamp() * 1000)
    return day(at, zone, weekday=True)


def ordinal(value: int) -> str:
    """ "2nd", "11th"."""
    if 10 <= value % 100 <= 20:
        return f"{value}th"
    return f"{value}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th') }"


def order_columns() -> list[Column[OrderRow]]:
    """The columns of the list."""
    return [
        Column("order", "Order", _order_cell, "Router dead, replace it with", stretch=True,
               fixed=True, extra_px=24),
        Column("due", "Due", _due_cell, "Tomorrow 10:00 ab", extra_px=16),
        Column("state", "State", lambda r: Cell(r.order.state.capitalize(), tone=Tone.QUIET), "Under way",
               yields=3),
        Column("repeat", "Repeat", _repeat_cell, "22nd visit", extra_px=20, yields=2),
        Column("who", "Who", _who_cell, "WW W", yields=1),
        Column("losing", "Loses/h", _losing_cell, "€1,214.20", right=True, fixed=True),
    ]  # fmt: skip


def _order_cell(row: OrderRow) -> Cell:
    order = row.order
    below = "  ·  ".join(part for part in (order.station, order.site, order.number) if part)
    return Cell(
        order.title or "Work order", below=below, strong=order.open,
        shapes=(row.shown,) if row.shown is not None else (),
        spoken=f"{order.title}, {below}, {order.state}{', ' + row.late if row.late else ''}",
    )  # fmt: skip


def _due_cell(row: OrderRow) -> Cell:
    if row.late:
        return Cell(row.late, below=row.due, strong=True, icon="clock")
    return Cell(row.due, below=row.visit, tone=Tone.NORMAL)


def _repeat_cell(row: OrderRow) -> Cell:
    if not row.nth:
        return EMPTY
    return Cell(f"{ordinal(row.nth)} visit", below=f"in {count(row.within, 'day')}", icon="rotate-ccw")


def _who_cell(row: OrderRow) -> Cell:
    return Cell(initials(row.order.who) or UNKNOWN, tone=Tone.QUIET, spoken=row.order.who or "nobody yet")


def _losing_cell(row: OrderRow) -> Cell:
    if row.losing is None:
        return Cell(UNKNOWN, tone=Tone.FAINT)
    return Cell(money(row.losing, row.currency), strong=True)


@dataclass(frozen=True, slots=True)
class RouteHead:
    """The line over a person's day."""

    day: str
    who: str
    title: str
    sums: str

    @property
    def key(self) -> Any:
        """Its key: day and person."""
        return ("route", self.day, self.who)


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop, or an order without one (`stop` None)."""

    order: WorkOrder
    stop: Stop | None
    note: str = ""
    repeat: str = ""

    @property
    def key(self) -> Any:
        """The order's number."""
        return self.order.number


PlanRow = RouteHead | StopRow


def plan_rows(
    routes: Sequence[Route], orders: Sequence[WorkOrder], now_ms: int, zone: ZoneInfo
) -> list[PlanRow]:
    """Visits by day with their stops in order, then the open orders that have none."""
    rows: list[PlanRow] = []
    for route in routes:
        sums = f"{number(route.km)} km · {duration(route.minutes * 60_000)}"
        if not route.whole:
            sums += ", ways missing"
        rows.append(RouteHead(route.day, route.who, day_text(route.day, now_ms, zone), sums))
        for stop in route.stops:
            before = len(earlier(stop.order, orders))
            rows.append(StopRow(stop.order, stop, repeat=f"{ordinal(before + 1)} visit" if before else ""))
    left = [order for order in orders if order.open and not order.day]
    if left:
        rows.append(RouteHead("", "", "Not planned", count(len(left), "order")))
        for order in sorted(left, key=lambda o: (o.due_ms or 1 << 62, o.number)):
            note = f"due {soon(order.due_ms, now_ms, zone)}" if order.due_ms is not None else "no due time"
            rows.append(StopRow(order, None, note))
    return rows


def plan_columns() -> list[Column[PlanRow]]:
    """The columns of the visits: time, stop, how long and how far."""
    return [
        Column("at", "Begins", _at_cell, "00:00", fixed=True),
        Column("stop", "Stop", _stop_cell, "Venlo Trade Port", stretch=True, fixed=True),
        Column("way", "On site, way", _way_cell, f"due Wed {WIDEST_DAY} 14:32", right=True, fixed=True),
    ]


def _at_cell(row: PlanRow) -> Cell:
    if isinstance(row, RouteHead):
        who = f"  {row.who}" if row.who else ""
        return Cell(row.title, more=who, strong=True)
    if row.stop is None:
        return Cell("–", tone=Tone.FAINT)
    at, later = begins(row.stop)
    return Cell(at or UNKNOWN, below=later or f"stop {row.stop.number}")


def begins(stop: Stop) -> tuple[str, str]:
    """When a stop begins, "17:37", and how many days after its route does, "+1 d"; "" the same day, and
    "" twice where it is not known."""
    if stop.at_min is None:
        return "", ""
    days, minute = divmod(stop.at_min, 24 * 60)
    return f"{minute // 60:02}:{minute % 60:02}", f"+{days} d" if days else ""


def _stop_cell(row: PlanRow) -> Cell:
    if isinstance(row, RouteHead):
        return EMPTY
    order = row.order
    below = ", ".join(part for part in (order.station, order.title, order.number) if part)
    return Cell(order.site or order.station or order.title, more=row.repeat, strong=True, below=below)


def _way_cell(row: PlanRow) -> Cell:
    if isinstance(row, RouteHead):
        return Cell(row.sums, tone=Tone.QUIET)
    if row.stop is None:
        return Cell(row.note, tone=Tone.QUIET)
    stop = row.stop
    on_site = duration(stop.on_site_min * 60_000)
    if stop.number == 1:
        return Cell(on_site, below="first stop")
    if stop.km is None or stop.drive_min is None:
        return Cell(on_site, below="way not known")
    if not stop.drive_min:
        return Cell(on_site, below="same place")
    return Cell(on_site, below=f"{number(stop.km)} km, {duration(stop.drive_min * 60_000)}")


def time_of(text: str, zone: ZoneInfo) -> int:
    """The instant of "2026-10-16 10:00" in a zone; a day alone is its midnight.

    Raises:
        ForecourtError: it is no time.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ForecourtError(f"{text!r} is no time; write it as 2026-10-16 10:00.") from error
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)


def time_text(at_ms: int, zone: ZoneInfo) -> str:
    """The form that `time_of` reads."""
    return f"{local(at_ms, zone):%Y-%m-%d %H:%M}"


def day_of(text: str) -> str:
    """A day as kept, or "".

    Raises:
        ForecourtError: it is no day.
    """
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError as error:
        raise ForecourtError(f"{text!r} is no day; write it as 2026-10-16.") from error

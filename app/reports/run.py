"""One run of a report: which kind, of what, made into a document from the store and the costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from app.analytics.costs.books import Book, Books
from app.analytics.costs.periods import span_of
from app.domain.errors import ForecourtError
from app.reports.document import Document
from app.reports.maintenance_report import maintenance_report
from app.reports.owner_facts import sites_of_month, sold_in
from app.reports.owner_report import owner_report
from app.reports.shift_report import shift_report
from app.reports.uptime_report import uptime_report

SHIFT_MS = 8 * 3_600_000
MONTHS = 12
KINDS: Mapping[str, str] = {
    "owner": "Monthly owner's report",
    "uptime-contract": "Uptime evidence, hosts",
    "uptime-nevi": "Uptime evidence, NEVI",
    "uptime-uk": "Uptime evidence, UK",
    "maintenance": "Maintenance list",
    "handover": "Shift handover sheet",
}
"""What can be made, by its key in entries of the kind "report-plan"."""


class Costs(Protocol):
    """What the owner's report needs of the costs."""

    async def books(self, months: int) -> Books:
        """The last months."""

    async def month(self, period: str) -> Book:
        """One month with its lines, computed if need be."""


class Room(Protocol):
    """What a run needs of the control room."""

    costs: Any
    entries: Any

    async def ask(self, fn: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Ask the store."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report that is wanted. `period` is "2026-09", or "shift" for the last eight hours.

    `annexes` are those of the owner's report; `site` "" is all.
    """

    kind: str
    period: str
    site: str = ""
    annexes: tuple[str, ...] = ("A", "B", "C")
    demo: bool = field(default=False)


async def made(room: Room, wanted: Wanted, zone: ZoneInfo, now_ms: int) -> Document:
    """Make it.

    Raises:
        ForecourtError: there is no such kind, or it cannot be made now; the sentence says why.
    """
    own = room.entries.body("organisation", "own") or {}
    organisation = str(own.get("name", ""))
    if wanted.kind not in KINDS:
        raise ForecourtError(f"There is no report {wanted.kind!r}.")
    if wanted.kind == "handover":
        return _document(
            await room.ask(shift_report, now_ms - SHIFT_MS, now_ms, zone, now_ms, demo=wanted.demo)
        )
    window = span_of(wanted.period, zone)
    if wanted.kind == "maintenance":
        return _document(
            await room.ask(maintenance_report, window, zone, now_ms, organisation, demo=wanted.demo)
        )
    if wanted.kind != "owner":
        rule = wanted.kind.removeprefix("uptime-")
        return _document(
            await room.ask(
                uptime_report, rule, window, zone, now_ms, organisation, wanted.site, demo=wanted.demo
            )
        )
    return await _owner(room, wanted, zone, now_ms, organisation)


async def _owner(room: Room, wanted: Wanted, zone: ZoneInfo, now_ms: int, organisation: str) -> Document:
    window = span_of(wanted.period, zone)
    until = (window[0], max(window[0] + 1, min(window[1], now_ms)))
    books: Books = await room.costs.books(MONTHS)
    try:
        month: Book | None = await room.costs.month(wanted.period)
    except ForecourtError:
        # A month before the first session has no history, and its report says so.
        month = None
    evidence = month if "B" in wanted.annexes else None
    if month is not None and books.month(wanted.period) is None:
        books = Books(tuple(sorted((*books.months, month), key=lambda book: book.period)))
    # Fewer months than were asked for: history began within the first of them.
    known = sorted({book.period for book in books.months} | set(books.missing))
    began = known[0] if 0 < len(known) < MONTHS else ""
    sites = await room.ask(sites_of_month, until, zone)
    sold = await room.ask(sold_in, until, zone)
    return owner_report(
        books, wanted.period, sites, sold, zone, now_ms, organisation, evidence,
        annexes=wanted.annexes, demo=wanted.demo, began=began,
    )  # fmt: skip


def _document(found: Any) -> Document:
    assert isinstance(found, Document)
    return found


# -- schedules ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """A report that is made by itself: `every` is "month" (on the 1st, of the month before), "week"
    (Mondays, of the month so far) or "day". `at_min` is the minute of the local day."""

    name: str
    kind: str
    every: str
    at_min: int
    folder: str = ""
    channel: str = ""
    site: str = ""
    last_ms: int = 0
    last: str = ""


def plan_of(name: str, body: Mapping[str, Any]) -> Plan:
    """The plan an entry says.

    Raises:
        ForecourtError: it cannot be one; the sentence says why.
    """
    kind, every = str(body.get("kind", "")), str(body.get("every", ""))
    if kind not in KINDS:
        raise ForecourtError(f"There is no report {kind!r}.")
    if every not in ("day", "week", "month"):
        raise ForecourtError("A report is made each day, week or month.")
    at = int(body.get("at_min", 420))
    if not 0 <= at < 1440:
        raise ForecourtError("The time is a time of the day.")
    folder, channel = str(body.get("folder", "")), str(body.get("channel", ""))
    if not folder and not channel:
        raise ForecourtError("Choose a folder, or somebody to send it to.")
    return Plan(
        name, kind, every, at, folder, channel, str(body.get("site", "")), int(body.get("last_ms", 0)),
        str(body.get("last", "")),
    )  # fmt: skip


def due_ms(plan: Plan, zone: ZoneInfo, now_ms: int) -> int:
    """When it was due last, up to now."""
    now = datetime.fromtimestamp(now_ms / 1000, zone)
    day = now.replace(hour=plan.at_min // 60, minute=plan.at_min % 60, second=0, microsecond=0)
    if day > now:
        day -= timedelta(days=1)
    if plan.every == "week":
        day -= timedelta(days=day.weekday())
    elif plan.every == "month":
        day = day.replace(day=1)
    return round(day.timestamp() * 1000)


def is_due(plan: Plan, zone: ZoneInfo, now_ms: int) -> bool:
    """Whether it has to be made now; what was due before it was planned is not made up for."""
    return plan.last_ms < due_ms(plan, zone, now_ms)


def wanted_of(plan: Plan, zone: ZoneInfo, now_ms: int, *, demo: bool = False) -> Wanted:
    """What a plan wants when it is due."""
    if plan.kind == "handover":
        return Wanted(plan.kind, "shift", demo=demo)
    local = datetime.fromtimestamp(now_ms / 1000, zone)
    if plan.every == "month":
        local = local.replace(day=1) - timedelta(days=1)
    return Wanted(plan.kind, f"{local:%Y-%m}", plan.site, demo=demo)

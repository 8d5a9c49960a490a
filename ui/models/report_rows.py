"""The kinds of reports as rows of a list, each with its plan and how its last run went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.errors import ForecourtError
from app.domain.status import Shown
from app.reports.run import KINDS, Plan, plan_of
from ui.models.cells import Cell, Column
from ui.theme.formats import WIDEST_DAY, stamp

EVERY = {"month": "1st of the month", "week": "Mondays", "day": "daily"}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A kind of report; `plan` None where it is made by hand only."""

    kind: str
    title: str
    plan: Plan | None = None


def rows_of(plans: Mapping[str, Mapping[str, Any]]) -> list[ReportRow]:
    """Every kind, with its plan where it has one."""
    by_kind = {plan.kind: plan for plan in plans_of(plans.items())}
    return [ReportRow(kind, title, by_kind.get(kind)) for kind, title in KINDS.items()]


def plans_of(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Plan]:
    """The plans that can be read; one that cannot was refused when it was written."""
    found = []
    for name, body in entries:
        try:
            found.append(plan_of(name, body))
        except (ForecourtError, TypeError, ValueError):
            continue
    return found


def columns(zone: ZoneInfo) -> list[Column[ReportRow]]:
    """Kind with its plan below, and its last run."""
    return [
        Column(
            "kind",
            "Kind",
            lambda row: Cell(row.title, strong=True, below=when(row.plan)),
            fixed=True,
            stretch=True,
        ),
        Column(
            "last",
            "Last run",
            lambda row: _last(row.plan, zone),
            sample=f"{WIDEST_DAY} 2026 07:00",
            right=True,
        ),
    ]


def when(plan: Plan | None) -> str:
    """When and where to it is made: "Mondays 06:00, folder Finance"."""
    if plan is None:
        return "by hand"
    clock = f"{plan.at_min // 60:02d}:{plan.at_min % 60:02d}"
    places = []
    if plan.folder:
        places.append(f"folder {plan.folder.rstrip('/').rsplit('/', 1)[-1]}")
    if plan.channel:
        places.append(f"to {plan.channel}")
    return f"{EVERY[plan.every]} {clock}, {' and '.join(places)}"


def _last(plan: Plan | None, zone: ZoneInfo) -> Cell:
    if plan is None or not plan.last_ms:
        return Cell("–")
    if plan.last:
        return Cell("Not saved", strong=True, shapes=(Shown.DEGRADED,), below=stamp(plan.last_ms, zone)[:-3])
    return Cell(stamp(plan.last_ms, zone)[:-3])


def periods(now_ms: int, zone: ZoneInfo, count: int = 13) -> list[tuple[str, str]]:
    """The months that can be reported, the last whole one first, then this: ("2026-10", "October 2026")."""
    now = datetime.fromtimestamp(now_ms / 1000, zone)
    months = [now.year * 12 + now.month - 1 - back for back in range(count)]
    months = [months[1], months[0], *months[2:]]
    found = []
    for month in months:
        first = datetime(month // 12, month % 12 + 1, 1)
        found.append((f"{first:%Y-%m}", f"{first:%B %Y}" + (" so far" if month == months[1] else "")))
    return found

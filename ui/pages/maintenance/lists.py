"""The smaller lists of Maintenance: announced work and purchases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.care_plans import Purchase, is_excused
from app.domain.records import FaultRecord
from ui.models.cells import Cell, Column, Tone
from ui.models.fault_words import shown_of, where
from ui.models.work_orders import soon
from ui.theme.formats import UNKNOWN, WIDEST_DAY, duration, when


@dataclass(frozen=True, slots=True)
class WorkRow:
    """Announced work. `stands` is "to come", "now" or "over"."""

    name: str
    body: Mapping[str, Any]
    stands: str
    now_ms: int


def work_rows(works: Any, now_ms: int) -> list[WorkRow]:
    """Rows, those that last now first, then those to come, then those over."""
    rows = []
    for name, body in works:
        begin, end = int(body.get("from_ms") or 0), int(body.get("to_ms") or 0)
        stands = "to come" if now_ms < begin else "now" if now_ms < end else "over"
        rows.append(WorkRow(name, body, stands, now_ms))
    rank = {"now": 0, "to come": 1, "over": 2}
    return sorted(
        rows,
        key=lambda r: (
            rank[r.stands],
            (r.body.get("from_ms") or 0) * (-1 if r.stands == "over" else 1),
        ),
    )


def work_columns(zone: ZoneInfo) -> list[Column[WorkRow]]:
    """What, where, when, whether alarms wait and uptime is excused."""

    def span(row: WorkRow) -> Cell:
        begin, end = int(row.body.get("from_ms") or 0), int(row.body.get("to_ms") or 0)
        return Cell(soon(begin, row.now_ms, zone), below=f"for {duration(end - begin)}")

    def announced(row: WorkRow) -> Cell:
        at = row.body.get("announced_ms")
        told = when(at, row.now_ms, zone) if isinstance(at, int) else UNKNOWN
        return Cell(told, below="excused in uptime" if is_excused(row.body) else "too late to excuse")

    def stands(row: WorkRow) -> Cell:
        words = {"now": "alarms suppressed", "to come": "not begun", "over": "over"}
        return Cell(row.stands.capitalize(), below=words[row.stands], strong=row.stands == "now",
                    tone=Tone.QUIET if row.stands == "over" else Tone.NORMAL)  # fmt: skip

    return [
        Column("title", "Work", _work, "Yearly safety test of all", stretch=True, fixed=True),
        Column("span", "Begins", span, "Tomorrow 10:00 ab", fixed=True),
        Column("announced", "Announced", announced, "excused in uptime", yields=2),
        Column("stands", "Now", stands, "alarms suppressed", fixed=True),
        Column("who", "Who", lambda r: Cell(str(r.body.get("who") or UNKNOWN), tone=Tone.QUIET), "Firm name",
               yields=3),
    ]  # fmt: skip


def _work(row: WorkRow) -> Cell:
    stations = row.body.get("stations") or ()
    place = ", ".join(map(str, stations)) or str(row.body.get("site") or "")
    return Cell(str(row.body.get("title") or row.name), below=place, strong=row.stands != "over")


def purchase_columns(today: str) -> list[Column[Purchase]]:
    """Station, dates, warranty, price."""

    def warranty(row: Purchase) -> Cell:
        stands = row.in_warranty(today)
        if stands is None:
            return Cell("not known yet", tone=Tone.FAINT)
        return Cell(row.warranty_until, more="" if stands else "ended", strong=stands)

    def text(value: str) -> Cell:
        return Cell(value or UNKNOWN, tone=Tone.QUIET)

    return [
        Column("station", "Station", lambda r: Cell(r.station, mono=True), "STATION-001", stretch=True,
               fixed=True),
        Column("bought", "Bought", lambda r: text(r.bought), "2026-03-29 "),
        Column("delivered", "Delivered", lambda r: text(r.delivered), "2026-03-29 "),
        Column("warranty", "Warranty until", warranty, "2026-03-29 ended", fixed=True),
        Column("price", "Price", _price, "128000.00 EUR", right=True, fixed=True),
    ]  # fmt: skip


def _price(row: Purchase) -> Cell:
    return Cell(f"{row.price} {row.currency}".strip() if row.price else UNKNOWN)


def fault_columns(now_ms: int, zone: ZoneInfo) -> list[Column[FaultRecord]]:
    """A plain list of faults."""
    return [
        Column("title", "Fault", lambda f: Cell(f.title, below=f"{f.station} {where(f)}", strong=True,
               shapes=(shown_of(f),)), "Connector cannot lock", stretch=True, fixed=True, extra_px=24),
        Column("since", "Began", lambda f: Cell(when(f.onset_ms, now_ms, zone), tone=Tone.QUIET),
               f"{WIDEST_DAY} 2026 14:00", fixed=True),
    ]  # fmt: skip

"""The warranty pack on paper: each fault with its evidence and dates, for the maker."""

from pathlib import Path
from zoneinfo import ZoneInfo

from app.analytics.costs.asked import Owed, WarrantyPack
from ui.models.cost_answers_more import COVERED, HOUR_MS
from ui.printing.files import write_pdf
from ui.printing.paper import Paper
from ui.theme.formats import UNKNOWN, count, day, duration, number, stamp, zone_text

LINES = 12
"""So many lines of a fault's history are printed; the CSV has all."""


def warranty_paper(pack: WarrantyPack, now_ms: int, zone: ZoneInfo, organisation: str = "") -> Paper:
    """The pack as a paper."""
    paper = Paper()
    span = f"{day(pack.from_ms, zone, year=True)} to {day(pack.to_ms, zone, year=True)}"
    paper.title(f"Warranty pack for {pack.vendor}", organisation or "Forecourt")
    hours = sum(one.down_h for one in pack.faults)
    paper.line(
        f"{count(len(pack.faults), 'fault')} opened from {span}, {number(hours, 1)} h in all.", strong=True
    )
    paper.line(
        f"Written {stamp(now_ms, zone)} {zone_text(now_ms, zone)}. Times are of that zone.", quiet=True
    )
    if pack.unknown:
        names = ", ".join(pack.unknown)
        paper.line(f"Nobody wrote down the warranty of {names}; their faults are marked so.", quiet=True)
    for one in pack.faults:
        _fault(paper, one, zone)
    paper.heading("Method")
    paper.line(
        "Faults whose station lay in warranty when they began, or may have. Faults of networks, of the grid "
        "and of card lists are left out, and so are faults that followed from another. Hours run from the "
        "first sign to the end of the fault.",
        quiet=True,
    )
    paper.foot = f"Warranty pack for {pack.vendor}. Made by Forecourt, {stamp(now_ms, zone)} ({zone})."
    return paper


def _fault(paper: Paper, one: Owed, zone: ZoneInfo) -> None:
    fault, station, bought = one.fault, one.station, one.purchase
    paper.heading(f"{station.station}: {fault.title}")
    until = bought.warranty_until if bought is not None else ""
    ended = fault.cleared_ms or fault.closed_ms
    paper.facts(
        [
            ("Fault", f"{fault.fault}, code {fault.code}"),
            (
                "Model, serial, firmware",
                ", ".join(filter(None, (station.model, station.serial, station.firmware))) or UNKNOWN,
            ),
            (
                "Delivered, warranty until",
                f"{(bought.delivered if bought else '') or UNKNOWN}, {until or UNKNOWN}",
            ),
            ("Warranty", COVERED[one.covered]),
            ("Began, ended", f"{stamp(fault.onset_ms, zone)}, {stamp(ended, zone) if ended else 'goes on'}"),
            ("Lasted", duration(one.down_h * HOUR_MS)),
            ("Station said", fault.raw or UNKNOWN),
        ]
    )
    if one.history:
        rows = [(stamp(line.at_ms, zone), line.verb, line.text) for line in one.history[:LINES]]
        paper.table(("When", "What", "Told"), rows, (26, 18, 56))
        if len(one.history) > LINES:
            paper.line(f"{len(one.history) - LINES} further lines stand in the CSV.", quiet=True)


def write_pack(pack: WarrantyPack, now_ms: int, zone: ZoneInfo, path: Path) -> Path:
    """Write the paper as PDF. Raises ForecourtError."""
    return write_pdf(warranty_paper(pack, now_ms, zone), path, f"Warranty pack for {pack.vendor}")

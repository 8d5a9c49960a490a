"""The handover of a shift on paper."""

from pathlib import Path
from zoneinfo import ZoneInfo

from app.analytics.fault_history import Handover
from ui.models.shift_words import handover_parts, summary
from ui.printing.files import write_pdf
from ui.printing.paper import Paper
from ui.theme.formats import clock, day, stamp, zone_text


def handover_paper(told: Handover, now_ms: int, zone: ZoneInfo) -> Paper:
    """The page: the shift in a sentence, then what stands, was done and has to be known."""
    paper = Paper()
    span = f"{day(told.from_ms, zone, weekday=True, year=True)}, {clock(told.from_ms, zone)} to "
    paper.title("Handover", f"{span}{clock(told.to_ms, zone)}, {zone_text(told.to_ms, zone)}")
    paper.line(summary(told), strong=True)
    for part in handover_parts(told, now_ms, zone):
        paper.heading(part.title)
        if part.lines:
            rows = [(f"{fault}" if fault else "", words, more) for fault, words, more in part.lines]
            paper.table(("Fault", "What", ""), rows, (10, 62, 28))
        else:
            paper.line(part.none, quiet=True)
    paper.line(f"Printed {stamp(now_ms, zone)}", quiet=True)
    paper.signatures(("Handed over", "Taken over"))
    return paper


def write_handover(told: Handover, now_ms: int, zone: ZoneInfo, path: Path) -> Path:
    """Write it as PDF. Raises ForecourtError."""
    return write_pdf(handover_paper(told, now_ms, zone), path, "Handover")

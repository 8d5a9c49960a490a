"""How the command line shows times, quantities, tables and progress to a person."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TextIO

from app.domain.errors import UsageError


def iso(ms: int) -> str:
    """ISO 8601 with Z and milliseconds."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{ms % 1000:03d}Z"


def clock_time(ms: int | None) -> str:
    """The same without the date's noise, for a line on a terminal; "never" for None."""
    return "never" if ms is None else iso(ms).replace("T", " ")


def moment(text: str, option: str, zone: tzinfo = UTC) -> int:
    """
    Milliseconds of a date or time as typed; of `zone` where it names none.

    Raises:
        UsageError: it is neither.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(f"{option} takes a date or time, as 2026-01-31 or 2026-01-31T08:00:00Z.") from exc
    return round((at if at.tzinfo is not None else at.replace(tzinfo=zone)).timestamp() * 1000)


def power(watts: int | float | None) -> str:
    """Power in kW; a dash where it is not known."""
    return "–" if watts is None else f"{watts / 1000:.1f} kW"


def energy(wh: int | None) -> str:
    """Energy in kWh; a dash where it is not known."""
    return "–" if wh is None else f"{wh / 1000:.1f} kWh"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need be."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    )


class Progress:
    """A line on stderr that moves on, where stderr is a terminal; elsewhere nothing."""

    def __init__(self, what: str, total: int = 0, out: TextIO | None = None) -> None:
        self._what, self._total, self._out = what, total, out or sys.stderr
        self._shows = self._out.isatty()
        self._last = -1

    def to(self, done: int, note: str = "") -> None:
        """`done` of the total (or plainly so many, where the total is not known)."""
        step = done * 100 // self._total if self._total else done // 1_000
        if not self._shows or step == self._last:
            return
        self._last = step
        if self._total:
            filled = min(30, step * 30 // 100)
            text = f"{self._what} [{'█' * filled}{' ' * (30 - filled)}] {min(step, 100):3d} % {note}"
        else:
            text = f"{self._what} {done} {note}"
        self._out.write(f"\r{text}\x1b[K")
        self._out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._shows and self._last >= 0:
            self._out.write("\r\x1b[K")
            self._out.flush()

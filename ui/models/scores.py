"""The scorecard of makers, models and firmware: rows, columns and what a range says."""

from dataclasses import dataclass
from math import isfinite

from app.analytics.intervals import Share
from app.analytics.maintenance_page import Figures, ScoreRow
from ui.models.cells import Cell, Column, Tone
from ui.theme.formats import UNKNOWN, number, percent


@dataclass(frozen=True, slots=True)
class Whisker:
    """A value with its 95 % range, as parts of an axis (0 to 1). None: nothing known."""

    value: float
    low: float
    high: float
    all: float | None = None


def top_of(rows: tuple[ScoreRow, ...]) -> float:
    """Where the axis of rates ends: the highest rate or the middle of ranges, a round figure."""
    wanted = max(
        (max(row.score.per_year or 0, min(row.score.high, 3 * (row.score.per_year or 1))) for row in rows),
        default=1.0,
    )
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if wanted <= step:
            return float(step)
    return wanted


def rate_whisker(row: ScoreRow, figures: Figures, top: float) -> Whisker | None:
    """The failures a year on an axis from 0 to `top`."""
    score = row.score
    if score.per_year is None or not isfinite(score.high):
        return None
    whole = figures.per_year
    return Whisker(
        min(1.0, score.per_year / top), min(1.0, score.low / top), min(1.0, score.high / top),
        None if whole is None else min(1.0, whole / top),
    )  # fmt: skip


def share_whisker(share: Share, whole: Share) -> Whisker | None:
    """A share on an axis from 0 to 100 %."""
    if share.value is None:
        return None
    return Whisker(share.value, share.low, share.high, whole.value)


def score_columns() -> list[Column[ScoreRow]]:
    """The columns; whiskers are drawn by the table's own delegate in `rate` and `remote`."""
    return [
        Column("model", "Model", _model, "Norrwatt S-150 ab", stretch=True, fixed=True),
        Column("firmware", "Firmware", _firmware, "10.10.10", fixed=True),
        Column("units", "No.", lambda r: Cell(number(r.units), tone=Tone.QUIET), "999", right=True, yields=3),
        Column("per_year", "Failures/yr", _rate, "111.8", right=True, fixed=True,
               hint="Failures a connector and year, measured over 90 days"),
        Column("rate", "95% range", lambda r: Cell(spoken=_range_words(r)), "", extra_px=120, yields=2),
        Column("reading", "Reading", _reading, "not clear", fixed=True),
        Column("remote_share", "Remote", _remote, "100%", right=True,
               hint="Mended from afar without a visit", yields=1),
        Column("remote", "95% range", lambda r: Cell(spoken=_share_words(r)), "", extra_px=100, yields=5),
        Column("uptime", "Uptime", _uptime, "99.99%", right=True, yields=4,
               hint="Raw, of the stations that run this firmware now"),
    ]  # fmt: skip


def _model(row: ScoreRow) -> Cell:
    name = f"{row.make.vendor} {row.make.model}".strip()
    return Cell(name, strong=row.uptime is not None, tone=Tone.NORMAL if row.uptime else Tone.QUIET)


def _rate(row: ScoreRow) -> Cell:
    return Cell(number(row.score.per_year, 1), strong=True)


def _reading(row: ScoreRow) -> Cell:
    loud = row.score.reading in ("better", "worse")
    return Cell(row.score.reading, strong=loud, tone=Tone.NORMAL if loud else Tone.QUIET)


def _uptime(row: ScoreRow) -> Cell:
    best = row.uptime.best if row.uptime is not None else None
    return Cell(UNKNOWN if best is None else percent(float(best) / 100, 1), tone=Tone.QUIET)


def _firmware(row: ScoreRow) -> Cell:
    return Cell(row.make.firmware or UNKNOWN, tone=Tone.QUIET)


def _remote(row: ScoreRow) -> Cell:
    share = row.remote.value
    return Cell(UNKNOWN if share is None else f"{number(share * 100)}%", tone=Tone.QUIET)


def _range_words(row: ScoreRow) -> str:
    return f"from {number(row.score.low, 1)} to {number(row.score.high, 1)} a year"


def _share_words(row: ScoreRow) -> str:
    share = row.remote
    return f"{share.k} of {share.n}, from {percent(share.low, 0)} to {percent(share.high, 0)}"

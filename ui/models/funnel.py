"""How far drivers came: each step of an attempt as a row with what was lost there, and shares with ranges."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analytics.attempts import Step
from app.analytics.driver_kpis import DriverKpis
from app.analytics.intervals import Share
from ui.models.cells import Cell, Column, Tone
from ui.models.words import STOP, error_words, within
from ui.theme.formats import UNKNOWN, number, percent

WORDS = {
    Step.PLUGGED: "Plugged in",
    Step.AUTHORISED: "Authorised",
    Step.STARTED: "Started",
    Step.ENERGY: "Energy flowed",
    Step.ENDED_WELL: "Ended well",
}
REFUSED = {
    "Invalid": "Card not known", "Unknown": "Card not known", "Blocked": "Card blocked",
    "Expired": "Card expired", "NoCredit": "No credit", "Rejected": "Start rejected",
    "NotAllowedTypeEVSE": "Card not for this plug", "NotAtThisLocation": "Card not for this site",
    "NotAtThisTime": "Card not at this time", "NotSupported": "Start not supported",
}  # fmt: skip
"""Why a card or a start was refused."""


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One step: how many came to it, the share of all, and why those who came no further did not."""

    step: Step
    count: int
    share: float
    lost: tuple[tuple[str, int], ...]


def cause_words(cause: str) -> str:
    """A cause in words: why a card was refused, a session ended or no energy came."""
    if not cause:
        return "Cause not known"
    known = REFUSED.get(cause) or STOP.get(cause)
    if known:
        return known
    return cause[:1].upper() + cause[1:] if " " in cause else error_words(cause)


def rows(kpis: DriverKpis) -> list[FunnelRow]:
    """The steps in order; none where nobody tried."""
    first = kpis.funnel[0].count if kpis.funnel else 0
    if not first:
        return []
    return [FunnelRow(s.step, s.count, s.count / first, s.lost) for s in kpis.funnel]


def columns() -> tuple[Column[FunnelRow], ...]:
    """Step, bar, count, share, what was lost."""
    return (
        Column("step", "Step", lambda r: Cell(WORDS[r.step], strong=True), "Energy flowed", fixed=True),
        Column("bar", "", lambda r: Cell(bar=r.share, spoken=percent(r.share, 0)), extra_px=120, fixed=True),
        Column("count", "Attempts", lambda r: Cell(number(r.count)), "10,000", right=True, fixed=True),
        Column("share", "Of all", lambda r: Cell(percent(r.share, 1), tone=Tone.QUIET), "100.0%", right=True),
        Column("lost", "Came no further", lambda r: Cell(_lost(r.lost), tone=Tone.QUIET), stretch=True,
               fixed=True),
    )  # fmt: skip


def _lost(lost: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{number(times)} {within(cause_words(cause))}" for cause, times in lost[:4]) or UNKNOWN


def figures(kpis: DriverKpis) -> list[tuple[str, str]]:
    """The driver-facing figures with their 95 % ranges, so that three attempts never look like a trend."""
    return [
        ("Start success", share(kpis.start_success)),
        ("First attempt", share(kpis.first_attempt)),
        ("Session success", share(kpis.session_success)),
        ("Attempts, visits", f"{number(kpis.attempts)}, {number(kpis.visits)}"),
    ]


def share(found: Share) -> str:
    """ "96.2% (91.0% to 98.6%)"; a dash of nothing."""
    if found.value is None:
        return UNKNOWN
    return f"{percent(found.value, 1)} ({percent(found.low, 1)} to {percent(found.high, 1)})"

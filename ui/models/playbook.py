"""A playbook's steps as rows: what was done, what runs, what comes next and how often it worked."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.analytics.intervals import Share
from app.recovery.plan import StepView
from ui.models.fault_words import STEP
from ui.theme.formats import age, count, duration, percent

RESULT = {
    "mended": "mended it",
    "no change": "no effect",
    "worse": "made it worse",
    "refused": "refused",
    "running": "running",
    "passed over": "passed over",
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step. `state` is done, running, next, later or passed over; `right` stands at the row's end."""

    number: int
    title: str
    text: str
    state: str
    right: str = ""


FEW = 5
"""Below so many tries a share is no rate and is not shown as one."""


def worked(rate: Share) -> str:
    """ "Worked 7 of 12 times, 58% (31% to 80%)."; "" where it was never tried."""
    if not rate.n:
        return ""
    if rate.n < FEW:
        return f"Worked {rate.k} of {count(rate.n, 'time')}."
    share = percent(rate.k / rate.n, 0)
    return f"Worked {rate.k} of {rate.n} times, {share} ({percent(rate.low, 0)} to {percent(rate.high, 0)})."


def step_rows(steps: Sequence[StepView], now_ms: int, zone: ZoneInfo) -> list[StepRow]:
    """The rows of an offer's steps, in the order in which they are offered."""
    found = []
    for place, step in enumerate(steps, 1):
        state, at, says, why = step.state, step.at_ms, step.says, step.why_not
        text, right = f"{says} {worked(step.rate)}".strip(), ""
        if state == "done":
            text = f"{says} {age(at, now_ms, zone).capitalize()}." if at is not None else says
            right = RESULT.get(step.result, "")
        elif state == "running":
            text = f"{says} Runs for {duration(now_ms - at)}." if at is not None else says
            right = "running"
        elif why:
            text = why
        found.append(StepRow(place, STEP.get(step.do, step.do), text, state, right))
    return found

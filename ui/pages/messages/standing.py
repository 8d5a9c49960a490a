"""What stands out in the log in view: errors, what to look at, calls without an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.status import Shown
from ui.models.messages import ANSWERS, MessageLine

PATIENCE_MS = 30_000
"""So long a call may wait for its answer before it is counted (CONTRACTS, message timeout)."""
WINDOW_MS = 300_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts over the lines in view; `unanswered` over the last five minutes."""

    errors: int = 0
    to_look_at: int = 0
    unanswered: int = 0


def standing(lines: Sequence[MessageLine], now_ms: int) -> Standing:
    """Count what stands out."""
    errors = to_look_at = 0
    answered: set[tuple[str, str]] = set()
    calls: list[tuple[str, str]] = []
    for line in lines:
        if line.is_error:
            errors += 1
        elif line.mark is not None and line.mark[0] is Shown.DEGRADED:
            to_look_at += 1
        view = line.view
        if view.at_ms < now_ms - WINDOW_MS:
            continue
        if view.kind in ANSWERS:
            answered.add(line.pair)
        elif view.kind == "call" and view.at_ms < now_ms - PATIENCE_MS and not view.held:
            calls.append(line.pair)
    return Standing(errors, to_look_at, sum(1 for pair in calls if pair not in answered))

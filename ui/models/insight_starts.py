"""Where starts get lost: the funnel as rows, its answer in one line, its table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analytics.driver_kpis import FunnelStep
from app.analytics.insights.answers import Starts
from app.analytics.intervals import newcombe
from ui.models.funnel import WORDS, cause_words
from ui.models.insight_choice import make_words
from ui.models.words import within
from ui.theme.formats import count, number, percent

Table = list[list[str]]
FEW = 20
"""Of fewer than these nothing is said to be usual or most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a panel says: the answer in one line, and its foot, each with a strong and a quiet part."""

    strong: str
    quiet: str = ""
    foot: str = ""
    foot_quiet: str = ""
    foot_right: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step: who came to it, the share of the step before and of all, and why the others did not.

    `before` and `before_share`: the same of the second set, None without one.
    """

    name: str
    count: int
    passed: float | None
    of_all: float
    lost: int
    causes: tuple[tuple[str, int], ...]
    before: float | None = None
    before_of_all: float | None = None


def rows(first: Starts, second: Starts | None) -> list[StepRow]:
    """The steps in order; none where nobody tried."""
    mine = _steps(first.funnel)
    others = {one[0]: one for one in _steps(second.funnel)} if second is not None else {}
    found = []
    for name, came, passed, of_all, causes in mine:
        other = others.get(name)
        found.append(
            StepRow(
                name, came, passed, of_all, sum(times for _, times in causes), causes,
                other[2] if other else None, other[3] if other else None,
            )
        )  # fmt: skip
    return found


def answer(first: Starts, second: Starts | None) -> Answer:
    """The dearest step and cause, and how many ended well."""
    found = rows(first, second)
    if not found:
        return Answer("Nobody tried to charge in this time.")
    share = first.well
    lost = share.n - share.k
    foot = percent(share.value, 1)
    told = f"of {number(share.n)} ended well, {number(lost)} were lost"
    right = change(first, second)
    if share.n < FEW:
        few = f"Only {count(share.n, 'attempt')}: too few to tell where most are lost."
        return Answer(few, f"{number(lost)} did not end well" if lost else "All ended well")
    worst = max(found, key=lambda row: row.causes[0][1] if row.causes else 0)
    if not worst.causes:
        return Answer("Nothing was lost.", f"All {number(share.n)} attempts ended well", foot, told, right)
    cause, times = worst.causes[0]
    strong = f"Before “{worst.name}”: {within(cause_words(cause))}, {number(times)} of {number(lost)} lost."
    at = next((one for one in first.worst if one[0] == cause), None)
    quiet = ""
    if at is not None and any(at[1]) and at[2] * 2 >= times:
        quiet = f"{number(min(at[2], times))} of them on {make_words(at[1])}"
    return Answer(strong, quiet, foot, told, right)


def change(first: Starts, second: Starts | None) -> str:
    """How much better or worse the second set was, or that it is not clear."""
    if second is None:
        return ""
    mine, other = first.well, second.well
    if mine.value is None or other.value is None:
        return "nothing to compare with"
    low, high = newcombe(mine.k, mine.n, other.k, other.n)
    points = (mine.value - other.value) * 100
    if low <= 0 <= high:
        return f"{number(abs(points), 1)} points {'more' if points >= 0 else 'less'}, not clear"
    return f"{number(abs(points), 1)} points {'better' if points > 0 else 'worse'} than the second"


def second_line(second: Starts) -> str:
    """The second set in one line."""
    share = second.well
    if not share.n:
        return "Second: nobody tried"
    if share.n < FEW:
        return f"Second: {number(share.n)} plugged in, {number(share.k)} ended well"
    return f"Second: {number(share.n)} plugged in, {percent(share.value, 1)} ended well"


def said(row: StepRow) -> str:
    """A step in words."""
    parts = [f"{row.name}: {number(row.count)}"]
    if row.passed is not None:
        parts.append(f"{percent(row.passed, 1)} of the step before, {number(row.lost)} lost")
    parts += [f"{cause_words(cause)} {number(times)}" for cause, times in row.causes]
    if row.before is not None:
        parts.append(f"second {percent(row.before, 1)}")
    return ", ".join(parts)


def table(sets: Sequence[tuple[str, Starts]]) -> Table:
    """Each set's steps and causes."""
    found = [["set", "step", "came_to_it", "cause_of_loss", "lost"]]
    for name, starts in sets:
        for step, came, _, _, causes in _steps(starts.funnel):
            found.append([name, step, str(came), "", str(sum(times for _, times in causes))])
            found += [[name, step, "", cause_words(cause), str(times)] for cause, times in causes]
    return found


def _steps(
    funnel: Sequence[FunnelStep],
) -> list[tuple[str, int, float | None, float, tuple[tuple[str, int], ...]]]:
    """(name, came, share of the step before, of all, lost on the way to it)."""
    if not funnel or not funnel[0].count:
        return []
    whole = funnel[0].count
    found: list[tuple[str, int, float | None, float, tuple[tuple[str, int], ...]]] = []
    for n, step in enumerate(funnel):
        earlier = funnel[n - 1] if n else None
        few = earlier is None or earlier.count < FEW
        passed = None if earlier is None or few else step.count / earlier.count
        causes = earlier.lost if earlier is not None else ()
        found.append((WORDS[step.step], step.count, passed, step.count / whole, causes))
    return found

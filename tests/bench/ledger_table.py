"""Writes what `ledger.py` found as a section of RESULTS.md."""

import statistics
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from tests.bench.ledger import BIG, COSTS, EFFECTS, SEEDS, STATIONS, Cell, Run
from tests.bench.rig import ROOT

HEADING = "## The ledger against paired years"
HELD, FALSE, NEAR = 0.91, 0.05, 0.10
"""The goals: ranges that hold the truth, years called one without an effect, lost revenue off by."""

WHY = (
    "How lost revenue is told: a visit in vain counts as far as its pool lost it, as who charges takes a "
    "place that others then find taken. Who found all taken leaves no trace; how many of those come back is "
    "told by regulars who failed and did not stop coming. A network of few stations loses some sixty visits "
    "a year, whose own chance is above a tenth; the goal is that of a hundred stations."
)


def table(runs: Sequence[Run], big: Sequence[Run], bare: Sequence[Run], whole: Sequence[Run]) -> str:
    """The section: networks of few stations, of a hundred, those in which nothing goes wrong, and those that
    went through the whole path."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
    ).stdout.strip()
    cpu = statistics.median(one.cpu_s for one in runs) if runs else 0.0
    lines = [
        HEADING,
        "",
        f"`python -m tests.bench --only ledger` (commit {commit}): the same wishes to charge played with and "
        "without what goes wrong (`tests/bench/paired`), with drivers who wait, go to the next plug, come "
        "back later or leave for good, stays of minutes to a night, uneven days, seasons and holidays. The "
        "truth is the difference, by site, cost and month; what people did at desks and on site is true by "
        f"construction. {len(runs)} seeds of {STATIONS} stations over a year, fed as records "
        f"({cpu:.1f} s of processor time each), {len(big)} of {BIG} stations, {len(whole)} through the "
        "whole path (OCPP 1.6 messages, decisions, journal, rules of faults). A cell is a site, a cost and "
        "a month; cells in which nothing happened and nothing was said are left out. Brand and churn are "
        "compared from the fourth month on and once their follow-up is over.",
        "",
        *_network(runs, big, whole),
        "",
        f"Goal: {SEEDS} seeds; a shorter series goes on where it stopped when it is asked for again.",
        "",
        WHY,
        "",
        *_held(runs),
        "",
        *_by_site(runs),
        "",
        *_called(runs),
        "",
        *_twice([*runs, *big, *bare, *whole], bare),
    ]
    return "\n".join([*lines, ""])


def _sums(one: Run, cost: str = COSTS[0]) -> tuple[float, float]:
    mine = [cell for cell in one.cells if cell.cost == cost]
    return sum(cell.truth for cell in mine), sum(cell.amount for cell in mine)


def _network(runs: Sequence[Run], big: Sequence[Run], whole: Sequence[Run]) -> list[str]:
    lines = [
        "| lost revenue of a network's year | years | truth | ledger | off by, together | off by, median | "
        f"within {NEAR:.0%} | met |",
        "|---|---|---|---|---|---|---|---|",
    ]
    paths = [
        (f"{size} stations through the whole path", [one for one in whole if one.stations == size])
        for size in (STATIONS, BIG)
    ]
    for name, found in ((f"{STATIONS} stations", runs), (f"{BIG} stations", big), *paths):
        if not found:
            continue
        pairs = [_sums(one) for one in found]
        truth, told = (sum(pair[n] for pair in pairs) for n in (0, 1))
        off = [abs(b / a - 1) for a, b in pairs if a > 0]
        near = sum(one <= NEAR for one in off)
        met = all(one <= NEAR for one in off)
        together = told / truth - 1 if truth else 0.0
        lines.append(
            f"| {name} | {len(found)} | {truth:,.0f} | {told:,.0f} | {together:+.1%} | "
            f"{statistics.median(off):.1%} | {near} of {len(off)} | {_met(met)} |"
        )
    return lines


def _held(runs: Sequence[Run]) -> list[str]:
    lines = [
        f"| cost | truth | ledger | cells | range holds the truth (goal >= {HELD:.0%}) | truth above | below "
        "| years of a site held | met |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for cost in COSTS:
        cells = [cell for one in runs for cell in one.cells if cell.cost == cost and not cell.empty]
        if not cells:
            continue
        share = _share(cells, lambda cell: cell.held)
        years = _years(runs, cost)
        lines.append(
            f"| {cost} | {sum(c.truth for c in cells):,.0f} | {sum(c.amount for c in cells):,.0f} | "
            f"{len(cells)} | {share:.3f} | {sum(c.truth > c.high + 0.011 for c in cells)} | "
            f"{sum(c.truth < c.low - 0.011 for c in cells)} | {_share(years, bool):.3f} of {len(years)} | "
            f"{_met(share >= HELD)} |"
        )
    return lines


def _years(runs: Sequence[Run], cost: str) -> list[bool]:
    """Of each site and year in which something was: whether the sum of the ranges holds the sum."""
    found = []
    for one in runs:
        sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 3)
        for cell in one.cells:
            if cell.cost == cost and not cell.empty:
                for n, amount in enumerate((cell.truth, cell.low, cell.high)):
                    sums[cell.site][n] += amount
        found += [low - 0.1 <= truth <= high + 0.1 for truth, low, high in sums.values()]
    return found


def _by_site(runs: Sequence[Run]) -> list[str]:
    sites = sorted({cell.site for one in runs for cell in one.cells}, key=lambda name: name.split()[-1])
    lines = [
        "Ranges that hold the truth, by site (of so many cells):",
        "",
        "| site | " + " | ".join(COSTS) + " |",
        "|---|" + "---|" * len(COSTS),
    ]
    for site in sites:
        row = []
        for cost in COSTS:
            cells = [c for one in runs for c in one.cells if (c.site, c.cost) == (site, cost) and not c.empty]
            share = _share(cells, lambda cell: cell.held)
            mark = "" if share >= HELD or not cells else "**"
            row.append(f"{mark}{share:.3f}{mark} ({len(cells)})" if cells else "-")
        lines.append(f"| {site} | " + " | ".join(row) + " |")
    return lines


def _called(runs: Sequence[Run]) -> list[str]:
    lines = [
        "Years in which drivers who left are called a cost of what went wrong: churn, if anything is booked; "
        "brand, if its range lies above zero. Of newcomers three times as many leave as of known drivers.",
        "",
        "| driven away by a bad visit | years | drivers hit and followed, median | churn called "
        "| brand called | met |",
        "|---|---|---|---|---|---|",
    ]
    for effect in sorted(set(EFFECTS)):
        mine = [one for one in runs if one.effect == effect]
        if not mine:
            continue
        called = [sum(cost in one.called for one in mine) for cost in ("churn", "brand")]
        hit = statistics.median(one.exposed for one in mine)
        met = _met(max(called) / len(mine) <= FALSE) if not effect else "power"
        shares = " | ".join(f"{n} ({n / len(mine):.0%})" for n in called)
        lines.append(f"| {effect:.0%} | {len(mine)} | {hit:.0f} | {shares} | {met} |")
    return lines


def _twice(every: Sequence[Run], bare: Sequence[Run]) -> list[str]:
    twice = sum(len(one.twice) for one in every)
    moved = sum(one.moved for one in every)
    lines = [
        f"Counted twice: {twice} objects in {len(every)} years ({_met(twice == 0)}); {moved} second claims "
        "were refused and listed."
    ]
    if bare:
        lost = [_sums(one, cost)[1] for one in bare for cost in (COSTS[0], "brand", "churn")]
        lines += [
            "",
            f"Nothing goes wrong at all ({len(bare)} years): lost revenue, brand and churn of "
            f"{sum(lost):,.2f} in all are told, {sum(one > 0.005 for one in lost)} of {len(lost)} sums above "
            f"zero ({_met(sum(one > 0.005 for one in lost) <= FALSE * len(lost))}).",
        ]
    return lines


def _share(found: Sequence[Cell] | Sequence[bool], good: Callable[..., bool]) -> float:
    kept: Iterable[bool] = (good(one) for one in found)
    return sum(kept) / len(found) if found else 1.0


def _met(met: bool) -> str:
    return "yes" if met else "**no**"

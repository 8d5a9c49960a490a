"""The ledger of a month: facts from history, priced by the rates that hold, each euro in one place.

`facts_of` reads history, which takes its time and is kept; `ledger_of` prices facts, which takes
milliseconds and is done anew whenever a rate changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from app.analytics.costs.assumptions import AssumptionSet
from app.analytics.costs.brand import brand, difference
from app.analytics.costs.churn import churn
from app.analytics.costs.data import missed_data
from app.analytics.costs.expansion import slowed_expansion
from app.analytics.costs.facts import Facts
from app.analytics.costs.field_work import maintenance_cost
from app.analytics.costs.ledger import Claims, Confidence, Cost, Ledger, Part, close
from app.analytics.costs.lost_revenue import PricedFault, lost_revenue
from app.analytics.costs.manpower import manpower
from app.analytics.costs.recovered import Recovered
from app.analytics.intervals import ENDS, newcombe, upper_of_few

RULES = 3
"""Rises when a rule of the ledger changes its meaning; stands beside every figure."""
R = "revenue.recovered_share"
SPREAD = Decimal("0.5")
"""Variance of what a visit takes over its mean squared; for ranges only."""


def ledger_of(facts: Facts, held: AssumptionSet, now_ms: int) -> Ledger:
    """Price a month in the order of precedence, with one claim on each stream.

    A month stands for itself: it is the same whichever months it is looked at with.

    Args:
        facts: of the month.
        held: the rates.
        now_ms: what is pending then stays out.
    """
    unseen = unseen_share(facts, held)
    claims = Claims()
    parts = _lost(facts, recovered_share(facts, held), unseen, claims)
    parts += maintenance_cost(facts.visits, facts.parts_paid, held, claims)
    for cohort in facts.cohorts:
        if cohort.due_ms <= now_ms:
            parts += churn(cohort.exposed, cohort.controls, cohort.controls_lapsed, claims, cohort.year)
    parts += _brand(facts, held, claims, now_ms)
    parts += manpower(facts.actions, held, claims)
    parts += slowed_expansion(facts.candidates, held, unseen.share, claims)
    parts += missed_data(facts.unproved, facts.peaks, facts.blind, held, claims)
    mine = [part for part in parts if part.period == facts.period]
    return Ledger(close(_unpriced(mine, facts.currency)), tuple(claims.moved), held.number)


class Share(NamedTuple):
    """r with its 95 % range; `assumed` where no driver told it."""

    share: Decimal
    assumed: bool
    low: Decimal
    high: Decimal


def recovered_share(facts: Facts, held: AssumptionSet) -> Share:
    """The share who come back of those who failed: as entered, else from own drivers, drawn to a quarter."""
    return _share(facts.recovered, held)


def unseen_share(facts: Facts, held: AssumptionSet) -> Share:
    """The same of those who found all taken or out of use, and left without a trace."""
    return _share(facts.stayed, held)


def _share(own: Recovered, held: AssumptionSet) -> Share:
    if not held.assumed(R):
        value = held.need(R)
        return Share(value, False, value, value)
    share, low, high = (Decimal(repr(round(one, 4))) for one in (own.share, *own.range))
    return Share(share, own.of == 0, low, high)


def _lost(facts: Facts, recovered: Share, unseen: Share, claims: Claims) -> list[Part]:
    faults = [_less(one, 1 - unseen.share, (1 - unseen.high, 1 - unseen.low)) for one in facts.faults]
    parts = lost_revenue(
        faults, facts.starved, facts.failed, facts.unbilled, recovered.share, claims,
        assumed_share=recovered.assumed, assumed_unseen=unseen.assumed,
    )  # fmt: skip
    ends = (1 - recovered.high, 1 - recovered.low)
    return [_ranged(part, 1 - recovered.share, ends) for part in parts]


def _ranged(part: Part, kept: Decimal, ends: Sequence[Decimal]) -> Part:
    """The range of visits that were counted: in doubt is who came back, whether each was lost (its full
    margin or nothing), and what each would have taken."""
    if part.confidence is not Confidence.MODELLED or part.lines[0].object.startswith("fault:") or kept <= 0:
        return part
    exact, full = part.exact, part.high or Decimal(0)
    each = max(Decimal(0), exact / len(part.lines) * (full * (1 + SPREAD) - exact))
    below, above = ((each + (exact * (1 - end / kept) / ENDS) ** 2).sqrt() for end in ends)
    return replace(part, low=max(Decimal(0), exact - ENDS * below), high=upper_of_few(exact, above))


def _less(one: PricedFault, kept: Decimal, ends: Sequence[Decimal]) -> PricedFault:
    """Less who came back. Two doubts that have nothing to do with each other add up as squares; a count of
    which only a part is lost scatters by the root of that part."""
    exact, root = one.exact * kept, kept.sqrt()
    below = (((one.exact - one.low) * root) ** 2 + (one.exact * (kept - ends[0])) ** 2).sqrt()
    above = (((one.high - one.exact) * root) ** 2 + (one.exact * (ends[1] - kept)) ** 2).sqrt()
    low = Decimal(0) if one.low <= 0 else max(Decimal(0), exact - below)
    return replace(one, exact=exact, low=low, high=upper_of_few(exact, above / ENDS))


def _brand(facts: Facts, held: AssumptionSet, claims: Claims, now_ms: int) -> list[Part]:
    returns = facts.returns
    share, how, thin = difference(returns, held.need("brand.return_good"), held.need("brand.return_bad"))
    low = high = None
    if returns.good and returns.bad:
        ends = newcombe(returns.good_returned, returns.good, returns.bad_returned, returns.bad)
        low, high = (Decimal(repr(max(0.0, end))) for end in ends)
    firsts = facts.firsts if facts.returns_due_ms <= now_ms else ()
    parts = brand(firsts, facts.credits, share, how, returns.worth, claims, low=low, high=high)
    return [_thin(part) if thin and part.confidence is not Confidence.MEASURED else part for part in parts]


def _thin(part: Part) -> Part:
    return replace(part, assumptions=(*part.assumptions, "thin"))


def _unpriced(parts: Iterable[Part], usual: str) -> list[Part]:
    """Where no price is known a part has quantities and no amount; it is told in the operator's currency."""
    found = []
    for part in parts:
        if part.currency:
            found.append(part)
            continue
        hours = part.cost is Cost.DATA and part.confidence is Confidence.MEASURED
        missing = part.missing or ("" if hours else "price")
        found.append(replace(part, currency=usual, missing=missing, low=None, high=None))
    return found

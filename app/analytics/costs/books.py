"""The ledger of a month as it is kept and shown, made of facts by the rates that hold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from app.analytics.costs.assumptions import AssumptionSet, known, tried
from app.analytics.costs.churn import ChurnTest
from app.analytics.costs.data import Peak
from app.analytics.costs.expansion import Case, cases
from app.analytics.costs.facts import AtRisk, Counts, Facts
from app.analytics.costs.ledger import Confidence, Cost, Ledger, Moved, Part
from app.analytics.costs.month import RULES, R, Share, ledger_of, recovered_share, unseen_share
from app.analytics.costs.savings import Saving, savings

SWING = Decimal("0.2")
"""How far a rate is moved to see what depends on it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An input without which something is "not known yet": `key` is an assumption's, "price" or
    "energy-cost"; `site` "" where it is the whole network's."""

    key: str
    cost: Cost
    site: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A cost whose follow-up goes on until `due_ms`."""

    cost: Cost
    site: str
    due_ms: int


@dataclass(frozen=True, slots=True)
class Swing:
    """What the total becomes where one rate is a fifth lower or higher, or at the ends of its 95 % range
    where own drivers tell it."""

    key: str
    value: Decimal
    lower: Decimal
    higher: Decimal


@dataclass(frozen=True, slots=True)
class Daily:
    """What of a cost fell on one day of the month (1 to 31, UTC), by confidence; parts of one site."""

    day: int
    cost: Cost
    site: str
    confidence: Confidence
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Book:
    """One month. `parts` of a page have no lines; evidence is read where it is opened.

    `until_ms` is how far its facts go; `over`: the month is over. `assumption_set` and `rules` are the
    versions it was made with.
    """

    period: str
    start_ms: int
    end_ms: int
    over: bool
    until_ms: int
    currency: str
    assumption_set: int
    rules: int
    parts: tuple[Part, ...]
    moved: tuple[Moved, ...]
    asks: tuple[Ask, ...]
    pending: tuple[Pending, ...]
    counts: Counts
    cases: tuple[Case, ...]
    savings: tuple[Saving, ...]
    at_risk: tuple[AtRisk, ...]
    swings: tuple[Swing, ...]
    days: tuple[Daily, ...]
    """The month's amounts by day, so that the first days of months can be compared."""
    recovered: Share
    churn_test: ChurnTest | None = None
    """Those hit against those who were not, once their follow-up is over; it says its range and power."""
    revenue_not_margin: tuple[str, ...] = ()
    """Sites whose lost revenue is revenue, because what a kWh costs was not said."""
    peaks: tuple[Peak, ...] = ()
    """Each site's highest quarter hour, and the lowest that would have served the same drivers."""

    def total(self, currency: str = "", *, outside: bool = False) -> Decimal:
        """The month's sum in one currency (the operator's); future margin only with `outside`."""
        return Ledger(self.parts).total(currency or self.currency, outside=outside)

    def lines_apart(self) -> "Book":
        """The same without its evidence and without the hours behind the cases of one more connector."""
        return replace(
            self,
            parts=tuple(replace(part, lines=()) for part in self.parts),
            cases=tuple(replace(one, candidate=replace(one.candidate, hours=())) for one in self.cases),
        )


@dataclass(frozen=True, slots=True)
class Books:
    """Several months, oldest first, and which of those asked for are not computed yet."""

    months: tuple[Book, ...]
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    """Months that are shown as they were, while they are computed anew."""

    def month(self, period: str) -> Book | None:
        """One of them."""
        return next((book for book in self.months if book.period == period), None)

    def before(self, period: str) -> Book | None:
        """The one before it."""
        earlier = [book for book in self.months if book.period < period]
        return earlier[-1] if earlier else None


def book_of(
    facts: Facts, held: AssumptionSet, now_ms: int, *, swings: bool = True, ranged: bool = True
) -> Book:
    """Price a month; `ranged`: with the ranges of its cases of one more connector."""
    ledger = ledger_of(facts, held, now_ms)
    unseen = unseen_share(facts, held).share
    return Book(
        facts.period, facts.start_ms, facts.end_ms, facts.over, facts.until_ms, facts.currency, held.number,
        RULES, ledger.parts, ledger.moved, _asks(facts, ledger), _pending(facts, now_ms), facts.counts,
        cases(facts.candidates, held, unseen, ranged=ranged),
        savings(facts.treated, facts.untreated, 1 - unseen), facts.at_risk,
        _swings(facts, held, now_ms, ledger) if swings else (), _days(ledger.parts),
        recovered_share(facts, held), _churn_test(facts, now_ms), facts.no_energy_cost, facts.peaks,
    )  # fmt: skip


def _days(parts: Sequence[Part]) -> tuple[Daily, ...]:
    found: dict[tuple[int, Cost, str, Confidence, str], Decimal] = {}
    for part in parts:
        for line in part.lines:
            if line.amount:
                day = datetime.fromtimestamp(line.at_ms / 1000, UTC).day
                key = (day, part.cost, part.site, part.confidence, part.currency)
                found[key] = found.get(key, Decimal(0)) + line.amount
    return tuple(Daily(*key, amount) for key, amount in sorted(found.items()))


def _asks(facts: Facts, ledger: Ledger) -> tuple[Ask, ...]:
    found = {Ask(part.missing, part.cost, "" if part.missing != "price" else part.site): None
             for part in ledger.parts if part.missing}  # fmt: skip
    for site in facts.no_price:
        found.setdefault(Ask("price", Cost.LOST_REVENUE, site))
    for site in facts.no_energy_cost:
        found.setdefault(Ask("energy-cost", Cost.LOST_REVENUE, site))
    return tuple(found)


def _pending(facts: Facts, now_ms: int) -> tuple[Pending, ...]:
    found = [
        Pending(Cost.CHURN, cohort.site, cohort.due_ms)
        for cohort in facts.cohorts
        if cohort.due_ms > now_ms and cohort.exposed
    ]
    if facts.returns_due_ms > now_ms and facts.firsts:
        found.append(Pending(Cost.BRAND, "", facts.returns_due_ms))
    return tuple(found)


def _churn_test(facts: Facts, now_ms: int) -> ChurnTest | None:
    over = [cohort for cohort in facts.cohorts if cohort.due_ms <= now_ms]
    if not over:
        return None
    own = ChurnTest(
        sum(len(c.exposed) for c in over), sum(one.lapsed for c in over for one in c.exposed),
        sum(c.controls for c in over), sum(c.controls_lapsed for c in over), sum(c.censored for c in over),
    )  # fmt: skip
    year = over[0].year
    # A month is judged by the twelve that end with it.
    return replace(year, censored=own.censored) if year and year.exposed > own.exposed else own


def _swings(facts: Facts, held: AssumptionSet, now_ms: int, as_is: Ledger) -> tuple[Swing, ...]:
    used = {key for part in as_is.parts for key in part.assumptions} | {
        key for key, one in known().items() if one.feeds and held.get(key) is not None
    }
    found = []
    shares = recovered_share(facts, held), unseen_share(facts, held)
    for key in known():
        value = held.get(key)
        if key not in used or value is None or value == 0:
            continue
        tries = [value * (1 - SWING), value * (1 + SWING)]
        if key == R and held.assumed(key):
            value, tries = shares[0].share, [min(s.low for s in shares), max(s.high for s in shares)]
        ends = [
            ledger_of(facts, tried(held, key, one), now_ms).total(facts.currency, outside=True)
            for one in tries
        ]
        if ends[0] != ends[1]:
            found.append(Swing(key, value, ends[0], ends[1]))
    return tuple(sorted(found, key=lambda s: -abs(s.higher - s.lower)))

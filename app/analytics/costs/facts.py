"""What happened in a month, ready to be priced: found in history once, kept, and read again whenever an
assumption changes. No rate is in here, so that a change of one needs no second look at history.

A place whose currency is "" has no price yet: what stands there is told in its quantity alone.
"""

from dataclasses import dataclass
from decimal import Decimal

from app.analytics.costs.brand import Credit, FirstBad, Returns
from app.analytics.costs.churn import ChurnTest, Exposed
from app.analytics.costs.data import Blind, Peak, Unproved
from app.analytics.costs.expansion import Candidate
from app.analytics.costs.field_work import PartPaid, Visit
from app.analytics.costs.lost_revenue import FailedVisit, PricedFault, StarvedSession, Unbilled
from app.analytics.costs.manpower import Avoidable
from app.analytics.costs.recovered import Recovered
from app.analytics.costs.savings import Treated

NONE_CAME_BACK = Recovered(0, 0, 0.0)
NO_RETURNS = Returns(0, 0, 0, 0, None)


@dataclass(frozen=True, slots=True)
class SiteCohort:
    """A site's churn cohort of a month: those hit, and those who were not, with who of them lapsed.

    `due_ms` is when the last follow-up of its drivers is over; until then the month is pending. `censored`
    drivers were left out of both groups, because they could not be followed. `year` compares the twelve
    months that end with this one, by which it is judged; None where only the month is known.
    """

    site: str
    exposed: tuple[Exposed, ...]
    controls: int
    controls_lapsed: int
    due_ms: int
    censored: int = 0
    year: ChurnTest | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Plain counts beside the money of a month."""

    visits: int = 0
    visits_failed: int = 0
    attempts: int = 0
    sessions: int = 0
    sessions_unproved: int = 0
    sessions_without_curve: int = 0
    readings_lost_h: float = 0.0
    blind_h: float = 0.0
    drivers: int = 0
    drivers_hit: int = 0
    newcomers: int = 0
    newcomers_bad: int = 0
    cards_refused: int = 0
    complaints: int = 0
    reviews: int = 0
    acts: int = 0
    act_minutes: float = 0.0
    call_minutes: float = 0.0
    visits_to_sites: int = 0
    remote_fixes: int = 0
    variables_unread: int = 0
    broken_h: float = 0.0
    """Hours in which a public map showed a connector as broken."""


NO_COUNTS = Counts()


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A regular who may not come again: `why` is a sentence, `worth` what a year of him is worth."""

    driver: str
    site: str
    last_ms: int
    gap_days: float
    silent_days: float
    visits: int
    bad: int
    why: str
    worth: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One month of the network."""

    period: str
    start_ms: int
    end_ms: int
    over: bool
    """Whether the month is over; else these are its facts so far."""
    until_ms: int
    currency: str
    faults: tuple[PricedFault, ...] = ()
    """With nobody coming back: r is taken off when they are priced."""
    starved: tuple[StarvedSession, ...] = ()
    failed: tuple[FailedVisit, ...] = ()
    unbilled: tuple[Unbilled, ...] = ()
    recovered: Recovered = NONE_CAME_BACK
    """Of those who failed in the year to the month's end."""
    stayed: Recovered = NONE_CAME_BACK
    """Of the regulars among them who did not stop coming: so come back those who found all taken."""
    actions: tuple[Avoidable, ...] = ()
    firsts: tuple[FirstBad, ...] = ()
    returns: Returns = NO_RETURNS
    returns_due_ms: int = 0
    """When the follow-up of the month's newcomers is over."""
    credits: tuple[Credit, ...] = ()
    cohorts: tuple[SiteCohort, ...] = ()
    unproved: tuple[Unproved, ...] = ()
    peaks: tuple[Peak, ...] = ()
    blind: tuple[Blind, ...] = ()
    visits: tuple[Visit, ...] = ()
    parts_paid: tuple[PartPaid, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    treated: tuple[Treated, ...] = ()
    untreated: tuple[Treated, ...] = ()
    at_risk: tuple[AtRisk, ...] = ()
    counts: Counts = NO_COUNTS
    no_price: tuple[str, ...] = ()
    """Sites without a price."""
    no_energy_cost: tuple[str, ...] = ()
    """Sites whose figures are revenue, not margin, because nobody said what a kWh costs."""

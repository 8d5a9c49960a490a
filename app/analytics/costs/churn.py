"""User churn: 12-month margin of known drivers who left after a bad experience, beyond the usual rate
(reference E.7 and H). A difference of shares, so "drivers who were hit left more often", no proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, sqrt
from statistics import NormalDist

from app.analytics.costs.ledger import Claims, Confidence, Cost, Line, Nature, Part, Stream
from app.analytics.costs.lost_revenue import Place
from app.analytics.intervals import ENDS, Z, newcombe, upper_of_few

KAPPA = 2
Z_MONTHLY = 2.33
"""Looking twelve times a year at overlapping twelve months finds by chance about twice what one look does."""
LAPSED_BELOW = 0.05
DEFAULT_GAP_DAYS = 14.0
NOT_DISTINGUISHABLE = "not distinguishable from zero"


@dataclass(frozen=True, slots=True)
class Exposed:
    """A known driver (3 visits before) who was hit for the first time in the month, and whether he lapsed."""

    place: Place
    driver: str
    cause: str
    at_ms: int
    lapsed: bool
    worth: Decimal | None
    """The margin of twelve months (V12), None where no price is known."""


@dataclass(frozen=True, slots=True)
class ChurnTest:
    """The comparison of a month: difference of lapse shares with its 95 % range."""

    exposed: int
    exposed_lapsed: int
    controls: int
    controls_lapsed: int
    censored: int = 0
    """Drivers left out, because they could not be followed to the end or their site was shut."""

    @property
    def difference(self) -> float:
        """c_exp − c_ctl; negative ones are shown, not clipped."""
        mine = self.exposed_lapsed / self.exposed if self.exposed else 0.0
        return mine - (self.controls_lapsed / self.controls if self.controls else 0.0)

    @property
    def range(self) -> tuple[float, float]:
        """Newcombe's 95 % range."""
        return newcombe(self.exposed_lapsed, self.exposed, self.controls_lapsed, self.controls)

    def power(self, rise: float = 0.10) -> float | None:
        """How likely a rise of the lapse share by so much over the controls' would be seen with so many.

        None where nobody is in one of the groups. Normal approximation; reference H.
        """
        if not self.exposed or not self.controls:
            return None
        base = self.controls_lapsed / self.controls
        other = min(1.0, base + rise)
        spread = sqrt(other * (1 - other) / self.exposed + base * (1 - base) / self.controls)
        return 1.0 if not spread else NormalDist().cdf((other - base) / spread - Z)

    @property
    def clear(self) -> bool:
        """Whether the range lies above zero."""
        return bool(self.exposed and self.controls) and self.range[0] > 0

    @property
    def clear_every_month(self) -> bool:
        """The same of a comparison that is made anew each month of mostly the same drivers: so that a year
        without an effect is called one in a twentieth of years, not of months."""
        if not self.exposed or not self.controls:
            return False
        told = (self.exposed_lapsed, self.exposed, self.controls, self.controls_lapsed)
        return newcombe(told[0], told[1], told[3], told[2], Z_MONTHLY)[0] > 0


def mean_gap_days(gaps: Sequence[float], fleet_median: float = DEFAULT_GAP_DAYS) -> float:
    """m̂ = (Σ gaps + κ·m0)/(n + κ): a driver's usual pause in days, shrunk to the fleet's."""
    return (sum(gaps) + KAPPA * fleet_median) / (len(gaps) + KAPPA)


def lapsed(silent_days: float, gap_days: float) -> bool:
    """Whether so long a silence has a chance below 5 % for someone with that usual pause."""
    return exp(-silent_days / gap_days) < LAPSED_BELOW


def follow_up_days(gap_days: float) -> float:
    """How long both groups are followed before the month is judged."""
    return max(60.0, 3 * gap_days)


def churn(
    exposed: Sequence[Exposed], controls: int, controls_lapsed: int, claims: Claims,
    year: ChurnTest | None = None,
) -> list[Part]:  # fmt: skip
    """The parts of one month and site, booked at the point estimate where the range lies above zero.

    `year` is the comparison of the twelve months that end with this one, by which the month is judged: its
    own drivers are too few. How many of so few left because of it is chance too, and is in the range.

    A driver whose future margin stands in another cost is left out of the money and listed there.
    """
    mine = [
        one
        for one in exposed
        if claims.take(Stream.FUTURE_MARGIN, one.driver, Cost.CHURN, one.worth or Decimal(0))
    ]
    if not mine:
        return []
    test = ChurnTest(len(mine), sum(one.lapsed for one in mine), controls, controls_lapsed)
    pooled = year is not None and year.exposed > len(mine)
    if year is not None and pooled:
        test = year
    clear = test.clear_every_month if pooled else test.clear
    share = Decimal(repr(test.difference)) if clear else Decimal(0)
    low, high = (Decimal(repr(end)) for end in test.range)
    groups: dict[tuple[Place, str], list[Exposed]] = {}
    for one in mine:
        groups.setdefault((one.place, one.cause), []).append(one)
    parts = []
    for (place, cause), drivers in groups.items():
        worths = [one.worth or Decimal(0) for one in drivers]
        least, most = _range(worths, share, low, high, SPREAD if pooled else None)
        unknown = any(one.worth is None for one in drivers)
        lines = tuple(
            Line(
                f"driver:{one.driver}", one.at_ms, share, "share of a driver", one.worth or Decimal(0),
                share * (one.worth or Decimal(0)), "" if clear else NOT_DISTINGUISHABLE,
            )
            for one in drivers
        )  # fmt: skip
        parts.append(
            Part(
                Cost.CHURN, place.period, place.site, place.station, cause, Confidence.MODELLED,
                place.currency, Nature.MARGIN, lines, least, most,
                missing="price" if unknown else "",
            )
        )  # fmt: skip
    return parts


SPREAD = Decimal(1)
"""Variance of what a driver is worth over its square; for ranges only."""


def _range(
    worths: Sequence[Decimal], share: Decimal, low: Decimal, high: Decimal, spread: Decimal | None
) -> tuple[Decimal, Decimal]:
    """Between what the truth lies: by doubt of the share and, where other months told it (`spread`), by which
    of these drivers left; of few that leans to the right."""
    whole = sum(worths, Decimal(0))
    if spread is None:
        return low * whole, high * whole
    likely = min(Decimal(1), max(Decimal(0), (share + high) / 2))
    square = sum((one * one for one in worths), Decimal(0))
    chance = square * likely * (1 - likely + spread)
    below, above = (
        (((end - share) * whole) ** 2 + ENDS**2 * chance).sqrt() for end in (low, high)
    )  # fmt: skip
    return share * whole - below, max(share * whole + above, upper_of_few(likely * whole, chance.sqrt()))

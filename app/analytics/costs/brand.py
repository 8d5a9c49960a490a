"""Damaged brand: strangers lost at first contact, and goodwill paid (reference E.3).

Complaints and reviews are counts beside it and are never turned into money. Drivers seen before
belong to churn; drivers without a recurring card are invisible, so this is a lower bound.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.analytics.costs.ledger import Claims, Confidence, Cost, Line, Nature, Part, Stream
from app.analytics.costs.lost_revenue import Place

THIN = 30
"""Fewer newcomers than this in either arm: the shrunken difference, labelled thin."""
WEIGHT = 20
SPREAD = Decimal(1)
"""Variance of what a driver who returns is worth over its square; for ranges only."""


@dataclass(frozen=True, slots=True)
class FirstBad:
    """A newcomer whose first contact went wrong; `driver` is a pseudonym."""

    place: Place
    driver: str
    cause: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Returns:
    """How many newcomers of each arm returned within 90 days, and what those who return are worth (V90)."""

    good: int
    good_returned: int
    bad: int
    bad_returned: int
    worth: Decimal | None


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit or refund paid."""

    place: Place
    object: str
    at_ms: int
    amount: Decimal


def difference(returns: Returns, good: Decimal, bad: Decimal) -> tuple[Decimal, Confidence, bool]:
    """(ret_good − ret_bad, how it is known, thin): own data where there are 30 in each arm, else
    shrunken towards the fleet's rates `good` and `bad` with weight 20."""
    if returns.good >= THIN and returns.bad >= THIN:
        own = Decimal(returns.good_returned) / returns.good - Decimal(returns.bad_returned) / returns.bad
        return own, Confidence.MODELLED, False
    shrunk_good = (returns.good_returned + WEIGHT * good) / (returns.good + WEIGHT)
    shrunk_bad = (returns.bad_returned + WEIGHT * bad) / (returns.bad + WEIGHT)
    nothing = not returns.good and not returns.bad
    return shrunk_good - shrunk_bad, Confidence.ASSUMED if nothing else Confidence.MODELLED, True


def brand(
    firsts: Iterable[FirstBad], credits: Iterable[Credit], lost_share: Decimal, how: Confidence,
    worth: Decimal | None, claims: Claims, *, low: Decimal | None = None, high: Decimal | None = None,
) -> list[Part]:  # fmt: skip
    """The parts.

    Args:
        firsts: newcomers whose first contact went wrong.
        credits: goodwill that was paid.
        lost_share: ret_good − ret_bad; below zero books nothing.
        how: how that share is known.
        worth: V90 in the place's currency; None: not known yet.
        claims: what is booked already.
        low, high: the 95 % range of the share.
    """
    made: dict[tuple[Place, str, Confidence], list[Line]] = {}
    share = max(Decimal(0), lost_share)
    for one in firsts:
        value = share * worth if worth is not None else Decimal(0)
        if claims.take(Stream.FUTURE_MARGIN, one.driver, Cost.BRAND, value):
            line = Line(f"driver:{one.driver}", one.at_ms, Decimal(1), "driver", value, value, one.cause)
            made.setdefault((one.place, one.cause, how), []).append(line)
    for paid in credits:
        if claims.take(Stream.INVOICE, paid.object, Cost.BRAND, paid.amount):
            line = Line(paid.object, paid.at_ms, Decimal(1), "credit", paid.amount, paid.amount)
            made.setdefault((paid.place, "goodwill paid", Confidence.MEASURED), []).append(line)
    parts = []
    for (place, cause, known), lines in made.items():
        cash = known is Confidence.MEASURED
        count = Decimal(len(lines))
        ends = None if cash or worth is None else (low, high)
        parts.append(
            Part(
                Cost.BRAND, place.period, place.site, place.station, cause, known, place.currency,
                Nature.CASH if cash else Nature.MARGIN, tuple(lines),
                *_ends(share, ends, count, worth or Decimal(0)),
                missing="" if cash or worth is not None else "price",
                assumptions=("brand.return_good", "brand.return_bad") if known is Confidence.ASSUMED else (),
            )
        )  # fmt: skip
    return parts


def _ends(
    share: Decimal, ends: tuple[Decimal | None, Decimal | None] | None, count: Decimal, worth: Decimal
) -> tuple[Decimal | None, Decimal | None]:
    """The 95 % range of so many drivers: the share is in doubt, and so is which of so few would have come."""
    if ends is None or ends[0] is None or ends[1] is None:
        return None, None
    low, high = ends[0], max(ends[1], share)
    likely = min(Decimal(1), (share + high) / 2)
    chance = Decimal("3.8416") * count * likely * (1 - likely + SPREAD)
    below, above = ((((share - end) * count) ** 2 + chance).sqrt() for end in (min(low, share), high))
    return max(Decimal(0), share * count - below) * worth, (share * count + above) * worth

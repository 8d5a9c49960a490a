"""The ledger: lines of evidence make parts, parts make costs; every sum is the same to the cent.

Reference section E and rules R2 to R4. Money is exact until the end; it is rounded half up once, for
each cost, site, cause and period, and its cents are spread over parts and lines by largest
remainder, so that what is opened always adds up to what is shown.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.domain.money import places


class Cost(StrEnum):
    """The seven."""

    LOST_REVENUE = "lost-revenue"
    MANPOWER = "manpower"
    BRAND = "brand"
    DATA = "data"
    MAINTENANCE = "maintenance"
    EXPANSION = "expansion"
    CHURN = "churn"


PRECEDENCE = (
    Cost.LOST_REVENUE, Cost.MAINTENANCE, Cost.CHURN, Cost.BRAND, Cost.MANPOWER, Cost.EXPANSION, Cost.DATA,
)  # fmt: skip
"""Who books a stream of euros that several could (reference E, ownership rule)."""

OUTSIDE_TOTAL = frozenset({Cost.CHURN})
"""Future margin stands beside the monthly total, not in it (E.7)."""


class Confidence(StrEnum):
    """How a part is known."""

    MEASURED = "measured"
    MODELLED = "modelled"
    ASSUMED = "assumed"


class Nature(StrEnum):
    """What kind of euro it is: it left the bank, was never earned, or is time."""

    CASH = "cash out"
    MARGIN = "margin not earned"
    TIME = "time"


class Stream(StrEnum):
    """What may be booked only once."""

    VISIT_MARGIN = "a visit's margin"
    FUTURE_MARGIN = "a driver's future margin"
    MINUTE = "a minute"
    INVOICE = "an invoice line"
    BLOCKED = "a blocked arrival"


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of evidence: `object` names it ("fault:12", "session:7"), `exact` is its money, unrounded.

    `quantity × unit_price` is `exact` wherever a line is a product. `amount` is its share of the
    rounded whole; None until the ledger is closed.
    """

    object: str
    at_ms: int
    quantity: Decimal
    unit: str
    unit_price: Decimal
    exact: Decimal
    note: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one cost has in a month at one station for one cause, known in one way.

    `missing` names the input without which there is no amount: then `lines` may tell quantities, and
    the amount stays None, never zero. `low` and `high` are the 95 % range of the exact amount.
    """

    cost: Cost
    period: str
    site: str
    station: str
    cause: str
    confidence: Confidence
    currency: str
    nature: Nature
    lines: tuple[Line, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    minutes: Decimal | None = None
    missing: str = ""
    assumptions: tuple[str, ...] = ()
    amount: Decimal | None = None

    @property
    def exact(self) -> Decimal:
        """The sum of its lines, unrounded."""
        return sum((line.exact for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Moved:
    """A stream that a second cost asked for and did not get: it stands where it was booked."""

    stream: Stream
    object: str
    booked: Cost
    asked: Cost
    exact: Decimal


@dataclass(slots=True)
class Claims:
    """Which cost booked which stream of which object; the first keeps it."""

    taken: dict[tuple[Stream, Hashable], Cost] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)

    def take(self, stream: Stream, of: str, cost: Cost, exact: Decimal = Decimal(0)) -> bool:
        """Whether `cost` may book it. A second claim is refused, and listed where another cost's holds."""
        holder = self.taken.get((stream, of))
        if holder is None:
            self.taken[stream, of] = cost
            return True
        if holder is not cost:
            self.moved.append(Moved(stream, of, holder, cost, exact))
        return False


@dataclass(frozen=True, slots=True)
class Ledger:
    """The closed parts of some periods, and what was asked for twice."""

    parts: tuple[Part, ...]
    moved: tuple[Moved, ...] = ()
    assumption_set: int = 0

    def total(self, currency: str, *, outside: bool = False) -> Decimal:
        """The sum of one currency; future margin only with `outside`."""
        return sum(
            (
                part.amount
                for part in self.parts
                if part.amount is not None
                and part.currency == currency
                and (outside or part.cost not in OUTSIDE_TOTAL)
            ),
            Decimal(0),
        )

    def by(self, *names: str) -> Mapping[tuple[str, ...], Decimal]:
        """Sums by (currency, the named fields of a part), in order of the fields."""
        sums: dict[tuple[str, ...], Decimal] = {}
        for part in self.parts:
            if part.amount is not None:
                key = (part.currency, *(str(getattr(part, name)) for name in names))
                sums[key] = sums.get(key, Decimal(0)) + part.amount
        return dict(sorted(sums.items()))


def rounded(exact: Decimal, currency: str) -> Decimal:
    """Half up to the minor unit, once."""
    return exact.quantize(Decimal(1).scaleb(-places(currency)), rounding=ROUND_HALF_UP)


def spread(whole: Decimal, exacts: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`whole` (already rounded) over shares in proportion to `exacts`, by largest remainder.

    The result adds up to `whole` exactly; equal remainders go to the earlier one.
    """
    if not exacts:
        return []
    cent = Decimal(1).scaleb(-places(currency))
    floors = [exact.quantize(cent, rounding=ROUND_FLOOR) for exact in exacts]
    left = int((whole - sum(floors)) / cent)
    order = sorted(range(len(exacts)), key=lambda n: (-(exacts[n] - floors[n]), n))
    if left < 0:
        order = order[::-1]
    for step in range(abs(left)):
        floors[order[step % len(order)]] += cent if left > 0 else -cent
    return floors


def close(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Round: each (cost, site, cause, period) half up once, its cents spread over parts and lines."""
    groups: dict[tuple[str, ...], list[Part]] = {}
    for part in parts:
        key = (part.cost, part.period, part.site, part.cause, part.currency)
        groups.setdefault(key, []).append(part)
    closed: list[Part] = []
    for _, together in sorted(groups.items()):
        known = [part for part in together if not part.missing]
        currency = together[0].currency
        whole = rounded(sum((part.exact for part in known), Decimal(0)), currency)
        shares = iter(spread(whole, [part.exact for part in known], currency))
        for part in together:
            if part.missing:
                closed.append(part)
                continue
            share = next(shares)
            cents = spread(share, [line.exact for line in part.lines], currency)
            lines = tuple(replace(line, amount=cent) for line, cent in zip(part.lines, cents, strict=True))
            closed.append(replace(part, lines=lines, amount=share))
    return tuple(closed)

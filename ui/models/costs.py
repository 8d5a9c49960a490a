"""The seven costs of a month as rows: sums of the ledger's parts, never added across currencies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.analytics.cost_names import NAMES
from app.analytics.costs.ledger import OUTSIDE_TOTAL, Confidence, Cost, Line, Moved, Nature, Part
from ui.models.cost_words import MEANINGS, STREAMS, euro, minutes_words, quantity_words
from ui.theme.formats import count

ZERO = Decimal(0)
Parts = Sequence[Part]
Shares = tuple[tuple[Confidence, Decimal], ...]


@dataclass(frozen=True, slots=True)
class CostRow:
    """One of the seven in a month. `amount` None: not known yet, `missing` says what is asked for.

    `low` and `high` are the 95 % range where a part has one. `change` is a fraction of the last period,
    None where there is nothing to compare with. `pending` says from when on the month can be judged.
    """

    cost: Cost
    name: str
    meaning: str
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    shares: Shares
    quantity: str
    trend: tuple[Decimal | None, ...]
    change: float | None
    missing: tuple[str, ...] = ()
    pending: str = ""

    @property
    def ranged(self) -> bool:
        """Whether a range says more than the amount."""
        return self.low is not None and self.high is not None and self.low != self.high


@dataclass(frozen=True, slots=True)
class Slice:
    """A cause or a place within a cost: its money (None: not known), how it is known, how much of it."""

    name: str
    amount: Decimal | None
    shares: Shares
    quantity: str
    events: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of evidence with where it stands."""

    part: Part
    line: Line


def currencies(parts: Iterable[Part], home: str) -> tuple[str, ...]:
    """Currencies that money was booked in, the operator's own first."""
    found = sorted({part.currency for part in parts if part.currency} | ({home} if home else set()))
    return tuple(sorted(found, key=lambda one: (one != home, one)))


def at(parts: Iterable[Part], *, site: str = "", currency: str = "") -> tuple[Part, ...]:
    """Those of a site ("" all) and of a currency (those without a price belong to each)."""
    return tuple(
        part
        for part in parts
        if (not site or part.site == site) and (not currency or part.currency in (currency, ""))
    )


def amount_of(parts: Iterable[Part]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [part.amount for part in parts if part.amount is not None]
    return sum(known, ZERO) if known else None


def total(parts: Iterable[Part]) -> Decimal:
    """The month's total: future margin stands outside it."""
    return amount_of(p for p in parts if p.cost not in OUTSIDE_TOTAL) or ZERO


def shares_of(parts: Iterable[Part]) -> Shares:
    """What is measured, modelled and assumed of a sum, in that order; nothing for what has no part."""
    sums: dict[Confidence, Decimal] = {}
    for part in parts:
        if part.amount is not None:
            sums[part.confidence] = sums.get(part.confidence, ZERO) + part.amount
    return tuple((how, sums[how]) for how in Confidence if how in sums)


def natures_of(parts: Iterable[Part]) -> tuple[tuple[Nature, Decimal], ...]:
    """The total by what kind of euro it is."""
    sums = dict.fromkeys(Nature, ZERO)
    for part in parts:
        if part.amount is not None and part.cost not in OUTSIDE_TOTAL:
            sums[part.nature] += part.amount
    return tuple(sums.items())


def range_of(parts: Parts) -> tuple[Decimal | None, Decimal | None]:
    """Ends of the sum: those of parts with a range, the amounts of parts without one; None: no range."""
    if not any(p.low is not None and p.high is not None and p.amount is not None for p in parts):
        return None, None
    low = high = ZERO
    for part in parts:
        if part.amount is None:
            continue
        low += part.amount if part.low is None else min(part.low, part.amount)
        high += part.amount if part.high is None else max(part.high, part.amount)
    return low, high


def until(parts: Iterable[Part], at_ms: int) -> Decimal | None:
    """What was booked by lines before an instant: the same days of another month."""
    known = [part for part in parts if part.amount is not None]
    if not known:
        return None
    return sum(
        (
            line.amount
            for part in known
            for line in part.lines
            if line.amount is not None and line.at_ms < at_ms
        ),
        ZERO,
    )


def change_of(now: Decimal | None, before: Decimal | None) -> float | None:
    """By what fraction it changed."""
    return float((now - before) / before) if now is not None and before else None


def rows(
    months: Sequence[Parts],
    *,
    before: Mapping[Cost, Decimal | None] | None = None,
    quantities: Mapping[Cost, str] | None = None,
    pending: Mapping[Cost, str] | None = None,
    missing: Mapping[Cost, tuple[str, ...]] | None = None,
) -> tuple[CostRow, ...]:
    """The seven, the dearest first; what is not known yet stands last.

    Args:
        months: the parts of each month, oldest first; the last is the one shown.
        before: what the month shown is compared with; None: the whole of the month before it.
        quantities: how much of each there was, where minutes do not say it.
        pending: costs that cannot be judged yet, with the words for it.
        missing: inputs that are asked for, by cost.
    """
    made = []
    for cost in Cost:
        each = [[part for part in month if part.cost is cost] for month in months]
        mine = each[-1] if each else []
        earlier = amount_of(each[-2]) if len(each) > 1 else None
        was = earlier if before is None else before.get(cost)
        amount = amount_of(mine)
        low, high = range_of(mine)
        asked = (*(part.missing for part in mine if part.missing), *(missing or {}).get(cost, ()))
        made.append(
            CostRow(
                cost, NAMES[cost], MEANINGS[cost], amount, low, high, shares_of(mine),
                minutes_of(mine) or (quantities or {}).get(cost, ""),
                tuple(amount_of(one) for one in each), change_of(amount, was),
                tuple(dict.fromkeys(asked)), (pending or {}).get(cost, ""),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda row: (row.amount is None, -(row.amount or ZERO))))


def minutes_of(parts: Parts) -> str:
    """The minutes that were counted, in words; "" for none."""
    minutes = sum((part.minutes for part in parts if part.minutes is not None), ZERO)
    return minutes_words(minutes) if minutes else ""


def slices(parts: Parts, name: str) -> tuple[Slice, ...]:
    """A cost by "cause", "site" or "station", the dearest first."""
    groups: dict[str, list[Part]] = {}
    for part in parts:
        groups.setdefault(str(getattr(part, name)), []).append(part)
    made = [
        Slice(
            key, amount_of(mine), shares_of(mine), quantity_words(mine), sum(len(p.lines) for p in mine), key
        )
        for key, mine in groups.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.amount is None, -(one.amount or ZERO), one.name)))


def events(parts: Parts) -> tuple[Event, ...]:
    """The lines of evidence, the dearest first."""
    made = [Event(part, line) for part in parts for line in part.lines]
    return tuple(sorted(made, key=lambda one: (-(one.line.amount or ZERO), -one.line.at_ms)))


def moved_words(moved: Sequence[Moved], currency: str) -> tuple[str, ...]:
    """What two costs asked for, where it stands, and what was not booked a second time."""
    groups: dict[tuple[str, Cost, Cost], list[Moved]] = {}
    for one in moved:
        groups.setdefault((one.stream, one.booked, one.asked), []).append(one)
    told = []
    for (_, booked, asked), mine in sorted(groups.items(), key=lambda pair: -sum(m.exact for m in pair[1])):
        exact = sum((one.exact for one in mine), ZERO)
        worth = f", {euro(exact.quantize(Decimal('0.01')), currency)}" if exact else ""
        stream = STREAMS[mine[0].stream]
        times = stream if len(mine) == 1 else f"{count(len(mine), 'time')} {stream}"
        told.append(f"{times}{worth}: stands in {NAMES[booked]}, not again in {NAMES[asked]}")
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bridge from one month to the next."""

    name: str
    change: Decimal
    start: Decimal
    cost: Cost | None = None


def bridge(before: Mapping[Cost, Decimal | None], now: Parts) -> tuple[Step, ...]:
    """From the total of the time compared with to this month's, by cost, the greatest rise first."""
    order = [cost for cost in Cost if cost not in OUTSIDE_TOTAL]
    found = []
    for cost in order:
        was = before.get(cost) or ZERO
        became = amount_of(p for p in now if p.cost is cost) or ZERO
        if became != was:
            found.append((cost, became - was))
    found.sort(key=lambda pair: -pair[1])
    steps, at_now = [], sum((before.get(cost) or ZERO for cost in order), ZERO)
    for cost, change in found:
        steps.append(Step(NAMES[cost], change, at_now, cost))
        at_now += change
    return tuple(steps)

"""What owners ask of their costs: the API of the pages, and where each answer comes from.

**From the control room** (`bridge.run(lambda room: room.costs...)`, app/cost_room.py):

- `await room.costs.books(12) -> Books`: the last months up to the running one, from the cache, at once;
  the newest two with their lines. What is not there (`missing`) or overtaken (`stale`) is computed in the
  background from that moment on. `refresh()` begins that too, `cancel()` ends it.
- `room.costs.subscribe()`: its thread-safe `take() -> CostNews | None` tells `progress` (running, period,
  done 0 to 1, left, failed) and the months that `changed` since the last take; `close()`.
- `await room.costs.month("2026-03") -> Book`: with all its evidence, computed if need be.
- `await room.costs.preview({"manpower.rate": "35"}) -> Preview(old, new)`: Books before and after; nothing is
  kept. A change is kept by `bridge.do(SaveEntry("assumption", key, {"value": "35"}), why)`, then `refresh()`.
- `await room.costs.issue("2026-03", by) -> Statement`: keeps a month's figures as issued (entry "statement");
  `statements.issued(entries)` reads them, `statements.compared(statement, book)` shows today's beside them.

**From `Books` (books.py), pure and instant** (this module): `bridge`, `actions`, `saved_by`, `avoided`.
Amounts are `Decimal` in major units; None means "not known yet", then `Book.asks` says what to ask for: an
assumption's key, "price" or "energy-cost", of a site or of all. `Book.pending` says until when churn and
brand wait for their follow-up, `Book.swings` which assumption matters most, `Book.moved` what two costs asked
for, `Book.cases` the expansion map, `Book.days` amounts by day, `Book.savings` what proved recoveries saved.

**From the store** (`bridge.query(key, fn, *args)`): `coverage`, `warranty`, `deliveries` of
`app.analytics.costs.asked`; `kept.evidence_of` has a month's evidence.

A line's `object` names its evidence: "fault:12", "session:7", "visit:STATION/ms" (a try without a session),
"work-order:WO-3", "part:WO-3/…", "command:9", "call:…", "driver:P-…", "pool:…", "peak:SITE", "blind:3",
"link:STATION/ms", "credit:…".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.analytics.costs.books import Book, Books
from app.analytics.costs.ledger import OUTSIDE_TOTAL, Cost, Part
from app.analytics.costs.savings import Saving

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a bridge from one month to another: a cost and cause, and by how much it changed."""

    cost: Cost
    cause: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        """After less before."""
        return self.after - self.before


def bridge(before: Book, after: Book, currency: str, *, site: str = "", most: int = 8) -> tuple[Step, ...]:
    """Why a month's total differs from another's: the greatest steps, and the rest of each cost together.

    The steps add up to the difference to the cent. Future margin stands outside.
    """
    then, now = (_by_cause(book.parts, currency, site) for book in (before, after))
    steps = [
        Step(cost, cause, then.get((cost, cause), ZERO), now.get((cost, cause), ZERO))
        for cost, cause in sorted({*then, *now})
    ]
    steps = sorted((s for s in steps if s.change), key=lambda s: -abs(s.change))
    shown, rest = steps[:most], steps[most:]
    for cost in Cost:
        mine = [s for s in rest if s.cost is cost]
        if mine:
            ends = (sum((s.before for s in mine), ZERO), sum((s.after for s in mine), ZERO))
            shown.append(Step(cost, "other causes", *ends))
    return tuple(shown)


def _by_cause(parts: Iterable[Part], currency: str, site: str) -> dict[tuple[Cost, str], Decimal]:
    found: dict[tuple[Cost, str], Decimal] = {}
    for part in parts:
        if part.amount is None or part.currency != currency or part.cost in OUTSIDE_TOTAL:
            continue
        if not site or part.site == site:
            key = (part.cost, part.cause)
            found[key] = found.get(key, ZERO) + part.amount
    return found


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do about a cause. `key` names it for ever.

    `expected` is what the cause cost a month: so much is saved where it does not happen again, and no more.
    `low` and `high` are its 95 % range. `site`, `station` are "" where it is for more than one.
    """

    key: str
    do: str
    cost: Cost
    cause: str
    site: str
    station: str
    currency: str
    expected: Decimal
    low: Decimal
    high: Decimal
    events: int


_DO = {
    Cost.LOST_REVENUE: "mend",
    Cost.MAINTENANCE: "diagnose first",
    Cost.MANPOWER: "let it act by itself",
    Cost.BRAND: "mend",
    Cost.DATA: "shift the load",
    Cost.EXPANSION: "build one more",
    Cost.CHURN: "call back",
}
"""What each cost is best met by, as a word the page puts into a sentence with cause and place."""


def actions(books: Books, currency: str, *, most: int = 3, done: Iterable[str] = ()) -> tuple[Action, ...]:
    """The actions that would save most a month, by what their cause cost in the last three whole months.

    Args:
        books: months.
        currency: one currency.
        most: how many.
        done: keys of those that were done already.
    """
    whole = [book for book in books.months if book.over][-3:] or list(books.months[-1:])
    if not whole:
        return ()
    sums: dict[tuple[Cost, str, str, str], list[Part]] = {}
    for book in whole:
        for part in book.parts:
            if part.amount and part.currency == currency:
                sums.setdefault((part.cost, part.cause, part.site, part.station), []).append(part)
    left = frozenset(done)
    made = []
    for (cost, cause, site, station), parts in sums.items():
        key = "/".join((cost.value, cause, site, station))
        if key in left:
            continue
        amount = sum((p.amount or ZERO for p in parts), ZERO) / len(whole)
        low, high = (_end(parts, name) / len(whole) for name in ("low", "high"))
        ends = (max(ZERO, min(low, amount)), max(high, amount))
        events = sum(len(p.lines) for p in parts)
        made.append(Action(key, _DO[cost], cost, cause, site, station, currency, amount, *ends, events))
    return tuple(sorted(made, key=lambda a: (-a.expected, a.key))[:most])


def _end(parts: Iterable[Part], name: str) -> Decimal:
    ends = [(getattr(p, name), p.amount or ZERO) for p in parts]
    return sum((amount if end is None else end for end, amount in ends), ZERO)


@dataclass(frozen=True, slots=True)
class DidSave:
    """What came of an action: its cost a month before and after. `clear` only where the months after all lie
    below those before; else it reads "not clear yet"."""

    key: str
    before: Decimal | None
    after: Decimal | None
    months: int
    clear: bool

    @property
    def saved(self) -> Decimal | None:
        """A month; None where it is not clear yet."""
        return (
            self.before - self.after
            if self.clear and self.before is not None and self.after is not None
            else None
        )


def saved_by(books: Books, key: str, done_ms: int, currency: str) -> DidSave:
    """What an action that was done at an instant has saved a month since, by whole months around it."""
    before = [_of_key(b, key, currency) for b in books.months if b.over and b.end_ms <= done_ms][-3:]
    after = [_of_key(b, key, currency) for b in books.months if b.over and b.start_ms >= done_ms]
    if not before or not after:
        return DidSave(key, _mean(before), _mean(after), len(after), False)
    clear = len(before) > 1 and len(after) > 1 and max(after) < min(before)
    return DidSave(key, _mean(before), _mean(after), len(after), clear)


def _of_key(book: Book, key: str, currency: str) -> Decimal:
    return sum(
        (
            part.amount
            for part in book.parts
            if part.amount is not None
            and part.currency == currency
            and "/".join((part.cost.value, part.cause, part.site, part.station)) == key
        ),
        ZERO,
    )


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, ZERO) / len(values) if values else None


@dataclass(frozen=True, slots=True)
class Avoided:
    """What proved recoveries saved: amounts None where it is not clear yet."""

    currency: str
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    recoveries: int
    automatic: int
    unclear: int
    """Recoveries of kinds of fault whose saving is not clear yet."""


def avoided(savings: Iterable[Saving], currency: str) -> Avoided:
    """The sum of what is clear, over kinds of fault; doubts that have nothing to do with each other add up
    as squares."""
    mine = [s for s in savings if s.currency == currency]
    clear = [s for s in mine if s.clear and s.amount is not None]
    amount = sum((s.amount or ZERO for s in clear), ZERO)
    below = sum((((s.amount or ZERO) - (s.low or ZERO)) ** 2 for s in clear), ZERO).sqrt()
    above = sum((((s.high or ZERO) - (s.amount or ZERO)) ** 2 for s in clear), ZERO).sqrt()
    ends = (amount - below, amount + above) if clear else (None, None)
    return Avoided(
        currency, amount if clear else None, ends[0], ends[1], sum(s.treated for s in mine),
        sum(s.automatic for s in mine), sum(s.treated for s in mine if s not in clear),
    )  # fmt: skip

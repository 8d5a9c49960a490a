"""What would save most of a cost, with what it should save, and what it did save where that is clear."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.analytics.costs.books import Book, Books
from app.analytics.costs.expansion import Case
from app.analytics.costs.ledger import Cost, Part
from app.analytics.costs.questions import saved_by
from app.analytics.costs.savings import Saving
from app.domain.entries import standing
from app.domain.intents import RemoveEntry, SaveEntry
from app.domain.records import EntryRecord
from ui.models.cost_words import cause_words, euro
from ui.models.costs import ZERO, amount_of, range_of
from ui.theme.formats import count, day

ENOUGH = Decimal(1)
"""Less than this in a month, in major units, is no action worth a line."""


@dataclass(frozen=True, slots=True)
class Done:
    """An action that was marked as done: what it was called, when."""

    title: str
    done_ms: int


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `expected` is what it should save a month, at most where `at_most`; with its range.

    `saved` is what it did save, from proved recoveries; None: not done or not clear yet.
    """

    title: str
    expected: Decimal | None
    low: Decimal | None
    high: Decimal | None
    route: str
    argument: str
    button: str
    at_most: bool = True
    key: str = ""
    """Names it for ever, so that it can be marked as done; "" for what is not done once."""
    saved: Decimal | None = None
    saved_range: tuple[Decimal, Decimal] | None = None
    why: str = ""

    def words(self, currency: str) -> str:
        """What it should save and what it did save."""
        told = []
        if self.saved is not None and self.saved_range is not None:
            low, high = (euro(_cents(end), currency) for end in self.saved_range)
            told.append(f"Did save {euro(_cents(self.saved), currency)} ({low} to {high})")
        if self.expected is not None:
            verb = "would save up to" if self.at_most else "would save"
            if self.low is not None and self.high is not None and self.low != self.high:
                low, high = (euro(_cents(end), currency) for end in (max(ZERO, self.low), self.high))
                told.append(f"{verb.replace(' up to', '')} {low} to {high} a month")
            else:
                told.append(f"{verb} {euro(_cents(self.expected), currency)} a month")
        text = "; ".join(told) or "What it saves is not clear yet"
        return text[:1].upper() + text[1:]


NONE_DONE: Mapping[str, Done] = {}
KIND, PREFIX = "setting", "cost-action/"
"""Where a mark is kept: an entry that names the action."""


def mark_done(action: Action, now_ms: int) -> SaveEntry:
    """What keeps that an action was done."""
    return SaveEntry(KIND, f"{PREFIX}{action.key}", {"title": action.title, "done_ms": now_ms})


def unmark(action: Action) -> RemoveEntry:
    """What takes the mark back."""
    return RemoveEntry(KIND, f"{PREFIX}{action.key}")


def done_of(entries: Iterable[EntryRecord]) -> dict[str, Done]:
    """The actions that were marked, by key."""
    found = {}
    for name, body in standing(entries, KIND).items():
        if name.startswith(PREFIX):
            key = name.removeprefix(PREFIX)
            found[key] = Done(str(body.get("title", key)), int(body.get("done_ms", 0)))
    return found


def done_words(
    books: Books, cost: Cost, done: Mapping[str, Done], currency: str, zone: ZoneInfo, site: str = ""
) -> tuple[str, ...]:
    """What the actions on a cost did save, the newest first: by whole months around it."""
    mine = [(key, one) for key, one in done.items() if key.startswith(f"{cost.value}/")]
    if site:
        mine = [(key, one) for key, one in mine if key.split("/")[2:3] == [site]]
    told = []
    for key, one in sorted(mine, key=lambda pair: -pair[1].done_ms):
        result = saved_by(books, key, one.done_ms, currency)
        if result.saved is not None:
            what = f"saves {euro(_cents(result.saved), currency)} a month"
        else:
            what = f"what it saves is not clear yet, {count(result.months, 'whole month')} after it"
        told.append(f"{one.title}, done {day(one.done_ms, zone, year=True)}: {what}.")
    return tuple(told)


def _cents(exact: Decimal) -> Decimal:
    return exact.quantize(Decimal("0.01"))


Remedy = Callable[[str, str], tuple[str, str, str]]
"""(cause, station) → what to do, the page, its argument."""


def _station(what: str) -> Remedy:
    return lambda cause, station: (
        f"{what} {station}: {cause_words(cause).lower()}",
        "stations/station",
        station,
    )


_REMEDIES: dict[tuple[Cost, str], Remedy] = {
    (Cost.MAINTENANCE, "repeat visit"): lambda _c, s: (
        f"Find the cause at {s} before the next visit", "faults/maintenance", "",
    ),
    (Cost.MAINTENANCE, "no fault found"): lambda _c, s: (
        f"Look at {s} from here before a visit", "stations/station", s,
    ),
    (Cost.MAINTENANCE, "part paid in warranty"): lambda _c, s: (
        f"Claim the parts of {s} from its maker", "costs", "answer:warranty",
    ),
    (Cost.MANPOWER, "nuisance alarm"): lambda _c, s: (
        f"Quieten alarms at {s} that clear by themselves", "stations/station", s,
    ),
    (Cost.MANPOWER, "repeated command"): lambda _c, s: (
        f"Let recovery repeat the commands at {s}", "stations/station", s,
    ),
    (Cost.MANPOWER, "duplicate ticket"): lambda _c, s: (
        f"Put the faults at {s} into one order", "faults/maintenance", "",
    ),
    (Cost.DATA, "energy not provable"): lambda _c, s: (
        f"Have {s} send its meter's register", "stations/configuration", "",
    ),
    (Cost.DATA, "avoidable peak"): lambda _c, s: ("Shift charging by half an hour", "stations/list", ""),
    (Cost.LOST_REVENUE, "not billed"): lambda _c, s: ("Bill what was delivered", "sessions/list", s),
}  # fmt: skip


def actions(
    book: Book,
    cost: Cost,
    parts: Sequence[Part],
    site: str = "",
    done: Mapping[str, Done] = NONE_DONE,
    most: int = 3,
) -> tuple[Action, ...]:
    """The actions that would save most of `cost`, the most first.

    Args:
        book: the month.
        cost: the cost.
        parts: its parts in the place shown.
        site: the place shown, "" for all.
        done: actions that were done, by key; they are told by `done_words`.
        most: so many at most.
    """
    found: list[Action] = []
    if cost is Cost.LOST_REVENUE:
        found += [made for saving in book.savings if (made := _recovery(saving)) is not None]
    if cost is Cost.EXPANSION:
        found += [made for one in book.cases if (made := _connector(one, site)) is not None]
    elif cost is Cost.CHURN:
        found += _call_back(book, site)
    else:
        found += _by_cause(cost, parts, done)
    found.sort(key=lambda a: -(a.expected or ZERO))
    return tuple(found[:most])


def _by_cause(cost: Cost, parts: Iterable[Part], done: Mapping[str, Done]) -> list[Action]:
    groups: dict[tuple[str, str, str], list[Part]] = {}
    for part in parts:
        groups.setdefault((part.cause, part.site, part.station), []).append(part)
    made = []
    for (cause, site, station), mine in groups.items():
        amount = amount_of(mine)
        if amount is None or amount < ENOUGH or cause == "goodwill paid":
            continue
        remedy = _REMEDIES.get((cost, cause)) or _station("Mend")
        title, route, argument = remedy(cause, station)
        if (route == "stations/station" or " at " in title) and not station:
            continue
        key = "/".join((cost.value, cause, site, station))
        if key in done:
            continue
        low, high = range_of(mine)
        made.append(Action(title, amount, low, high, route, argument, "Open", key=key))
    return made


def _recovery(saving: Saving) -> Action | None:
    """Let recovery mend what it has shown it can."""
    rule = cause_words(saving.rule).lower()
    if saving.clear and saving.amount is not None and saving.low is not None and saving.high is not None:
        share = Decimal(saving.untreated) / saving.treated
        return Action(
            f"Let recovery also mend the other {count(saving.untreated, 'case')} of {rule}"
            if saving.untreated else f"Keep recovery of {rule} on",
            saving.amount * share, saving.low * share, saving.high * share, "faults/queue", "", "Open",
            at_most=False, saved=saving.amount, saved_range=(saving.low, saving.high),
            why=f"{count(saving.treated, 'proved recovery', 'proved recoveries')} against "
            f"{count(saving.untreated, 'case')} nobody treated",
        )  # fmt: skip
    return None


def _connector(one: Case, site: str) -> Action | None:
    place = one.candidate.place
    if one.gain is None or one.gain <= 0 or (site and place.site != site):
        return None
    where = place.site or place.station
    back = f", paid back in {one.payback:.0f} months" if one.payback is not None else ""
    return Action(
        f"One more connector at {where}{back}", one.gain, one.gain_low, one.gain_high, "stations/list",
        f"site:{place.site}" if place.site else "", "Open", at_most=False,
    )  # fmt: skip


def _call_back(book: Book, site: str) -> list[Action]:
    mine = [one for one in book.at_risk if not site or one.site == site]
    worth = [one.worth for one in mine if one.worth is not None and one.currency == book.currency]
    if not mine:
        return []
    return [
        Action(
            f"Write to {count(len(mine), 'regular')} at risk",
            sum(worth, ZERO) / 12 if worth else None, None, None, "costs", "answer:radar", "See them",
        )
    ]  # fmt: skip

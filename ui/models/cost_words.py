"""The seven costs in plain words: their names, what each is, its causes, its inputs and its evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.analytics.costs import causes
from app.analytics.costs.assumptions import known
from app.analytics.costs.ledger import Confidence, Cost, Nature, Part, Stream
from app.domain import forms
from app.domain.intents import SaveEntry
from ui.theme.formats import UNKNOWN, count, duration, number

MEANINGS: Mapping[Cost, str] = {
    Cost.LOST_REVENUE: "Energy not sold while down, cut short or refused",
    Cost.MANPOWER: "Desk and call minutes a good system avoids",
    Cost.BRAND: "Newcomers lost at a bad first visit, goodwill paid",
    Cost.DATA: "What records would have proved or saved",
    Cost.MAINTENANCE: "Visits and parts that could have been spared",
    Cost.EXPANSION: "Drivers turned away while all was healthy",
    Cost.CHURN: "Regulars who left after a bad visit, 12 months",
}

KNOWN: Mapping[Confidence, tuple[str, str]] = {
    Confidence.MEASURED: ("Measured", "counted from events"),
    Confidence.MODELLED: ("Modelled", "formula on measurements"),
    Confidence.ASSUMED: ("Assumed", "on a figure not measured"),
}

NATURES: Mapping[Nature, str] = {
    Nature.CASH: "Cash out",
    Nature.MARGIN: "Margin not earned",
    Nature.TIME: "Time",
}

STREAMS: Mapping[Stream, str] = {
    Stream.VISIT_MARGIN: "a visit's margin",
    Stream.FUTURE_MARGIN: "a driver's future margin",
    Stream.MINUTE: "a minute of work",
    Stream.INVOICE: "an invoice line",
    Stream.BLOCKED: "a blocked arrival",
}

_OBJECTS = {
    "fault": "fault",
    "session": "session",
    "attempt": "visit",
    "visit": "visit",
    "driver": "driver",
    "work-order": "work order",
    "call": "call",
    "command": "command",
    "peak": "peak",
    "pool": "pool",
    "link": "gap",
    "blind": "gap",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """What is missing: the question, its unit, why, and what is written down once it is answered."""

    key: str
    title: str
    unit: str
    source: str
    kind: str = "assumption"

    def intent(self, value: str, currency: str) -> SaveEntry:
        """What keeps the answer: an assumption, or a price that holds everywhere and always."""
        if self.kind == "assumption":
            return SaveEntry("assumption", self.key, {"value": value})
        return SaveEntry(
            self.kind, "everywhere", {"site": "", "from_ms": 0, "currency": currency, "per_kwh": value}
        )


def input_of(key: str, currency: str) -> Input:
    """The input that a part misses; those nobody asks for in one number name themselves."""
    sign = forms.sign_of(currency)
    if key in ("price", "tariff"):
        return Input(key, "Price of a kWh", f"{sign} per kWh, tax included", "your tariff", "price")
    if key == "energy-cost":
        return Input(key, "Energy bought", f"{sign} per kWh, net", "the electricity bill", "energy-cost")
    one = known().get(key)
    if one is None:
        return Input(key, key.replace("-", " ").replace(".", ", "), "", "", "")
    unit = f"{sign} {one.unit}" if one.kind == "money" else one.unit
    return Input(key, one.title, unit, one.basis)


def month_name(period: str, *, year: bool = True) -> str:
    """ "October 2026" of "2026-10", "Q4 2026" of "2026-Q4", "2026" of itself."""
    first, _, rest = period.partition("-")
    if not rest.isdigit():
        return f"{rest} {first}" if rest and year else rest or first
    y, m = int(first), int(rest)
    return f"{_MONTHS[m - 1]} {y}" if year else _MONTHS[m - 1]


def short_month(period: str) -> str:
    """ "Oct" of "2026-10"."""
    name = month_name(period, year=False)
    return name if name.isdigit() else name[:3]


def span_words(period: str, last: date | None) -> str:
    """ "1 to 15 October 2026" while the month runs, else its name."""
    if last is None:
        return month_name(period)
    return f"1 to {last.day} {month_name(period)}" if last.day > 1 else f"1 {month_name(period)}"


def euro(amount: Decimal | None, currency: str) -> str:
    """An amount in major units with its sign, to the cent; an en dash where it is not known."""
    return forms.amount(amount, currency)


def short_euro(amount: Decimal, currency: str) -> str:
    """ "€5.7k" for axes and bars."""
    size = abs(amount)
    if size >= 1_000:
        text = f"{number(float(size / 1000), 0 if size >= 10_000 else 1)}k"
    else:
        text = number(float(size), 0 if size >= 10 or size == int(size) else 2)
    return ("−" if amount < 0 else "") + forms.with_sign(text, currency)


def signed(amount: Decimal, currency: str) -> str:
    """ "+€219.00", "−€12.00"."""
    return f"+{euro(amount, currency)}" if amount > 0 else euro(amount, currency)


def change_words(change: float | None) -> str:
    """ "+6%", "−31%", "×15" from ten times on; an en dash where there is nothing to compare with."""
    if change is None:
        return UNKNOWN
    if change >= 9:
        return f"×{number(round(change + 1))}"
    whole = round(change * 100)
    return f"+{number(whole)}%" if whole > 0 else f"{number(whole)}%"


def minutes_words(minutes: Decimal) -> str:
    """ "31 h 20 min"."""
    return duration(float(minutes) * 60_000)


def object_words(name: str) -> tuple[str, str]:
    """(kind, which) of an evidence object: ("fault", "12") of "fault:12"."""
    kind, _, rest = name.partition(":")
    return kind, rest.split("/")[0]


def quantity_words(parts: Iterable[Part]) -> str:
    """How much of it there was: minutes where minutes were counted, else how many of what."""
    given = list(parts)
    minutes = sum((part.minutes for part in given if part.minutes is not None), Decimal(0))
    if minutes:
        return minutes_words(minutes)
    seen: dict[str, set[str]] = {}
    for part in given:
        for line in part.lines:
            kind, which = object_words(line.object)
            seen.setdefault(kind, set()).add(which)
    if not seen:
        return ""
    kind = max(seen, key=lambda k: len(seen[k]))
    return count(len(seen[kind]), _OBJECTS.get(kind, kind.replace("-", " ")))


def cause_words(cause: str) -> str:
    """A cause as a person reads it, at the head of a line."""
    text = causes.cause_words(cause)
    return text[:1].upper() + text[1:] if text else "Not told apart"


def driver_name(pseudonym: str) -> str:
    """ "Driver 4F2A" of a pseudonym: short, the same everywhere, nobody's card."""
    return f"Driver {pseudonym[-4:].upper()}"


def title_of(line: Any) -> str:
    """What a line of evidence is called."""
    kind, which = object_words(line.object)
    if kind == "driver":
        return driver_name(which)
    word = _OBJECTS.get(kind, kind.replace("-", " "))
    return f"{word[:1].upper()}{word[1:]} {which}" if which else word[:1].upper() + word[1:]

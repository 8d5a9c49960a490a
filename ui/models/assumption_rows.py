"""Every rate behind a figure as a table: value, unit and basis, default, source, last change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.analytics.costs.assumptions import AssumptionSet, Held
from app.analytics.costs.books import Books
from ui.models.cells import Cell, Column, Tone
from ui.models.cost_rates import feeds_words, typed, unit_words
from ui.models.cost_words import month_name
from ui.models.costs import ZERO
from ui.theme.formats import UNKNOWN, count, day, number

ALL, CHANGED, OPEN = "all", "changed", "open"
NO_SOURCE = "has to be entered"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate in the table."""

    key: str
    held: Held

    @property
    def entered(self) -> bool:
        """Whether there is a value."""
        return self.held.value is not None

    @property
    def changed(self) -> bool:
        """Whether a person set it."""
        return bool(self.held.by)


def rate_rows(held: AssumptionSet, show: str = ALL, words: str = "") -> list[RateRow]:
    """The rates that fit, in their order."""
    found = [RateRow(key, one) for key, one in held.held.items()]
    if show == CHANGED:
        found = [row for row in found if row.changed]
    elif show == OPEN:
        found = [row for row in found if not row.entered]
    sought = words.strip().casefold()
    return [
        row for row in found
        if sought in f"{row.held.of.title} {feeds_words(row.held.of)} {row.held.of.basis}".casefold()
    ]  # fmt: skip


def shown(value: Decimal | None, kind: str) -> str:
    """A value in its unit's own figures: "28.00", "25", "3.5"."""
    if value is None:
        return UNKNOWN
    if kind == "share":
        value = value * 100
    if kind == "money":
        return number(float(value), 2)
    digits = max(0, -int(value.normalize().as_tuple().exponent))
    return number(float(value), min(digits, 3))


def basis_words(held: Held) -> str:
    """How the value is known."""
    if held.value is None:
        return "not entered"
    return "entered" if held.by else "assumed"


def rate_columns(zone: Callable[[], ZoneInfo], currency: Callable[[], str]) -> tuple[Column[RateRow], ...]:
    """The columns of the page."""
    return (
        Column("rate", "Rate", _title, sample="Newcomers who return in 90 days after a good visit",
               fixed=True),
        Column("value", "Value", _value, sample="12,345.00", right=True, fixed=True),
        Column("unit", "Unit, basis", lambda row: Cell(
            unit_words(row.held.of, currency()), tone=Tone.QUIET, below=basis_words(row.held)),
            sample="starts per connector and day", yields=1),
        Column("default", "Default", lambda row: Cell(
            shown(Decimal(row.held.of.default), row.held.of.kind) if row.held.of.default else "none",
            tone=Tone.FAINT), sample="12,345", right=True, yields=2),
        Column("source", "Source", lambda row: Cell(
            row.held.why or row.held.of.basis if row.held.by else row.held.of.basis, tone=Tone.QUIET),
            sample="Placeholder until invoices are", stretch=True, yields=4),
        Column("changed", "Changed", lambda row: _changed(row, zone()), sample="Sanne Visser", yields=3),
    )  # fmt: skip


def _title(row: RateRow) -> Cell:
    return Cell(row.held.of.title, strong=True, below=feeds_words(row.held.of))


def _value(row: RateRow) -> Cell:
    if not row.entered:
        return Cell("Enter…", tone=Tone.LINK, spoken="not entered")
    return Cell(shown(row.held.value, row.held.of.kind), strong=True)


def _changed(row: RateRow, zone: ZoneInfo) -> Cell:
    if not row.changed:
        return Cell("default in use" if row.entered else "–", tone=Tone.FAINT)
    return Cell(row.held.by, below=day(row.held.at_ms, zone, year=True) if row.held.at_ms else "")


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month's total as it is and as it would be; None: not computed yet."""

    period: str
    old: Decimal | None
    new: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """New less old."""
        return None if self.old is None or self.new is None else self.new - self.old


def month_changes(
    old: Books, new: Books, currency: str, pending: Sequence[str] = ()
) -> tuple[MonthChange, ...]:
    """Month by month, oldest first; the total with future margin, so that no rate looks idle."""
    after = {book.period: book.total(currency, outside=True) for book in new.months}
    before = {book.period: book.total(currency, outside=True) for book in old.months}
    periods = sorted({*before, *after, *old.missing, *pending})
    return tuple(MonthChange(period, before.get(period), after.get(period)) for period in periods)


def whole_change(changes: Sequence[MonthChange]) -> MonthChange:
    """All months that are known together."""
    known = [one for one in changes if one.old is not None and one.new is not None]
    if not known:
        return MonthChange("", None, None)
    return MonthChange(
        "", sum((c.old or ZERO for c in known), ZERO), sum((c.new or ZERO for c in known), ZERO)
    )


def change_rows(changes: Sequence[MonthChange], most: int = 3) -> list[tuple[str, MonthChange]]:
    """The newest months by name, and all together."""
    rows = [(month_name(one.period), one) for one in reversed(changes[-most:])]
    return [*rows, (count(len([c for c in changes if c.old is not None]), "month"), whole_change(changes))]


def rates_table(held: AssumptionSet, zone: ZoneInfo) -> list[list[str]]:
    """All rates as plain texts, for a file."""
    heads = ["assumption", "title", "value", "unit", "default", "feeds", "basis", "set_by", "set_on", "why"]
    rows = [
        [
            one.of.key, one.of.title, "" if one.value is None else str(one.value), one.of.unit,
            one.of.default, " ".join(one.of.feeds), one.of.basis, one.by,
            day(one.at_ms, zone, year=True) if one.at_ms else "", one.why,
        ]
        for one in held.held.values()
    ]  # fmt: skip
    return [heads, *rows]


def in_field(held: Held) -> str:
    """The value as it stands in the field to be changed."""
    return typed(held.of, held.value)

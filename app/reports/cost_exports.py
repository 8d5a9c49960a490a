"""The exports `costs` and `cost-evidence`: the ledger's parts, and the evidence whose sums are the same.

A month belongs to a span where it begins in it, so that the months of a year add up to the year. Drivers
stand under their pseudonyms whether `--pseudonyms` was asked for or not (decision 18).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.analytics.costs.kept import books_of, known_months
from app.analytics.costs.ledger import Part, rounded
from app.reports.cells import Column, Kind, Row

if TYPE_CHECKING:
    from app.reports.exports import Asked

T, I, N, AT = Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.TIME  # noqa: E741

COST_COLUMNS = tuple(
    Column(name, kind)
    for name, kind in (
        ("cost", T), ("period", T), ("site", T), ("station", T), ("cause", T), ("amount", N),
        ("currency", T), ("confidence", T), ("low", N), ("high", N), ("minutes", N), ("evidence", I),
        ("nature", T), ("missing", T), ("assumption_set", I), ("rules", I),
    )
)  # fmt: skip
EVIDENCE_COLUMNS = tuple(
    Column(name, kind)
    for name, kind in (
        ("cost", T), ("period", T), ("site", T), ("station", T), ("cause", T), ("confidence", T),
        ("object", T), ("at", AT), ("quantity", N), ("unit", T), ("unit_price", N), ("amount", N),
        ("currency", T), ("note", T),
    )
)  # fmt: skip


def costs(connection: Connection, asked: "Asked") -> Iterator[Row]:
    """One row for each part; `amount` is empty where an input is not known yet, never zero."""
    for part, number, rules in _parts(connection, asked):
        yield (
            part.cost, part.period, part.site, part.station, part.cause, _number(part.amount), part.currency,
            part.confidence, _end(part, part.low), _end(part, part.high), _number(part.minutes),
            len(part.lines), part.nature, part.missing or None, number, rules,
        )  # fmt: skip


def cost_evidence(connection: Connection, asked: "Asked") -> Iterator[Row]:
    """One row for each piece of evidence; their sums are the amounts of `costs` to the cent."""
    for part, _, _ in _parts(connection, asked):
        for line in part.lines:
            yield (
                part.cost, part.period, part.site, part.station, part.cause, part.confidence, line.object,
                line.at_ms, _number(line.quantity), line.unit,
                None if part.missing else _number(line.unit_price), _number(line.amount), part.currency,
                line.note or None,
            )  # fmt: skip


def _parts(connection: Connection, asked: "Asked") -> Iterator[tuple[Part, int, int]]:
    months = known_months(connection, asked.zone, asked.now_ms, asked.from_ms, asked.to_ms)
    for month in books_of(connection, months, asked.zone, asked.now_ms, asked.pseudonym).months:
        for part in month.parts:
            if not asked.station or part.station == asked.station:
                yield part, month.assumption_set, month.rules


def _end(part: Part, end: Decimal | None) -> float | int | None:
    return None if end is None or part.amount is None else _number(rounded(end, part.currency))


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)

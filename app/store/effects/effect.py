"""The form of an effect: which table, which row, and what a second row of the same key means."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Table

Row = tuple[Any, ...]


class Numbers(Protocol):
    """Numbers for texts that come by the million, and for rows that have none of their own.

    A number that is new is written with the group that first needs it.
    """

    def outlet(self, station: str, evse: int, connector: int) -> int:
        """The number of a plug."""

    def layout(self, layout: tuple[Any, ...]) -> int:
        """The number of a layout: (context, signed, channel, channel, …)."""

    def next_seq(self, table: str) -> int:
        """The next number of an insert-only table."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How one kind of record is written.

    `row(record, numbers)` gives the values in the order of `table.columns`; it may raise for a
    record that cannot be written (the poison rule then fails only that one).
    `on_conflict`: "update" replaces the row of the same key, "nothing" keeps the first.
    `fold` merges two rows of the same key within a group (None: the last wins for "update").
    `sums` names columns that are added up, `least` and `most` those that keep an extreme, instead
    of being replaced.
    `steady` names indexed columns that seldom change: while a row's are as they were written last,
    its update leaves them, and so the indexes, alone.
    """

    table: Table
    row: Callable[[Any, Numbers], Row]
    on_conflict: str
    fold: Callable[[Row, Row], Row] | None = None
    sums: frozenset[str] = field(default=frozenset())
    least: frozenset[str] = field(default=frozenset())
    most: frozenset[str] = field(default=frozenset())
    steady: tuple[str, ...] = ()

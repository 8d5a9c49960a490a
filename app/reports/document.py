"""What a report is before it is paper: blocks of plain words, figures, tables and charts. Pure.

The window draws it to pages and PDF; the same blocks become sheets of a workbook.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Literal

from app.domain import forms


@dataclass(frozen=True, slots=True)
class Heading:
    """A title within the report; `annex` begins a new page."""

    text: str
    annex: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph; `strong` is said first and large."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that stands out. `value` is ready to show; `note` says how it is known."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures side by side."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head with the unit, and where its cells stand."""

    title: str
    right: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that a workbook computes: `text` in A1 notation where {row} is its row, and its value, "" where
    it computes to nothing."""

    text: str
    value: float | Literal[""]


Cell = str | int | float | Decimal | Formula | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Cells are raw where a workbook should count with them; `shown` is what paper says.

    `total` marks the last row as the sum of the others. Paper shows the first `most` rows, a workbook all.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shown: tuple[tuple[str, ...], ...]
    total: bool = False
    empty: str = "Nothing to tell."
    most: int = 400


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart whose title is its question. `second` is drawn dashed beside the first.

    "rows" has a bar beside each label, "bridge" leads from the first value by steps to the last.
    """

    title: str
    unit: str
    kind: Literal["bars", "line", "rows", "bridge"]
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    second: tuple[float | None, ...] = ()
    names: tuple[str, str] = ("", "")


Block = Heading | Sentence | Figures | Grid | Chart


@dataclass(frozen=True, slots=True)
class Document:
    """A report. `method` says how it was computed and what it does not know; printed last and small."""

    kind: str
    title: str
    subtitle: str
    made_ms: int
    blocks: tuple[Block, ...]
    method: tuple[str, ...] = ()
    demo: bool = False
    file: str = ""
    """A file's name without its ending."""


@dataclass(slots=True)
class Draft:
    """Gathers blocks in order."""

    blocks: list[Block] = field(default_factory=list)

    def heading(self, text: str, *, annex: bool = False) -> None:
        """Add a title."""
        self.blocks.append(Heading(text, annex))

    def say(self, text: str, *, strong: bool = False) -> None:
        """Add a paragraph."""
        self.blocks.append(Sentence(text, strong))

    def figures(self, *figures: Figure) -> None:
        """Add figures side by side."""
        self.blocks.append(Figures(figures))

    def grid(
        self, columns: Sequence[Column], rows: Sequence[Sequence[tuple[Cell, str]]], *,
        total: bool = False, empty: str = "Nothing to tell.", most: int = 400,
    ) -> None:  # fmt: skip
        """Add a table of (raw, shown) cells."""
        self.blocks.append(
            Grid(
                tuple(columns), tuple(tuple(raw for raw, _ in row) for row in rows),
                tuple(tuple(shown for _, shown in row) for row in rows), total, empty, most,
            )
        )  # fmt: skip

    def chart(self, chart: Chart) -> None:
        """Add a chart."""
        self.blocks.append(chart)


def text(value: object) -> tuple[Cell, str]:
    """A cell that is its own text; "–" where it is not known."""
    return (None, "–") if value in (None, "") else (str(value), str(value))


def number(value: float | int | Decimal | None, places: int = 0) -> tuple[Cell, str]:
    """A cell that counts; "–" where it is not known."""
    raw = value if value is None or isinstance(value, Decimal) else round(float(value), 6)
    return raw, forms.number(value, places)


def moment(at_ms: int | None, zone: tzinfo) -> tuple[Cell, str]:
    """A time in the zone of the report, with its offset."""
    if at_ms is None:
        return None, "–"
    local = datetime.fromtimestamp(at_ms / 1000, zone)
    return local.isoformat(timespec="minutes"), f"{local:%Y-%m-%d %H:%M}"


def day(at_ms: int, zone: tzinfo) -> str:
    """A date in the zone of the report."""
    return f"{datetime.fromtimestamp(at_ms / 1000, zone):%Y-%m-%d}"


def span_text(ms: int) -> str:
    """How long: "40 s", "2 h 14 min", "3 days 4 h"."""
    if ms < 59_500:
        return f"{round(ms / 1000)} s"
    minutes = round(ms / 60_000)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, left = divmod(hours, 24)
    return f"{days} days {left} h" if left else f"{days} days"

"""What one cell of a table shows, and how a column makes it from a row. No Qt, no widths."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from app.domain.status import Shown

R = TypeVar("R")


class Tone(Enum):
    """How loudly a text speaks."""

    NORMAL = "text1"
    QUIET = "text2"
    FAINT = "text3"
    LINK = "accent"


@dataclass(frozen=True, slots=True)
class Cell:
    """One painted cell. Shapes come first, then an icon, then `text`, then `more` in a fainter tone.

    `strip` is one Shown (or None: nothing known) a day, drawn as bars whose height tells the state.
    `below` is a second line. `tick` draws a check box (None: none), `bar` (0 to 1) how far
    something is. `tag` frames the text: "box" a word that asks for attention, "round" somebody's
    initials. `spoken` is what a screen reader says where shapes carry the meaning.
    """

    text: str = ""
    more: str = ""
    tone: Tone = Tone.NORMAL
    strong: bool = False
    mono: bool = False
    shapes: tuple[Shown, ...] = ()
    icon: str = ""
    strip: tuple[Shown | None, ...] = ()
    below: str = ""
    tick: bool | None = None
    bar: float | None = None
    tag: str = ""
    spoken: str = ""


EMPTY = Cell()
DASH = Cell("–", tone=Tone.FAINT)


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column. `sample` is the widest text it should hold; `stretch` takes what width is left.

    `order` gives the sort key (None: cannot be sorted; None values sort last either way).
    `fixed` columns cannot be hidden; of the others the one with the highest `yields` gives way
    first where there is no room. `extra_px` is room for shapes or a strip at scale 1.
    """

    key: str
    title: str
    cell: Callable[[R], Cell]
    sample: str = ""
    right: bool = False
    order: Callable[[R], Any] | None = None
    descending_first: bool = False
    stretch: bool = False
    fixed: bool = False
    extra_px: int = 0
    hint: str = ""
    mark: bool = False
    """A narrow column of marks before the row's own first: headings begin after it."""
    yields: int | None = None


def sort_rows(rows: list[R], column: Column[R], *, descending: bool) -> list[R]:
    """`rows` in the order of `column`; stable, and rows without a value last either way."""
    order = column.order
    if order is None:
        return list(rows)
    known = [row for row in rows if order(row) is not None]
    unknown = [row for row in rows if order(row) is None]
    return sorted(known, key=order, reverse=descending) + unknown

"""The scorecard: failures a connector-year with their ranges, and how many starts ended well."""

from math import isfinite

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.analytics.insights.answers import Makes, Starts
from ui.models.insight_makes import Card, MakeRow, card, said
from ui.models.insight_starts import FEW
from ui.pages.insights.drawn import PAD, DrawnRows, dashed, head, ink_of_set, whisker
from ui.theme.formats import UNKNOWN, number, percent
from ui.theme.theme import px
from ui.widgets.painting import LEFT, RIGHT, draw_text, hairline, width_of

WELL_FROM = 0.8
"""Where the axis of what ended well begins."""


class Scores(DrawnRows):
    """A row for each maker, model and firmware, the worst first."""

    def __init__(self) -> None:
        super().__init__("Which make holds up")
        self.card: Card | None = None

    def show_makes(self, first: Makes, second: Makes | None, starts: Starts | None) -> Card:
        """Show the scorecard of the first set, the second's rates beside."""
        self.card = card(first, second, starts)
        self.tell()
        return self.card

    def items(self) -> int:
        return len(self.card.rows) if self.card is not None else 0

    def said(self, item: int) -> str:
        return said(self.card.rows[item]) if self.card is not None else ""

    def row_height(self) -> int:
        return px(29)

    def foot_height(self) -> int:
        return px(30)

    def _columns(self) -> dict[str, tuple[float, float]]:
        """Each column's left edge and width."""
        wide = self.width() - 2 * px(PAD)
        fixed = {"firmware": px(62), "units": px(34), "rate": px(54), "reading": px(70), "well": px(44)}
        room = wide - sum(fixed.values()) - 5 * px(8)
        names = min(px(170), max(px(112), room * 0.4))
        axis, share = (room - names) * 0.6, (room - names) * 0.4
        found, x = {}, float(px(PAD))
        for key, width in (
            ("model", names), ("firmware", fixed["firmware"]), ("units", fixed["units"]),
            ("rate", fixed["rate"]), ("axis", axis), ("reading", fixed["reading"]), ("well", fixed["well"]),
            ("share", share),
        ):  # fmt: skip
            found[key] = (x, width)
            x += width + (px(8) if key in ("rate", "axis", "well", "reading", "model") else 0)
        return found

    def draw(self, painter: QPainter) -> None:
        shown = self.card
        if shown is None:
            return
        at = self._columns()
        for key, text, right in (
            ("model", "Model", False), ("firmware", "Firmware", False), ("units", "No.", True),
            ("rate", "Failures", True), ("axis", f"a year, 0 to {number(shown.top)}", False),
            ("reading", "Reading", False),
        ):  # fmt: skip
            head(painter, *at[key], text, right)
        room = at["well"][1] + at["share"][1]
        long = "Ended well, 80 to 100%"
        head(painter, at["well"][0], room, long if width_of(long, "caption") <= room else "Ended well")
        self.draw_rows(painter)
        bottom = px(self.head) + self.fitting() * self.row_height()
        for key, part in (
            ("axis", shown.mean and shown.mean / shown.top),
            ("share", _well(shown.well.value) if shown.well.n >= FEW else None),
        ):
            x, wide = at[key]
            if part is not None and wide > px(20):
                dashed(painter, x + wide * min(1.0, part), px(self.head), bottom - px(self.head))
        if shown.rows:
            self._all(painter, shown, at)

    def _all(self, painter: QPainter, shown: Card, at: dict[str, tuple[float, float]]) -> None:
        high = self.foot_height()
        top = self.height() - high
        hairline(painter, 1, top, self.width() - 2, "line2")

        def cell(key: str, text: str, right: bool = False) -> None:
            x, wide = at[key]
            draw_text(painter, QRectF(x, top, wide, high), text, "small", "text1", RIGHT if right else LEFT,
                      weight=600)  # fmt: skip

        cell("model", "All makes")
        cell("rate", number(shown.mean, 1), True)
        cell("well", percent(shown.well.value, 1) if shown.well.n >= FEW else UNKNOWN)
        x, wide = at["axis"]
        line = QRectF(x, top, wide + px(70), high)
        line.setLeft(x + draw_text(painter, line, "95% range  ┊ all", "caption", "text3") + px(8))
        if any(row.before is not None for row in shown.rows):
            draw_text(painter, line, "┆ second", "caption", "seriesSecond")

    def draw_row(self, painter: QPainter, row: int, box: QRectF) -> None:
        assert self.card is not None
        one, at = self.card.rows[row], self._columns()

        def cell(key: str, text: str, ink: str = "text1", right: bool = False, weight: int = 400) -> None:
            x, wide = at[key]
            draw_text(
                painter, QRectF(x, box.top(), wide, box.height()), text, "small", ink,
                RIGHT if right else LEFT, weight=weight,
            )  # fmt: skip

        cell("model", f"{one.make[0]} {one.make[1]}".strip() or UNKNOWN, ink_of_set(one.second))
        cell("firmware", one.make[2] or UNKNOWN, "text2")
        cell("units", number(one.units), "text2", True)
        cell("rate", number(one.per_year, 1), right=True, weight=600)
        loud = one.reading in ("better", "worse")
        cell("reading", one.reading, "text1" if loud else "text2", weight=600 if loud else 400)
        cell("well", percent(one.well.value, 1) if one.well.n >= FEW else UNKNOWN)
        self._ranges(painter, one, at, box)

    def _ranges(
        self, painter: QPainter, one: MakeRow, at: dict[str, tuple[float, float]], box: QRectF
    ) -> None:
        assert self.card is not None
        top = self.card.top
        x, wide = at["axis"]
        if one.per_year is not None:
            high = one.high / top if isfinite(one.high) else 2.0
            second = one.before / top if one.before is not None else None
            whisker(
                painter, QRectF(x, box.top(), wide, box.height()), one.low / top, one.per_year / top, high,
                second=second,
            )  # fmt: skip
        x, wide = at["share"]
        if one.well.n and wide > px(20):
            ends = [_well(part) or 0.0 for part in (one.well.low, one.well.value, one.well.high)]
            whisker(painter, QRectF(x, box.top(), wide, box.height()), *ends)


def _well(share: float | None) -> float | None:
    return None if share is None else max(0.0, (share - WELL_FROM) / (1 - WELL_FROM))

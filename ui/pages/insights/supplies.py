"""How good the power is: a row for each site, its voltage as a range against the tolerance."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.analytics.insights.supply import APART_A, FACTOR, TOLERANCE, Supply
from ui.models.insight_supply import FROM, TO, SupplyRow, rows, said, share
from ui.pages.insights.drawn import PAD, DrawnRows, dashed, head, ink_of_set, whisker
from ui.theme.formats import UNKNOWN, energy_text, number, power_text
from ui.theme.theme import px
from ui.widgets.painting import LEFT, RIGHT, draw_text


class Supplies(DrawnRows):
    """Energy, power, voltage, phases and power factor."""

    def __init__(self) -> None:
        super().__init__("How good is the power")
        self.rows: Sequence[SupplyRow] = ()

    def show_supply(self, first: Supply, second: Supply | None) -> None:
        """Show the sites of the first set, the second's middle voltage beside."""
        self.rows = rows(first, second)
        self.tell()

    def items(self) -> int:
        return len(self.rows)

    def said(self, item: int) -> str:
        return said(self.rows[item])

    def row_height(self) -> int:
        return px(29)

    def _columns(self) -> dict[str, tuple[float, float]]:
        """Each column's left edge and width."""
        wide = self.width() - 2 * px(PAD)
        fixed = {"energy": 78, "peak": 64, "outside": 62, "apart": 74, "factor": 56}
        room = wide - sum(px(one) for one in fixed.values()) - px(16)
        name = min(px(180), max(px(96), room * 0.55))
        found, x = {}, float(px(PAD))
        for key, width in (
            ("site", name), ("energy", px(78)), ("peak", px(64)), ("volts", room - name),
            ("outside", px(62)), ("apart", px(74)), ("factor", px(56)),
        ):  # fmt: skip
            x += px(16) if key == "volts" else 0
            found[key] = (x, width)
            x += width
        return found

    def draw(self, painter: QPainter) -> None:
        at = self._columns()
        low, high = (f"{number(part * 100)}" for part in (FROM, TO))
        for key, text, right in (
            ("site", "Site", False), ("energy", "Energy", True), ("peak", "Highest", True),
            ("volts", f"Voltage, {low} to {high}%", False), ("outside", "Outside", True),
            ("apart", f"Over {APART_A} A", True), ("factor", f"PF <{number(FACTOR, 1)}", True),
        ):  # fmt: skip
            head(painter, *at[key], text, right)
        self.draw_rows(painter)
        bottom = px(self.head) + self.fitting() * self.row_height()
        x, wide = at["volts"]
        if any(row.site.outside.n for row in self.rows):
            for edge in (1 - TOLERANCE, 1 + TOLERANCE):
                dashed(painter, x + wide * _place(edge), px(self.head), bottom - px(self.head))

    def draw_row(self, painter: QPainter, row: int, box: QRectF) -> None:
        one, at = self.rows[row], self._columns()
        site = one.site

        def cell(key: str, text: str, ink: str = "text1", weight: int = 400, right: bool = True) -> None:
            x, wide = at[key]
            line = QRectF(x, box.top(), wide - (0 if right else px(8)), box.height())
            draw_text(painter, line, text, "small", ink, RIGHT if right else LEFT, weight=weight)

        cell("site", site.site, ink_of_set(one.second), right=False)
        cell("energy", energy_text(site.energy_wh))
        cell("peak", power_text(site.peak_w or None), "text2")
        loud = bool(site.outside.k)
        cell("outside", share(site.outside), "text1" if loud else "text3", 600 if loud else 400)
        cell("apart", share(site.apart), "text1" if site.apart.k else "text3")
        cell("factor", share(site.weak), "text1" if site.weak.k else "text3")
        x, wide = at["volts"]
        line = QRectF(x, box.top(), wide, box.height())
        if site.nominal_v is None or site.low_v is None or site.middle_v is None or site.high_v is None:
            draw_text(painter, line, f"{UNKNOWN} not told", "caption", "text3")
            return
        ends = [_place(volts / site.nominal_v) for volts in (site.low_v, site.middle_v, site.high_v)]
        whisker(painter, line, *ends, second=None if one.before is None else _place(one.before))


def _place(part: float) -> float:
    """Where on the axis a voltage lies, of the nominal one."""
    return (part - FROM) / (TO - FROM)

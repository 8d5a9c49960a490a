"""Charts of the costs: months in the patterns of how they are known, a bridge, and swings of rates.

Bars start at zero; a month that is not computed is a gap with its word, never a zero. Arrows move over
the bars; what the marked one holds is told in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.models.cost_words import euro, month_name, short_euro, short_month, signed
from ui.models.costs import ZERO, Shares, Step
from ui.theme import fonts
from ui.theme.theme import px
from ui.widgets.confidence import paint_known, told
from ui.widgets.marked import Marked, told_box
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, fill_round, hairline, ink_of, width_of
from ui.widgets.spark import nice_top


class _Bars(Marked):
    """A painted chart of money; what is marked is told at the upper right."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._currency, self._plot = "", QRectF()

    def sizeHint(self) -> QSize:
        return QSize(px(420), px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(90))

    def item_at(self, at: QPoint) -> int:
        plot = self._plot
        inside = plot.left() <= at.x() < plot.right()
        return int((at.x() - plot.left()) * self.items() / plot.width()) if inside else -1

    def draw_told(self, painter: QPainter, words: str) -> None:
        told_box(painter, QRectF(self.rect()), words, above=True)

    def _scale(self, painter: QPainter, top: float) -> QRectF:
        """Grid and labels of money from zero; the plot inside them."""
        caption = fonts.line_height("caption")
        labels = [short_euro(Decimal(str(top * part)), self._currency) for part in (1, 0.5, 0)]
        left = max(width_of(text, "caption") for text in labels) + px(10)
        self._plot = plot = QRectF(
            left + px(12),
            px(10) + caption,
            self.width() - left - px(28),
            self.height() - 2 * caption - px(26),
        )
        for i, text in enumerate(labels):
            y = plot.top() + plot.height() * i / 2
            hairline(painter, plot.left(), y, plot.width(), "line2" if i == 2 else "line1")
            line = QRectF(px(8), y - caption / 2, left - px(4), caption)
            draw_text(painter, line, text, "caption", "text3", RIGHT, elide=False)
        return plot


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month: its parts by how they are known; None: not computed yet."""

    period: str
    shares: Shares | None


class MonthBars(_Bars):
    """The total of each month, stacked: measured below, modelled on it, assumed on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Total per month", parent)
        self._months: tuple[MonthBar, ...] = ()

    def show_months(self, months: Sequence[MonthBar], currency: str) -> None:
        """Show months, oldest first."""
        self._months, self._currency = tuple(months), currency
        sums = [_whole(m) for m in self._months if m.shares is not None]
        if sums:
            text = f"last {euro(sums[-1], currency)}, lowest {euro(min(sums), currency)}"
            self.setAccessibleName(f"Total per month, {text}, highest {euro(max(sums), currency)}")
        self.update()

    def items(self) -> int:
        return len(self._months)

    def said(self, item: int) -> str:
        month = self._months[item]
        if month.shares is None:
            return f"{month_name(month.period)}: not computed yet"
        parts = ", ".join(f"{euro(v, self._currency)} {told(((how, v),)).lower()}" for how, v in month.shares)
        return f"{month_name(month.period)}: {euro(_whole(month), self._currency)}" + (
            f" ({parts})" if parts else ""
        )

    def draw(self, painter: QPainter) -> None:
        most = max((_whole(m) for m in self._months if m.shares is not None), default=ZERO)
        top = nice_top(float(most))
        plot = self._scale(painter, top)
        step = plot.width() / max(1, len(self._months))
        caption = fonts.line_height("caption")
        for i, month in enumerate(self._months):
            x, wide = plot.left() + i * step, step * 0.56
            box = QRectF(round(x + (step - wide) / 2), plot.top(), round(wide), plot.height())
            foot = QRectF(x, plot.bottom() + px(4), step, caption)
            last = i == len(self._months) - 1
            ink = "text1" if last or i == self.marked else "text3"
            draw_text(painter, foot, short_month(month.period), "caption", ink, CENTRE)
            if month.shares is None:
                draw_text(
                    painter,
                    QRectF(x, plot.bottom() - caption, step, caption),
                    "…",
                    "caption",
                    "text3",
                    CENTRE,
                )
                continue
            bottom = box.bottom()
            for how, amount in month.shares:
                high = plot.height() * float(max(ZERO, amount)) / top
                paint_known(
                    painter, QRectF(box.left(), bottom - high, box.width(), high), how,
                    "text2" if i == self.marked else "seriesThird",
                )  # fmt: skip
                bottom -= high
            if last:
                over = QRectF(x - step, bottom - caption - 2, 3 * step, caption)
                label = short_euro(_whole(month), self._currency)
                draw_text(painter, over, label, "caption", "text1", CENTRE, weight=600)


def _whole(month: MonthBar) -> Decimal:
    return sum((amount for _, amount in month.shares or ()), ZERO)


class BridgeBars(_Bars):
    """From last month's total to this one's: what rose, what fell, cost by cost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Why this month differs from the last", parent)
        self._steps: tuple[Step, ...] = ()
        self._ends = (ZERO, ZERO)
        self._names = ("", "")

    def show_bridge(
        self, steps: Sequence[Step], before: Decimal, after: Decimal, names: tuple[str, str], currency: str
    ) -> None:
        """Show the steps between two totals with their names."""
        self._steps, self._ends, self._names, self._currency = tuple(steps), (before, after), names, currency
        said = "; ".join(f"{step.name} {signed(step.change, currency)}" for step in steps)
        ends = f"From {names[0]} {euro(before, currency)} to {names[1]} {euro(after, currency)}"
        self.setAccessibleName(f"{ends}: {said or 'no change'}")
        self.update()

    def items(self) -> int:
        return len(self._steps) + 2

    def said(self, item: int) -> str:
        if item == 0:
            return f"{self._names[0]}: {euro(self._ends[0], self._currency)}"
        if item == len(self._steps) + 1:
            return f"{self._names[1]}: {euro(self._ends[1], self._currency)}"
        step = self._steps[item - 1]
        return f"{step.name}: {signed(step.change, self._currency)}"

    def draw(self, painter: QPainter) -> None:
        tops = [*self._ends, *(max(s.start, s.start + s.change) for s in self._steps)]
        top = nice_top(float(max(tops)))
        plot = self._scale(painter, top)
        step = plot.width() / max(1, self.items())
        caption = fonts.line_height("caption")

        def y(value: Decimal) -> float:
            return plot.bottom() - plot.height() * float(max(ZERO, value)) / top

        for i in range(self.items()):
            x, wide = plot.left() + i * step, min(px(64), step * 0.62)
            left = round(x + (step - wide) / 2)
            if i in (0, self.items() - 1):
                end = self._ends[0 if i == 0 else 1]
                name, label, low, high = self._names[0 if i == 0 else 1], euro(end, self._currency), ZERO, end
                fill = "seriesThird"
            else:
                one = self._steps[i - 1]
                name, label = one.name, signed(one.change, self._currency)
                low, high = sorted((one.start, one.start + one.change))
                fill = "text1" if one.change > 0 else "line2"
            box = QRectF(left, y(high), round(wide), max(1.0, y(low) - y(high)))
            fill_round(painter, box, 1, "accent" if i == self.marked else fill)
            over = QRectF(x - step / 4, box.top() - caption - 2, step * 1.5, caption)
            draw_text(painter, over, label, "caption", "text1", CENTRE, weight=600, elide=step < px(60))
            draw_text(
                painter, QRectF(x, plot.bottom() + px(4), step, caption), name, "caption", "text2", CENTRE
            )


@dataclass(frozen=True, slots=True)
class SwingRow:
    """A rate: its value in words, and by how much the total changes a fifth lower and a fifth higher."""

    title: str
    value: str
    lower: Decimal
    higher: Decimal


class SwingBars(_Bars):
    """Which rate matters most: the total's change where each is a fifth lower or higher."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Which assumption matters most", parent)
        self._rows: tuple[SwingRow, ...] = ()

    def show_swings(self, rows: Sequence[SwingRow], currency: str) -> None:
        """Show rates, the greatest swing first."""
        self._rows, self._currency = tuple(rows), currency
        told_ = "; ".join(self.said(i) for i in range(len(self._rows)))
        self.setAccessibleName(f"Which assumption matters most: {told_ or 'none changes the total'}")
        self.update()

    def items(self) -> int:
        return len(self._rows)

    def said(self, item: int) -> str:
        row = self._rows[item]
        low, high = (signed(end, self._currency) for end in (row.lower, row.higher))
        return f"{row.title}, {row.value}: a fifth lower {low}, a fifth higher {high}"

    def _pitch(self) -> int:
        return fonts.line_height("small") + px(8)

    def item_at(self, at: QPoint) -> int:
        bar = (at.y() - px(26)) // self._pitch()
        return bar if 0 <= bar < len(self._rows) else -1

    def draw(self, painter: QPainter) -> None:
        pad, names, values = px(12), min(px(250), self.width() * 0.36), px(76)
        left, right = pad + names + values, self.width() - pad
        middle, half = (left + right) / 2, (right - left) / 2 - px(72)
        most = max((max(abs(r.lower), abs(r.higher)) for r in self._rows), default=ZERO) or Decimal(1)
        head = QRectF(left, px(4), right - left, px(18))
        draw_text(
            painter,
            head,
            "total a month, each rate a fifth lower and a fifth higher",
            "caption",
            "text3",
            CENTRE,
        )
        pitch = self._pitch()
        for i, row in enumerate(self._rows):
            top = px(26) + i * pitch
            if top + pitch > self.height():
                break
            if i == self.marked:
                painter.fillRect(QRectF(1, top, self.width() - 2, pitch), ink_of("surface2"))
            draw_text(painter, QRectF(pad, top, names - px(8), pitch), row.title, "small")
            draw_text(
                painter, QRectF(pad + names, top, values - px(8), pitch), row.value, "small", "text3", LEFT
            )
            for change, light in ((row.lower, False), (row.higher, True)):
                wide = half * float(abs(change) / most)
                x = middle if change >= 0 else middle - wide
                bar = QRectF(x, top + px(5), wide, pitch - px(10))
                painter.fillRect(bar, ink_of("seriesThird" if light else "line2"))
                label = signed(change, self._currency)
                if change >= 0:
                    box = QRectF(x + wide + px(5), top, px(80), pitch)
                    draw_text(painter, box, label, "caption", "text2", LEFT)
                else:
                    draw_text(
                        painter, QRectF(x - px(85), top, px(80), pitch), label, "caption", "text2", RIGHT
                    )
        if not self._rows:
            text = "No rate changes this month's total"
            draw_text(painter, QRectF(pad, px(26), self.width(), pitch), text, "small", "text3")

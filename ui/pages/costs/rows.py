"""The seven costs as rows: name, what it is, money, twelve months, change, how it is known."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.analytics.costs.ledger import Cost
from app.analytics.costs.periods import size_of
from ui.models.cost_words import change_words, euro, input_of, short_euro, short_month
from ui.models.costs import CostRow
from ui.pages.costs.ask import AskField
from ui.shell.page import Workspace
from ui.theme import fonts
from ui.theme.icons import paint_icon
from ui.theme.theme import colour, px
from ui.widgets.confidence import main_kind, paint_known, told
from ui.widgets.painting import LEFT, RIGHT, draw_text, focus_ring, hairline, ink_of, width_of

PAD, END, KNOWN_W, CHANGE_W, TREND_W, AMOUNT_W = 16, 34, 132, 60, 118, 134
NAME_W = 150
ROOMY, LEAST_TREND_W = 800, 84
"""From this width on the trend has all its room; below it is as wide as the second."""


class Places:
    """Where the columns stand in a width; the trend gives way first."""

    def __init__(self, width: int) -> None:
        right = float(width - px(END))
        self.known = QRectF(right - px(KNOWN_W), 0, px(KNOWN_W), 0)
        self.change = QRectF(self.known.left() - px(CHANGE_W + 14), 0, px(CHANGE_W), 0)
        trend = TREND_W if width >= px(ROOMY) else LEAST_TREND_W
        left = self.change.left() - px(trend + 12)
        self.has_trend = left - px(AMOUNT_W + 14) > px(PAD + NAME_W)
        self.trend = QRectF(left, 0, px(trend), 0)
        end = left - px(14) if self.has_trend else self.change.left() - px(8)
        self.amount = QRectF(end - px(AMOUNT_W), 0, px(AMOUNT_W), 0)
        self.name = QRectF(px(PAD), 0, self.amount.left() - px(PAD + 8), 0)


class ColumnHeads(QWidget):
    """The titles over the rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = ("Cost", "Month", "12 months", "Change", "Known")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_titles(self, amount: str, trend: str, change: str) -> None:
        """Name the period shown, those before it and the one it is compared with."""
        self._titles = ("Cost", amount, trend, change, "Confidence")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        at = Places(self.width())
        for box, text, align in (
            (at.name, self._titles[0], LEFT),
            (at.amount, self._titles[1], RIGHT),
            (at.trend, self._titles[2] if at.has_trend else "", LEFT),
            (at.change, self._titles[3], RIGHT),
            (at.known, self._titles[4], LEFT),
        ):
            line = QRectF(box.left(), 0, box.width(), self.height())
            draw_text(painter, line, text, "caption", "text3", align)
        hairline(painter, 0, self.height() - 1, self.width())
        painter.end()


class CostRowView(QWidget):
    """One row. Where nothing is known yet it asks for what is missing, in place."""

    pressed = Signal(object)

    def __init__(
        self, workspace: Workspace, currency: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.row: CostRow | None = None
        self.chosen = False
        self._currency = currency
        self._last = ""
        self.ask = AskField(workspace, currency, self)
        self.ask.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_row(self, row: CostRow, last_period: str) -> None:
        """Show a cost."""
        self.row, self._last = row, last_period
        if row.amount is None and row.missing:
            asked = input_of(row.missing[0], self._currency())
            self.ask.setVisible(bool(asked.kind))
            self.ask.show_input(asked)
        else:
            self.ask.hide()
        self.setAccessibleName(self.spoken())
        self._place()
        self.update()

    def spoken(self) -> str:
        """The row as one sentence."""
        row = self.row
        if row is None:
            return ""
        if row.amount is None:
            return f"{row.name}: {self._no_amount(row)}. {row.meaning}"
        parts = [f"{row.name}: {euro(row.amount, self._currency())}", row.quantity, told(row.shares)]
        if row.ranged:
            parts.append(self._range(row))
        if row.change is not None:
            parts.append(f"{change_words(row.change)} against {self._last}")
        return ", ".join(filter(None, parts))

    def _range(self, row: CostRow) -> str:
        return f"{euro(row.low, self._currency())} to {euro(row.high, self._currency())}"

    def _short_range(self, row: CostRow) -> str:
        ends = [short_euro(end, self._currency()) for end in (row.low, row.high) if end is not None]
        return " to ".join(ends)

    @staticmethod
    def _no_amount(row: CostRow) -> str:
        return row.pending or ("not known yet" if row.missing else "nothing booked")

    def set_chosen(self, on: bool) -> None:
        """Draw it as the open one."""
        if on != self.chosen:
            self.chosen = on
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(60))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(300), max(px(44), fonts.line_height("bodyStrong") + fonts.line_height("small") + 6))

    def _place(self) -> None:
        if self.ask.isHidden():
            return
        at = Places(self.width())
        left = round(at.name.left() + px(NAME_W) + px(6))
        room = self.width() - px(END) - left
        wide = min(self.ask.sizeHint().width(), room)
        high = self.ask.sizeHint().height()
        self.ask.setGeometry(self.width() - px(END) - wide, (self.height() - high) // 2, wide, high)

    def resizeEvent(self, event: object) -> None:
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.row is not None:
            self.pressed.emit(self.row.cost)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.chosen:
            painter.fillRect(self.rect(), ink_of("accentSoft"))
            painter.fillRect(0, 0, 2, self.height(), ink_of("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), ink_of("surface2"))
        if self.row is not None:
            self._paint(painter, self.row)
        holder = self.parentWidget()
        if (
            self.chosen
            and holder is not None
            and holder.hasFocus()
            and self.window().property("keyboardFocus")
        ):
            focus_ring(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), 4)
        hairline(painter, 0, self.height() - 1, self.width())
        painter.end()

    def _paint(self, painter: QPainter, row: CostRow) -> None:
        at = Places(self.width())
        high, low = fonts.line_height("bodyStrong"), fonts.line_height("small")
        top = (self.height() - high - low - 2) / 2
        quiet = "text2" if self.chosen else "text3"

        def first(box: QRectF) -> QRectF:
            return QRectF(box.left(), top, box.width(), high)

        def second(box: QRectF) -> QRectF:
            return QRectF(box.left(), top + high + 2, box.width(), low)

        amount, quantity = "–" if row.amount is None else euro(row.amount, self._currency()), row.quantity
        drawn = at.has_trend and any(month is not None for month in row.trend)
        if row.amount is None:
            quantity = ""
        if self.ask.isHidden():
            # Up to what stands at the right of its own line, not to the column's edge.
            name = at.name.adjusted(
                0, 0, at.amount.right() - at.name.right() - width_of(amount, "pageTitle"), 0
            )
            end = at.amount.right() - width_of(quantity, "small")
            if row.amount is None and not drawn:
                end = at.change.left()
            below = at.name.adjusted(0, 0, end - at.name.right(), 0)
            name, below = name.adjusted(0, 0, -px(14), 0), below.adjusted(0, 0, -px(14), 0)
        else:
            name = below = QRectF(at.name.left(), 0, self.ask.x() - px(PAD + 10), 0)
        draw_text(painter, first(name), row.name, "bodyStrong")
        meaning = row.meaning
        if row.amount is None:
            meaning = self._no_amount(row)
            meaning = meaning[:1].upper() + meaning[1:]
            if row.quantity:
                meaning += f", {row.quantity}"
        draw_text(painter, second(below), meaning, "small", quiet)
        if not self.ask.isHidden():
            return
        draw_text(
            painter, first(at.amount), amount, "pageTitle", "text3" if row.amount is None else "text1", RIGHT
        )
        draw_text(painter, second(at.amount), quantity, "small", quiet, RIGHT)
        if drawn:
            area = QRectF(at.trend.left(), self.height() * 0.25, at.trend.width(), self.height() * 0.5)
            paint_trend(painter, area, row.trend)
        self._change(painter, at.change, row)
        self._known(painter, at.known, row, first(at.known), second(at.known))
        side = px(14)
        paint_icon(
            painter, self.width() - px(12) - side, (self.height() - side) / 2, "chevron-right", side, "text2"
        )

    def _change(self, painter: QPainter, box: QRectF, row: CostRow) -> None:
        line = QRectF(box.left(), 0, box.width(), self.height())
        worse = row.change is not None and row.change > 0.005
        draw_text(
            painter, line, change_words(row.change), "small", "text1" if worse else "text2", RIGHT,
            weight=600 if worse else 400,
        )  # fmt: skip

    def _known(self, painter: QPainter, box: QRectF, row: CostRow, one: QRectF, two: QRectF) -> None:
        how = main_kind(row.shares)
        if how is None:
            return
        if not row.ranged:
            one = QRectF(one.left(), 0, one.width(), self.height())
        paint_known(painter, QRectF(box.left(), one.center().y() - px(4), px(14), px(9)), how)
        line = QRectF(box.left() + px(20), one.top(), box.width() - px(20), one.height())
        draw_text(painter, line, told(row.shares), "small", "text1")
        if row.ranged:
            exact = self._range(row)
            fits = width_of(exact, "caption") <= two.width()
            draw_text(painter, two, exact if fits else self._short_range(row), "caption", "text3")


def paint_trend(painter: QPainter, area: QRectF, values: Sequence[Decimal | None]) -> None:
    """A bar a month, the last one bright; a month of which nothing is known is a mark on the line."""
    if not values:
        return
    most = max((value for value in values if value is not None), default=Decimal(0))
    step = area.width() / 12
    left = area.right() - step * len(values)
    for i, value in enumerate(values):
        ink = "text1" if i == len(values) - 1 else "line2"
        x, wide = left + i * step, max(1.0, step - 2)
        if value is None or most <= 0:
            painter.fillRect(QRectF(x, area.bottom() - 1, wide, 1), colour("line2"))
            continue
        high = max(1.0, area.height() * float(max(Decimal(0), value) / most))
        painter.fillRect(QRectF(round(x), area.bottom() - high, round(wide), high), colour(ink))


class CostRows(QWidget):
    """All seven. J and K move, a click or Enter opens; the open one keeps its place when order changes."""

    opened = Signal(object)
    saved = Signal()

    def __init__(
        self, workspace: Workspace, currency: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.heads = ColumnHeads()
        self.views = [CostRowView(workspace, currency) for _ in Cost]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heads)
        for view in self.views:
            column.addWidget(view, 1)
            view.pressed.connect(self.choose)
            view.ask.saved.connect(self.saved)
        self.chosen: Cost | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The seven costs")

    def show_rows(self, rows: Sequence[CostRow], period: str, last_period: str) -> None:
        """Show the rows in the order given."""
        last = short_month(last_period) if last_period else ""
        trend = f"12 {size_of(period)}s"
        self.heads.show_titles(short_month(period), trend, f"vs {last}" if last else "Change")
        for view, row in zip(self.views, rows, strict=True):
            view.show_row(row, last)
        if self.chosen is None and rows:
            self.chosen = rows[0].cost
        self._mark()

    def choose(self, cost: Cost) -> None:
        """Open a cost, as if a person had."""
        self.chosen = cost
        self._mark()
        self.opened.emit(cost)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint()

    def _repaint(self) -> None:
        for view in self.views:
            view.update()

    def _mark(self) -> None:
        for view in self.views:
            view.set_chosen(view.row is not None and view.row.cost is self.chosen)
            if view.chosen:
                self.setAccessibleDescription(view.spoken())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1,
        }.get(Qt.Key(event.key()), 0)  # fmt: skip
        order = [view.row.cost for view in self.views if view.row is not None]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen is not None:
            self.opened.emit(self.chosen)
        elif step and order:
            now = order.index(self.chosen) if self.chosen in order else -1
            self.choose(order[max(0, min(len(order) - 1, now + step))])
        else:
            super().keyPressEvent(event)

"""The seven hidden costs at a glance, for Overview: the month's total and a bar for each. Enter opens one."""

from decimal import Decimal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.analytics.cost_names import NAMES
from app.analytics.costs.books import Books
from app.analytics.costs.ledger import OUTSIDE_TOTAL, Confidence, Cost
from app.analytics.costs.periods import stepped
from ui.models.cost_month import MonthView, month_view
from ui.models.cost_words import KNOWN, change_words, euro, month_name
from ui.models.costs import CostRow, amount_of, change_of
from ui.shell.page import Workspace
from ui.theme import fonts
from ui.theme.theme import px
from ui.widgets.confidence import paint_known, paint_shares
from ui.widgets.painting import (
    LEFT,
    RIGHT,
    draw_baseline,
    draw_text,
    fill_round,
    focus_ring,
    ink_of,
    width_of,
)

MONTHS = 3
KEY = "overview/costs"


class CostSummary(QWidget):
    """Asks the core for the running month, shows it, and tells `headed` (title, subtitle) for its panel."""

    headed = Signal(str, str)
    opened = Signal(str)
    """A cost was chosen: its name; "" for all."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._view: MonthView | None = None
        self._rows: tuple[CostRow, ...] = ()
        self._told, self._waits = "Reading the costs…", True
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Hidden costs")

    def ask(self) -> None:
        """Read the running month and the one before."""
        self._workspace.bridge.run(
            lambda room: room.costs.books(MONTHS), done=self._take, failed=self.show_failure, key=KEY
        )

    def show_failure(self, sentence: str) -> None:
        """They could not be read; what was read before stays."""
        if self._view is None:
            self._say(f"The costs could not be read: {sentence}")

    def _take(self, books: Books | None) -> None:
        if books is not None:
            self.show_books(books)

    def show_books(self, books: Books) -> None:
        """Show the newest month of these."""
        if not books.months:
            self._view = None
            if books.missing:
                self._say("Costs are being computed.", waits=True)
            else:
                self._say("Costs are told from sessions and faults; none is known yet.")
            return
        newest = books.months[-1]
        zone = self._workspace.zone
        earlier = books.month(stepped(newest.period, -1))
        view = month_view(books, newest.period, zone, earlier=earlier, asked=MONTHS)
        self._view = view
        if view is None:
            return
        by_cost = {row.cost: row for row in view.rows}
        self._rows = tuple(by_cost[cost] for cost in Cost)
        against = f"against {view.before_words}" if view.before is not None else ""
        self.headed.emit(f"Hidden costs, {month_name(newest.period, year=False)}", against)
        said = "; ".join(f"{row.name} {self._amount(row)}" for row in self._rows)
        self.setAccessibleName(f"Hidden costs, {euro(self._whole(view), view.currency)}: {said}")
        self.update()

    def _say(self, text: str, *, waits: bool = False) -> None:
        self._told, self._waits = text, waits
        self.headed.emit("Hidden costs", "")
        self.setAccessibleName(f"Hidden costs. {text}")
        self.update()

    @staticmethod
    def _whole(view: MonthView) -> Decimal | None:
        return amount_of(part for part in view.parts if part.cost not in OUTSIDE_TOTAL)

    def _amount(self, row: CostRow) -> str:
        currency = self._view.currency if self._view is not None else ""
        if row.amount is not None:
            return euro(row.amount, currency)
        return "pending" if row.pending else "not known yet" if row.missing else "–"

    def sizeHint(self) -> QSize:
        return QSize(px(380), px(260))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(220), px(110))

    def _head(self) -> int:
        return fonts.line_height("title") + px(18)

    def _pitch(self) -> int:
        rest = self.height() - self._head() - px(28)
        return min(px(30), max(fonts.line_height("small") + 2, rest // max(1, len(Cost))))

    def row_at(self, at: QPoint) -> int:
        """Which cost a point lies on; -1 for none."""
        row = (at.y() - self._head()) // self._pitch()
        return row if self._view is not None and 0 <= row < len(self._rows) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint())
        self.opened.emit(self._rows[row].cost.value if row >= 0 else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1,
        }.get(Qt.Key(event.key()), 0)  # fmt: skip
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            known = 0 <= self._current < len(self._rows)
            self.opened.emit(self._rows[self._current].cost.value if known else "")
        elif step and self._rows:
            self._current = max(0, min(len(self._rows) - 1, self._current + step))
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pad, view = px(12), self._view
        if view is None:
            line = QRectF(pad, px(8), self.width() - 2 * pad, px(22))
            draw_text(painter, line, self._told, "small", "text3")
            if self._waits:
                self._paint_blocks(painter)
        else:
            base = px(8) + fonts.line_height("title") - px(4)
            x = pad + draw_baseline(painter, pad, base, euro(self._whole(view), view.currency), "title")
            change = change_of(view.whole, view.before)
            if change is not None:
                word = "more" if change > 0 else "less"
                told = f"{change_words(abs(change)).lstrip('+')} {word} than {view.before_words}"
                room = QRectF(x + px(8), px(8), self.width() - x - 2 * pad, fonts.line_height("title"))
                draw_text(painter, room, told, "small", "text3")
            self._paint_rows(painter, view)
            self._legend(painter)
        if self.hasFocus() and self._current < 0 and self.window().property("keyboardFocus"):
            focus_ring(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), 6)
        painter.end()

    def _paint_blocks(self, painter: QPainter) -> None:
        """The rows that will be, with blocks where their figures are not known yet."""
        pad, pitch, names = px(12), self._pitch(), self._names()
        for i, cost in enumerate(Cost):
            y = self._head() + i * pitch
            draw_text(painter, QRectF(pad, y, names, pitch), NAMES[cost], "small", "text3", LEFT)
            left = pad + names + px(6)
            block = QRectF(left, y + (pitch - px(9)) / 2, self.width() - left - pad, px(9))
            fill_round(painter, block, 2, "surface2")

    def _names(self) -> float:
        """How wide the names of costs are."""
        return min(px(150), self.width() * 0.36)

    def _paint_rows(self, painter: QPainter, view: MonthView) -> None:
        pad, pitch, top = px(12), self._pitch(), self._head()
        names, money, change = self._names(), px(86), px(48)
        most = max((row.amount for row in self._rows if row.amount is not None), default=Decimal(0))
        for i, row in enumerate(self._rows):
            y = top + i * pitch
            if i == self._current and self.hasFocus():
                painter.fillRect(QRectF(1, y, self.width() - 2, pitch), ink_of("accentSoft"))
            draw_text(painter, QRectF(pad, y, names, pitch), row.name, "small", "text1", LEFT)
            right = self.width() - pad - change
            bar = QRectF(
                pad + names + px(6), y + (pitch - px(9)) / 2, right - money - pad - names - px(12), px(9)
            )
            paint_shares(painter, bar, row.shares, most)
            known = row.amount is not None
            draw_text(
                painter, QRectF(right - money, y, money, pitch), self._amount(row), "small",
                "text1" if known else "text3", RIGHT, weight=600 if known else 400,
            )  # fmt: skip
            draw_text(
                painter, QRectF(right, y, change, pitch), change_words(row.change), "small", "text3", RIGHT
            )

    def _legend(self, painter: QPainter) -> None:
        x, y = float(px(12)), self.height() - px(24)
        for how in Confidence:
            paint_known(painter, QRectF(x, y + px(5), px(14), px(9)), how)
            x += px(20)
            x += draw_text(painter, QRectF(x, y, px(120), px(18)), KNOWN[how][0].lower(), "caption", "text3")
            x += px(12)
        note = QRectF(x, y, self.width() - x - px(12), px(18))
        words = "churn stands beside the total"
        if width_of(words, "caption") <= note.width():
            draw_text(painter, note, words, "caption", "text3", RIGHT)

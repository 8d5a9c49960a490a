"""How a row of the fault queue is painted: shape, three lines, state and money."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from app.domain.status import Shown
from ui.models.fault_queue import QueueRow
from ui.models.fault_rows import RowText, RowWords
from ui.models.row_model import RowModel
from ui.theme import fonts
from ui.theme.icons import paint_icon
from ui.theme.shapes import soft_colour, state_pixmap
from ui.theme.theme import colour, px, radius
from ui.widgets.painting import CENTRE, draw_key, draw_text, fill_round
from ui.widgets.row_painting import draw, paint_tick, text_width

HEADING, FULL, SHORT, CHILD, BUTTON = 30, 66, 46, 32, 36
"""Heights at scale 1: a heading, a row of three lines, of two, one under another, a deed below it."""
EDGE = 12
SHAPE = 16
MONEY = 74
GAP = 10


class FaultDelegate(QStyledItemDelegate):
    """Paints rows of a FaultQueue. `short` puts the place and the rest in one line.

    Args:
        words: makes what rows say.
        ticked: the keys of the ticked rows; where there are any, boxes stand in the shapes' place.
    """

    def __init__(
        self, words: RowWords, ticked: Callable[[], Collection[object]], parent: QAbstractItemView
    ) -> None:
        super().__init__(parent)
        self._words, self._ticked = words, ticked
        self.short = False
        self.painted = 0
        """How many rows were painted; a measure of the work done."""

    def height_of(self, row: QueueRow) -> int:
        """Pixels of a row at the scale in force."""
        if row.view is None:
            return px(HEADING)
        if row.depth:
            return px(CHILD)
        return px(SHORT if self.short else FULL) + (px(BUTTON) if self._words.of(row).button else 0)

    def usual_height(self) -> int:
        """Pixels of most rows."""
        return px(SHORT if self.short else FULL)

    def button_rect(self, rect: QRect, words: RowText) -> QRectF:
        """Where a row's own deed stands."""
        left = rect.left() + px(EDGE + SHAPE + GAP)
        wide = text_width(words.button, "small", 500) + px(16 + 24) + px(18 + 16)
        return QRectF(left, rect.bottom() + 1 - px(BUTTON) - px(3), wide, px(28))

    def mark_rect(self, rect: QRect) -> QRect:
        """Where a click ticks."""
        return QRect(rect.left(), rect.top(), px(EDGE + SHAPE + 6), rect.height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        assert isinstance(model, RowModel)
        row: QueueRow = model.rows[index.row()]
        words = self._words.of(row)
        self.painted += 1
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        rect = option.rect
        ticked = row.key in self._ticked()
        self._ground(painter, rect, row, selected or ticked, selected, hovered)
        if row.view is None:
            self._heading(painter, rect, row, words)
        else:
            self._fault(painter, rect, row, words, ticked)

    def _ground(
        self, painter: QPainter, rect: QRect, row: QueueRow, taken: bool, selected: bool, hovered: bool
    ) -> None:
        if row.view is None:
            fill = soft_colour(Shown.FAULTED) if row.band == "safety" else colour("surface2")
        else:
            fill = colour("accentSoft" if taken else "surface2" if hovered else "surface1")
        painter.fillRect(rect, fill)
        line = 1 / max(1.0, painter.device().devicePixelRatioF())
        painter.fillRect(QRectF(rect.left(), rect.bottom() + 1 - line, rect.width(), line), colour("line1"))
        if selected:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), colour("accent"))

    def _heading(self, painter: QPainter, rect: QRect, row: QueueRow, words: RowText) -> None:
        icon, side = "chevron-right" if row.folded else "chevron-down", px(14)
        x = rect.left() + px(EDGE)
        middle = rect.top() + (rect.height() - side) // 2
        paint_icon(painter, x, middle, icon, side, "text2")
        x += side + px(8)
        if row.band == "safety":
            paint_icon(painter, x, middle, "shield-alert", side, "faulted")
            x += side + px(8)
        draw(painter, x, rect, words.title, "small", 600, "text1")
        x += round(text_width(words.title, "small", 600)) + px(8)
        end = rect.right() - px(EDGE)
        if words.right and end - text_width(words.right, "small", 500) > x + text_width(
            words.note, "small", 400
        ):
            end -= round(text_width(words.right, "small", 500))
            draw(painter, end, rect, words.right, "small", 500, "text2")
            end -= px(12)
        self._elided(painter, x, end, rect, words.note, "small", 400, "text2")

    def _fault(self, painter: QPainter, rect: QRect, row: QueueRow, words: RowText, ticked: bool) -> None:
        body = QRect(
            rect.left(), rect.top(), rect.width(), rect.height() - (px(BUTTON) if words.button else 0)
        )
        quiet = row.gone
        left = body.left() + px(EDGE) + (px(24) if row.depth else 0)
        side = px(SHAPE)
        if self._ticked() and not row.depth:
            paint_tick(painter, QRect(left - px(2), body.top() + px(8), px(20), px(20)), ticked)
        elif words.shown is not None:
            y = body.top() + ((body.height() - side) // 2 if row.depth else px(10))
            painter.drawPixmap(left, y, state_pixmap(words.shown, side, painter.device().devicePixelRatioF()))
        left += side + px(GAP)
        if row.depth:
            self._child(painter, body, left, words)
            return
        right = self._money(painter, body, words, quiet)
        right = self._chip(painter, body, right, words)
        ink = "text3" if quiet else "text1"
        if self.short:
            one, two = self._line(body, 6, "body"), self._line(body, 24, "small")
            self._elided(painter, left, right, one, words.title, "body", 600, ink)
            x = self._place(painter, left, right, two, words, ink)
            rest = f"{words.priority}  ·  {words.more}"
            self._elided(painter, x, right, two, f"·  {rest}" if words.site else rest, "small", 400, "text3")
        else:
            one, two, three = (
                self._line(body, 8, "body"),
                self._line(body, 26, "small"),
                self._line(body, 42, "small"),
            )
            self._elided(painter, left, right, one, words.title, "body", 600, ink)
            self._place(painter, left, right, two, words, ink)
            draw(painter, left, three, words.priority, "small", 600, "text2")
            x = left + round(text_width(words.priority, "small", 600)) + px(10)
            self._elided(painter, x, right, three, words.more, "small", 400, "text3")
        if words.button:
            self._button(painter, rect, words)

    def _line(self, body: QRect, top: int, role: str) -> QRect:
        return QRect(body.left(), body.top() + px(top), body.width(), fonts.line_height(role))

    def _place(self, painter: QPainter, left: int, right: int, line: QRect, words: RowText, ink: str) -> int:
        draw(painter, left, line, words.station, "small", 500, ink)
        x = left + round(text_width(words.station, "small", 500)) + px(8)
        self._elided(painter, x, right, line, words.site, "small", 400, "text2")
        if not words.site:
            return min(right, x)
        return min(right, x + round(text_width(words.site, "small", 400)) + px(8))

    def _child(self, painter: QPainter, body: QRect, left: int, words: RowText) -> None:
        right = body.right() - px(EDGE)
        draw(painter, left, body, words.station, "small", 500, "text1")
        x = left + round(text_width(words.station, "small", 500)) + px(8)
        self._elided(painter, x, right, body, f"{words.title}  ·  {words.more}", "small", 400, "text2")

    def _money(self, painter: QPainter, body: QRect, words: RowText, quiet: bool) -> int:
        """€/h above, lost so far below; the left edge of what they take."""
        right = body.right() - px(EDGE)
        one = self._line(body, 8 if not self.short else 6, "body")
        two = self._line(body, 26 if not self.short else 24, "small")
        wide = text_width(words.rate, "body", 600)
        draw(painter, right - wide, one, words.rate, "body", 600, "text3" if quiet else "text1")
        lost = text_width(words.lost, "small", 400)
        draw(painter, right - lost, two, words.lost, "small", 400, "text3")
        return right - max(px(MONEY) - px(EDGE), round(max(wide, lost))) - px(GAP)

    def _chip(self, painter: QPainter, body: QRect, right: int, words: RowText) -> int:
        """Who has it, or its state in a box; the left edge of what they take."""
        middle = body.top() + body.height() // 2
        if words.who:
            side = px(24)
            box = QRectF(right - side, middle - side / 2, side, side)
            fill_round(painter, box, side / 2, "surface3")
            draw_text(painter, box, words.who, "caption", "text1", CENTRE, weight=600, elide=False)
            right -= side + px(8)
        if words.chip:
            wide = min(round(text_width(words.chip, "caption", 600)) + px(14), px(150))
            box = QRectF(right - wide, middle - px(9), wide, px(18))
            strong = words.chip == "New"
            fill_round(painter, box, radius("small"), None, "text1" if strong else "line2")
            inner = box.adjusted(px(6), 0, -px(6), 0)
            ink = "text1" if strong else "text2"
            draw_text(painter, inner, words.chip, "caption", ink, CENTRE, weight=600)
            right -= wide + px(8)
        return right

    def _button(self, painter: QPainter, rect: QRect, words: RowText) -> None:
        box = self.button_rect(rect, words)
        fill_round(painter, box, radius("control"), "surface2", "line2")
        side = px(16)
        paint_icon(painter, box.left() + px(12), box.center().y() - side / 2, "ban", side, "text1")
        end = draw_key(painter, box.right() - px(10), box.center().y(), "T")
        area = QRectF(box.left() + px(12 + 16 + 8), box.top(), end - box.left(), box.height())
        draw_text(painter, area, words.button, "small", "text1", weight=500, elide=False)

    def _elided(
        self,
        painter: QPainter,
        left: float,
        right: float,
        line: QRect,
        text: str,
        role: str,
        weight: int,
        ink: str,
    ) -> None:
        room = right - left
        if room < px(12):
            return
        if text_width(text, role, weight) > room + 0.5:
            text = fonts.metrics(role, weight).elidedText(text, Qt.TextElideMode.ElideRight, room)
        draw(painter, left, line, text, role, weight, ink)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """The whole of a row's words, which may not fit."""
        model = index.model()
        if not isinstance(model, RowModel) or not index.isValid():
            return False
        words = self._words.of(model.rows[index.row()])
        lines = (
            words.title,
            f"{words.station}  {words.site}".strip(),
            f"{words.priority} {words.more}".strip(),
        )
        QToolTip.showText(event.globalPos(), "\n".join(line for line in lines if line), view)
        return True

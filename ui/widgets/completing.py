"""A field that offers what may be written next: arrows choose, Tab takes, Esc closes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.models.completions import Offer, taken
from ui.theme.theme import px, radius
from ui.widgets.fields import SearchField
from ui.widgets.painting import RIGHT, draw_key, draw_text, fill_round, hairline, ink_of, width_of

SHOWN = 7
Complete = Callable[[str, int], Sequence[Offer]]


class OfferList(QWidget):
    """The offers, painted; whoever edits keeps the focus."""

    picked = Signal(object)

    def __init__(self, parent: QWidget, *, framed: bool = True, foot: bool = True) -> None:
        super().__init__(parent)
        self._offers: list[Offer] = []
        self._framed, self._foot = framed, foot
        self.place = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Completions")

    @property
    def chosen(self) -> Offer | None:
        """The offer that Tab takes."""
        return self._offers[self.place] if self.place < len(self._offers) else None

    @property
    def offers(self) -> Sequence[Offer]:
        """What is offered."""
        return self._offers

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Offer these, the first chosen."""
        self._offers, self.place = list(offers), 0
        self._say()
        self.updateGeometry()
        self.update()

    def step(self, by: int) -> None:
        """Choose another one."""
        if self._offers:
            self.place = (self.place + by) % len(self._offers)
            self._say()
            self.update()

    def _say(self) -> None:
        offer = self.chosen
        told = f"{offer.word} {offer.says}, {self.place + 1} of {len(self._offers)}" if offer else "none"
        self.setAccessibleName(f"Completions: {told}")

    def _first(self) -> int:
        return max(0, min(self.place - SHOWN + 1, len(self._offers) - SHOWN))

    def sizeHint(self) -> QSize:
        rows = min(SHOWN, len(self._offers))
        return QSize(px(340), rows * px(30) + (px(28) if self._foot else 0) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(60))

    def _row_at(self, y: float) -> int:
        row = self._first() + int((y - 1) // px(30))
        return row if 0 <= row < len(self._offers) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0 and row != self.place:
            self.place = row
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0:
            self.picked.emit(self._offers[row])
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        fill_round(painter, box, radius("control"), "surface2", "line2" if self._framed else "line1")
        high, first = px(30), self._first()
        room = self.height() - 2 - (px(28) if self._foot else 0)
        for line, offer in enumerate(self._offers[first : first + max(1, room // high)]):
            row = QRectF(1, 1 + line * high, self.width() - 2, high)
            self._paint_offer(painter, row, offer, first + line == self.place)
        if not self._offers:
            draw_text(
                painter, box.adjusted(px(12), 0, -px(12), 0), "Nothing to complete here", "small", "text3"
            )
        if self._foot:
            self._paint_foot(painter)
        painter.end()

    def _paint_offer(self, painter: QPainter, row: QRectF, offer: Offer, on: bool) -> None:
        if on:
            painter.fillRect(row, ink_of("accentSoft"))
            painter.fillRect(QRectF(row.left(), row.top(), 2, row.height()), ink_of("accent"))
        line = row.adjusted(px(12), 0, -px(12), 0)
        hint = min(width_of(offer.hint, "small"), line.width() * 0.4) if offer.hint else 0.0
        used = draw_text(painter, line.adjusted(0, 0, -hint, 0), offer.word, "mono", "text1")
        if offer.hint:
            draw_text(painter, line, offer.hint, "small", "text3", RIGHT)
        line.setLeft(line.left() + max(used + px(14), min(px(78), line.width() * 0.3)))
        line.setRight(line.right() - hint - px(8))
        draw_text(painter, line, offer.says, "small", "text2")

    def _paint_foot(self, painter: QPainter) -> None:
        top = self.height() - px(28)
        hairline(painter, 1, top, self.width() - 2)
        x, middle = float(px(12)), top + px(14)
        for keys, text in (("↑↓", "choose"), ("Tab", "take"), ("Esc", "close")):
            wide = max(18.0, width_of(keys, "caption") + 10)
            draw_key(painter, x + wide, middle, keys)
            x += wide + px(6)
            x += draw_text(painter, QRectF(x, top, px(80), px(28)), text, "small", "text3") + px(12)


class CompletingField(SearchField):
    """Offers completions below itself while it has the focus.

    Args:
        complete: (text, cursor) → what may come next. Called at each key.
    """

    def __init__(
        self, placeholder: str, complete: Complete, keys: str = "/", icon: str = "list-filter", *,
        at_once: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(placeholder, keys, icon, parent)
        self.complete = complete
        self._at_once = at_once
        self.list: OfferList | None = None
        self.textEdited.connect(lambda _text: self.offer())
        self.cursorPositionChanged.connect(lambda _old, _new: self._moved())

    def offer(self) -> None:
        """Show what may come next, or nothing."""
        offers = self.complete(self.text(), self.cursorPosition())
        if not offers or not self.hasFocus():
            self.close_list()
            return
        if self.list is None:
            self.list = OfferList(self.window())
            self.list.picked.connect(self.take)
        self.list.show_offers(offers)
        self._place()
        self.list.show()
        self.list.raise_()

    def close_list(self) -> None:
        """Offer nothing any more."""
        if self.list is not None:
            self.list.hide()

    @property
    def offering(self) -> bool:
        """Whether offers are in view."""
        return self.list is not None and self.list.isVisible()

    def take(self, offer: Offer) -> None:
        """Write an offer into the text."""
        text, cursor = taken(self.text(), self.cursorPosition(), offer)
        self.close_list()
        self.setText(text)
        self.setCursorPosition(cursor)
        if not offer.insert.endswith(" "):
            self.offer()

    def _moved(self) -> None:
        if self.offering:
            self.offer()

    def _place(self) -> None:
        assert self.list is not None
        window = self.window()
        below = self.mapTo(window, QPoint(0, self.height() + px(4)))
        text_end = self.cursorRect().left()
        hint = self.list.sizeHint()
        wide = min(max(hint.width(), px(300)), window.width() - 32)
        x = min(below.x() + max(0, text_end - px(12)), window.width() - wide - 16)
        self.list.setGeometry(x, below.y(), wide, min(hint.height(), window.height() - below.y() - 8))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and self.offering:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Tab and self._take_chosen():
                return True
        return super().event(event)

    def _take_chosen(self) -> bool:
        offer = self.list.chosen if self.list is not None else None
        if offer is None:
            return False
        self.take(offer)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.offering and self.list is not None:
            match event.key():
                case Qt.Key.Key_Down:
                    self.list.step(1)
                    return
                case Qt.Key.Key_Up:
                    self.list.step(-1)
                    return
                case Qt.Key.Key_Escape:
                    self.close_list()
                    return
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self.close_list()
        elif event.key() == Qt.Key.Key_Down:
            self.offer()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._at_once:
            self.offer()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_list()

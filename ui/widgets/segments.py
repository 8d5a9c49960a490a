"""One choice of a few, side by side: segments in a box, tabs with a line below."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.status import Shown
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px, radius, size
from ui.widgets.painting import CENTRE, LEFT, draw_text, fill_round, focus_ring, ink_of, upright, width_of

Choice = tuple[str, str]


class _Choices(QWidget):
    """Keeps the choice; subclasses measure and paint."""

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[Choice],
        name: str,
        wide: Callable[[str], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._wide = wide
        self._choices = list(choices)
        self._key = choices[0][0] if choices else ""
        self._hover = -1
        self._name = name
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._say()

    @property
    def value(self) -> str:
        """The key in force."""
        return self._key

    def choose(self, key: str) -> None:
        """Show `key` as chosen; tells nobody."""
        if key != self._key:
            self._key = key
            self._say()
            self.update()

    def set_text(self, key: str, text: str) -> None:
        """Change the words of one choice (a count in it)."""
        if (key, text) not in self._choices:
            self._choices = [(known, text if known == key else old) for known, old in self._choices]
            self._say()
            self.updateGeometry()
            self.update()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer others; the first is chosen if the one in force is gone."""
        self._choices = list(choices)
        if self._key not in dict(choices):
            self._key = choices[0][0] if choices else ""
        self._say()
        self.updateGeometry()
        self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"{self._name}: {dict(self._choices).get(self._key, '')}".strip(": "))

    def _widths(self) -> list[float]:
        return [self._wide(text) for _, text in self._choices]

    def _at(self, x: float) -> int:
        left = 0.0
        for index, wide in enumerate(self._widths()):
            if left <= x < left + wide:
                return index
            left += wide
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = self._at(event.position().x())
        if hover != self._hover:
            self._hover = hover
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._take(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step or not self._choices:
            super().keyPressEvent(event)
            return
        keys = [key for key, _ in self._choices]
        now = keys.index(self._key) if self._key in keys else -1
        self._take((now + step) % len(keys))

    def _take(self, index: int) -> None:
        key = self._choices[index][0]
        if key != self._key:
            self.choose(key)
            self.chosen.emit(key)

    def _focused(self) -> bool:
        return self.hasFocus() and bool(self.window().property("keyboardFocus"))


def _segment_width(text: str) -> float:
    return round(width_of(text, "small", 600)) + 2 * px(10)


class Segments(_Choices):
    """A row of choices in one box; the chosen one is filled and bold."""

    def __init__(self, choices: Sequence[Choice], name: str = "Show", parent: QWidget | None = None) -> None:
        super().__init__(choices, name, _segment_width, parent)

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._widths())), size("button"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        corner = radius("control")
        fill_round(painter, box, corner, "surface2")
        clip = QPainterPath()
        clip.addRoundedRect(box, corner, corner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(clip)
        left = 0.0
        for index, ((key, text), wide) in enumerate(zip(self._choices, self._widths(), strict=True)):
            cell = QRectF(left, 0, wide, box.height())
            on = key == self._key
            if on:
                painter.fillRect(cell, ink_of("surface3"))
            if index:
                upright(painter, left, 0, box.height(), "line2")
            ink = "text1" if on or index == self._hover else "text2"
            draw_text(painter, cell, text, "small", ink, CENTRE, weight=600 if on else 400, elide=False)
            left += wide
        painter.setClipping(False)
        fill_round(painter, box, corner, None, "line2")
        if self._focused():
            focus_ring(painter, box, corner)
        painter.end()


class TabStrip(_Choices):
    """Tabs with a line of accent below the chosen one. A count may follow the word after a tab stop."""

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        name: str = "Page",
        height: str = "topBar",
        gap: int = 24,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(choices, name, lambda text: self._measure(text) + self._between(), parent)
        self._height, self._gap = height, gap

    def _space(self) -> int:
        """Between two words: it grows less than they do, so that large text still fits a window."""
        return min(px(self._gap), max(self._gap, 18))

    def _between(self) -> float:
        """The space that there is room for: rather narrow than the last tab cut off."""
        usual, words = self._space(), sum(self._measure(text) for _, text in self._choices)
        if not self._choices or self.width() >= words + usual * len(self._choices):
            return usual
        return max(px(4), (self.width() - words) / len(self._choices))

    def _measure(self, text: str) -> float:
        word, _, count = text.partition("\t")
        return width_of(word, "body", 600) + (width_of(count, "small") + px(6) if count else 0)

    def sizeHint(self) -> QSize:
        wide = sum(self._measure(text) + self._space() for _, text in self._choices)
        return QSize(round(wide), size(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high, left, between = self.height(), 0.0, self._between()
        for index, ((key, text), wide) in enumerate(zip(self._choices, self._widths(), strict=True)):
            word, _, count = text.partition("\t")
            on = key == self._key
            ink = "text1" if on or index == self._hover else "text2"
            x = left + between / 2
            cell = QRectF(x, 0, wide - between / 2, high)
            word_wide = draw_text(
                painter, cell, word, "body", ink, LEFT, weight=600 if on else 500, elide=False
            )
            if count:
                cell.setLeft(x + word_wide + px(6))
                draw_text(painter, cell, count, "small", "text3", LEFT, elide=False)
            if on:
                line = QRectF(x - 2, high - 2, self._measure(text) + 4, 2)
                painter.fillRect(line, ink_of("accent"))
                if self._focused():
                    focus_ring(
                        painter, QRectF(x - px(6), px(6), self._measure(text) + px(12), high - px(12)), 4
                    )
            left += wide
        painter.end()


class StateChip(QWidget):
    """A state's shape with a few words in a soft box ("3 new faults"); can be pressed."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown, self._text = Shown.UNKNOWN, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, shown: Shown, text: str) -> None:
        """Show a shape and words."""
        self._shown, self._text = shown, text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(width_of(self._text, "small", 500)) + px(14 + 6 + 14), px(22))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), radius("small"), "surface3")
        side = px(14)
        paint_state_at(painter, px(7), (self.height() - side) // 2, side, self._shown)
        origin = QPointF(px(7) + side + px(6), 0)
        draw_text(
            painter,
            QRectF(origin.x(), 0, self.width(), self.height()),
            self._text,
            "small",
            "text1",
            weight=500,
        )
        painter.end()

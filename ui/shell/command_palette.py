"""Search and commands (Ctrl+K): pages, stations, sessions, deeds; keyboard first."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from ui.shell.fuzzy import score
from ui.shell.page import Hit
from ui.theme import fonts
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px, radius
from ui.widgets.painting import draw_key, draw_text, fill_round, hairline, ink_of, width_of

SHOWN = 9
PER_GROUP = 6


def ranked(hits: Sequence[Hit], typed: str) -> list[Hit]:
    """The best hits, kept in groups; groups stay in the order of their best hit."""
    scored = []
    for order, hit in enumerate(hits):
        value = score(typed, hit.title)
        if value is None:
            beside = score(typed, f"{hit.title} {hit.note}")
            value = None if beside is None else beside - 300
        if value is not None:
            scored.append((-value, order, hit))
    scored.sort(key=lambda item: item[:2])
    groups: dict[str, list[Hit]] = {}
    for _, _, hit in scored:
        kept = groups.setdefault(hit.group, [])
        if len(kept) < PER_GROUP:
            kept.append(hit)
    return [hit for group in groups.values() for hit in group]


class _Results(QWidget):
    """The list, painted; the field above keeps the focus."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []
        self.place = 0
        self._first = 0
        self.setMouseTracking(True)
        self.setAccessibleName("Results")

    def show_hits(self, hits: list[Hit]) -> None:
        self._hits, self.place, self._first = hits, 0, 0
        self._say()
        self.update()

    @property
    def chosen(self) -> Hit | None:
        return self._hits[self.place] if self._hits else None

    @property
    def hits(self) -> list[Hit]:
        return self._hits

    def move_by(self, step: int) -> None:
        if self._hits:
            self.place = (self.place + step) % len(self._hits)
            self._first = min(self._first, self.place)
            while self._rows() and self.place not in {place for place, _, _ in self._rows()}:
                self._first += 1
            self._say()
            self.update()

    def _say(self) -> None:
        hit = self.chosen
        self.setAccessibleName(f"{hit.title}, {hit.note}" if hit else "Nothing found")

    def _rows(self) -> list[tuple[int, float, bool]]:
        """(place, y, with its group's heading) of what fits, from `_first` on."""
        rows, y, group = [], 0.0, ""
        for place in range(self._first, len(self._hits)):
            headed = self._hits[place].group != group
            group = self._hits[place].group
            y += px(32) if headed else 0
            if y + px(34) > self.height() + 1:
                break
            rows.append((place, y, headed))
            y += px(34)
        return rows

    def _at(self, y: float) -> int:
        return next((place for place, top, _ in self._rows() if top <= y < top + px(34)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().y())
        if place >= 0 and place != self.place:
            self.place = place
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().y())
        if place >= 0:
            self.place = place
            self.picked.emit(self._hits[place])

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.move_by(-1 if event.angleDelta().y() > 0 else 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._hits:
            line = QRectF(px(16), px(8), self.width() - px(32), px(34))
            draw_text(
                painter,
                line,
                "Nothing fits. Try a station, a site, a session number or a page.",
                "body",
                "text3",
            )
        for place, y, headed in self._rows():
            hit = self._hits[place]
            if headed:
                head = QRectF(px(16), y - px(28), self.width(), px(24))
                draw_text(painter, head, hit.group, "small", "text3", weight=500)
            self._row(painter, hit, y, place == self.place)
        painter.end()

    def _row(self, painter: QPainter, hit: Hit, y: float, on: bool) -> None:
        row = QRectF(0, y, self.width(), px(34))
        if on:
            painter.fillRect(row, ink_of("accentSoft"))
            painter.fillRect(QRectF(0, y, 2, row.height()), ink_of("accent"))
        middle, side = row.center().y(), px(16)
        if hit.shown is not None:
            paint_state_at(painter, px(15), middle - px(7), px(14), hit.shown)
        elif hit.icon:
            paint_icon(painter, px(14), middle - side / 2, hit.icon, side, "text2")
        right = float(self.width() - px(14))
        if hit.keys:
            right = draw_key(painter, right, middle, hit.keys) - px(8)
        x = px(40)
        x += round(draw_text(painter, QRectF(x, y, right - x, row.height()), hit.title, "bodyStrong")) + px(
            10
        )
        draw_text(painter, QRectF(x, y, right - x, row.height()), hit.note, "small", "text3")


class CommandPalette(QWidget):
    """The overlay. `hits` is asked at each change of the text; it must be quick."""

    chosen = Signal(object)

    def __init__(self, host: QWidget, hits: Callable[[str], Sequence[Hit]]) -> None:
        super().__init__(host)
        self._host, self._ask = host, hits
        self._before: QWidget | None = None
        self._card = QWidget(self)
        self.field = QLineEdit(self)
        self.field.setFrame(False)
        self.field.setAccessibleName("Search or run a command")
        self.field.setPlaceholderText("Search or run a command")
        self.field.textChanged.connect(self._refresh)
        self.field.installEventFilter(self)
        self.results = _Results(self)
        self.results.picked.connect(self._pick)
        host.installEventFilter(self)
        self.hide()

    def open(self, text: str = "") -> None:
        """Show it with `text` typed."""
        self._before = QApplication.focusWidget()
        self.setGeometry(self._host.rect())
        self.field.setFont(fonts.font("pageTitle", 400))
        self.field.setText(text)
        self._refresh()
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def close_palette(self) -> None:
        """Hide it; the focus goes back."""
        self.hide()
        if self._before is not None:
            try:
                self._before.setFocus()
            except RuntimeError:
                # the widget that had the focus is gone
                self._host.setFocus()
        self._before = None

    def _refresh(self) -> None:
        typed = self.field.text().strip()
        self.results.show_hits(ranked(self._ask(typed), typed))

    def _pick(self, hit: Hit | None) -> None:
        if hit is not None:
            self.close_palette()
            self.chosen.emit(hit)

    def _place(self) -> None:
        wide = min(px(560), self.width() - 32)
        high = min(px(48) + px(34) * SHOWN + px(34) * 2 + px(44), self.height() - 2 * px(40))
        x, y = (self.width() - wide) // 2, min(px(80), max(px(16), (self.height() - high) // 3))
        self._card.setGeometry(x, y, wide, high)
        self.field.setGeometry(x + px(40), y + px(8), wide - px(110), px(34))
        self.results.setGeometry(x + 1, y + px(50), wide - 2, high - px(50) - px(38))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._host.rect())
            self._place()
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Down:
                self.results.move_by(1)
            case Qt.Key.Key_Up:
                self.results.move_by(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._pick(self.results.chosen)
            case Qt.Key.Key_Escape:
                self.close_palette()
            case Qt.Key.Key_Tab | Qt.Key.Key_Backtab:
                hit = self.results.chosen
                if hit is not None:
                    self.field.setText(hit.title)
            case _:
                return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def sizeHint(self) -> QSize:
        return self._host.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 102))
        card = QRectF(self._card.geometry())
        fill_round(painter, card, radius("panel"), "surface2", "line2")
        hairline(painter, card.left() + 1, card.top() + px(49), card.width() - 2, "line2")
        side = px(18)
        paint_icon(painter, card.left() + px(14), card.top() + px(25) - side / 2, "search", side, "text2")
        draw_key(painter, card.right() - px(14), card.top() + px(25), "Esc")
        foot = card.bottom() - px(38)
        hairline(painter, card.left() + 1, foot, card.width() - 2, "line2")
        x, middle = card.left() + px(16), foot + px(19)
        for caps, text in ((("↑", "↓"), "move"), (("Enter",), "run"), (("Tab",), "complete")):
            for cap in caps:
                wide = max(18.0, width_of(cap, "caption") + 10)
                draw_key(painter, x + wide, middle, cap)
                x += wide + 4
            x += draw_text(painter, QRectF(x, foot, 80, px(38)), text, "small", "text3") + px(16)
        painter.end()

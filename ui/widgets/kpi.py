"""The strip of figures at the top of Overview. Each cell opens its page."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.status import Shown
from ui.theme.formats import number
from ui.theme.shapes import paint_state_at, soft_colour, state_colour
from ui.theme.theme import px, radius, size
from ui.widgets.painting import draw_baseline, draw_text, fill_round, focus_ring, ink_of, upright, width_of
from ui.widgets.strips import BAR_ORDER, paint_bar, spoken

Note = tuple[Shown | None, str]


class KpiCell(QWidget):
    """A title, one large figure with its unit, and a line of notes."""

    clicked = Signal()

    def __init__(self, title: str, stretch: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.stretch = title, stretch
        self.ends = (False, False)
        """Whether it is the first and the last of its strip: those have round corners."""
        self._value, self._unit, self._beside = "–", "", ""
        self._notes: tuple[Note, ...] = ()
        self._alarm: Shown | None = None
        self._stale = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._say()

    def show_value(self, value: str, unit: str = "", notes: Sequence[Note] = (), beside: str = "") -> None:
        """Show a figure; `unit` follows it small, `notes` are (shape or None, words), `beside` the title."""
        after = (value, unit, beside, tuple(notes))
        if after != (self._value, self._unit, self._beside, self._notes):
            self._value, self._unit, self._beside, self._notes = after
            self._say()
            self.update()

    def set_alarm(self, shown: Shown | None) -> None:
        """Fill the cell softly in a state's colour with its shape before the title, or plain for None."""
        if shown is not self._alarm:
            self._alarm = shown
            self.update()

    def set_stale(self, as_of: str) -> None:
        """Dim the figure and say since when it stands ("as of 14:31:40"); "" for live."""
        if as_of != self._stale:
            self._stale = as_of
            self._say()
            self.update()

    def _say(self) -> None:
        notes = ", ".join(text for _, text in self._notes)
        self.setAccessibleName(
            ", ".join(filter(None, (self.title, f"{self._value} {self._unit}".strip(), notes, self._stale)))
        )

    def sizeHint(self) -> QSize:
        return QSize(px(150), size("kpiStrip") - 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(110), size("kpiStrip") - 2)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        left = px(16)
        wide = self.width() - left - px(8)
        self._head(painter, left, wide)
        base = px(53)
        ink = "text3" if self._stale else "text1"
        x = left + draw_baseline(painter, left, base, self._value, self.role_in(wide), ink) + px(6)
        draw_baseline(
            painter,
            x,
            base,
            self._unit,
            "bodyStrong",
            ink if self._alarm else "text2",
            600 if self._alarm else 500,
        )
        notes: tuple[Note, ...] = ((None, self._stale),) if self._stale else self._notes
        self._foot(painter, left, notes)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), radius("control"))
        painter.end()

    def role_in(self, room: float) -> str:
        """The largest type that the whole figure fits in: cut at the edge it would be another one."""
        unit = px(6) + width_of(self._unit, "bodyStrong") if self._unit else 0
        roles = ("display", "title", "bodyStrong")
        return next((role for role in roles if width_of(self._value, role) + unit <= room), "small")

    def _ground(self, painter: QPainter) -> None:
        if self._alarm is None and not self.underMouse():
            return
        first, last = self.ends
        corner = radius("panel") - 1
        over = corner + 1
        painter.setClipRect(self.rect())
        box = QRectF(self.rect()).adjusted(0 if first else -over, 0, 0 if last else over, 0)
        fill = ink_of("surface2") if self._alarm is None else soft_colour(self._alarm)
        fill_round(painter, box, corner, fill)
        if self._alarm is not None:
            painter.fillRect(0, 0, 3, self.height(), state_colour(self._alarm))
        painter.setClipping(False)

    def _head(self, painter: QPainter, left: float, wide: float) -> None:
        if self._alarm is not None:
            paint_state_at(painter, left, px(10), px(14), self._alarm)
            left += px(20)
        ink = "text1" if self._alarm else "text2"
        x = left + draw_text(painter, QRectF(left, px(8), wide, px(18)), self.title, "small", ink, weight=500)
        if self._beside:
            draw_text(painter, QRectF(x + px(12), px(8), wide, px(18)), self._beside, "small", "text3")

    def _foot(self, painter: QPainter, left: float, notes: Sequence[Note]) -> None:
        x = left
        for shown, text in notes:
            if shown is not None:
                paint_state_at(painter, x, px(66), px(13), shown)
                x += px(18)
            room = QRectF(x, px(64), max(0.0, self.width() - x - px(6)), px(18))
            x += draw_text(painter, room, text, "small", "text1" if self._alarm else "text3") + px(12)


class ConnectorsCell(KpiCell):
    """Connectors by state: shape and count each, and a stacked bar."""

    def __init__(
        self, title: str = "Connectors by state", stretch: int = 20, parent: QWidget | None = None
    ) -> None:
        self._counts: tuple[tuple[Shown, int], ...] = ()
        super().__init__(title, stretch, parent)

    def show_counts(self, counts: Sequence[tuple[Shown, int]]) -> None:
        """Show how many connectors are in which state."""
        if tuple(counts) != self._counts:
            self._counts = tuple(counts)
            self._beside = number(sum(value for _, value in counts))
            self._say()
            self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"{self.title}: {spoken(self._counts)}")

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), size("kpiStrip") - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        left = px(14)
        room = self.width() - 2 * left
        self._head(painter, left, room)
        known = dict(self._counts)
        shown_now = [(shown, known[shown]) for shown in BAR_ORDER if known.get(shown)]
        widths = [px(14) + px(6) + width_of(number(value), "pageTitle") for _, value in shown_now]
        gap = min(px(12), max(px(4), (room - sum(widths)) / max(1, len(widths) - 1))) if widths else 0
        tight = sum(widths) + gap * max(0, len(widths) - 1) > room
        role = "bodyStrong" if tight else "pageTitle"
        x = float(left)
        for shown, value in shown_now:
            paint_state_at(painter, x, px(38), px(14), shown)
            x += px(14) + px(4 if tight else 6)
            x += draw_baseline(painter, x, px(51), number(value), role) + (px(5) if tight else gap)
        if not shown_now:
            draw_baseline(painter, left, px(51), "No connector has reported yet", "body", "text3")
        paint_bar(painter, QRectF(left, px(66), room, px(6)), self._counts)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), radius("control"))
        painter.end()


class CellStrip(QWidget):
    """Cells side by side in one panel, with a hairline between them; `stretches` are their shares of its
    width, equal ones if none are given."""

    def __init__(
        self, cells: Sequence[QWidget], stretches: Sequence[int] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._cells = list(cells)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(1)
        for cell, stretch in zip(cells, stretches or [1] * len(cells), strict=True):
            row.addWidget(cell, stretch)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), radius("panel"), "surface1", "line1")
        for cell in self._cells[1:]:
            upright(painter, cell.x() - 1, 1, self.height() - 2)
        painter.end()


class KpiStrip(CellStrip):
    """The figures at the head of a page."""

    def __init__(self, cells: Sequence[KpiCell], parent: QWidget | None = None) -> None:
        super().__init__(cells, [cell.stretch for cell in cells], parent)
        for cell in cells:
            cell.ends = (cell is cells[0], cell is cells[-1])
        self.rescale()

    def rescale(self) -> None:
        """Take the height of the scale in force."""
        self.setFixedHeight(size("kpiStrip"))

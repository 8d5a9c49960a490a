"""Lanes of states over time, one a plug and one for the link, with the fault's onset marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.status import Shown
from ui.theme import fonts
from ui.theme.formats import clock
from ui.theme.shapes import is_abnormal, paint_state_at, soft_colour, state_colour
from ui.theme.theme import colour, px
from ui.widgets.painting import LEFT, RIGHT, draw_text, width_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state over [from, to), with its word."""

    from_ms: int
    to_ms: int
    shown: Shown
    word: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A named row of stretches."""

    name: str
    stretches: tuple[Stretch, ...]


class StateLanes(QWidget):
    """Lanes one below the other; words stand where they fit, shapes before them."""

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._lanes: tuple[Lane, ...] = ()
        self._from = self._to = self._mark = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lanes(self, lanes: Sequence[Lane], from_ms: int, to_ms: int, mark_ms: int) -> None:
        """Show lanes from one time to another, with a mark at the onset."""
        self._lanes, self._from, self._to, self._mark = (
            tuple(lanes),
            from_ms,
            max(to_ms, from_ms + 1),
            mark_ms,
        )
        told = "; ".join(
            f"{lane.name}: " + ", ".join(f"{clock(s.from_ms, self._zone)} {s.word}" for s in lane.stretches)
            for lane in self._lanes
        )
        self.setAccessibleName(f"States around the onset. {told}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(320), len(self._lanes) * px(24) + px(22))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = max((width_of(lane.name, "small") for lane in self._lanes), default=0) + px(12)
        plot = QRectF(left, 0, self.width() - left, len(self._lanes) * px(24))
        scale = plot.width() / (self._to - self._from)
        for place, lane in enumerate(self._lanes):
            y = place * px(24)
            draw_text(painter, QRectF(0, y, left, px(20)), lane.name, "small", "text3")
            for stretch in lane.stretches:
                x = plot.left() + max(0, stretch.from_ms - self._from) * scale
                end = plot.left() + min(self._to - self._from, stretch.to_ms - self._from) * scale
                self._stretch(painter, QRectF(x, y, max(1.0, end - x - 1), px(20)), stretch)
        x = plot.left() + (self._mark - self._from) * scale
        pen = QPen(colour("faulted"), 1)
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(int(x), 0, int(x), int(plot.height()))
        caption = fonts.line_height("caption")
        foot = QRectF(plot.left(), plot.bottom() + px(2), plot.width(), caption)
        draw_text(painter, foot, clock(self._from, self._zone), "caption", "text3", LEFT)
        draw_text(painter, foot, clock(self._to, self._zone), "caption", "text3", RIGHT)
        words = f"onset {clock(self._mark, self._zone)}"
        wide = width_of(words, "caption")
        at = min(max(x - wide / 2, plot.left() + px(40)), plot.right() - wide - px(40))
        draw_text(painter, QRectF(at, foot.top(), wide + 2, caption), words, "caption", "text2", LEFT)
        painter.end()

    def _stretch(self, painter: QPainter, box: QRectF, stretch: Stretch) -> None:
        abnormal = is_abnormal(stretch.shown)
        painter.fillRect(box, soft_colour(stretch.shown) if abnormal else colour("surface3"))
        painter.fillRect(
            QRectF(box.left(), box.bottom() - px(2), box.width(), px(2)), state_colour(stretch.shown)
        )
        side = px(12)
        if box.width() < side + px(6):
            return
        paint_state_at(painter, box.left() + px(4), box.center().y() - side / 2 - 1, side, stretch.shown)
        area = QRectF(box.left() + px(20), box.top(), box.width() - px(24), box.height() - px(2))
        if area.width() > px(28):
            draw_text(painter, area, stretch.word, "caption", "text1", LEFT)

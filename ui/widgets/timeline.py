"""What happened, line by line: time, shape or icon, what, and words that may go on in a second line."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.models.fault_words import TimelineEntry
from ui.theme import fonts
from ui.theme.formats import clock, day, local
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at
from ui.theme.theme import colour, px
from ui.widgets.painting import draw_text, upright

WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class Timeline(QWidget):
    """Entries, oldest first."""

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._entries: tuple[TimelineEntry, ...] = ()
        self._now_ms = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_entries(self, entries: Sequence[TimelineEntry], now_ms: int) -> None:
        """Show these."""
        made = tuple(entries)
        if made == self._entries and self._times(now_ms) == self._times(self._now_ms):
            return
        self._entries, self._now_ms = made, now_ms
        told = "; ".join(f"{self._time(e.at_ms)} {e.title}, {e.text}".rstrip(", ") for e in made)
        self.setAccessibleName(f"Timeline: {told}" if told else "Timeline, empty")
        self.updateGeometry()
        self.update()

    @property
    def entries(self) -> tuple[TimelineEntry, ...]:
        """What is shown."""
        return self._entries

    def _times(self, now_ms: int) -> int:
        return local(now_ms, self._zone).toordinal() if now_ms else 0

    def _time(self, at_ms: int) -> str:
        at, now = local(at_ms, self._zone), local(self._now_ms, self._zone)
        if at.date() == now.date():
            return clock(at_ms, self._zone, seconds=True)
        return f"{day(at_ms, self._zone)} {clock(at_ms, self._zone)}"

    def _left(self) -> int:
        today = local(self._now_ms, self._zone).date() if self._now_ms else None
        long = any(local(e.at_ms, self._zone).date() != today for e in self._entries)
        return px(12) + px(88 if long else 60) + px(28)

    def _text_height(self, entry: TimelineEntry, wide: int) -> int:
        if not entry.text:
            return 0
        box = fonts.metrics("small").boundingRect(
            QRectF(0, 0, max(px(60), wide), 10_000), int(WRAP), entry.text
        )
        return min(round(box.height() + 0.49), 3 * fonts.line_height("small"))

    def _height(self, entry: TimelineEntry, wide: int) -> int:
        return fonts.line_height("bodyStrong") + self._text_height(entry, wide) + px(8)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        wide = width - self._left() - px(12)
        return px(16) + sum(self._height(entry, wide) for entry in self._entries)

    def sizeHint(self) -> QSize:
        return QSize(px(360), self.heightForWidth(max(self.width(), px(360))))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = self._left()
        wide = self.width() - left - px(12)
        y = px(10)
        seen = event.rect()
        line = fonts.line_height("bodyStrong")
        for index, entry in enumerate(self._entries):
            high = self._height(entry, wide)
            if y + high >= seen.top() and y <= seen.bottom():
                self._paint(painter, entry, y, high, left, wide, last=index == len(self._entries) - 1)
            y += high
        if not self._entries:
            draw_text(
                painter, QRectF(px(12), px(8), wide, line), "Nothing is on record yet.", "small", "text3"
            )
        painter.end()

    def _paint(
        self, painter: QPainter, entry: TimelineEntry, y: int, high: int, left: int, wide: int, *, last: bool
    ) -> None:
        line = fonts.line_height("bodyStrong")
        time = QRectF(px(12), y, left - px(12) - px(28), line)
        draw_text(painter, time, self._time(entry.at_ms), "small", "text3")
        side = px(14)
        x, middle = left - px(24), y + (line - side) / 2
        if not last:
            upright(painter, x + side / 2, y + line, high - line - px(2), "line2")
        if entry.shown is not None:
            paint_state_at(painter, x, middle, side, entry.shown)
        else:
            paint_icon(painter, x, middle, entry.icon or "info", side, "text2")
        draw_text(painter, QRectF(left, y, wide, line), entry.title, "body", "text1", weight=600)
        if entry.text:
            painter.setFont(fonts.font("small"))
            painter.setPen(colour("text2"))
            box = QRectF(left, y + line, wide, self._text_height(entry, wide))
            painter.drawText(box, int(WRAP), entry.text)

"""Sites with the strip of their last days and their uptime, worst first, painted."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.status import Shown
from ui.theme import fonts
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets.painting import LEFT, RIGHT, draw_text, focus_ring, ink_of
from ui.widgets.strips import legend_item, paint_strip

LOW = 97.0


@dataclass(frozen=True, slots=True)
class UptimeRow:
    """One site: its worst state of each day, and uptime in percent, truncated."""

    name: str
    days: tuple[Shown | None, ...]
    percent: float | None


class UptimeList(QWidget):
    """As many rows as fit, worst first, and how many there are. A click opens the site."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[UptimeRow, ...] = ()
        self._current = -1
        self._note = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Uptime of 30 days by site")

    def show_rows(self, rows: Sequence[UptimeRow], note: str = "") -> None:
        """Show rows in the order given; `note` says what is missing."""
        made = tuple(rows)
        if (made, note) != (self._rows, self._note):
            self._rows, self._note = made, note
            told = "; ".join(f"{row.name} {_percent(row)}" for row in made)
            self.setAccessibleName(f"Uptime of 30 days by site: {told or 'not known yet'}")
            self.update()

    def row_at(self, at: QPoint) -> int:
        """Which row a point lies on; -1 for none."""
        row = (at.y() - px(6)) // self._pitch()
        return row if 0 <= row < min(len(self._rows), self._fitting()) else -1

    def sizeHint(self) -> QSize:
        return QSize(px(380), px(220))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(220), px(100))

    def _pitch(self) -> int:
        return max(px(25), fonts.line_height("small") + px(6))

    def _fitting(self) -> int:
        return max(1, (self.height() - px(6) - px(28)) // self._pitch())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint())
        if row >= 0:
            self.chosen.emit(self._rows[row].name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.row_at(event.position().toPoint()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = min(len(self._rows), self._fitting()) - 1
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_J):
            self._current = min(last, self._current + 1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_K):
            self._current = max(0, self._current - 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._current <= last:
            self.chosen.emit(self._rows[self._current].name)
            return
        else:
            super().keyPressEvent(event)
            return
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos())
            QToolTip.showText(event.globalPos(), self._tip(row), self)
            return True
        return super().event(event)

    def _tip(self, row: int) -> str:
        if row < 0:
            return ""
        days = self._rows[row].days
        bad = [
            shown.value for shown in days if shown in (Shown.FAULTED, Shown.OFFLINE, Shown.DEGRADED) and shown
        ]
        counts = ", ".join(f"{count(bad.count(name), 'day')} {name}" for name in dict.fromkeys(bad))
        return f"{self._rows[row].name}: {counts or 'no trouble'} in {count(len(days), 'day')}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pad, pitch = px(12), self._pitch()
        shown = self._rows[: self._fitting()]
        name_wide = self.width() * 0.36
        percent_wide = px(64)
        for i, row in enumerate(shown):
            top = px(6) + i * pitch
            if i == self._current and self.hasFocus():
                painter.fillRect(QRectF(1, top, self.width() - 2, pitch), ink_of("accentSoft"))
            poor = row.percent is not None and row.percent < LOW
            draw_text(painter, QRectF(pad, top, name_wide, pitch), row.name, "small", "text1", LEFT)
            left = pad + name_wide + px(12)
            strip = QRectF(left, top + px(5), self.width() - left - percent_wide - pad, pitch - px(10))
            paint_strip(painter, strip, row.days)
            box = QRectF(self.width() - pad - percent_wide, top, percent_wide, pitch)
            ink = "text1" if poor else "text2"
            draw_text(painter, box, _percent(row), "small", ink, RIGHT, weight=600 if poor else 400)
        self._foot(painter, len(shown))
        if self.hasFocus() and self.window().property("keyboardFocus") and self._current < 0:
            focus_ring(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), 6)
        painter.end()

    def _foot(self, painter: QPainter, shown: int) -> None:
        line = QRectF(px(12), self.height() - px(26), self.width() - px(24), px(18))
        text = f"{shown} of {len(self._rows)} sites" if shown < len(self._rows) else ""
        draw_text(
            painter, line, " · ".join(part for part in (text, self._note) if part), "caption", "text3", LEFT
        )
        x = float(self.width() - px(232))
        if x > px(120):
            for state in (Shown.FAULTED, Shown.OFFLINE, Shown.DEGRADED):
                x = legend_item(painter, x, line.center().y(), state)


def _percent(row: UptimeRow) -> str:
    return "–" if row.percent is None else f"{number(row.percent, 2)}%"

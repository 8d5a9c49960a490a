"""Bars that tell states by colour and by height or place: a stacked bar, a strip of days."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.status import WORST_FIRST, Shown
from ui.theme import fonts
from ui.theme.formats import count
from ui.theme.shapes import state_colour, word
from ui.theme.theme import colour, px
from ui.widgets.painting import LEFT, RIGHT, draw_text, fill_round, snapped

HEIGHTS: dict[Shown, float] = {
    Shown.FAULTED: 1.0,
    Shown.OFFLINE: 2 / 3,
    Shown.DEGRADED: 1 / 4,
    Shown.UNKNOWN: 1 / 4,
}
"""How high a bad day's bar is: the height carries the meaning, not only the colour (UI.md, 7)."""

BAR_ORDER: tuple[Shown, ...] = (
    Shown.AVAILABLE,
    Shown.CHARGING,
    Shown.PREPARING,
    Shown.FINISHING,
    Shown.RESERVED,
    Shown.UNAVAILABLE,
    Shown.FAULTED,
    Shown.OFFLINE,
    Shown.DEGRADED,
    Shown.UNKNOWN,
)
"""Calm states first, so that what is wrong gathers at the right end."""


def paint_bar(painter: QPainter, rect: QRectF, counts: Sequence[tuple[Shown, int]]) -> None:
    """A stacked bar of counts with 1 px between parts; each state has at least 2 px."""
    known = dict(counts)
    parts = [(shown, known[shown]) for shown in BAR_ORDER if known.get(shown)]
    whole = sum(number for _, number in parts)
    if not whole:
        painter.fillRect(rect, colour("surface2"))
        return
    free = rect.width() - (len(parts) - 1) - 2 * len(parts)
    x = rect.left()
    for index, (shown, number) in enumerate(parts):
        last = index == len(parts) - 1
        wide = rect.right() - x if last else snapped(painter, 2 + free * number / whole)
        shade = colour("seriesThird") if shown is Shown.AVAILABLE else state_colour(shown)
        if shown is Shown.AVAILABLE:
            painter.setOpacity(0.6)
        painter.fillRect(QRectF(x, rect.top(), wide, rect.height()), shade)
        painter.setOpacity(1)
        x += wide + 1


def paint_strip(painter: QPainter, rect: QRectF, days: Sequence[Shown | None], *, sharp: bool = True) -> None:
    """One bar a day. Good days are a quiet full bar, unknown days (None) a low line, bad ones a height."""
    if not days:
        return
    step = rect.width() / len(days)
    gap = 1.0 if step < 8 else 2.0
    dim = colour("line2")
    for index, shown in enumerate(days):
        x = snapped(painter, rect.left() + index * step)
        wide = max(1.0, snapped(painter, rect.left() + (index + 1) * step) - x - gap)
        if shown is None:
            painter.fillRect(QRectF(x, rect.bottom() - 2, wide, 2), dim)
            continue
        high = HEIGHTS.get(shown)
        if high is None or high < 1:
            painter.fillRect(QRectF(x, rect.top(), wide, rect.height()), dim)
        if high is not None:
            bar = snapped(painter, max(3.0, rect.height() * high))
            if high < 1:
                painter.fillRect(QRectF(x, rect.bottom() - bar - 1, wide, bar + 1), colour("surface1"))
            painter.fillRect(QRectF(x, rect.bottom() - bar, wide, bar), state_colour(shown))


class StateBar(QWidget):
    """How many connectors are in which state, as one stacked bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: tuple[tuple[Shown, int], ...] = ()
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_counts(())

    def show_counts(self, counts: Sequence[tuple[Shown, int]]) -> None:
        """Show these counts."""
        self._counts = tuple(counts)
        self.setAccessibleName(spoken(self._counts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_bar(painter, QRectF(self.rect()), self._counts)
        painter.end()


def spoken(counts: Sequence[tuple[Shown, int]]) -> str:
    """Counts as one sentence, worst first: "5 faulted, 6 offline, 46 available"."""
    known = dict(counts)
    said = [f"{known[shown]} {word(shown).lower()}" for shown in WORST_FIRST if known.get(shown)]
    return ", ".join(said) or "nothing reported yet"


class UptimeStrip(QWidget):
    """90 days of one station: a bar a day, dates at both ends, the day's words on hover and by arrows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: tuple[Shown | None, ...] = ()
        self._tips: tuple[str, ...] = ()
        self._first = self._last = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(
        self,
        days: Sequence[Shown | None],
        first: str = "",
        last: str = "",
        tips: Sequence[str] = (),
        summary: str = "",
    ) -> None:
        """Show one state a day (the worst of it), oldest first; `tips` say each day in words."""
        self._days, self._tips, self._first, self._last = tuple(days), tuple(tips), first, last
        bad = sum(1 for day in days if day in HEIGHTS)
        self.updateGeometry()
        self.setAccessibleName(summary or f"{count(len(self._days), 'day')}, {bad} with a problem")
        self.update()

    def sizeHint(self) -> QSize:
        caption = fonts.line_height("caption") + px(4) if self._first or self._last else 0
        return QSize(px(300), px(26) + caption)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(90), self.sizeHint().height())

    def _bars(self) -> QRect:
        return QRect(0, 0, self.width(), px(26))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.day_at(event.pos())
            if 0 <= place < len(self._tips):
                QToolTip.showText(event.globalPos(), self._tips[place], self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def day_at(self, at: QPoint) -> int:
        """Which day a point lies on; -1 for none."""
        if not self._days or not self._bars().contains(at):
            return -1
        return min(len(self._days) - 1, int(at.x() * len(self._days) / max(1, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        bars = QRectF(self._bars())
        if self._days:
            paint_strip(painter, bars, self._days)
        else:
            fill_round(painter, bars, 4, "surface2")
        line = QRectF(0, bars.bottom() + px(4), self.width(), fonts.line_height("caption"))
        draw_text(painter, line, self._first, "caption", "text3", LEFT)
        draw_text(painter, line, self._last, "caption", "text3", RIGHT)
        painter.end()


def legend_item(painter: QPainter, x: float, middle: float, shown: Shown) -> float:
    """A small bar of a state's height with its word, for a legend below strips. Returns the next x."""
    box = QRectF(x, middle - 6, 4, 12)
    paint_strip(painter, box, (shown,))
    text = QRectF(x + 9, middle - 8, 80, 16)
    wide = draw_text(painter, text, word(shown).lower(), "caption", "text3", Qt.AlignmentFlag.AlignVCenter)
    return x + 9 + wide + 16

"""What is wrong with the station at a glance: its open faults, the dearest first."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.faults.views import FaultView
from ui.models.fault_words import shown_of, where
from ui.theme.money import rate
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px
from ui.widgets.painting import RIGHT, draw_text

MOST = 3


class FaultLines(QWidget):
    """One line a fault: shape, title and place, what it loses an hour; the rest is counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: tuple[FaultView, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_faults(self, views: Sequence[FaultView]) -> None:
        """Show these open faults."""
        if tuple(views) != self._views:
            self._views = tuple(views)
            self.setAccessibleName("; ".join(" ".join(self.words(view)) for view in views))
            self.updateGeometry()
            self.update()

    @staticmethod
    def words(view: FaultView) -> tuple[str, str]:
        """What a fault is and where, and what it loses an hour; "" where that is nothing."""
        losing = view.money is not None and view.money.losing
        money = rate(view.money.losing, view.money.currency) if view.money is not None and losing else ""
        return ", ".join(filter(None, (view.record.title, where(view.record)))), money

    def sizeHint(self) -> QSize:
        lines = min(MOST, len(self._views)) + (len(self._views) > MOST)
        return QSize(px(260), px(22) * max(1, lines))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high, wide = px(22), self.width()
        for n, view in enumerate(self._views[:MOST]):
            top = n * high
            title, money = self.words(view)
            paint_state_at(painter, 0, top + (high - px(14)) / 2, px(14), shown_of(view.record))
            taken = draw_text(painter, QRectF(0, top, wide, high), money, "small", "text1", RIGHT, weight=600)
            room = QRectF(px(22), top, wide - px(22) - taken - px(8), high)
            draw_text(painter, room, title, "small", "text1")
        if len(self._views) > MOST:
            more = QRectF(px(22), MOST * high, wide - px(22), high)
            draw_text(painter, more, f"and {len(self._views) - MOST} more", "small", "text3")
        painter.end()

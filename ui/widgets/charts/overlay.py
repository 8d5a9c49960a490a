"""What follows the pointer: a transparent child over the plot, so that the scene is not asked again."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

Paint = Callable[[QPainter], None]


class Overlay(QWidget):
    """Paints one thing; only where it was and where it is now is drawn again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._paint: Paint | None = None
        self._region = QRegion()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_what(self, paint: Paint | None, places: Sequence[QRectF] = ()) -> None:
        """Show what `paint` draws, which lies inside `places`; None for nothing."""
        region = QRegion()
        for place in places:
            region = region.united(_outside(place))
        before, self._region, self._paint = self._region, region, paint
        self.update(before.united(region))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._paint is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
            painter.end()


def _outside(place: QRectF) -> QRect:
    return place.adjusted(-2, -2, 2, 2).toAlignedRect()

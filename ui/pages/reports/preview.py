"""The pages of a report as they will be printed: two beside each other, one as wide as there is room, or
as large as on paper."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from ui.theme.theme import colour, px

GAP = 12
TWO, WIDE, FULL = "two", "wide", "full"
SIZES = ((TWO, "Two pages"), (WIDE, "Width"), (FULL, "100%"))
PAPER_PX = 794
"""How wide an A4 page is on a screen of 96 pixels an inch."""
KEPT = 6
"""So many pages are kept in the size shown."""


class _Pages(QWidget):
    """Draws the pages, scaled to the width it has."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[QImage] = []
        self.across = 2
        self.widest = 0
        """No page is wider; 0 for as wide as there is room."""
        self._scaled: dict[tuple[int, int], QImage] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pages(self, pages: Sequence[QImage]) -> None:
        """Draw these."""
        self.pages = list(pages)
        self._scaled.clear()

    def fit(self, width: int) -> None:
        """Take the height that the pages need at this width."""
        self.setFixedHeight(self._bottom(width) if self.pages else px(40))
        self.update()

    def _page(self, width: int) -> QSize:
        wide = (width - (self.across + 1) * px(GAP)) // self.across
        wide = min(wide, self.widest) if self.widest else wide
        first = self.pages[0]
        return QSize(wide, round(wide * first.height() / first.width()))

    def _bottom(self, width: int) -> int:
        lines = -(-len(self.pages) // self.across)
        return lines * (self._page(width).height() + px(GAP)) + px(GAP)

    def _drawn(self, place: int, size: QSize) -> QImage:
        """A page in the size shown: a painter that shrinks it leaves pixels out, and letters fray."""
        dpr = self.devicePixelRatioF()
        wide = round(size.width() * dpr)
        found = self._scaled.get((place, wide))
        if found is None:
            if len(self._scaled) >= KEPT:
                del self._scaled[next(iter(self._scaled))]
            found = self.pages[place].scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
            self._scaled[place, wide] = found
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.pages:
            return
        painter = QPainter(self)
        size = self._page(self.width())
        used = self.across * (size.width() + px(GAP)) - px(GAP)
        left = max(px(GAP), (self.width() - used) // 2)
        for n in range(len(self.pages)):
            line, column = divmod(n, self.across)
            x = left + column * (size.width() + px(GAP))
            y = px(GAP) + line * (size.height() + px(GAP))
            box = QRectF(x, y, size.width(), size.height())
            if box.intersects(QRectF(event.rect())):
                painter.drawImage(box, self._drawn(n, size))
                painter.setPen(colour("line2"))
                painter.drawRect(box)
        painter.end()


class Preview(QScrollArea):
    """Scrolls through the pages; Page Up and Page Down move by one."""

    def __init__(self) -> None:
        super().__init__()
        self._pages = _Pages()
        self.setWidget(self._pages)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Preview")
        self._size = TWO

    def set_size(self, size: str) -> None:
        """Show two pages, one as wide as there is room, or one as large as on paper."""
        if size != self._size:
            seen = self.verticalScrollBar().value() / max(1, self._pages.height())
            self._size = size
            self._fit()
            self.verticalScrollBar().setValue(round(seen * self._pages.height()))

    def show_pages(self, pages: Sequence[QImage], words: str) -> None:
        """Show these; `words` are all of the report's, for a screen reader."""
        self._pages.show_pages(pages)
        self._pages.setAccessibleName("Report")
        self._pages.setAccessibleDescription(words)
        self._fit()
        self.verticalScrollBar().setValue(0)

    @property
    def count(self) -> int:
        """How many pages it shows."""
        return len(self._pages.pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.viewport().width()
        two = self._size == TWO and width >= px(760) and len(self._pages.pages) > 1
        self._pages.across = 2 if two else 1
        self._pages.widest = px(PAPER_PX) if self._size == FULL else 0
        self._pages.fit(width)

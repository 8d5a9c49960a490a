"""The pages of a report as they will be printed, two beside each other where there is room."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from ui.theme.theme import colour, px

GAP = 12


class _Pages(QWidget):
    """Draws the pages, scaled to the width it has."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[QImage] = []
        self.across = 2
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fit(self, width: int) -> None:
        """Take the height that the pages need at this width."""
        self.setFixedHeight(self._bottom(width) if self.pages else px(40))
        self.update()

    def _page(self, width: int) -> QSize:
        wide = (width - (self.across + 1) * px(GAP)) // self.across
        first = self.pages[0]
        return QSize(wide, round(wide * first.height() / first.width()))

    def _bottom(self, width: int) -> int:
        lines = -(-len(self.pages) // self.across)
        return lines * (self._page(width).height() + px(GAP)) + px(GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.pages:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._page(self.width())
        for n, page in enumerate(self.pages):
            line, column = divmod(n, self.across)
            x = px(GAP) + column * (size.width() + px(GAP))
            y = px(GAP) + line * (size.height() + px(GAP))
            box = QRectF(x, y, size.width(), size.height())
            if box.intersects(QRectF(event.rect())):
                painter.drawImage(box, page)
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

    def show_pages(self, pages: Sequence[QImage], words: str) -> None:
        """Show these; `words` are all of the report's, for a screen reader."""
        self._pages.pages = list(pages)
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
        self._pages.across = 2 if width >= px(760) and len(self._pages.pages) > 1 else 1
        self._pages.fit(width)

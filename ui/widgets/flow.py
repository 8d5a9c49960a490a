"""A row that goes on in the next line where there is no room: filters at 200% on a laptop."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items side by side at their size hints, wrapped; those added by `add_right` stand at the right end."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._right: set[int] = set()
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def add_right(self, widget: QWidget) -> None:
        """Add a widget that stands at the right end where its line has room to spare."""
        self._right.add(len(self._items))
        self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        seen = [item.sizeHint() for item in self._items if not item.isEmpty()]
        wide = sum(size.width() for size in seen) + self._gap * max(0, len(seen) - 1)
        return QSize(wide, max((size.height() for size in seen), default=0))

    def minimumSize(self) -> QSize:
        seen = [item.sizeHint() for item in self._items if not item.isEmpty()]
        wide = max((size.width() for size in seen), default=0)
        return QSize(wide, max((size.height() for size in seen), default=0))

    def _lines(self, width: int) -> list[list[int]]:
        lines: list[list[int]] = [[]]
        used = 0
        for i, item in enumerate(self._items):
            if item.isEmpty():
                continue
            wide = item.sizeHint().width()
            if lines[-1] and used + wide > width:
                lines.append([])
                used = 0
            lines[-1].append(i)
            used += wide + self._gap
        return lines

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        y = rect.top()
        for line in self._lines(rect.width()):
            if not line:
                continue
            high = max(self._items[i].sizeHint().height() for i in line)
            if move:
                self._place(line, rect, y, high)
            y += high + self._gap
        return max(0, y - rect.top() - self._gap)

    def _place(self, line: list[int], rect: QRect, y: int, high: int) -> None:
        sizes = {i: self._items[i].sizeHint() for i in line}
        spare = rect.width() - sum(s.width() for s in sizes.values()) - self._gap * (len(line) - 1)
        x = rect.left()
        for i in line:
            if i in self._right and spare > 0:
                x += spare
                spare = 0
            size = QSize(min(sizes[i].width(), rect.width()), sizes[i].height())
            self._items[i].setGeometry(QRect(QPoint(x, y + (high - size.height()) // 2), size))
            x += size.width() + self._gap

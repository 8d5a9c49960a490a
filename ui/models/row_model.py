"""A Qt table over immutable rows: shows what it is given and asks for nothing."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.models.cells import Cell, Column

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
_NONE = QModelIndex()


class RowModel(QAbstractTableModel, Generic[R]):
    """Rows of one snapshot, in the order given. Read only.

    `key` names a row across snapshots: a selection stays with its row when the order changes.
    `heading` tells of a row whether it is a heading that is folded (True), one that is open (False),
    or no heading (None). `visible` tells the first and last row on screen; only those are repainted
    when values change.
    """

    def __init__(
        self,
        columns: Sequence[Column[R]],
        key: Callable[[R], Any],
        parent: QObject | None = None,
        *,
        heading: Callable[[R], bool | None] = lambda _row: None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._heading = heading
        self._rows: list[R] = []
        self._keys: list[Any] = []
        self._place: dict[Any, int] | None = {}
        self._cells: dict[int, list[Cell | None]] = {}
        self.visible: Callable[[], tuple[int, int]] = lambda: (0, len(self._rows) - 1)
        self.accented: Callable[[Any], bool] = lambda _key: False
        """Whether the row of a key is drawn as taken (ticked), beside the one that is current."""

    @property
    def columns(self) -> tuple[Column[R], ...]:
        """The columns, in order."""
        return self._columns

    @property
    def rows(self) -> Sequence[R]:
        """The rows as shown."""
        return self._rows

    def show(self, rows: Sequence[R]) -> None:
        """Show `rows`; repaint only what is on screen and differs, keep selections by key."""
        keys = [self._key(row) for row in rows]
        if keys == self._keys:
            self._show_values(list(rows))
        else:
            self._show_order(list(rows), keys)

    @property
    def keys(self) -> Sequence[Any]:
        """The keys of the rows, in order."""
        return self._keys

    def row_of(self, key: Any) -> int | None:
        """Where the row of `key` stands now; None if it is not shown."""
        if self._place is None:
            self._place = {key: i for i, key in enumerate(self._keys)}
        return self._place.get(key)

    def key_at(self, row: int) -> Any:
        """The key of the row at `row`; None outside."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def is_heading(self, row: int) -> bool:
        """Whether the row is a heading over others."""
        return 0 <= row < len(self._rows) and self._heading(self._rows[row]) is not None

    def is_folded(self, row: int) -> bool:
        """Whether the row is a heading whose rows are folded away."""
        return 0 <= row < len(self._rows) and self._heading(self._rows[row]) is True

    def cell(self, row: int, column: int) -> Cell:
        """What the cell shows; kept until its row or the moment changes."""
        cells = self._cells.get(row)
        if cells is None:
            cells = self._cells[row] = [None] * len(self._columns)
        found = cells[column]
        if found is None:
            found = cells[column] = self._columns[column].cell(self._rows[row])
        return found

    def refresh(self) -> None:
        """Make every cell anew when it is next painted (ages pass, zones and themes change)."""
        self._cells.clear()
        first, last = self.visible()
        last = min(last, len(self._rows) - 1)
        if 0 <= first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def append(self, rows: Sequence[R], *, keep: int) -> None:
        """Add `rows` at the end, dropping the oldest beyond `keep` (a live log)."""
        rows = list(rows)[-keep:]
        surplus = len(self._rows) + len(rows) - keep
        self._place = None
        if surplus > 0:
            self.beginRemoveRows(_NONE, 0, surplus - 1)
            del self._rows[:surplus], self._keys[:surplus]
            self._cells.clear()
            self.endRemoveRows()
        if rows:
            self.beginInsertRows(_NONE, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self._keys.extend(self._key(row) for row in rows)
            self.endInsertRows()

    def _show_values(self, rows: list[R]) -> None:
        before, self._rows = self._rows, rows
        first, last = self.visible()
        touched = []
        for i, (old, new) in enumerate(zip(before, rows, strict=True)):
            if new is not old and new != old:
                self._cells.pop(i, None)
                if first <= i <= last:
                    touched.append(i)
        if touched:
            end = len(self._columns) - 1
            self.dataChanged.emit(self.index(touched[0], 0), self.index(touched[-1], end))

    def _show_order(self, rows: list[R], keys: list[Any]) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        wanted = [(index, self.key_at(index.row())) for index in old]
        self._rows, self._keys = rows, keys
        place = {key: i for i, key in enumerate(keys)}
        self._place = place
        self._cells.clear()
        new = [
            self.index(place[key], index.column()) if key in place else QModelIndex() for index, key in wanted
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == CELL_ROLE:
            return self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            cell = self.cell(index.row(), index.column())
            return f"{cell.text} {cell.more}" if cell.more else cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self.cell(index.row(), index.column())
            said = cell.spoken or f"{cell.text} {cell.more}".strip()
            return f"{self._columns[index.column()].title}: {said}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._columns):
            column = self._columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return column.title
            if role == Qt.ItemDataRole.ToolTipRole:
                return column.hint or None
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

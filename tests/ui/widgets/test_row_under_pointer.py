"""The row under the pointer stands out over its whole width, and only that one."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.models.cells import Cell, Column
from ui.models.row_model import RowModel
from ui.theme.theme import colour
from ui.widgets.row_table import RowTable


@dataclass(frozen=True)
class _Row:
    name: str


def _table(qtbot: QtBot) -> RowTable:
    columns: list[Column[_Row]] = [
        Column("name", "Name", lambda row: Cell(row.name), "LKP-02", fixed=True),
        Column("site", "Site", lambda row: Cell("Lyon"), "Lyon", fixed=True, stretch=True),
    ]
    model: RowModel[_Row] = RowModel(columns, lambda row: row.name)
    table = RowTable(model, "Stations")
    qtbot.addWidget(table)
    table.resize(400, 300)
    model.show([_Row(f"LKP-0{i}") for i in range(40)])
    table.show()
    return table


def _pointed(table: RowTable) -> list[tuple[int, int]]:
    """Rows and columns that stand out, of the first five rows."""
    image = table.viewport().grab().toImage()
    found = []
    for row in range(table.rowAt(0), table.rowAt(0) + 5):
        for column in (0, 1):
            cell: QRect = table.visualRect(table.model().index(row, column))
            if image.pixelColor(cell.right() - 3, cell.center().y()) == colour("surface2"):
                found.append((row, column))
    return found


def test_all_cells_of_the_row_stand_out_until_the_pointer_leaves(dressed: QApplication, qtbot: QtBot) -> None:
    table = _table(qtbot)
    assert _pointed(table) == []
    for row in (1, 3):
        at = table.visualRect(table.model().index(row, 1)).center()
        qtbot.mouseMove(table.viewport(), at)
        qtbot.waitUntil(lambda row=row: _pointed(table) == [(row, 0), (row, 1)])  # type: ignore[misc]
    away = QPointF(5, 5)
    QApplication.sendEvent(table.horizontalHeader(), QEnterEvent(away, away, away))
    assert _pointed(table) == []
    qtbot.mouseMove(table.viewport(), table.visualRect(table.model().index(2, 0)).center())
    qtbot.waitUntil(lambda: _pointed(table) == [(2, 0), (2, 1)])
    QApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert _pointed(table) == []

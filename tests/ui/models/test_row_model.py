"""The table model repaints little, keeps selections, and forgets what is old."""

from dataclasses import dataclass

from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot

from ui.models.cells import Cell, Column, sort_rows
from ui.models.row_model import RowModel


@dataclass(frozen=True)
class Row:
    name: str
    value: int | None


COLUMNS = (
    Column("name", "Name", lambda row: Cell(row.name), order=lambda row: row.name),
    Column("value", "Value", lambda row: Cell(str(row.value)), order=lambda row: row.value),
)


def model(*rows: Row) -> RowModel[Row]:
    """A model that shows these rows, the first two of them on screen."""
    made: RowModel[Row] = RowModel(COLUMNS, lambda row: row.name)
    made.show(rows)
    made.visible = lambda: (0, 1)
    return made


def test_only_rows_on_screen_are_repainted(qtbot: QtBot) -> None:
    """Of two changed rows one is on screen: one signal, for that row."""
    shown = model(Row("a", 1), Row("b", 2), Row("c", 3))
    with qtbot.waitSignal(shown.dataChanged) as told:
        shown.show((Row("a", 1), Row("b", 20), Row("c", 30)))
    first, last = told.args[0], told.args[1]
    assert (first.row(), last.row()) == (1, 1)
    assert shown.cell(2, 1).text == "30", "a row off screen is right when it comes into view"


def test_nothing_is_told_when_nothing_changed(qtbot: QtBot) -> None:
    """The same values again repaint nothing."""
    shown = model(Row("a", 1), Row("b", 2))
    with qtbot.assertNotEmitted(shown.dataChanged), qtbot.assertNotEmitted(shown.layoutChanged):
        shown.show((Row("a", 1), Row("b", 2)))


def test_a_selection_stays_with_its_row() -> None:
    """Another order moves the index with the row; a row that goes leaves an invalid one."""
    shown = model(Row("a", 1), Row("b", 2), Row("c", 3))
    kept = QPersistentModelIndex(shown.index(0, 0))
    shown.show((Row("c", 3), Row("b", 2), Row("a", 1)))
    assert kept.row() == 2
    shown.show((Row("c", 3),))
    assert not kept.isValid()


def test_a_live_log_is_bounded() -> None:
    """The oldest rows go; keys are found at their new places."""
    shown = model()
    shown.append([Row(str(i), i) for i in range(8)], keep=10)
    shown.append([Row(str(i), i) for i in range(8, 14)], keep=10)
    assert [row.name for row in shown.rows] == [str(i) for i in range(4, 14)]
    assert shown.row_of("4") == 0
    assert shown.row_of("3") is None


def test_a_cell_is_spoken_with_its_title() -> None:
    """A screen reader hears the column and the value."""
    shown = model(Row("a", 1))
    said = shown.data(shown.index(0, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Value: 1"


def test_unknown_values_sort_last_either_way() -> None:
    """None is neither small nor large."""
    rows = [Row("a", None), Row("b", 2), Row("c", 1)]
    assert [r.name for r in sort_rows(rows, COLUMNS[1], descending=False)] == ["c", "b", "a"]
    assert [r.name for r in sort_rows(rows, COLUMNS[1], descending=True)] == ["b", "c", "a"]

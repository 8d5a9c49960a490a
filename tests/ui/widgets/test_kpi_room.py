"""A figure is shown whole: in smaller type where there is little room for it."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.widgets.kpi import KpiCell
from ui.widgets.painting import width_of


@pytest.mark.parametrize(
    ("wide", "role"), [(200, "display"), (130, "title"), (80, "bodyStrong"), (64, "small")]
)
def test_a_sum_that_does_not_fit_is_written_smaller(
    dressed: QApplication, qtbot: QtBot, wide: int, role: str
) -> None:
    """1,714.59 stood as 1,714.5 where the text was set at one and a half times its size."""
    cell = KpiCell("Modelled")
    qtbot.addWidget(cell)
    cell.show_value("€1,714.59", "", [])
    assert cell.role_in(wide) == role
    assert width_of("€1,714.59", role) <= wide
    cell.resize(wide, 90)
    cell.grab()

"""The panel of visits: what it cannot do it says."""

from typing import Any
from zoneinfo import ZoneInfo

from pytestqt.qtbot import QtBot

from tests.ui.pictures import NOW_MS
from ui.pages.maintenance.parts import VisitPanel


def test_planning_again_says_why_it_cannot(dressed: Any, qtbot: QtBot) -> None:
    """It was dead over three routes without a word."""
    panel = VisitPanel()
    qtbot.addWidget(panel)
    panel.show_routes([], [], NOW_MS, ZoneInfo("Europe/Amsterdam"))
    assert not panel.again.isEnabled()
    assert "no day has three" in panel.again.toolTip()

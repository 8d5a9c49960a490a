"""The palette: what it finds, what comes first, what it runs."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.shell.probes import press, probe
from ui.shell import page_deeds
from ui.shell.fuzzy import score
from ui.shell.window import MainWindow


def test_the_palette_finds_stations_and_goes_there(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = window.palette_box
    assert box.isVisible()
    qtbot.keyClicks(box.field, "vtp")
    assert [hit.title for hit in box.results.hits if hit.group == "Stations"] == ["VTP-01", "VTP-02"]
    while box.results.chosen is None or box.results.chosen.title != "VTP-02":
        qtbot.keyClick(box.field, Qt.Key.Key_Down)
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert (window.route, probe(window).did) == ("stations/station", ["opened VTP-02"])


def test_the_palette_runs_what_the_page_offers(window: MainWindow, qtbot: QtBot) -> None:
    window.palette_box.open("recov")
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Return)
    assert probe(window).did[-1] == "ran"


def test_the_palette_finds_what_other_pages_do(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Back up" was found on Settings only; the page opens and does it."""
    monkeypatch.setitem(page_deeds.DEEDS, "stations/list", (("Run recovery", "wrench"),))
    window.palette_box.open("run recovery")
    there = [hit for hit in window.palette_box.results.hits if hit.group == "On other pages"]
    assert [hit.title for hit in there] == ["Run recovery"]
    window.palette_box.chosen.emit(there[0])
    assert window.route == "stations/list"
    assert probe(window).did[-1] == "ran"


def test_the_palette_opens_a_session_by_its_number(window: MainWindow) -> None:
    window.palette_box.open("48211")
    assert any(hit.title == "Session 48211" for hit in window.palette_box.results.hits)


def test_the_palette_gives_way_to_esc(window: MainWindow, qtbot: QtBot) -> None:
    window.palette_box.open("")
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Escape)
    assert not window.palette_box.isVisible()


@pytest.mark.parametrize(
    ("typed", "name", "fits"),
    [
        ("reset", "Import complaints, reviews and credits…", False),
        ("vtp", "Venlo Trade Port", True),
        ("export sess", "Export these sessions as CSV…", True),
        ("vtp-03 reset", "Soft reset VTP-03…", True),
        ("backup", "Back up now…", True),
        ("vtp-03 reset", "Soft reset VTP-04…", False),
    ],
)
def test_what_is_typed_is_made_of_beginnings_of_words(typed: str, name: str, fits: bool) -> None:
    """Letters from anywhere made "reset" find the import of complaints."""
    assert (score(typed, name) is not None) == fits


def test_a_command_without_a_station_leads_to_the_list_of_them(window: MainWindow) -> None:
    """It found nothing that had to do with it."""
    window.palette_box.open("hard reset")
    first = window.palette_box.results.hits[0]
    assert (first.title, first.note, first.route) == ("Hard reset…", "choose its station", "stations/list")


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [("vtp", "VTP-03", "Venlo Trade Port"), ("set", "Settings", "Reset station"), ("03", "VTP-03", "VTP-13")],
)
def test_what_fits_better_comes_first(typed: str, better: str, worse: str) -> None:
    first, second = score(typed, better), score(typed, worse)
    assert first is not None
    assert second is None or first > second
    assert score("xyz", better) is None

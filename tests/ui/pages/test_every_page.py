"""What holds for every page: it stands in every state and size, names its controls, leaks nothing."""

import gc
import weakref
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from app.domain.errors import ForecourtError
from tests.ui.pages.conftest import PAGES
from tests.ui.pictures import picture
from ui.theme.theme import theme
from ui.widgets.labels import Label

ARGUMENTS = {"station": "UTM-01"}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("stations", "broken"), [(0, False), (3, False), (48, True), (300, False)])
def test_every_page_stands_in_every_state(open_page: Any, name: str, stations: int, broken: bool) -> None:
    """None, few, all broken, many; large and small; dark and light: it paints and stays inside."""
    shown = picture(stations, broken=broken, waiting=2 if stations else 0)
    stage = open_page(name, shown, argument=ARGUMENTS.get(name, ""))
    for size in ((1352, 824), (1224, 644)):
        stage.host.resize(*size)
        for choice in ("dark", "light"):
            theme().choose(choice)
            stage.settle()
            assert not stage.host.grab().isNull()
        assert stage.page.minimumSizeHint().width() <= size[0], "the page is wider than a laptop"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_survives_history_that_cannot_be_read(open_page: Any, name: str) -> None:
    """Each question fails with a sentence: the page stays alive."""
    stage = open_page(name, argument=ARGUMENTS.get(name, ""))
    for question in stage.bridge.answers:
        stage.bridge.answers[question] = ForecourtError("The disk does not answer.")
    stage.page.closed()
    stage.page.opened(ARGUMENTS.get(name, ""))
    stage.settle()
    assert not stage.host.grab().isNull()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_waits_for_late_answers(open_page: Any, name: str) -> None:
    """No answer yet: nothing is invented, and an answer after leaving changes nothing."""
    stage = open_page(name, argument=ARGUMENTS.get(name, ""))
    stage.bridge.answers.clear()
    stage.page.closed()
    stage.page.opened(ARGUMENTS.get(name, ""))
    stage.settle()
    stage.page.closed()
    assert not stage.bridge.asked, "questions are dropped when the page is left"


@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_name(open_page: Any, name: str) -> None:
    """A screen reader has a word for each button and field in view."""
    stage = open_page(name, picture(12, waiting=3), argument=ARGUMENTS.get(name, ""))
    for widget in stage.page.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, QAbstractButton | QLineEdit):
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget


@pytest.mark.parametrize("name", PAGES)
def test_keys_held_together_are_in_one_cap(open_page: Any, name: str) -> None:
    """A space parts keys to choose from, as in "J K"; "Ctrl E" stood as two of them, and undo twice."""
    stage = open_page(name, argument=ARGUMENTS.get(name, ""))
    told: tuple[tuple[str, str], ...] = tuple(stage.page.keys())
    assert not [keys for keys, _ in told if {"Ctrl", "Alt", "Shift"} & set(keys.split(" "))]


@pytest.mark.parametrize("name", PAGES)
def test_no_label_is_cut_at_twice_the_size(open_page: Any, name: str) -> None:
    """At 200% text stays whole in height: no label is lower than its line."""
    theme_before = theme().scale
    stage = open_page(name, argument=ARGUMENTS.get(name, ""), size=(1820, 1000))
    theme().set_scale(2.0)
    stage.settle()
    for label in stage.page.findChildren(Label):
        if label.isVisible() and label.text() and not label.wordWrap():
            assert label.height() >= label.fontMetrics().height() * 0.85, label.text()
    theme().set_scale(theme_before)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_deleted_is_gone(open_page: Any, name: str) -> None:
    """Nothing keeps a page alive once the window let go of it."""
    stage = open_page(name, picture(3), argument=ARGUMENTS.get(name, ""))
    page = stage.page
    page.closed()
    gone = weakref.ref(page)
    page.setParent(None)
    page.deleteLater()
    stage.page = _Nothing()
    del page
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    gc.collect()
    assert gone() is None


class _Nothing:
    def closed(self) -> None:
        """The page is gone already."""

    def take(self, changes: Any, shown: Any) -> None:
        """Nobody listens."""

"""Lines of settings: what acts on a row waits for one, what is told is so and in words."""

from typing import Any

import pytest
from PySide6.QtCore import QLocale

from app.analytics.settings_page import SettingsView, Written


def test_what_acts_on_a_row_waits_for_the_first(open_page: Any) -> None:
    """ "Take back" asked to choose a line where there was none."""
    stage = open_page("settings")
    table, back = stage.page.prices.lists["price"], stage.page.prices.back["price"]
    assert back.isEnabled()
    table.show_rows(())
    assert not back.isEnabled()
    assert stage.page.prices.adding["price"].isEnabled()


def test_a_playbook_is_told_as_it_runs_also_where_a_site_allowed_all_of_them(open_page: Any) -> None:
    """ "Off" stood where a site had allowed every playbook, and this one ran there by itself."""
    stage = open_page("settings")
    panel = stage.page.recovery
    bodies = [
        {"playbook": "*", "site": "Venlo Blerick", "automatic": True},
        {"playbook": "*", "site": "Utrecht Merwede", "automatic": True},
        {"playbook": "connector-lock", "site": "Utrecht Merwede", "automatic": False},
        {"playbook": "connector-lock", "site": "", "automatic": False},
    ]
    written = tuple(Written("playbook", str(n), body, "ann", 0) for n, body in enumerate(bodies))
    panel.show_view(SettingsView({"playbook": written}, ("Utrecht Merwede", "Venlo Blerick")))
    place = panel.books.model.row_of("connector-lock")
    row = panel.books.model.rows[place]
    assert not row.everywhere
    assert row.sites == (("Utrecht Merwede", False), ("Venlo Blerick", True))
    assert panel.books.model.cell(place, 1).text == "off, on at 1 site"
    assert panel.ask("connector-lock").boxes["Venlo Blerick"].isChecked()


@pytest.mark.parametrize(
    ("name", "words"),
    [("de_DE", "as in Germany"), ("en_GB", "as in United Kingdom"), ("C", "no language set")],
)
def test_formats_are_told_in_words(open_page: Any, name: str, words: str) -> None:
    """ "Numbers as C writes them" stood there."""
    before = QLocale()
    QLocale.setDefault(QLocale(name))
    try:
        stage = open_page("settings")
        assert words in stage.page.language._formats.meaning.text()
    finally:
        QLocale.setDefault(before)

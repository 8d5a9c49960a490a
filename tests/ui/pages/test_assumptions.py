"""Settings, Assumptions, as somebody changes a rate."""

import json
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.analytics.costs.assumptions import assumption_set, known
from app.cost_room import Preview
from app.domain.errors import ForecourtError
from app.domain.intents import RemoveEntry, SaveEntry
from app.domain.records import EntryRecord
from tests.ui.costings import books
from tests.ui.pictures import NOW_MS
from ui.models.assumption_rows import MonthChange, change_rows
from ui.theme import fonts
from ui.theme.theme import theme

RATE = "manpower.rate"


def entry(value: str = "45.00", version: int = 1) -> EntryRecord:
    return EntryRecord(
        "assumption", RATE, version, NOW_MS, "Sanne Visser", "New agreement", json.dumps({"value": value})
    )


def opened(open_page: Any, argument: str = "", changed: bool = False) -> Any:
    stage = open_page("assumptions")
    if changed:
        stage.bridge.answers["assumptions/rates"] = assumption_set((entry(),))
    stage.page.opened(argument)
    stage.settle()
    return stage


def cells(stage: Any, key: str) -> dict[str, Any]:
    model = stage.page.model
    return {c.key: model.cell(model.row_of(key), i) for i, c in enumerate(model.columns)}


def test_every_rate_is_there_with_unit_default_source_and_who_set_it(open_page: Any) -> None:
    stage = opened(open_page, changed=True)
    assert [row.key for row in stage.page.model.rows] == list(known())
    mine = cells(stage, RATE)
    assert (mine["value"].text, mine["unit"].text, mine["default"].text) == ("45.00", "€ per hour", "28.00")
    assert (mine["changed"].text, mine["source"].text) == ("Sanne Visser", "New agreement")
    assert mine["rate"].below == "Wasted manpower"
    share = cells(stage, "revenue.recovered_share")
    assert (share["value"].text, share["unit"].text, share["changed"].text) == ("25", "%", "default in use")
    unset = cells(stage, "data.demand_charge")
    assert (unset["value"].text, unset["default"].text, unset["unit"].below) == (
        "Enter…",
        "none",
        "not entered",
    )


def test_only_changed_ones_only_open_ones_and_words(open_page: Any) -> None:
    stage = opened(open_page, changed=True)
    page = stage.page
    page.segments.chosen.emit("changed") if page.segments.choose("changed") is None else None
    assert [row.key for row in page.model.rows] == [RATE]
    page.segments.choose("open")
    page._show()
    assert all(row.held.value is None for row in page.model.rows)
    page.segments.choose("all")
    page.field.setText("dispute")
    page._show()
    assert [row.key for row in page.model.rows] == ["data.dispute_share"]
    page.field.setText("zebra")
    page._show()
    assert "No rate fits" in stage.texts()


def test_a_change_shows_old_and_new_and_holds_only_after_keep(open_page: Any) -> None:
    """Months before and after, then a reason, then a new numbered set."""
    stage = opened(open_page, RATE)
    editor = stage.page.editor
    assert editor.isVisible()
    number, editor._number = editor._number, 0
    editor._offer()
    assert editor.becomes.text() == "Defaults hold. Sent reports keep theirs."
    editor._number = number
    editor.new.setText("52")
    editor.preview()
    stage.settle()
    said = stage.texts(editor)
    old, new = books(13), books(13, held=assumption_set((), {RATE: "52"}))
    for one in (old, new):
        assert f"{one.months[-1].total(outside=True):,.2f}" in said
    assert "13 months computed" in said
    assert not editor.keep.isEnabled()
    assert "say why first" in editor.becomes.text()
    assert not stage.bridge.intents
    editor.reason.setText("New agreement")
    assert editor.keep.text() == "Keep €52.00"
    stage.click(editor.keep)
    assert stage.bridge.intents == [(SaveEntry("assumption", RATE, {"value": "52"}), "New agreement")]
    assert not editor.isVisible()
    assert "priced anew" in stage.toasts[-1]


def test_a_share_is_typed_in_percent_and_kept_as_a_fraction(open_page: Any) -> None:
    stage = opened(open_page, "revenue.recovered_share")
    editor = stage.page.editor
    assert editor.new.text() == "25"
    editor.new.setText("31 %")
    editor.reason.setText("Own data")
    editor.keep_it()
    intent = stage.bridge.intents[-1][0]
    assert intent.body == {"value": "0.31"}


@pytest.mark.parametrize(("typed", "sentence"), [("lots", "is no amount"), ("-3", "cannot be below zero"),
                                                 ("120", "is a share")])  # fmt: skip
def test_what_is_no_value_is_refused_in_a_sentence(open_page: Any, typed: str, sentence: str) -> None:
    stage = opened(open_page, "revenue.recovered_share")
    editor = stage.page.editor
    editor.new.setText(typed)
    editor.reason.setText("Why not")
    assert sentence in editor.wrong.text()
    assert not editor.keep.isEnabled()
    editor.keep_it()
    assert not stage.bridge.intents


def test_enter_stays_at_a_value_that_is_none(open_page: Any) -> None:
    """It went on to the reason, and what was typed next to mend the value became one."""
    stage = open_page("assumptions")
    editor = stage.page.editor
    stage.page.table.go_to("revenue.recovered_share")
    stage.press(stage.page.table, Qt.Key.Key_Return)
    editor.new.setText("abc")
    stage.press(editor.new, Qt.Key.Key_Return)
    assert editor.new.hasFocus()
    assert editor.new.selectedText() == "abc"
    editor.new.setText("30")
    stage.press(editor.new, Qt.Key.Key_Return)
    assert editor.reason.hasFocus()


def test_d_goes_back_to_the_default_after_keep(open_page: Any) -> None:
    """D opens the editor with the default; Keep takes the entry back."""
    stage = opened(open_page, changed=True)
    stage.page.table.go_to(RATE)
    stage.press(stage.page.table, Qt.Key.Key_D)
    editor = stage.page.editor
    assert editor.new.text() == "28.00"
    assert not stage.bridge.intents
    editor.reason.setText("It was a mistake")
    editor.keep_it()
    assert stage.bridge.intents == [(RemoveEntry("assumption", RATE), "It was a mistake")]


def test_escape_discards(open_page: Any) -> None:
    stage = opened(open_page, RATE)
    stage.page.editor.new.setText("99")
    assert stage.page.back()
    assert not stage.page.editor.isVisible()
    assert not stage.bridge.intents


def test_months_that_wait_are_told_and_computing_can_be_cancelled(open_page: Any) -> None:
    stage = opened(open_page, RATE)
    part = books(13, missing=("2026-01", "2026-02"))
    stage.bridge.answers["assumptions/preview"] = Preview(part, part)
    stage.page.editor.preview()
    assert "11 of 13 months; 2 wait" in stage.page.editor.progress.text()
    stage.page.editor.stop()
    assert "cancelled" in stage.page.editor.progress.text()
    stage.bridge.answers["assumptions/preview"] = ForecourtError("The disk does not answer.")
    stage.page.editor.preview()
    assert "The disk does not answer." in stage.page.editor.progress.text()


def test_all_changes_are_listed_newest_first(open_page: Any) -> None:
    stage = opened(open_page)
    stage.bridge.answers["assumptions/changes"] = (entry("52.00", 2), entry())
    stage.page.show_changes()
    stage.settle()
    said = stage.texts(stage.sheet())
    assert said.index("€52.00") < said.index("€45.00")
    assert "Sanne Visser: New agreement" in said


def test_a_cost_opens_the_rate_it_rests_on(open_page: Any) -> None:
    stage = open_page("costs", argument="manpower")
    stage.settle()
    rate = next(row for row in stage.page.opened_cost._rates if row.name.text() == "An hour at the desk")
    stage.click(rate.value)
    assert stage.went[-1] == ("settings/assumptions", RATE)
    assert Decimal(known()[RATE].default) == Decimal("28.00")


def test_rows_keep_the_height_of_their_two_lines_when_the_theme_is_switched(open_page: Any) -> None:
    stage = opened(open_page)
    before = stage.page.table.rowHeight(0)
    theme().choose("light" if theme().name == "dark" else "dark")
    assert stage.page.table.rowHeight(0) == before >= 2 * fonts.line_height("small")


def test_where_a_rate_comes_from_is_said_in_words_of_its_reader() -> None:
    assert [one.basis for one in known().values() if "Reference" in one.basis or "Beta(" in one.basis] == []


def test_one_month_is_one_month() -> None:
    one = MonthChange("2026-10", Decimal(10), Decimal(12))
    assert [name for name, _ in change_rows([one])] == ["October 2026", "1 month"]
    assert change_rows([one, one])[-1][0] == "2 months"

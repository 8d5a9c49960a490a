"""The page Faults: the queue by keys, what waits, one fault with all that is known, what is done to it."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.domain.errors import ForecourtError
from app.domain.fact import changed
from app.domain.intents import ActOnFault
from app.faults.views import FaultView
from tests.ui import fault_scenes as scenes
from tests.ui.pages.conftest import Stage
from tests.ui.pictures import NOW_MS, picture
from ui.theme.theme import theme

KEY = Qt.Key


def listed(stage: Stage) -> list[int]:
    return [row.view.record.fault for row in stage.page.table.rows_model.rows if row.view is not None]


def acts(stage: Stage) -> list[tuple[int, str]]:
    return [(i.fault, i.verb) for i, _ in stage.bridge.intents if isinstance(i, ActOnFault)]


def away(stage: Stage) -> None:
    """Neither pointer nor focus is in the queue."""
    stage.page.list.export.setFocus()


# -- the queue -------------------------------------------------------------------------------------


def test_the_dearest_stands_first_below_the_safety_lane(open_page: Any) -> None:
    stage = open_page("faults")
    assert listed(stage) == [12, 11, 13, 14, 17, 15, 16]
    assert stage.titles[-1] == ("", "Losing €43.90/h")
    assert stage.page.list.tabs.accessibleName() == "Panel: Open\t7"


def test_j_and_k_go_from_fault_to_fault_past_headings(open_page: Any) -> None:
    stage = open_page("faults")
    table = stage.page.table
    assert stage.page.detail.view.record.fault == 12
    stage.press(table, KEY.Key_J, KEY.Key_J)
    assert stage.page.detail.view.record.fault == 13
    stage.press(table, KEY.Key_K)
    assert stage.page.detail.view.record.fault == 11


def test_new_rows_wait_behind_a_bar_while_the_list_has_the_focus(open_page: Any) -> None:
    stage = open_page("faults")
    stage.page.table.setFocus()
    before = listed(stage)
    new = scenes.fault(40, "Reader failure", "UTM-01", 1, priority="P1")
    stage.bridge.faulted.emit(scenes.changes({40: FaultView(new, money=scenes.money(90_000, 10))}))
    assert listed(stage) == before
    bar = stage.page.list.new_bar
    assert bar.isVisible()
    assert bar.accessibleName() == "1 new: show"
    stage.press(stage.page.table, KEY.Key_Period)
    assert listed(stage)[1] == 40
    assert not bar.isVisible()


def test_new_rows_come_at_once_where_nobody_looks_at_the_list(open_page: Any) -> None:
    stage = open_page("faults")
    away(stage)
    new = scenes.fault(40, "Reader failure", "UTM-01", 1)
    stage.bridge.faulted.emit(scenes.changes({40: FaultView(new, money=scenes.money(90_000, 10))}))
    assert listed(stage)[1] == 40


def test_what_ends_while_one_looks_stays_where_it_was(open_page: Any) -> None:
    stage = open_page("faults")
    stage.page.table.setFocus()
    over = changed(scenes.LINK, state="NORM", closed_ms=NOW_MS)
    stage.bridge.faulted.emit(scenes.changes({13: FaultView(over)}))
    stage.page.refresh()
    assert 13 in listed(stage)
    away(stage)
    stage.bridge.faulted.emit(scenes.changes({}))
    stage.page.refresh()
    assert 13 not in listed(stage)


def test_money_changes_move_nothing_and_cost_one_refresh_a_second(open_page: Any) -> None:
    stage = open_page("faults")
    away(stage)
    made = stage.page.words.made
    for lost in range(10):
        view = FaultView(scenes.LOCK, money=scenes.money(1420, 3170 + lost))
        stage.bridge.faulted.emit(scenes.changes({11: view}))
    assert stage.page.words.made == made, "nothing is painted before the next second"
    stage.settle()
    assert stage.page.words.of(row_of(stage, 11)).lost == "€31.79"


def row_of(stage: Stage, fault: int) -> Any:
    model = stage.page.table.rows_model
    return model.rows[model.row_of(("fault", fault))]


def test_children_unfold_with_the_arrow(open_page: Any) -> None:
    stage = open_page("faults")
    stage.page.table.go_to(("fault", 17))
    stage.press(stage.page.table, KEY.Key_Right)
    assert listed(stage)[5:8] == [21, 22, 23]
    stage.press(stage.page.table, KEY.Key_Left)
    assert 21 not in listed(stage)


def test_a_slash_filters_and_esc_gives_all_back(open_page: Any, qtbot: Any) -> None:
    stage = open_page("faults")
    stage.page.focus_filter()
    stage.page.list.field.setText("marta")
    qtbot.waitUntil(lambda: listed(stage) == [14], timeout=2_000)
    assert stage.page.back()
    assert len(listed(stage)) == 7
    stage.page.list.field.setText("no such thing")
    qtbot.waitUntil(lambda: not listed(stage), timeout=2_000)
    assert "No fault fits this filter" in stage.texts()


def test_what_is_set_aside_has_a_tab_and_a_segment_for_each_reason(open_page: Any) -> None:
    stage = open_page("faults")
    stage.page.show_tab("aside")
    assert listed(stage) == [18, 21, 22, 23]
    stage.page.list.states._take(1)
    assert listed(stage) == [18]


def test_closed_faults_are_searched_page_by_page(open_page: Any) -> None:
    stage = open_page("faults")
    stage.page.show_tab("closed")
    assert len(listed(stage)) == 30
    assert stage.page.list.more.isVisible()
    stage.click(stage.page.list.more)
    assert len(listed(stage)) == 60
    assert not stage.page.list.more.isVisible()


def test_it_says_that_it_still_reads_and_that_nothing_is_wrong(open_page: Any) -> None:
    stage = open_page("faults", picture(3))
    stage.bridge.started.emit()
    stage.page._show_rows()
    assert stage.page.list._stack.currentWidget() is stage.page.list.loading
    stage.bridge.faulted.emit(scenes.changes({}))
    stage.settle()
    assert "Nothing is wrong" in stage.texts()


def test_a_history_that_cannot_be_read_is_told_and_the_rest_stays(open_page: Any) -> None:
    stage = open_page("faults")
    for name in ("fault_detail", "fault_signs", "drivers_hit", "closed_page"):
        stage.bridge.answers[name] = ForecourtError("The disk does not answer.")
    stage.page.show_fault(11)
    assert "The disk does not answer." in stage.texts(stage.page.detail)
    assert stage.page.detail.money.lost.text() == "€31.70"
    stage.page.show_tab("closed")
    assert "The past could not be read" in stage.texts()


# -- one fault -------------------------------------------------------------------------------------


def test_a_fault_shows_all_that_is_known(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    told = stage.texts(stage.page.detail)
    for words in (
        "Connector lock failure", "P1, New", "Nordwatt", "Timeline:", "cable does not click in", "€31.70",
        "€14.20/h", "Hard reset", "Status told: Faulted", "5 times", "2 of 9 had it", "Card ···4471",
        "cut off after 2.1 kWh", "2 tries in vain", "closed by hand by Marta Berg: pin cleaned and greased",
        "It stands for itself.", "Power, kW",
    ):  # fmt: skip
        assert words in told, words


def test_what_the_station_said_takes_the_lines_it_has(open_page: Any) -> None:
    """All of them are seen, and one word leaves no room empty."""
    raw = open_page("faults", argument="11").page.detail.evidence.raw
    line = raw.fontMetrics().lineSpacing()
    many = raw.height()
    assert raw.blockCount() > 1
    assert raw.viewport().height() >= raw.blockCount() * line
    raw.show_text("status Faulted")
    assert line < raw.height() < 2.5 * line
    assert raw.height() < many


def test_new_lines_of_its_history_come_at_once(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    before = len(stage.page.detail.timeline.entries)
    fresh = scenes.line(8, 0, "person", "Marta Berg", "note", "on my way")
    stage.bridge.faulted.emit(scenes.changes({}, fresh))
    assert stage.page.detail.timeline.entries[-1].text == "on my way"
    assert len(stage.page.detail.timeline.entries) == before + 1
    other = scenes.line(1, 0, "person", "Marta Berg", "note", "elsewhere", fault=12)
    stage.bridge.faulted.emit(scenes.changes({}, other))
    assert len(stage.page.detail.timeline.entries) == before + 1


def test_the_numbers_behind_the_clock_open(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    stage.click(stage.page.detail.money.how)
    assert "Turned away now: 34.0%" in stage.texts(stage.sheet())


def test_a_cause_shows_what_lies_under_it_and_splits_it_off(open_page: Any) -> None:
    stage = open_page("faults", argument="17")
    told = stage.texts(stage.page.detail.related)
    assert "HHA-01  No link" in told
    stage.click(stage.button("Split off: it stands for itself again"))
    assert acts(stage) == [(21, "split")]


def test_under_a_cause_it_says_why_it_is_suppressed(open_page: Any) -> None:
    stage = open_page("faults", argument="22")
    told = stage.texts(stage.page.detail)
    assert "Suppressed: its site is lost as a whole" in told
    assert "Counted with fault 17, its cause." in told


def test_a_safety_fault_is_closed_first_and_never_recovered(open_page: Any) -> None:
    stage = open_page("faults", argument="12")
    head = stage.page.detail.head
    assert head.service.isVisible()
    assert head.service.kind == "primary"
    assert not head.recover.isVisible()
    assert head.banner.isVisible()
    assert "60 min at most" in head.shelve.text()


# -- sizes and speed -------------------------------------------------------------------------------


def test_on_a_laptop_the_fault_is_a_drawer(open_page: Any) -> None:
    stage = open_page("faults", size=(1224, 644))
    assert not stage.page.detail.isVisible()
    stage.page.table.go_to(("fault", 11))
    stage.press(stage.page.table, KEY.Key_Return)
    assert stage.page.detail.isVisible()
    assert stage.page.table.delegate.short
    assert stage.page.list.geometry().right() < stage.page.detail.geometry().left()
    assert stage.page.back()
    assert not stage.page.detail.isVisible()


def test_five_thousand_rows_paint_only_what_is_in_view(open_page: Any) -> None:
    """A frame costs as much work with 5,000 rows as with 20: rows in view, each worded once."""
    stage = open_page("faults")
    away(stage)
    stage.bridge.faulted.emit(scenes.changes(scenes.many(5_000)))
    stage.settle()
    table = stage.page.table
    assert table.rows_model.rowCount() > 5_000
    in_view = table.viewport().height() // table.delegate.usual_height() + 3
    bar = table.verticalScrollBar()
    step = table.delegate.usual_height()
    for frame in range(30):
        painted, made = table.delegate.painted, stage.page.words.made
        bar.setValue(bar.value() + step * (1 + frame % 3))
        table.viewport().repaint()
        assert table.delegate.painted - painted <= 2 * in_view
        assert stage.page.words.made - made <= in_view


def test_a_click_on_the_shape_ticks(open_page: Any, qtbot: Any) -> None:
    stage = open_page("faults")
    table = stage.page.table
    rect = table.visualRect(table.rows_model.index(table.rows_model.row_of(("fault", 11)), 0))
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 18, rect.top() + 16)
    )
    assert list(stage.page.ticks) == [("fault", 11)]


def test_the_deed_in_a_safety_row_can_be_clicked(open_page: Any, qtbot: Any) -> None:
    stage = open_page("faults")
    table = stage.page.table
    rect = table.visualRect(table.rows_model.index(table.rows_model.row_of(("fault", 12)), 0))
    words = stage.page.words.of(row_of(stage, 12))
    spot = table.delegate.button_rect(rect, words).center().toPoint()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert stage.sheet().accessibleName() == "Take out of service"


@pytest.mark.parametrize("choice", ["dark", "light"])
@pytest.mark.parametrize("size", [(1352, 824), (1224, 644)])
def test_nothing_lies_outside_the_page(open_page: Any, choice: str, size: tuple[int, int]) -> None:
    stage = open_page("faults", argument="11", size=size)
    theme().choose(choice)
    stage.settle()
    for _ in range(3):
        QApplication.processEvents()
    detail = stage.page.detail
    for button in (detail.head.more, detail.head.acknowledge, detail.head.service_last):
        corner = button.mapTo(stage.page, button.rect().bottomRight())
        assert stage.page.rect().contains(corner), button.text()
        assert detail.head.rect().contains(button.mapTo(detail.head, button.rect().bottomRight())), (
            button.text()
        )

"""The page Faults: the queue by keys, what waits, one fault with all that is known, what is done to it."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.domain.errors import ForecourtError
from app.domain.fact import changed
from app.domain.intents import ActOnFault, SaveEntry
from app.faults.views import FaultView
from tests.ui import fault_scenes as scenes
from tests.ui.pages.conftest import Stage
from tests.ui.pictures import MINUTE, NOW_MS, picture
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


# -- deeds -----------------------------------------------------------------------------------------


def test_a_acknowledges_and_can_be_undone(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    stage.press(stage.page.table, KEY.Key_A)
    assert acts(stage) == [(11, "acknowledge")]
    stage.undos[-1]()
    assert acts(stage)[-1] == (11, "unacknowledge")


def test_s_asks_for_a_reason_and_an_end(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    stage.press(stage.page.table, KEY.Key_S)
    sheet = stage.sheet()
    sheet.take()
    assert "Say why" in stage.texts(sheet)
    sheet.ends._take(1)
    sheet.reason.setText("waits for a part")
    sheet.take()
    intent, why = stage.bridge.intents[-1]
    assert (intent.verb, intent.fields["until_ms"], why) == (
        "shelve",
        NOW_MS + 240 * MINUTE,
        "waits for a part",
    )
    stage.undos[-1]()
    assert acts(stage)[-1] == (11, "unshelve")


def test_g_gives_it_to_somebody_and_back(open_page: Any) -> None:
    stage = open_page("faults", argument="14")
    stage.press(stage.page.table, KEY.Key_G)
    stage.sheet().name.setText("Jo Peters")
    stage.click(stage.sheet().confirm)
    assert stage.bridge.intents[-1][0].fields == {"to": "Jo Peters"}
    stage.undos[-1]()
    assert stage.bridge.intents[-1][0].fields == {"to": "Marta Berg"}


def test_n_adds_a_note(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    stage.press(stage.page.table, KEY.Key_N)
    stage.sheet().edit("text").setText("looks fine from here")
    stage.click(stage.sheet().confirm)
    assert stage.bridge.intents[-1][0] == ActOnFault(11, "note", {"text": "looks fine from here"})


def test_t_makes_a_work_order_and_takes_it_out_of_service(open_page: Any) -> None:
    stage = open_page("faults", argument="12")
    stage.press(stage.page.table, KEY.Key_T)
    form = stage.sheet()
    form.edit("who").setText("Kees Maas")
    form.close_charger.setChecked(False)
    stage.click(form.confirm)
    (order, _), (act, _) = stage.bridge.intents
    assert isinstance(order, SaveEntry)
    assert order.kind == "work-order"
    assert {**order.body, "due_ms": 0} == {
        "station": "ANT-01", "site": "Antwerpen Linkeroever", "evse": None, "faults": [12],
        "title": "Ground failure", "who": "Kees Maas", "due_ms": 0, "state": "open", "created_ms": NOW_MS,
    }  # fmt: skip
    assert (act.verb, act.fields["work_order"]) == ("out-of-service", order.entry)
    assert act.fields["review_ms"] == order.body["due_ms"] > NOW_MS


def test_back_in_service_needs_a_value_a_name_and_a_time(open_page: Any) -> None:
    stage = open_page("faults", argument="12")
    out = FaultView(changed(scenes.GROUND, state="OOSRV"), out_of_service_first=True)
    stage.bridge.faulted.emit(scenes.changes({12: out}))
    stage.press(stage.page.table, KEY.Key_T)
    form = stage.sheet()
    stage.click(form.confirm)
    assert not stage.bridge.intents
    form.edit("test_value").setText("620 kΩ")
    form.edit("tested_by").setText("Kees Maas")
    form.edit("tested").setText("14:10")
    stage.click(form.confirm)
    (act, _) = stage.bridge.intents[0]
    assert act.verb == "back-in-service"
    assert act.fields["tested_by"] == "Kees Maas"
    assert NOW_MS - act.fields["tested_ms"] == 22 * MINUTE + 8_000


def test_out_of_service_leads_to_its_work_order(open_page: Any) -> None:
    stage = open_page("faults", argument="12")
    out = FaultView(changed(scenes.GROUND, state="OOSRV"), out_of_service_first=True)
    text = "work order WO-12-67528, review 2026-10-22 21:59 UTC: smells burnt"
    told = scenes.line(9, 1, "person", "Sanne Visser", "out-of-service", text, fault=12)
    stage.bridge.faulted.emit(scenes.changes({12: out}, told))
    stage.click(stage.page.detail.head.order)
    assert stage.went[-1] == ("faults/maintenance", "WO-12-67528")


def test_ticked_faults_are_worked_on_together_and_a_refusal_is_told(open_page: Any) -> None:
    stage = open_page("faults")
    table = stage.page.table
    for fault in (11, 13, 15):
        table.go_to(("fault", fault))
        stage.press(table, KEY.Key_Space)
    assert stage.page.list.bulk.isVisible()
    stage.press(table, KEY.Key_A)
    assert acts(stage) == [(11, "acknowledge"), (13, "acknowledge"), (15, "acknowledge")]
    assert stage.toasts[-1] == "Acknowledged: 3 faults"
    stage.bridge.refuse = "The fault is over, so it cannot be shelved."
    stage.press(table, KEY.Key_S)
    sheet = stage.sheet()
    sheet.reason.setText("grid work")
    sheet.take()
    assert stage.toasts[-1] == "The fault is over, so it cannot be shelved. (3 faults refused)"
    assert stage.page.back()
    assert not stage.page.list.bulk.isVisible()


def test_r_takes_the_next_step_and_says_why_it_may_not(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    before = len(stage.bridge.runs)
    stage.press(stage.page.table, KEY.Key_R)
    assert len(stage.bridge.runs) > before
    held = scenes.offer(why_not="A driver charges on this station.")
    stage.page.detail.playbook.show_offer((held, False))
    stage.press(stage.page.table, KEY.Key_R)
    assert stage.toasts[-1] == "A driver charges on this station."


def test_a_playbook_runs_by_itself_only_where_it_is_switched_on(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    stage.click(stage.page.detail.playbook.automatic)
    intent, _ = stage.bridge.intents[-1]
    assert (intent.kind, intent.body) == (
        "playbook", {"playbook": "connector-lock", "site": "Venlo Blerick", "automatic": True},
    )  # fmt: skip


def test_merging_offers_what_is_near_first(open_page: Any) -> None:
    stage = open_page("faults", argument="16")
    stage.page.deeds.do("merge")
    stage.click(stage.sheet().choices[0])
    assert acts(stage)[-1] == (16, "merge")


def test_deeds_are_in_the_palette(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    titles = [hit.title for hit in stage.page.hits("")]
    assert {"Acknowledge", "Shelve…", "Next step of the playbook", "Close by hand…", "Export faults…"} <= set(
        titles
    )


def test_the_export_is_that_of_the_command_line(open_page: Any, tmp_path: Path) -> None:
    from ui.pages.faults.export import export_to

    stage = open_page("faults")
    stage.bridge.answers["export_faults"] = lambda asked, path: 7
    export_to(stage.workspace, tmp_path / "faults.csv")
    assert stage.toasts[-1].startswith("7 faults written to")


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

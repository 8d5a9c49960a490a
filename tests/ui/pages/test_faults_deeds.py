"""What is done to faults from the page: by key, with a reason, to many at once, and taken back."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from app.domain.fact import changed
from app.domain.intents import ActOnFault, SaveEntry
from app.faults.views import FaultView
from tests.ui import fault_scenes as scenes
from tests.ui.pages.conftest import Stage
from tests.ui.pictures import MINUTE, NOW_MS

KEY = Qt.Key


def acts(stage: Stage) -> list[tuple[int, str]]:
    return [(i.fault, i.verb) for i, _ in stage.bridge.intents if isinstance(i, ActOnFault)]


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


def test_a_silence_is_confirmed_by_what_was_seen(open_page: Any) -> None:
    stage = open_page("faults", argument="14")
    assert "confirm" in [key for key, _, _ in stage.page.detail.head.offered()]
    stage.page.deeds.do("confirm")
    stage.click(stage.sheet().confirm)
    assert "Say what was seen" in stage.texts(stage.sheet())
    stage.sheet().edit("text").setText("Jo: display dark")
    stage.click(stage.sheet().confirm)
    assert stage.bridge.intents[-1][0] == ActOnFault(
        14, "confirm", {"how": "site check", "text": "Jo: display dark"}
    )


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


def test_c_starts_a_call_and_ends_it_whatever_is_in_hand_by_then(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    stage.press(stage.page.table, KEY.Key_C)
    begun, _ = stage.bridge.intents[-1]
    assert isinstance(begun, SaveEntry)
    assert begun.kind == "call"
    assert begun.body["fault"] == 11
    assert "to_ms" not in begun.body
    stage.workspace.clock.advance(4 * 60 + 14)
    stage.page.detail.call.changed.emit()
    assert stage.page.detail.call_button.text() == "End call, 4:14"
    stage.press(stage.page.table, KEY.Key_J)
    stage.press(stage.page.table, KEY.Key_C)
    ended, _ = stage.bridge.intents[-1]
    assert ended.entry == begun.entry
    assert ended.body["to_ms"] - ended.body["from_ms"] == 4 * MINUTE + 14_000
    assert "Call of 4 min kept." in stage.toasts[-1]
    assert not stage.page.detail.call.running


def test_a_call_nobody_ended_is_counted_for_an_hour_and_says_so(open_page: Any) -> None:
    stage = open_page("faults", argument="11")
    stage.press(stage.page.table, KEY.Key_C)
    stage.workspace.clock.advance(600 * 60)
    stage.press(stage.page.table, KEY.Key_C)
    body = stage.bridge.intents[-1][0].body
    assert body["to_ms"] - body["from_ms"] == 60 * MINUTE
    assert "counted for an hour only" in stage.toasts[-1]

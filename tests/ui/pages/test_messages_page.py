"""The message console: filter, look inside, send by hand, replay."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from app.analytics.messages import MessagesPage
from app.domain.entries import KINDS
from app.domain.ids import StationId
from app.domain.intents import SaveEntry
from app.domain.operations import Message
from app.domain.records import CommandRecord, EntryRecord
from app.fleet.views import MessageView
from app.operations.scenario_file import read
from tests.ui.pictures import NOW_MS, messages, picture
from tests.ui.rooms import FakeDesk, fake_room, serve

SHOWN = picture(12)
STATION = next(v.station for v in SHOWN.stations.values() if v.version == "1.6")
BAD = MessageView(
    NOW_MS - 900, STATION, "in", "MeterValues", "b71c", "call",
    '[2,"b71c","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-10-15T12:32:00Z",'
    '"sampledValue":[{"value":71}]}]}]',
    note="number as text",
)  # fmt: skip
GOOD = MessageView(
    NOW_MS - 890, STATION, "out", "MeterValues", "b71c", "result", '[3,"b71c",{}]', latency_ms=3
)
NO = MessageView(
    NOW_MS, STATION, "in", "Reset", "q1", "result", '[3,"q1",{"status":"Rejected"}]', latency_ms=2100
)
ASKED = MessageView(
    NOW_MS - 60_000, STATION, "out", "Reset", "q0", "call", '[2,"q0","Reset",{"type":"Soft"}]'
)


def opened(open_page: Any, size: tuple[int, int] = (1352, 824)) -> Any:
    """The console with some traffic."""
    stage = open_page("messages", SHOWN, size=size)
    stage.bridge.tell(*messages(SHOWN.stations[STATION], 10), ASKED, BAD, GOOD, NO)
    stage.settle()
    return stage


def shown(stage: Any) -> list[str]:
    """Message ids in view."""
    return [line.view.message_id for line in stage.page.log.model.rows]


def narrow(stage: Any, text: str) -> list[str]:
    """Message ids that a filter lets through."""
    stage.page.field.setText(text)
    stage.page.filter_now()
    return shown(stage)


def test_the_filter_language_narrows_the_log(open_page: Any) -> None:
    """By station, direction, result, time to the answer; a mistake is told in a sentence."""
    stage = opened(open_page)
    assert narrow(stage, "result:Rejected") == ["q1"]
    assert narrow(stage, "latency>2s") == ["q1"]
    assert narrow(stage, "dir:out action:Reset") == ["q0"]
    assert narrow(stage, f"station:{STATION} not action:Heartbeat,MeterValues") == ["q0", "q1"]
    narrow(stage, "statoin:x")
    assert "Did you mean station?" in stage.texts()
    assert stage.page.back()
    assert len(shown(stage)) == 14


def test_the_rate_is_of_lines_and_says_so(open_page: Any) -> None:
    """Twice the figure of the status bar stood under the same name."""
    stage = opened(open_page)
    stage.page.tick(NOW_MS)
    assert stage.page.rate.accessibleName().endswith(" lines per minute")
    stage.page.rate.step(1)
    assert stage.page.rate.accessibleName() == "1 line per minute"


def test_what_is_read_is_counted_at_once(open_page: Any) -> None:
    """ "0 in view" stood under the lines for five seconds."""
    stage = open_page("messages", SHOWN)
    for known in ("messages/older", "messages_page"):
        stage.bridge.answers.pop(known, None)
    stage.page.opened("")
    stage.bridge.answer("messages/older", MessagesPage((NO, GOOD), None))
    assert any(text.startswith("2 in view") for text in stage.texts().splitlines())


def test_what_passed_while_nobody_looked_is_read_again(open_page: Any) -> None:
    """No silent gap: who comes back finds the kept log, not old lines next to new ones."""
    stage = opened(open_page)
    assert shown(stage)
    stage.bridge.answers["messages/older"] = MessagesPage((NO, GOOD), None)
    stage.page.closed()
    stage.page.opened("")
    assert shown(stage) == [GOOD.message_id, NO.message_id]
    stage.page.log.pause(True)
    stage.bridge.answers["messages/older"] = MessagesPage((), None)
    stage.page.closed()
    stage.page.opened("")
    assert shown(stage) == [GOOD.message_id, NO.message_id]


def test_tab_takes_a_completion(open_page: Any) -> None:
    """Typing offers what may come next, arrows choose, Tab writes it, Esc only closes the offers."""
    stage = opened(open_page)
    field = stage.page.field
    stage.page.focus_filter()
    stage.qtbot.keyClicks(field, "act")
    assert field.offering
    assert field.list.chosen.word == "action"
    stage.press(field, Qt.Key.Key_Tab)
    assert field.text() == "action:"
    stage.qtbot.keyClicks(field, "Tri")
    stage.press(field, Qt.Key.Key_Tab)
    assert field.text() == "action:TriggerMessage"
    assert field.hasFocus()
    stage.qtbot.keyClicks(field, " n")
    stage.press(field, Qt.Key.Key_Escape)
    assert not field.offering
    assert field.text() == "action:TriggerMessage n"


def test_a_message_opens_with_its_answer_and_what_is_wrong_in_its_line(open_page: Any) -> None:
    """Both rows are marked; the finding names the line, and jumps there."""
    stage = opened(open_page)
    page = stage.page
    line = next(line for line in page.log.model.rows if line.view.message_id == "b71c")
    page.log.table.go_to(line.number)
    stage.press(page.log.table, Qt.Key.Key_Return)
    told = stage.texts(page.detail)
    assert "CALLRESULT fits MeterValuesResponse.json" in told
    assert "meterValue.1.sampledValue.1.value takes a text, not a number." in told
    (number,) = page.detail.views[0]._marked
    assert '"value": 71' in page.detail.views[0].toPlainText().splitlines()[number - 1]
    stage.click(stage.button(f"Line {number}", page.detail))
    assert page.detail.views[0].textCursor().blockNumber() == number - 1
    assert sum(page.log.model.accented(key) for key in page.log.model.keys) == 2
    assert f"line {number}: " in page.detail.text_for_maker()


def test_what_stands_out_is_marked_and_counted(open_page: Any) -> None:
    """A refusal, a leniency, and a call nobody answered."""
    stage = opened(open_page)
    marks = {line.view.message_id: line.mark[1] for line in stage.page.log.model.rows if line.mark}
    assert marks == {"b71c": "Schema", "q1": "Rejected"}
    stage.page._sum_up()
    told = stage.page._sum.accessibleName()
    assert "2 to look at" in told
    assert "1 without an answer" in told


def test_writing_by_hand_is_checked_and_completed_while_typing(open_page: Any) -> None:
    """The least of the action to begin with; what is wrong is told with its line; Tab completes."""
    stage = opened(open_page)
    hand = stage.page.hand
    hand.set_open(True)
    hand.station.setText(STATION)
    hand.action.setText("TriggerMessage")
    assert json.loads(hand.editor.toPlainText()) == {"requestedMessage": "Heartbeat"}
    hand.look()
    assert hand.send.isEnabled()
    text = '{"requestedMessage": "Meter"}'
    hand.editor.write(text, text.index('Meter"') + 5)
    hand.look()
    assert not hand.send.isEnabled()
    assert "requestedMessage cannot be" in hand._wrong.accessibleName()
    assert [offer.word for offer in hand.offers.offers] == ["MeterValues"]
    hand.editor.setFocus()
    stage.press(hand.editor, Qt.Key.Key_Tab)
    assert json.loads(hand.editor.toPlainText()) == {"requestedMessage": "MeterValues"}
    hand.look()
    assert hand.send.isEnabled()


def test_ctrl_enter_tells_what_it_does_then_sends_it(open_page: Any) -> None:
    """The desk gets the message as written, once, as a person's wish."""
    stage = opened(open_page)
    desk = FakeDesk()
    serve(stage.bridge, fake_room(desk))
    stage.page.hand.write(STATION, "Reset", '{"type": "Soft"}')
    stage.qtbot.keyClick(stage.page.hand.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    stage.click(stage.sheet().confirm)
    (wish,) = desk.wishes
    assert (wish.station, wish.operation) == (STATION, Message("Reset", {"type": "Soft"}))
    assert not desk.batches_begun


def test_messages_and_filters_are_kept_under_a_name(open_page: Any) -> None:
    """Both become entries; a kept message is written again with one click, and so is one sent before."""
    stage = opened(open_page)
    page = stage.page
    page.hand.write(STATION, "Reset", '{"type": "Soft"}')
    stage.click(page.hand.save)
    stage.sheet().edit("name").setText("gentle")
    stage.click(stage.sheet().confirm)
    page._save_filter("result:Rejected")
    stage.sheet().edit("name").setText("refused")
    stage.click(stage.sheet().confirm)
    made = [intent for intent, _ in stage.bridge.intents]
    assert [(i.kind, i.entry) for i in made] == [
        ("command-style", "message:gentle"),
        ("command-style", "filter:refused"),
    ]
    assert all(isinstance(i, SaveEntry) and i.kind in KINDS for i in made)
    page._know_entries(
        [EntryRecord(i.kind, i.entry, 1, NOW_MS, "mira", "", json.dumps(i.body)) for i in made]
    )
    page._know_commands(
        [
            CommandRecord(
                9, StationId(STATION), "Reset", "mira", "", NOW_MS, '{"type":"Hard"}', operation="Message"
            )
        ]
    )
    assert "Saved 1" in stage.texts(page.hand)
    ((word, write),) = page.hand._recent_entries()
    assert word.startswith(f"Reset to {STATION}")
    write()
    assert json.loads(page.hand.editor.toPlainText()) == {"type": "Hard"}


def test_what_was_sent_from_here_can_be_sent_again(open_page: Any) -> None:
    """Only our own calls offer it; it lands in the editor, and nothing is sent by itself."""
    stage = opened(open_page)
    page = stage.page
    line = next(line for line in page.log.model.rows if line.view.message_id == "q0")
    page._open(line)
    stage.click(page.detail.again)
    assert json.loads(page.hand.editor.toPlainText()) == {"type": "Soft"}
    page._open(next(line for line in page.log.model.rows if line.view.message_id == "b71c"))
    assert not page.detail.again.isVisible()


def test_the_range_in_view_becomes_a_scenario_for_simulated_stations(open_page: Any, tmp_path: Path) -> None:
    """What stations said is counted and can be kept as a file; nothing of ours is in it."""
    stage = opened(open_page)
    narrow(stage, "action:MeterValues")
    sheet = stage.page.ask_replay()
    assert "never real ones" in stage.texts(sheet)
    assert sheet.confirm.isEnabled()
    path = tmp_path / "scenario.jsonl"
    sheet.save_to(path)
    recording = read(path)
    assert {step.action for step in recording.steps} == {"MeterValues"}
    assert list(recording.head.stations) == [STATION]


def test_a_range_without_any_station_has_no_scenario(open_page: Any) -> None:
    """It says why, and offers nothing to press."""
    stage = opened(open_page)
    narrow(stage, "dir:out")
    sheet = stage.page.ask_replay()
    assert not sheet.confirm.isEnabled()
    assert "No station says anything" in stage.texts(sheet)

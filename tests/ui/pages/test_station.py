"""A station's page as somebody uses it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.domain.intents import CloseSession, DescribeStation, ReplaceHardware, SetPassword
from app.domain.status import ConnectorStatus, LinkState, Shown
from app.fleet.views import Changes
from tests.ui.pictures import MINUTE, NOW_MS, changed, messages, picture, with_connector
from ui.models.oddities import Oddity
from ui.widgets.sheet import Sheet


def charging(shown: Any) -> tuple[str, int]:
    """A station and plug that charges."""
    for view in shown.stations.values():
        for i, plug in enumerate(view.connectors):
            if plug.status is ConnectorStatus.CHARGING and view.link is LinkState.ONLINE:
                return view.station, i
    raise AssertionError("no plug charges")


def act(stage: Any, text: str) -> Any:
    """Choose an entry of the station's menu."""
    actions = {action.text(): action for action in stage.page.menu.menu().actions()}
    actions[text].trigger()
    return stage.sheet()


def test_the_banner_says_what_is_the_matter(open_page: Any) -> None:
    """A fault in words, the connector, since when and the maker's code."""
    stage = open_page("station", argument="LUG-04")
    said = stage.page.banner.accessibleName()
    assert "Faulted: connector lock failure, connector 1" in said
    assert "E-117" in said
    assert stage.titles[-1][0] == "LUG-04"


def test_a_sign_of_life_is_no_message(open_page: Any) -> None:
    """A pong 2 s ago stood as the last message, over a log whose last was a minute old."""
    stage = open_page("station", argument="LUG-04")
    labels = [label for label, _value in stage.page._facts(picture(48).stations["LUG-04"], NOW_MS)]
    assert "Last heard" in labels
    assert "Last message" not in labels


def test_cards_tell_power_share_session_and_battery(open_page: Any) -> None:
    """A charging connector names power, share of rated, session, card, energy."""
    shown = picture(48)
    station, place = charging(shown)
    stage = open_page("station", shown, argument=station)
    said = stage.page.cards._cards[place].accessibleName()
    assert "Charging" in said
    assert "Session" in said
    assert "card ···" in said
    assert "kWh" in said


def test_an_old_value_is_told_as_old(open_page: Any) -> None:
    """Beyond 2.5 times its usual interval a value carries the time it was told."""
    shown = picture(48)
    station, place = charging(shown)
    view = with_connector(
        shown.stations[station], place, value_at_ms=NOW_MS - 5 * MINUTE, usual_interval_ms=30_000
    )
    shown, _ = changed(shown, view)
    stage = open_page("station", shown, argument=station)
    assert "as of 14:27:08" in stage.page.cards._cards[place].accessibleName()


def test_once_offline_live_values_become_a_dash(open_page: Any) -> None:
    """The last value is named as the last, never shown as now."""
    shown = picture(48)
    station, place = charging(shown)
    view = replace(
        shown.stations[station], link=LinkState.OFFLINE, link_since_ms=NOW_MS - MINUTE, shown=Shown.OFFLINE
    )
    view = with_connector(view, place, value_at_ms=NOW_MS - 2 * MINUTE)
    shown, _ = changed(shown, view)
    stage = open_page("station", shown, argument=station)
    said = stage.page.cards._cards[place].accessibleName()
    assert "– kW last" in said
    assert "may still run" in said


def test_deeds_ask_and_send_their_intents(open_page: Any) -> None:
    """Rename, site, coordinates, password, hardware: each sheet sends one intent."""
    stage = open_page("station", argument="UTM-02")
    sheet = act(stage, "Rename…")
    sheet.edit("name").setText("North gate")
    stage.click(sheet.confirm)
    sheet = act(stage, "Set coordinates…")
    sheet.edit("place").setText("52.09 5.12")
    stage.click(sheet.confirm)
    sheet = act(stage, "Set password…")
    sheet.edit("password").setText("short")
    stage.click(sheet.confirm)
    assert sheet.isVisible(), "a password of five characters is refused with the rule"
    sheet.edit("password").setText("long enough")
    stage.click(sheet.confirm)
    sheet = act(stage, "Replace hardware…")
    sheet.edit("why").setText("new unit after lightning")
    stage.click(sheet.confirm)
    assert stage.bridge.intents == [
        (DescribeStation("UTM-02", name="North gate"), ""),
        (DescribeStation("UTM-02", latitude=52.09, longitude=5.12), ""),
        (SetPassword("UTM-02", "long enough"), ""),
        (ReplaceHardware("UTM-02"), "new unit after lightning"),
    ]
    assert not [s for s in stage.host.findChildren(Sheet) if s.isVisible()]


def test_a_ghost_session_is_closed_by_hand_with_a_reason(open_page: Any) -> None:
    """The sheet says what it does, asks why, and sends the session's number."""
    shown = picture(48)
    station, place = charging(shown)
    number = shown.stations[station].connectors[place].session
    stage = open_page("station", shown, argument=station)
    sheet = act(stage, f"Close session {number} by hand…")
    assert "last trusted reading" in stage.texts(sheet)
    sheet.edit("why").setText("car left at noon")
    stage.click(sheet.confirm)
    assert stage.bridge.intents == [(CloseSession(number), "car left at noon")]


def test_the_log_follows_pauses_and_opens_a_pair(open_page: Any) -> None:
    """Live lines come in; Pause holds them back and counts; a line opens call and answer."""
    stage = open_page("station", argument="UTM-02")
    view = stage.bridge.picture.stations["UTM-02"]
    log = stage.page.log
    known = len(log.model.rows)
    stage.bridge.tell(*messages(view, 6, start_ms=NOW_MS + 90_000))
    assert len(log.model.rows) == known + 6
    stage.click(stage.page.tools.pause)
    stage.bridge.tell(*messages(view, 4, start_ms=NOW_MS + 190_000))
    assert len(log.model.rows) == known + 6
    stage.page.live.say_log()
    assert "paused, 4 new messages" in stage.texts()
    stage.click(stage.page.tools.pause)
    assert len(log.model.rows) == known + 10
    log.table.opened.emit(log.model.rows[-1].number)
    assert "CALLRESULT" in stage.texts(stage.page.detail)
    assert '"MeterValues"' in stage.page.detail.views[0].toPlainText() or (
        '"Heartbeat"' in stage.page.detail.views[0].toPlainText()
    )
    assert stage.page.back()
    assert stage.page.hands.isVisible()


def test_messages_of_other_stations_stay_out(open_page: Any) -> None:
    """The page's log is of its own station only."""
    stage = open_page("station", argument="UTM-02")
    before = len(stage.page.log.model.rows)
    stage.bridge.tell(*messages(stage.bridge.picture.stations["BRP-01"], 6))
    assert len(stage.page.log.model.rows) == before


def test_the_log_is_searched(open_page: Any) -> None:
    """A word in the filter keeps only the lines that have it."""
    stage = open_page("station", argument="UTM-02")
    stage.page.tools.field.setText("action:metervalues")
    stage.page.tools.filter_now()
    actions = {line.view.action for line in stage.page.log.model.rows}
    assert actions == {"MeterValues"}


def test_the_log_is_exported_in_the_form_replay_reads(open_page: Any, tmp_path: Path) -> None:
    """One JSON object a line, with frame and time."""
    from app.log_form import journal_rows, read_rows

    stage = open_page("station", argument="UTM-02")
    file = tmp_path / "log.jsonl"
    stage.page.export_to(file)
    assert "written to" in stage.toasts[-1]
    rows = list(journal_rows(read_rows(file)))
    assert len(rows) == len(stage.page.log.model.rows) // 2, "a call and its answer are one row"


def test_ranges_ask_for_their_span(open_page: Any) -> None:
    """15 min to 30 d; each asks history for that span."""
    stage = open_page("station", argument="UTM-02")
    asked: list[tuple[int, int]] = []
    answer = stage.bridge.answers["evse_powers"]

    def power(station: str, start: int, end: int, step: int) -> Any:
        asked.append((end - start, step))
        return answer(station, start, end, step)

    stage.bridge.answers["evse_powers"] = power
    for _ in range(2):
        stage.press(stage.page.power.ranges, Qt.Key.Key_Right)
    assert asked == [(24 * 60 * MINUTE, 5 * MINUTE), (30 * 24 * 60 * MINUTE, 180 * MINUTE)]


def test_uptime_says_percent_and_what_was_lost(open_page: Any) -> None:
    """90 bars with words, percent truncated, time down beside it."""
    stage = open_page("station", argument="UTM-02")
    said = stage.page.strip.accessibleName()
    assert "Uptime of 90 days" in said
    assert "%" in said
    assert "down" in stage.texts()


def test_a_station_that_left_is_told_so(open_page: Any) -> None:
    """Retired while its page is open: a sentence, no stale picture."""
    stage = open_page("station", argument="UTM-02")
    stage.bridge.feed(Changes(removed=frozenset(["UTM-02"])))
    stage.settle()
    assert "This station is not in the network" in stage.texts()


def test_oddities_are_told_in_words_with_counts(open_page: Any) -> None:
    """A quirk is a sentence and how often, not a code."""
    stage = open_page("station", argument="UTM-01")
    stage.page.show_tab("about")
    stage.settle()
    said = stage.texts(stage.page.side)
    assert "412 times" in said
    assert "Q23" not in said


@pytest.mark.parametrize("size", [(1352, 824), (1224, 644)])
def test_long_oddities_are_told_to_their_last_line(open_page: Any, size: tuple[int, int]) -> None:
    """Where the column is narrow the panel ended in the middle of a sentence."""
    stage = open_page("station", argument="UTM-01", size=size)
    stage.page.show_tab("about")
    view = picture(48).stations["UTM-01"]
    known = {name: Oddity(name, "Sends it", "", "It is read all the same. " * 7, "link") for name in "abc"}
    stage.page.side.show_station(replace(view, quirks=tuple((name, 4_820) for name in known)), known)
    stage.settle()
    text = stage.page.side._odd
    assert text.height() >= text.heightForWidth(text.width())

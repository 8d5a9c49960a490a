"""Commands in words, what they ask for, and what is read from their log."""

import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from app.analytics.care import ListedCard
from app.domain.errors import ForecourtError
from app.domain.operations import (
    ClearProfile,
    CommandState,
    FetchLog,
    ListedToken,
    Message,
    Reset,
    SetAvailability,
    SetProfile,
    StartSession,
    StopSession,
)
from tests.ui.desks import command
from tests.ui.pictures import HOUR, MINUTE, NOW_MS, picture
from ui.models.card_lists import difference, held, stands
from ui.models.command_fields import Facts, faults_of, moment_of, number_of
from ui.models.command_kinds import kind_of, kinds, would_cut
from ui.models.command_words import STATES, command_line, details, title_of
from ui.models.firmware_steps import progress
from ui.models.limits import limits, schedule
from ui.models.reservations import reservations

ZONE = ZoneInfo("Europe/Amsterdam")


def facts(station: str = "UTM-02", **values: object) -> Facts:
    """What a command knows of a station of the picture."""
    view = replace_view(picture(48).stations[station], **values)
    return Facts(view, NOW_MS, ZONE, {plug.session: "4711" for plug in view.connectors if plug.session})


def replace_view(view, **values):  # type: ignore[no-untyped-def]
    """A view with other values."""
    from app.domain.fact import changed

    return changed(view, **values)


def test_every_kind_makes_what_its_fields_say() -> None:
    """With the values it proposes, or plain ones where it proposes none, each makes an operation."""
    known = facts(version="2.0.1")
    plain = {
        "token": "04A2", "limit": "60", "until": "+30 min", "text": "Hello", "total": "4.20", "name": "Power",
        "component": "EVSE", "value": "5", "vendor": "Nordwatt", "action": "ClearCache", "url": "http://a/f.bin",
        "reservation": "41", "monitor": "3",
    }  # fmt: skip
    for kind in kinds():
        asks = kind.asks(known)
        values = {ask.key: ask.value or plain.get(ask.key, "") for ask in asks}
        assert not faults_of(asks, values), kind.key
        made = kind.make(values, known)
        assert type(made).__name__ == kind.operation, kind.key
        assert kind.says.endswith("."), kind.key


def test_the_usual_ones_make_the_right_operation() -> None:
    """Start, stop, limit, service and log as an operator means them."""
    known = facts()
    session = str(known.view.connectors[0].session)
    assert kind_of("stop").make({"session": session}, known) == StopSession("4711", int(session))
    start = kind_of("start").make({"evse": "2", "token": " 04A2 ", "limit": "7,4"}, known)
    assert start == StartSession(2, "04A2", "Central", limit_w=7400)
    limit = kind_of("limit").make({"evse": "", "unit": "W", "limit": "60"}, known)
    assert isinstance(limit, SetProfile)
    assert (limit.purpose, limit.evse, limit.periods[0].limit) == ("Max", 0, 60_000)
    assert kind_of("limit").undo(limit) == ClearProfile(limit.profile)
    out = kind_of("service").make({"to": "out", "evse": ""}, known)
    assert out == SetAvailability(False)
    assert kind_of("service").undo(out) == SetAvailability(True)
    log = kind_of("log").make({"what": "Security", "hours": "6"}, known)
    assert log == FetchLog("Security", from_ms=NOW_MS - 6 * HOUR)
    assert kind_of("reset-hard").make({}, known) == Reset(True)
    assert kind_of("message").make({"action": "Reset", "payload": '{"type":"Soft"}'}, known) == Message(
        "Reset", {"type": "Soft"}
    )


def test_a_stop_needs_what_the_station_calls_the_session() -> None:
    """Without its transaction nothing is sent."""
    known = facts()
    with pytest.raises(ForecourtError, match="has not told yet"):
        kind_of("stop").make({"session": "1"}, known)


def test_what_would_be_cut_depends_on_the_version() -> None:
    """A soft reset ends sessions by 1.6 and waits for them by 2.x."""
    old, new = facts(version="1.6").view, facts(version="2.0.1").view
    soft = kind_of("reset-soft")
    assert would_cut(soft, old)
    assert not would_cut(soft, new)
    assert soft.note(old) == "Ends 1 session first"
    assert soft.note(new) == "Waits for 1 session to end"


def test_times_are_read_as_people_write_them() -> None:
    """A clock time is the next one; a span counts from now; the past and nonsense are refused."""
    assert moment_of("", NOW_MS, ZONE) is None
    assert moment_of("+45 min", NOW_MS, ZONE) == NOW_MS + 45 * MINUTE
    assert moment_of("+2 h", NOW_MS, ZONE) == NOW_MS + 2 * HOUR
    later = moment_of("15:00", NOW_MS, ZONE)
    assert later is not None
    assert 0 < later - NOW_MS < HOUR
    tomorrow = moment_of("14:00", NOW_MS, ZONE)
    assert tomorrow is not None
    assert 23 * HOUR < tomorrow - NOW_MS < 24 * HOUR
    for wrong in ("2020-01-01 10:00", "soon", "25:99"):
        with pytest.raises(ForecourtError):
            moment_of(wrong, NOW_MS, ZONE)
    assert number_of("7,4") == 7.4
    with pytest.raises(ForecourtError):
        number_of("nan")


def test_each_state_has_a_word_an_icon_and_a_sentence() -> None:
    """No state of a command is shown without words, and the station's reason goes before ours."""
    for state in CommandState:
        line = command_line(command(1, state=state), NOW_MS, ZONE)
        assert line.state == STATES[state][0]
        assert line.sentence
        assert "SV" in line.spoken
    refused = command(1, state=CommandState.REFUSED, proof="Too hot. Let it cool down.")
    line = command_line(refused, NOW_MS, ZONE)
    assert line.sentence == "Too hot. Let it cool down."
    assert line.shown is not None
    queued = command_line(command(1, state=CommandState.QUEUED, expires_ms=NOW_MS + HOUR), NOW_MS, ZONE)
    assert queued.can_cancel
    assert "until 15:32" in queued.sentence


def test_titles_tell_commands_of_a_kind_apart() -> None:
    """Hard from soft, in from out, which connector, which limit."""
    told = {
        ("Reset", '{"hard":true}'): "Hard reset",
        ("SetAvailability", '{"operative":false,"evse":2}'): "Take out of service, connector 2",
        ("SetProfile", '{"periods":[{"start_s":0,"limit":60000}],"unit":"W"}'): "Set limit of 60.0 kW",
        ("SetProfile", '{"periods":[{"start_s":0,"limit":16}],"unit":"A","evse":1}'):
            "Set limit of 16 A, connector 1",
        ("WriteConfiguration", '{"values":[[{"name":"A"},"1"],[{"name":"B"},"2"]]}'): "Write 2 settings",
        ("Unlock", '{"evse":2}'): "Unlock connector 2",
        ("Reserve", '{"evse":1}'): "Reserve connector 1",
        ("FetchLog", '{"kind":"Security"}'): "Get security log",
        ("Message", '{"action":"ClearCache"}'): "ClearCache",
    }  # fmt: skip
    for (operation, wish), title in told.items():
        assert title_of(command(1, operation, wish=wish)) == title
    assert title_of(command(1, "", action="CloseSession")) == "Session closed by hand"
    assert title_of(command(1, "Reset", wish="broken")) == "Soft reset"
    assert dict(details(command(1, reason="frozen"), ZONE))["Why"] == "frozen"


def test_reservations_stand_until_given_back_or_over() -> None:
    """Read from the log alone, as far as it is known."""
    wish = json.dumps({"reservation": 41, "evse": 2, "token": "04A2F1B2", "until_ms": NOW_MS + HOUR})
    made = command(1, "Reserve", wish=wish)
    assert [r.state for r in reservations([made], NOW_MS)] == ["standing"]
    assert [r.state for r in reservations([made], NOW_MS + 2 * HOUR)] == ["over"]
    back = command(2, "CancelReservation", CommandState.DONE, wish='{"reservation":41}')
    assert [r.state for r in reservations([back, made], NOW_MS)] == ["given back"]
    refused = replace_view(made, outcome=str(CommandState.REFUSED))
    assert [r.state for r in reservations([refused], NOW_MS)] == ["refused"]


def test_limits_stand_until_taken_back_and_the_schedule_is_read_in_both_forms() -> None:
    """A new limit takes the place of the old one; 1.6 and 2.x name their schedule differently."""
    first = command(
        1, "SetProfile", wish='{"profile":9000,"unit":"W","periods":[{"start_s":0,"limit":50000}]}'
    )
    second = command(
        2, "SetProfile", wish='{"profile":9000,"unit":"W","periods":[{"start_s":0,"limit":9000}]}'
    )
    assert [limit.limit for limit in limits([second, first], NOW_MS)] == [9000.0]
    cleared = command(3, "ClearProfile", CommandState.DONE, wish='{"profile":9000}')
    assert limits([cleared, second, first], NOW_MS) == []
    inner = {"duration": 3600, "chargingRateUnit": "W",
             "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 7.0}]}  # fmt: skip
    for answer in (
        {"status": "Accepted", "chargingSchedule": inner},
        {"status": "Accepted", "schedule": inner},
    ):
        asked = command(
            4, "ReadCompositeSchedule", CommandState.DONE, wish='{"evse":1}', answer=json.dumps(answer)
        )
        told = schedule([asked])
        assert told is not None
        assert [limit for _, limit in told.steps] == [7.0]
        assert told.end_ms - told.start_ms == HOUR


def test_what_a_station_holds_of_the_card_list() -> None:
    """A whole list, then a difference; another version told means that it is not known any more."""
    whole = command(1, "SendLocalList", wish=json.dumps(
        {"version": 1, "full": True, "tokens": [{"token": "A"}, {"token": "B"}]}))  # fmt: skip
    tokens = [{"token": "B", "status": None}, {"token": "C"}]
    part = command(2, "SendLocalList", wish=json.dumps({"version": 2, "full": False, "tokens": tokens}))
    here = held([part, whole])
    assert here.version == 2
    assert here.next_version == 3
    assert here.cards is not None
    assert set(here.cards) == {"A", "C"}
    cards = (ListedCard("A"), ListedCard("D"))
    assert [stands(card, here) for card in cards] == ["held", "missing"]
    assert difference(cards, here) == (ListedToken("D"), ListedToken("C", status=None))
    told = command(3, "ReadLocalListVersion", CommandState.DONE, answer='{"listVersion":7}', wish="{}")
    other = held([told, part, whole])
    assert (other.version, other.cards) == (7, None)
    assert difference(cards, other) is None
    assert held([]).next_version == 1


def test_progress_of_an_update_counts_only_its_own_words() -> None:
    """Words from before the update was asked for say nothing of it."""
    from app.domain.ids import StationId
    from app.domain.records import NoticeRecord

    def said(name: str, at_ms: int) -> NoticeRecord:
        return NoticeRecord(StationId("A"), at_ms, at_ms, "firmware", name)

    assert progress([said("Installed", 10)], 20) is None
    assert progress([said("Downloading", 30), said("Installed", 10)], 20) == (
        0.25,
        "Fetching, 1 of 4 steps done",
    )
    assert progress([said("DownloadFailed", 30)], 20) == (None, "Could not be fetched")


def test_a_line_is_frozen() -> None:
    """A line of the log is a value."""
    line = command_line(command(1), NOW_MS, ZONE)
    assert replace(line, who="X").who == "X"

"""What persons do to faults, what is refused, and that each act is a line with its author."""

import json

import pytest

from app.domain.errors import ForecourtError
from app.domain.records import EntryRecord
from tests.app.faults.stage import START, H, M, Parrot, S, Stage


def lock() -> Stage:
    stage = Stage()
    stage.station()
    stage.say("CX001", 0)
    stage.at(60)
    return stage


def danger() -> Stage:
    stage = Stage()
    stage.station()
    stage.say("CX022", 0)
    stage.at(60)
    return stage


def test_acknowledge_and_undo() -> None:
    stage = lock()
    stage.act(1, "acknowledge", 100, note="looking at it")
    line = stage.lines()[-1]
    assert (line.actor_kind, line.actor, line.from_state, line.to_state) == (
        "person",
        "ANNA",
        "UNACK",
        "ACKED",
    )
    assert line.text == "looking at it"
    assert stage.rows[1].acknowledged_ms == START + 100 * S
    with pytest.raises(ForecourtError, match="cannot be acknowledged"):
        stage.act(1, "acknowledge", 110)
    stage.act(1, "unacknowledge", 120)
    assert (stage.state(), stage.rows[1].acknowledged_ms) == ("UNACK", None)
    stage.act(1, "acknowledge", 200)
    with pytest.raises(ForecourtError, match="10 minutes"):
        stage.act(1, "unacknowledge", 200 + 601)


def test_an_acknowledgement_that_closed_a_fault_can_be_undone() -> None:
    stage = lock()
    stage.say("CX001", 100, False)
    stage.at(200)
    stage.act(1, "acknowledge", 300)
    assert stage.rows[1].closed_ms == START + 300 * S
    stage.act(1, "unacknowledge", 310)
    assert (stage.state(), stage.rows[1].closed_ms) == ("RTNUN", None)


def test_shelving_ends_by_itself_and_reads_the_condition_again() -> None:
    stage = lock()
    with pytest.raises(ForecourtError, match="needs a reason"):
        stage.act(1, "shelve", 100, until_ms=START + H)
    with pytest.raises(ForecourtError, match="8 hours"):
        stage.act(1, "shelve", 100, until_ms=START + 9 * H, reason="parts")
    with pytest.raises(ForecourtError, match="needs the end"):
        stage.act(1, "shelve", 100, reason="parts")
    stage.act(1, "shelve", 100, until_ms=START + H, reason="parts ordered")
    assert (stage.state(), stage.rows[1].until_ms) == ("SHLVD", START + H)
    assert stage.rows[1].closed_ms is None
    stage.at(3_601)
    assert (stage.state(), stage.rows[1].until_ms) == ("UNACK", None)
    stage.act(1, "shelve", 4_000, until_ms=START + 5_000 * S, reason="again")
    stage.say("CX001", 4_100, False)
    stage.at(4_500)
    assert stage.state() == "SHLVD"
    stage.at(5_001)
    assert stage.state() == "NORM"


def test_from_the_shelf_by_hand() -> None:
    stage = lock()
    stage.act(1, "shelve", 100, until_ms=START + H, reason="parts")
    stage.act(1, "unshelve", 200)
    assert stage.state() == "UNACK"
    with pytest.raises(ForecourtError, match="cannot be taken from the shelf"):
        stage.act(1, "unshelve", 210)


def test_a_safety_alarm_is_latched_p1_and_shelved_for_an_hour_at_most() -> None:
    stage = danger()
    row = stage.rows[1]
    assert (row.safety, row.latched, row.priority) == (True, True, "P1")
    assert stage.faults.views()[1].out_of_service_first
    with pytest.raises(ForecourtError, match="60 minutes"):
        stage.act(1, "shelve", 100, until_ms=START + 3 * H, reason="later")
    with pytest.raises(ForecourtError, match="never normal"):
        stage.act(1, "mark-normal", 100, reason="wet")
    with pytest.raises(ForecourtError, match="stands for itself"):
        stage.act(1, "merge", 100, into=1)
    with pytest.raises(ForecourtError, match="resetting"):
        stage.act(1, "close", 100, reason="done")
    with pytest.raises(ForecourtError, match="latch cannot be reset"):
        stage.act(1, "reset-latch", 100)


def test_a_latched_alarm_stays_until_it_is_reset() -> None:
    stage = danger()
    stage.say("CX022", 100, False)
    stage.at(200)
    assert (stage.state(), stage.rows[1].cleared_ms) == ("UNACK", START + 100 * S)
    stage.act(1, "acknowledge", 300)
    assert stage.state() == "ACKED"
    stage.at(10 * 3_600)
    assert stage.state() == "ACKED"
    stage.act(1, "reset-latch")
    assert (stage.state(), stage.rows[1].latched) == ("NORM", False)
    with pytest.raises(ForecourtError, match="not latched"):
        stage.act(1, "reset-latch")


def test_reset_before_acknowledged_still_wants_to_be_seen() -> None:
    stage = danger()
    stage.say("CX022", 100, False)
    stage.at(200)
    stage.act(1, "reset-latch")
    assert stage.state() == "RTNUN"


def test_out_of_service_and_back_with_a_test() -> None:
    stage = danger()
    with pytest.raises(ForecourtError, match="a work order"):
        stage.act(1, "out-of-service", 100, review_ms=START + H)
    with pytest.raises(ForecourtError, match="a review date"):
        stage.act(1, "out-of-service", 100, work_order="W7")
    stage.act(1, "out-of-service", 100, work_order="W7", review_ms=START + 24 * H)
    assert (stage.state(), stage.rows[1].due_ms) == ("OOSRV", START + 24 * H)
    with pytest.raises(ForecourtError, match="cannot be acknowledged"):
        stage.act(1, "acknowledge", 110)
    stage.say("CX022", 200, False)
    stage.at(300)
    assert stage.state() == "OOSRV"
    for missing in ("test_value", "tested_by", "tested_ms"):
        told = {"test_value": "1.2 MΩ", "tested_by": "Ben", "tested_ms": START + 250 * S}
        del told[missing]
        with pytest.raises(ForecourtError, match="This needs"):
            stage.act(1, "back-in-service", 400, **told)
    assert stage.state() == "OOSRV"
    stage.act(1, "back-in-service", 400, test_value="1.2 MΩ", tested_by="Ben", tested_ms=START + 250 * S)
    assert stage.state() == "NORM"
    assert "1.2 MΩ" in stage.lines()[-1].text


def test_back_in_service_while_it_still_holds_is_an_alarm_again() -> None:
    stage = lock()
    stage.act(1, "out-of-service", 100, work_order="W7", review_ms=START + 24 * H)
    stage.act(1, "back-in-service", 200)
    assert stage.state() == "UNACK"


def test_assigned_noted_due() -> None:
    stage = lock()
    stage.act(1, "assign", 100, to="BEN")
    stage.act(1, "note", 110, text="lock sprayed")
    stage.act(1, "due", 120, due_ms=START + 5 * H)
    row = stage.rows[1]
    assert (row.assigned, row.due_ms) == ("BEN", START + 5 * H)
    assert stage.verbs()[-3:] == ["assign", "note", "due"]
    with pytest.raises(ForecourtError, match="a text"):
        stage.act(1, "note", 130, text=" ")
    stage.at(3 * 3_600)
    assert stage.rows[1].priority == "P2", "what somebody has is not escalated"


def test_closed_by_hand_and_it_comes_back_if_it_is_said_again() -> None:
    stage = lock()
    with pytest.raises(ForecourtError, match="needs a reason"):
        stage.act(1, "close", 100)
    stage.act(1, "close", 100, reason="seen on site, works")
    assert stage.state() == "NORM"
    with pytest.raises(ForecourtError, match="cannot be closed"):
        stage.act(1, "close", 110, reason="again")
    stage.say("CX001", 200)
    stage.at(300)
    assert (stage.state(), stage.rows[1].alarms) == ("UNACK", 2)


def test_marked_as_normal_until_a_date() -> None:
    stage = lock()
    stage.act(1, "mark-normal", 100, until_ms=START + 2 * H, reason="road closed")
    assert stage.state() == "NORM"
    entry = next(r for r in stage.kept if isinstance(r, EntryRecord))
    stage.engine.hear(entry, START + 100 * S)
    stage.say("CX001", 200, False)
    stage.say("CX001", 300)
    stage.at(3_000)
    assert stage.state() == "NORM"
    stage.say("CX001", 7_500)
    stage.at(7_600)
    assert [r.state for r in stage.rows.values() if r.closed_ms is None] == ["UNACK"]


def test_what_is_over_and_seen_by_nobody_rests_after_a_shift() -> None:
    stage = lock()
    stage.say("CX001", 100, False)
    stage.at(200)
    assert stage.state() == "RTNUN"
    stage.at(8 * 3_600 + 101)
    assert stage.state() == "NORM"
    assert (stage.lines()[-1].actor_kind, stage.lines()[-1].verb) == ("server", "acknowledge")


def test_an_act_that_is_not_kept_never_was() -> None:
    stage = lock()
    from tests.app.faults.stage import ByCode

    records = stage.faults.act(ByCode(1, "acknowledge"), START + 100 * S)
    assert stage.faults.views()[1].record.state == "ACKED"
    stage.faults.take_back(records)
    assert stage.faults.views()[1].record.state == "UNACK"
    stage.act(1, "acknowledge", 110)
    assert stage.state() == "ACKED"
    assert len({line.seq for line in stage.lines()}) == len(stage.lines())


def test_unknown_acts_and_faults_are_refused_in_words() -> None:
    stage = lock()
    with pytest.raises(ForecourtError, match="does not know the act 'explode'"):
        stage.act(1, "explode")
    with pytest.raises(ForecourtError, match="no fault 99"):
        stage.act(99, "acknowledge")
    assert M == 60_000


def test_a_silence_is_confirmed_with_its_evidence_and_that_can_be_taken_back() -> None:
    stage = Stage(Parrot("silence"))
    stage.station()
    stage.say("SilentConnector", 0, rule="silence", hours_available=31)
    stage.at(60)
    with pytest.raises(ForecourtError, match="what was seen"):
        stage.act(1, "confirm", 100, how="site check")
    with pytest.raises(ForecourtError, match="not by 'a dream'"):
        stage.act(1, "confirm", 100, how="a dream", text="red")
    stage.act(1, "confirm", 100, how="site check", text="Ann plugged in twice, nothing started")
    told = json.loads(stage.rows[1].detail)
    assert told["confirmed"] is True
    assert told["confirmation"] == {
        "how": "site check", "text": "Ann plugged in twice, nothing started", "by": "ANNA",
        "at_ms": START + 100 * S,
    }  # fmt: skip
    assert told["evidence"] == {"hours_available": 31}
    assert stage.lines()[-1].text == "site check: Ann plugged in twice, nothing started"
    with pytest.raises(ForecourtError, match="confirmed already"):
        stage.act(1, "confirm", 110, how="site check", text="again")
    stage.act(1, "unconfirm", 120, reason="wrong plug")
    assert "confirmed" not in json.loads(stage.rows[1].detail)
    with pytest.raises(ForecourtError, match="is not confirmed"):
        stage.act(1, "unconfirm", 130)


def test_only_a_silence_is_confirmed() -> None:
    with pytest.raises(ForecourtError, match="Only a silence"):
        lock().act(1, "confirm", 100, how="site check", text="dark")

"""Conditions become alarms: delays, returns, chatter, and the same whatever the steps of time."""

from app.faults.alarm import detail_of
from tests.app.faults.stage import START, S, Stage


def test_an_alarm_is_announced_after_its_delay_and_returns_after_the_other() -> None:
    stage = Stage()
    stage.station()
    stage.say("CX001", 0)
    stage.at(9.9)
    assert not stage.rows
    stage.at(10)
    row = stage.rows[1]
    assert (row.state, row.code, row.onset_ms, row.opened_ms) == ("UNACK", "CX001", START, START + 10 * S)
    assert (row.station, row.site, row.evse, row.connector) == ("A", "Depot", 1, 1)
    stage.say("CX001", 100, False)
    stage.at(159)
    assert stage.state() == "UNACK"
    stage.at(160)
    assert stage.state() == "RTNUN"
    assert stage.rows[1].cleared_ms == START + 100 * S
    assert stage.verbs() == ["began", "announce", "clear"]


def test_what_ends_within_the_delay_is_no_alarm() -> None:
    stage = Stage()
    stage.say("CX001", 0)
    stage.say("CX001", 9, False)
    stage.at(1_000)
    assert not stage.rows


def test_what_comes_back_is_the_same_occurrence() -> None:
    stage = Stage()
    stage.say("CX001", 0)
    stage.at(10)
    stage.say("CX001", 100, False)
    stage.at(200)
    stage.say("CX001", 300)
    stage.at(310)
    assert list(stage.rows) == [1]
    assert (stage.state(), stage.rows[1].alarms, stage.rows[1].cleared_ms) == ("UNACK", 2, None)


def test_an_acknowledged_one_closes_by_itself_and_a_later_one_is_another() -> None:
    stage = Stage()
    stage.say("CX001", 0)
    stage.act(1, "acknowledge", 20)
    assert (stage.state(), stage.rows[1].by) == ("ACKED", "ANNA")
    stage.say("CX001", 100, False)
    stage.at(160)
    assert stage.state() == "NORM"
    assert stage.rows[1].closed_ms == START + 160 * S
    stage.say("CX001", 2_000)
    stage.at(2_010)
    assert sorted(stage.rows) == [1, 2]
    assert stage.state(2) == "UNACK"


def test_chatter_is_one_alarm_that_says_how_often() -> None:
    stage = Stage()
    for n in range(7):
        stage.say("CX001", n * 20)
        stage.say("CX001", n * 20 + 5, False)
    assert list(stage.rows) == [1]
    assert detail_of(stage.rows[1])["chattering"]["times"] >= 3
    view = stage.faults.views()[1]
    assert any(sign.startswith("chattering: ") for sign in view.signs)
    stage.at(600)
    assert stage.state() == "UNACK"
    stage.at(800)
    assert stage.state() == "RTNUN"
    assert stage.rows[1].alarms == 1


def test_the_steps_of_time_do_not_matter() -> None:
    def play(step_s: float) -> list[object]:
        stage = Stage()
        stage.station("A")
        stage.station("B")
        at = 0.0
        told = [("CX001", 0, True, "A"), ("CX003", 3, True, "A"), ("CX001", 40, False, "A")]
        told += [("CX015", 50, True, "A"), ("CX015", 52, True, "B"), ("CX003", 400, False, "A")]
        told += [("CX015", 500, False, "A"), ("CX015", 510, False, "B")]
        for code, when, held, station in told:
            while step_s and at + step_s < when:
                at += step_s
                stage.at(at)
            evse = 0 if code == "CX015" else 1
            stage.say(code, when, held, station=station, evse=evse, connector=evse)
        stage.at(100_000)
        return [r for r in stage.kept if type(r).__name__ == "FaultEventRecord"] + [*stage.rows.values()]

    assert play(0) == play(1) == play(7.3)


def test_a_rule_that_fails_stops_nothing() -> None:
    class Broken:
        name = "broken"

        def __init__(self) -> None:
            from tests.app.faults.stage import Said

            self.hears = (Said,)

        def hear(self, record, scene):
            raise ValueError("no")

        def wake(self, key, scene):
            return ()

    from tests.app.faults.stage import Parrot

    stage = Stage(Broken(), Parrot())
    stage.say("CX001", 0)
    stage.at(10)
    assert stage.state() == "UNACK"
    assert stage.engine.failed == {"broken": 1}


def test_a_fault_that_nobody_sees_to_is_raised_once() -> None:
    stage = Stage()
    stage.say("CX003", 0)
    stage.at(8 * 3_600 + 59)
    assert stage.rows[1].priority == "P3"
    stage.at(8 * 3_600 + 61)
    assert (stage.rows[1].priority, stage.verbs()[-1]) == ("P2", "escalated")
    stage.at(25 * 3_600)
    assert "stale" in stage.faults.views()[1].signs


def test_a_link_that_was_lost_while_nobody_looked_is_believed_after_a_grace() -> None:
    from app.domain.ids import StationId
    from app.domain.records import LinkRecord
    from app.domain.status import NOT_RUNNING, LinkState
    from app.faults.rules.offline import Offline

    stage = Stage(Offline())
    stage.station()
    lost = LinkRecord(StationId("A"), START - 3_600 * S, LinkState.OFFLINE, NOT_RUNNING)
    stage.engine.hear(lost, START)
    stage.at(299)
    assert not stage.rows
    assert stage.engine.scene.blind_ms == 3_600 * S - 299 * S
    stage.at(301)
    assert stage.state() == "UNACK"
    assert stage.rows[1].onset_ms == START - 3_600 * S

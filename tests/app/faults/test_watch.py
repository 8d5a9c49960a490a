"""What watchers are told, and what happens where the disk does not take it."""

from app.domain.errors import CannotRecord
from app.domain.records import FaultRecord
from tests.app.faults.stage import START, ByCode, S, Stage


def test_a_watcher_gets_all_there_is_and_then_what_changes() -> None:
    stage = Stage()
    stage.say("CX001", 0)
    stage.at(20)
    stage.faults.publish(START)
    watching = stage.faults.subscribe()
    first = watching.take()
    assert first is not None
    assert list(first.faults) == [1]
    assert first.faults[1].new
    assert first.faults[1].action.startswith("unlock it")
    assert first.faults[1].act_by_ms == START + (10 + 7_200) * S
    assert watching.take() is None
    stage.faults.act(ByCode(1, "acknowledge"), START + 30 * S)
    told = watching.take()
    assert told is not None
    assert (told.faults[1].record.state, told.faults[1].new) == ("ACKED", False)
    assert [line.verb for line in told.lines] == ["acknowledge"]
    watching.close()
    stage.faults.act(ByCode(1, "note", text="x"), START + 40 * S)
    assert watching.take() is None


def test_what_is_long_over_is_held_no_more() -> None:
    stage = Stage()
    stage.say("CX001", 0)
    stage.at(20)
    watching = stage.faults.subscribe()
    stage.act(1, "close", reason="works")
    stage.at(90_000)
    stage.faults.publish(START + 90_000 * S)
    told = watching.take()
    assert told is not None
    assert told.gone == {1}
    assert not told.faults
    assert not stage.engine.alarms


def test_what_the_disk_did_not_take_is_handed_in_again() -> None:
    stage = Stage()
    handed: list[list[object]] = []
    works = False

    def submit(journal, records, done) -> None:
        handed.append(list(records))
        done(None if works else CannotRecord("full"))

    stage.faults._submit = submit
    stage.say("CX001", 0)
    stage.at(20)
    works = True
    stage.faults.keep()
    stage.faults.keep()
    assert handed[-1] == handed[0]
    assert isinstance(handed[-1][0], FaultRecord)

"""A station's clock that differs from ours."""

from app.domain.fact import changed
from app.faults.limits import Limits
from app.faults.rules.clock_drift import ClockDrift
from tests.app.faults.rules.stage import HOUR, MINUTE, Stage


def count(stage: Stage, times: int, quirk: str = "Q65") -> None:
    for _ in range(times):
        record = stage.station("A")
        before = dict(record.quirks).get(quirk, 0)
        stage.tell(changed(record, quirks=((quirk, before + 1),)))
        stage.pass_time(MINUTE)


def test_wrong_times_are_told_until_they_are_right_again():
    """Five messages, then a day without one."""
    stage = Stage(ClockDrift(Limits()))
    stage.add()
    began = stage.now_ms
    count(stage, 5)
    (found,) = stage.open
    assert (found.code, found.at_ms) == ("ClockDrift", began)
    stage.pass_time(24 * HOUR)
    assert not stage.open


def test_a_single_odd_time_and_old_counts_are_none():
    """What was counted before we looked is no news; other oddities are none of ours."""
    stage = Stage(ClockDrift(Limits()))
    stage.add(quirks=(("Q65", 900),))
    count(stage, 4)
    stage.pass_time(25 * HOUR)
    count(stage, 9, "Q64")
    assert not stage.findings

"""A connector that looks available and earns nothing."""

import json
from math import exp
from zoneinfo import ZoneInfo

import pytest

from app.domain.records import EntryRecord
from app.faults.limits import Limits
from app.faults.money import Pricer
from app.faults.rules.silence import Silence
from app.faults.statistics import cusum_down, gap_threshold, poisson_none
from tests.app.faults.rules.stage import DAY, HOUR, MINUTE, Stage


def stage_of(connectors: int = 3) -> Stage:
    pricer = Pricer(ZoneInfo("UTC"))
    stage = Stage(pricer, Silence(pricer.demand, Limits()))
    stage.add(connectors=connectors)
    stage.link_is("online")
    for n in range(1, connectors + 1):
        stage.status_is("Available", evse=n)
    return stage


def live(stage: Stage, days: float, *evses: int) -> None:
    """Each of these takes four sessions a day; the others stand by."""
    for _ in range(round(days * 4)):
        for evse in evses:
            stage.visit(30, name="A", evse=evse, token=f"T{evse}")
            stage.pass_time(60 * MINUTE)
        stage.pass_time(6 * HOUR - len(evses) * 90 * MINUTE)


def test_the_reference_numbers():
    """[F]: μ* = ln(30000 / 12) = 7.824, 46 h at 0.17/h; p at 5.2; siblings; the falling sum."""
    mu = gap_threshold(30_000, 12)
    assert mu == pytest.approx(7.824, abs=5e-4)
    assert 30_000 * exp(-mu) == pytest.approx(12)
    assert mu / 0.17 == pytest.approx(46.0, abs=0.05)
    assert poisson_none(5.2) == pytest.approx(0.0055, abs=5e-5)
    assert pytest.approx(0.0010, abs=5e-5) == 0.75**24
    assert pytest.approx(0.000075, abs=5e-7) == 0.75**33
    total, sums = 0.0, []
    for expected, seen in zip([1.5, 1.5, 2, 2, 1.5, 2], [2, 1, 0, 0, 0, 0], strict=True):
        total = cusum_down(total, expected, seen)
        sums.append(round(total, 3))
    assert sums == [0.0, 0.0, 1.5, 3.0, 4.125, 5.625]


def test_one_of_three_falls_silent_and_its_siblings_tell():
    """It began with its last session; the tests, their thresholds and the false alarms are shown."""
    stage = stage_of()
    live(stage, 21, 1, 2, 3)
    assert not stage.findings
    live(stage, 4, 1, 2)
    (found,) = stage.open
    assert (found.code, found.subject.evse) == ("SilentConnector", 3)
    assert found.at_ms < stage.now_ms - 3 * DAY
    shown = found.evidence
    assert shown["tests"]
    assert shown["expected_starts"] > 5.2
    assert shown["false_alarms_a_year"] == 12
    assert shown["pool_starts_since"] >= 10
    stage.visit(evse=3)
    assert not stage.open


def test_a_connector_alone_falls_silent():
    """Only its own usual can tell: the gap, found by its timer while nothing is heard."""
    stage = stage_of(1)
    live(stage, 21, 1)
    stage.pass_time(5 * DAY)
    (found,) = stage.open
    assert "gap" in found.evidence["tests"] or "fall" in found.evidence["tests"]
    assert found.evidence["expected_starts"] >= 5.2


def test_a_quiet_day_and_a_long_night_are_none():
    """Chance and habit."""
    stage = stage_of(1)
    for _ in range(4):
        live(stage, 5, 1)
        stage.pass_time(DAY // 2)
    assert not stage.findings


def silent_after(days: tuple[int, ...]) -> int:
    """How many hours a connector with so many starts on its days is silent before it is told."""
    stage = stage_of(1)
    for count in days:
        for _ in range(count):
            stage.visit(20)
            stage.pass_time(DAY // count - 20 * MINUTE)
    assert not stage.open
    for hours in range(12 * 24):
        if stage.open:
            return hours
        stage.pass_time(HOUR)
    raise AssertionError("it was never told")


def test_where_days_differ_a_gap_proves_less():
    """Both have five starts a day; where some days are poor it takes longer to be told."""
    alike, uneven = silent_after((5,) * 60), silent_after((9, 1, 8, 2, 5) * 12)
    assert uneven > alike * 1.2


@pytest.mark.parametrize("why", ["link", "status"])
def test_what_does_not_look_available_is_not_silent(why):
    """A station without a link, or one that says it is out of order, has other faults."""
    stage = stage_of(1)
    live(stage, 21, 1)
    if why == "link":
        stage.link_is("offline")
    else:
        stage.status_is("Unavailable")
    stage.pass_time(14 * DAY)
    assert not stage.findings


def test_a_new_connector_has_no_usual_yet():
    """Nothing is expected of what nobody knows."""
    stage = stage_of(2)
    live(stage, 21, 1)
    assert not [f for f in stage.findings if f.subject.evse == 2]


def test_marked_as_normal_it_ends_and_stays_quiet():
    """The road is closed."""
    stage = stage_of(1)
    live(stage, 21, 1)
    stage.pass_time(5 * DAY)
    assert stage.open
    stage.normals.add(("silence", "A"))
    stage.tell(EntryRecord("normal", "n", 1, stage.now_ms, "me", "", json.dumps({"rule": "silence"})))
    stage.pass_time(5 * DAY)
    assert not stage.open

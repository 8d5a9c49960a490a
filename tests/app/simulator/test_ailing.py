"""What ails a charger without a word: it shows in what happens, is on record, and is cured by its step."""

import random

import pytest

from app.simulator import ailments
from app.simulator.causes import Cause
from app.simulator.demand import DAY_MS, HOUR_MS
from app.simulator.life import Life
from app.simulator.network import StationPlan, load_network
from app.simulator.past import LogUplink, past

START = 1_780_000_000_000
PLAN: StationPlan = next(s for s in load_network(48).stations if s.version == "1.6" and s.model == "Duet 22")


def life(plan: StationPlan = PLAN, demand: float = 8.0) -> Life:
    one = Life(plan, LogUplink(plan, iter(range(1, 10_000))), random.Random(4))
    one.began = ailments.started
    one.demand = demand
    one.begin(START)
    return one


def told(one: Life, action: str) -> list[dict[str, object]]:
    assert isinstance(one.uplink, LogUplink)
    return [t.frame[3] for t in one.uplink.told if t.frame is not None and t.frame[2] == action]


def ail(one: Life, kind: str, hours: float = 48) -> Cause:
    cause = ailments.begin(START + HOUR_MS, one, kind, one.outlets[0], hours * 3600)
    assert cause is not None
    one.run(START + HOUR_MS + int(hours * HOUR_MS) - 1)
    return cause


def energies(one: Life) -> list[float]:
    """Of the sessions at the first outlet that began and ended."""
    starts = {}
    numbers = [t.answer[2]["transactionId"] for t in one.uplink.told if t.answer is not None]  # type: ignore[attr-defined]
    for number, start in zip(numbers, told(one, "StartTransaction"), strict=True):
        if start["connectorId"] == 1:
            starts[number] = start["meterStart"]
    stops = told(one, "StopTransaction")
    return [s["meterStop"] - starts[s["transactionId"]] for s in stops if s["transactionId"] in starts]  # type: ignore[operator, index]


def test_a_silent_outlet_looks_available_and_nobody_starts() -> None:
    one = life()
    cause = ail(one, "silent")
    assert cause.hits > 5
    assert not [s for s in told(one, "StartTransaction") if s["connectorId"] == 1]
    assert one.outlets[0].status == "Available"


@pytest.mark.parametrize("kind", ["dry", "frozen"])
def test_sessions_there_bring_nothing_by_the_meter(kind: str) -> None:
    one = life()
    ail(one, kind)
    found = energies(one)
    assert len(found) > 3
    assert sum(wh == 0 for wh in found) >= len(found) - 1  # one may have begun before


def test_a_meter_that_runs_backwards_tells_less_at_the_end() -> None:
    one = life()
    ail(one, "backwards")
    assert sum(wh < 0 for wh in energies(one)) > 2


def test_a_station_that_refuses_reads_cards_again_and_again() -> None:
    one = life()
    cause = ail(one, "refuses")
    assert cause.evse == 0
    assert cause.hits > 3
    assert len(told(one, "Authorize")) >= 3 * cause.hits
    assert len(told(one, "StartTransaction")) <= 1


def test_a_restart_cures_what_a_restart_can_cure_and_is_on_record() -> None:
    one = life()
    cause = ail(one, "stuck")
    for turn in range(6):
        if cause.end_ms is None:
            ailments.treat(START + 60 * HOUR_MS + turn, one, "soft-reset")
    assert cause.ended_by == "soft-reset"
    assert cause.tried["soft-reset"] >= 1
    assert one.outlets[0].ail is None


def test_a_missing_phase_is_cured_by_no_step() -> None:
    one = life()
    cause = ail(one, "phase")
    for step in ("soft-reset", "hard-reset", "unlock"):
        ailments.treat(START + 3 * DAY_MS, one, step)
    assert cause.end_ms is None


def test_the_truth_of_a_past_names_what_was_told_and_what_was_not() -> None:
    story = past(load_network(12), 40, START, 3)
    for _ in story.journal():
        pass
    kinds = {cause.kind for cause in story.causes}
    assert {"offline", "site-offline", "blind", "restart", "release"} <= kinds
    assert kinds & {kind.kind for kind in ailments.KINDS}
    assert all(c.end_ms is None or c.end_ms >= c.start_ms for c in story.causes)
    assert story.causes == sorted(story.causes, key=lambda c: c.start_ms)


def test_who_is_turned_away_by_a_told_fault_shows_nothing_of_what_ails_beneath() -> None:
    one = life()
    cause = ailments.begin(START + HOUR_MS, one, "silent", one.outlets[0], 48 * 3600)
    assert cause is not None
    one.at(START + HOUR_MS + 1, one.break_down, one.outlets[0], "InternalError", "E1", "blocks")
    one.run(START + 40 * HOUR_MS)
    assert cause.hits == 0
    one.at(START + 40 * HOUR_MS + 1, one.mend, one.outlets[0])
    one.run(START + 48 * HOUR_MS)
    assert cause.hits > 0

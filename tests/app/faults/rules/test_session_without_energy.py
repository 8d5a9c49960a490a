"""A session that says Charging and takes nothing."""

from app.domain.fact import changed
from app.faults.limits import Limits
from app.faults.rules.session_without_energy import SessionWithoutEnergy
from tests.app.faults.rules.stage import MINUTE, Stage


def stage_of() -> Stage:
    stage = Stage(SessionWithoutEnergy(Limits()))
    stage.add()
    stage.link_is("online")
    stage.status_is("Charging")
    return stage


def test_ten_minutes_of_nothing_are_a_fault_until_power_flows():
    """Since the first reading without power."""
    stage = stage_of()
    session, began = stage.start(), stage.now_ms
    for _ in range(12):
        stage.read(session, 5000, 0)
        stage.pass_time(MINUTE)
    (found,) = stage.open
    assert (found.code, found.at_ms) == ("SessionWithoutEnergy", began)
    stage.read(session, 5010, 7000)
    assert not stage.open


def test_a_register_tells_too_where_no_power_is_told():
    """It rises, or it does not."""
    stage = stage_of()
    session = stage.start()
    for n in range(20):
        stage.read(session, 5000 + 50 * n)
        stage.pass_time(MINUTE)
    assert not stage.findings
    for _ in range(12):
        stage.read(session, 5950)
        stage.pass_time(MINUTE)
    assert stage.codes() == ["SessionWithoutEnergy"]
    stage.stop(session)
    assert not stage.open


def test_a_first_reading_of_nothing_says_nothing_of_later():
    """Readings come each quarter of an hour, the first of them before the flow."""
    stage = stage_of()
    session = stage.start()
    for n in range(6):
        stage.read(session, 5000 + 4000 * n, 16_000 if n else 0)
        stage.pass_time(15 * MINUTE)
    assert not stage.findings


def test_a_pause_of_the_vehicle_and_silence_are_none():
    """SuspendedEV explains it; without readings nothing is known."""
    stage = stage_of()
    session = stage.start()
    stage.read(session, 5000, 0)
    stage.tell(changed(session, charging="SuspendedEV"))
    for _ in range(30):
        stage.pass_time(MINUTE)
    quiet = stage_of()
    running = quiet.start()
    quiet.read(running, 5000, 0)
    quiet.pass_time(5 * MINUTE)
    quiet.link_is("offline")
    quiet.pass_time(60 * MINUTE)
    assert not stage.findings
    assert not quiet.findings


def test_what_the_last_session_ended_with_is_no_start_of_the_next():
    """Its closing reading, told after its end, has no power; the next car is judged from its own first."""
    stage = stage_of()
    session = stage.start()
    stage.read(session, 5000, 7000)
    stage.stop(session)
    stage.read(session, 5000, 0)
    stage.pass_time(300 * MINUTE)
    other = stage.start()
    stage.read(other, 5000, 0)
    stage.pass_time(5 * MINUTE)
    stage.read(other, 5000, 0)
    assert not stage.findings

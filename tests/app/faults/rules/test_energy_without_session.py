"""Energy that flows though no session runs."""

from app.domain.fact import changed
from app.faults.limits import Limits
from app.faults.rules.energy_without_session import EnergyWithoutSession
from tests.app.faults.rules.stage import MINUTE, Stage


def stage_of() -> Stage:
    stage = Stage(EnergyWithoutSession(Limits()))
    stage.add()
    return stage


def test_a_register_that_rises_alone_is_a_fault_until_it_rests():
    """Half an hour without more."""
    stage = stage_of()
    for n in range(5):
        stage.read(None, 1000 + 100 * n)
        stage.pass_time(5 * MINUTE)
    (found,) = stage.open
    assert found.evidence["energy_wh"] >= 200
    stage.read(None, 1400)
    stage.pass_time(31 * MINUTE)
    assert not stage.open


def test_a_session_explains_it():
    """What flows in a session is counted there, also after."""
    stage = stage_of()
    stage.read(None, 1000)
    session = stage.start()
    stage.read(session, 9000)
    stage.stop(session)
    stage.read(None, 21_000)
    stage.read(None, 21_004)
    assert not stage.findings


def leaking(stage: Stage, from_wh: int) -> int:
    """450 Wh every quarter of an hour, four times; the register then."""
    for n in range(4):
        stage.read(None, from_wh + 450 * n)
        stage.pass_time(15 * MINUTE)
    return from_wh + 4 * 450


def test_a_session_in_between_ends_no_leak():
    """Nor does what a long session hides: it is over where the register rests for half an hour after it."""
    stage = stage_of()
    wh = leaking(stage, 1000)
    (found,) = stage.open
    session = stage.start()
    stage.pass_time(90 * MINUTE)
    stage.stop(session)
    leaking(stage, wh + 20_000)
    (still,) = stage.open
    assert still.at_ms == found.at_ms
    assert all(finding.held for finding in stage.findings)
    stage.stop(stage.start())
    stage.pass_time(31 * MINUTE)
    assert not stage.open


def test_a_session_told_late_explains_what_flowed_in_it():
    """Its start waited in the station until it was back on line."""
    stage = stage_of()
    began = stage.now_ms
    leaking(stage, 1000)
    assert stage.open
    stage.tell(changed(stage.start(), started_ms=began))
    assert not stage.open


def test_a_reset_and_what_is_not_trusted_are_none():
    """A fall begins afresh."""
    stage = stage_of()
    stage.read(None, 9000)
    stage.read(None, 0)
    stage.read(None, 50)
    stage.read(None, 99_000, trusted=False)
    assert not stage.findings

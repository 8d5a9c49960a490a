"""Forecourt's own faults, from what it sees of itself."""

from typing import Any

from app.faults.limits import Limits
from app.faults.own import MB, Own, OwnState
from tests.app.faults.stage import START, H, M, S, Stage

GB = 1024 * MB


class Itself:
    """A Forecourt that looks at itself."""

    def __init__(self) -> None:
        self.stage = Stage(Own(Limits()))
        self.at_ms = START

    def sees(self, after_ms: int = 30 * S, **state: Any) -> None:
        self.at_ms += after_ms
        self.stage.engine.hear(OwnState(self.at_ms, **state), self.at_ms)
        self.stage.faults.keep()

    @property
    def standing(self) -> dict[str, str]:
        return {r.code: r.title for r in self.stage.rows.values() if r.state in ("UNACK", "ACKED")}


def test_a_disk_that_fills_up_is_told_once_and_ends_with_room_to_spare() -> None:
    own = Itself()
    own.sees(free_bytes=3 * GB, disk_bytes=100 * GB)
    assert not own.standing
    own.sees(free_bytes=GB, disk_bytes=100 * GB)
    own.sees(free_bytes=GB - MB, disk_bytes=100 * GB)
    assert own.standing == {"DiskSpace": "1023 MB of disk left"}
    own.sees(free_bytes=2 * GB + MB, disk_bytes=100 * GB)
    assert own.standing
    own.sees(free_bytes=3 * GB, disk_bytes=100 * GB)
    assert not own.standing
    assert len(own.stage.rows) == 1


def test_a_small_disk_has_its_own_limit() -> None:
    own = Itself()
    own.sees(free_bytes=GB, disk_bytes=10 * GB)
    assert not own.standing


def test_one_slow_commit_is_no_slow_database() -> None:
    own = Itself()
    own.sees(commit_ms=5_000)
    own.sees(commit_ms=20)
    own.sees(commit_ms=2_000)
    own.sees(commit_ms=2_000)
    assert not own.standing
    own.sees(commit_ms=2_000)
    assert "DatabaseSlow" in own.standing
    for _ in range(3):
        own.sees(commit_ms=20)
    assert not own.standing


def test_a_backup_that_does_not_come_a_closed_door_and_a_full_disk_are_alarms() -> None:
    own = Itself()
    own.sees(backup_ms=START - 26 * H - M)
    assert "BackupLate" in own.standing
    own.sees(backup_ms=own.at_ms, listening=False, listening_cause="the port is taken")
    assert list(own.standing) == ["PortLost"]
    own.sees(backup_ms=own.at_ms, recording=False, recording_cause="The disk is full")
    assert list(own.standing) == ["NotRecording"]


def test_a_jump_is_shown_for_an_hour() -> None:
    own = Itself()
    own.sees(jump_ms=-4_999)
    assert not own.standing
    own.sees(jump_ms=-7_200_000)
    assert own.standing == {"ClockJump": "Clock jumped back by 7200 s"}
    own.sees(59 * M)
    assert own.standing
    own.sees(2 * M)
    assert not own.standing


def test_a_certificate_near_its_end() -> None:
    own = Itself()
    own.sees(certificate_ends_ms=START + 40 * 24 * H)
    assert not own.standing
    own.sees(10 * 24 * H, certificate_ends_ms=START + 40 * 24 * H)
    assert own.standing == {"CertificateEnds": "Certificate ends in 29 days"}
    own.sees(30 * 24 * H, certificate_ends_ms=START + 40 * 24 * H)
    assert own.standing == {"CertificateEnds": "Certificate has ended"}


def test_a_rule_that_fails_is_a_fault_of_ours() -> None:
    own = Itself()
    own.sees(failed_rules=(("offline", 2),))
    assert own.standing == {"RuleFailed": "The rule offline failed"}
    own.sees(25 * H, failed_rules=(("offline", 2),))
    assert not own.standing


def test_stations_cannot_be_blamed_while_the_door_is_shut() -> None:
    from tests.app.faults.stage import Parrot

    stage = Stage(Own(Limits()), Parrot())
    stage.station("A")
    stage.engine.hear(OwnState(START, listening=False), START)
    stage.say("Offline", 1, station="A", evse=0, connector=0, rule="offline")
    stage.at(70)
    assert stage.state(2) == "DSUPR"
    assert stage.rows[2].parent == 1
    assert "Forecourt itself" in stage.faults.views()[2].signs[0]
    stage.engine.hear(OwnState(START + 100 * S), START + 100 * S)
    stage.faults.keep()
    assert stage.state(2) == "UNACK"

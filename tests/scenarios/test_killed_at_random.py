"""What was acknowledged is there after the process was killed, once, and the journal agrees."""

from pathlib import Path

from tests.helpers.killing import kill_rounds


def test_nothing_acknowledged_is_lost_in_twenty_kills(tmp_path: Path) -> None:
    """SIGKILL at random moments under transactions: every answer a station got still holds."""
    toll = kill_rounds(tmp_path, rounds=20)
    assert toll.lost == []
    assert toll.doubled == []
    assert toll.acknowledged > 1_000
    assert toll.verify == ""

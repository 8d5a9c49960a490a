"""Killed with commands queued, sent and accepted, and files half way: what is said stays true."""

from pathlib import Path

from tests.helpers.command_killing import kill_rounds


def test_commands_end_truly_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    """SIGKILL at random moments: every command kept, each frame once, each state what the station saw."""
    toll = kill_rounds(tmp_path, rounds=8)
    assert toll.wrong == []
    assert toll.commands > 100
    assert toll.in_flight["queued"]
    assert toll.in_flight["sent"]

"""Memory that was freed goes back to the system."""

import sys
from pathlib import Path

import pytest

from app.memory import give_back

STATUS = Path("/proc/self/smaps_rollup")


def resident_kb() -> int:
    return int(next(line for line in STATUS.read_text().splitlines() if line.startswith("Rss:")).split()[1])


@pytest.mark.skipif(not STATUS.exists(), reason="The system does not tell what a process holds.")
def test_what_was_let_go_of_is_given_back() -> None:
    """Pieces too large for Python's own pools and too small to be mapped alone, the last one still held."""
    held = [bytearray(60_000) for _ in range(1_000)]
    full = resident_kb()
    last = held.pop()
    held.clear()
    give_back()
    assert resident_kb() < full - 40_000
    assert len(last) == 60_000


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    from app import memory

    monkeypatch.setattr(sys, "platform", "darwin")
    memory._trim.cache_clear()
    give_back()
    assert memory._trim() is None
    memory._trim.cache_clear()

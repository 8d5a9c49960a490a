"""How long a command waits."""

import pytest

from app.domain.errors import ForecourtError
from app.domain.operations import ClearCache, SetAvailability, Wish
from app.operations.waiting import due, expiry

NOW = 1_000_000


def test_one_for_a_station_that_is_there_waits_for_its_turn() -> None:
    """A minute; longer where the operator says so."""
    assert expiry(Wish("S", ClearCache(), "ada"), NOW, online=True) == NOW + 60_000
    assert expiry(Wish("S", ClearCache(), "ada", wait_until_ms=NOW + 5), NOW, online=True) == NOW + 5


def test_one_for_a_station_that_is_away_is_refused_or_waits() -> None:
    """As was chosen; a wait that is over already is none."""
    with pytest.raises(ForecourtError, match="not connected"):
        expiry(Wish("S", ClearCache(), "ada"), NOW, online=False)
    assert expiry(Wish("S", ClearCache(), "ada", wait_until_ms=NOW + 5), NOW, online=False) == NOW + 5
    with pytest.raises(ForecourtError, match="past"):
        expiry(Wish("S", ClearCache(), "ada", wait_until_ms=NOW), NOW, online=False)


def test_one_for_later_waits_for_its_time_and_a_little_longer() -> None:
    """Whether the station is there now does not matter."""
    later = Wish("S", SetAvailability(False, at_ms=NOW + 60_000), "ada")
    assert due(later) == NOW + 60_000
    assert expiry(later, NOW, online=False) == NOW + 360_000
    early = Wish("S", SetAvailability(False, at_ms=NOW + 60_000), "ada", wait_until_ms=NOW + 60_000)
    with pytest.raises(ForecourtError, match="past"):
        expiry(early, NOW, online=True)

"""How many stations each wave has."""

from hypothesis import given
from hypothesis import strategies as st

from app.operations.waves import parted


@given(st.integers(1, 500), st.lists(st.integers(0, 50), max_size=5))
def test_waves_take_everybody_once(stations: int, waves: list[int]) -> None:
    """None is empty, and together they are all."""
    sizes = parted(stations, waves)
    assert sum(sizes) == stations
    assert all(size > 0 for size in sizes)
    assert len(sizes) <= len(waves) + 1


def test_a_few_then_more_then_the_rest() -> None:
    """As it is told to operators."""
    assert parted(50, (2, 10)) == [2, 10, 38]
    assert parted(7, (2, 10)) == [2, 5]
    assert parted(1, (2, 10)) == [1]

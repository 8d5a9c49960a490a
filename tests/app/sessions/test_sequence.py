"""Sequence numbers as ranges (Q71)."""

from hypothesis import given
from hypothesis import strategies as st

from app.sessions import sequence


def test_numbers_in_any_order_become_ranges() -> None:
    seen = ""
    for number in (0, 1, 4, 3, 9):
        seen = sequence.add(seen, number)
    assert seen == "0-1,3-4,9"
    assert sequence.gaps(seen) == 2
    assert sequence.has(seen, 3)
    assert not sequence.has(seen, 2)


def test_counting_may_begin_anywhere() -> None:
    assert sequence.gaps(sequence.add("", 417)) == 0
    assert sequence.gaps("") == 0


@given(st.lists(st.integers(0, 60)))
def test_what_was_added_was_seen_and_nothing_else(numbers: list[int]) -> None:
    seen = ""
    for number in numbers:
        seen = sequence.add(seen, number)
    assert {n for n in range(62) if sequence.has(seen, n)} == set(numbers)
    assert sequence.gaps(seen) == max(0, sum(n - 1 not in set(numbers) for n in set(numbers)) - 1)

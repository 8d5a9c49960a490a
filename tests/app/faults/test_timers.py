"""Wishes fire in the order of their times, the last wish for a key alone."""

from hypothesis import given
from hypothesis import strategies as st

from app.faults.timers import Timers


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 100))), st.lists(st.integers(0, 120)))
def test_each_key_fires_once_at_its_last_wish_in_order(
    wishes: list[tuple[int, int]], steps: list[int]
) -> None:
    timers = Timers()
    for key, at_ms in wishes:
        timers.set(key, at_ms)
    fired = []
    for until in [*sorted(steps), 200]:
        while (due := timers.pop(until)) is not None:
            assert due[0] <= until
            fired.append(due)
    assert sorted(fired) == sorted((at, key) for key, at in dict(wishes).items())
    assert [at for at, _ in fired] == sorted(at for at, _ in fired)


def test_taken_back_and_shifted() -> None:
    timers = Timers()
    timers.set("a", 10)
    timers.set("b", 20)
    timers.drop("a")
    timers.shift(100)
    assert timers.due_ms("b") == 120
    assert timers.due_ms("a") is None
    assert timers.pop(119) is None
    assert timers.pop(120) == (120, "b")

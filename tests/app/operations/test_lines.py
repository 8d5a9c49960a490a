"""A station's line: one at a time, the urgent first, nothing early, nothing after its time."""

from hypothesis import given
from hypothesis import strategies as st

from app.operations.lines import Called, Line, Turn


def wait(line: Line, told: dict[int, Called], number: int, rank: int = 1, **more: object) -> Turn:
    turn = Turn(rank, number, lambda how: told.__setitem__(number, how), **more)  # type: ignore[arg-type]
    line.join(turn)
    return turn


def test_the_urgent_goes_first_and_only_one_at_a_time() -> None:
    """Among equals the one that asked first."""
    line, told = Line(), {}
    for number, rank in ((1, 3), (2, 1), (3, 0), (4, 1)):
        wait(line, told, number, rank)
    order = []
    while line.waiting:
        assert line.call_next(0, open=True, held=False)
        assert not line.call_next(0, open=True, held=False)
        order.append(next(n for n in told if n not in order))
        line.busy = False
    assert order == [3, 2, 4, 1]


def test_what_is_not_due_waits_and_lets_others_by() -> None:
    """A command for later does not hold up the station."""
    line, told = Line(), {}
    wait(line, told, 1, 0, due_ms=5_000)
    wait(line, told, 2, 2)
    assert line.call_next(1_000, open=True, held=False)
    assert told == {2: Called.GO}
    line.busy = False
    assert not line.call_next(1_000, open=True, held=False)
    assert line.call_next(5_000, open=True, held=False)


def test_before_the_boot_is_answered_only_the_forced_go() -> None:
    """Q13; and nobody goes while the station is away."""
    line, told = Line(), {}
    wait(line, told, 1)
    wait(line, told, 2, forced=True)
    assert not line.call_next(0, open=False, held=False)
    assert line.call_next(0, open=True, held=True)
    assert told == {2: Called.GO}


def test_a_wait_ends_and_can_be_left() -> None:
    """Each is told once why."""
    line, told = Line(), {}
    wait(line, told, 1, expires_ms=1_000)
    left = wait(line, told, 2)
    line.expire(999)
    assert told == {}
    line.expire(1_000)
    assert line.leave(left)
    assert not line.leave(left)
    assert told == {1: Called.EXPIRED, 2: Called.CANCELLED}


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50), st.integers(1, 100)), max_size=12),
    st.lists(st.integers(0, 120), max_size=12),
)
def test_nobody_is_called_twice_early_or_late(asked: list[tuple[int, int, int]], times: list[int]) -> None:
    """Whatever comes in whatever order."""
    line, called = Line(), []
    for number, (rank, due, expires) in enumerate(asked):
        line.join(Turn(rank, number, lambda how, n=number: called.append((n, how)), due, expires))
    for now in sorted(times):
        line.expire(now)
        before = len(called)
        if line.call_next(now, open=True, held=False):
            number, how = called[before]
            assert how is Called.GO
            assert asked[number][1] <= now < asked[number][2]
            line.busy = False
    assert len({n for n, _ in called}) == len(called)

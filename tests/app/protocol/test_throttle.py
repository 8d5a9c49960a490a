"""Failed logins: a few are borne, then the wait doubles; the crowd cannot make us forget too much."""

from app.protocol.throttle import Throttle


def fail(throttle: Throttle, key: str, times: int, now_s: float) -> None:
    """Fail a few times at once."""
    for _ in range(times):
        throttle.failed(key, now_s)


def test_a_few_failures_are_borne() -> None:
    """Four in a minute block nothing; the fifth does, for a minute."""
    throttle = Throttle(5)
    fail(throttle, "a", 4, 0)
    assert throttle.blocked_s("a", 0) == 0
    fail(throttle, "a", 1, 1)
    assert throttle.blocked_s("a", 1) == 60
    assert throttle.blocked_s("b", 1) == 0
    assert throttle.blocked_s("a", 61) == 0


def test_slow_failures_never_block() -> None:
    """Four a minute may go on for ever."""
    throttle = Throttle(5)
    for minute in range(100):
        fail(throttle, "a", 4, minute * 60.0)
        assert throttle.blocked_s("a", minute * 60.0) == 0


def test_the_wait_doubles_up_to_an_hour() -> None:
    """1, 2, 4 … 60 minutes; after an hour of quiet it starts again."""
    throttle = Throttle(5)
    now, waits = 0.0, []
    for _ in range(8):
        fail(throttle, "a", 5, now)
        waits.append(throttle.blocked_s("a", now))
        now += waits[-1]
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    now += 3600
    fail(throttle, "a", 5, now)
    assert throttle.blocked_s("a", now) == 60


def test_forgiveness_and_bounded_memory() -> None:
    """A good login forgets; the quietest key makes room."""
    throttle = Throttle(1, places=3)
    for key in "abcd":
        throttle.failed(key, 0)
    assert throttle.blocked_s("a", 0) == 0
    assert throttle.blocked_s("d", 0) == 60
    throttle.forgive("d")
    assert throttle.blocked_s("d", 0) == 0
    throttle.forgive_if(lambda key: key == "c")
    assert throttle.blocked_s("c", 0) == 0
    assert throttle.blocked_s("b", 0) == 60

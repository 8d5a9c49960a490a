"""Silence on a link (CONTRACTS decision 7, Q09)."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.status import LinkState
from app.fleet.liveness import judge

ORDER = [LinkState.ONLINE, LinkState.DOUBTFUL, LinkState.OFFLINE]


def test_a_heartbeat_of_five_minutes() -> None:
    assert judge(0, 300, 749_999).state is LinkState.ONLINE
    assert judge(0, 300, 750_000).state is LinkState.DOUBTFUL
    assert judge(0, 300, 899_999).state is LinkState.DOUBTFUL
    assert judge(0, 300, 900_000).state is LinkState.OFFLINE


def test_no_link_is_lost_before_three_minutes() -> None:
    assert judge(0, 10, 25_000).state is LinkState.DOUBTFUL
    assert judge(0, 10, 179_999).state is LinkState.DOUBTFUL
    assert judge(0, 10, 180_000).state is LinkState.OFFLINE


def test_since_when() -> None:
    assert judge(1_000, 60, 2_000).since_ms == 1_000
    assert judge(0, 60, 170_000).since_ms == 150_000
    assert judge(0, 60, 500_000).since_ms == 180_000


@given(
    last=st.integers(0, 10**13),
    beat=st.integers(1, 86_400),
    waits=st.lists(st.integers(0, 10**6), max_size=8),
)
def test_a_silent_link_only_gets_worse_and_each_step_is_foretold(
    last: int, beat: int, waits: list[int]
) -> None:
    now, before = last, judge(last, beat, last)
    assert before.state is LinkState.ONLINE
    for wait in waits:
        now += wait
        after = judge(last, beat, now)
        assert ORDER.index(after.state) >= ORDER.index(before.state)
        if after.state is not before.state:
            assert before.next_ms is not None
            assert now >= before.next_ms
        if after.next_ms is not None:
            assert after.next_ms > now
            assert judge(last, beat, after.next_ms).state is not after.state
            assert judge(last, beat, after.next_ms - 1).state is after.state
        before = after


@given(last=st.integers(0, 10**13), beat=st.integers(1, 86_400))
def test_any_sign_of_life_makes_a_link_good_again(last: int, beat: int) -> None:
    lost = judge(last, beat, last + 10**9)
    assert lost.state is LinkState.OFFLINE
    assert judge(last + 10**9, beat, last + 10**9).state is LinkState.ONLINE

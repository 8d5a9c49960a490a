"""ISA-18.2: every transition of the standard's table, and every other one refused in words."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.faults.lifecycle import (
    HOUR_MS,
    UNDO_MS,
    IllegalMove,
    State,
    Trigger,
    may_undo,
    move,
    shelved_until,
)

S, T = State, Trigger
LEGAL = {
    (S.NORM, T.ANNOUNCE): S.UNACK,
    (S.UNACK, T.ACKNOWLEDGE): S.ACKED,
    (S.UNACK, T.CLEAR): S.RTNUN,
    (S.ACKED, T.CLEAR): S.NORM,
    (S.RTNUN, T.ACKNOWLEDGE): S.NORM,
    (S.RTNUN, T.ANNOUNCE): S.UNACK,
    **{(s, T.SHELVE): S.SHLVD for s in (S.NORM, S.UNACK, S.ACKED, S.RTNUN)},
    **{(s, T.SUPPRESS): S.DSUPR for s in (S.NORM, S.UNACK, S.ACKED, S.RTNUN, S.SHLVD)},
    **{(s, T.OUT_OF_SERVICE): S.OOSRV for s in S if s is not S.OOSRV},
    # Ours: undo, and closing by hand.
    (S.ACKED, T.UNACKNOWLEDGE): S.UNACK,
    (S.NORM, T.UNACKNOWLEDGE): S.RTNUN,
    **{(s, T.CLOSE): S.NORM for s in (S.UNACK, S.ACKED, S.RTNUN, S.SHLVD, S.DSUPR)},
}
RE_READ = {(S.SHLVD, T.UNSHELVE), (S.DSUPR, T.RELEASE), (S.OOSRV, T.BACK_IN_SERVICE)}
ILLEGAL = sorted(set(itertools.product(S, T)) - LEGAL.keys() - RE_READ)


@pytest.mark.parametrize(("state", "trigger"), sorted(LEGAL))
def test_what_the_standard_allows(state: State, trigger: Trigger) -> None:
    assert move(state, trigger, active=False) is LEGAL[state, trigger]


@pytest.mark.parametrize(("state", "trigger"), sorted(RE_READ))
def test_after_a_pause_the_condition_is_read_again(state: State, trigger: Trigger) -> None:
    assert move(state, trigger, active=True) is S.UNACK
    assert move(state, trigger, active=False) is S.NORM


@pytest.mark.parametrize(("state", "trigger"), ILLEGAL)
@pytest.mark.parametrize("active", [True, False])
def test_every_other_pair_is_refused_in_a_sentence(state: State, trigger: Trigger, active: bool) -> None:
    with pytest.raises(IllegalMove, match=r"^The fault is .+, so it cannot be .+\.$"):
        move(state, trigger, active=active)


@pytest.mark.parametrize("state", [S.UNACK, S.ACKED])
def test_what_still_holds_or_is_latched_is_not_over(state: State) -> None:
    with pytest.raises(IllegalMove, match="still holds or is latched"):
        move(state, T.CLEAR, active=True)


def test_an_undo_is_refused_once_it_holds_again() -> None:
    with pytest.raises(IllegalMove, match="nothing to undo"):
        move(S.NORM, T.UNACKNOWLEDGE, active=True)


@given(st.lists(st.tuples(st.sampled_from(list(T)), st.booleans())))
def test_whatever_happens_it_stands_in_one_state_and_an_alarm_never_vanishes(
    happened: list[tuple[Trigger, bool]],
) -> None:
    """From UNACK with the condition true, only a person's act makes it normal while it is true."""
    state = S.UNACK
    for trigger, active in happened:
        try:
            after = move(state, trigger, active=active)
        except IllegalMove:
            continue
        if after is S.NORM and active:
            assert trigger in (T.CLOSE, T.ACKNOWLEDGE)
            assert trigger is T.CLOSE or state is S.RTNUN
        state = after


@pytest.mark.parametrize(("safety", "most"), [(False, 8 * HOUR_MS), (True, HOUR_MS)])
def test_shelving_has_its_limits(safety: bool, most: int) -> None:
    assert shelved_until(1_000, 1_000 + most, safety=safety) == 1_000 + most
    with pytest.raises(IllegalMove, match="60 minutes" if safety else "8 hours"):
        shelved_until(1_000, 1_001 + most, safety=safety)
    with pytest.raises(IllegalMove, match="an end in the future"):
        shelved_until(1_000, 1_000, safety=safety)


def test_an_acknowledgement_is_undone_within_ten_minutes() -> None:
    may_undo(0, UNDO_MS)
    with pytest.raises(IllegalMove, match="10 minutes"):
        may_undo(0, UNDO_MS + 1)
    with pytest.raises(IllegalMove, match="Nobody acknowledged"):
        may_undo(None, 0)

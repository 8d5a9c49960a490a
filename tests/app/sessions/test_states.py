"""The table of states: every pair has one answer, and the promises of the field rules hold in it."""

import pytest

from app.domain.records import SessionState
from app.sessions.states import MAY_GROW, TRANSITIONS, Deed, after


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("deed", Deed)
def test_every_pair_has_an_answer(state: SessionState, deed: Deed) -> None:
    assert after(state, deed) in SessionState


def test_the_table_has_no_other_pairs() -> None:
    assert len(TRANSITIONS) == len(SessionState) * len(Deed)


@pytest.mark.parametrize("deed", Deed)
def test_what_the_station_closed_stays_closed(deed: Deed) -> None:
    assert after(SessionState.CLOSED, deed) is SessionState.CLOSED


@pytest.mark.parametrize("state", [s for s in SessionState if s not in MAY_GROW])
@pytest.mark.parametrize("deed", [d for d in Deed if d is not Deed.RESUMED])
def test_only_resuming_brings_a_session_back(state: SessionState, deed: Deed) -> None:
    assert after(state, deed) not in MAY_GROW


@pytest.mark.parametrize("state", MAY_GROW)
@pytest.mark.parametrize("deed", [Deed.STOPPED, Deed.UNPROVED, Deed.BY_HAND, Deed.EVIDENCE])
def test_an_end_ends(state: SessionState, deed: Deed) -> None:
    assert after(state, deed) not in MAY_GROW


def test_a_real_stop_replaces_what_was_inferred() -> None:
    assert after(SessionState.INFERRED, Deed.STOPPED) is SessionState.CLOSED
    assert after(SessionState.INFERRED, Deed.UNPROVED) is SessionState.REVIEW


def test_review_ends_by_proof_or_by_a_person_only() -> None:
    leaving = {deed for deed in Deed if after(SessionState.REVIEW, deed) is not SessionState.REVIEW}
    assert leaving == {Deed.PROVED, Deed.BY_HAND}

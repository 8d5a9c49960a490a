"""Whatever happens to a command, in whatever order, its states stay true."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import StationId
from app.domain.operations import ENDED, CommandState
from app.domain.records import CommandRecord
from app.operations.lifecycle import MOVES, ended, late, may, move, over_restart, progress, state_of

states = st.sampled_from(list(CommandState))


def command(state: CommandState = CommandState.QUEUED, **more: object) -> CommandRecord:
    return CommandRecord(
        1,
        StationId("S"),
        "Reset",
        "ada",
        "",
        1_000,
        outcome=state.value,
        **more,  # type: ignore[arg-type]
    )


def test_only_what_has_not_ended_moves() -> None:
    """Every state that may still change is one that has not ended, and the other way round."""
    assert set(MOVES) == set(CommandState) - ENDED
    assert all(state not in targets for state, targets in MOVES.items())


@given(st.lists(st.tuples(states, st.integers(2_000, 9_000))))
def test_a_command_never_leaves_its_end(events: list[tuple[CommandState, int]]) -> None:
    """Once it has ended, no event changes anything of it."""
    record = command()
    for to, at in events:
        before = record
        record = move(record, to, at, "seen") or record
        if ended(before):
            assert record is before
        elif record is not before:
            assert state_of(record) is to
            assert may(before, to)


@given(st.lists(states))
def test_what_was_accepted_is_never_sent_again(events: list[CommandState]) -> None:
    """After an answer there is no way back to the queue."""
    record, answered = command(), False
    for to in events:
        record = move(record, to, 5_000) or record
        answered = answered or state_of(record) is CommandState.ACCEPTED
        assert not (answered and state_of(record) in (CommandState.QUEUED, CommandState.SENT))


@given(st.lists(states))
def test_only_a_proof_has_a_time_of_proof(events: list[CommandState]) -> None:
    """And what never left has no time of sending."""
    record = command()
    for to in events:
        record = move(record, to, 5_000) or record
    assert (record.proved_ms is not None) == (state_of(record) is CommandState.PROVED)
    if state_of(record) in (CommandState.QUEUED, CommandState.EXPIRED, CommandState.CANCELLED):
        assert record.sent_ms is None


@given(states, st.booleans(), st.one_of(st.none(), st.integers(0, 9_000)))
def test_a_restart_sends_nothing_again(state: CommandState, resumable: bool, expires: int | None) -> None:
    """What was sent ends; only what never left may wait on, and only while its time is not over."""
    record = command(state, expires_ms=expires)
    after = over_restart(record, 5_000, resumable=resumable) or record
    if state is CommandState.SENT:
        assert state_of(after) is CommandState.UNKNOWN
    if state_of(after) is CommandState.QUEUED:
        assert state is CommandState.QUEUED
        assert resumable
        assert expires is None or expires > 5_000
    if state in ENDED:
        assert after is record


def test_a_late_answer_is_told_once_and_changes_no_state() -> None:
    """The first late answer counts; an answer in time leaves no room for one."""
    timed_out = command(CommandState.TIMED_OUT, sent_ms=2_000)
    told = late(timed_out, "Accepted", 37_000)
    assert told is not None
    assert (told.outcome, told.answer) == ("timed out", "late: Accepted")
    assert "35 s after it was sent" in told.proof
    assert late(told, "Rejected", 38_000) is None
    assert late(command(CommandState.REFUSED), "Accepted", 5_000) is None


def test_progress_is_told_of_accepted_commands_alone() -> None:
    """And only where it is news."""
    accepted = command(CommandState.ACCEPTED)
    told = progress(accepted, "It installs.")
    assert told is not None
    assert told.proof == "It installs."
    assert progress(told, "It installs.") is None
    assert progress(command(CommandState.PROVED), "It installs.") is None


def test_a_word_from_before_there_were_states_has_ended() -> None:
    """The log of older versions holds "answered", "error" and the like."""
    old = CommandRecord(1, StationId("S"), "Reset", "ada", "", 1_000, outcome="answered")
    assert state_of(old) is None
    assert ended(old)
    assert move(old, CommandState.SENT, 2_000) is None

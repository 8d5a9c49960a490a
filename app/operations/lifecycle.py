"""Where a command may go from where it stands. Pure: a record in, a record out, or None for a word too late.

A command may only move along `MOVES`. What comes after its end (a second answer, an answer after the
limit, a proof after a restart) moves nothing, so that a state once told stays true.
"""

from app.domain.fact import changed
from app.domain.operations import ENDED, CommandState
from app.domain.records import CommandRecord

_S = CommandState

MOVES: dict[CommandState, frozenset[CommandState]] = {
    # A command goes back from sent to queued only where it is known that nothing left.
    _S.QUEUED: frozenset({_S.SENT, _S.EXPIRED, _S.CANCELLED, _S.REFUSED, _S.UNKNOWN}),
    # Proved without an answer: a station that resets before it answers has still reset (Q68).
    _S.SENT: frozenset(
        {_S.QUEUED, _S.ACCEPTED, _S.DONE, _S.REFUSED, _S.TIMED_OUT, _S.LOST, _S.EXPIRED, _S.PROVED,
         _S.UNKNOWN}
    ),
    _S.ACCEPTED: frozenset({_S.PROVED, _S.NOT_PROVED, _S.DONE}),
}  # fmt: skip


def state_of(record: CommandRecord) -> CommandState | None:
    """Where a command stands; None for what the log holds from before there were states."""
    try:
        return CommandState(record.outcome)
    except ValueError:
        return None


def ended(record: CommandRecord) -> bool:
    """Whether nothing more can become of it."""
    state = state_of(record)
    return state is None or state in ENDED


def may(record: CommandRecord, to: CommandState) -> bool:
    """Whether a command may go there from where it stands."""
    state = state_of(record)
    return state is not None and to in MOVES.get(state, frozenset())


def move(record: CommandRecord, to: CommandState, at_ms: int, proof: str = "") -> CommandRecord | None:
    """The command in its next state; None where it may not go there (any more).

    Args:
        record: the command as it stands.
        to: where it goes.
        at_ms: when; the time of sending, or of the proof.
        proof: one sentence of what was seen, or why it ended so; "" leaves what was said before.
    """
    if not may(record, to):
        return None
    said = proof or record.proof
    if to is CommandState.SENT:
        return changed(record, outcome=to.value, sent_ms=at_ms, proof=said)
    if to is CommandState.QUEUED:
        return changed(record, outcome=to.value, sent_ms=None, message_id="", proof=said)
    if to in (CommandState.EXPIRED, CommandState.CANCELLED) and state_of(record) is not CommandState.ACCEPTED:
        return changed(record, outcome=to.value, sent_ms=None, proof=said)
    if to is CommandState.PROVED:
        return changed(record, outcome=to.value, proved_ms=at_ms, proof=said)
    return changed(record, outcome=to.value, proof=said)


def progress(record: CommandRecord, said: str) -> CommandRecord | None:
    """An accepted command with how far it is; None where that is known already, or it has ended."""
    if state_of(record) is not CommandState.ACCEPTED or not said or said == record.proof:
        return None
    return changed(record, proof=said)


def late(record: CommandRecord, answer: str, at_ms: int) -> CommandRecord | None:
    """A command whose answer came after it was given up (Q31): told beside its end, which stays.

    None for a second answer: the first one counts.
    """
    if state_of(record) not in (CommandState.TIMED_OUT, CommandState.LOST, CommandState.UNKNOWN):
        return None
    if record.answered_ms is not None:
        return None
    after_s = round((at_ms - (record.sent_ms or record.asked_ms)) / 1000)
    said = f"An answer came late, {after_s} s after it was sent: {answer}."
    return changed(record, answered_ms=at_ms, answer=f"late: {answer}", proof=said)


def over_restart(record: CommandRecord, now_ms: int, *, resumable: bool) -> CommandRecord | None:
    """What a restart of Forecourt makes of an open command; None where it goes on as it stands.

    Args:
        record: the command as it was kept last.
        now_ms: the time of the start.
        resumable: whether what was wished is known well enough to send it, or to watch for its proof.
    """
    match state_of(record):
        case CommandState.SENT:
            text = "Forecourt restarted before the answer came; it may have acted, and is not sent again."
            return move(record, CommandState.UNKNOWN, now_ms, text)
        case CommandState.QUEUED if not resumable:
            text = "Forecourt restarted, and what it was to send is not kept (a secret); ask for it again."
            return move(record, CommandState.CANCELLED, now_ms, text)
        case CommandState.QUEUED if record.expires_ms is not None and record.expires_ms <= now_ms:
            return move(record, CommandState.EXPIRED, now_ms, "It was not sent before its wait ended.")
        case CommandState.ACCEPTED if not resumable:
            text = "It was accepted, then Forecourt restarted; what followed was not seen."
            return move(record, CommandState.NOT_PROVED, now_ms, text)
    return None

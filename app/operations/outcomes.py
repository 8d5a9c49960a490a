"""What an answer is kept as, and what it means for a command: one call's end in the log's words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.operations import CommandState, Operation
from app.domain.redaction import redact
from app.protocol.calls import CallOutcome, Ending
from app.protocol.commands import Command
from app.protocol.orders import Verdict, read_answer, read_error


@dataclass(frozen=True, slots=True)
class Judged:
    """A call's end: the state it means, and the sentence."""

    state: CommandState
    sentence: str
    verdict: Verdict | None = None


def judge(version: str, operation: Operation, outcome: CallOutcome) -> Judged:
    """What the end of one call means for its command; ACCEPTED says only that it agreed."""
    match outcome.ending:
        case Ending.ANSWERED:
            verdict = read_answer(version, operation, outcome.action, outcome.payload)
            if verdict.accepted is None:
                return Judged(CommandState.DONE, verdict.sentence, verdict)
            state = CommandState.ACCEPTED if verdict.accepted else CommandState.REFUSED
            return Judged(state, _with_remedy(verdict), verdict)
        case Ending.ERROR:
            verdict = read_error(version, operation, outcome.action, outcome.code, outcome.text)
            return Judged(CommandState.REFUSED, _with_remedy(verdict), verdict)
        case Ending.INVALID:
            text = f"It gave an answer that is no valid one ({outcome.text}); it may have acted."
            return Judged(CommandState.REFUSED, text)
        case Ending.TIMEOUT:
            return Judged(CommandState.TIMED_OUT, "It did not answer in time; it may still have acted.")
        case Ending.LOST if outcome.sent:
            return Judged(CommandState.LOST, "The link went before it answered; it may have acted.")
    return Judged(CommandState.QUEUED, outcome.text or "It was not sent.")


def _with_remedy(verdict: Verdict) -> str:
    return f"{verdict.sentence} {verdict.remedy}".strip()


def payload_text(commands: Sequence[Command]) -> str:
    """What was sent, secrets hidden: the payload of one message, a list of those of several."""
    if len(commands) == 1:
        return json.dumps(redact(commands[0].payload))
    return json.dumps([{"action": c.action, "payload": redact(c.payload)} for c in commands])


def answers_text(outcomes: Sequence[CallOutcome]) -> str:
    """What came back, secrets hidden: the text of one answer, a list of those of several."""
    if len(outcomes) == 1:
        return answer_text(outcomes[0])
    return json.dumps([_value(o) for o in outcomes])


def answer_text(outcome: CallOutcome) -> str:
    """What came back to one message."""
    if outcome.ending is Ending.ERROR:
        return f"{outcome.code}: {outcome.text}"
    if outcome.ending is Ending.ANSWERED:
        return json.dumps(redact(outcome.payload))
    return outcome.text


def _value(outcome: CallOutcome) -> Any:
    return redact(outcome.payload) if outcome.ending is Ending.ANSWERED else answer_text(outcome)


def answered(outcome: CallOutcome) -> bool:
    """Whether the station said anything."""
    return outcome.ending in (Ending.ANSWERED, Ending.ERROR, Ending.INVALID)


def payload_of(station: str, outcome: CallOutcome) -> Mapping[str, Any]:
    """The payload of an answer.

    Raises:
        ForecourtError: there was none, or it was an error; the sentence says which.
    """
    match outcome.ending:
        case Ending.ANSWERED:
            return outcome.payload
        case Ending.ERROR:
            raise ForecourtError(f"{station} answered with an error: {outcome.code} {outcome.text}".rstrip())
        case Ending.TIMEOUT:
            raise ForecourtError(f"{station} did not answer in time; it may still have acted.")
        case Ending.LOST:
            raise ForecourtError(f"The link to {station} was lost before it answered; it may have acted.")
        case Ending.INVALID:
            raise ForecourtError(f"{station} gave an answer that is no valid one: {outcome.text}.")
        case Ending.EXPIRED:
            raise ForecourtError(f"{station} had no time for the command, so it was not sent.")
    raise ForecourtError(f"{outcome.text or 'The queue is full'}; wait for one to end.")

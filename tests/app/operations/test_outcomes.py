"""What the end of a call means for its command."""

import json

import pytest

from app.domain import operations as op
from app.domain.errors import ForecourtError
from app.domain.operations import CommandState
from app.operations.outcomes import answers_text, judge, payload_of, payload_text
from app.protocol.calls import CallOutcome, Ending
from app.protocol.commands import Command

RESET = op.Reset()


def outcome(ending: Ending, status: str = "", **more: object) -> CallOutcome:
    payload = {"status": status} if status else {}
    return CallOutcome(ending, "Reset", "1", payload, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (outcome(Ending.ANSWERED, "Accepted"), CommandState.ACCEPTED),
        (outcome(Ending.ANSWERED, "Rejected"), CommandState.REFUSED),
        (outcome(Ending.ERROR, code="NotSupported"), CommandState.REFUSED),
        (outcome(Ending.INVALID, text="status is missing"), CommandState.REFUSED),
        (outcome(Ending.TIMEOUT), CommandState.TIMED_OUT),
        (outcome(Ending.LOST), CommandState.LOST),
        (outcome(Ending.LOST, sent=False), CommandState.QUEUED),
        (outcome(Ending.EXPIRED, sent=False), CommandState.QUEUED),
        (outcome(Ending.QUEUE_FULL, sent=False), CommandState.QUEUED),
    ],
)
def test_only_what_left_may_have_acted(end: CallOutcome, state: CommandState) -> None:
    """What is known not to have left waits on."""
    judged = judge("1.6", RESET, end)
    assert judged.state is state
    assert judged.sentence.endswith((".", "!"))


def test_several_messages_are_kept_as_a_list_without_secrets() -> None:
    """What was sent and what came back, one by one."""
    secret = {"key": "AuthorizationKey", "value": "s3cret"}
    two = (Command("ChangeConfiguration", secret), Command("ChangeConfiguration", {"key": "A", "value": "1"}))
    sent = json.loads(payload_text(two))
    assert [step["action"] for step in sent] == ["ChangeConfiguration"] * 2
    assert "s3cret" not in payload_text(two)
    assert "s3cret" not in payload_text(two[:1])
    ends = [outcome(Ending.ANSWERED, "Accepted"), outcome(Ending.ERROR, code="X", text="no")]
    assert json.loads(answers_text(ends)) == [{"status": "Accepted"}, "X: no"]
    assert answers_text(ends[:1]) == '{"status": "Accepted"}'


def test_whoever_wants_the_payload_gets_it_or_a_sentence() -> None:
    """As `forecourt send` prints it."""
    assert payload_of("S", outcome(Ending.ANSWERED, "Rejected")) == {"status": "Rejected"}
    for ending in Ending:
        if ending is not Ending.ANSWERED:
            with pytest.raises(ForecourtError):
                payload_of("S", outcome(ending))

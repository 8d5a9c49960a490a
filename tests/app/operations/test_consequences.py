"""Drivers are told apart, and not told of."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import operations as op
from app.operations.consequences import masked, meaning


@given(st.text(min_size=1, max_size=40))
def test_a_token_is_never_shown_whole(token: str) -> None:
    """At most its last four characters, and of a short one the first."""
    shown = masked(token)
    assert token not in shown or len(token) == 1
    assert len(shown) <= 5


def test_no_token_is_an_unknown_driver() -> None:
    """A session may have begun without one."""
    assert masked("") == "An unknown driver"


@pytest.mark.parametrize(
    ("action", "payload", "meant"),
    [
        ("Reset", {"type": "Soft"}, op.Reset()),
        ("Reset", {"type": "Immediate", "evseId": 2}, op.Reset(True, 2)),
        ("UnlockConnector", {"connectorId": 2}, op.Unlock(2)),
        ("UnlockConnector", {"evseId": 2, "connectorId": 1}, op.Unlock(2)),
        ("RemoteStopTransaction", {"transactionId": 5}, op.StopSession("5")),
        ("RequestStopTransaction", {"transactionId": "a"}, op.StopSession("a")),
        ("RemoteStartTransaction", {"connectorId": 1, "idTag": "A"}, op.StartSession(1, "")),
        ("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"}, op.SetAvailability(False, 1)),
        (
            "ChangeAvailability", {"evse": {"id": 3}, "operationalStatus": "Operative"},
            op.SetAvailability(True, 3),
        ),
        ("SignedUpdateFirmware", {}, op.UpdateFirmware("")),
        ("ClearCache", {}, op.Message("ClearCache", {})),
    ],
)  # fmt: skip
def test_a_message_by_hand_counts_as_what_it_stands_for(
    action: str, payload: dict[str, Any], meant: op.Operation
) -> None:
    """In the words of each version; others stand for themselves."""
    assert meaning(op.Message(action, payload)) == meant

"""An operation as the command log keeps it, and back again. Secrets are not kept (T17)."""

from dataclasses import replace
from typing import Any

import msgspec

from app.domain.operations import (
    KINDS,
    Message,
    Operation,
    TransferData,
    UpdateFirmware,
    WriteConfiguration,
)
from app.domain.redaction import HIDDEN, is_secret, redact, scrub


def kind_of(operation: Operation) -> str:
    """The name of an operation."""
    return type(operation).__name__


def text_of(operation: Operation) -> str:
    """The operation as JSON, with its secrets hidden."""
    return msgspec.json.encode(_sealed(operation)).decode()


def operation_of(kind: str, text: str, *, to_send: bool) -> Operation | None:
    """Read it back; None where it cannot be used again.

    Args:
        kind: the operation's name.
        text: its JSON.
        to_send: whether it is to be sent, for which no secret of it may be hidden.
    """
    known = KINDS.get(kind)
    if known is None or (to_send and HIDDEN in text):
        return None
    try:
        return msgspec.json.decode(text, type=known)
    except msgspec.MsgspecError:
        return None


def _sealed(operation: Operation) -> Operation:
    if isinstance(operation, WriteConfiguration):
        hidden = ((v, HIDDEN if is_secret(v.name) else value) for v, value in operation.values)
        return replace(operation, values=tuple(hidden))
    if isinstance(operation, Message):
        payload: Any = redact(dict(operation.payload))
        return replace(operation, payload=payload)
    if isinstance(operation, TransferData):
        return replace(operation, data=scrub(operation.data))
    if isinstance(operation, UpdateFirmware):
        return replace(operation, url=scrub(operation.url))
    return operation

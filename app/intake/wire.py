"""Reading recorded answers: the ids that were given at the time."""

import msgspec

from app.domain.ids import TransactionId


class _Answer(msgspec.Struct, array_like=True):
    kind: int
    message_id: str
    payload: msgspec.Raw = msgspec.Raw(b"{}")


class _Started(msgspec.Struct):
    transactionId: int | None = None


_read_answer = msgspec.json.Decoder(_Answer).decode
_read_started = msgspec.json.Decoder(_Started).decode


def answered_payload(answer: str) -> str | None:
    """The payload of a recorded CALLRESULT as JSON text; None for a CALLERROR or no answer."""
    try:
        frame = _read_answer(answer)
    except msgspec.DecodeError:
        return None
    return bytes(frame.payload).decode() if frame.kind == 3 else None


def answered_transaction(answer: str) -> TransactionId | None:
    """The transaction id that a recorded answer to StartTransaction gave; None without one."""
    if not answer or "transactionId" not in answer:
        return None
    try:
        frame = _read_answer(answer)
        number = _read_started(frame.payload).transactionId if frame.kind == 3 else None
    except msgspec.DecodeError:
        return None
    return TransactionId(str(number)) if number is not None else None

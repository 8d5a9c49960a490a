"""The simulator's own OCPP-J codec and clock faces.

It shares nothing with the server's codec on purpose: a fault there must not cancel itself out here.
"""

import itertools
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
Payload = dict[str, Any]


class CallFailed(Exception):
    """The server answered with a CALLERROR."""

    def __init__(self, code: str, text: str, details: Any = None) -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code
        self.text = text
        self.details = details


class NotUnderstood(Exception):
    """What a station answers to a CALL it cannot serve; `code` is OCPP's word for it."""

    def __init__(self, code: str = "NotImplemented", text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text


def text_of(frame: list[Any]) -> str:
    """One OCPP-J frame as compact JSON text."""
    return _encode(frame).decode()


def frame_of(text: str | bytes) -> Any:
    """What a WebSocket message holds. Raises ValueError where it is no JSON."""
    try:
        return _decode(text)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error


class TimeFormat(StrEnum):
    """How a station writes its clock (Q64: each was seen in the field)."""

    Z = "z"
    Z_MILLIS = "z-millis"
    NO_ZONE = "no-zone"
    SHORT_OFFSET = "short-offset"
    LOCAL_AS_Z = "local-as-z"
    YEAR_1970 = "1970"


_CEST = timezone(timedelta(hours=2))


def stamp(at_ms: int, style: TimeFormat = TimeFormat.Z) -> str:
    """`at_ms` (UTC) as a station with this habit writes it."""
    if style is TimeFormat.YEAR_1970:
        at_ms %= 365 * 86_400_000
    when = datetime.fromtimestamp(at_ms / 1000, UTC)
    if style is TimeFormat.Z_MILLIS:
        return f"{when:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"
    if style is TimeFormat.NO_ZONE:
        return f"{when:%Y-%m-%dT%H:%M:%S}"
    if style is TimeFormat.SHORT_OFFSET:
        return f"{when.astimezone(_CEST):%Y-%m-%dT%H:%M:%S}+02"
    if style is TimeFormat.LOCAL_AS_Z:
        return f"{when.astimezone(_CEST):%Y-%m-%dT%H:%M:%S}Z"
    return f"{when:%Y-%m-%dT%H:%M:%S}Z"


class Ids:
    """Message ids as many stations make them: they count from 1 again at each boot (Q32)."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def __next__(self) -> str:
        return str(next(self._count))

    def restart(self) -> None:
        """Begin at 1 again, as after a reboot."""
        self._count = itertools.count(1)

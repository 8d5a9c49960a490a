"""The simulator's own OCPP-J codec and clock faces.

It shares nothing with the server's codec on purpose: a fault there must not cancel itself out here.
"""

import itertools
from datetime import UTC, datetime
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


_SUMMER_MS = 2 * 3_600_000


_days: dict[int, str] = {}


def _seconds(at_ms: int) -> str:
    """`2026-01-05T08:00:00`; strftime would cost more than the rest of a message."""
    day, second = divmod(at_ms // 1000, 86_400)
    date = _days.get(day)
    if date is None:
        if len(_days) > 4096:
            _days.clear()
        date = _days[day] = f"{datetime.fromtimestamp(day * 86_400, UTC):%Y-%m-%dT}"
    return f"{date}{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def stamp_millis(at_ms: int) -> str:
    """`2026-01-05T08:00:00.000Z`."""
    return f"{_seconds(at_ms)}.{at_ms % 1000:03d}Z"


def stamp(at_ms: int, style: TimeFormat = TimeFormat.Z) -> str:
    """`at_ms` (UTC) as a station with this habit writes it."""
    match style:
        case TimeFormat.Z:
            return f"{_seconds(at_ms)}Z"
        case TimeFormat.Z_MILLIS:
            return stamp_millis(at_ms)
        case TimeFormat.NO_ZONE:
            return _seconds(at_ms)
        case TimeFormat.SHORT_OFFSET:
            return f"{_seconds(at_ms + _SUMMER_MS)}+02"
        case TimeFormat.LOCAL_AS_Z:
            return f"{_seconds(at_ms + _SUMMER_MS)}Z"
        case TimeFormat.YEAR_1970:
            return f"{_seconds(at_ms % (365 * 86_400_000))}Z"


class Ids:
    """Message ids as many stations make them: they count from 1 again at each boot (Q32)."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def __next__(self) -> str:
        return str(next(self._count))

    def restart(self) -> None:
        """Begin at 1 again, as after a reboot."""
        self._count = itertools.count(1)

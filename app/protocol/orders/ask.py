"""What surrounds an order: whom it is for, its number, how much fits, and how a refusal is told."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.domain.errors import ForecourtError
from app.domain.operations import SendLocalList
from app.protocol.commands import Command, command
from app.protocol.stamps import written

ITEMS = 12
"""Settings in one message where the station has not told its limit: small messages pass weak parsers
(Q17, Q20)."""

T = TypeVar("T")


class CannotDo(ForecourtError):
    """The station's version has no way to do it; the sentence says what to use instead."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The surroundings of one order.

    Attributes:
        version: OCPP version of the station.
        request: number for messages that carry one (requestId, remoteStartId), where the operation
            names none. 1 to 2^31-1.
        now_ms: ms UTC, for schedules and updates that begin "now".
        most: how many items the station takes in one message; None where it has not told.
    """

    version: str
    request: int
    now_ms: int
    most: int | None = None

    def order(self, action: str, payload: dict[str, Any]) -> Command:
        """A command checked against the schema; fields that are None or empty are left out.

        Raises:
            CommandRefused: a value that the schema does not allow.
        """
        return command(self.version, action, lean(payload))

    def number(self, own: int) -> int:
        """The operation's own number, or else that of the asking."""
        return own or self.request

    def time(self, ms: int | None) -> str | None:
        """A time as stations take it, None for none."""
        return None if ms is None else written(ms)

    def batches(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        """`items` in portions that fit into a message."""
        size = max(1, min(self.most or ITEMS, 100))
        for start in range(0, len(items), size):
            yield items[start : start + size]


def ask(version: str, request: int, now_ms: int | None, most: int | None) -> Ask:
    """The surroundings, with this machine's clock where no time is given."""
    return Ask(version, request, int(time.time() * 1000) if now_ms is None else now_ms, most)


def one_evse(evse: int | None, what: str) -> None:
    """Nothing that is meant for one EVSE may be taken for the whole station.

    Raises:
        CannotDo: none is named.
    """
    if not evse or evse < 0:
        raise CannotDo(f"To {what}, name the EVSE it is at, from 1 on.")


def first_version(wish: SendLocalList, parts: int) -> int:
    """The version of the first part of a list; each further one is higher by one.

    A whole list ends at the version that was meant, where that leaves room for its parts: it is taken
    whatever the station holds. A difference begins with that version, since it must be higher than
    the one the station holds.

    Raises:
        CannotDo: versions begin at 1; 0 and -1 mean something else in answers.
    """
    if wish.version < 1:
        raise CannotDo(f"Versions of a local list begin at 1, and {wish.version} is lower.")
    return max(1, wish.version - parts + 1) if wish.full else wish.version


def lean(value: Any) -> Any:
    """`value` without fields that are None, "", {} or []: OCPP allows no empty optional fields."""
    if isinstance(value, dict):
        kept = {key: lean(below) for key, below in value.items()}
        return {key: below for key, below in kept.items() if below is not None and below not in ("", {}, [])}
    if isinstance(value, list | tuple):
        return [lean(below) for below in value]
    return value

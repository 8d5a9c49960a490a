"""Reservations that stand at a station, read from its command log. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.operations import CommandState
from app.domain.records import CommandRecord
from ui.models.command_words import operation_of

GIVEN = frozenset((CommandState.ACCEPTED, CommandState.DONE, CommandState.PROVED, CommandState.NOT_PROVED))


@dataclass(frozen=True, slots=True)
class Reservation:
    """One reservation. `state` is asked, standing, given back, over, refused or "unknown"."""

    number: int
    evse: int | None
    token: str
    until_ms: int
    state: str
    asked_by: str
    why: str
    command: int


def reservations(records: Iterable[CommandRecord], now_ms: int) -> list[Reservation]:
    """Every reservation that was asked for, the newest first; `records` newest first."""
    newest_first = list(records)
    back = {
        operation_of(record).get("reservation")
        for record in newest_first
        if record.operation == "CancelReservation" and record.outcome in GIVEN
    }
    made = []
    for record in newest_first:
        if record.operation != "Reserve":
            continue
        told = operation_of(record)
        number, until = told.get("reservation"), told.get("until_ms")
        if not isinstance(number, int) or not isinstance(until, int):
            continue
        evse = told.get("evse")
        made.append(
            Reservation(
                number,
                evse if isinstance(evse, int) else None,
                str(told.get("token") or ""),
                until,
                _state(record, number in back, until, now_ms),
                record.asked_by,
                record.reason,
                record.command,
            )
        )
    return made


def _state(record: CommandRecord, given_back: bool, until_ms: int, now_ms: int) -> str:
    if record.outcome in (CommandState.QUEUED, CommandState.SENT):
        return "asked"
    if record.outcome not in GIVEN:
        known = record.outcome in (CommandState.REFUSED, CommandState.CANCELLED, CommandState.EXPIRED)
        return "refused" if known else "unknown"
    if given_back:
        return "given back"
    return "over" if until_ms <= now_ms else "standing"

"""Sending one message to a station and keeping who asked, what was sent and what came back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.clock import Clock
from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.records import CommandRecord, Record
from app.domain.redaction import redact
from app.protocol.calls import CallOutcome, Ending
from app.protocol.commands import command
from app.protocol.link import Link

Keep = Callable[[Record], None]


class Commands:
    """Our calls to stations, each with a row in the command log from the moment it is asked.

    Args:
        clock: time.
        links: open links by station.
        keep: keeps a record (the command's row), without waiting.
        number: the next command number.
    """

    def __init__(
        self,
        clock: Clock,
        links: Callable[[StationId], Link | None],
        keep: Keep,
        number: Callable[[], int],
    ) -> None:
        self.clock = clock
        self._links = links
        self._keep = keep
        self._number = number

    async def send(
        self, station: StationId, action: str, payload: Mapping[str, Any], *,
        timeout_s: float, by: str, why: str = "", force: bool = False,
    ) -> CallOutcome:  # fmt: skip
        """Send one CALL when its turn comes and wait for how it ends.

        Raises:
            ForecourtError: the station is not connected, or the message breaks its schema; nothing
                was sent.
        """
        link = self._links(station)
        if link is None:
            raise ForecourtError(f"{station} is not connected, so nothing was sent.")
        checked = command(link.version, action, payload)
        asked = CommandRecord(
            self._number(), station, action, by, why, self.clock.now_ms(), json.dumps(redact(checked.payload))
        )
        self._keep(asked)
        outcome = await link.call(action, checked.payload, timeout_s, force=force)
        now = self.clock.now_ms()
        answered = now if outcome.ending in (Ending.ANSWERED, Ending.ERROR, Ending.INVALID) else None
        self._keep(
            replace(
                asked,
                sent_ms=now - (outcome.round_trip_ms or 0) if outcome.sent else None,
                answered_ms=answered,
                answer=answer_text(outcome),
                outcome=outcome.ending.value,
            )
        )
        return outcome


def answer_text(outcome: CallOutcome) -> str:
    """What came back, as kept in the command log."""
    if outcome.ending is Ending.ERROR:
        return f"{outcome.code}: {outcome.text}"
    if outcome.ending is Ending.ANSWERED:
        return json.dumps(redact(outcome.payload))
    return outcome.text


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

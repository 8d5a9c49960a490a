"""Availability and reservations: the status of the connectors says so."""

from app.domain.operations import Reserve, SetAvailability
from app.domain.records import Record, StatusRecord
from app.domain.status import ConnectorStatus
from app.operations.proofs.watch import (
    Answer,
    Seen,
    Start,
    Watch,
    named,
    nothing_to_see,
    plugs,
    proved,
    span,
)

SCHEDULED_S = 86_400
"""A change that waits for the end of a session is waited for a day."""


class InService(Watch):
    """Every connector that was meant is in, or out of, service by its own word."""

    LIMIT_S = 60

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, SetAvailability)
        self._wish = start.operation
        view = start.view
        reached = plugs(view, self._wish.evse, self._wish.connector)
        self._now = {(c.evse, c.connector): c.status for c in reached}
        self._whole = view.station_status if view is not None else ConnectorStatus.UNKNOWN
        self._limit_s = self.LIMIT_S

    def begin(self, answer: Answer) -> Seen | None:
        if answer.word == "Scheduled":
            self._limit_s = SCHEDULED_S
            self.progress = "It takes effect once the session there has ended."
        self.until_ms = answer.at_ms + self._limit_s * 1000
        return self._judge()

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if not isinstance(record, StatusRecord) or not record.live:
            return None
        wish = self._wish
        if record.evse == 0:
            self._whole = record.status
        elif (not wish.evse or record.evse == wish.evse) and wish.connector in (None, record.connector):
            self._now[record.evse, record.connector] = record.status
        return self._judge()

    def _judge(self) -> Seen | None:
        whole_out = self._whole is ConnectorStatus.UNAVAILABLE
        out = [p for p, s in self._now.items() if s is ConnectorStatus.UNAVAILABLE]
        if not self._wish.operative:
            if self._now and len(out) == len(self._now):
                return proved(f"{named(out).capitalize()} {_are(out)} Unavailable.")
            return proved("The station reports itself Unavailable.") if whole_out else None
        if not self._now or out or (whole_out and not self._wish.evse):
            return None
        if any(s is ConnectorStatus.UNKNOWN for s in self._now.values()):
            return None
        said = ", ".join(f"{named([p])} {s.value}" for p, s in sorted(self._now.items()))
        return proved(f"In service: {said}.")

    def give_up(self) -> str:
        wanted = "in service" if self._wish.operative else "Unavailable"
        if not self._now:
            return f"It accepted, but told no status of a connector within {span(self._limit_s)}."
        said = ", ".join(f"{named([p])} {s.value}" for p, s in sorted(self._now.items()))
        return f"It accepted, but is not {wanted} after {span(self._limit_s)}: {said}."


class Reserved(Watch):
    """A connector that was meant is Reserved."""

    LIMIT_S = 60

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, Reserve)
        self._evse = start.operation.evse

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if not isinstance(record, StatusRecord) or not record.live:
            return None
        if record.status is not ConnectorStatus.RESERVED or (self._evse and record.evse != self._evse):
            return None
        place = f"Connector {record.evse}" if record.evse else "The station"
        return proved(f"{place} is Reserved.")

    def give_up(self) -> str:
        where = f"connector {self._evse} was" if self._evse else "no connector was"
        negated = " not" if self._evse else ""
        return f"It accepted, but {where}{negated} Reserved within {span(self.LIMIT_S)}."


class Unreserved(Watch):
    """A connector that was Reserved is so no more."""

    LIMIT_S = 60

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self._held = {
            (c.evse, c.connector) for c in plugs(start.view) if c.status is ConnectorStatus.RESERVED
        }

    def begin(self, answer: Answer) -> Seen | None:
        super().begin(answer)
        if not self._held:
            return nothing_to_see("It gave the reservation back; no connector had been Reserved.")
        return None

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if not isinstance(record, StatusRecord) or not record.live:
            return None
        if (record.evse, record.connector) not in self._held or record.status is ConnectorStatus.RESERVED:
            return None
        place = named([(record.evse, record.connector)]).capitalize()
        return proved(f"{place} went from Reserved to {record.status.value}.")

    def give_up(self) -> str:
        return f"It accepted, but {named(sorted(self._held))} stayed Reserved for {span(self.LIMIT_S)}."


def _are(places: list[tuple[int, int]]) -> str:
    return "is" if len(places) == 1 else "are"

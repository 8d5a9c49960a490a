"""Remote start: a session began and energy flows. Remote stop: the session is closed (Q48)."""

from app.domain.operations import StartSession, StopSession
from app.domain.records import Record, SessionRecord, SessionState, StatusRecord
from app.operations.proofs.watch import Answer, Seen, Start, Watch, kwh, not_proved, plugs, proved, span

ENERGY_S = 1_200
"""Energy is waited for longer than the usual meter interval of 15 minutes."""
_GROWING = (SessionState.OPEN, SessionState.INTERRUPTED)


class Begun(Watch):
    """Waits for the session of this token, then for power or energy in it."""

    LIMIT_S = 180

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, StartSession)
        self._wish = start.operation
        self._remote = next((p["remoteStartId"] for p in start.payloads if "remoteStartId" in p), None)
        self._others = {c.session for c in plugs(start.view) if c.session is not None and c.session_token}
        self._found: SessionRecord | None = None

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if not isinstance(record, SessionRecord) or not self._is_it(record):
            return None
        if self._found is None:
            self.until_ms = at_ms + ENERGY_S * 1000
        self._found = record
        place = f" at connector {record.evse}" if record.evse else ""
        if (record.power_w or 0) > 0 or (record.energy_wh or 0) > 0:
            flows = f"{record.power_w / 1000:.1f} kW flows" if record.power_w else kwh(record.energy_wh)
            return proved(f"Session {record.session} began{place}; {flows}.")
        if record.state not in _GROWING:
            return not_proved(f"Session {record.session} began{place} and ended without energy.")
        self.progress = f"Session {record.session} began{place}; energy is awaited."
        return None

    def _is_it(self, record: SessionRecord) -> bool:
        if self._found is not None:
            return record.session == self._found.session
        if self._remote is not None and record.remote_start is not None:
            return bool(record.remote_start == self._remote)
        if self._wish.evse and record.evse is not None and record.evse != self._wish.evse:
            return False
        new = record.session not in self._others and record.state in _GROWING
        return new and record.token.casefold() == self._wish.token.casefold()

    def give_up(self) -> str:
        if self._found is not None:
            return f"Session {self._found.session} began, but no energy flowed within {span(ENERGY_S)}."
        return (
            f"It accepted, but no session began within {span(self.LIMIT_S)}; perhaps no car was plugged in."
        )


class Stopped(Watch):
    """Waits for the end of one session."""

    LIMIT_S = 120

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, StopSession)
        self._wish = start.operation
        self._last: SessionRecord | None = None
        self._ran = any(c.session == self._wish.session for c in plugs(start.view) if c.session is not None)

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if not isinstance(record, SessionRecord) or not self._is_it(record):
            return None
        self._last = record
        if record.state in _GROWING:
            return None
        if record.state is SessionState.CLOSED:
            return proved(f"Session {record.session} ended with {kwh(record.energy_wh)}.")
        return proved(f"Session {record.session} is over, by other evidence than its stop.")

    def _is_it(self, record: SessionRecord) -> bool:
        if self._wish.session is not None:
            return record.session == self._wish.session
        return self._wish.transaction in (record.transaction, record.alias)

    def give_up(self) -> str:
        last = self._last
        if last is None and not self._ran:
            return f"It accepted, but no end of that session was told within {span(self.LIMIT_S)}."
        flows = f" and {last.power_w / 1000:.1f} kW flow" if last is not None and last.power_w else ""
        return f"It accepted, but the session still runs{flows} after {span(self.LIMIT_S)}."


class Released(Watch):
    """Unlock: the plug's status changed, or the session there ended (1.6 section 5.18)."""

    LIMIT_S = 60

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self._evse = int(getattr(start.operation, "evse", 0))
        self._before = {c.connector: c.status for c in plugs(start.view, self._evse)}
        self._word = ""

    def begin(self, answer: Answer) -> Seen | None:
        self._word = answer.word
        return super().begin(answer)

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if isinstance(record, SessionRecord):
            if record.evse == self._evse and record.state not in _GROWING:
                return proved(f"Session {record.session} at connector {self._evse} ended.")
        elif isinstance(record, StatusRecord) and record.live and record.evse == self._evse:
            before = self._before.get(record.connector)
            if before is not record.status:
                was = f" from {before.value}" if before is not None else ""
                return proved(f"Connector {self._evse} went{was} to {record.status.value}.")
        return None

    def give_up(self) -> str:
        now = next(iter(self._before.values()), None)
        stayed = f"its status stayed {now.value}" if now is not None else "no status came"
        said = f"It answered {self._word}, but" if self._word else "It accepted, but"
        return f"{said} {stayed} for {span(self.LIMIT_S)}."

"""The sessions of one station as memory holds them: those that may grow, and the last few closed.

Changed by `apply` alone, with records that are committed. Whatever else is asked (an old
transaction, an old start) is looked up in the store, so that memory stays small: a station that
idles holds no list at all.
"""

from collections.abc import Iterable

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.records import (
    ConnectorPlan,
    ReadingRecord,
    Record,
    SessionRecord,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus
from app.sessions.keys import tag_key
from app.sessions.states import MAY_GROW

CLOSED_KEPT = 4
"""Closed sessions kept in memory: enough for repeats while a link is bad; older ones are looked up."""
GHOST_MS = 600_000
"""Q40: a session whose connector is Available for longer is over."""
AC_W, DC_W = 43_000, 500_000
"""Q49: ratings where the operator told none."""


class StationSessions:
    """The state of one station's sessions.

    Args:
        station: whose they are.
        newest_start_ms: start of the newest session the store has of this station; 0: it has none;
            None: not known, then each start is looked up.
    """

    __slots__ = ("_closed", "_open", "_plan", "_statuses", "newest_start_ms", "station")

    def __init__(self, station: StationId, newest_start_ms: int | None = 0) -> None:
        self.station = station
        self.newest_start_ms = newest_start_ms
        self._open: list[SessionRecord] | None = None
        self._closed: list[SessionRecord] | None = None
        self._statuses: dict[tuple[int, int], StatusRecord] | None = None
        self._plan: tuple[ConnectorPlan, ...] = ()

    @classmethod
    def from_records(
        cls, station: StationId, records: Iterable[Record], newest_start_ms: int | None = None
    ) -> "StationSessions":
        """Build the state at start from what the store has.

        Args:
            station: whose records they are.
            records: the station's row, each connector's last live status, all sessions that may
                still grow, and as many closed ones as is convenient, oldest first.
            newest_start_ms: as for the class.
        """
        state = cls(station, newest_start_ms)
        for record in records:
            state.apply(record)
        return state

    def copy(self) -> "StationSessions":
        """A second state that changes apart from this one."""
        twin = StationSessions(self.station, self.newest_start_ms)
        twin._open = list(self._open) if self._open else None
        twin._closed = list(self._closed) if self._closed else None
        twin._statuses = dict(self._statuses) if self._statuses else None
        twin._plan = self._plan
        return twin

    def apply(self, record: Record) -> None:
        """Take over a committed record. Others than sessions, statuses and the plan leave no trace."""
        if isinstance(record, SessionRecord):
            self._session(record)
        elif isinstance(record, ReadingRecord):
            return
        elif isinstance(record, StatusRecord):
            if record.live and record.evse > 0:
                if self._statuses is None:
                    self._statuses = {}
                self._statuses[record.evse, record.connector] = record
        elif isinstance(record, StationRecord):
            self._plan = record.plan

    def _session(self, record: SessionRecord) -> None:
        if self.newest_start_ms is not None and record.started_ms > self.newest_start_ms:
            self.newest_start_ms = record.started_ms
        number = record.session
        if self._open:
            for index, held in enumerate(self._open):
                if held.session == number:
                    if record.state in MAY_GROW:
                        self._open[index] = record
                        return
                    del self._open[index]
                    break
            if not self._open:
                self._open = None
        if self._closed:
            self._closed = [held for held in self._closed if held.session != number] or None
        if record.state in MAY_GROW:
            self._open = [*(self._open or ()), record]
        else:
            self._closed = [*(self._closed or ()), record][-CLOSED_KEPT:]

    @property
    def open(self) -> tuple[SessionRecord, ...]:
        """Sessions that may still grow, in the order they came."""
        return tuple(self._open) if self._open else ()

    def find(self, transaction: TransactionId | None, at_ms: int | None = None) -> SessionRecord | None:
        """The newest session in memory with this transaction id.

        With `at_ms`, an older one of the same id comes first if only that had begun by then (Q43).
        """
        if transaction is None:
            return None
        newest: SessionRecord | None = None
        for held in (self._open, self._closed):
            if held:
                for record in reversed(held):
                    if record.transaction == transaction:
                        if at_ms is None or record.started_ms <= at_ms:
                            return record
                        newest = newest or record
        return newest

    def by_alias(self, transaction: TransactionId | None) -> SessionRecord | None:
        """The session that may still grow and is known by a foreign id (Q42, Q44)."""
        if not transaction or not self._open:
            return None
        fitting = [s for s in self._open if transaction in s.alias.split(",")]
        return fitting[-1] if len(fitting) == 1 else None

    def by_number(self, session: SessionId) -> SessionRecord | None:
        """The session with this number, if memory has it."""
        for held in (self._open, self._closed):
            for record in held or ():
                if record.session == session:
                    return record
        return None

    def by_start(self, key: str, *, closed: bool) -> SessionRecord | None:
        """The session of a 1.6 start; with `closed` also among those that are over."""
        for held in (self._open, self._closed if closed else None):
            for record in held or ():
                if record.start_key == key:
                    return record
        return None

    def by_stop(self, key: str) -> SessionRecord | None:
        """A session in memory that this very stop has ended."""
        for record in self._closed or ():
            if record.stop_key == key:
                return record
        return None

    def at(self, evse: int | None, connector: int | None) -> tuple[SessionRecord, ...]:
        """Sessions that hold a connector; connector 0 or None stands for any of the EVSE."""
        if not self._open or not evse:
            return ()
        return tuple(
            s for s in self._open
            if s.evse == evse and (not connector or not s.connector or s.connector == connector)
        )  # fmt: skip

    def status(self, evse: int | None, connector: int | None) -> StatusRecord | None:
        """What a connector told last; connector 0 or None: the only one of the EVSE that told."""
        if not self._statuses or evse is None:
            return None
        if connector:
            return self._statuses.get((evse, connector)) or self._statuses.get((evse, 0))
        told = [s for (number, _), s in self._statuses.items() if number == evse]
        return told[0] if len(told) == 1 else None

    def only_evse(self) -> int | None:
        """The station's EVSE if it has exactly one, by its plan and what told a status (Q72)."""
        known = {plan.evse for plan in self._plan} | {evse for evse, _ in self._statuses or ()}
        known.discard(0)
        return known.pop() if len(known) == 1 else None

    def only_connector(self, evse: int) -> int | None:
        """The EVSE's connector if it has exactly one."""
        known = {p.connector for p in self._plan if p.evse == evse}
        known |= {connector for number, connector in self._statuses or () if number == evse}
        known.discard(0)
        return known.pop() if len(known) == 1 else None

    def rated_w(self, evse: int | None, connector: int | None) -> int:
        """The most power a plug can give, W: as planned, else by its kind (Q49)."""
        if not self._plan:
            return DC_W
        fitting = [
            p for p in self._plan
            if (evse is None or p.evse == evse) and (not connector or p.connector == connector)
        ]  # fmt: skip
        if not fitting:
            return DC_W
        return max(p.rated_power_w or (AC_W if _is_ac(p.kind) else DC_W) for p in fitting)

    def ghosts(
        self, received_ms: int, *, at_ms: int | None = None, besides: SessionId | None = None
    ) -> tuple[SessionRecord, ...]:
        """Sessions that are over by evidence (Q40): their connector was last told Available, after
        they began, and for 10 min no reading has spoken for them.

        Args:
            received_ms: now, by our clock.
            at_ms: the station's time of a word from an offline past, which may be later than 10 min
                after the Available though both are received together; None for a live word.
            besides: a session that is spoken for just now.
        """
        if not self._open or not self._statuses:
            return ()
        if len(self._open) == 1 and self._open[0].session == besides:
            return ()
        return tuple(s for s in self._open if s.session != besides and self._is_ghost(s, received_ms, at_ms))

    def next_ghost_ms(self) -> int | None:
        """When the next open session will be a ghost if nothing more is heard; None: none will."""
        due = [free.received_ms for s in self._open or () if (free := self._freed(s)) is not None]
        return min(due) + GHOST_MS if due else None

    def _is_ghost(self, session: SessionRecord, received_ms: int, at_ms: int | None = None) -> bool:
        free = self._freed(session)
        if free is None:
            return False
        if received_ms - free.received_ms >= GHOST_MS:
            return True
        return at_ms is not None and at_ms - free.at_ms >= GHOST_MS

    def _freed(self, session: SessionRecord) -> StatusRecord | None:
        """The Available that ended a session's hold on its connector, if nothing later speaks for it."""
        told = self.status(session.evse, session.connector)
        if told is None or told.status is not ConnectorStatus.AVAILABLE:
            return None
        latest = max(session.started_ms, session.last_sample_ms or 0, session.last_event_ms or 0)
        if told.at_ms == latest:
            # Clocks that tell whole seconds: a status that was received before the start is not its end.
            return told if told.received_ms > session.received_start_ms else None
        return told if told.at_ms > latest else None

    def runs(self, token: str, at_ms: int, *, besides: SessionId | None = None) -> bool:
        """Whether a session of this tag truly runs here: ghosts and interrupted ones block no tag."""
        key = tag_key(token)
        return bool(key) and any(
            tag_key(s.token) == key
            and s.session != besides
            and s.state.value == "open"
            and not self._is_ghost(s, at_ms)
            for s in self._open or ()
        )


def _is_ac(kind: str) -> bool:
    word = kind.upper()
    if "CCS" in word or "DC" in word or "CHADEMO" in word or "NACS" in word:
        return False
    return "AC" in word or "TYPE" in word or "SCHUKO" in word

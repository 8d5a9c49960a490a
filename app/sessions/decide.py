"""From what a station says, and the state of its sessions, to what history keeps. Pure.

No clock, no I/O: "now" is the time of receipt that each event carries, and what memory does not
hold is asked for with `needed` and handed in as `found`. The same events give the same records.
"""

from app.domain.events import (
    Booted,
    Event,
    MeterSampled,
    Phase,
    StatusReported,
    TransactionReported,
)
from app.domain.records import SessionRecord
from app.sessions.decision import NOTHING, Decision, Issue, Lookup, issueable
from app.sessions.keys import lasting, start_key, stop_key
from app.sessions.samples import sample
from app.sessions.starts import start
from app.sessions.state import StationSessions
from app.sessions.statuses import boot, status
from app.sessions.stops import stop
from app.sessions.transactions import transaction_event


def decide(
    event: Event,
    state: StationSessions,
    issue: Issue,
    found: SessionRecord | None = None,
    *,
    refused: bool = False,
) -> Decision:
    """What follows from an event. Events that concern no session have no effect here.

    Args:
        event: what the station said.
        state: its sessions; not changed. Apply the records once they are committed.
        issue: where new ids come from.
        found: what the store answered to `needed(event, state)`.
        refused: the event's token was refused. Its energy is kept all the same (Q46).
    """
    if found is not None and found.station != event.station:
        # T5: another station's session is none of this one's business.
        found = None
    if isinstance(event, MeterSampled):
        return sample(event, state, found)
    if isinstance(event, TransactionReported):
        if is_start(event):
            return start(event, state, issue, found, refused)
        if is_stop(event):
            return stop(event, state, issue, found)
        return transaction_event(event, state, issue, found, refused)
    if isinstance(event, StatusReported):
        return status(event, state)
    if isinstance(event, Booted):
        return boot(event, state)
    return NOTHING


def needed(event: Event, state: StationSessions) -> Lookup | None:
    """What must be asked of the store before deciding; None: memory is enough.

    Most messages need nothing: only what names a transaction or a start that memory does not hold.
    """
    if isinstance(event, MeterSampled):
        if _held(event, state) or not issueable(event.transaction):
            return None
        return Lookup(event.station, transaction=event.transaction)
    if not isinstance(event, TransactionReported):
        return None
    if is_start(event):
        return _needed_start(event, state)
    if is_stop(event):
        return _needed_stop(event, state)
    if state.find(event.transaction) is not None:
        return None
    if event.phase is Phase.STARTED and _is_newest(event, state):
        return None
    return None if state.newest_start_ms == 0 else Lookup(event.station, transaction=event.transaction)


def is_start(event: TransactionReported) -> bool:
    """Whether it is a 1.6 start: the only word on a transaction that names none."""
    return event.phase is Phase.STARTED and event.transaction is None


def is_stop(event: TransactionReported) -> bool:
    """Whether it is a 1.6 stop: 2.x counts its events, and its ids need not be numbers."""
    if event.phase is not Phase.ENDED or event.seq_no is not None:
        return False
    return event.transaction is None or event.transaction.lstrip("-").isdecimal()


def _needed_start(event: TransactionReported, state: StationSessions) -> Lookup | None:
    if not lasting(event) or _is_newest(event, state):
        return None
    key = start_key(event)
    return None if state.by_start(key, closed=True) is not None else Lookup(event.station, start_key=key)


def _needed_stop(event: TransactionReported, state: StationSessions) -> Lookup | None:
    session = state.find(event.transaction) if issueable(event.transaction) else None
    if session is not None and not session.stop_key:
        return None
    key = stop_key(event)
    if state.newest_start_ms == 0 or state.by_stop(key) is not None:
        return None
    ours = event.transaction if session is None and issueable(event.transaction) else None
    return Lookup(event.station, transaction=ours, stop_key=key)


def _is_newest(event: TransactionReported, state: StationSessions) -> bool:
    """Whether no session began at or after this start, so that it cannot have been told before.

    An hour of margin: the same start may be taken back by another skew when it is repeated.
    """
    newest = state.newest_start_ms
    return newest == 0 or (newest is not None and event.time_trusted and event.at_ms > newest + 3_600_000)


def _held(event: MeterSampled, state: StationSessions) -> bool:
    return state.find(event.transaction) is not None or state.by_alias(event.transaction) is not None

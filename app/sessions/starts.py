"""A 1.6 StartTransaction: a new session, or one that was told before (Q36)."""

from app.domain.events import TransactionReported
from app.domain.records import Flag, SessionRecord, SessionState
from app.domain.status import ConnectorStatus
from app.sessions.change import change, flagged
from app.sessions.closing import OVERTAKEN, displaced, ghosts_of
from app.sessions.decision import Decision, Issue
from app.sessions.keys import lasting, start_key
from app.sessions.state import StationSessions

JOIN_MS = 60_000
"""Q79: a status and a session message within 60 s belong together, whatever their order."""
FLOWING = frozenset({ConnectorStatus.CHARGING, ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE})


def start(
    event: TransactionReported,
    state: StationSessions,
    issue: Issue,
    found: SessionRecord | None,
    refused: bool = False,
) -> Decision:
    """Open a session, or name the one that this very start has opened."""
    key = start_key(event)
    known = state.by_start(key, closed=lasting(event)) or (found if lasting(event) else None)
    if known is not None:
        return Decision(transaction=known.transaction, session=known.session, repeated=True, quirks=("Q36",))
    evse, connector = place(event, state)
    ghosts = ghosts_of(state, event.at_ms, event.received_ms, event.live, None)
    gone = frozenset(r.session for r in ghosts.records if isinstance(r, SessionRecord))
    holding = [s for s in state.at(evse, None) if s.session not in gone]
    late = any(s.started_ms > event.at_ms for s in holding)
    ended: tuple[SessionRecord, ...] = ()
    if holding and not late:
        ended = displaced(holding, state, event.at_ms, event.received_ms)
    flags = start_flags(event)
    if state.by_start(key, closed=True) is not None:
        flags.append(Flag.START_REPEATED)
    if evse is None:
        flags.append(Flag.EVSE_UNKNOWN)
    if refused:
        flags.append(Flag.TOKEN_REFUSED)
    register = credible(event.meter_wh)
    session = SessionRecord(
        session=issue.session_id(),
        station=event.station,
        evse=evse,
        connector=connector,
        transaction=issue.transaction_id(),
        token=event.token.value if event.token else "",
        token_kind=event.token.kind if event.token else "",
        started_ms=event.at_ms,
        received_start_ms=event.received_ms,
        meter_start_wh=register,
        base_wh=register,
        last_register_ms=None if register is None else event.at_ms,
        state=_first_state(event, late),
        charging=charging_now(state, evse, connector, event.at_ms),
        start_key=key,
        reservation=event.reservation,
        remote_start=event.remote_start,
        last_event_ms=event.at_ms,
        flags=tuple(f for f in Flag if f in flags),
    )
    if late:
        session = overtaken(session, min(s.started_ms for s in holding), event.received_ms)
    quirks = (*ghosts.quirks, *(("Q40",) if ended else ()))
    return Decision(
        records=(*ghosts.records, *ended, session),
        transaction=session.transaction,
        session=session.session,
        concurrent=bool(event.token) and state.runs(session.token, event.received_ms),
        quirks=tuple(dict.fromkeys(quirks)),
    )


def place(event: TransactionReported, state: StationSessions) -> tuple[int | None, int | None]:
    """Where the transaction is: as told, else the only place there is (Q72)."""
    evse, connector = event.evse, event.connector
    if not evse:
        evse = state.only_evse()
    if evse is not None and not connector:
        connector = state.only_connector(evse)
    return evse, connector


def credible(meter_wh: int | None) -> int | None:
    """A start's register; one below zero is none at all (Q50)."""
    return None if meter_wh is None or meter_wh < 0 else meter_wh


def start_flags(event: TransactionReported) -> list[Flag]:
    """What is odd about how the station told an event."""
    flags = []
    if event.offline:
        flags.append(Flag.OFFLINE)
    if not event.live:
        flags.append(Flag.REPLAYED)
    if not event.time_trusted:
        flags.append(Flag.TIME_DOUBTFUL)
    return flags


def charging_now(state: StationSessions, evse: int | None, connector: int | None, at_ms: int) -> str:
    """What the connector told within 60 s of the start, if energy is concerned (Q79)."""
    status = state.status(evse, connector)
    if status is not None and status.status in FLOWING and abs(at_ms - status.at_ms) <= JOIN_MS:
        return status.status.value
    return ""


def overtaken(session: SessionRecord, next_start_ms: int, received_ms: int) -> SessionRecord:
    """A session that is told after the next one on its connector began: it is over, its stop to come."""
    return change(
        session,
        {
            "state": SessionState.INFERRED,
            "charging": "",
            "ended_ms": next_start_ms,
            "received_end_ms": received_ms,
            "stop_reason": "inferred",
            "closed_by": "evidence",
            "closed_why": OVERTAKEN,
            "flags": flagged(session.flags, Flag.REPLAYED, Flag.CLOSED_BY_EVIDENCE, Flag.STOP_MISSING),
        },
    )


def _first_state(event: TransactionReported, late: bool) -> SessionState:
    """Q29: a start without connector and tag is nobody's; a person looks at it."""
    if not event.evse and event.token is None and not late:
        return SessionState.REVIEW
    return SessionState.OPEN

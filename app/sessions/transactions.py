"""2.x TransactionEvent: ordered by its own sequence, whatever the order of arrival (Q71, Q72, Q73)."""

from typing import Any

from app.domain.events import Phase, TransactionReported
from app.domain.records import Flag, ReadingRecord, SessionRecord, SessionState
from app.sessions import sequence
from app.sessions.change import change, flagged, noted
from app.sessions.closing import displaced, ghosts_of
from app.sessions.decision import Decision, Issue
from app.sessions.keys import stop_key, tag_key
from app.sessions.meter import Meter
from app.sessions.oddities import oddities
from app.sessions.readings import fold, history
from app.sessions.samples import resumed
from app.sessions.starts import charging_now, credible, overtaken, place, start_flags
from app.sessions.state import StationSessions
from app.sessions.states import MAY_GROW, Deed, after
from app.sessions.stops import NO_TRANSACTION, end

COUNTED_ANEW = "The station began to count its events anew; whether one is missing cannot be told."
_FLOW = {"Charging": "Charging", "SuspendedEV": "SuspendedEV", "SuspendedEVSE": "SuspendedEVSE"}


def transaction_event(
    event: TransactionReported,
    state: StationSessions,
    issue: Issue,
    found: SessionRecord | None,
    refused: bool = False,
) -> Decision:
    """Take one word about a transaction: open, go on, or end; a known number changes nothing."""
    session = state.find(event.transaction, event.at_ms if event.time_trusted else None) or found
    if session is not None and _is_new_use(event, session):
        session = None
    before = session
    if session is not None and event.seq_no is not None and sequence.has(session.seq_seen, event.seq_no):
        if not _restarted(event, session):
            return Decision(transaction=session.transaction, session=session.session, repeated=True)
        anew = {
            "flags": flagged(session.flags, Flag.SEQ_GAP),
            "note": noted(session.note, COUNTED_ANEW),
        }
        session = change(session, anew)
    ghosts = ghosts_of(state, event.at_ms, event.received_ms, event.live, session)
    ended: tuple[SessionRecord, ...] = ()
    if session is None:
        gone = frozenset(r.session for r in ghosts.records if isinstance(r, SessionRecord))
        session, ended = _open(event, state, issue, gone)
    if refused and event.phase is not Phase.ENDED:
        session = change(session, {"flags": flagged(session.flags, Flag.TOKEN_REFUSED)})
    now, rows = _take(event, session, state)
    token = event.token.value if event.token else ""
    quirks = (*ghosts.quirks, *(("Q40",) if ended else ()), *oddities(before, now))
    return Decision(
        records=(*ghosts.records, *ended, now, *rows),
        transaction=now.transaction,
        session=now.session,
        concurrent=bool(token)
        and event.phase is not Phase.ENDED
        and state.runs(token, event.received_ms, besides=now.session),
        quirks=tuple(dict.fromkeys(quirks)),
    )


def _said(event: TransactionReported) -> int:
    return event.said_ms if event.said_ms is not None and event.time_trusted else event.at_ms


def _is_new_use(event: TransactionReported, session: SessionRecord) -> bool:
    """Whether a station uses an old id for a new transaction (Q43): it starts after the old one ended.

    Where no end was told, another driver's start proves it: a transaction has one.
    """
    if event.phase is not Phase.STARTED or not event.time_trusted:
        return False
    if event.seq_no is not None and not sequence.has(session.seq_seen, event.seq_no):
        return False
    if session.state in (SessionState.CLOSED, SessionState.REVIEW):
        return session.ended_ms is not None and event.at_ms > session.ended_ms
    another = bool(event.token and event.token.value and session.token) and (
        tag_key(event.token.value if event.token else "") != tag_key(session.token)
    )
    return another and _said(event) > (session.last_event_ms or session.started_ms)


def _restarted(event: TransactionReported, session: SessionRecord) -> bool:
    """Whether a known number comes with news: the station began to count anew after a boot (Q71)."""
    return (
        event.time_trusted
        and session.state in MAY_GROW
        and session.last_event_ms is not None
        and _said(event) > session.last_event_ms
    )


def _open(
    event: TransactionReported, state: StationSessions, issue: Issue, gone: frozenset[int]
) -> tuple[SessionRecord, tuple[SessionRecord, ...]]:
    """A session at its first word; one that is not a start is flagged. And those it displaces."""
    evse, connector = place(event, state)
    holding = [s for s in state.at(evse, None) if s.session not in gone]
    late = any(s.started_ms > event.at_ms for s in holding)
    ended: tuple[SessionRecord, ...] = ()
    if holding and not late and event.phase is not Phase.ENDED:
        ended = displaced(holding, state, event.at_ms, event.received_ms)
    flags = [] if event.phase is Phase.STARTED else [Flag.START_UNKNOWN]
    if evse is None:
        flags.append(Flag.EVSE_UNKNOWN)
    session = SessionRecord(
        session=issue.session_id(),
        station=event.station,
        evse=evse,
        connector=connector,
        transaction=event.transaction or NO_TRANSACTION,
        started_ms=min(event.at_ms, min((r.at_ms for r in event.readings), default=event.at_ms)),
        received_start_ms=event.received_ms,
        charging=charging_now(state, evse, connector, event.at_ms),
        flags=flagged((), *flags),
    )
    if late:
        session = overtaken(session, min(s.started_ms for s in holding), event.received_ms)
    return session, ended


def _take(
    event: TransactionReported, session: SessionRecord, state: StationSessions
) -> tuple[SessionRecord, tuple[ReadingRecord, ...]]:
    session = change(session, _identity(event, session, state))
    if event.phase is Phase.ENDED:
        return _end(event, session, state)
    return _go_on(event, session, state)


def _identity(event: TransactionReported, session: SessionRecord, state: StationSessions) -> dict[str, Any]:
    """What any event may add to what is known: place, driver, numbers."""
    changes: dict[str, Any] = {}
    flags = flagged(session.flags, *start_flags(event))
    if event.evse and session.evse is None:
        changes["evse"], changes["connector"] = place(event, state)
        flags = flagged(flags, without=(Flag.EVSE_UNKNOWN,))
    elif event.connector and not session.connector and event.evse in (None, session.evse):
        changes["connector"] = event.connector
    # The token that ends a transaction may be another one of the group: the driver's comes first.
    if event.token and event.token.value and not session.token and event.phase is not Phase.ENDED:
        changes["token"], changes["token_kind"] = event.token.value, event.token.kind
    if event.reservation is not None and session.reservation is None:
        changes["reservation"] = event.reservation
    if event.remote_start is not None and session.remote_start is None:
        changes["remote_start"] = event.remote_start
    if event.seq_no is not None:
        changes["seq_seen"] = sequence.add(session.seq_seen, event.seq_no)
    ended = event.phase is Phase.ENDED or session.state not in MAY_GROW
    gaps = sequence.gaps(changes.get("seq_seen", session.seq_seen))
    if ended and gaps:
        flags = flagged(flags, Flag.SEQ_GAP)
    elif Flag.SEQ_GAP in flags and not gaps and COUNTED_ANEW not in session.note:
        flags = flagged(flags, without=(Flag.SEQ_GAP,))
    changes["flags"] = flags
    return changes


def _go_on(
    event: TransactionReported, session: SessionRecord, state: StationSessions
) -> tuple[SessionRecord, tuple[ReadingRecord, ...]]:
    grows = session.state in MAY_GROW
    if not grows and _goes_on(event, session, state):
        session = change(session, resumed(session, session.flags))
        grows = True
    changes: dict[str, Any] = {}
    newest = session.last_event_ms is None or _said(event) >= session.last_event_ms
    if newest:
        changes["last_event_ms"] = _said(event)
    if newest and grows and event.charging_state:
        changes["charging"] = _flow(event, session)
        if session.state is SessionState.INTERRUPTED and event.charging_state in _FLOW:
            changes["state"] = after(session.state, Deed.RESUMED)
    readings = [r for r in event.readings if grows or r.at_ms <= (session.ended_ms or r.at_ms)]
    rest = [r for r in event.readings if r not in readings]
    meter = Meter(session, state.rated_w(session.evse, session.connector))
    if event.phase is Phase.STARTED:
        changes |= _begin(event, session, meter)
    rows = fold(
        meter, readings, event.station, session.evse, session.connector, session.session, event.received_ms
    )
    rows += history(rest, event.station, session.evse, session.connector, None, event.received_ms)
    if not grows:
        meter.settle()
        if meter.energy is not None and not session.closed_by:
            changes["state"] = after(session.state, Deed.PROVED)
            meter.flags = flagged(meter.flags, without=(Flag.METER_MISSING,))
    return change(session, meter.changes() | changes), rows


def _begin(event: TransactionReported, session: SessionRecord, meter: Meter) -> dict[str, Any]:
    """A Started, in time or after its followers: when it began, and at which register."""
    first = session.last_event_ms is None
    register = credible(event.meter_wh)
    if register is None:
        told = [r for r in event.readings if r.energy_wh is not None and r.at_ms <= event.at_ms]
        register = credible(told[0].energy_wh) if told else None
    if register is not None:
        if first:
            meter.begin(register, event.at_ms)
        else:
            meter.begin_late(register, event.at_ms)
    meter.flags = flagged(meter.flags, without=(Flag.START_UNKNOWN,))
    changes: dict[str, Any] = {}
    if not first:
        changes["started_ms"] = min(event.at_ms, session.started_ms)
        changes["received_start_ms"] = session.received_start_ms
    return changes


def _end(
    event: TransactionReported, session: SessionRecord, state: StationSessions
) -> tuple[SessionRecord, tuple[ReadingRecord, ...]]:
    key = stop_key(event)
    if session.state not in MAY_GROW and session.stop_key:
        # Two Ended: the first counts, the second is kept beside it.
        line = f"Ended again: {event.meter_wh} Wh ({key})."
        twice = {"flags": flagged(session.flags, Flag.STOP_TWICE), "note": noted(session.note, line)}
        rows = history(
            event.readings, event.station, session.evse, session.connector, session.session, event.received_ms
        )
        return change(session, twice), rows
    now, rows = end(session, event, state, key)
    newest = max(_said(event), session.last_event_ms or 0)
    return change(now, {"last_event_ms": newest}), rows


def _goes_on(event: TransactionReported, session: SessionRecord, state: StationSessions) -> bool:
    return (
        session.state is SessionState.INFERRED
        and event.live
        and not event.offline
        and session.ended_ms is not None
        and event.at_ms > session.ended_ms
        and not state.at(session.evse, session.connector)
    )


def _flow(event: TransactionReported, session: SessionRecord) -> str:
    """Whether energy flows. A car that stays after it charged is finishing (conformance section 4)."""
    if event.charging_state in _FLOW:
        return _FLOW[event.charging_state]
    stopped = "Stop" in event.trigger or session.charging == "Finishing"
    return "Finishing" if stopped and session.charging else ""

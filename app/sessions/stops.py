"""A 1.6 StopTransaction: always used, for the right session or for nobody's (Q37, Q38, Q39).

A stop names no connector, and some stations name a wrong transaction. It ends another session
than the named one only where tag and meter fit exactly one open session of this station
(CONTRACTS decision 15); never another driver's.
"""

import json

from app.domain.events import TransactionReported
from app.domain.ids import TransactionId
from app.domain.records import Flag, NoticeRecord, ReadingRecord, SessionRecord, SessionState
from app.sessions.change import change, flagged, noted
from app.sessions.closing import OVERTAKEN, ghosts_of
from app.sessions.decision import Decision, Issue, issueable
from app.sessions.keys import stop_key, tag_key
from app.sessions.meter import Meter
from app.sessions.oddities import oddities
from app.sessions.readings import fold, history
from app.sessions.starts import start_flags
from app.sessions.state import StationSessions
from app.sessions.states import MAY_GROW, Deed, after

NO_TRANSACTION = TransactionId("0")
REPLACEABLE = (Flag.STOP_MISSING, Flag.METER_MISSING, Flag.NO_ENERGY)
"""Flags of a close for the station that its own stop takes back."""


def stop(
    event: TransactionReported, state: StationSessions, issue: Issue, found: SessionRecord | None
) -> Decision:
    """End the session that the station means, or keep the stop for a person."""
    key = stop_key(event)
    told = state.by_stop(key) or (found if found is not None and found.stop_key == key else None)
    if told is not None:
        return _again(told)
    session = named(event, state, found)
    foreign = session is None
    if session is None:
        session = fitting(event, state)
    if session is None:
        return _orphan(event, state, issue, key)
    if session.state in MAY_GROW or not session.stop_key:
        decided, rows = end(session, event, state, key, (Flag.STOP_FOREIGN_ID,) if foreign else ())
        ghosts = ghosts_of(state, event.at_ms, event.received_ms, event.live, session)
        return Decision(
            records=(*ghosts.records, decided, *rows),
            transaction=decided.transaction,
            session=decided.session,
            quirks=(
                *ghosts.quirks,
                *(("Q37",) if foreign else ()),
                *oddities(session, decided),
                *below_zero(event),
            ),
        )
    if key in session.note:
        return _again(session)
    return _second(session, event, key)


def named(
    event: TransactionReported, state: StationSessions, found: SessionRecord | None
) -> SessionRecord | None:
    """The session whose id the event bears. An id that we cannot have issued names none."""
    if not issueable(event.transaction):
        return None
    if found is not None and found.transaction != event.transaction:
        found = None
    return state.find(event.transaction) or found


def fitting(event: TransactionReported, state: StationSessions) -> SessionRecord | None:
    """The one open session that a stop with a foreign id fits by tag and meter, else None."""
    fits = [s for s in state.open if _fits(event, s, state)]
    return fits[0] if len(fits) == 1 else None


def end(
    session: SessionRecord,
    event: TransactionReported,
    state: StationSessions,
    key: str,
    flags: tuple[Flag, ...] = (),
) -> tuple[SessionRecord, tuple[ReadingRecord, ...]]:
    """End a session by the station's own word. Returns its next version and its readings' rows."""
    odd = [*start_flags(event), *flags]
    if event.at_ms < session.started_ms:
        odd.append(Flag.TIME_DOUBTFUL)
    replaced = session.state is SessionState.INFERRED
    gone: tuple[Flag, ...] = REPLACEABLE
    if replaced and session.closed_why == OVERTAKEN:
        gone = (*REPLACEABLE, Flag.CLOSED_BY_EVIDENCE)
    elif replaced:
        odd.append(Flag.REOPENED)
    session_now = change(session, {"flags": flagged(session.flags, *odd, without=gone)})
    meter = Meter(session_now, state.rated_w(session.evse, session.connector))
    rows = fold(
        meter, event.readings, event.station, session.evse, session.connector,
        session.session, event.received_ms,
    )  # fmt: skip
    meter.finish(event.meter_wh, event.at_ms)
    changes = meter.changes()
    changes |= {
        "state": after(session.state, Deed.UNPROVED if meter.energy is None else Deed.STOPPED),
        "charging": "",
        "ended_ms": max(event.at_ms, session.started_ms),
        "received_end_ms": event.received_ms,
        "stop_reason": event.reason,
        "stop_key": key,
    }
    if session.closed_by == "evidence":
        changes |= {"closed_by": "", "closed_why": ""}
    if flags:
        changes["alias"] = with_alias(session.alias, event.transaction)
    return change(session_now, changes), rows


def with_alias(alias: str, transaction: TransactionId | None) -> str:
    """`alias` with a foreign id in it; only the last eight are kept."""
    known = alias.split(",") if alias else []
    if transaction is None or transaction in known or "," in transaction:
        return alias
    return ",".join([*known, transaction][-8:])


def below_zero(event: TransactionReported) -> tuple[str, ...]:
    """A figure below zero is none at all, and counted (Q50)."""
    return ("Q50",) if event.meter_wh is not None and event.meter_wh < 0 else ()


def _fits(event: TransactionReported, session: SessionRecord, state: StationSessions) -> bool:
    if event.at_ms < session.started_ms:
        return False
    if event.token is not None and event.token.value:
        if tag_key(event.token.value) != tag_key(session.token):
            return False
    elif not event.transaction or event.transaction not in session.alias.split(","):
        return False
    meter = Meter(session, state.rated_w(session.evse, session.connector))
    for reading in sorted(event.readings, key=lambda r: r.at_ms):
        meter.read(reading)
    return meter.could_stop_at(event.meter_wh, event.at_ms)


def _again(session: SessionRecord) -> Decision:
    return Decision(transaction=session.transaction, session=session.session, repeated=True, quirks=("Q39",))


def _second(session: SessionRecord, event: TransactionReported, key: str) -> Decision:
    """Another stop of an ended session: both are kept, the first one counts (Q39)."""
    line = f"Told again, otherwise: {event.meter_wh} Wh ({key})."
    twice = change(
        session,
        {"flags": flagged(session.flags, Flag.STOP_TWICE), "note": noted(session.note, line)},
    )
    rows = history(
        event.readings, event.station, session.evse, session.connector, session.session, event.received_ms
    )
    return Decision(
        records=(twice, *rows), transaction=session.transaction, session=session.session, quirks=("Q39",)
    )


def _orphan(event: TransactionReported, state: StationSessions, issue: Issue, key: str) -> Decision:
    """A stop that fits no session: a session of its own, in review (Q38)."""
    evse = state.only_evse()
    connector = None if evse is None else state.only_connector(evse)
    first_ms = min((r.at_ms for r in event.readings), default=event.at_ms)
    flags = [*start_flags(event), Flag.START_UNKNOWN, Flag.ORPHAN_STOP]
    if evse is None:
        flags.append(Flag.EVSE_UNKNOWN)
    if not issueable(event.transaction):
        flags.append(Flag.STOP_FOREIGN_ID)
    bare = SessionRecord(
        session=issue.session_id(),
        station=event.station,
        evse=evse,
        connector=connector,
        transaction=event.transaction or NO_TRANSACTION,
        token=event.token.value if event.token else "",
        token_kind=event.token.kind if event.token else "",
        started_ms=min(first_ms, event.at_ms),
        received_start_ms=event.received_ms,
        state=SessionState.REVIEW,
        flags=flagged((), *flags),
    )
    session, rows = end(bare, event, state, key)
    detail = {"transaction": event.transaction, "meter_wh": event.meter_wh, "session": session.session}
    notice = NoticeRecord(
        station=event.station,
        at_ms=event.at_ms,
        received_ms=event.received_ms,
        subject="other",
        name="StopWithoutStart",
        detail=json.dumps(detail, separators=(",", ":")),
        evse=evse,
        connector=connector,
    )
    quirks = ("Q38",) if issueable(event.transaction) else ("Q37", "Q38")
    return Decision(
        records=(session, *rows, notice),
        transaction=session.transaction,
        session=session.session,
        quirks=(*quirks, *(q for q in oddities(bare, session) if q not in quirks)),
    )

"""MeterValues: readings that find their session, or stay meter history (Q41, Q42, Q44, Q56, Q81)."""

from app.domain.events import MeterSampled
from app.domain.records import Flag, NoticeRecord, ReadingRecord, SessionRecord, SessionState
from app.sessions.change import change, flagged
from app.sessions.closing import ghosts_of
from app.sessions.decision import Decision, issueable
from app.sessions.meter import Meter
from app.sessions.oddities import oddities
from app.sessions.readings import fold, history
from app.sessions.state import StationSessions
from app.sessions.states import MAY_GROW, Deed, after
from app.sessions.stops import REPLACEABLE, with_alias


def sample(event: MeterSampled, state: StationSessions, found: SessionRecord | None) -> Decision:
    """Add readings to their session."""
    session, foreign = _session(event, state, found)
    at_ms, received_ms, live = event.at_ms, event.received_ms, event.live
    ghosts = ghosts_of(state, at_ms, received_ms, live, session)
    if session is None:
        rows = history(event.readings, event.station, event.evse, event.connector, None, event.received_ms)
        return Decision(records=(*ghosts.records, *rows), quirks=ghosts.quirks)
    if session.state not in MAY_GROW and not goes_on(session, event, state):
        return _afterwards(event, session)
    meter = Meter(session, state.rated_w(session.evse, session.connector))
    energy = meter.energy
    rows = fold(
        meter, event.readings, event.station, session.evse or event.evse,
        session.connector or event.connector, session.session, received_ms,
    )  # fmt: skip
    changes = meter.changes()
    if foreign:
        changes["alias"] = with_alias(session.alias, event.transaction)
    if session.evse is None and event.evse:
        changes |= {"evse": event.evse, "connector": event.connector}
    if not live:
        changes["flags"] = flagged(meter.flags, Flag.REPLAYED)
    if session.state not in MAY_GROW:
        changes |= resumed(session, changes["flags"])
    elif session.state is SessionState.INTERRUPTED and (meter.energy or 0) > (energy or 0):
        changes["state"] = after(session.state, Deed.RESUMED)
    now = change(session, changes)
    records: tuple[SessionRecord | ReadingRecord | NoticeRecord, ...] = (
        (now, *rows) if now is not session else rows
    )
    quirks = oddities(session, now)
    if foreign:
        quirks = ("Q44", *quirks)
    if ghosts.records:
        records, quirks = (*ghosts.records, *records), (*ghosts.quirks, *quirks)
    return Decision(records, None, session.session, False, False, quirks)


def goes_on(session: SessionRecord, event: MeterSampled, state: StationSessions) -> bool:
    """Whether readings prove that a session which was closed for the station goes on (Q40, Q41)."""
    if session.state is not SessionState.INFERRED or session.ended_ms is None or not event.live:
        return False
    if state.at(session.evse, session.connector):
        return False
    newest = max((r.at_ms for r in event.readings), default=0)
    rise = any(
        r.energy_wh is not None and session.last_wh is not None and r.energy_wh > session.last_wh
        for r in event.readings
    )
    return newest > session.ended_ms and (rise or any((r.power_w or 0) > 0 for r in event.readings))


def resumed(session: SessionRecord, flags: tuple[Flag, ...]) -> dict[str, object]:
    """The fields of a session that was closed for the station and goes on."""
    return {
        "flags": flagged(flags, Flag.REOPENED, without=REPLACEABLE),
        "state": after(session.state, Deed.RESUMED),
        "ended_ms": None,
        "received_end_ms": None,
        "meter_stop_wh": None,
        "stop_reason": "",
        "closed_by": "",
        "closed_why": "",
    }


def _session(
    event: MeterSampled, state: StationSessions, found: SessionRecord | None
) -> tuple[SessionRecord | None, bool]:
    """Whose readings these are, and whether by a foreign id that is new."""
    if event.evse == 0 and event.transaction is None:
        return None, False
    by_id = state.find(event.transaction) if issueable(event.transaction) or _is_text(event) else None
    known = by_id or found
    if known is None and (alias := state.by_alias(event.transaction)) is not None:
        known = alias if event.evse in (0, alias.evse) else None
    if known is not None:
        return known, False
    if event.evse == 0:
        return None, False
    here = state.at(event.evse, event.connector)
    if len(here) != 1 or any(r.at_ms < here[0].started_ms for r in event.readings):
        return None, False
    return here[0], event.transaction not in (None, "0")


def _is_text(event: MeterSampled) -> bool:
    return event.transaction is not None and not event.transaction.lstrip("-").isdecimal()


def _afterwards(event: MeterSampled, session: SessionRecord) -> Decision:
    """Readings of a session that is over: its curve where they are older, else meter history (Q56)."""
    within = [r for r in event.readings if session.ended_ms is not None and r.at_ms <= session.ended_ms]
    later = [r for r in event.readings if r not in within]
    evse, connector = session.evse or event.evse, session.connector or event.connector
    rows = (
        *history(within, event.station, evse, connector, session.session, event.received_ms),
        *history(later, event.station, evse, connector, None, event.received_ms),
    )
    return Decision(records=rows, session=session.session, quirks=("Q56",) if later else ())

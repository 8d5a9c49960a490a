"""What a connector's status says about the session on it: hints, never a start or an end (Q79)."""

from typing import Any

from app.domain.events import Booted, StatusReported
from app.domain.records import Flag, SessionRecord, SessionState
from app.domain.status import ConnectorStatus
from app.sessions.change import change, flagged
from app.sessions.closing import ghosts_of
from app.sessions.decision import Decision
from app.sessions.starts import FLOWING
from app.sessions.state import StationSessions
from app.sessions.states import Deed, after


def status(event: StatusReported, state: StationSessions) -> Decision:
    """Follow a live status. An Available closes nothing yet: its stop may be on the way (Q40, Q79)."""
    if not event.live or event.evse == 0:
        return Decision()
    # A status speaks for the session on its connector, so that one is not judged by the old status.
    here = state.at(event.evse, event.connector)
    speaks_for = here[0] if here and event.status is not ConnectorStatus.AVAILABLE else None
    ghosts = ghosts_of(state, event.at_ms, event.received_ms, True, speaks_for)
    gone = {r.session for r in ghosts.records if isinstance(r, SessionRecord)}
    followed = []
    for session in here:
        if session.session not in gone:
            now = _follow(session, event.status)
            if now is not session:
                followed.append(now)
    return Decision(records=(*ghosts.records, *followed), quirks=ghosts.quirks)


def boot(event: Booted, state: StationSessions) -> Decision:
    """A boot alone closes nothing (Q41): the session may go on, or its stop may be queued."""
    return ghosts_of(state, event.at_ms, event.received_ms, True, None)


def _follow(session: SessionRecord, told: ConnectorStatus) -> SessionRecord:
    changes: dict[str, Any] = {}
    if told is ConnectorStatus.FAULTED:
        changes["state"] = after(session.state, Deed.FAULTED)
        changes["charging"] = ""
        changes["flags"] = flagged(session.flags, Flag.INTERRUPTED)
    elif told in FLOWING:
        changes["charging"] = told.value
        if session.state is SessionState.INTERRUPTED:
            changes["state"] = after(session.state, Deed.RESUMED)
    elif told is ConnectorStatus.FINISHING:
        changes["charging"] = told.value
    return change(session, changes)

"""Ends that the station did not tell: by evidence (Q40) and by hand. A later real stop replaces them."""

from collections.abc import Iterable
from typing import Any

from app.domain.records import Flag, SessionRecord, SessionState
from app.sessions.change import change, flagged, noted
from app.sessions.decision import NOTHING, Decision
from app.sessions.meter import Meter
from app.sessions.state import StationSessions
from app.sessions.states import MAY_GROW, Deed, after

BY_START = "the next session began on its connector"
OVERTAKEN = "a later session on its connector was told first"
BY_AVAILABLE = "its connector has been Available for over 10 minutes"


def close_by_evidence(
    session: SessionRecord, state: StationSessions, why: str, at_ms: int, received_ms: int
) -> SessionRecord:
    """End a session at its last trusted reading, reason "inferred" (Q40).

    Args:
        session: one that may still grow.
        state: its station's.
        why: the evidence, in words.
        at_ms: when the evidence arose; the end, where no reading tells a better one.
        received_ms: when we knew.
    """
    return _end(
        session, state, Deed.EVIDENCE, at_ms, received_ms,
        {"stop_reason": "inferred", "closed_by": "evidence", "closed_why": why},
        (Flag.CLOSED_BY_EVIDENCE, Flag.STOP_MISSING),
    )  # fmt: skip


def close_by_hand(
    session: SessionRecord, state: StationSessions, by: str, why: str, at_ms: int
) -> SessionRecord | None:
    """End a session on an operator's word; one in review is settled by it.

    Returns:
        The session's next version; None if it is closed already.
    """
    if session.state is SessionState.REVIEW:
        changes = {
            "state": after(session.state, Deed.BY_HAND),
            "closed_by": by,
            "closed_why": why,
            "flags": flagged(session.flags, Flag.CLOSED_BY_HAND),
        }
        return change(session, changes)
    if session.state not in MAY_GROW:
        return None
    return _end(
        session, state, Deed.BY_HAND, at_ms, at_ms,
        {"stop_reason": "by hand", "closed_by": by, "closed_why": why},
        (Flag.CLOSED_BY_HAND, Flag.STOP_MISSING),
    )  # fmt: skip


def close_ghosts(state: StationSessions, at_ms: int) -> Decision:
    """Close what is over by evidence at `at_ms`, our time. For the sweep of the control room."""
    ghosts = state.ghosts(at_ms)
    if not ghosts:
        return NOTHING
    return Decision(
        records=tuple(
            close_by_evidence(s, state, BY_AVAILABLE, _free_since(s, state), at_ms) for s in ghosts
        ),
        session=ghosts[0].session,
        quirks=("Q40",),
    )


def ghosts_of(
    state: StationSessions, at_ms: int, received_ms: int, live: bool, besides: SessionRecord | None
) -> Decision:
    """Close ghosts on the way of an event: by our time, or by the station's in an offline past."""
    ghosts = state.ghosts(
        received_ms, at_ms=None if live else at_ms, besides=besides.session if besides else None
    )
    if not ghosts:
        return NOTHING
    closed = (close_by_evidence(s, state, BY_AVAILABLE, _free_since(s, state), received_ms) for s in ghosts)
    return Decision(records=tuple(closed), quirks=("Q40",))


def displaced(
    holding: Iterable[SessionRecord], state: StationSessions, at_ms: int, received_ms: int
) -> tuple[SessionRecord, ...]:
    """The sessions that end because another begins on their EVSE, which serves one car at a time."""
    return tuple(close_by_evidence(s, state, BY_START, at_ms, received_ms) for s in holding)


def _free_since(session: SessionRecord, state: StationSessions) -> int:
    status = state.status(session.evse, session.connector)
    return status.at_ms if status else session.started_ms


def _end(
    session: SessionRecord,
    state: StationSessions,
    deed: Deed,
    at_ms: int,
    received_ms: int,
    words: dict[str, Any],
    flags: tuple[Flag, ...],
) -> SessionRecord:
    meter = Meter(session, state.rated_w(session.evse, session.connector))
    meter.settle()
    changes = meter.changes()
    changes |= words
    ended = session.last_sample_ms if session.last_sample_ms is not None else at_ms
    changes |= {
        "state": after(session.state, deed),
        "charging": "",
        "ended_ms": max(ended, session.started_ms),
        "received_end_ms": received_ms,
        "flags": flagged(meter.flags, *flags),
        "note": noted(meter.note, f"Closed without a stop: {words['closed_why']}."),
    }
    return change(session, changes)

"""What may become of a session, as one table. Nothing else moves a session's state.

| from \\ deed | SAMPLED     | FAULTED     | RESUMED | STOPPED | UNPROVED | PROVED | BY_HAND  | EVIDENCE |
|-------------|-------------|-------------|---------|---------|----------|--------|----------|----------|
| open        | open        | interrupted | open    | closed  | review   | open   | inferred | inferred |
| interrupted | interrupted | interrupted | open    | closed  | review   | inter… | inferred | inferred |
| closed      | closed      | closed      | closed  | closed  | closed   | closed | closed   | closed   |
| inferred    | inferred    | inferred    | open    | closed  | review   | infer… | inferred | inferred |
| review      | review      | review      | review  | review  | review   | closed | closed   | review   |

A session closed by the station stays closed: later words on it add flags, never life. One that was
closed for the station (inferred) gives way to the station's own word. Review ends by proof or by a
person.
"""

from enum import Enum, auto

from app.domain.records import SessionState


class Deed(Enum):
    """What happens to a session."""

    SAMPLED = auto()
    """A reading, or a word that changes nothing else."""
    FAULTED = auto()
    """Its connector failed (Q80)."""
    RESUMED = auto()
    """It goes on: energy flows under its id, or its connector charges again."""
    STOPPED = auto()
    """The station told its end, and its energy is proved."""
    UNPROVED = auto()
    """The station told its end, and its energy cannot be proved."""
    PROVED = auto()
    """What came late proves the energy after all."""
    BY_HAND = auto()
    """A person closed it."""
    EVIDENCE = auto()
    """Its connector is evidently free, or serves somebody else (Q40)."""


_OPEN, _BROKEN = SessionState.OPEN, SessionState.INTERRUPTED
_CLOSED, _INFERRED, _REVIEW = SessionState.CLOSED, SessionState.INFERRED, SessionState.REVIEW

_ROWS: dict[SessionState, tuple[SessionState, ...]] = {
    _OPEN: (_OPEN, _BROKEN, _OPEN, _CLOSED, _REVIEW, _OPEN, _INFERRED, _INFERRED),
    _BROKEN: (_BROKEN, _BROKEN, _OPEN, _CLOSED, _REVIEW, _BROKEN, _INFERRED, _INFERRED),
    _CLOSED: (_CLOSED,) * 8,
    _INFERRED: (_INFERRED, _INFERRED, _OPEN, _CLOSED, _REVIEW, _INFERRED, _INFERRED, _INFERRED),
    _REVIEW: (_REVIEW, _REVIEW, _REVIEW, _REVIEW, _REVIEW, _CLOSED, _CLOSED, _REVIEW),
}

TRANSITIONS: dict[tuple[SessionState, Deed], SessionState] = {
    (state, deed): after for state, row in _ROWS.items() for deed, after in zip(Deed, row, strict=True)
}

MAY_GROW = frozenset({_OPEN, _BROKEN})
"""States in which a session holds its connector and readings add energy."""


def after(state: SessionState, deed: Deed) -> SessionState:
    """The state that follows."""
    return TRANSITIONS[state, deed]

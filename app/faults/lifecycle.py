"""The life of an alarm by ISA-18.2: which state follows which, and what is refused. Pure.

Beside the standard's transitions there are three of our own, each a person's and each on record: an
acknowledgement may be undone, a fault may be closed by hand, and a latched one needs a reset.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.errors import ForecourtError

HOUR_MS = 3_600_000
SHELVE_MOST_MS = 8 * HOUR_MS
SHELVE_SAFETY_MOST_MS = HOUR_MS
UNDO_MS = 600_000
"""An acknowledgement may be undone so long; a later change of mind is a new act."""


class State(StrEnum):
    """The states of an alarm, in the words of ISA-18.2."""

    NORM = "NORM"
    UNACK = "UNACK"
    ACKED = "ACKED"
    RTNUN = "RTNUN"
    SHLVD = "SHLVD"
    DSUPR = "DSUPR"
    OOSRV = "OOSRV"


class Trigger(StrEnum):
    """What moves an alarm."""

    ANNOUNCE = "announce"
    """The condition held for its on-delay."""
    CLEAR = "clear"
    """The condition was false for its off-delay (and, where latched, was reset)."""
    ACKNOWLEDGE = "acknowledge"
    UNACKNOWLEDGE = "unacknowledge"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    """By a person, or because the time is over."""
    SUPPRESS = "suppress"
    """By design: a cause above it is open, or a rule says so."""
    RELEASE = "release"
    """The reason for the suppression is gone."""
    OUT_OF_SERVICE = "out-of-service"
    BACK_IN_SERVICE = "back-in-service"
    CLOSE = "close"
    """By hand: a person says it is over."""


class IllegalMove(ForecourtError):
    """The alarm's state does not allow it; the sentence says why."""


_S, _T = State, Trigger
_FIXED: Mapping[tuple[State, Trigger], State] = {
    (_S.NORM, _T.ANNOUNCE): _S.UNACK,
    (_S.RTNUN, _T.ANNOUNCE): _S.UNACK,
    (_S.UNACK, _T.CLEAR): _S.RTNUN,
    (_S.ACKED, _T.CLEAR): _S.NORM,
    (_S.UNACK, _T.ACKNOWLEDGE): _S.ACKED,
    (_S.RTNUN, _T.ACKNOWLEDGE): _S.NORM,
    (_S.ACKED, _T.UNACKNOWLEDGE): _S.UNACK,
    (_S.NORM, _T.UNACKNOWLEDGE): _S.RTNUN,
    (_S.NORM, _T.SHELVE): _S.SHLVD,
    (_S.UNACK, _T.SHELVE): _S.SHLVD,
    (_S.ACKED, _T.SHELVE): _S.SHLVD,
    (_S.RTNUN, _T.SHELVE): _S.SHLVD,
    (_S.UNACK, _T.CLOSE): _S.NORM,
    (_S.ACKED, _T.CLOSE): _S.NORM,
    (_S.RTNUN, _T.CLOSE): _S.NORM,
    (_S.SHLVD, _T.CLOSE): _S.NORM,
    (_S.DSUPR, _T.CLOSE): _S.NORM,
    **{(state, _T.SUPPRESS): _S.DSUPR for state in _S if state not in (_S.OOSRV, _S.DSUPR)},
    **{(state, _T.OUT_OF_SERVICE): _S.OOSRV for state in _S if state is not _S.OOSRV},
}
_RE_READ = {
    (_S.SHLVD, _T.UNSHELVE),
    (_S.DSUPR, _T.RELEASE),
    (_S.OOSRV, _T.BACK_IN_SERVICE),
}
"""The condition is read again: unacknowledged where it holds, else normal."""

_STANDS: Mapping[State, str] = {
    _S.NORM: "over",
    _S.UNACK: "open and not acknowledged",
    _S.ACKED: "acknowledged",
    _S.RTNUN: "over, but not acknowledged",
    _S.SHLVD: "shelved",
    _S.DSUPR: "suppressed because of another cause",
    _S.OOSRV: "out of service",
}
_WISHES: Mapping[Trigger, str] = {
    _T.ANNOUNCE: "announced again",
    _T.CLEAR: "returned to normal",
    _T.ACKNOWLEDGE: "acknowledged",
    _T.UNACKNOWLEDGE: "made unacknowledged again",
    _T.SHELVE: "shelved",
    _T.UNSHELVE: "taken from the shelf",
    _T.SUPPRESS: "suppressed",
    _T.RELEASE: "released from suppression",
    _T.OUT_OF_SERVICE: "taken out of service",
    _T.BACK_IN_SERVICE: "put back in service",
    _T.CLOSE: "closed",
}


def move(state: State, trigger: Trigger, *, active: bool) -> State:
    """The state that follows.

    Args:
        state: where the alarm stands.
        trigger: what happens to it.
        active: whether its condition holds, or it is latched.

    Raises:
        IllegalMove: no such transition; ISA-18.2 section C.1 of the reference has the list.
    """
    if (state, trigger) in _RE_READ:
        return State.UNACK if active else State.NORM
    found = _FIXED.get((state, trigger))
    if found is None:
        raise IllegalMove(f"The fault is {_STANDS[state]}, so it cannot be {_WISHES[trigger]}.")
    if trigger is Trigger.CLEAR and active:
        raise IllegalMove("The condition still holds or is latched, so the fault is not over.")
    if trigger is Trigger.UNACKNOWLEDGE and state is State.NORM and active:
        raise IllegalMove("The fault holds again, so there is nothing to undo.")
    return found


def shelved_until(now_ms: int, until_ms: int, *, safety: bool) -> int:
    """The end of a shelving, checked against the longest allowed (CONTRACTS decision 13).

    Raises:
        IllegalMove: it ends before it begins, or lasts too long.
    """
    if until_ms <= now_ms:
        raise IllegalMove("Shelving needs an end in the future.")
    most = SHELVE_SAFETY_MOST_MS if safety else SHELVE_MOST_MS
    if until_ms - now_ms > most:
        words = (
            "A safety alarm can be shelved for 60 minutes" if safety else "A fault can be shelved for 8 hours"
        )
        raise IllegalMove(f"{words} at most; choose an earlier end.")
    return until_ms


def may_undo(acknowledged_ms: int | None, now_ms: int) -> None:
    """Whether an acknowledgement may still be undone.

    Raises:
        IllegalMove: there is none, or it is too long ago.
    """
    if acknowledged_ms is None:
        raise IllegalMove("Nobody acknowledged the fault, so there is nothing to undo.")
    if now_ms - acknowledged_ms > UNDO_MS:
        raise IllegalMove("It was acknowledged more than 10 minutes ago, which can no longer be undone.")

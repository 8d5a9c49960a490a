"""How long a command waits before it is sent: for its turn, its time, or the station's return."""

from app.domain.errors import ForecourtError
from app.domain.operations import SetAvailability, Wish

TURN_MS = 60_000
"""A command to a station that is there waits so long for its turn (security reference, section 3)."""
SCHEDULE_MS = 300_000
"""One that was set for a time is tried so long, where nobody said how long it may wait."""


def due(wish: Wish) -> int:
    """Not before then, ms UTC; 0: at once."""
    operation = wish.operation
    return operation.at_ms or 0 if isinstance(operation, SetAvailability) else 0


def expiry(wish: Wish, now_ms: int, *, online: bool) -> int:
    """When its wait ends, ms UTC.

    Raises:
        ForecourtError: the station is not there and the command is not to wait, or the wait is over.
    """
    at_ms = due(wish)
    if wish.wait_until_ms is not None:
        if wish.wait_until_ms <= max(now_ms, at_ms):
            raise ForecourtError("The end of the wait lies in the past; choose a later time.")
        return wish.wait_until_ms
    if at_ms > now_ms:
        return at_ms + SCHEDULE_MS
    if not online:
        raise ForecourtError(f"{wish.station} is not connected, so nothing was sent.")
    return now_ms + TURN_MS

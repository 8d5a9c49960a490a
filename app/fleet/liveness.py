"""When a link that says nothing is in doubt, and when it is lost (CONTRACTS decision 7). Pure.

Any frame and any pong is a sign of life (Q09): a station that only answers pings is online.
"""

from dataclasses import dataclass

from app.domain.status import LinkState

DOUBTFUL_AFTER = 2.5
"""Times the heartbeat interval."""
OFFLINE_AFTER = 3
"""Times the heartbeat interval, but no less than `LEAST_OFFLINE_MS`."""
LEAST_OFFLINE_MS = 180_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a link is, since when, and when to judge again if nothing more is heard (None: never)."""

    state: LinkState
    since_ms: int
    next_ms: int | None


def doubtful_ms(heartbeat_s: float) -> int:
    """How long a link may be silent before it is in doubt, ms."""
    return min(round(heartbeat_s * 1000 * DOUBTFUL_AFTER), offline_ms(heartbeat_s))


def offline_ms(heartbeat_s: float) -> int:
    """How long a link may be silent before it is lost, ms."""
    return max(round(heartbeat_s * 1000 * OFFLINE_AFTER), LEAST_OFFLINE_MS)


def judge(last_ms: int, heartbeat_s: float, now_ms: int) -> Judgement:
    """Judge an open link.

    Args:
        last_ms: when its last frame or pong came.
        heartbeat_s: the interval the station was told to keep.
        now_ms: now, on the same clock.
    """
    doubt, lost = last_ms + doubtful_ms(heartbeat_s), last_ms + offline_ms(heartbeat_s)
    if now_ms >= lost:
        return Judgement(LinkState.OFFLINE, lost, None)
    if now_ms >= doubt:
        return Judgement(LinkState.DOUBTFUL, doubt, lost)
    return Judgement(LinkState.ONLINE, last_ms, doubt)

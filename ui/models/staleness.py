"""When a live value is too old to be told as now (CONTRACTS decision 7)."""

from enum import Enum

from app.domain.status import ConnectorStatus, LinkState
from app.fleet.views import ConnectorView

STALE_FACTOR = 2.5
DEFAULT_INTERVAL_MS = 60_000
"""Assumed where a connector has sent too few values to know its usual interval."""

_IDLE = frozenset((ConnectorStatus.AVAILABLE, ConnectorStatus.RESERVED, ConnectorStatus.UNAVAILABLE))


class Age(Enum):
    """How far a live value may be believed."""

    LIVE = "live"
    STALE = "stale"
    GONE = "gone"


def age_of(plug: ConnectorView, link: LinkState, now_ms: int) -> Age:
    """Whether the connector's values are live, stale ("as of ..."), or gone because the link is."""
    if link in (LinkState.OFFLINE, LinkState.NEVER):
        return Age.GONE
    if plug.value_at_ms is None:
        return Age.LIVE
    if plug.session is None:
        return Age.LIVE
    usual = plug.usual_interval_ms or DEFAULT_INTERVAL_MS
    return Age.STALE if now_ms - plug.value_at_ms > STALE_FACTOR * usual else Age.LIVE


def power_now(plug: ConnectorView, link: LinkState) -> int | None:
    """Power in W to show as now: None where it is not known; 0 where no car can be drawing any."""
    if link in (LinkState.OFFLINE, LinkState.NEVER):
        return None
    if plug.status in _IDLE:
        return 0
    return plug.power_w


def station_power(plugs: tuple[ConnectorView, ...], link: LinkState) -> int | None:
    """Sum of the plugs' power in W; None where none of them is known."""
    known = [p for p in (power_now(plug, link) for plug in plugs) if p is not None]
    return sum(known) if known else None

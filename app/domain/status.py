"""One vocabulary for what a connector, a link and a station can be, and what is shown of them."""

from enum import StrEnum


class ConnectorStatus(StrEnum):
    """What a connector says of itself (OCPP 1.6 section 7.7; 2.x mapped by its adapter)."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"
    FINISHING = "Finishing"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"
    UNKNOWN = "Unknown"


class LinkState(StrEnum):
    """The state of a station's link (CONTRACTS decision 7)."""

    ONLINE = "online"
    DOUBTFUL = "doubtful"
    OFFLINE = "offline"
    NEVER = "never"


NOT_RUNNING = "Forecourt was not running"
"""Why a link is off that nobody saw end: no station's fault."""


class Admission(StrEnum):
    """Whether a station may be part of the network (CONTRACTS decision 4)."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"
    RETIRED = "retired"
    LAPSED = "lapsed"
    """It asked, was not let in and fell silent; somebody else needed its place at the door."""


class Registration(StrEnum):
    """The answer to BootNotification."""

    ACCEPTED = "Accepted"
    PENDING = "Pending"
    REJECTED = "Rejected"


class Shown(StrEnum):
    """What the screen shows; each has its own shape, colour and word (UI.md section 1)."""

    AVAILABLE = "available"
    CHARGING = "charging"
    PREPARING = "preparing"
    FINISHING = "finishing"
    RESERVED = "reserved"
    UNAVAILABLE = "unavailable"
    FAULTED = "faulted"
    OFFLINE = "offline"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"


WORST_FIRST: tuple[Shown, ...] = (
    Shown.FAULTED,
    Shown.OFFLINE,
    Shown.DEGRADED,
    Shown.UNKNOWN,
    Shown.UNAVAILABLE,
    Shown.RESERVED,
    Shown.FINISHING,
    Shown.PREPARING,
    Shown.CHARGING,
    Shown.AVAILABLE,
)
"""Severity order for roll-ups and clusters (tokens.json, severityOrder)."""

SEVERITY: dict[Shown, int] = {shown: rank for rank, shown in enumerate(WORST_FIRST)}

_PLAIN: dict[ConnectorStatus, Shown] = {
    ConnectorStatus.AVAILABLE: Shown.AVAILABLE,
    ConnectorStatus.PREPARING: Shown.PREPARING,
    ConnectorStatus.CHARGING: Shown.CHARGING,
    ConnectorStatus.SUSPENDED_EV: Shown.PREPARING,
    ConnectorStatus.SUSPENDED_EVSE: Shown.PREPARING,
    ConnectorStatus.FINISHING: Shown.FINISHING,
    ConnectorStatus.RESERVED: Shown.RESERVED,
    ConnectorStatus.UNAVAILABLE: Shown.UNAVAILABLE,
    ConnectorStatus.FAULTED: Shown.FAULTED,
    ConnectorStatus.UNKNOWN: Shown.UNKNOWN,
}


def shown_state(
    status: ConnectorStatus,
    link: LinkState,
    *,
    station_status: ConnectorStatus = ConnectorStatus.UNKNOWN,
    warning: bool = False,
) -> Shown:
    """Derive the one state that is shown of a connector. The first row that fits decides.

    ============================================ ==========================================
    when                                         shown
    ============================================ ==========================================
    link never made                              unknown
    link offline                                 offline (the last status is kept beside it)
    station (connector 0) Faulted                faulted
    connector Faulted                            faulted
    station (connector 0) Unavailable            unavailable
    connector Unavailable, Reserved              unavailable, reserved
    connector status not reported yet            unknown
    an error beside a usable status, or a link   degraded
    that is doubtful
    Available, Preparing, Charging, Finishing    the same
    SuspendedEV, SuspendedEVSE                   preparing (occupied, no energy flows)
    ============================================ ==========================================

    Args:
        status: what the connector reported last.
        link: the station's link.
        station_status: what connector 0 reported last; its Available covers nothing.
        warning: an errorCode other than NoError beside a usable status (1.6 section 4.9, Q62).
    """
    if link is LinkState.NEVER:
        return Shown.UNKNOWN
    if link is LinkState.OFFLINE:
        return Shown.OFFLINE
    if ConnectorStatus.FAULTED in (status, station_status):
        return Shown.FAULTED
    if station_status is ConnectorStatus.UNAVAILABLE:
        return Shown.UNAVAILABLE
    plain = _PLAIN[status]
    if plain in (Shown.UNAVAILABLE, Shown.RESERVED, Shown.UNKNOWN):
        return plain
    if warning or link is LinkState.DOUBTFUL:
        return Shown.DEGRADED
    return plain


def worst(states: tuple[Shown, ...]) -> Shown:
    """The state that stands for many, worst first; unknown for none."""
    return min(states, key=SEVERITY.__getitem__, default=Shown.UNKNOWN)

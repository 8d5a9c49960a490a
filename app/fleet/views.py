"""Immutable rows of the live picture, as the screen, `status` and `watch` get them."""

import msgspec

from app.domain.fact import Fact
from app.domain.status import Admission, ConnectorStatus, LinkState, Shown


class ConnectorView(Fact, frozen=True):
    """One plug, live. Power in W; None is unknown, never zero. Times in ms UTC."""

    station: str
    evse: int
    connector: int
    status: ConnectorStatus
    shown: Shown
    since_ms: int | None = None
    error: str = ""
    vendor_error: str = ""
    info: str = ""
    kind: str = ""
    rated_power_w: int | None = None
    power_w: int | None = None
    value_at_ms: int | None = None
    usual_interval_ms: int | None = None
    """The usual gap between its values: stale beyond 2.5 times this (decision 7)."""
    session: int | None = None
    session_started_ms: int | None = None
    session_energy_wh: int | None = None
    session_token: str = ""
    session_flags: tuple[str, ...] = ()
    soc_percent: float | None = None


class StationView(Fact, frozen=True):
    """One station, live."""

    station: str
    name: str
    site: str
    latitude: float | None
    longitude: float | None
    admission: Admission
    link: LinkState
    link_since_ms: int | None
    last_seen_ms: int | None
    shown: Shown
    version: str = ""
    """"1.6", "2.0.1", "2.1" or "" while never connected."""
    tls: bool = False
    peer: str = ""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    has_password: bool = False
    station_status: ConnectorStatus = ConnectorStatus.UNKNOWN
    station_error: str = ""
    connectors: tuple[ConnectorView, ...] = ()
    power_w: int | None = None
    energy_today_wh: int = 0
    sessions_open: int = 0
    clock_skew_ms: int | None = None
    round_trip_ms: int | None = None
    quirks: tuple[tuple[str, int], ...] = ()
    heartbeat_s: int = 300
    identity_doubtful: bool = False
    """Two stations use this identity (decision 6)."""


class Trouble(Fact, frozen=True):
    """One line of what is wrong now. Sorted worst and oldest first."""

    station: str
    evse: int
    connector: int
    kind: str
    """"error", "offline", "silent", "doubtful", "deaf", "status", "security", "identity", "session" or
    "server"."""
    shown: Shown
    text: str
    since_ms: int
    detail: str = ""


class Waiting(Fact, frozen=True):
    """A station that asks to be let in (admission `ask`), or was turned away at the door."""

    identity: str
    peer: str
    since_ms: int
    last_ms: int
    count: int
    cause: str
    """"waiting" or the cause of the refusal, in plain words."""
    remedy: str
    """"accept", "set-password", "assume-1.6", "use-identity" or ""."""
    version: str = ""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    held_messages: int = 0


class ServerView(Fact, frozen=True):
    """The server itself, for the status bar."""

    state: str = "starting"
    """"starting", "listening", "failed", "stopping"."""
    cause: str = ""
    urls: tuple[str, ...] = ()
    started_ms: int = 0
    recording: bool = True
    recording_cause: str = ""
    connected: int = 0
    by_version: tuple[tuple[str, int], ...] = ()
    messages_per_minute: int = 0
    messages_total: int = 0
    limits_hit: tuple[tuple[str, int], ...] = ()
    database_bytes: int = 0
    last_backup_ms: int | None = None
    backup_verified: bool = False
    demo: bool = False


class Totals(Fact, frozen=True):
    """The KPI strip: counts over accepted stations."""

    stations: int = 0
    online: int = 0
    offline: int = 0
    never: int = 0
    connectors: tuple[tuple[Shown, int], ...] = ()
    power_w: int = 0
    power_missing: int = 0
    """Connectors that charge without telling their power."""
    energy_today_wh: int = 0
    sessions_open: int = 0


class Picture(Fact, frozen=True):
    """The whole live picture at one instant."""

    at_ms: int
    stations: dict[str, StationView] = msgspec.field(default_factory=dict)
    totals: Totals = msgspec.field(default_factory=Totals)
    troubles: tuple[Trouble, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    server: ServerView = msgspec.field(default_factory=ServerView)


class Changes(Fact, frozen=True):
    """What changed since the last take: only what differs is set (None: unchanged)."""

    stations: dict[str, StationView] = msgspec.field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    totals: Totals | None = None
    troubles: tuple[Trouble, ...] | None = None
    waiting: tuple[Waiting, ...] | None = None
    server: ServerView | None = None


class MessageView(Fact, frozen=True):
    """One line of the live message log."""

    at_ms: int
    station: str
    direction: str
    """"in", "out", or "link" for connects and disconnects."""
    action: str
    message_id: str
    kind: str
    """"call", "result", "error", "send", "result-error", "note"."""
    frame: str
    latency_ms: int | None = None
    note: str = ""
    held: bool = False

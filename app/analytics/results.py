"""What the window and the exports get as answers: frozen, plain units, ready to show.

The questions are functions `(connection, …) -> result` in `app.analytics.questions`; the window
asks with `await room.ask(questions.sessions_page, SessionFilter(…), None, 200)`:

    power_24h(connection, now_ms, step_ms=300_000)                    -> PowerSeries
    station_power(connection, station, from_ms, to_ms, step_ms)       -> PowerSeries
    evse_powers(connection, station, from_ms, to_ms, step_ms)         -> tuple[(EVSE, PowerSeries), …]
    energy_between(connection, from_ms, to_ms)                        -> Energy
    energy_today(connection, now_ms, zone)                            -> Energy
    station_history(connection, station, now_ms, zone, days=90)       -> StationHistory
    strips(connection, now_ms, zone, days=30)                         -> tuple[Strip, …]
    energy_per_day(connection, now_ms, zone, days, station=None)      -> tuple[EnergyDay, …]
    uptime(connection, from_ms, to_ms, station=None)                  -> tuple[EvseUptime, …]
    sessions_page(connection, filter, cursor=None, limit=200, order=) -> SessionsPage
    session_detail(connection, session)                               -> SessionDetail | None
    messages_page(connection, filter, before=None, limit=200)         -> MessagesPage
    status_spans(connection, station, from_ms, to_ms)                 -> tuple[StatusSpan, …]
    link_spans(connection, station, from_ms, to_ms)                   -> tuple[LinkSpan, …]
    counts(connection)                                                -> Counts
    sites(connection)                                                 -> tuple[str, …]

Times are ms UTC, intervals half-open [start, end). `zone` is an IANA name ("Europe/Berlin").
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.records import CommandRecord, NoticeRecord, SessionRecord, SessionState
from app.domain.status import ConnectorStatus, LinkState, Shown
from app.fleet.views import MessageView


@dataclass(frozen=True, slots=True)
class PowerSeries:
    """Power in W at even steps from `start_ms`. None is a gap (nothing could be known), never 0."""

    start_ms: int
    step_ms: int
    values: tuple[float | None, ...]

    @property
    def peak_w(self) -> float | None:
        """The highest value, None where nothing is known."""
        return max((value for value in self.values if value is not None), default=None)


@dataclass(frozen=True, slots=True)
class Energy:
    """Energy delivered in [start, end), whole network and per station that delivered any.

    `unproven` counts sessions in the span whose energy cannot be proved; they add nothing.
    """

    start_ms: int
    end_ms: int
    total_wh: int
    by_station: tuple[tuple[str, int], ...] = ()
    unproven: int = 0


@dataclass(frozen=True, slots=True)
class EnergyDay:
    """One local day: `day` is "2026-03-29"; `sessions` counts those that began on it."""

    day: str
    start_ms: int
    end_ms: int
    energy_wh: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Uptime:
    """Raw uptime of a span, exact. `up + down + unmeasured` is the span (times EVSEs if several).

    Unmeasured (blind, never heard) is never silently counted as up or down: it makes bounds.
    """

    up_ms: int
    down_ms: int
    unmeasured_ms: int

    @property
    def total_ms(self) -> int:
        """The whole span in ms."""
        return self.up_ms + self.down_ms + self.unmeasured_ms

    @property
    def best(self) -> Fraction | None:
        """Percent of measured time only; None where nothing was measured."""
        measured = self.up_ms + self.down_ms
        return Fraction(self.up_ms * 100, measured) if measured else None

    @property
    def low(self) -> Fraction | None:
        """Percent if all that was not measured had been down."""
        return Fraction(self.up_ms * 100, self.total_ms) if self.total_ms else None

    @property
    def high(self) -> Fraction | None:
        """Percent if all that was not measured had been up."""
        return Fraction((self.up_ms + self.unmeasured_ms) * 100, self.total_ms) if self.total_ms else None

    @property
    def measured(self) -> Fraction | None:
        """Percent of the span that was measured."""
        total = self.total_ms
        return Fraction((self.up_ms + self.down_ms) * 100, total) if total else None


@dataclass(frozen=True, slots=True)
class EvseUptime:
    """Raw uptime of one EVSE over [from, to); `from` is not before its station's first contact."""

    station: str
    evse: int
    from_ms: int
    to_ms: int
    uptime: Uptime


@dataclass(frozen=True, slots=True)
class DayState:
    """One local day of a strip.

    `worst` is the worst measured state that lasted at least a minute; unknown only where nothing
    was measured. `state_ms` gives how long each state lasted, worst first; the station's state of
    an instant is its worst EVSE's.
    """

    day: str
    start_ms: int
    end_ms: int
    worst: Shown
    state_ms: tuple[tuple[Shown, int], ...]
    uptime: Uptime


@dataclass(frozen=True, slots=True)
class Strip:
    """The last days of one station, oldest first; today reaches to now only.

    Days before the station's first contact are there, with no states and no time in their uptime.
    """

    station: str
    zone: str
    days: tuple[DayState, ...]
    uptime: Uptime


@dataclass(frozen=True, slots=True)
class StationHistory:
    """What the station page shows of the past."""

    station: str
    strip: Strip
    energy: tuple[EnergyDay, ...]
    sessions: tuple["SessionLine", ...]
    """The newest 20."""
    commands: tuple[CommandRecord, ...]
    """The newest 50."""
    notices: tuple[NoticeRecord, ...]
    """The newest 50."""


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions. Empty fields do not filter. `text` is looked for in station, name, site,
    token, transaction and number; the period is that of the start: from inclusive, to exclusive."""

    text: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    site: str = ""
    station: str = ""
    states: tuple[SessionState, ...] = ()
    flag: str = ""
    any_flag: tuple[str, ...] = ()
    """Those that carry at least one of these."""


@dataclass(frozen=True, slots=True)
class SessionOrder:
    """By "start", "station", "duration" or "energy". A running session has lasted until `now_ms`; what has
    no known start, or no proved energy, counts as the least."""

    by: str = "start"
    descending: bool = True
    now_ms: int = 0


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session with its station's name and site."""

    session: SessionRecord
    name: str
    site: str


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """In the order asked for. `cursor` asks for the next page (None: that was all).

    `total` and `energy_wh` are of the whole filter, not only of the visible rows.
    """

    rows: tuple[SessionLine, ...]
    cursor: tuple[Any, int] | None
    total: int
    energy_wh: int
    unproven: int
    """Sessions of the filter whose energy cannot be proved."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One instant of a session's meter. Energy as the register said; None where it said nothing."""

    at_ms: int
    energy_wh: int | None
    power_w: int | None
    soc_percent: float | None
    trusted: bool
    context: str


@dataclass(frozen=True, slots=True)
class StatusSpan:
    """A connector's own word over [start, end); `end_ms` None: it still lasts."""

    station: str
    evse: int
    connector: int
    start_ms: int
    end_ms: int | None
    status: ConnectorStatus
    error: str = ""
    vendor_error: str = ""
    info: str = ""


@dataclass(frozen=True, slots=True)
class LinkSpan:
    """A link's state over [start, end); `blind` where Forecourt itself could not see or keep."""

    station: str
    start_ms: int
    end_ms: int | None
    state: LinkState | None
    """None means blind."""
    reason: str = ""

    @property
    def word(self) -> str:
        """ "online", "doubtful", "offline", "never" or "blind"."""
        return self.state.value if self.state is not None else "blind"


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """A session's page."""

    line: SessionLine
    curve: tuple[CurvePoint, ...]
    statuses: tuple[StatusSpan, ...]
    """Of its connector, during the session."""


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages of the kept log. `text` is looked for in frame, answer and action."""

    station: str = ""
    text: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    directions: tuple[str, ...] = ()
    """Of "in", "out", "link"; empty: all."""


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """Newest first. `before` asks for older ones (None: nothing older is kept)."""

    lines: tuple[MessageView, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much history there is."""

    stations: int = 0
    sessions: int = 0
    open_sessions: int = 0
    statuses: int = 0
    readings: int = 0
    journal_rows: int = 0
    first_ms: int | None = None

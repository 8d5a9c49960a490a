"""One connector, live: what it told last, the session on it, and its power while that is fresh."""

from app.domain.meter import Reading
from app.domain.records import SessionRecord, SessionState, StatusRecord
from app.domain.status import ConnectorStatus, LinkState, shown_state
from app.fleet.views import ConnectorView

STALE_FACTOR = 2.5
"""CONTRACTS decision 7: a value is stale at 2.5 times its own usual interval."""
FIRST_INTERVAL_MS = 60_000
"""Assumed until two values have told the interval."""
STILL_MS = 300_000
"""Q45, Q61: five minutes of Charging without any power, or without a session, are doubted."""
GROWING = frozenset({SessionState.OPEN, SessionState.INTERRUPTED})
_OCCUPIED = frozenset({ConnectorStatus.PREPARING, ConnectorStatus.UNKNOWN})
_FLOW = {s.value: s for s in ConnectorStatus}


class Plug:
    """A connector that was told of, planned, or seen in a session (Q60: created on sight)."""

    __slots__ = (
        "connector", "ended_ms", "error", "evse", "info", "kind", "power_w", "rated_w", "session",
        "since_ms", "status", "still_ms", "still_wh", "told_ms", "usual_ms", "value_ms", "vendor_error",
    )  # fmt: skip

    def __init__(self, evse: int, connector: int) -> None:
        self.evse = evse
        self.connector = connector
        self.status = ConnectorStatus.UNKNOWN
        self.since_ms: int | None = None
        self.told_ms: int | None = None
        """When its status was received, by our clock."""
        self.still_ms: int | None = None
        """Since when the session on it is told to take no energy; None while it takes some."""
        self.still_wh: int | None = None
        self.error = ""
        self.vendor_error = ""
        self.info = ""
        self.kind = ""
        self.rated_w: int | None = None
        self.session: SessionRecord | None = None
        self.ended_ms: int | None = None
        self.power_w: int | None = None
        self.value_ms: int | None = None
        self.usual_ms: int | None = None

    def tell(self, record: StatusRecord) -> None:
        """Take what was received last, whatever time it bears (decision 11, Q83)."""
        if (record.status, record.error, record.vendor_error) != (
            self.status,
            self.error,
            self.vendor_error,
        ) or self.since_ms is None:
            self.since_ms = record.at_ms
        if record.status is not self.status or self.told_ms is None:
            self.told_ms = record.received_ms
        self.status = record.status
        self.error = record.error
        self.vendor_error = record.vendor_error
        self.info = record.info

    def occupy(self, session: SessionRecord) -> None:
        """A session grows on it."""
        known = self.session
        if known is None or known.session != session.session:
            self.power_w, self.value_ms = None, None
            self.still_ms = self.still_wh = None
        self.session = session
        if self.value_ms is None and session.last_sample_ms is not None:
            self.power_w, self.value_ms = session.power_w, session.last_sample_ms
            self.still_ms = session.last_sample_ms if session.power_w == 0 else None

    def free(self, session: SessionRecord) -> None:
        """A session ended on it."""
        if self.session is not None and self.session.session == session.session:
            self.session = None
            self.power_w = self.value_ms = None
            self.still_ms = self.still_wh = None
            self.ended_ms = session.ended_ms

    def sample(self, reading: Reading) -> None:
        """A reading of the session on it; one older than the newest says nothing of now."""
        at_ms = reading.at_ms
        if self.value_ms is not None:
            gap = at_ms - self.value_ms
            if gap < 0:
                return
            if gap > 0:
                self.usual_ms = gap if self.usual_ms is None else self.usual_ms + (gap - self.usual_ms) // 4
        self.value_ms = at_ms
        if reading.power_w is not None:
            self.power_w = reading.power_w
        self._flow(reading)

    def _flow(self, reading: Reading) -> None:
        """Whether energy flows, by its power; by its register where no power is told."""
        flows = reading.power_w
        if flows is None and reading.energy_wh is not None:
            before, self.still_wh = self.still_wh, reading.energy_wh
            flows = None if before is None else reading.energy_wh - before
        if flows is not None and flows > 0:
            self.still_ms = None
        elif flows is not None and self.still_ms is None:
            self.still_ms = reading.at_ms

    def doubt(self, now_ms: int) -> tuple[str, int] | None:
        """What contradicts the status it tells, in words, and since when; None: nothing does (Q61).

        The status itself stands: nothing is reset for it.
        """
        if self.status is ConnectorStatus.CHARGING:
            if self.session is None:
                if self.told_ms is not None and now_ms - self.told_ms >= STILL_MS:
                    return "Says Charging, but no session runs", self.told_ms
            elif self.still_ms is not None and now_ms - self.still_ms >= STILL_MS:
                return "Says Charging, but no power flows", self.still_ms
        elif self.status is ConnectorStatus.AVAILABLE and self.session is not None:
            told, value = self.told_ms, self.value_ms
            if told is not None and value is not None and value - told >= STILL_MS and self.power_w:
                return "Says Available, but power flows", told
        return None

    @property
    def shown_status(self) -> ConnectorStatus:
        """The status, refined by the session where it only says "occupied" (conformance section 4)."""
        if self.status not in _OCCUPIED:
            return self.status
        if self.session is not None:
            return _FLOW.get(self.session.charging, self.status)
        if (
            self.status is ConnectorStatus.PREPARING
            and self.ended_ms is not None
            and self.since_ms is not None
            and self.ended_ms >= self.since_ms
        ):
            return ConnectorStatus.FINISHING
        return self.status

    def stale_at_ms(self) -> int | None:
        """When its power ceases to be fresh; None if it tells none."""
        if self.value_ms is None or self.power_w is None:
            return None
        return self.value_ms + round(STALE_FACTOR * (self.usual_ms or FIRST_INTERVAL_MS))

    def view(self, station: str, link: LinkState, station_status: ConnectorStatus) -> ConnectorView:
        """The immutable row."""
        session, told = self.session, self.shown_status
        on_air = link is not LinkState.OFFLINE and link is not LinkState.NEVER
        return ConnectorView(
            station,
            self.evse,
            self.connector,
            told,
            shown_state(
                told,
                link,
                station_status=station_status,
                warning=bool(self.error) and told is not ConnectorStatus.FAULTED,
            ),
            self.since_ms,
            self.error,
            self.vendor_error,
            self.info,
            self.kind,
            self.rated_w,
            self.power_w if on_air and session is not None else None,
            self.value_ms,
            self.usual_ms,
            None if session is None else session.session,
            None if session is None else session.started_ms,
            None if session is None else session.energy_wh,
            "" if session is None else session.token,
            () if session is None else tuple([flag.value for flag in session.flags]),
            None if session is None else session.soc_percent,
        )

"""One station, live. Changed by records as they are committed; costs next to nothing while idle."""

from typing import NamedTuple

from app.domain.records import (
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    SessionRecord,
    SessionState,
    StationRecord,
    StatusRecord,
)
from app.domain.status import Admission, ConnectorStatus, LinkState, Shown, shown_state, worst
from app.fleet.plug import GROWING, Plug
from app.fleet.views import ConnectorView, StationView, Trouble

NOTICES_KEPT = 20
"""Critical notices held for the list of what is wrong."""

_VERSIONS = {"ocpp1.6": "1.6", "ocpp2.0.1": "2.0.1", "ocpp2.1": "2.1"}


class Share(NamedTuple):
    """What a station adds to the totals."""

    online: int
    offline: int
    never: int
    shown: tuple[Shown, ...]
    power_w: int
    power_missing: int
    today_wh: int
    sessions_open: int


class Post:
    """A station as the live picture holds it."""

    __slots__ = (
        "deaf_since_ms",
        "dirty",
        "error",
        "error_since_ms",
        "heard_ms",
        "heartbeat_s",
        "held",
        "identity_since_ms",
        "link",
        "link_reason",
        "link_since_ms",
        "notices",
        "peer",
        "places",
        "plugs",
        "record",
        "reviews",
        "round_trip_ms",
        "share",
        "skew_ms",
        "spoke_ms",
        "station",
        "status",
        "tls",
        "today_wh",
        "troubles",
        "vendor_error",
        "version",
        "view",
    )  # fmt: skip

    def __init__(self, station: str) -> None:
        self.station = station
        self.record: StationRecord | None = None
        self.link = LinkState.NEVER
        self.link_since_ms: int | None = None
        self.link_reason = ""
        self.heard_ms: int | None = None
        self.spoke_ms: int | None = None
        self.version = ""
        self.tls = False
        self.peer = ""
        self.heartbeat_s = 300
        self.skew_ms: int | None = None
        self.round_trip_ms: int | None = None
        self.status = ConnectorStatus.UNKNOWN
        self.error = ""
        self.vendor_error = ""
        self.error_since_ms: int | None = None
        self.identity_since_ms: int | None = None
        self.deaf_since_ms: int | None = None
        """Since when it answers none of our calls, though its link is open (Q10)."""
        self.held = 0
        self.today_wh = 0
        self.plugs: tuple[Plug, ...] = ()
        self.places: dict[int, Plug | None] | None = None
        self.reviews: dict[int, int] | None = None
        self.notices: tuple[NoticeRecord, ...] = ()
        self.view: StationView | None = None
        self.troubles: tuple[Trouble, ...] = ()
        self.share: Share | None = None
        self.dirty = False

    def register(self, record: StationRecord) -> None:
        """Take the station's row: names, place, plan."""
        self.record = record
        if record.last_seen_ms and (self.heard_ms is None or record.last_seen_ms > self.heard_ms):
            self.heard_ms = record.last_seen_ms
        if self.link is LinkState.NEVER and record.last_seen_ms:
            # It was here before this program began; what it is now, a link of its own will tell.
            self.link, self.link_since_ms = LinkState.OFFLINE, record.last_seen_ms
        for plan in record.plan:
            if plan.evse > 0:
                plug = self.plug(plan.evse, plan.connector)
                plug.kind, plug.rated_w = plan.kind, plan.rated_power_w

    def tell(self, record: StatusRecord) -> None:
        """Take a live status; connector 0 is the station itself (Q59)."""
        if not record.live:
            return
        if record.evse > 0:
            plug = self.plug(record.evse, record.connector)
            faulted = plug.status is ConnectorStatus.FAULTED
            plug.tell(record)
            if faulted and record.status is not ConnectorStatus.FAULTED and self.notices:
                self.settle(plug.evse)
            return
        if (record.status, record.error) != (self.status, self.error) or self.error_since_ms is None:
            self.error_since_ms = record.at_ms
        self.status, self.error, self.vendor_error = record.status, record.error, record.vendor_error

    def linked(self, record: LinkRecord) -> None:
        """Take a point of the link's timeline."""
        if self.link_since_ms is None or record.state is not self.link:
            self.link_since_ms = record.at_ms
        self.link, self.link_reason = record.state, record.reason

    def follow(self, record: SessionRecord) -> None:
        """Take a session's next version."""
        growing = record.state in GROWING
        if record.state is SessionState.REVIEW:
            if self.reviews is None:
                self.reviews = {}
            self.reviews[record.session] = record.ended_ms or record.started_ms
        elif self.reviews and self.reviews.pop(record.session, None) is not None and not self.reviews:
            self.reviews = None
        places = self.places
        if not growing:
            if places is not None and record.session in places:
                plug = places.pop(record.session)
                if plug is not None:
                    plug.free(record)
                if not places:
                    self.places = None
            return
        if places is None:
            places = self.places = {}
        plug = places.get(record.session)
        if plug is None:
            plug = None if not record.evse else self.plug(record.evse, record.connector or 0)
            places[record.session] = plug
        if plug is not None:
            plug.occupy(record)

    def sample(self, record: ReadingRecord) -> bool:
        """Take a reading of a running session. Returns whether it says anything of now."""
        if record.session is None or self.places is None:
            return False
        plug = self.places.get(record.session)
        if plug is None:
            return False
        plug.sample(record.reading)
        return True

    def notice(self, record: NoticeRecord) -> None:
        """Keep a critical notice, the newest few. One whose connector has worked since then is over."""
        if record.subject == "event" and record.evse:
            plug = self.plug(record.evse, record.connector or 0)
            if plug.status is not ConnectorStatus.FAULTED and (plug.told_ms or 0) > record.received_ms:
                return
        self.notices = (*self.notices, record)[-NOTICES_KEPT:]

    def settle(self, evse: int, name: str = "") -> None:
        """What was told of an EVSE's components is over: the station says so, or its fault has ended."""
        self.notices = tuple(
            n for n in self.notices
            if n.subject != "event" or (n.evse or 0) != evse or (name and n.name != name)
        )  # fmt: skip

    def plug(self, evse: int, connector: int) -> Plug:
        """The connector, created on sight (Q60). Connector 0 is the EVSE's first."""
        spare: Plug | None = None
        for plug in self.plugs:
            if plug.evse == evse:
                if plug.connector == connector or not connector:
                    return plug
                if not plug.connector:
                    spare = plug
        if spare is not None:
            # What was known of the EVSE alone turns out to be of this connector.
            spare.connector = connector
            return spare
        plug = Plug(evse, connector)
        self.plugs = tuple(sorted((*self.plugs, plug), key=_place))
        return plug

    @property
    def on_air(self) -> bool:
        """Whether a link is open, even if in doubt."""
        return self.link is LinkState.ONLINE or self.link is LinkState.DOUBTFUL

    def power_now(self, now_ms: int) -> tuple[int | None, int]:
        """Power in W that is fresh, None if none is known; and how many plugs charge untold."""
        if not self.on_air:
            return None, 0
        total, told, missing = 0, self.places is None, 0
        for plug in self.plugs:
            if plug.session is None:
                continue
            until = plug.stale_at_ms()
            if until is not None and now_ms <= until:
                total += plug.power_w or 0
                told = True
            elif plug.shown_status is ConnectorStatus.CHARGING:
                missing += 1
        return (total if told else None), missing

    def build(self, now_ms: int) -> StationView:
        """The immutable row."""
        station, link, record = self.station, self.link, self.record
        status = self.status
        views: tuple[ConnectorView, ...] = tuple([p.view(station, link, status) for p in self.plugs])
        shown = worst(tuple([v.shown for v in views])) if views else shown_state(status, link)
        if (self.error or self.deaf_since_ms is not None) and self.on_air and shown is not Shown.FAULTED:
            shown = worst((shown, Shown.DEGRADED))
        if record is None:
            record = StationRecord(station=station)  # type: ignore[arg-type]
        return StationView(
            station,
            record.name,
            record.site,
            record.latitude,
            record.longitude,
            record.admission,
            link,
            self.link_since_ms,
            self.heard_ms,
            shown,
            self.version or _VERSIONS.get(record.protocol, record.protocol),
            self.tls,
            self.peer or record.peer,
            record.vendor,
            record.model,
            record.serial,
            record.firmware,
            bool(record.password_hash),
            status,
            self.error,
            views,
            self.power_now(now_ms)[0],
            self.today_wh,
            len(self.places) if self.places else 0,
            self.skew_ms,
            self.round_trip_ms,
            record.quirks,
            self.heartbeat_s,
            self.identity_since_ms is not None,
        )

    def contribution(self, now_ms: int) -> Share | None:
        """What it adds to the totals; None for a station that is not part of the network."""
        if self.record is not None and self.record.admission is not Admission.ACCEPTED:
            return None
        power, missing = self.power_now(now_ms)
        view = self.view
        return Share(
            int(self.on_air),
            int(self.link is LinkState.OFFLINE),
            int(self.link is LinkState.NEVER),
            () if view is None else tuple([c.shown for c in view.connectors]),
            power or 0,
            missing,
            self.today_wh,
            len(self.places) if self.places else 0,
        )


def _place(plug: Plug) -> tuple[int, int]:
    return plug.evse, plug.connector

"""Who was hit by a fault: drivers whose session it cut, and those who tried in vain while it stood (H)."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from app.domain.records import NoticeRecord, Record, SessionRecord, SessionState, StatusRecord
from app.domain.status import ConnectorStatus
from app.faults.said import detail_of
from app.faults.standing import Place

MINUTE_MS = 60_000
CUT_BEFORE_MS, CUT_AFTER_MS = MINUTE_MS, 2 * MINUTE_MS
"""A session that ended abnormally so near a fault's onset was cut by it (B.1: a fault in its last 60 s)."""
TRY_MS = 2 * MINUTE_MS
"""Signs of intent closer than this are one attempt (B.1); one without a session by then failed."""
NORMAL = frozenset(
    [
        "Local",
        "Remote",
        "EVDisconnected",
        "EnergyLimitReached",
        "TimeLimitReached",
        "SOCLimitReached",
        "DeAuthorized",
        "StoppedByEV",
        "MasterPass",
        "LocalOutOfCredit",
        "UnlockCommand",
    ]
) | {""}
MIND_MS = 15_000
"""Unplugged within 15 s is a change of mind (B.1)."""
RECENT = 4_000


class Cut(NamedTuple):
    """A session that was cut: what it had delivered."""

    session: int
    place: Place
    ended_ms: int
    delivered_wh: int


class _Try(NamedTuple):
    station: str
    evse: int
    at_ms: int
    who: str


class Drivers:
    """Keeps what drivers lately did; tells who a fault hit. `who` is a tag or, without one, the moment."""

    def __init__(self) -> None:
        self._cuts: deque[tuple[Cut, str]] = deque(maxlen=RECENT)
        self._tries: deque[_Try] = deque(maxlen=RECENT)
        self._shown: dict[str, tuple[int, str]] = {}
        self._plugged: dict[tuple[str, int], dict[int, int]] = {}
        """By EVSE and connector."""
        self._sessions: dict[str, int] = {}
        self._ended: dict[tuple[str, int], int] = {}
        self.version = 0

    def hear(self, record: Record) -> None:
        """A record was committed."""
        if isinstance(record, SessionRecord):
            self._session(record)
        elif isinstance(record, NoticeRecord):
            if record.subject == "token":
                self._failed(record.station, 0, record.received_ms)
                self._shown[record.station] = (record.received_ms, str(detail_of(record).get("token") or ""))
        elif isinstance(record, StatusRecord) and record.live and record.evse:
            self._status(record)

    def tick(self, now_ms: int) -> None:
        """Cards shown long enough ago without a session failed."""
        for station, (at_ms, _) in list(self._shown.items()):
            if now_ms - at_ms >= TRY_MS:
                self._failed(station, 0, now_ms)

    def cuts(self, covers: Callable[[Place], bool], onset_ms: int) -> tuple[Cut, ...]:
        """Sessions that a fault with this onset cut."""
        low, high = onset_ms - CUT_BEFORE_MS, onset_ms + CUT_AFTER_MS
        return tuple(cut for cut, _ in self._cuts if low <= cut.ended_ms <= high and covers(cut.place))

    def hit(self, covers: Callable[[Place], bool], onset_ms: int, until_ms: int) -> frozenset[str]:
        """Drivers whom a fault in [onset, until) hit, as far as memory goes."""
        low, high = onset_ms - CUT_BEFORE_MS, onset_ms + CUT_AFTER_MS
        cut = {who for c, who in self._cuts if low <= c.ended_ms <= high and covers(c.place)}
        tried = {
            t.who
            for t in self._tries
            if onset_ms <= t.at_ms < until_ms and covers(Place(t.station, t.evse, 1 if t.evse else 0))
        }
        return frozenset(cut | tried)

    def _session(self, record: SessionRecord) -> None:
        station, evse = record.station, record.evse or 0
        if record.session > self._sessions.get(station, 0):
            self._sessions[station] = record.session
            self._shown.pop(station, None)
            self._plugged.pop((station, evse), None)
        over = record.ended_ms is not None and record.state in (SessionState.CLOSED, SessionState.INFERRED)
        if not over or record.session <= self._ended.get((station, evse), 0):
            return
        self._ended[station, evse] = record.session
        if record.stop_reason not in NORMAL or record.state is SessionState.INFERRED:
            cut = Cut(
                record.session, Place(station, evse, record.connector or 1), record.ended_ms or 0,
                record.energy_wh or 0,
            )  # fmt: skip
            self._cuts.append((cut, record.token or f"session {record.session}"))
            self.version += 1

    def _status(self, record: StatusRecord) -> None:
        evse = (record.station, record.evse)
        if record.status is ConnectorStatus.PREPARING:
            self._plugged.setdefault(evse, {}).setdefault(record.connector, record.at_ms)
            return
        plugged = self._plugged.get(evse)
        since = plugged.pop(record.connector, None) if plugged else None
        if (
            since is not None
            and record.status is ConnectorStatus.AVAILABLE
            and record.at_ms - since >= MIND_MS
        ):
            self._failed(record.station, record.evse, record.at_ms, since)

    def _failed(self, station: str, evse: int, at_ms: int, since: int | None = None) -> None:
        shown_ms, tag = self._shown.pop(station, (0, ""))
        if not evse and not shown_ms:
            return
        when = shown_ms if shown_ms else since or at_ms
        self._tries.append(_Try(station, evse, when, tag or f"{station}/{evse} {when}"))
        self.version += 1


def covering(places: Iterable[Place], *, whole: bool = True) -> Callable[[Place], bool]:
    """Whether something at a place concerns these connectors. A station as a whole (evse 0) does where
    `whole`: 1.6 does not say at which connector a card was shown."""
    exact = {(p.station, p.evse) for p in places}
    stations = {p.station for p in places}
    return lambda p: (p.station, p.evse) in exact or (whole and not p.evse and p.station in stations)

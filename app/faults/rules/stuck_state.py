"""A status that lasts far longer than it can: Preparing, Finishing, Suspended, Reserved (Q61)."""

from collections.abc import Hashable

import msgspec

from app.domain.ids import StationId
from app.domain.records import Record, SessionRecord, SessionState, StatusRecord
from app.domain.status import ConnectorStatus, LinkState
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS = 60_000
GROWING = (SessionState.OPEN, SessionState.INTERRUPTED)
_FLOW = {s.value: s for s in ConnectorStatus}


class StuckStateLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Minutes that each status may last; 0 for as long as it likes."""

    preparing_min: float
    finishing_min: float
    suspended_ev_min: float
    suspended_evse_min: float
    reserved_min: float


class StuckState(Resumes):
    """Watches how long a connector keeps its status, refined by the session on it (2.x says Occupied)."""

    name = "stuck_state"
    hears: tuple[type, ...] = (StatusRecord, SessionRecord)

    def __init__(self, limits: Limits) -> None:
        found = limits.of(self.name, StuckStateLimits)
        self._minutes = {
            ConnectorStatus.PREPARING: found.preparing_min,
            ConnectorStatus.FINISHING: found.finishing_min,
            ConnectorStatus.SUSPENDED_EV: found.suspended_ev_min,
            ConnectorStatus.SUSPENDED_EVSE: found.suspended_evse_min,
            ConnectorStatus.RESERVED: found.reserved_min,
        }
        self._standing = Standing(self.name)
        self._since: dict[Place, tuple[ConnectorStatus, int]] = {}
        self._ended: dict[tuple[str, int], int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A status, or a session that refines it."""
        if isinstance(record, SessionRecord):
            if record.evse is None:
                return NONE
            if record.state not in GROWING and record.ended_ms is not None:
                self._ended[record.station, record.evse] = record.ended_ms
            status = scene.status(record.station, record.evse, record.connector or 1)
            return NONE if status is None else self._now(status, scene.now_ms, scene)
        assert isinstance(record, StatusRecord)
        return self._now(record, record.at_ms, scene) if record.live and record.evse else NONE

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """It has lasted for as long as it may."""
        assert isinstance(key, Place)
        state, since = self._since[key]
        if scene.link(StationId(key.station))[0] is LinkState.OFFLINE:
            # Nothing can be said of it now; the link is a fault of its own.
            scene.wake(self.name, key, scene.now_ms + 60 * MINUTE_MS)
            return NONE
        evidence = {
            "status": state.value,
            "since_ms": since,
            "threshold_min": self._minutes[state],
        }
        title = f"{_WORDS[state]} for over {_span(self._minutes[state])}"
        return self._standing.begin(
            scene, key, "StuckState", since, title, evidence, raw=state.value, mark=state.value
        )

    def _now(self, status: StatusRecord, at_ms: int, scene: Scene) -> Told:
        place = Place(status.station, status.evse, status.connector)
        state = self._refined(status, scene)
        before = self._since.get(place)
        if before is not None and before[0] is state:
            return NONE
        self._since[place] = (state, at_ms)
        told = self._standing.end(place, at_ms, became=state.value)
        minutes = self._minutes.get(state, 0)
        if minutes:
            scene.wake(self.name, place, at_ms + round(minutes * MINUTE_MS))
        else:
            scene.sleep(self.name, place)
        return told

    def _refined(self, status: StatusRecord, scene: Scene) -> ConnectorStatus:
        if status.status is not ConnectorStatus.PREPARING:
            return status.status
        session = scene.session(status.station, status.evse)
        if session is not None:
            # A session whose flow is not told is in use, which is no state to be stuck in.
            return _FLOW.get(session.charging, ConnectorStatus.CHARGING)
        ended = self._ended.get((status.station, status.evse))
        if ended is not None and ended >= status.at_ms:
            return ConnectorStatus.FINISHING
        return status.status


_WORDS = {
    ConnectorStatus.PREPARING: "Plugged in, no session",
    ConnectorStatus.FINISHING: "Session over, still plugged in",
    ConnectorStatus.SUSPENDED_EV: "Paused by the vehicle",
    ConnectorStatus.SUSPENDED_EVSE: "Paused by the charger",
    ConnectorStatus.RESERVED: "Reserved",
}


def _span(minutes: float) -> str:
    return f"{minutes:g} min" if minutes < 120 else f"{minutes / 60:g} h"

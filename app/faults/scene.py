"""What rules may know, built from committed records alone, as of the instant they run."""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Protocol

from app.domain.entries import body_of
from app.domain.ids import StationId
from app.domain.records import (
    EntryRecord,
    LinkRecord,
    Record,
    SessionRecord,
    SessionState,
    StationRecord,
    StatusRecord,
)
from app.domain.status import NOT_RUNNING, Admission, LinkState
from app.faults.rule import Subject

HOUR_MS = 3_600_000
_GROWING = (SessionState.OPEN, SessionState.INTERRUPTED)
_NEVER = (LinkState.NEVER, 0)


class Wakes(Protocol):
    """Where wishes to be woken go."""

    def wake(self, rule: str, key: Hashable, at_ms: int) -> None:
        """Note a wish; a later one for the same key replaces it."""

    def sleep(self, rule: str, key: Hashable) -> None:
        """Take it back."""


class LiveScene:
    """The scene the engine keeps. `apply` takes in what was committed.

    Args:
        wakes: the engine's timers.
    """

    def __init__(self, wakes: Wakes) -> None:
        self.now = 0
        self.learning = False
        self.blind_until_ms = -HOUR_MS
        """The end of the last span in which nobody looked."""
        self.firmware_since: dict[StationId, int] = {}
        """Since when each station has the firmware it has, as far as a change was seen."""
        self._wakes = wakes
        self._stations: dict[StationId, StationRecord] = {}
        self._sites: dict[str, dict[StationId, None]] = {}
        self._links: dict[StationId, tuple[LinkState, int]] = {}
        self._statuses: dict[StationId, dict[tuple[int, int], StatusRecord]] = {}
        self._sessions: dict[tuple[StationId, int], SessionRecord] = {}
        self._normals: dict[str, Mapping[str, Any]] = {}
        self._works: dict[str, Mapping[str, Any]] = {}
        self._blind: deque[tuple[int, int]] = deque()
        self._takes = {
            StationRecord: self._station,
            StatusRecord: self._status,
            LinkRecord: self._link,
            SessionRecord: self._session,
            EntryRecord: self._entry,
        }

    def apply(self, record: Record) -> bool:
        """Take in a committed record; False where it tells no more than that a session's meter moved."""
        take: Any = self._takes.get(type(record))
        return take is None or take(record) is not False

    def blind(self, start_ms: int, end_ms: int) -> None:
        """Nobody was looking in [start, end)."""
        self.blind_until_ms = max(self.blind_until_ms, end_ms)
        self._blind.append((start_ms, end_ms))
        while self._blind and self._blind[0][1] < end_ms - HOUR_MS:
            self._blind.popleft()

    # -- what rules ask ------------------------------------------------------------------------

    @property
    def now_ms(self) -> int:
        """The instant."""
        return self.now

    @property
    def blind_ms(self) -> int:
        """How long of the last hour nobody was looking."""
        since = self.now - HOUR_MS
        return sum(max(0, min(end, self.now) - max(start, since)) for start, end in self._blind)

    def station(self, station: StationId) -> StationRecord | None:
        """A station's row."""
        return self._stations.get(station)

    def stations_of(self, site: str) -> Iterable[StationRecord]:
        """The stations of a site, in order of identity."""
        return [self._stations[name] for name in sorted(self._sites.get(site, ()))]

    def link(self, station: StationId) -> tuple[LinkState, int]:
        """Its link's state and since when."""
        return self._links.get(station, _NEVER)

    def status(self, station: StationId, evse: int, connector: int) -> StatusRecord | None:
        """The last live status of a connector."""
        return self._statuses.get(station, {}).get((evse, connector))

    def connectors(self, station: StationId) -> Iterable[tuple[int, int]]:
        """Its known (evse, connector), those planned and those that spoke, none of them 0."""
        known = {plug for plug in self._statuses.get(station, ()) if plug[0] and plug[1]}
        record = self._stations.get(station)
        if record is not None:
            known.update((plan.evse, plan.connector) for plan in record.plan)
        return sorted(known)

    def session(self, station: StationId, evse: int) -> SessionRecord | None:
        """The session that runs there."""
        return self._sessions.get((station, evse))

    def normal(self, rule: str, subject: Subject) -> bool:
        """Whether a person marked this oddity as normal here, now."""
        return any(
            body.get("rule") == rule and self._covers(body, subject, "from_ms", "until_ms")
            for body in self._normals.values()
        )

    def wake(self, rule: str, key: Hashable, at_ms: int) -> None:
        """Have `Rule.wake(key)` called at `at_ms`."""
        self._wakes.wake(rule, key, at_ms)

    def sleep(self, rule: str, key: Hashable) -> None:
        """Take such a wish back."""
        self._wakes.sleep(rule, key)

    # -- what grouping asks --------------------------------------------------------------------

    def planned_work(self, subject: Subject) -> str:
        """The announced work that covers a subject now; "" where there is none."""
        for name, body in sorted(self._works.items()):
            if self._covers(body, subject, "from_ms", "to_ms"):
                return name
        return ""

    def work_edges(self) -> Iterable[int]:
        """When announced works begin and end, those to come."""
        for body in self._works.values():
            for key in ("from_ms", "to_ms"):
                at_ms = body.get(key)
                if isinstance(at_ms, int) and at_ms > self.now:
                    yield at_ms

    def served(self, station: StationId) -> bool:
        """Whether a station is part of the network."""
        record = self._stations.get(station)
        return record is not None and record.admission is Admission.ACCEPTED

    def site_of(self, station: StationId) -> str:
        """The site a station stands at; "" where nobody said."""
        record = self._stations.get(station)
        return record.site if record is not None else ""

    def _covers(self, body: Mapping[str, Any], subject: Subject, from_key: str, to_key: str) -> bool:
        begin, end = body.get(from_key), body.get(to_key)
        if (begin is not None and self.now < begin) or (end is not None and self.now >= end):
            return False
        stations = body.get("stations") or ([body["station"]] if body.get("station") else [])
        if stations:
            if subject.station not in stations:
                return False
        elif body.get("site"):
            if subject.site != body["site"]:
                return False
        else:
            return False
        evse, connector = body.get("evse") or 0, body.get("connector") or 0
        return (not evse or subject.evse == evse) and (not connector or subject.connector == connector)

    # -- what records change -------------------------------------------------------------------

    def _station(self, record: StationRecord) -> None:
        name = record.station
        before = self._stations.get(name)
        if before is not record:
            if before is not None:
                if before.site != record.site:
                    self._sites.get(before.site, {}).pop(name, None)
                if before.firmware and before.firmware != record.firmware:
                    self.firmware_since[name] = record.boot_at_ms or self.now
            self._stations[name] = record
            self._sites.setdefault(record.site, {})[name] = None

    def _status(self, record: StatusRecord) -> None:
        if record.live:
            self._statuses.setdefault(record.station, {})[record.evse, record.connector] = record

    def _link(self, record: LinkRecord) -> None:
        if record.reason == NOT_RUNNING and self.now > self.blind_until_ms:
            self.blind(record.at_ms, self.now)
        before = self._links.get(record.station, _NEVER)
        if before[0] is not record.state:
            self._links[record.station] = (record.state, record.at_ms)

    def _session(self, record: SessionRecord) -> bool:
        if record.evse is None:
            return True
        key = (record.station, record.evse)
        if record.state in _GROWING:
            before = self._sessions.get(key)
            self._sessions[key] = record
            return (
                before is None
                or before.session != record.session
                or before.charging != record.charging
                or before.state is not record.state
                or before.flags != record.flags
                or before.connector != record.connector
                or before.token != record.token
                or before.ended_ms != record.ended_ms
            )
        if (running := self._sessions.get(key)) is not None and running.session == record.session:
            del self._sessions[key]
        return True

    def _entry(self, record: EntryRecord) -> None:
        kept = {"normal": self._normals, "planned-work": self._works}.get(record.kind)
        if kept is None:
            return
        if record.gone:
            kept.pop(record.entry, None)
        else:
            kept[record.entry] = body_of(record)

"""A site whose stations fail together: one cause (router, feeder, backend) instead of many."""

from collections.abc import Hashable

import msgspec

from app.domain.ids import StationId
from app.domain.records import LinkRecord, Record
from app.domain.status import Admission, LinkState
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS = 60_000


class SiteTogetherLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """stations: at least as many, and at least share of the site's, lost within within_min of each other.

    It ends when fewer than share are offline. settle_s: how long is waited for the others, so that
    the site is told before they are.
    """

    stations: int
    share: float
    within_min: float
    settle_s: float


class SiteTogether(Resumes):
    """Links of one site that are lost at the same time."""

    name = "site_together"
    hears: tuple[type, ...] = (LinkRecord,)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, SiteTogetherLimits)
        self._standing = Standing(self.name)

    def hear(self, record: Record, scene: Scene) -> Told:
        """A link was lost or came back."""
        assert isinstance(record, LinkRecord)
        station = scene.station(record.station)
        site = "" if station is None else station.site
        if not site:
            return NONE
        if record.state is LinkState.OFFLINE:
            scene.wake(self.name, site, scene.now_ms + round(self._limits.settle_s * 1000))
            return NONE
        return self._judge(site, scene) if self._standing.holds(_whole(site)) else NONE

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """The others of the site have had their time to fail too."""
        assert isinstance(key, str)
        return self._judge(key, scene)

    def _judge(self, site: str, scene: Scene) -> Told:
        network = [r.station for r in scene.stations_of(site) if r.admission is Admission.ACCEPTED]
        called = [s for s in network if scene.link(s)[0] is not LinkState.NEVER]
        links = {name: scene.link(name) for name in called}
        lost = {name: since for name, (state, since) in links.items() if state is LinkState.OFFLINE}
        enough = len(lost) >= max(2, self._limits.share * len(called))
        place = _whole(site)
        if self._standing.holds(place):
            return NONE if enough else self._standing.end(place, scene.now_ms)
        together = _together(lost, self._limits.within_min * MINUTE_MS)
        if len(together) < max(self._limits.stations, self._limits.share * len(called)):
            return NONE
        evidence = {
            "stations": sorted(together),
            "of": len(called),
            "within_min": self._limits.within_min,
            "threshold_stations": self._limits.stations,
            "threshold_share": self._limits.share,
        }
        title = f"{len(together)} of {len(called)} chargers lost at once"
        began = min(together.values())
        return self._standing.begin(scene, place, "SiteTogether", began, title, evidence)


def _whole(site: str) -> Place:
    return Place("", site=site)


def _together(lost: dict[StationId, int], within_ms: float) -> dict[StationId, int]:
    """The most stations whose losses lie within `within_ms`; the latest such."""
    times = sorted(lost.values(), reverse=True)
    most = max(([t for t in times if last - within_ms <= t <= last] for last in times), key=len, default=[])
    return {station: at for station, at in lost.items() if most and most[-1] <= at <= most[0]}

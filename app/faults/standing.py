"""Which conditions of a rule hold, so that each is told when it begins, changes and ends, and not again."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.status import Admission
from app.faults.rule import Finding, Scene, Subject


class Place(NamedTuple):
    """Where: a connector, an EVSE (connector 0), a station (evse 0), or a site (station "")."""

    station: str
    evse: int = 0
    connector: int = 0
    site: str = ""
    """Of a whole site only."""


Told = tuple[Finding, ...]
NONE: Told = ()
_Which = Callable[[Finding], bool]


class Standing:
    """The conditions of one rule that hold now, by place."""

    def __init__(self, rule: str) -> None:
        self._rule = rule
        self._held: dict[Place, dict[tuple[str, str], Finding]] = {}

    def begin(
        self, scene: Scene, place: Place, code: str, at_ms: int, title: str,
        evidence: Mapping[str, Any] | None = None, *, raw: str = "", mark: str = "",
    ) -> Told:  # fmt: skip
        """The condition holds since `at_ms`. Told if it is new or its evidence changed.

        Nothing begins at a station that is not part of the network, nor where a person marked it as
        normal.
        """
        here = self._held.setdefault(place, {})
        before = here.get((code, mark))
        if before is not None:
            found = changed(before, title=title, raw=raw, evidence=evidence or {})
            if found == before:
                return NONE
        else:
            subject = subject_of(scene, place)
            if not in_service(scene, place) or scene.normal(self._rule, subject):
                if not here:
                    del self._held[place]
                return NONE
            found = Finding(self._rule, code, subject, at_ms, True, title, raw, mark, evidence or {})
        here[code, mark] = found
        return (found,)

    def take(self, finding: Finding) -> None:
        """Take up a condition that was found before a restart, so that its end is told."""
        subject = finding.subject
        site = "" if subject.station else subject.site
        place = Place(subject.station, subject.evse, subject.connector, site)
        self._held.setdefault(place, {}).setdefault((finding.code, finding.mark), finding)

    def end(self, place: Place, at_ms: int, which: _Which | None = None, **evidence: Any) -> Told:
        """What holds there (of which `which` is true) ended; `evidence` says why, added to what was known."""
        here = self._held.get(place)
        if not here:
            return NONE
        over = [key for key, found in here.items() if which is None or which(found)]
        told = tuple(_ended(here.pop(key), at_ms, evidence) for key in over)
        if not here:
            del self._held[place]
        return told

    def end_station(self, station: str, at_ms: int, **evidence: Any) -> Told:
        """All that holds at a station and its connectors ended."""
        places = [place for place in self._held if place.station == station]
        return tuple(told for place in places for told in self.end(place, at_ms, **evidence))

    def holds(self, place: Place, code: str = "", mark: str | None = None) -> bool:
        """Whether a condition (of this code, of this mark) holds there."""
        here = self._held.get(place, {})
        return any((not code or c == code) and (mark is None or m == mark) for c, m in here)

    def at(self, place: Place) -> Iterable[Finding]:
        """What holds there."""
        return tuple(self._held.get(place, {}).values())

    def __iter__(self) -> Iterator[Place]:
        """The places at which something holds."""
        return iter(tuple(self._held))


class Resumes:
    """What rules share: they wait for nothing, and a condition found before a restart is taken up, so that
    its end is told."""

    name: str
    _standing: Standing

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """Nothing is waited for, where a rule does not say otherwise."""
        return NONE

    def resume(self, finding: Finding, scene: Scene) -> None:
        """Take up a condition that began before the past that was heard again."""
        self._standing.take(finding)
        key = self._calms(finding)
        if key is not None:
            scene.wake(self.name, key, scene.now_ms)

    def _calms(self, finding: Finding) -> Hashable | None:
        """The timer that ends it when nothing more is heard, which was so all along the past heard again."""
        return None


def subject_of(scene: Scene, place: Place) -> Subject:
    """The subject of a place, with the site it stands at now."""
    if place.site:
        return Subject(place.site)
    record = scene.station(StationId(place.station))
    return Subject("" if record is None else record.site, place.station, place.evse, place.connector)


def in_service(scene: Scene, place: Place) -> bool:
    """Whether a station is part of the network; one that is not known yet counts as such."""
    record = scene.station(StationId(place.station))
    return record is None or record.admission is Admission.ACCEPTED


def _ended(found: Finding, at_ms: int, evidence: Mapping[str, Any]) -> Finding:
    return changed(found, held=False, at_ms=max(at_ms, found.at_ms), evidence={**found.evidence, **evidence})

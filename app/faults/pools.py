"""Which connectors drivers take for each other: the pools that faults are priced in (reference section D.2).

By default: same site, same connector standard, power within a factor of two. A `pool` entry of the
operator puts connectors together instead; each is in one pool only.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from app.domain.entries import body_of
from app.domain.records import EntryRecord, Record, StationRecord, StatusRecord
from app.domain.status import Admission
from app.faults.standing import Place

FACTOR = 2


class Pool(NamedTuple):
    """Connectors that serve the same drivers, in order. `key` names the pool for ever."""

    key: str
    site: str
    members: tuple[Place, ...]


class _Plug(NamedTuple):
    place: Place
    site: str
    kind: str
    power_w: int


_Area = tuple[str, str]
"""A site, or a station without one, whose pools depend on no other's."""


class Pools:
    """The pools of the network, kept as stations, connectors and entries come."""

    def __init__(self) -> None:
        self._plugs: dict[str, dict[Place, _Plug]] = {}
        self._site_of: dict[str, str] = {}
        self._at: dict[str, dict[str, None]] = {}
        self._own: dict[str, tuple[str, ...]] = {}
        self._pools: dict[str, Pool] = {}
        self._of: dict[Place, str] = {}
        self._keys: dict[_Area, list[str]] = {}
        self._stale: set[_Area] = set()

    def hear(self, record: Record) -> None:
        """Take in what tells of connectors."""
        if isinstance(record, StationRecord):
            self._station(record)
        elif isinstance(record, StatusRecord):
            if record.evse and record.connector:
                self._seen(Place(record.station, record.evse, record.connector))
        elif isinstance(record, EntryRecord) and record.kind == "pool":
            self._entry(record)

    def of(self, place: Place) -> Pool | None:
        """The pool of a connector; None for one that is not known."""
        self._renew()
        key = self._of.get(place)
        return None if key is None else self._pools[key]

    def all(self) -> Iterable[Pool]:
        """All pools, in order of key."""
        self._renew()
        return [self._pools[key] for key in sorted(self._pools)]

    def at(self, site: str) -> Iterable[Pool]:
        """The pools of a site, in order of key."""
        self._renew()
        areas = ((site, ""),) if site else [area for area in self._keys if not area[0]]
        return [self._pools[key] for key in sorted(key for area in areas for key in self._keys.get(area, ()))]

    def __getitem__(self, key: str) -> Pool:
        """A pool by its key; one that is no more has no members."""
        self._renew()
        return self._pools.get(key) or Pool(key, "", ())

    def power_w(self, place: Place) -> int:
        """The rated power of a connector; 0 where nobody said."""
        plug = self._plugs.get(place.station, {}).get(place)
        return 0 if plug is None else plug.power_w

    def connectors(self, station: str, evse: int = 0, connector: int = 0) -> tuple[Place, ...]:
        """The known connectors of a station, of one EVSE, or one."""
        return tuple(
            place
            for place in self._plugs.get(station, ())
            if (not evse or place.evse == evse) and (not connector or place.connector == connector)
        )

    def of_site(self, site: str) -> tuple[Place, ...]:
        """The known connectors of a site."""
        return tuple(p for name in self._at.get(site, ()) for p in self._plugs[name])

    # -- what changes --------------------------------------------------------------------------

    def _station(self, record: StationRecord) -> None:
        name = record.station
        before = self._plugs.get(name, {})
        if record.admission is not Admission.ACCEPTED:
            plugs: dict[Place, _Plug] = {}
        else:
            told = {Place(name, p.evse, p.connector): p for p in record.plan if p.evse and p.connector}
            plugs = {
                place: _Plug(place, record.site, p.kind, p.rated_power_w or 0) for place, p in told.items()
            }
            seen = (place for place in before if place not in plugs)
            plugs.update({place: _Plug(place, record.site, "", 0) for place in seen})
        if plugs != before or self._site_of.get(name) != record.site:
            was = self._site_of.get(name, record.site)
            if was != record.site:
                self._at[was].pop(name)
            self._plugs[name], self._site_of[name] = plugs, record.site
            self._at.setdefault(record.site, {})[name] = None
            self._stale |= {self._area(record.site, name), self._area(was, name)}

    def _seen(self, place: Place) -> None:
        plugs = self._plugs.get(place.station)
        if plugs is not None and place not in plugs:
            site = self._site_of[place.station]
            plugs[place] = _Plug(place, site, "", 0)
            self._stale.add(self._area(site, place.station))

    def _entry(self, record: EntryRecord) -> None:
        """Body: {"connectors": [["STATION", evse, connector], …]}."""
        if record.gone:
            self._own.pop(record.entry, None)
        else:
            told = body_of(record).get("connectors")
            self._own[record.entry] = tuple(_spelled(one) for one in told) if isinstance(told, list) else ()
        self._pools, self._of, self._keys = {}, {}, {}
        self._stale = {self._area(site, name) for name, site in self._site_of.items()}

    def _area(self, site: str, station: str) -> _Area:
        # An operator's pool may hold several stations without a site.
        return site, "" if site or self._own else station

    def _renew(self) -> None:
        if not self._stale:
            return
        areas, self._stale = self._stale, set()
        for area in areas:
            for key in self._keys.pop(area, ()):
                pool = self._pools.pop(key, None)
                for place in pool.members if pool is not None else ():
                    self._of.pop(place, None)
        own = {spelled: entry for entry, members in sorted(self._own.items()) for spelled in members}
        made: dict[tuple[_Area, str], list[Place]] = {}
        for site, station in sorted(areas):
            names = (station,) if station else self._at.get(site, ())
            here = [name for name in names if name in self._at.get(site, ())]
            plugs = [plug for name in here for plug in self._plugs[name].values()]
            free = []
            for plug in plugs:
                entry = own.get(_spelled(plug.place))
                if entry is None:
                    free.append(plug)
                else:
                    made.setdefault(((site, station), f"own {entry}"), []).append(plug.place)
            for key, members in _clusters(site, free):
                made.setdefault(((site, station), key), []).extend(members)
        for (area, key), places in made.items():
            self._pools[key] = Pool(key, area[0], tuple(sorted(places)))
            self._keys.setdefault(area, []).append(key)
            self._of.update({place: key for place in places})


def _clusters(site: str, plugs: Iterable[_Plug]) -> Iterable[tuple[str, list[Place]]]:
    """Same standard, power within the factor of the weakest; without a site, a station is its own."""
    kinds: dict[tuple[str, str], list[_Plug]] = {}
    for plug in plugs:
        kinds.setdefault((site or plug.place.station, plug.kind), []).append(plug)
    for (where, kind), found in sorted(kinds.items()):
        found.sort(key=lambda p: (p.power_w, p.place))
        start = 0
        for end in range(1, len(found) + 1):
            if end == len(found) or found[end].power_w > FACTOR * found[start].power_w:
                least = found[start].power_w
                yield f"{where}/{kind or 'any'}/{least / 1000:g} kW", [p.place for p in found[start:end]]
                start = end


def _spelled(one: Any) -> str:
    parts = list(one)[:3] if isinstance(one, list | tuple) else [one]
    return "/".join(str(part) for part in parts)

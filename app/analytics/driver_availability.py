"""Availability as drivers see it: was any connector of the right kind free and working at the site?

A driver does not care which station is broken, nor whether the one that works is taken: at each
instant a site has a free connector of a kind, only taken ones, or none that works. A connector
beside one that charges on the same EVSE is taken with it. What was not measured makes bounds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection

from app.analytics.day_cache import network
from app.analytics.history import absences, all_timelines
from app.analytics.timelines import Span, State, Tile, subtract, union
from app.analytics.uptime import UP
from app.store.readers.stations import all_stations

UNMEASURED = frozenset({State.BLIND, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class SiteSight:
    """What drivers found of a kind at a site over a window, ms.

    `kind` is the connector's ("CCS"), "" where it was never said. `longest_none` is the longest
    time in a row in which none worked, None where there was none.
    """

    site: str
    kind: str
    connectors: int
    free_ms: int
    taken_ms: int
    none_ms: int
    unmeasured_ms: int
    longest_none: Span | None = None

    @property
    def measured_ms(self) -> int:
        """Time of which it is known what drivers found."""
        return self.free_ms + self.taken_ms + self.none_ms

    @property
    def free(self) -> Fraction | None:
        """Percent of the measured time in which one was free and working; None where nothing was."""
        return _percent(self.free_ms, self.measured_ms)

    @property
    def working(self) -> Fraction | None:
        """Percent in which one worked, free or taken."""
        return _percent(self.free_ms + self.taken_ms, self.measured_ms)

    @property
    def low(self) -> Fraction | None:
        """`free` if nothing had been free while it was not measured."""
        return _percent(self.free_ms, self.measured_ms + self.unmeasured_ms)

    @property
    def high(self) -> Fraction | None:
        """`free` if one had been free all the time that was not measured."""
        return _percent(self.free_ms + self.unmeasured_ms, self.measured_ms + self.unmeasured_ms)


Plug = tuple[str, Sequence[Tile], Sequence[Sequence[Tile]]]
"""A connector: its kind, its states, and those of the others on its EVSE."""


def site_sight(site: str, kind: str, plugs: Iterable[Plug]) -> SiteSight:
    """What drivers found of a kind, from the states of all connectors of it."""
    free: list[Span] = []
    working: list[Span] = []
    unmeasured: list[Span] = []
    all_time: list[Span] = []
    count = 0
    for found, tiles, beside in plugs:
        if found != kind:
            continue
        count += 1
        busy = [(t.start, t.end) for one in beside for t in one if t.state is State.OCCUPIED]
        free += subtract(((t.start, t.end) for t in tiles if t.state is State.AVAILABLE), busy)
        working += [(t.start, t.end) for t in tiles if t.state in UP or t.state is State.PROVEN]
        unmeasured += [(t.start, t.end) for t in tiles if t.state in UNMEASURED]
        all_time += [(t.start, t.end) for t in tiles]
    taken = subtract(working, free)
    unknown = subtract(unmeasured, [*free, *working])
    none = subtract(all_time, [*free, *working, *unmeasured])
    longest = max(none, key=lambda span: span[1] - span[0], default=None)
    return SiteSight(
        site, kind, count, _length(union(free)), _length(taken), _length(none), _length(unknown), longest
    )


def driver_availability(connection: Connection, window: Span, site: str = "") -> tuple[SiteSight, ...]:
    """Each site and kind over [start, end) in ms UTC, least free first; `site` is one alone.

    Stations without a site are left out: drivers cannot choose among them. Time before a station's
    first contact does not count for it.
    """
    known = {str(s.station): s for s in all_stations(connection) if s.site and site in ("", s.site)}
    plans = {name: found[0] for name, found in network(connection).items() if name in known}
    plugs: dict[str, list[Plug]] = {}
    for history in all_timelines(connection, plans, window, absences(connection, window)):
        record = known[history.station]
        kinds: Mapping[tuple[int, int], str] = {(p.evse, p.connector): p.kind for p in record.plan}
        of_evse: dict[int, str] = {}
        for (evse, _), kind in kinds.items():
            of_evse.setdefault(evse, kind)
        for evse, connector, tiles in history.plugs:
            if not tiles:
                continue
            kind = kinds.get((evse, connector), of_evse.get(evse, ""))
            beside = [t for e, c, t in history.plugs if e == evse and c != connector]
            plugs.setdefault(record.site, []).append((kind, tiles, beside))
    found = [
        site_sight(name, kind, members)
        for name, members in plugs.items()
        for kind in sorted({plug[0] for plug in members})
    ]
    return tuple(sorted(found, key=lambda one: (one.free is None, one.free or 0, one.site, one.kind)))


def _percent(part: int, whole: int) -> Fraction | None:
    return Fraction(part * 100, whole) if whole > 0 else None


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)

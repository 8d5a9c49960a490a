"""From kept points to effective timelines, a station at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.analytics.timelines import (
    Span,
    Tile,
    Word,
    best_connector,
    combine,
    effective,
    offline_spans,
    union,
    waiting_spans,
    worst_evse,
)
from app.domain.records import ConnectorPlan, LinkRecord
from app.store.readers.links import blind_spans, first_contacts, link_points, links_of_all
from app.store.readers.stations import one_station
from app.store.readers.statuses import status_words, words_of_all
from app.store.runs import NOT_RUNNING

DAY_MS = 86_400_000
_AT_ONCE_MS = 3 * DAY_MS
_AT_ONCE_STATION_DAYS = 5_000
"""What is read for all stations at once, as all of it is then held in memory."""


@dataclass(frozen=True, slots=True)
class Absences:
    """When Forecourt could not see or keep (`blind`), and when it was not even running (`away`)."""

    blind: tuple[Span, ...]
    away: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class StationTimelines:
    """The effective states of a station's EVSEs over one window.

    Tiles begin at its first contact: before it was in service nothing counts, not even as unknown
    (reference A.2, before commissioning). Of a station that never called there are none.
    """

    station: str
    window: Span
    """From the first contact on; empty (start = end) where that came later."""
    evses: tuple[tuple[int, tuple[Tile, ...]], ...]
    plugs: tuple[tuple[int, int, tuple[Tile, ...]], ...] = ()
    """The same of each connector: EVSE, connector (0 where it names none), tiles."""

    def worst(self) -> list[Tile]:
        """The station's state at each instant: its worst EVSE's."""
        return combine([tiles for _, tiles in self.evses], worst_evse)


def absences(connection: Connection, window: Span) -> Absences:
    """The workstation's own layer, for every station alike; one absence before the window too."""
    spans = blind_spans(connection, None, window[1])
    return Absences(
        tuple(union((s.start_ms, s.end_ms) for s in spans)),
        tuple((s.start_ms, s.end_ms) for s in spans if s.cause == NOT_RUNNING),
    )


def station_timelines(
    connection: Connection,
    station: str,
    window: Span,
    ours: Absences | None = None,
    plan: tuple[ConnectorPlan, ...] | None = None,
) -> StationTimelines:
    """
    What each EVSE of a station effectively was over a window.

    EVSEs are those of the operator's plan and those that ever told a status; a station with
    neither counts as one EVSE of which nothing is known.
    """
    since = first_contacts(connection, station).get(station)
    if ours is None:
        ours = absences(connection, window)
    if plan is None:
        known = one_station(connection, station)
        plan = known.plan if known is not None else ()
    words = status_words(connection, station, *window)
    links = link_points(connection, station, *window)
    return _joined(station, _served(window, since), ours, plan, words, links)


def all_timelines(
    connection: Connection, plans: Mapping[str, tuple[ConnectorPlan, ...]], window: Span, ours: Absences
) -> Iterator[StationTimelines]:
    """The same of many stations, in their order; what is not too much is read for all of them at once."""
    lasts = window[1] - window[0]
    if lasts > _AT_ONCE_MS and lasts * len(plans) > _AT_ONCE_STATION_DAYS * DAY_MS:
        for name, plan in plans.items():
            yield station_timelines(connection, name, window, ours, plan)
        return
    words = words_of_all(connection, *window)
    links = links_of_all(connection, *window)
    since = first_contacts(connection)
    for name, plan in plans.items():
        served = _served(window, since.get(name))
        yield _joined(name, served, ours, plan, words.get(name, {}), links.get(name, []))


def _served(window: Span, since_ms: int | None) -> Span:
    """The part of a window in which a station was in service."""
    start, end = window
    return (end if since_ms is None else min(max(start, since_ms), end), end)


def _joined(
    station: str,
    window: Span,
    ours: Absences,
    plan: tuple[ConnectorPlan, ...],
    by_plug: Mapping[tuple[int, int], Sequence[Word]],
    links: Sequence[LinkRecord],
) -> StationTimelines:
    heard: list[int] = []
    if ours.away:
        received = {word[2] for words in by_plug.values() for word in words}
        heard = sorted(received.union(point.at_ms for point in links))
    offline = offline_spans(links, window, ours.away)
    waiting = waiting_spans(heard, ours.away)
    whole = by_plug.get((0, 0), [])
    evses = []
    plugs: list[tuple[int, int, tuple[Tile, ...]]] = []
    for evse, connectors in evses_of(plan, by_plug):
        tilings = [
            effective(
                window,
                by_plug.get((evse, connector), ()),
                [whole] if connector == 0 else [by_plug.get((evse, 0), []), whole],
                offline=offline,
                waiting=waiting,
                blind=ours.blind,
            )
            for connector in connectors
        ]
        evses.append((evse, tuple(combine(tilings, best_connector))))
        plugs += [
            (evse, connector, tuple(tiles)) for connector, tiles in zip(connectors, tilings, strict=True)
        ]
    return StationTimelines(station, window, tuple(evses), tuple(plugs))


def evses_of(plan: Iterable[ConnectorPlan], said: Iterable[tuple[int, int]]) -> list[tuple[int, list[int]]]:
    """EVSEs with their connectors, from the plan and from what was ever told of."""
    found: dict[int, set[int]] = {}
    for evse, connector in {*said, *((known.evse, known.connector) for known in plan)}:
        if evse > 0:
            found.setdefault(evse, set()).add(connector)
    if not found:
        return [(1, [1])]
    # Connector 0 stands for the whole EVSE: a plug of its own only where none is named.
    return [(evse, sorted(named - {0}) or [0]) for evse, named in sorted(found.items())]

"""From kept points to effective timelines, a station at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.analytics.timelines import (
    Span,
    Tile,
    best_connector,
    combine,
    effective,
    offline_spans,
    union,
    waiting_spans,
    worst_evse,
)
from app.domain.records import StatusRecord
from app.store.readers.links import blind_spans, link_points
from app.store.readers.stations import one_station
from app.store.readers.statuses import status_points
from app.store.runs import NOT_RUNNING


@dataclass(frozen=True, slots=True)
class Absences:
    """When Forecourt could not see or keep (`blind`), and when it was not even running (`away`)."""

    blind: tuple[Span, ...]
    away: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class StationTimelines:
    """The effective states of a station's EVSEs over one window."""

    station: str
    window: Span
    evses: tuple[tuple[int, tuple[Tile, ...]], ...]

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
    connection: Connection, station: str, window: Span, ours: Absences | None = None
) -> StationTimelines:
    """
    What each EVSE of a station effectively was over a window.

    EVSEs are those of the operator's plan and those that ever told a status; a station with
    neither counts as one EVSE of which nothing is known.
    """
    if ours is None:
        ours = absences(connection, window)
    by_plug: dict[tuple[int, int], list[StatusRecord]] = {}
    for point in status_points(connection, station, *window):
        by_plug.setdefault((point.evse, point.connector), []).append(point)
    links = link_points(connection, station, *window)
    heard = sorted({point.at_ms for point in links} | {p.received_ms for ps in by_plug.values() for p in ps})
    known = one_station(connection, station)
    plugs = {(plan.evse, plan.connector) for plan in known.plan} if known is not None else set()
    offline = offline_spans(links, window, ours.away)
    waiting = waiting_spans(heard, ours.away)
    whole = by_plug.get((0, 0), [])
    evses = []
    for evse, connectors in _evses(plugs | by_plug.keys()):
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
    return StationTimelines(station, window, tuple(evses))


def _evses(plugs: Sequence[tuple[int, int]] | set[tuple[int, int]]) -> list[tuple[int, list[int]]]:
    found: dict[int, set[int]] = {}
    for evse, connector in plugs:
        if evse > 0:
            found.setdefault(evse, set()).add(connector)
    if not found:
        return [(1, [1])]
    # Connector 0 stands for the whole EVSE: a plug of its own only where none is named.
    return [(evse, sorted(named - {0}) or [0]) for evse, named in sorted(found.items())]

"""Uptime of any window, and the strip of days that shows it."""

from bisect import bisect_left
from collections.abc import Sequence

from sqlalchemy import Connection

from app.analytics.days import Day, last_days
from app.analytics.history import StationTimelines, absences, station_timelines
from app.analytics.results import DayState, EvseUptime, Strip, Uptime
from app.analytics.timelines import State, Tile, clip, durations
from app.analytics.uptime import pooled, uptime_of
from app.domain.status import SEVERITY, Admission, Shown
from app.store.readers.stations import all_stations

SHORT_MS = 60_000
"""What lasted less is recorded but is no outage (reference A.2), so it does not colour a day."""

SHOWN: dict[State, Shown] = {
    State.BLIND: Shown.UNKNOWN,
    State.OFFLINE: Shown.OFFLINE,
    State.FAULTED: Shown.FAULTED,
    State.UNAVAILABLE: Shown.UNAVAILABLE,
    State.OCCUPIED: Shown.CHARGING,
    State.RESERVED: Shown.RESERVED,
    State.AVAILABLE: Shown.AVAILABLE,
    State.UNKNOWN: Shown.UNKNOWN,
}


def uptime(
    connection: Connection, from_ms: int, to_ms: int, station: str | None = None
) -> tuple[EvseUptime, ...]:
    """Raw uptime of every EVSE over [from, to), of one station or of all that are accepted or were."""
    window = (from_ms, to_ms)
    ours = absences(connection, window)
    found = []
    for name in [station] if station is not None else _network(connection):
        for evse, tiles in station_timelines(connection, name, window, ours).evses:
            found.append(EvseUptime(name, evse, from_ms, to_ms, uptime_of(tiles)))
    return tuple(found)


def strip(connection: Connection, station: str, now_ms: int, zone: str, days: int = 90) -> Strip:
    """The last days of one station in the operator's zone; today reaches to now."""
    spans = last_days(now_ms, zone, days)
    window = (spans[0].start_ms, now_ms)
    return strip_of(station_timelines(connection, station, window), spans, now_ms, zone)


def strip_of(history: StationTimelines, spans: Sequence[Day], now_ms: int, zone: str) -> Strip:
    """Cut a station's timelines into days."""
    worst = history.worst()
    cut = [_by_day(worst, spans, now_ms)]
    cut += [_by_day(tiles, spans, now_ms) for _, tiles in history.evses]
    days = []
    for n, day in enumerate(spans):
        lasted = durations(cut[0][n])
        times = pooled(uptime_of(parts[n]) for parts in cut[1:])
        days.append(day_state(day, min(day.end_ms, now_ms), lasted, times))
    return Strip(history.station, zone, tuple(days), pooled(day.uptime for day in days))


def day_state(day: Day, end_ms: int, lasted: dict[State, int], times: Uptime) -> DayState:
    """One day of a strip from how long each state lasted."""
    shown: dict[Shown, int] = {}
    for state, ms in lasted.items():
        shown[SHOWN[state]] = shown.get(SHOWN[state], 0) + ms
    ordered = tuple(sorted(shown.items(), key=lambda item: SEVERITY[item[0]]))
    measured = [(state, ms) for state, ms in ordered if state is not Shown.UNKNOWN]
    long = [state for state, ms in measured if ms >= SHORT_MS] or [state for state, _ in measured[-1:]]
    worst = long[0] if long else Shown.UNKNOWN
    return DayState(day.day, day.start_ms, end_ms, worst, ordered, times)


def _by_day(tiles: Sequence[Tile], spans: Sequence[Day], now_ms: int) -> list[list[Tile]]:
    cut: list[list[Tile]] = []
    for day in spans:
        first = bisect_left(tiles, day.start_ms, key=lambda tile: tile.end)
        last = bisect_left(tiles, min(day.end_ms, now_ms), key=lambda tile: tile.start)
        cut.append(clip(tiles[first:last], (day.start_ms, min(day.end_ms, now_ms))))
    return cut


def strips(connection: Connection, now_ms: int, zone: str, days: int = 30) -> tuple[Strip, ...]:
    """The strips of all stations of the network."""
    spans = last_days(now_ms, zone, days)
    window = (spans[0].start_ms, now_ms)
    ours = absences(connection, window)
    return tuple(
        strip_of(station_timelines(connection, name, window, ours), spans, now_ms, zone)
        for name in _network(connection)
    )


def _network(connection: Connection) -> list[str]:
    """Stations that are of the network or were; those at the door are not."""
    of_it = (Admission.ACCEPTED, Admission.RETIRED)
    return [known.station for known in all_stations(connection) if known.admission in of_it]

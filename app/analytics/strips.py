"""Uptime of any window, and the strip of days that shows it."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.analytics.day_cache import CachedDay, cached_days, cached_sums, in_service, network
from app.analytics.days import Day, last_days
from app.analytics.history import StationTimelines, absences, all_timelines, station_timelines
from app.analytics.results import DayState, EvseUptime, Strip, Uptime
from app.analytics.timelines import State, Tile, clip, durations
from app.analytics.uptime import NOTHING, pooled, uptime_of
from app.domain.records import ConnectorPlan
from app.domain.status import SEVERITY, Shown
from app.store.readers.links import first_contacts

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
    """Raw uptime of every EVSE over [from, to), of one station or of all that are of the network.

    A station's window begins at its first contact; one that had none before `to` is left out.
    """
    window = (from_ms, to_ms)
    ours = absences(connection, window)
    if station is not None:
        history = station_timelines(connection, station, window, ours)
        if history.window[0] >= to_ms:
            return ()
        return tuple(
            EvseUptime(station, evse, *history.window, uptime_of(tiles)) for evse, tiles in history.evses
        )
    since = first_contacts(connection)
    stations = network(connection)
    start, end, cached = cached_sums(connection, from_ms, to_ms, stations)
    sums: dict[str, dict[int, Uptime]] = {name: dict(cached.get(name, {})) for name in stations}
    rest = {name: plan for name, (plan, _) in stations.items() if name not in cached}
    edges = {name: plan for name, (plan, _) in stations.items() if name in cached}
    for plans, parts in ((rest, [window]), (edges, [(from_ms, start), (end, to_ms)])):
        for part in parts:
            served = {name: plan for name, plan in plans.items() if since.get(name, part[1]) < part[1]}
            if served and part[1] > part[0]:
                for history in all_timelines(connection, served, part, ours):
                    times = sums[history.station]
                    for evse, tiles in history.evses:
                        times[evse] = pooled((times.get(evse, NOTHING), uptime_of(tiles)))
    return tuple(
        EvseUptime(name, evse, max(from_ms, since[name]), to_ms, times)
        for name, by_evse in sums.items()
        if since.get(name, to_ms) < to_ms
        for evse, times in by_evse.items()
    )


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
    return [clip(tiles, (day.start_ms, min(day.end_ms, now_ms))) for day in spans]


def strips(connection: Connection, now_ms: int, zone: str, days: int = 30) -> tuple[Strip, ...]:
    """The strips of all stations of the network; whole days come from the cache where they are there."""
    spans = last_days(now_ms, zone, days)
    window = (spans[0].start_ms, now_ms)
    ours = absences(connection, window)
    stations = network(connection)
    cached = cached_days(connection, zone, *window, stations)
    since = first_contacts(connection)
    missing = {
        name: [day for day in in_service(spans, since.get(name)) if day.start_ms not in cached.get(name, {})]
        for name in stations
    }
    # All but the newest stations miss the same days, those that are not over yet: read them together.
    together: dict[tuple[int, int], dict[str, tuple[ConnectorPlan, ...]]] = {}
    for name, days_left in missing.items():
        if not days_left:
            continue
        part = (days_left[0].start_ms, min(days_left[-1].end_ms, now_ms))
        together.setdefault(part, {})[name] = stations[name][0]
    fresh: dict[str, Strip] = {}
    for part, plans in together.items():
        for history in all_timelines(connection, plans, part, ours):
            fresh[history.station] = strip_of(history, missing[history.station], now_ms, zone)
    none = Strip("", zone, (), NOTHING)
    return tuple(
        _mended(name, fresh.get(name, none), cached.get(name, {}), spans, now_ms) for name in stations
    )


def _mended(
    name: str, fresh: Strip, cached: dict[int, CachedDay], spans: Sequence[Day], now_ms: int
) -> Strip:
    computed = {day.start_ms: day for day in fresh.days}
    days = []
    for day in spans:
        known = computed.get(day.start_ms)
        if known is None and day.start_ms in cached:
            known = _from_cache(day, cached[day.start_ms])
        # What is neither computed nor cached lies before the first contact.
        days.append(known or day_state(day, min(day.end_ms, now_ms), {}, NOTHING))
    return Strip(name, fresh.zone, tuple(days), pooled(day.uptime for day in days))


def _from_cache(day: Day, cached: CachedDay) -> DayState:
    return day_state(day, day.end_ms, cached.lasted, pooled(cached.by_evse.values()))

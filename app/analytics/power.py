"""Power over time: what meters told, held until they told it again, at most until it is stale."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import Connection, select

from app.analytics.history import absences
from app.analytics.results import PowerSeries
from app.analytics.timelines import Span, length, union
from app.store.readers.links import first_run_ms
from app.store.readers.readings import first_reading_ms, power_between
from app.store.tables import outlet, session

DAY_MS = 86_400_000
STALE = 2.5
"""A value is stale at this many times its own usual interval (decision 7)."""
_USUAL_MS = 60_000
"""The interval assumed of a plug that told a single value: OCPP's usual sample interval."""
_LEAD_MS = 3_600_000


def power_24h(connection: Connection, now_ms: int, step_ms: int = 300_000) -> PowerSeries:
    """Power of the whole network over the last 24 h, one mean a step; the last step ends now or later."""
    end = -(-now_ms // step_ms) * step_ms
    return _series(connection, "", end - DAY_MS, end, now_ms, step_ms)


def network_power(connection: Connection, from_ms: int, to_ms: int, now_ms: int, step_ms: int) -> PowerSeries:
    """Power of the whole network over [from, to), one mean a step; None for steps still to come."""
    return _series(connection, "", from_ms, to_ms, now_ms, step_ms)


def station_power(
    connection: Connection, station: str, from_ms: int, to_ms: int, step_ms: int
) -> PowerSeries:
    """Power of one station over [from, to), one mean a step."""
    return _series(connection, station, from_ms, to_ms, to_ms, step_ms)


def evse_powers(
    connection: Connection, station: str, from_ms: int, to_ms: int, step_ms: int
) -> tuple[tuple[int, PowerSeries], ...]:
    """(EVSE, its power) of one station over [from, to), by number; of those that told any power, else
    the station's own (EVSE 0)."""
    rows = power_between(connection, from_ms - _LEAD_MS, to_ms, station)
    ends = _session_ends(connection, from_ms - _LEAD_MS)
    steps = _Steps(connection, from_ms, to_ms, to_ms, step_ms)
    places = _evses(connection, station)
    by_evse: dict[int, list[Any]] = {}
    for row in rows:
        by_evse.setdefault(places.get(row[1], 0), []).append(row)
    if not by_evse:
        by_evse[0] = []
    return tuple((evse, steps.means(held(told, ends))) for evse, told in sorted(by_evse.items()))


def _series(
    connection: Connection, station: str, start: int, end: int, now_ms: int, step: int
) -> PowerSeries:
    rows = power_between(connection, start - _LEAD_MS, min(end, now_ms), station)
    ends = _session_ends(connection, start - _LEAD_MS)
    return _Steps(connection, start, end, min(end, now_ms), step).means(held(rows, ends))


class _Steps:
    """The steps of [start, end), and in which of them anything could be known until `last`."""

    def __init__(self, connection: Connection, start: int, end: int, last: int, step: int) -> None:
        self.start, self.last, self.step = start, last, step
        self.count = -(-(end - start) // step)
        self._known_from = _known_from(connection)
        self._blind = union(absences(connection, (start, end)).blind)

    def means(self, spans: Iterable[tuple[int, int, int]]) -> PowerSeries:
        """The mean of each step; None where nothing could be known."""
        sums = [0.0] * self.count
        for low, high, power in spans:
            low, high = max(low, self.start), min(high, self.last)
            while low < high:
                n = (low - self.start) // self.step
                until = min(high, self.start + (n + 1) * self.step)
                sums[n] += power * (until - low)
                low = until
        values: list[float | None] = []
        for n in range(self.count):
            low = self.start + n * self.step
            high = min(low + self.step, self.last)
            unknown = high <= low or self._known_from is None or high <= self._known_from
            if unknown or _mostly(self._blind, low, high):
                values.append(None)
            else:
                values.append(sums[n] / (high - low))
        return PowerSeries(self.start, self.step, tuple(values))


def _evses(connection: Connection, station: str) -> dict[int, int]:
    c = outlet.c
    found = connection.execute(select(c.outlet, c.evse).where(c.station == station))
    return {row[0]: row[1] or 0 for row in found}


def held(rows: Sequence[Any], ends: dict[int, int]) -> list[tuple[int, int, int]]:
    """(from, to, W) for each told value: to the plug's next one, to the session's end, or until stale.

    The usual interval is the session's own, since a station may sample otherwise from one day to the next.
    """
    by_outlet: dict[int, list[Any]] = {}
    for row in rows:
        by_outlet.setdefault(row[1], []).append(row)
    spans = []
    for told in by_outlet.values():
        gaps: dict[int, list[int]] = {}
        for earlier, later in pairwise(told):
            if later[2] == earlier[2] and later[0] > earlier[0]:
                gaps.setdefault(later[2], []).append(later[0] - earlier[0])
        usual = {number: median(found) for number, found in gaps.items()}
        otherwise = median(usual.values()) if usual else _USUAL_MS
        for n, (at, _, number, power) in enumerate(told):
            until = at + round(STALE * usual.get(number, otherwise))
            if n + 1 < len(told):
                until = min(until, told[n + 1][0])
            if number:
                until = min(until, ends.get(number, until))
            if power and until > at:
                spans.append((at, until, power))
    return spans


def _session_ends(connection: Connection, from_ms: int) -> dict[int, int]:
    c = session.c
    return {
        row[0]: row[1]
        for row in connection.execute(select(c.session, c.ended_ms).where(c.ended_ms >= from_ms))
    }


def _known_from(connection: Connection) -> int | None:
    """Since when anything could be known: the first run, or older readings that were brought along."""
    times = [first_run_ms(connection), first_reading_ms(connection)]
    return min((time for time in times if time is not None), default=None)


def _mostly(blind: Sequence[Span], low: int, high: int) -> bool:
    return 2 * length((max(a, low), min(b, high)) for a, b in blind if b > low and a < high) > high - low

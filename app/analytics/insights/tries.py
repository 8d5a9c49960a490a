"""What is counted of a station's day for insights: attempts by how far they came, and what its drivers did.

Counts of days add up to those of weeks, so that a year is answered from some fifty rows of a station.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from app.analytics.attempt_history import attempts_between
from app.analytics.days import zone_of
from app.analytics.insights.tallies import Kind
from app.analytics.timelines import Span
from app.domain.status import ConnectorStatus
from app.store.readers.statuses import words_between
from app.store.tables import session
from app.store.tallies import NEAR_MS

IDLE = (ConnectorStatus.SUSPENDED_EV.value, ConnectorStatus.FINISHING.value)
MINUTE_MS = 60_000
TOLD_MS = 30 * 86_400_000
"""A plug that said within this time before that it takes nothing says so when it does."""


class Tally(msgspec.Struct, array_like=True):
    """Counts of a station's span.

    `lost` counts judged attempts by step reached and cause ("plugged|Invalid", "ended well|"); of ended
    sessions that took energy: the local hours they began in, whole minutes at the plug, tenths of kWh,
    and, where the plug tells of it, whole minutes without taking any. `idle_ms` and `stay_ms` are
    of those that tell.
    """

    lost: dict[str, int] = {}
    hours: list[int] = []
    stays: list[int] = []
    energies: list[int] = []
    idles: list[int] = []
    idle_ms: int = 0
    stay_ms: int = 0


Of = Callable[[str, int], Tally | None]
"""A station's tally in which an instant lies; None where it lies in none."""


def merged(tallies: Iterable[Tally]) -> Tally:
    """The counts of several spans together."""
    whole = Tally()
    for one in tallies:
        for key, times in one.lost.items():
            whole.lost[key] = whole.lost.get(key, 0) + times
        whole.hours += one.hours
        whole.stays += one.stays
        whole.energies += one.energies
        whole.idles += one.idles
        whole.idle_ms += one.idle_ms
        whole.stay_ms += one.stay_ms
    return whole


def counted(
    connection: Connection, spans: Sequence[Span], zone: str, station: str = ""
) -> dict[tuple[str, int], Tally]:
    """The counts of each of several spans, in order and apart, by station and the span's place.

    What is missing has none. An attempt and a session count where they began.
    """
    if not spans:
        return {}
    starts = [span[0] for span in spans]
    found: dict[tuple[str, int], Tally] = {}

    def of(name: str, at_ms: int) -> Tally | None:
        n = bisect_right(starts, at_ms) - 1
        return None if n < 0 or at_ms >= spans[n][1] else found.setdefault((name, n), Tally())

    low, high = spans[0][0], spans[-1][1]
    for placed in attempts_between(connection, low - NEAR_MS, high + NEAR_MS, station):
        one = placed.attempt
        tally = None if one.cancelled or one.running else of(one.station, one.at_ms)
        if tally is not None:
            key = f"{one.reached}|{one.lost}"
            tally.lost[key] = tally.lost.get(key, 0) + 1
    _sessions(connection, low, high, zone, station, of)
    return found


def _sessions(
    connection: Connection, low: int, high: int, zone: str, station: str, of: Of
) -> None:  # fmt: skip
    where = zone_of(zone)
    c = session.c
    query = select(c.station, c.evse, c.started_ms, c.ended_ms, c.energy_wh).where(
        c.started_ms >= low, c.started_ms < high, c.ended_ms.is_not(None), c.energy_wh > 0
    )
    if station:
        query = query.where(c.station == station)
    rows = connection.execute(query).all()
    idle = _idle(connection, low, 1 + max(row[3] for row in rows), station) if rows else {}
    for name, evse, start, end, energy in rows:
        tally = of(name, start)
        if tally is None:
            continue
        tally.hours.append(datetime.fromtimestamp(start / 1000, where).hour)
        tally.stays.append((end - start) // MINUTE_MS)
        tally.energies.append(energy // 100)
        spans = idle.get((name, evse), ())
        if _tells(spans, end):
            waited = _within(spans, start, end)
            tally.idles.append(waited // MINUTE_MS)
            tally.idle_ms += waited
            tally.stay_ms += max(0, end - start)


def _idle(
    connection: Connection, from_ms: int, to_ms: int, station: str
) -> Mapping[tuple[str, int], Sequence[Span]]:
    """Spans in which a connector was plugged in and took nothing, of plugs that tell of it."""
    spans: dict[tuple[str, int], list[Span]] = {}
    last: tuple[tuple[str, int], int] | None = None
    for name, evse, at, word in words_between(connection, from_ms - TOLD_MS, to_ms, station):
        if last is not None:
            spans.setdefault(last[0], []).append((last[1], at if last[0] == (name, evse) else to_ms))
        last = ((name, evse), at) if evse and word in IDLE else None
    if last is not None:
        spans.setdefault(last[0], []).append((last[1], to_ms))
    return spans


def _tells(spans: Sequence[Span], end: int) -> bool:
    """Whether the plug said that it takes nothing, before that instant and not long ago."""
    n = bisect_left(spans, (end, 0)) - 1
    return n >= 0 and spans[n][0] >= end - TOLD_MS


def _within(spans: Sequence[Span], start: int, end: int) -> int:
    """How much of [start, end) the spans take, which are in order and apart."""
    found, n = 0, max(0, bisect_right(spans, (start, 0)) - 1)
    while n < len(spans) and spans[n][0] < end:
        found += max(0, min(end, spans[n][1]) - max(start, spans[n][0]))
        n += 1
    return found


TRIES = Kind(
    "tries", 1, counted, Tally, msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Tally).decode,
    merged, by_card=True,
)  # fmt: skip

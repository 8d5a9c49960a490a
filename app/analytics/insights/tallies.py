"""Counts of any span: from the cache by whole weeks and days, the rest counted now.

What is kept is made by `counted_ahead`; the newest day and a half is always counted anew.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Generic, TypeVar

from sqlalchemy import Connection, select

from app.analytics.attempt_history import own_cards
from app.analytics.days import Day, days_between
from app.analytics.timelines import Span
from app.store.readers.sessions import first_session_ms
from app.store.tables import link
from app.store.tallies import tallies_between

T = TypeVar("T")
DAY_MS = 86_400_000
YEARS_MS = 2 * 366 * DAY_MS
"""So far back most is counted ahead: a year and the one before it."""
FEW = 20
"""Of more stations than these, what is missing is read for all at once."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """Something that is counted by station and day.

    `version` rises when it is counted in another way. `counted` counts spans in order and apart, of one
    station or of all (""), and gives what is not empty by station and place of the span. `merged` adds up
    days to weeks; None: weeks are not kept. `live`: what is not kept is counted when asked.
    """

    name: str
    version: int
    counted: Callable[[Connection, Sequence[Span], str, str], Mapping[tuple[str, int], T]]
    empty: Callable[[], T]
    pack: Callable[[T], bytes]
    unpack: Callable[[bytes], T]
    merged: Callable[[Iterable[T]], T] | None
    back_ms: int = YEARS_MS
    live: bool = True
    by_card: bool = False
    """Whether it depends on which cards are the operator's own."""

    def rule(self, connection: Connection, zone: str) -> str:
        """What was counted and how: the version, whose cards are tests, and whose midnights."""
        tests = json.dumps(sorted(own_cards(connection)) if self.by_card else []).encode()
        return f"{self.name} {self.version} {blake2b(tests, digest_size=4).hexdigest()} {zone}"


def tallies(
    connection: Connection, kind: Kind[T], stations: Iterable[str], span: Span, zone: str
) -> Iterator[tuple[str, Span, T]]:
    """
    The counts of a span, each with its station and the piece of the span it is of; they add up.

    Args:
        connection: reading.
        kind: what is counted.
        stations: that count.
        span: [from, to) in ms UTC.
        zone: whose weeks and midnights.
    """
    names = set(stations)
    low = max(span[0], first_ms(connection) or span[1])
    days = days_between((low // DAY_MS * DAY_MS - DAY_MS, span[1]), zone)
    days = [day for day in days if day.start_ms >= span[0]]
    weeks = weeks_of(days) if kind.merged is not None else {}
    rule = kind.rule(connection, zone)
    missing: dict[str, list[Day]] = {
        name: [day for day in days if day.start_ms not in weeks] for name in names
    }
    if weeks:
        found = _read(connection, kind, rule, 7, min(weeks.values()), max(weeks.values()) + 1, names)
        begins: dict[int, list[Day]] = {}
        for day in days:
            if day.start_ms in weeks:
                begins.setdefault(weeks[day.start_ms], []).append(day)
        for name in names:
            for start, mine in begins.items():
                known = found.get((name, start))
                if known is None:
                    missing[name] += mine
                else:
                    yield name, (start, mine[-1].end_ms), known
    yield from _by_days(connection, kind, rule, zone, missing, _edges(span, days, low))


def _by_days(
    connection: Connection,
    kind: Kind[T],
    rule: str,
    zone: str,
    missing: Mapping[str, list[Day]],
    edges: Sequence[Span],
) -> Iterator[tuple[str, Span, T]]:
    """The days of weeks that are not whole, and the pieces of days at both ends of a span."""
    wanted = sorted({day.start_ms for days in missing.values() for day in days})
    left: dict[str, list[Span]] = {name: list(edges) for name in missing}
    if wanted:
        found = _read(connection, kind, rule, 1, wanted[0], wanted[-1] + 1, missing.keys())
        for name, days in missing.items():
            for day in days:
                known = found.get((name, day.start_ms))
                if known is None:
                    left[name].append((day.start_ms, day.end_ms))
                else:
                    yield name, (day.start_ms, day.end_ms), known
    if kind.live:
        spans_of = {name: sorted(spans) for name, spans in left.items() if spans}
        yield from _now(connection, kind, zone, spans_of)


def _now(
    connection: Connection, kind: Kind[T], zone: str, left: Mapping[str, list[Span]]
) -> Iterator[tuple[str, Span, T]]:
    """What is not cached, counted now: each run of days on its own, for all stations at once where many."""
    if len(left) <= FEW:
        for name, spans in left.items():
            for run in runs(spans):
                for (_, n), found in kind.counted(connection, run, zone, name).items():
                    yield name, run[n], found
        return
    for run in runs(sorted({span for spans in left.values() for span in spans})):
        for (name, n), found in kind.counted(connection, run, zone, "").items():
            if name in left and run[n] in left[name]:
                yield name, run[n], found


def runs(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans in order, joined to runs where one begins where another ends."""
    found: list[list[Span]] = []
    for span in spans:
        if found and found[-1][-1][1] == span[0]:
            found[-1].append(span)
        else:
            found.append([span])
    return found


def _read(
    connection: Connection,
    kind: Kind[T],
    rule: str,
    days: int,
    from_ms: int,
    to_ms: int,
    names: Iterable[str],
) -> dict[tuple[str, int], T]:
    wanted, unpack = set(names), kind.unpack
    only = sorted(wanted) if len(wanted) <= FEW else ()
    return {
        (row[0], row[1]): unpack(row[2])
        for row in tallies_between(connection, rule, days, from_ms, to_ms, only)
        if row[0] in wanted
    }


def weeks_of(days: Sequence[Day]) -> dict[int, int]:
    """Of each day that lies in a whole week from Monday on: where that week begins."""
    found: dict[int, int] = {}
    for n in range(len(days) - 6):
        if date.fromisoformat(days[n].day).weekday() == 0:
            found |= {day.start_ms: days[n].start_ms for day in days[n : n + 7]}
    return found


def _edges(span: Span, days: Sequence[Day], low: int) -> list[Span]:
    """What of a span lies before its first whole day and after its last."""
    if not days:
        return [span] if low < span[1] else []
    ends = ((span[0], days[0].start_ms), (days[-1].end_ms, span[1]))
    return [(start, end) for start, end in ends if end > max(start, low)]


def first_ms(connection: Connection) -> int | None:
    """Since when anything is known."""
    known = (first_session_ms(connection), connection.execute(_FIRST_LINK).scalar())
    return min((one for one in known if one is not None), default=None)


_FIRST_LINK = select(link.c.at_ms).order_by(link.c.seq).limit(1)

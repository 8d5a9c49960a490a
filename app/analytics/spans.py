"""Statuses and links as closed intervals, as pages and exports show them."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection

from app.analytics.results import LinkSpan, StatusSpan
from app.domain.records import LinkRecord, StatusRecord
from app.domain.status import LinkState
from app.store.readers.links import Blind, blind_spans, link_points, linked_stations
from app.store.readers.statuses import all_points, status_points


def status_spans(
    connection: Connection, station: str, from_ms: int | None = None, to_ms: int | None = None
) -> tuple[StatusSpan, ...]:
    """What each connector of a station said, cut to [from, to); None does not cut."""
    return tuple(closed_statuses(status_points(connection, station, from_ms, to_ms), from_ms, to_ms))


def all_status_spans(
    connection: Connection, from_ms: int | None = None, to_ms: int | None = None
) -> Iterator[StatusSpan]:
    """The same of every station."""
    return closed_statuses(all_points(connection, from_ms, to_ms), from_ms, to_ms)


def closed_statuses(
    points: Iterable[StatusRecord], from_ms: int | None = None, to_ms: int | None = None
) -> Iterator[StatusSpan]:
    """Intervals of points that come plug by plug in order of time.

    A point lasts to the next of its plug; a repeated one does not cut; the last still lasts.
    """
    held: StatusRecord | None = None
    for point in points:
        if held is not None and _same_plug(held, point):
            if _same_word(held, point):
                continue
            yield from _cut(held, point.at_ms, from_ms, to_ms)
        elif held is not None:
            yield from _cut(held, None, from_ms, to_ms)
        held = point
    if held is not None:
        yield from _cut(held, None, from_ms, to_ms)


def _same_plug(one: StatusRecord, other: StatusRecord) -> bool:
    return (one.station, one.evse, one.connector) == (other.station, other.evse, other.connector)


def _same_word(one: StatusRecord, other: StatusRecord) -> bool:
    return (one.status, one.error, one.vendor_error, one.info) == (
        other.status, other.error, other.vendor_error, other.info,
    )  # fmt: skip


def _cut(
    point: StatusRecord, end: int | None, from_ms: int | None, to_ms: int | None
) -> Iterator[StatusSpan]:
    start = point.at_ms if from_ms is None else max(point.at_ms, from_ms)
    if to_ms is not None:
        end = to_ms if end is None else min(end, to_ms)
    if end is None or end > start:
        yield StatusSpan(
            point.station, point.evse, point.connector, start, end, point.status, point.error,
            point.vendor_error, point.info,
        )  # fmt: skip


def link_spans(
    connection: Connection,
    station: str,
    from_ms: int | None = None,
    to_ms: int | None = None,
    *,
    doubtful: bool = True,
) -> tuple[LinkSpan, ...]:
    """A station's link, cut to [from, to), with blind spans cut out and named as such.

    With `doubtful=False` a doubtful link counts as online, as exports have it.
    """
    points = link_points(connection, station, from_ms, to_ms)
    return tuple(
        closed_links(points, blind_spans(connection, from_ms, to_ms), from_ms, to_ms, doubtful=doubtful)
    )


def all_link_spans(
    connection: Connection, from_ms: int | None = None, to_ms: int | None = None
) -> Iterator[LinkSpan]:
    """The links of every station, as exports have them: online, offline, blind."""
    blind = blind_spans(connection, from_ms, to_ms)
    for station in linked_stations(connection):
        yield from closed_links(
            link_points(connection, station, from_ms, to_ms), blind, from_ms, to_ms, doubtful=False
        )


def closed_links(
    points: Sequence[LinkRecord],
    blind: Sequence[Blind],
    from_ms: int | None = None,
    to_ms: int | None = None,
    *,
    doubtful: bool = True,
) -> Iterator[LinkSpan]:
    """Intervals of a station's link points; blind time from its first point on takes their place."""
    held: LinkSpan | None = None
    spans: list[LinkSpan] = []
    for point in points:
        state = point.state
        if state is LinkState.DOUBTFUL and not doubtful:
            state = LinkState.ONLINE
        if held is not None and held.state is state:
            continue
        if held is not None:
            spans.append(LinkSpan(held.station, held.start_ms, point.at_ms, held.state, held.reason))
        held = LinkSpan(point.station, point.at_ms, None, state, point.reason)
    if held is not None:
        spans.append(held)
    for span in spans:
        yield from _seen(span, blind, from_ms, to_ms)


def _seen(
    span: LinkSpan, blind: Sequence[Blind], from_ms: int | None, to_ms: int | None
) -> Iterator[LinkSpan]:
    start = span.start_ms if from_ms is None else max(span.start_ms, from_ms)
    end = span.end_ms
    if to_ms is not None:
        end = to_ms if end is None else min(end, to_ms)
    for away in blind:
        if away.end_ms <= start or (end is not None and away.start_ms >= end):
            continue
        if away.start_ms > start:
            yield LinkSpan(span.station, start, away.start_ms, span.state, span.reason)
        low = max(start, away.start_ms)
        high = away.end_ms if end is None else min(away.end_ms, end)
        yield LinkSpan(span.station, low, high, None, away.cause)
        start = high
    if end is None or end > start:
        yield LinkSpan(span.station, start, end, span.state, span.reason)

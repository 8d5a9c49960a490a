"""From the points that history keeps to the closed intervals that exports tell."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.domain.records import LinkRecord, StatusRecord
from app.domain.status import LinkState
from app.store.readers.links import Blind

BLIND = "blind"


class StatusSpan(NamedTuple):
    """A plug's word over [start, end); None: it lasts."""

    first: StatusRecord
    end_ms: int | None


class LinkSpan(NamedTuple):
    """A link "online", "offline" or "blind" over [start, end); None: it lasts."""

    start_ms: int
    end_ms: int | None
    state: str
    reason: str


def status_spans(points: Iterable[StatusRecord]) -> Iterator[StatusSpan]:
    """
    Intervals of one or more plugs, from their points in order of plug and time.

    A point that says what stood already makes no new interval. Of points at the same instant the one
    received last stands.
    """
    open_: StatusRecord | None = None
    for point in points:
        if open_ is None or _plug(open_) != _plug(point):
            if open_ is not None:
                yield StatusSpan(open_, None)
            open_ = point
        elif point.at_ms == open_.at_ms:
            open_ = point
        elif _said(point) != _said(open_):
            yield StatusSpan(open_, point.at_ms)
            open_ = point
    if open_ is not None:
        yield StatusSpan(open_, None)


def _plug(point: StatusRecord) -> tuple[str, int, int]:
    return point.station, point.evse, point.connector


def _said(point: StatusRecord) -> tuple[str, str, str]:
    return point.status, point.error, point.vendor_error


def link_spans(points: Sequence[LinkRecord], blind: Sequence[Blind]) -> Iterator[LinkSpan]:
    """
    One station's link, with the spans in which nobody looked cut out of it.

    Doubtful is still online: the link stands. Blind time before the first point is not the station's.
    """
    for span in _plain(points):
        yield from _cut(span, blind)


def _plain(points: Sequence[LinkRecord]) -> Iterator[LinkSpan]:
    standing: LinkSpan | None = None
    for point in points:
        state = LinkState.ONLINE if point.state is LinkState.DOUBTFUL else point.state
        if standing is not None and standing.state == state.value:
            continue
        if standing is not None:
            yield standing._replace(end_ms=point.at_ms)
        reason = "" if state is LinkState.ONLINE else point.reason
        standing = LinkSpan(point.at_ms, None, state.value, reason)
    if standing is not None:
        yield standing


def _cut(span: LinkSpan, blind: Sequence[Blind]) -> Iterator[LinkSpan]:
    at: int = span.start_ms
    for gap in blind:
        if gap.end_ms <= at:
            continue
        if span.end_ms is not None and gap.start_ms >= span.end_ms:
            break
        begins = max(gap.start_ms, at)
        ends = gap.end_ms if span.end_ms is None else min(gap.end_ms, span.end_ms)
        if begins > at:
            yield LinkSpan(at, begins, span.state, span.reason)
        yield LinkSpan(begins, ends, BLIND, gap.cause)
        at = ends
    if span.end_ms is None or at < span.end_ms:
        yield LinkSpan(at, span.end_ms, span.state, span.reason)

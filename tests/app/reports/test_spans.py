"""From points to intervals: closed, in order, without gap or overlap."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.domain.records import LinkRecord, StatusRecord
from app.domain.status import ConnectorStatus, LinkState
from app.reports.spans import BLIND, LinkSpan, link_spans, status_spans
from app.store.readers.links import Blind


def link(at_ms, state, reason=""):
    return LinkRecord("S", at_ms, state, reason)


def status(at_ms, word, connector=1):
    return StatusRecord("S", 1, connector, at_ms, at_ms, word)


def test_doubtful_is_still_online_and_silence_has_its_reason():
    """A link that is in doubt stands; one that is lost says why."""
    points = [link(0, LinkState.ONLINE), link(5, LinkState.DOUBTFUL), link(9, LinkState.OFFLINE, "silent")]
    assert list(link_spans(points, [])) == [
        LinkSpan(0, 9, "online", ""),
        LinkSpan(9, None, "offline", "silent"),
    ]


def test_blind_time_is_cut_out():
    """What nobody saw is neither online nor offline."""
    spans = list(
        link_spans(
            [link(10, LinkState.ONLINE)], [Blind(0, 5, "off"), Blind(20, 30, "off"), Blind(40, 50, "full")]
        )
    )
    assert spans == [
        LinkSpan(10, 20, "online", ""),
        LinkSpan(20, 30, BLIND, "off"),
        LinkSpan(30, 40, "online", ""),
        LinkSpan(40, 50, BLIND, "full"),
        LinkSpan(50, None, "online", ""),
    ]


def test_the_same_word_again_is_no_new_interval():
    """Stations repeat themselves; a plug's interval goes on. Plugs are told apart."""
    free, busy = ConnectorStatus.AVAILABLE, ConnectorStatus.CHARGING
    points = [status(0, free), status(5, free), status(9, busy), status(1, busy, 2)]
    assert [(s.first.connector, s.first.at_ms, s.end_ms, s.first.status) for s in status_spans(points)] == [
        (1, 0, 9, free),
        (1, 9, None, busy),
        (2, 1, None, busy),
    ]


states = st.sampled_from([LinkState.ONLINE, LinkState.DOUBTFUL, LinkState.OFFLINE])
points = st.lists(st.tuples(st.integers(0, 100), states), max_size=12).map(sorted)
edges = st.lists(st.integers(0, 120), max_size=8, unique=True).map(sorted)


@given(points, edges)
def test_spans_cover_the_time_without_gap_or_overlap(given_points, given_edges):
    """Whatever came and went, each instant from the first point on belongs to exactly one interval."""
    blind = [Blind(a, b, "off") for a, b in zip(given_edges[::2], given_edges[1::2], strict=False)]
    spans = list(link_spans([link(at, state) for at, state in given_points], blind))
    if not given_points:
        assert spans == []
        return
    assert spans[0].start_ms == given_points[0][0]
    assert spans[-1].end_ms is None
    for span, following in itertools.pairwise(spans):
        assert span.end_ms == following.start_ms
        assert span.start_ms <= span.end_ms

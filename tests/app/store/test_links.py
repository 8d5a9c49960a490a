"""Link timelines as read: the same of one station and of all, whatever was kept late."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.status import LinkState
from app.store.readers.links import link_points, links_of_all
from tests.app.analytics.past import MIDNIGHT, MINUTE, a_past

words = st.tuples(st.integers(0, 20), st.sampled_from(["S1", "S2"]), st.sampled_from(LinkState))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(words, max_size=16), edges=st.tuples(st.integers(0, 20), st.integers(0, 20)))
def test_a_window_is_told_as_if_all_was_read(
    told: list[Any], edges: tuple[int, int], tmp_path_factory: Any
) -> None:
    """What was kept later and reaches back overrules; what lies behind the window changes nothing in it."""
    start, end = (MIDNIGHT + n * MINUTE for n in sorted(edges))
    with a_past(tmp_path_factory.mktemp("past")) as past:
        for minute, name, state in told:
            past.link(name, MIDNIGHT + minute * MINUTE, state)
        together = past.ask(links_of_all, start, end)
        for name in ("S1", "S2"):
            alone = past.ask(link_points, name, start, end)
            whole = past.ask(link_points, name, start)
            assert alone == [point for point in whole if point.at_ms < end]
            assert together.get(name, []) == alone

"""The cache of counted days and weeks: the same counts as without it, whatever is told late."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from app.analytics.insights import counted_ahead
from app.analytics.insights.answers import starts
from app.analytics.insights.behaviour import behaviour
from app.analytics.insights.chosen import Chosen
from app.domain.records import EntryRecord
from app.domain.status import ConnectorStatus
from app.store import tables
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

NOW = MIDNIGHT + 24 * DAY + 5 * HOUR
ZONE = "Europe/Berlin"
SPANS = ((0, 24 * DAY), (4 * DAY - HOUR, 18 * DAY - HOUR), (3 * DAY + 5 * HOUR, 24 * DAY + 5 * HOUR))
QUARTER = 15 * MINUTE
WORDS = (ConnectorStatus.AVAILABLE, ConnectorStatus.PREPARING, ConnectorStatus.CHARGING,
         ConnectorStatus.SUSPENDED_EV, ConnectorStatus.FAULTED)  # fmt: skip

STARTS = (0, 95, 96, 300, 671, 672, 1000, 1500, 2180)
"""When sessions begin, in quarters of hours: a session never moves."""
sessions = st.tuples(st.integers(1, 9), st.none(), st.integers(1, 20), st.integers(0, 50_000), st.booleans())
words = st.tuples(st.integers(0, 1), st.integers(0, 23 * 24 * 4), st.sampled_from(WORDS))

TWO_CAUSES = [(0, 526, ConnectorStatus.PREPARING), (4, None, 5, 43, False)]
"""The later cause lies in a whole week, which is added up before the day of the earlier one."""


def tell(past: Past, told: Any) -> None:
    """A session (number, start, length, Wh, open), or a word of a plug (station, at, status)."""
    if len(told) == 3:
        station, at, word = told
        past.status(f"S{station}", MIDNIGHT + at * QUARTER, word)
        return
    number, start, lasts, wh, still = told
    begin = MIDNIGHT + (STARTS[number - 1] if start is None else start) * QUARTER
    past.session(
        number, f"S{number % 2}", begin, None if still else begin + lasts * QUARTER, wh, token="ANNA"
    )


def refresh(past: Past) -> int:
    past.writer.flush()
    kept = 0
    while more := counted_ahead.refresh(past.store.read, past.writer.call, NOW, ZONE):
        kept += more
    return kept


def cached(past: Past, days: int) -> int:
    counts = tables.tally
    return past.rows(counts, counts.c.days == days, counts.c.rule.startswith("tries "))


def answers(past: Past) -> list[Any]:
    chosen = [Chosen(MIDNIGHT + low, MIDNIGHT + high) for low, high in SPANS]
    chosen.append(Chosen(MIDNIGHT, NOW, sites=("Depot",)))
    return [past.ask(ask, one, ZONE) for one in chosen for ask in (starts, behaviour)]


def without_cache(past: Past) -> list[Any]:
    past.empty(tables.tally)
    return answers(past)


def two(past: Past) -> None:
    past.station("S0", site="Depot", vendor="Helion", model="Q1")
    past.station("S1", site="Harbour", vendor="Ampaio", model="V")


@settings(
    max_examples=15,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    first=st.lists(st.one_of(sessions, words), max_size=20),
    late=st.lists(st.one_of(sessions, words), max_size=5),
)
@example(first=TWO_CAUSES, late=[])
def test_counts_are_the_same_with_and_without_it(
    first: list[Any], late: list[Any], tmp_path_factory: Any
) -> None:
    with a_past(tmp_path_factory.mktemp("past")) as past:
        two(past)
        for told in first:
            tell(past, told)
        refresh(past)
        for told in late:
            tell(past, told)
        past.writer.flush()
        assert answers(past) == without_cache(past)


def test_whole_weeks_are_kept_and_only_what_may_have_changed_is_counted_again(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        two(past)
        for day in range(24):
            tell(past, (day + 1, day * 96 + 30, 4, 9_000, False))
        assert refresh(past) > 0
        days, weeks = cached(past, 1), cached(past, 7)
        assert weeks == 2 * 2, "two weeks from Monday on, of both stations"
        assert refresh(past) == 0
        tell(past, (99, 7 * 96 + 40, 4, 5_000, False))
        past.writer.flush()
        assert (cached(past, 1), cached(past, 7)) == (days - 17, weeks - 2), "one station's, from there on"
        refresh(past)
        assert (cached(past, 1), cached(past, 7)) == (days, weeks)


def test_days_from_a_session_that_runs_on_wait_for_its_end(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        two(past)
        tell(past, (1, 96 + 30, 4, 9_000, False))
        tell(past, (2, 5 * 96 + 30, 4, 9_000, True))
        refresh(past)
        whole = 23
        assert cached(past, 1) == whole + 4, "of its station, those that ended half a day before it"
        tell(past, (2, 5 * 96 + 30, 4, 9_000, False))
        refresh(past)
        assert cached(past, 1) == 2 * whole
        assert past.ask(behaviour, Chosen(MIDNIGHT, NOW), ZONE).sessions == 2


def test_a_session_that_runs_on_and_is_told_of_again_overtakes_nothing_counted(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        two(past)
        tell(past, (1, 22 * 96 + 30, 4, 9_000, True))
        refresh(past)
        days = cached(past, 1)
        tell(past, (1, 22 * 96 + 30, 4, 12_000, True))
        assert refresh(past) == 0
        assert cached(past, 1) == days


def test_a_card_that_becomes_a_test_card_leaves_the_past_too(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        two(past)
        tell(past, (1, 96 + 30, 4, 9_000, False))
        refresh(past)
        assert past.ask(starts, Chosen(MIDNIGHT, NOW), ZONE).well.n == 1
        past.add(EntryRecord("local-token", "ANNA", 1, NOW, "me", body='{"test": true}'))
        assert past.ask(starts, Chosen(MIDNIGHT, NOW), ZONE).well.n == 0
        old = cached(past, 1)
        refresh(past)
        assert cached(past, 1) == old, "counts by the old rule are gone"

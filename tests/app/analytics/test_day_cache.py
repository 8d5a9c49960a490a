"""The cache of days: the same answers as without it, whatever comes late."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.analytics import day_cache, questions
from app.domain.records import ConnectorPlan
from app.domain.status import ConnectorStatus, LinkState
from app.store import tables
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

NOW = MIDNIGHT + 10 * DAY + 5 * HOUR
ZONE = "Europe/Berlin"


def refresh(past: Past, now_ms: int = NOW) -> int:
    past.writer.flush()
    return day_cache.refresh(past.store.read, past.writer.call, now_ms, ZONE)


def cached(past: Past) -> int:
    return past.rows(tables.day_state)


def answers(past: Past) -> tuple[Any, ...]:
    return (
        past.ask(questions.strips, NOW, ZONE, 9),
        past.ask(questions.uptime, MIDNIGHT - 3 * HOUR, MIDNIGHT + 9 * DAY + 7 * MINUTE),
        past.ask(questions.uptime, MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR),
    )


def without_cache(past: Past) -> tuple[Any, ...]:
    past.empty(tables.day_state)
    return answers(past)


words = st.tuples(
    st.integers(-2 * DAY, 10 * DAY).map(lambda ms: MIDNIGHT + ms),
    st.sampled_from(["S1", "S2"]),
    st.sampled_from([*list(ConnectorStatus)[:9], LinkState.ONLINE, LinkState.OFFLINE]),
    st.integers(0, 2),
)


def say(past: Past, at_ms: int, name: str, word: Any, evse: int) -> None:
    if isinstance(word, LinkState):
        past.link(name, at_ms, word)
    else:
        past.status(name, at_ms, word, evse, 1 if evse else 0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(words, max_size=25), late=st.lists(words, max_size=6))
def test_answers_are_the_same_with_and_without_it(
    first: list[Any], late: list[Any], tmp_path_factory: Any
) -> None:
    with a_past(tmp_path_factory.mktemp("past")) as past:
        past.station("S1", plan=(ConnectorPlan(1, 1),))
        past.station("S2")
        past.ran((MIDNIGHT, MIDNIGHT + 3 * DAY), (MIDNIGHT + 4 * DAY, NOW))
        for word in first:
            say(past, *word)
        refresh(past)
        for word in late:
            say(past, *word)
        assert answers(past) == without_cache(past)


def test_days_are_cached_once_and_only_when_they_are_over(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.station("never called")
        past.status("S1", MIDNIGHT - 400 * DAY, ConnectorStatus.AVAILABLE)
        assert refresh(past, MIDNIGHT + 23 * HOUR + 5 * MINUTE) == 2 * 365
        assert refresh(past, MIDNIGHT + 23 * HOUR + 11 * MINUTE) == 2
        assert refresh(past, MIDNIGHT + 23 * HOUR + 12 * MINUTE) == 0


def test_days_before_the_first_contact_take_no_room(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.station("never called")
        past.status("S1", NOW - 2 * DAY, ConnectorStatus.AVAILABLE)
        assert refresh(past) == 2 * 2
        assert refresh(past) == 0
        assert answers(past) == without_cache(past)
        past.status("S1", NOW - 4 * DAY, ConnectorStatus.FAULTED)
        assert refresh(past) == 2 * 4
        assert answers(past) == without_cache(past)


def test_a_late_word_drops_only_the_days_it_reaches(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        for name in ("S1", "S2"):
            past.station(name)
            past.status(name, MIDNIGHT, ConnectorStatus.AVAILABLE)
        refresh(past)
        full = cached(past)
        past.status("S1", MIDNIGHT + 8 * DAY, ConnectorStatus.FAULTED)
        assert full - cached(past) == 2 * 2
        assert refresh(past) == 2 * 2
        assert answers(past) == without_cache(past)


def test_a_word_that_comes_while_days_are_computed_keeps_them_out(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.status("S1", MIDNIGHT, ConnectorStatus.AVAILABLE)
        past.writer.flush()

        def read_then_speak(question: Any, *args: Any) -> Any:
            rows = past.store.read(question, *args)
            past.status("S1", MIDNIGHT + 5 * DAY, ConnectorStatus.FAULTED)
            past.writer.flush()
            return rows

        day_cache.refresh(read_then_speak, past.writer.call, NOW, ZONE)
        with past.store.connect() as connection:
            last = connection.execute(select(func.max(tables.day_state.c.end_ms))).scalar()
        assert last <= MIDNIGHT + 5 * DAY
        assert answers(past) == without_cache(past)


def test_a_new_evse_is_not_answered_from_old_days(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.status("S1", MIDNIGHT, ConnectorStatus.AVAILABLE)
        refresh(past)
        past.station("S1", plan=(ConnectorPlan(1, 1), ConnectorPlan(2, 1)))
        assert {u.evse for u in past.ask(questions.uptime, MIDNIGHT, NOW)} == {1, 2}
        assert answers(past) == without_cache(past)

"""The cache of energy parted at midnights: the same days as without it, whatever is told late."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analytics import energy, questions
from app.store import tables
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

NOW = MIDNIGHT + 10 * DAY + 5 * HOUR
ZONE = "Europe/Berlin"

sessions = st.tuples(
    st.integers(1, 6), st.integers(0, 10 * 24 * 4), st.integers(1, 3 * 24 * 4), st.integers(0, 50_000),
    st.booleans(),
)  # fmt: skip
readings = st.tuples(st.integers(1, 6), st.integers(0, 11 * 24 * 4), st.integers(0, 50_000))


def tell(past: Past, told: tuple[int, ...]) -> None:
    """A session (number, start, length, Wh, open) or a reading (session, at, Wh); quarters of hours."""
    quarter = 15 * MINUTE
    if len(told) == 3:
        number, at, wh = told
        past.reading(number, f"S{number % 2}", MIDNIGHT + at * quarter, 1000 + wh)
        return
    number, start, lasts, wh, still = told
    begin = MIDNIGHT + start * quarter
    past.session(number, f"S{number % 2}", begin, None if still else begin + lasts * quarter, wh)


def refresh(past: Past) -> int:
    past.writer.flush()
    return energy.refresh_parts(past.store.read, past.writer.call, NOW, ZONE)


def cached(past: Past) -> int:
    return past.rows(tables.session_part)


def answers(past: Past) -> list[Any]:
    return [
        past.ask(questions.energy_per_day, NOW, zone, days, station)
        for zone in (ZONE, "America/New_York")
        for days in (3, 12)
        for station in (None, "S1")
    ]


def without_cache(past: Past) -> list[Any]:
    past.empty(tables.session_part)
    return answers(past)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(st.one_of(sessions, readings), max_size=15),
    late=st.lists(st.one_of(sessions, readings), max_size=5),
)
def test_days_are_the_same_with_and_without_it(
    first: list[Any], late: list[Any], tmp_path_factory: Any
) -> None:
    with a_past(tmp_path_factory.mktemp("past")) as past:
        for told in first:
            tell(past, told)
        refresh(past)
        for told in late:
            tell(past, told)
        assert answers(past) == without_cache(past)


def test_what_is_told_of_a_session_drops_its_parts_and_no_others(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        for number in (1, 2, 3):
            past.session(number, "S1", MIDNIGHT + number * DAY, MIDNIGHT + (number + 1) * DAY, 9000)
        past.session(4, "S1", MIDNIGHT + DAY, None, 9000)
        assert refresh(past) == 3
        past.reading(1, "S1", MIDNIGHT + DAY + 20 * HOUR, 1500)
        past.session(2, "S1", MIDNIGHT + 2 * DAY, MIDNIGHT + 3 * DAY, 7000)
        past.writer.flush()
        assert cached(past) == 1
        assert refresh(past) == 2
        assert refresh(past) == 0
        assert answers(past) == without_cache(past)


def test_what_is_told_while_parts_are_computed_keeps_them_out(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + DAY, 9000)
        past.session(2, "S1", MIDNIGHT, MIDNIGHT + DAY, 9000)
        past.writer.flush()

        def read_then_speak(question: Any, *args: Any) -> Any:
            parts = past.store.read(question, *args)
            past.reading(1, "S1", MIDNIGHT + 20 * HOUR, 1500)
            past.writer.flush()
            return parts

        assert energy.refresh_parts(read_then_speak, past.writer.call, NOW, ZONE) == 1
        assert answers(past) == without_cache(past)

"""A day's power against what is typical of its weekday."""

from pathlib import Path

import pytest

from app.analytics.typical_power import percentile, todays_power, typical_power
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

ZONE = "Europe/Berlin"
NOW = MIDNIGHT + 70 * DAY + 11 * HOUR


def fill(past: Past, weeks: range) -> None:
    """From 9 to 10 local each week, a thousand watts a week back."""
    past.ran((NOW - 7 * DAY * len(weeks), NOW + DAY))
    past.station("A")
    for week in weeks:
        start = MIDNIGHT + 70 * DAY + 8 * HOUR - week * 7 * DAY
        past.session(week + 1, "A", start, start + HOUR, 9_000)
        for minute in range(0, 61, 5):
            past.reading(week + 1, "A", start + minute * MINUTE, power=(week or 20) * 1000)


def test_the_same_weekdays_make_what_is_typical(tmp_path: Path) -> None:
    """Median and percentiles of eight weeks at half past nine; nothing at noon."""
    with a_past(tmp_path) as past:
        fill(past, range(9))
        found = past.ask(typical_power, NOW, ZONE)
        step = (9 * HOUR + 30 * MINUTE) // found.step_ms
        assert found.weeks == 8
        assert found.median[step] == pytest.approx(4_500)
        assert found.low[step] == pytest.approx(1_700)
        assert found.high[step] == pytest.approx(7_300)
        assert found.median[12 * HOUR // found.step_ms] == 0
        today = past.ask(todays_power, NOW, ZONE)
        assert today.values[step] == pytest.approx(20_000)
        assert today.values[13 * HOUR // today.step_ms] is None


def test_three_weeks_are_not_typical(tmp_path: Path) -> None:
    """A network that began three weeks ago has no usual day yet."""
    with a_past(tmp_path) as past:
        fill(past, range(4))
        assert past.ask(typical_power, NOW, ZONE) is None


def test_percentiles_lie_between_neighbours() -> None:
    """The usual linear percentile."""
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2
    assert percentile([1.0, 2.0], 0.25) == 1.25
    assert percentile([7.0], 0.9) == 7

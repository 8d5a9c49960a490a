"""Ticks of time stand on local hours, days and months."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.ui.widgets.charts.lines import START, ZONE
from ui.widgets.charts.time_axis import ticks


def test_hours_are_named_in_local_time_over_the_clock_change() -> None:
    start = round(datetime(2026, 10, 25, 0, tzinfo=ZONE).timestamp() * 1000)
    named = [text for _, text in ticks(start, start + 23 * 3_600_000, ZONE, 30)]
    assert named[:5] == ["00:00", "01:00", "02:00", "02:00", "03:00"]


def test_a_day_of_25_hours_still_ticks_at_midnight() -> None:
    start = round(datetime(2026, 10, 20, 0, tzinfo=ZONE).timestamp() * 1000)
    at = ticks(start, start + 10 * 86_400_000, ZONE, 12)
    assert {datetime.fromtimestamp(instant / 1000, ZONE).hour for instant, _ in at} == {0}
    assert at[0][1] == "20 Oct"


def test_a_year_ticks_at_months() -> None:
    named = [text for _, text in ticks(START, START + 366 * 86_400_000, ZONE, 13)]
    assert named[:3] == ["Nov", "Dec", "Jan 2027"]


def test_a_day_ends_at_24_and_not_where_it_began() -> None:
    """The last tick of a whole day is its end; days side by side keep their dates."""
    zone = ZoneInfo("Europe/Amsterdam")
    start = round(datetime(2026, 10, 15, tzinfo=zone).timestamp() * 1000)
    words = [text for _, text in ticks(start, start + 86_400_000, zone, 7)]
    assert (words[0], words[-1]) == ("00:00", "24:00")
    assert [text for _, text in ticks(start, start + 2 * 86_400_000, zone, 5)][-1] == "17 Oct"

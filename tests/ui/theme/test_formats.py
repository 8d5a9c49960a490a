"""Figures and times in the words the design asks for."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain import forms
from ui.theme import formats

ZONE = ZoneInfo("Europe/Amsterdam")


def ms(text: str, zone: ZoneInfo = ZONE, fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp() * 1000)


NOW = ms("2026-10-15 14:32:08")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    forms.use_forms(",", ".")
    yield
    forms.use_forms(",", ".")


def test_unknown_is_a_dash_and_never_zero() -> None:
    assert formats.number(None) == "–"
    assert formats.power_text(None) == "–"
    assert formats.energy_text(None) == "–"
    assert formats.duration(None) == "–"
    assert formats.percent(None) == "–"
    assert formats.clock(None, ZONE) == "–"


def test_power_turns_to_megawatts_at_a_thousand_kilowatts() -> None:
    assert formats.power_text(58_430) == "58.4 kW"
    assert formats.power_text(999_940) == "999.9 kW"
    assert formats.power_text(999_950) == "1.00 MW"
    assert formats.power_text(1_840_000) == "1.84 MW"
    assert formats.power(0) == ("0.0", "kW")


def test_energy_likewise() -> None:
    assert formats.energy_text(47_600) == "47.6 kWh"
    assert formats.energy_text(14_620_000) == "14.62 MWh"


def test_minus_is_a_real_one_and_zero_has_none() -> None:
    assert formats.number(-18) == "−18"
    assert formats.number(-0.004, 2) == "0.00"
    assert formats.number(-1284.5, 2) == "−1,284.50"


def test_separators_follow_the_locale() -> None:
    forms.use_forms(".", ",")
    assert formats.number(1284.5, 2) == "1.284,50"


def test_percent_is_truncated_so_that_a_hundred_means_a_hundred() -> None:
    assert formats.percent(0.99999) == "99.99%"
    assert formats.percent(0.9833) == "98.33%"
    assert formats.percent(1) == "100.00%"


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0 s"),
        (41_900, "41 s"),
        (38 * 60_000, "38 min"),
        (134 * 60_000, "2 h 14 min"),
        (120 * 60_000, "2 h"),
        (76 * 3_600_000, "3 d 4 h"),
        (-90_000, "−1 min"),
    ],
)
def test_durations(milliseconds: int, said: str) -> None:
    assert formats.duration(milliseconds) == said


def test_ages_turn_to_clock_time_after_an_hour() -> None:
    assert formats.age(NOW - 4_000, NOW, ZONE) == "4 s ago"
    assert formats.age(NOW - 59 * 60_000, NOW, ZONE) == "59 min ago"
    assert formats.age(NOW - 61 * 60_000, NOW, ZONE) == "13:31"
    assert formats.age(NOW - 24 * 3_600_000, NOW, ZONE) == "Wed 14:32"
    assert formats.age(ms("2025-10-03 09:00:00"), NOW, ZONE) == "3 Oct 2025 09:00"


def test_a_clock_ahead_of_ours_is_not_in_the_future() -> None:
    assert formats.age(NOW + 5_000, NOW, ZONE) == "0 s ago"


def test_the_doubled_hour_of_october_shows_which_one_it_is() -> None:
    early, late = ms("2026-10-25 02:30:00"), ms("2026-10-25 02:30:00", fold=1)
    assert formats.clock(early, ZONE) == "02:30 (+2)"
    assert formats.clock(late, ZONE) == "02:30 (+1)"
    assert formats.clock(ms("2026-03-29 03:30:00"), ZONE) == "03:30"


def test_milliseconds_of_messages_are_kept() -> None:
    assert formats.clock(NOW + 418, ZONE, millis=True) == "14:32:08.418"


def test_date_and_zone_of_the_status_bar() -> None:
    assert formats.day(NOW, ZONE, weekday=True, year=True) == "Thu 15 Oct 2026"
    assert formats.zone_text(NOW, ZONE) == "CEST (UTC+2)"
    assert formats.zone_text(NOW, ZoneInfo("UTC")) == "UTC"
    assert formats.zone_text(NOW, ZoneInfo("Asia/Kathmandu")) == "UTC+5:45"


def test_sizes_on_disk() -> None:
    assert formats.size_text(1_840_000_000) == "1.84 GB"
    assert formats.size_text(24_500_000) == "24.5 MB"
    assert formats.size_text(1_001) == "2 kB"

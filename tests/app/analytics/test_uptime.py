"""Uptime: the worked examples of the reference's section A, to the last minute."""

import itertools
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.analytics.days import last_days, midnight_ms
from app.analytics.results import Uptime
from app.analytics.timelines import State, Tile, combine, intersect, length, paint, tiling, union
from app.analytics.uptime import pooled, truncated, uptime_of

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
BERLIN = ZoneInfo("Europe/Berlin")


def minutes(*spans: tuple[int, int]) -> list[tuple[int, int]]:
    return [(start * MINUTE, end * MINUTE) for start, end in spans]


def down(window: tuple[int, int], *spans: tuple[int, int]) -> list[Tile]:
    return paint(tiling(window, [(window[0], State.AVAILABLE)]), spans, State.FAULTED)


def nevi(outage_min: int, excluded_min: int) -> Fraction:
    return Fraction(525_600 - (outage_min - excluded_min), 525_600) * 100


def ms(*local: int) -> int:
    return round(datetime(*local, tzinfo=BERLIN).timestamp() * 1000)  # type: ignore[misc]


def test_a1_overlapping_outages_count_once_and_exclusions_only_where_they_overlap() -> None:
    outage = union(minutes((1000, 1600)), minutes((1480, 1780)))
    assert length(outage) == 780 * MINUTE
    year = down((0, 525_600 * MINUTE), *outage)
    assert uptime_of(year).down_ms == 780 * MINUTE
    grid = intersect(outage, minutes((1400, 1640)))
    assert length(grid) == 240 * MINUTE
    assert truncated(nevi(780, 240), 4) == "99.8972"
    assert length(intersect(outage, minutes((1700, 1940)))) == 80 * MINUTE
    assert truncated(nevi(780, 80), 4) == "99.8668"


def test_a2_what_fails_is_never_shown_as_passing() -> None:
    assert nevi(15_768, 0) == 97
    assert nevi(15_767, 0) > 97
    assert truncated(nevi(15_769, 0)) == "96.99"
    assert truncated(Fraction(100)) == "100.00"
    assert truncated(Fraction(5, 1000)) == "0.00"
    assert truncated(Fraction(99_999, 1000), 0) == "99"
    assert truncated(None) == ""


def test_a3_days_of_23_and_25_hours() -> None:
    spring = last_days(ms(2026, 3, 29, 12), "Europe/Berlin", 1)[0]
    assert (spring.end_ms - spring.start_ms) // MINUTE == 1380
    day = uptime_of(down(spring[1:], (ms(2026, 3, 29, 1, 30), ms(2026, 3, 29, 3, 30))))
    assert day.down_ms == 60 * MINUTE
    assert truncated(day.best, 3) == "95.652"
    autumn = last_days(ms(2026, 10, 25, 12), "Europe/Berlin", 1)[0]
    assert (autumn.end_ms - autumn.start_ms) // MINUTE == 1500
    day = uptime_of(down(autumn[1:], (ms(2026, 10, 25, 1, 30), ms(2026, 10, 25, 3, 30))))
    assert day.down_ms == 180 * MINUTE
    assert day.best == 88
    march = midnight_ms(date(2026, 4, 1), BERLIN) - midnight_ms(date(2026, 3, 1), BERLIN)
    assert march == 44_580 * MINUTE


def test_days_follow_each_other_without_gap() -> None:
    for zone in ("Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "UTC", "Asia/Kolkata"):
        days = last_days(ms(2026, 11, 1, 3), zone, 400)
        assert len(days) == 400
        assert all(one.end_ms == two.start_ms for one, two in itertools.pairwise(days))
        assert days[-1].start_ms <= ms(2026, 11, 1, 3) < days[-1].end_ms
        first = date.fromisoformat(days[0].day)
        assert [day.day for day in days] == [(first + timedelta(n)).isoformat() for n in range(400)]


def test_a4_a_pool_is_the_sum_of_its_times() -> None:
    evses = [(525_600, 3000), (525_600, 1200), (350_400, 240), (525_600, 0)]
    pool = pooled(Uptime((all_of - bad) * MINUTE, bad * MINUTE, 0) for all_of, bad in evses)
    assert pool.total_ms == 1_927_200 * MINUTE
    assert pool.down_ms == 4440 * MINUTE
    assert truncated(pool.best, 4) == "99.7696"
    mean = sum(Fraction(all_of - bad, all_of) for all_of, bad in evses) / 4 * 100
    assert truncated(mean, 4) == "99.7831"


def test_a5_an_outage_without_exclusions() -> None:
    year = down((0, 525_600 * MINUTE), (0, 446 * HOUR))
    assert truncated(uptime_of(year).best) == "94.90"
    assert truncated(nevi(446 * 60, 312 * 60)) == "98.47"
    assert truncated(nevi(446 * 60, 416 * 60)) == "99.65"


def test_a6_ports_and_the_station_they_make() -> None:
    ports = [down((0, DAY), (10 * HOUR, 12 * HOUR)), down((0, DAY), (11 * HOUR, 14 * HOUR))]
    single = [uptime_of(port).best for port in ports]
    assert [truncated(value, 3) for value in single] == ["91.666", "87.500"]
    assert truncated(pooled(map(uptime_of, ports)).best, 3) == "89.583"
    any_up = combine(ports, lambda states: State.AVAILABLE if State.AVAILABLE in states else State.FAULTED)
    all_up = combine(ports, lambda states: State.FAULTED if State.FAULTED in states else State.AVAILABLE)
    assert truncated(uptime_of(any_up).best, 3) == "95.833"
    assert truncated(uptime_of(all_up).best, 3) == "83.333"


def test_a7_blind_time_makes_bounds() -> None:
    tiles = tiling(
        (0, DAY),
        [
            (0, State.AVAILABLE), (18 * HOUR, State.FAULTED), (19 * HOUR, State.OFFLINE),
            (21 * HOUR, State.BLIND),
        ],
    )  # fmt: skip
    day = uptime_of(tiles)
    assert truncated(day.measured) == "87.50"
    assert (truncated(day.low), truncated(day.high)) == ("75.00", "87.50")
    assert truncated(day.best, 3) == "85.714"


def test_nothing_measured_gives_no_figure() -> None:
    nothing = Uptime(0, 0, DAY)
    assert nothing.best is None
    assert (nothing.low, nothing.high) == (0, 100)
    assert Uptime(0, 0, 0).low is None

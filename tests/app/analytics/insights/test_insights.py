"""When drivers come, what they do and what peaks cost, of a small past whose answers are known."""

from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from app.analytics.costs.books import Books
from app.analytics.costs.data import Peak, achievable_peak, peak_kw
from app.analytics.costs.lost_revenue import Place
from app.analytics.costs.parked import parked
from app.analytics.insights.behaviour import behaviour
from app.analytics.insights.chosen import Chosen
from app.analytics.insights.peaks import site_peaks
from app.analytics.insights.week import HOURS, forecast, week_hours, week_of
from app.domain.records import ConnectorPlan
from app.domain.status import ConnectorStatus, LinkState
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, a_past

# 2026-01-01 was a Thursday; in UTC its first hour of the week is 72.
THURSDAY = 72


def test_starts_are_counted_by_the_hour_of_the_week(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot")
        past.station("S2", site="Harbour")
        for week in range(2):
            at = MIDNIGHT + week * 7 * DAY + 8 * HOUR
            past.session(week * 2 + 1, "S1", at, at + HOUR, 9_000)
        past.session(9, "S2", MIDNIGHT + 8 * HOUR, MIDNIGHT + 9 * HOUR, 9_000)
        chosen = Chosen(MIDNIGHT, MIDNIGHT + 14 * DAY, sites=("Depot",))
        cells = past.ask(week_of, chosen, "UTC")
        assert len(cells) == HOURS
        assert (cells[THURSDAY + 8].starts, cells[THURSDAY + 8].weeks, cells[THURSDAY + 8].per_hour) == (
            2,
            2,
            1,
        )
        assert sum(cell.starts for cell in cells) == 2
        assert past.ask(week_of, chosen, "Europe/Berlin")[THURSDAY + 9].starts == 2


def test_an_hour_with_all_connectors_taken_shows(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        plan = (ConnectorPlan(1, 1), ConnectorPlan(2, 1))
        past.station("S1", site="Depot", plan=plan, first_seen_ms=MIDNIGHT)
        past.link("S1", MIDNIGHT, LinkState.ONLINE)
        for evse, hour in ((1, 8), (2, 8)):
            past.status("S1", MIDNIGHT, ConnectorStatus.AVAILABLE, evse)
            past.status("S1", MIDNIGHT + hour * HOUR, ConnectorStatus.CHARGING, evse)
            past.status(
                "S1", MIDNIGHT + hour * HOUR + (30 + 20 * evse) * MINUTE, ConnectorStatus.AVAILABLE, evse
            )
        cells = past.ask(week_of, Chosen(MIDNIGHT, MIDNIGHT + 7 * DAY), "UTC")
        assert cells[THURSDAY + 8].full == 50 / 60
        assert cells[THURSDAY + 10].full == 0


def test_a_steady_week_is_foretold_without_error(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot")
        number = 0
        for day in range(56):
            for hour in (8, 17):
                number += 1
                at = MIDNIGHT + day * DAY + hour * HOUR
                past.session(number, "S1", at, at + HOUR, 9_000)
        found = past.ask(forecast, Chosen(MIDNIGHT, MIDNIGHT + 56 * DAY))
        assert (found.error, found.naive) == (0, 0)
        assert [n for n, value in enumerate(found.hours) if value][:2] == [8, 17]
        assert all(
            low <= value <= high for low, value, high in zip(found.low, found.hours, found.high, strict=True)
        )
        assert week_hours(found.from_ms, "UTC")[8] == "Thu 08:00"
        young = past.ask(forecast, Chosen(MIDNIGHT + 50 * DAY, MIDNIGHT + 56 * DAY))
        assert (young.hours, young.error) == ((), None)


@pytest.mark.parametrize("weeks", [2, 4])
def test_eighty_of_a_hundred_coming_hours_lie_in_the_band(tmp_path: Path, weeks: int) -> None:
    chance = Random(weeks)

    def came() -> int:
        return sum(chance.random() < 0.1 for _ in range(40))

    begin = MIDNIGHT + (8 - weeks) * 7 * DAY
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot")
        number = 0
        for hour in range(weeks * HOURS):
            for _ in range(came()):
                number += 1
                at = begin + hour * HOUR
                past.session(number, "S1", at, at + HOUR, 9_000)
        found = past.ask(forecast, Chosen(begin, MIDNIGHT + 56 * DAY))
    coming = [
        low <= came() <= high for low, high in zip(found.low, found.high, strict=True) for _ in range(20)
    ]
    assert 0.78 < sum(coming) / len(coming) < 0.88


def test_what_drivers_do(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot")
        at = MIDNIGHT + 8 * HOUR
        past.session(1, "S1", at, at + 90 * MINUTE, 22_000, token="ANNA")
        past.status("S1", at, ConnectorStatus.CHARGING)
        past.status("S1", at + 60 * MINUTE, ConnectorStatus.SUSPENDED_EV)
        past.status("S1", at + 90 * MINUTE, ConnectorStatus.AVAILABLE)
        past.session(2, "S1", at + DAY, at + DAY + 20 * MINUTE, 7_000, token="ANNA")
        past.session(3, "S1", at + 2 * DAY, None, None)
        found = past.ask(behaviour, Chosen(MIDNIGHT, MIDNIGHT + 7 * DAY), "UTC")
        assert (found.sessions, found.drivers, found.returning) == (2, 1, 1)
        assert found.arrivals[8] == 2
        assert (found.stay_min.median, found.energy_kwh.median) == (55, 14.5)
        assert found.idle_share == 30 / 110
        assert sum(found.energy_kwh.counts) == 2


def test_a_peak_that_waiting_would_have_spared() -> None:
    at = MIDNIGHT + 8 * HOUR
    both = [parked(at, at + 4 * HOUR, 11_000, 44_000), parked(at, at + 15 * MINUTE, 11_000, 44_000)]
    assert peak_kw(both) == 88
    assert 43.9 < achievable_peak(both) < 44.2


def test_peaks_are_of_the_months_whose_middle_lies_in_the_span() -> None:
    def book(month: int, *sites: str) -> SimpleNamespace:
        period, start = f"2026-0{month}", MIDNIGHT + (month - 1) * 30 * DAY
        found = tuple(Peak(Place(period, s, "", "EUR"), start, Decimal(100), Decimal(60)) for s in sites)
        return SimpleNamespace(period=period, start_ms=start, end_ms=start + 30 * DAY, peaks=found)

    books = Books((book(1, "A"), book(2, "B", "A"), book(3, "A")))  # type: ignore[arg-type]
    span = Chosen(MIDNIGHT + 20 * DAY, MIDNIGHT + 76 * DAY)
    assert [(p.site, p.period) for p in site_peaks(books, span)] == [
        ("A", "2026-02"), ("A", "2026-03"), ("B", "2026-02")
    ]  # fmt: skip
    week = Chosen(MIDNIGHT + 48 * DAY, MIDNIGHT + 55 * DAY, sites=("B",))
    assert [(p.site, p.peak_kw, p.achievable_kw) for p in site_peaks(books, week)] == [("B", 100, 60)]

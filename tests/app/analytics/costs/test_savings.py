"""What recovery saved, who came back, and months by a site's own clock."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.analytics.costs.periods import months_between, months_until, period_of, span_of, widest
from app.analytics.costs.questions import avoided
from app.analytics.costs.recovered import Recovered
from app.analytics.costs.savings import Treated, difference, savings

D = Decimal
BERLIN, UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")


def faults(hours: list[float], per_hour: str | None = "2.00", auto: bool = False) -> list[Treated]:
    rate = None if per_hour is None else D(per_hour)
    return [
        Treated(n, "connector_fault", "Depot", "S", 0, lasted, rate, "EUR", auto)
        for n, lasted in enumerate(hours)
    ]


def test_recoveries_are_compared_with_faults_nobody_treated() -> None:
    (one,) = savings(faults([1, 1, 2, 1, 1, 1], auto=True), faults([9, 10, 11, 10, 9, 11]), D("0.75"))
    gained, half = difference([1, 1, 2, 1, 1, 1], [9, 10, 11, 10, 9, 11])
    assert gained == pytest.approx(8.833, abs=1e-3)
    assert one.clear
    assert one.amount is not None
    assert one.low is not None
    assert one.high is not None
    assert float(one.amount) == pytest.approx(gained * 6 * 2 * 0.75)
    assert float(one.low) == pytest.approx((gained - half) * 6 * 2 * 0.75)
    assert one.low < one.amount < one.high
    assert one.automatic == 6


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        ([1, 1, 1, 1], [9, 9, 9, 9, 9, 9]),
        ([1, 1, 1, 1, 1, 1], [9, 9, 9]),
        ([1, 9, 2, 8, 5, 5], [2, 8, 5, 5, 9, 1]),
    ],
)
def test_few_or_like_ones_are_not_clear_yet(mine: list[float], others: list[float]) -> None:
    (one,) = savings(faults(mine), faults(others), D(1))
    assert not one.clear
    assert one.amount is None


def test_without_a_price_hours_are_told_and_no_money() -> None:
    (one,) = savings(faults([1, 1, 2, 1, 1], None), faults([9, 10, 11, 10, 9]), D(1))
    assert one.hours == pytest.approx(43.0)
    assert one.amount is None


def test_what_is_avoided_is_the_sum_of_what_is_clear() -> None:
    clear = savings(faults([1, 1, 2, 1, 1, 1], auto=True), faults([9, 10, 11, 10, 9, 11]), D(1))
    unclear = savings(faults([1, 1]), faults([9]), D(1))
    found = avoided((*clear, *unclear), "EUR")
    assert found.amount == clear[0].amount
    assert found.low == pytest.approx(clear[0].low)
    assert (found.recoveries, found.automatic, found.unclear) == (8, 6, 2)
    assert avoided(unclear, "EUR").amount is None


def test_who_comes_back_is_a_quarter_until_own_drivers_tell() -> None:
    assert Recovered(0, 0, 0.0).share == 0.25
    assert Recovered(92, 48, 0.0).share == 0.5
    assert Recovered(92, 48, 10.0).share == 0.4
    assert Recovered(10, 0, 9.0).share == 0
    low, high = Recovered(92, 48, 0.0).range
    assert low < 0.5 < high
    assert high - low < Recovered(0, 0, 0.0).range[1] - Recovered(0, 0, 0.0).range[0]
    assert Recovered(1, 1, 0.5) + Recovered(2, 0, 0.5) == Recovered(3, 1, 1.0)


def test_a_month_begins_at_a_sites_own_midnight() -> None:
    start, end = span_of("2026-03", BERLIN)
    assert (end - start) == (31 * 24 - 1) * 3_600_000
    assert start == span_of("2026-03", UTC)[0] - 3_600_000
    assert period_of(start, BERLIN) == "2026-03"
    assert period_of(start, UTC) == "2026-02"
    assert widest("2026-03", (BERLIN, UTC)) == (start, span_of("2026-03", UTC)[1])


def test_months_are_counted_over_a_new_year() -> None:
    assert months_until("2026-02", 4) == ("2025-11", "2025-12", "2026-01", "2026-02")
    start, end = span_of("2025-12", UTC)[0], span_of("2026-01", UTC)[1]
    assert months_between(start, end, UTC) == ("2025-12", "2026-01")
    assert months_between(end, start, UTC) == ()

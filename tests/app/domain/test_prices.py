"""What holds where and when: dates, bands over midnight, sites without their own, tax and cost."""

import json
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import ForecourtError
from app.domain.prices import Prices, amount
from app.domain.records import ConnectorPlan, EntryRecord

BERLIN = ZoneInfo("Europe/Berlin")


def at(*when: int) -> int:
    return round(datetime(*when, tzinfo=BERLIN).timestamp() * 1000)  # type: ignore[misc]


def entry(kind: str, name: str, gone: bool = False, **body: object) -> EntryRecord:
    return EntryRecord(kind, name, 1, 0, "ann", body=json.dumps(body), gone=gone)


def test_the_newest_that_has_begun_holds() -> None:
    prices = Prices(
        [
            entry("price", "a", site="Depot", from_ms=at(2026, 1, 1), per_kwh="0.49"),
            entry("price", "b", site="Depot", from_ms=at(2026, 3, 1), per_kwh="0.55"),
            entry("price", "c", from_ms=0, per_kwh="0.39"),
            entry("price", "d", site="Depot", from_ms=at(2026, 2, 1), per_kwh="9", gone=True),
        ],
        BERLIN,
    )
    depot = [prices.price("Depot", at(2026, month, 15)) for month in (2, 3)]
    assert [p.per_kwh for p in depot if p] == [Decimal("0.49"), Decimal("0.55")]
    before, other = prices.price("Depot", at(2025, 12, 31)), prices.price("Elsewhere", at(2026, 5, 1))
    assert (before and before.per_kwh, other and other.per_kwh) == (Decimal("0.39"), Decimal("0.39"))


def test_a_band_over_midnight_belongs_to_the_day_it_began() -> None:
    weeknights = {"from": "20:00", "to": "06:00", "days": [0, 1, 2, 3, 4], "per_kwh": "0.29"}
    prices = Prices([entry("price", "a", per_kwh="0.49", bands=[weeknights])], BERLIN)

    def per_kwh(*when: int) -> Decimal:
        found = prices.price("", at(*when))
        assert found is not None
        return found.per_kwh

    friday = (2026, 1, 9)
    assert per_kwh(*friday, 19, 59) == Decimal("0.49")
    assert per_kwh(*friday, 20) == Decimal("0.29")
    assert per_kwh(2026, 1, 10, 5, 59) == Decimal("0.29")
    assert per_kwh(2026, 1, 10, 21) == Decimal("0.49")
    assert per_kwh(2026, 1, 12, 3) == Decimal("0.49")


def test_the_margin_says_whether_the_cost_is_known() -> None:
    price = entry("price", "a", per_kwh="0.595", tax_percent="19", currency="EUR")
    assert Prices([price], BERLIN).margin_per_kwh("x", 0) == (Decimal("0.5"), "EUR", False)
    cost = entry("energy-cost", "b", per_kwh="0.20")
    assert Prices([price, cost], BERLIN).margin_per_kwh("x", 0) == (Decimal("0.3"), "EUR", True)
    foreign = entry("energy-cost", "b", per_kwh="0.20", currency="GBP")
    assert Prices([price, foreign], BERLIN).margin_per_kwh("x", 0) is None
    assert Prices([], BERLIN).margin_per_kwh("x", 0) is None


def test_an_imported_price_stands_in_where_nothing_was_written_down() -> None:
    plan = {"S1": [ConnectorPlan(1, 1, "CCS", 150_000, "0,61"), ConnectorPlan(2, 1, "T2", 22_000, "0.45")]}
    prices = Prices([entry("organisation", "own", currency="CHF")], BERLIN, plan)
    found = prices.price("Depot", 0, "S1", 1)
    assert found is not None
    assert (found.per_kwh, found.currency, found.source) == (Decimal("0.61"), "CHF", "import")
    assert found.of(20_000) == Decimal("12.2")
    assert prices.price("Depot", 0, "S2") is None


@pytest.mark.parametrize("text", ["", "NaN", "inf", "0.49 €"])
def test_no_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(ForecourtError, match="no amount"):
        amount(text)

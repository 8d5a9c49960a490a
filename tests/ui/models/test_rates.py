"""Rates, hours and spans as they are typed and read back."""

import json
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import ForecourtError
from app.domain.prices import Prices
from app.domain.records import EntryRecord
from ui.models import rates

ZONE = ZoneInfo("Europe/Berlin")


def test_bands_are_typed_and_read_back() -> None:
    text = "20:00-06:00 mon-fri 0.29; 12:00-14:00 0.25"
    bands = rates.bands_of(text)
    assert bands == [
        {"from": "20:00", "to": "06:00", "per_kwh": "0.29", "days": [0, 1, 2, 3, 4]},
        {"from": "12:00", "to": "14:00", "per_kwh": "0.25"},
    ]
    assert rates.bands_of(rates.bands_text(bands)) == bands


def test_a_rate_as_typed_is_what_prices_reads() -> None:
    values = {"site": "", "from": "2026-10-01", "per_kwh": "0,49", "currency": "eur", "tax": "19",
              "bands": "20:00-06:00 0.29"}  # fmt: skip
    body = rates.rate_body(values, ZONE)
    prices = Prices([EntryRecord("price", "all", 1, 0, "SV", "", json.dumps(body))], ZONE)
    noon, night = (rates.day_start("2026-10-02", ZONE) + hour * 3_600_000 for hour in (12, 23))
    assert str(prices.price("Depot", noon).per_kwh) == "0.49"  # type: ignore[union-attr]
    assert str(prices.price("Depot", night).per_kwh) == "0.29"  # type: ignore[union-attr]
    assert prices.price("Depot", rates.day_start("2026-09-30", ZONE)) is None
    assert rates.day_text(body["from_ms"], ZONE) == "2026-10-01"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("from", "1 October", "no day"),
        ("per_kwh", "-1", "below zero"),
        ("currency", "euro", "three letters"),
        ("currency", "xqz", "no currency XQZ"),
        ("tax", "150", "in percent below 100"),
        ("bands", "20:00", "Write a band"),
        ("bands", "20:00-20:00 0.2", "different times"),
        ("bands", "20:00-06:00 fr1 0.2", "no weekday"),
        ("bands", "25:00-06:00 0.2", "no time of day"),
    ],
)
def test_what_cannot_be_a_rate_is_said_plainly(field: str, text: str, words: str) -> None:
    values = {"site": "", "from": "2026-10-01", "per_kwh": "0.49", "currency": "EUR", field: text}
    with pytest.raises(ForecourtError, match=words):
        rates.rate_body(values, ZONE)


def test_opening_hours_are_typed_and_read_back() -> None:
    hours = rates.hours_of("mon-fri 06:00-22:00; sat 08:00-20:00")
    assert hours["mon"] == ["06:00-22:00"]
    assert "sun" not in hours
    assert rates.hours_text(hours) == "mon-fri 06:00-22:00; sat 08:00-20:00"
    assert rates.hours_of("") == {}
    assert set(rates.hours_of("06:00-22:00")) == set(rates.DAYS)
    with pytest.raises(ForecourtError, match="two parts"):
        rates.hours_of("mon 22:00-06:00")


def test_quiet_hours() -> None:
    assert rates.span_of("22:00 to 06:00") == rates.span_of("22:00-06:00") == [1320, 360]
    assert rates.span_of(" ") is None
    for bad in ("22:00", "24:00-06:00", "6-7"):
        with pytest.raises(ForecourtError):
            rates.span_of(bad)

"""Announced work and purchases: what is kept, and what is refused with its line."""

import pytest

from app.domain.care_plans import (
    Purchase,
    is_excused,
    planned_work,
    purchase_body,
    purchase_of,
    purchases_from_csv,
)
from app.domain.errors import ForecourtError

HOUR = 3_600_000


def test_announced_work_names_its_span_for_alarms_and_for_uptime() -> None:
    body = planned_work("Safety test", "Venlo", [], 10 * HOUR, 12 * HOUR, 2 * HOUR, "TL")
    assert (body["from_ms"], body["to_ms"]) == (body["start_ms"], body["end_ms"]) == (10 * HOUR, 12 * HOUR)
    assert is_excused(body)
    assert not is_excused({**body, "announced_ms": 10 * HOUR})
    with pytest.raises(ForecourtError, match="end after"):
        planned_work("Test", "Venlo", [], HOUR, HOUR, 0)
    with pytest.raises(ForecourtError, match="site or the stations"):
        planned_work("Test", "", [], HOUR, 2 * HOUR, 0)


def test_purchases_come_from_a_file() -> None:
    head = "station;bought;delivered;warranty_until;price;currency"
    text = f"{head}\nA;2026-01-02;2026-02-01;2028-02-01;28000,50;\n"
    (found,) = purchases_from_csv(text, ["A"], "EUR")
    assert purchase_of("A", purchase_body(found)).price == "28000.50"
    assert found.currency == "EUR"
    assert found.in_warranty("2028-02-01") is True
    assert found.in_warranty("2028-02-02") is False
    assert Purchase("A").in_warranty("2028-02-02") is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("B,2026-01-02,,,,", "Line 2: there is no station B"),
        ("A,2 Jan,,,,", "Line 2: '2 Jan' is no date"),
        ("A,2026-03-01,2026-02-01,,,", "delivered before"),
        ("A,,,,-1,EUR", "below zero"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, words: str) -> None:
    head = "station,bought,delivered,warranty_until,price,currency\n"
    with pytest.raises(ForecourtError, match=words):
        purchases_from_csv(head + line, ["A"], "EUR")

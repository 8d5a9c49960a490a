"""What a kWh is worth, when and where; and what a site's clock says."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.ids import StationId
from app.domain.records import ConnectorPlan, EntryRecord, StationRecord
from app.faults.calendar import HOUR_MS, Calendar
from app.faults.prices import Prices
from app.faults.standing import Place

HERE = (Place("A", 1, 1), Place("A", 2, 1))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def entry(kind: str, name: str, gone: bool = False, **body) -> EntryRecord:
    return EntryRecord(kind, name, 1, 0, "me", "", json.dumps(body), gone)


def prices() -> Prices:
    return Prices(Calendar(ZoneInfo("Europe/Berlin")))


def test_nothing_is_invented():
    """No price, no worth."""
    assert prices().worth("Depot", HERE, 0).per_kwh is None


def test_the_imported_price_then_an_entry_then_its_successor():
    """A price holds from its time on; its tax is taken out."""
    found = prices()
    found.hear(
        StationRecord(
            StationId("A"),
            plan=(ConnectorPlan(1, 1, "", None, "0.40"), ConnectorPlan(2, 1, "", None, "0.60")),
        )
    )
    assert found.worth("Depot", HERE, 5).per_kwh == Decimal("0.5")
    found.hear(
        entry("price", "p1", site="Depot", per_kwh="0.595", tax_percent="19", currency="EUR", from_ms=10)
    )
    found.hear(
        entry("price", "p2", site="Depot", per_kwh="0.714", tax_percent="19", currency="EUR", from_ms=20)
    )
    assert found.worth("Depot", HERE, 5).source == "import"
    assert found.worth("Depot", HERE, 10).per_kwh == Decimal("0.5")
    assert found.worth("Depot", HERE, 20).per_kwh == Decimal("0.6")
    found.hear(entry("price", "p2", gone=True))
    assert found.worth("Depot", HERE, 20).per_kwh == Decimal("0.5")


def test_the_margin_needs_both():
    """A cost of all sites serves a site without its own."""
    found = prices()
    found.hear(entry("energy-cost", "c", per_kwh="0.21"))
    assert found.worth("Depot", HERE, 0).per_kwh is None
    found.hear(entry("price", "p", site="Depot", per_kwh="0.49", currency="EUR"))
    worth = found.worth("Depot", HERE, 0)
    assert (worth.per_kwh, worth.of, worth.currency) == (Decimal("0.28"), "margin", "EUR")


def test_a_price_for_some_hours_of_the_sites_day():
    """In its own time, over midnight too."""
    found = prices()
    night = {"from": "22:00", "to": "06:00", "per_kwh": "0.30"}
    found.hear(entry("price", "day", site="Depot", per_kwh="0.50", bands=[night]))
    for hour, price in (("20:30", "0.50"), ("21:30", "0.30"), ("04:30", "0.30"), ("05:30", "0.50")):
        assert found.worth("Depot", HERE, at(f"2026-01-05T{hour}")).per_kwh == Decimal(price)


def test_a_currency_knows_its_minor_digits():
    """Yen have none."""
    found = prices()
    found.hear(entry("organisation", "own", currency="JPY"))
    found.hear(entry("price", "p", per_kwh="60"))
    assert found.worth("Depot", HERE, 0).digits == 0


def test_the_hour_of_the_week_is_the_sites_own():
    """Summer time, another zone, and a holiday that is a Sunday."""
    calendar = Calendar(ZoneInfo("Europe/Berlin"))
    assert calendar.cell("Depot", at("2026-01-05T08:00")) == 9
    assert calendar.cell("Depot", at("2026-07-06T08:00")) == 10
    calendar.hear(entry("site", "Depot", zone="America/New_York", holidays=["2026-01-06"]))
    assert calendar.cell("Depot", at("2026-01-05T08:00")) == 3
    assert calendar.cell("Depot", at("2026-01-06T12:00")) == 6 * 24 + 7


def test_opening_hours_cut_time():
    """Half hours too; a day that is not named is closed."""
    calendar = Calendar(ZoneInfo("UTC"))
    calendar.hear(entry("site", "Depot", hours={"mon": ["06:30-22:00"]}))
    day = at("2026-01-05T00:00")
    pieces = list(calendar.open_pieces("Depot", day, day + 48 * HOUR_MS))
    assert sum(end - start for start, end in pieces) == 15.5 * HOUR_MS
    assert pieces[0][0] == day + 6.5 * HOUR_MS
    assert not calendar.is_open("Depot", day)
    assert calendar.is_open("Market", day)

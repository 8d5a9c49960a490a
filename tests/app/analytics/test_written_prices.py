"""Prices as they were written down, read for a question."""

import json
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from app.analytics.written_prices import written_prices
from app.domain.records import ConnectorPlan, EntryRecord
from tests.app.analytics.past import HOUR, MIDNIGHT, a_past

ZONE = ZoneInfo("Europe/Berlin")


def entry(kind: str, name: str, version: int = 1, *, gone: bool = False, **body: object) -> EntryRecord:
    return EntryRecord(kind, name, version, MIDNIGHT, "ann", "", json.dumps(body), gone)


def test_bands_follow_the_sites_own_clock_and_an_import_stands_in(tmp_path: Path) -> None:
    """Half past nine in London is half past ten in Berlin, where the night has begun."""
    with a_past(tmp_path) as past:
        past.station("L1", site="London")
        past.station("B1", site="Berlin")
        past.station("I1", plan=(ConnectorPlan(1, 1, price_per_kwh="0.61"),))
        night = [{"from": "22:00", "to": "06:00", "per_kwh": "0.29"}]
        past.add(
            entry("organisation", "own", currency="GBP"),
            entry("site", "London", zone="Europe/London"),
            *(
                entry("price", site, site=site, from_ms=0, currency="GBP", per_kwh="0.49", bands=night)
                for site in ("London", "Berlin")
            ),
        )
        prices = past.ask(written_prices, ZONE)
        late = MIDNIGHT + 21 * HOUR + HOUR // 2
        asked = {site: prices.price(site, late).per_kwh for site in ("London", "Berlin")}
        assert asked == {"London": Decimal("0.49"), "Berlin": Decimal("0.29")}
        bought = prices.price("", late, "I1", 1)
        assert (bought.per_kwh, bought.currency) == (Decimal("0.61"), "GBP")
        past.add(entry("price", "London", 2, gone=True))
        assert past.ask(written_prices, ZONE).price("London", late) is None

"""How good the power was, of known meter values; and what idle time makes at a price a minute."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from app.analytics.insights import counted_ahead
from app.analytics.insights.behaviour import behaviour
from app.analytics.insights.chosen import Chosen
from app.analytics.insights.supply import supply
from app.domain.meter import Reading, Sample
from app.domain.records import EntryRecord, ReadingRecord
from app.domain.status import ConnectorStatus
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

NOW = MIDNIGHT + 9 * DAY
SPAN = Chosen(MIDNIGHT, MIDNIGHT + 7 * DAY)


def tell(past: Past, session: int, station: str, at_ms: int, *said: tuple[str, str, float, str]) -> None:
    """A meter value: (measurand, phase, value, location) each."""
    samples = tuple(
        Sample(what, f"{value}", value, "", phase, location, "Sample.Periodic")
        for what, phase, value, location in said
    )
    reading = Reading(at_ms, samples, None, None, None, "Sample.Periodic", False)
    past.add(ReadingRecord(station, 1, 1, at_ms, session, reading, True))  # type: ignore[arg-type]


def refresh(past: Past) -> None:
    past.writer.flush()
    while counted_ahead.refresh(past.store.read, past.writer.call, NOW, "UTC"):
        pass


def volts(value: float, location: str = "Outlet") -> tuple[str, str, float, str]:
    return ("Voltage", "L1-N", value, location)


def amps(phase: str, value: float) -> tuple[str, str, float, str]:
    return ("Current.Import", phase, value, "Outlet")


def test_what_meters_told_is_held_against_the_bounds(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot")
        past.station("S2", site="Harbour")
        at = MIDNIGHT + 8 * HOUR
        past.session(1, "S1", at, at + HOUR, 9_000, peak_power_w=11_000)
        past.session(2, "S2", at, at + HOUR, 20_000)
        for n, value in enumerate((230, 231, 229, 256)):
            tell(past, 1, "S1", at + n * MINUTE, volts(value), ("Power.Factor", "", 0.85 + n / 20, "Outlet"))
        tell(past, 1, "S1", at + 10 * MINUTE, ("Voltage", "L1-L2", 400, "Outlet"))
        tell(past, 1, "S1", at + 11 * MINUTE, ("Voltage", "", 812, "EV"))
        for n, low in enumerate((16, 15, 0)):
            tell(past, 1, "S1", at + (20 + n) * MINUTE, amps("L1", 32), amps("L2", 32), amps("L3", low))
        assert past.ask(supply, SPAN, "UTC").read == 0, "only what was read in the background is told"
        refresh(past)
        found = past.ask(supply, SPAN, "UTC")
        assert found.read == 1
        depot, harbour = found.sites
        assert (depot.site, depot.sessions, depot.energy_wh, depot.peak_w) == ("Depot", 1, 9_000, 11_000)
        assert (depot.nominal_v, depot.middle_v, depot.high_v) == (230, 231, 256)
        assert (depot.outside.k, depot.outside.n) == (1, 5), "between phases it is divided by √3"
        assert (depot.apart.k, depot.apart.n, depot.apart_a) == (1, 3, 32)
        assert (depot.weak.k, depot.weak.n) == (1, 4)
        assert (harbour.energy_wh, harbour.nominal_v, harbour.outside.n) == (20_000, None, 0)
        assert [one.site for one in past.ask(supply, Chosen(*ends(SPAN), sites=("Depot",)), "UTC").sites] == [
            "Depot"
        ]


def ends(span: Chosen) -> tuple[int, int]:
    return span.from_ms, span.to_ms


def test_idle_time_is_worth_what_a_minute_costs_and_nothing_where_no_price_is_set(tmp_path: Path) -> None:
    def price(number: int, **body: Any) -> EntryRecord:
        import json

        told = {"currency": "EUR", "per_kwh": "0.49", "from_ms": 0, **body}
        return EntryRecord("price", f"p{number}", 1, MIDNIGHT, "me", body=json.dumps(told))

    with a_past(tmp_path) as past:
        for station, site in (("S1", "Depot"), ("S2", "Harbour")):
            past.station(station, site=site)
            at = MIDNIGHT + 8 * HOUR
            past.session(1 if station == "S1" else 2, station, at, at + 90 * MINUTE, 22_000)
            past.status(station, at, ConnectorStatus.CHARGING)
            past.status(station, at + 60 * MINUTE, ConnectorStatus.SUSPENDED_EV)
            past.status(station, at + 90 * MINUTE, ConnectorStatus.AVAILABLE)
        assert not past.ask(behaviour, SPAN, "UTC").idle_worth
        past.add(price(1, site="Depot", per_minute="0.10"), price(2, site="Harbour"))
        found = past.ask(behaviour, SPAN, "UTC")
        assert (found.idle_worth, found.idle_priced) == ({"EUR": Decimal(3)}, 1)

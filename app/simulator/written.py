"""What the demo's operator wrote down over its past: costs, switches, announced work, excused time.

All names, cases and numbers of files are invented. Each is an operator's deed at its time, as a
journal row, so that a replay of the demo gives the same.
"""

from collections.abc import Iterator
from typing import NamedTuple

from app.domain.care_plans import Purchase, planned_work, purchase_body
from app.domain.ids import StationId
from app.domain.intents import AddStation, Asked, Intent, SaveEntry
from app.domain.records import JournalKind, JournalRow
from app.intake.actions import deed_of
from app.simulator.demand import DAY_MS, HOUR_MS
from app.simulator.network import Network

CURRENCY = "EUR"
"""Of the prices in resources/demo/network.toml."""
HEALING_SITES = ("Gent Dok Noord", "Venlo Trade Port", "Kolding Syd", "Wrocław Bielany", "Valencia Marina")
"""Where automatic recovery is on."""
BY_NETWORK = "demo"
OPERATORS = ("Nele Verhoef", "Tomasz Wilk", "Ines Carvalho")
_ENERGY = ("0.21", "0.19", "0.24", "0.17", "0.20", "0.26", "0.18", "0.14", "0.22", "0.20", "0.19", "0.21")


class Written(NamedTuple):
    """Something written down at a time."""

    at_ms: int
    intent: Intent
    by: str
    why: str


def row_of(written: Written) -> JournalRow:
    """The journal row of a deed."""
    deed = deed_of(Asked(written.intent, written.by, written.why))
    return JournalRow(
        written.at_ms, StationId(deed.station), JournalKind.ACTION, deed.text(), action=deed.intent
    )


def from_the_start(network: Network, at_ms: int) -> Iterator[Written]:
    """What was there before the past began: names, sites, what energy costs, what may heal by itself."""
    why = "the demo's network"
    organisation = {
        "name": "Lumenweg Charging", "street": "Kaaiweg 12", "town": "9000 Gent", "country": "BE",
        "currency": CURRENCY,
    }  # fmt: skip
    yield Written(at_ms, SaveEntry("organisation", "own", organisation), BY_NETWORK, why)
    for intent in network.intents():
        yield Written(at_ms, AddStation(intent.station), BY_NETWORK, why)
        yield Written(at_ms, intent, BY_NETWORK, why)
    zones = {plan.site: plan.zone for plan in network.stations}
    for place, site in enumerate(network.sites):
        yield Written(at_ms, SaveEntry("site", site, {"zone": zones[site]}), BY_NETWORK, why)
        cost = _ENERGY[place % len(_ENERGY)]
        night = f"{float(cost) * 0.7:.2f}"
        body = {
            "site": site, "from_ms": at_ms, "currency": CURRENCY, "per_kwh": cost,
            "bands": [{"from": "22:00", "to": "06:00", "per_kwh": night}],
        }  # fmt: skip
        yield Written(
            at_ms, SaveEntry("energy-cost", f"{site} supply", body), OPERATORS[0], "supply contract"
        )
    yield Written(
        at_ms, SaveEntry("recovery", "all", {"killed": False, "quiet": None, "tries_per_hour": 3}),
        OPERATORS[0], "agreed with the site owners",
    )  # fmt: skip
    for site in HEALING_SITES:
        if site in zones:
            body = {"playbook": "*", "site": site, "automatic": True}
            yield Written(
                at_ms, SaveEntry("playbook", f"* {site}", body), OPERATORS[0], "agreed with the site owner"
            )


def purchases(network: Network, start_ms: int) -> Iterator[Written]:
    """When stations were bought, for warranty."""
    prices = {"Duet 22": "4180.00", "Rapid 50": "23900.00", "Orbit 150": "58400.00", "Orbit 300": "96500.00"}
    for place, plan in enumerate(network.stations):
        year, month = 2023 + place % 3, 1 + (place * 5) % 12
        bought, delivered = f"{year}-{month:02d}-06", f"{year}-{month:02d}-20"
        until = f"{year + 2}-{month:02d}-20"
        body = purchase_body(
            Purchase(
                plan.identity, bought, delivered, until,
                prices.get(plan.model, ""), CURRENCY if plan.model in prices else "",
            )
        )  # fmt: skip
        yield Written(start_ms, SaveEntry("purchase", plan.identity, body), OPERATORS[1], "asset list")


def over_time(network: Network, start_ms: int, end_ms: int) -> list[Written]:
    """Announced work, and outages that were excused with their evidence, in order of time."""
    span, found = end_ms - start_ms, list(purchases(network, start_ms))
    if span < 20 * DAY_MS:
        return found
    sites = network.sites
    worked = start_ms + int(span * WORK_AT) // HOUR_MS * HOUR_MS
    site = sites[min(3, len(sites) - 1)]
    title = "Yearly inspection of the switchboard"
    body = planned_work(
        title, site, (), worked, worked + 3 * HOUR_MS, worked - 12 * DAY_MS, OPERATORS[1],
        "Announced to the site owner by letter.",
    )  # fmt: skip
    found.append(
        Written(
            worked - 12 * DAY_MS, SaveEntry("planned-work", "PW-1", body), OPERATORS[1], "yearly inspection"
        )
    )
    ahead = (end_ms + 2 * DAY_MS) // DAY_MS * DAY_MS + 6 * HOUR_MS
    body = planned_work(
        "Grid operator replaces the transformer", sites[min(6, len(sites) - 1)], (), ahead,
        ahead + 5 * HOUR_MS, end_ms - 4 * DAY_MS, OPERATORS[0], "Notice of the grid operator NL-2204.",
    )  # fmt: skip
    found.append(
        Written(
            end_ms - 4 * DAY_MS,
            SaveEntry("planned-work", "PW-2", body),
            OPERATORS[0],
            "grid operator's letter",
        )
    )
    lost = grid_loss(network, start_ms, end_ms)
    body = {
        "site": lost.site, "start_ms": lost.start_ms, "end_ms": lost.end_ms, "code": "GRID",
        "evidence": ["Outage notice 88-4173 of the distribution operator"],
        "note": "Medium-voltage cable damaged by road works.",
    }  # fmt: skip
    found.append(
        Written(
            lost.end_ms + 9 * HOUR_MS, SaveEntry("exclusion", "EX-1", body), OPERATORS[0], "notice received"
        )
    )
    cut = cut_cable(network, start_ms, end_ms)
    body = {
        "site": cut.site, "stations": [cut.station], "evses": [1], "start_ms": cut.start_ms,
        "end_ms": cut.end_ms, "code": "VANDALISM",
        "evidence": ["Police report 11873, cable cut for its copper"],
        "note": "Cable replaced under WO.",
    }  # fmt: skip
    found.append(_kept(cut.end_ms + 5 * HOUR_MS, "exclusion", "EX-2", body, OPERATORS[2], "report filed"))
    claimed = {
        "site": sites[min(8, len(sites) - 1)], "start_ms": start_ms + int(span * 0.47),
        "end_ms": start_ms + int(span * 0.47) + 20 * HOUR_MS, "code": "SITE_OWNER", "evidence": [],
        "note": "The site owner was asked to confirm the works that cut the fibre.",
    }  # fmt: skip
    claimed_ms = start_ms + int(span * 0.5)
    found.append(_kept(claimed_ms, "exclusion", "EX-3", claimed, OPERATORS[1], "waiting for their letter"))
    return sorted(found, key=lambda one: one.at_ms)


def _kept(at_ms: int, kind: str, entry: str, body: dict[str, object], by: str, why: str) -> Written:
    return Written(at_ms, SaveEntry(kind, entry, body), by, why)


WORK_AT = 0.72
"""The share of the past at which the announced work was done."""


class Scripted(NamedTuple):
    """Where and when something befell that was written down later."""

    site: str
    station: str
    start_ms: int
    end_ms: int


def grid_loss(network: Network, start_ms: int, end_ms: int) -> Scripted:
    """A site loses its supply."""
    site = network.sites[min(4, len(network.sites) - 1)]
    began = start_ms + int((end_ms - start_ms) * 0.63)
    return Scripted(site, "", began, began + int(3.2 * HOUR_MS))


def cut_cable(network: Network, start_ms: int, end_ms: int) -> Scripted:
    """A cable is cut in the night."""
    site = network.sites[min(2, len(network.sites) - 1)]
    station = next(plan.identity for plan in reversed(network.stations) if plan.site == site)
    began = start_ms + int((end_ms - start_ms) * 0.81)
    return Scripted(site, station, began, began + 40 * HOUR_MS)

"""Seeded faults of a seeded picture: views as the core's engine tells them, with money."""

import random
from typing import Any

from app.domain.ids import StationId
from app.domain.records import FaultRecord
from app.faults.views import FaultChanges, FaultView, Money
from app.fleet.views import Picture
from tests.ui.pictures import HOUR, MINUTE, NOW_MS

KINDS = (
    ("connector_fault", "CX012", "Connector lock failure", False),
    ("offline", "offline", "No contact, link lost", False),
    ("connector_fault", "CX007", "Ground failure", True),
    ("start_refused", "start_refused", "Starts rejected, 7 of 9 in last hour", False),
    ("power_limited", "power_limited", "Power limited, 150 kW to 60", False),
    ("reboots", "reboots", "Restarts by itself, 14 today", False),
)


def fault(number: int, station: str = "UTM-01", site: str = "Utrecht Merwede", **values: Any) -> FaultView:
    """One fault; `losing`, `lost`, `saves` are its money, other values its record's."""
    losing = values.pop("losing", 1420)
    lost = values.pop("lost", 3170)
    currency = values.pop("currency", "EUR")
    rule, code, title, safety = KINDS[values.pop("kind", 0)]
    given: dict[str, Any] = {
        "safety": safety, "priority": "P1" if safety or (losing or 0) > 500 else "P2",
        "onset_ms": NOW_MS - 2 * HOUR, "opened_ms": NOW_MS - 2 * HOUR + MINUTE,
    }  # fmt: skip
    given.update(values)
    if given.get("lost_minor") is not None:
        given["currency"] = currency
    money = Money(currency, lost, losing, losing, basis="measured")
    record = FaultRecord(number, rule, code, title, StationId(station), site, **given)
    return FaultView(record, money=money)


def faults(shown: Picture, most: int = 9, seed: int = 3) -> dict[int, FaultView]:
    """Faults at stations of a picture: the first dear, the last cheap; one is assigned, one shelved."""
    rng = random.Random(seed)
    views = list(shown.stations.values())
    found = {}
    for n in range(min(most, len(views))):
        view = views[(n * 7) % len(views)]
        losing = round(2_400 / (n + 1) ** 1.3) if n else 1_830
        state = {2: "ACKED", 6: "SHLVD"}.get(n, "UNACK")
        onset = NOW_MS - rng.randrange(6, 700) * MINUTE
        found[n + 1] = fault(
            n + 1, view.station, view.site, kind=n % len(KINDS), losing=losing, lost=losing * 3, evse=1,
            state=state, assigned="Sanne Visser" if n == 2 else "", drivers_hit=n % 4, onset_ms=onset,
            opened_ms=onset + MINUTE, until_ms=NOW_MS + 2 * HOUR if state == "SHLVD" else None,
        )  # fmt: skip
    return found


def tell(bridge: Any, found: dict[int, FaultView], *, more: bool = False) -> None:
    """As if the core had told these faults: all there are, or `more` beside those known."""
    if not more:
        bridge.started.emit()
    bridge.faulted.emit(FaultChanges(found))

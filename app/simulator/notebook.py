"""What a station is told and keeps: display texts, monitors, costs, vendor data."""

import itertools
from dataclasses import dataclass, field

from app.simulator.wire import Payload


@dataclass(slots=True)
class Notebook:
    """The station's memory of orders that no hardware carries out.

    Attributes:
        texts: display messages by number. monitors: by the number the station gave them.
        costs: totals told, by transaction. cache_cleared: how often. transfers: vendor data heard.
        customers: tokens it holds data of.
    """

    texts: dict[int, Payload] = field(default_factory=dict)
    monitors: dict[int, Payload] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)
    cache_cleared: int = 0
    transfers: list[Payload] = field(default_factory=list)
    customers: set[str] = field(default_factory=set)
    _next: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def new_monitor(self, monitor: Payload) -> int:
        """Keep a monitor, under the number it asks for or a new one."""
        number = int(monitor.get("id") or next(self._next))
        self.monitors[number] = monitor
        return number

    def transfer(self, maker: str, payload: Payload) -> Payload:
        """Vendor data: one's own vendor's is taken, and sent back."""
        self.transfers.append(payload)
        if str(payload.get("vendorId", "")) != maker:
            return {"status": "UnknownVendorId"}
        answer: Payload = {"status": "Accepted"}
        if payload.get("data") is not None:
            answer["data"] = payload["data"]
        return answer

"""What people did in a year that a good system spares, written as they leave it: truth by construction.

Minutes of a look at an alarm and of calls are as long as they were; the other acts take what the operator
entered. Visits and parts cost what their invoices say.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import numpy as np

from app.domain.ids import StationId
from app.domain.records import CommandRecord, EntryRecord, FaultEventRecord, FaultRecord, Record
from tests.bench.paired.plan import DAY_MS, START_MS, ZONE, Site, _number

MINUTE_MS = 60_000
RATE = 30.0
MINUTES = {"repeat": 6.0, "duplicate": 4.0}
A_YEAR = {
    "nuisance": 9.0, "repeat": 3.0, "duplicate": 1.0, "call": 2.0, "useful visit": 1.0, "repeat visit": 0.4,
    "no fault": 0.4, "remote": 0.3, "part": 0.4,
}  # fmt: skip
"""How often a year and station."""
FIRST = 1_000_000
"""Fault numbers from here on are of such alarms."""


class Deeds:
    """The deeds of a network's year. `records` in no order; `truth` by (site, cost, month)."""

    def __init__(self, sites: tuple[Site, ...], days: int, seed: int) -> None:
        self.records: list[Record] = []
        self.truth: dict[tuple[str, str, str], float] = defaultdict(float)
        self._number = FIRST
        self._days = days
        rates = {
            "manpower.rate": str(RATE),
            "manpower.repeat_minutes": "6",
            "manpower.duplicate_minutes": "4",
        }
        for key, value in rates.items():
            self._write("assumption", key, {"value": value})
        for site in sites:
            rng = np.random.default_rng([seed, _number(site.name), 5])
            for station in site.stations:
                self._write("purchase", station, {"delivered": "2025-01-01", "warranty_until": "2027-12-31"})
                for kind, often in A_YEAR.items():
                    for _ in range(rng.poisson(often * days / 365)):
                        at = START_MS + int(rng.random() * (days - 2) * DAY_MS)
                        self._one(kind, site.name, station, at, rng)

    def _one(self, kind: str, site: str, station: str, at: int, rng: np.random.Generator) -> None:
        self._number += 1
        number, name = self._number, StationId(station)
        match kind:
            case "nuisance":
                took = float(min(15.0, np.exp(rng.normal(np.log(3.5), 0.5))))
                over = at + 40 * MINUTE_MS
                self._fault(number, station, site, at, over)
                first = at + 5 * MINUTE_MS
                for seq, when, verb in (
                    (1, first, "acknowledge"),
                    (2, first + round(took * MINUTE_MS), "note"),
                ):
                    self.records.append(FaultEventRecord(number, seq, when, "person", "ann", verb))
                self._add(site, "manpower", first, round(took, 2) / 60 * RATE)
            case "repeat":
                for n, when in enumerate((at, at + 20 * MINUTE_MS)):
                    self.records.append(
                        CommandRecord(2 * number + n, name, "Reset", "ann", "", when, '{"type":"Soft"}', when)
                    )
                self._add(site, "manpower", at + 20 * MINUTE_MS, MINUTES["repeat"] / 60 * RATE)
            case "duplicate":
                for n in range(2):
                    made = at + n * 60 * MINUTE_MS
                    self._order(f"WD-{number}-{n}", site, station, f"cause {number}", made, ())
                self._add(site, "manpower", at + 60 * MINUTE_MS, MINUTES["duplicate"] / 60 * RATE)
            case "call":
                took = float(np.exp(rng.normal(np.log(7), 0.5)))
                body = {
                    "station": station,
                    "site": site,
                    "from_ms": at,
                    "to_ms": at + round(took * MINUTE_MS),
                }
                self._write("call", f"C{number}", body)
                self._add(site, "manpower", at, round(took, 2) / 60 * RATE)
            case _:
                self._visits(kind, site, station, at, rng)

    def _visits(self, kind: str, site: str, station: str, at: int, rng: np.random.Generator) -> None:
        number, cost = self._number, round(float(np.exp(rng.normal(np.log(150), 0.3))), 2)
        faults: tuple[int, ...] = ()
        if kind == "remote":
            self._fault(number, station, site, at - 120 * MINUTE_MS, at - 60 * MINUTE_MS, at - 60 * MINUTE_MS)
            faults = (number,)
        part = round(float(rng.uniform(30, 900)), 2)
        parts = [{"name": "part", "amount": f"{part}", "warranty": False}] if kind == "part" else []
        visit = {
            "at_ms": at, "until_ms": at + 60 * MINUTE_MS, "who": "jo", "minutes": 60, "invoiced": f"{cost}",
            "currency": "EUR", "no_fault_found": kind == "no fault", "parts": parts,
        }  # fmt: skip
        self._order(f"WO-{number}", site, station, f"cause {number}", at - DAY_MS, faults, visit)
        if kind == "repeat visit":
            again = at + int(rng.uniform(2, 20) * DAY_MS)
            if again < START_MS + self._days * DAY_MS:
                later = {**visit, "at_ms": again, "until_ms": again + 60 * MINUTE_MS}
                self._order(f"WR-{number}", site, station, f"cause {number}", again - DAY_MS, (), later)
                self._add(site, "maintenance", again, cost)
        elif kind in ("no fault", "remote"):
            self._add(site, "maintenance", at, cost)
        elif kind == "part":
            self._add(site, "maintenance", at, part)

    def _fault(
        self, number: int, station: str, site: str, at: int, over: int, recovered: int | None = None
    ) -> None:
        self.records.append(
            FaultRecord(
                number, "clock_drift", "ClockDrift", "clock", StationId(station), site, onset_ms=at,
                opened_ms=at, cleared_ms=over, closed_ms=over, state="NORM", recovered_ms=recovered,
            )
        )  # fmt: skip

    def _order(
        self, name: str, site: str, station: str, cause: str, made: int, faults: tuple[int, ...],
        *visits: dict[str, object],
    ) -> None:  # fmt: skip
        over = visits[-1]["until_ms"] if visits else made + 6 * 60 * MINUTE_MS
        body = {"number": name, "station": station, "site": site, "evse": 1, "faults": list(faults),
                "cause": cause, "state": "done", "created_ms": made, "closed_ms": over,
                "visits": list(visits)}  # fmt: skip
        self._write("work-order", name, body)

    def _write(self, kind: str, name: str, body: dict[str, object]) -> None:
        self.records.append(EntryRecord(kind, name, 1, START_MS, "bench", "", json.dumps(body)))

    def _add(self, site: str, cost: str, at: int, amount: float) -> None:
        month = f"{datetime.fromtimestamp(at / 1000, ZONE):%Y-%m}"
        self.truth[site, cost, month] += amount

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

"""A small network with a month of history, written as records, whose ledger can be told beforehand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.analytics.costs.books import Book
from app.analytics.costs.facts import Facts
from app.analytics.costs.gather import facts_in_turn
from app.analytics.costs.kept import books_of
from app.domain.ids import StationId
from app.domain.records import (
    ConnectorPlan,
    EntryRecord,
    FaultEventRecord,
    FaultRecord,
    NoticeRecord,
)
from app.domain.status import ConnectorStatus as S
from app.domain.status import LinkState
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

UTC = ZoneInfo("UTC")
FEBRUARY = MIDNIGHT + 31 * DAY
MARCH = FEBRUARY + 28 * DAY
NOW = MARCH + 14 * DAY
"""The middle of March: February is over."""


class Network:
    """Two stations of a depot, each with one plug, that sell a kWh for 0.50 and buy it for 0.20."""

    def __init__(self, past: Past) -> None:
        self.past = past
        self.number = 0
        for name in ("D1", "D2"):
            plan = (ConnectorPlan(1, 1, "CCS", 50_000),)
            past.station(name, site="Depot", vendor="Maker", first_seen_ms=MIDNIGHT, plan=plan)
            past.link(name, MIDNIGHT, LinkState.ONLINE)
            past.status(name, MIDNIGHT, S.AVAILABLE)
        self.write("organisation", "own", currency="EUR")
        self.write("price", "all", per_kwh="0.50", currency="EUR")
        self.write("energy-cost", "all", per_kwh="0.20", currency="EUR")

    def write(self, kind: str, entry: str, version: int = 1, **body: Any) -> None:
        """Write something down."""
        self.past.add(EntryRecord(kind, entry, version, MIDNIGHT, "ann", "", json.dumps(body)))

    def charge(
        self,
        name: str,
        at_ms: int,
        wh: int | None = 20_000,
        token: str = "CARD",
        hours: float = 1,
        **more: Any,
    ) -> int:
        """A session with its statuses; how many there were before."""
        self.number += 1
        end = at_ms + round(hours * HOUR)
        self.past.status(name, at_ms - MINUTE, S.PREPARING)
        self.past.status(name, at_ms, S.CHARGING)
        more.setdefault("stop_reason", "Local")
        self.past.session(self.number, name, at_ms, end, wh, token=token, last_sample_ms=end, **more)
        self.past.status(name, end + MINUTE, S.AVAILABLE)
        return self.number

    def in_vain(self, name: str, at_ms: int, token: str = "", minutes: float = 2) -> None:
        """A driver plugs in, shows a card where he has one, and leaves without anything."""
        self.past.status(name, at_ms, S.PREPARING)
        if token:
            self.past.add(
                NoticeRecord(
                    StationId(name), at_ms + 5_000, at_ms + 5_000, "token", "Accepted",
                    json.dumps({"token": token}),
                )
            )  # fmt: skip
        self.past.status(name, at_ms + round(minutes * MINUTE), S.AVAILABLE)

    def fault(self, number: int, name: str, onset_ms: int, cleared_ms: int | None, **more: Any) -> None:
        """A fault with its connector out of use meanwhile."""
        told: dict[str, Any] = {"rule": "connector_fault", "code": "CX001", "title": "Out", "site": "Depot"}
        told |= {"evse": 1, "connector": 1, "opened_ms": onset_ms, "closed_ms": cleared_ms} | more
        self.past.add(
            FaultRecord(
                fault=number, station=StationId(name), onset_ms=onset_ms, cleared_ms=cleared_ms, **told
            )
        )
        if told["rule"] == "connector_fault":
            self.past.status(name, onset_ms, S.FAULTED)
            if cleared_ms is not None:
                self.past.status(name, cleared_ms, S.AVAILABLE)

    def line(self, fault: int, seq: int, at_ms: int, kind: str, verb: str) -> None:
        """A line of a fault's history."""
        self.past.add(FaultEventRecord(fault, seq, at_ms, kind, "ann", verb))

    def every_day(self, first_ms: int, days: int, hour: int = 8) -> None:
        """A session a day at each station, of drivers who come every week."""
        for day in range(days):
            for n, name in enumerate(("D1", "D2")):
                self.charge(name, first_ms + day * DAY + (hour + 2 * n) * HOUR, token=f"{name}-{day % 7}")

    def facts(self, period: str = "2026-02", now_ms: int = NOW) -> Facts:
        """The facts of a month."""

        def asked(connection: Any) -> Facts:
            return next(iter(facts_in_turn(connection, [period], UTC, now_ms, lambda token: f"P-{token}")))

        found: Facts = self.past.ask(asked)
        return found

    def book(self, period: str = "2026-02", now_ms: int = NOW, before: tuple[str, ...] = ()) -> Book:
        """The ledger of a month, asked alone or after others."""
        found = self.past.ask(books_of, [*before, period], UTC, now_ms, lambda token: f"P-{token}")
        book: Book = found.months[-1]
        return book


@contextmanager
def a_network(tmp_path: Path) -> Iterator[Network]:
    """An empty network to fill and to ask."""
    with a_past(tmp_path) as past:
        yield Network(past)

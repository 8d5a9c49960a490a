"""The demo's past: the lives of all stations, written as rows of a recorded log (see CONTRACTS, "Log form").

Rows come in order of time across stations. Answers ("out") are written where they carry
something that cannot be derived: the transaction id of a 1.6 start. Heartbeats are left out.
"""

import itertools
import random
from collections.abc import Iterator
from typing import Any

from app.simulator import mishaps
from app.simulator.demand import DAY_MS
from app.simulator.life import Life
from app.simulator.link import SUBPROTOCOLS
from app.simulator.network import Network, StationPlan
from app.simulator.speech import Message, Tx
from app.simulator.wire import stamp_millis

Row = dict[str, Any]
FLUSH_MS = 40


class LogUplink:
    """Writes what a station says into rows, and keeps for later what it says offline."""

    def __init__(self, plan: StationPlan, numbers: Iterator[int]) -> None:
        self.rows: list[tuple[int, Row]] = []
        self.online = False
        self.identity = plan.identity
        self._subprotocol = SUBPROTOCOLS[plan.version]
        self._numbers = numbers
        self.kept: list[tuple[Message, Tx]] = []
        self._ids = itertools.count(1)
        self._last_ms = 0

    def say(self, at_ms: int, message: Message, tx: Tx | None = None) -> None:
        if not self.online:
            if tx is not None:
                if message[0] == "TransactionEvent":
                    message[1]["offline"] = True
                self.kept.append((message, tx))
            return
        at_ms = self._next(at_ms)
        action, payload = message
        identifier = str(next(self._ids))
        if tx is not None and payload.get("transactionId") == -1 and tx.number is not None:
            payload["transactionId"] = tx.number
        self._row(at_ms, "in", [2, identifier, action, payload])
        if action == "StartTransaction" and tx is not None:
            if tx.number is None:
                tx.number = next(self._numbers)
            answer = {"transactionId": tx.number, "idTagInfo": {"status": "Accepted"}}
            self._row(at_ms, "out", [3, identifier, answer])

    def drop(self, at_ms: int, cause: str) -> None:
        self.online = False
        self._row(self._next(at_ms), "disconnected", None, reason=cause)

    def connect(self, at_ms: int) -> bool:
        self.online = True
        self._ids = itertools.count(1)
        self._row(self._next(at_ms), "connected", None, subprotocol=self._subprotocol)
        return True

    def flush(self, at_ms: int) -> None:
        queue, self.kept = self.kept, []
        for place, (message, tx) in enumerate(queue):
            self.say(at_ms + place * FLUSH_MS, message, tx)
            tx.offline = False

    def _next(self, at_ms: int) -> int:
        """Rows of a station are strictly in the order it spoke."""
        self._last_ms = at_ms = max(at_ms, self._last_ms + 1)
        return at_ms

    def _row(self, at_ms: int, event: str, frame: list[Any] | None, **more: str) -> None:
        row: Row = {"at": stamp_millis(at_ms), "station": self.identity, "event": event}
        if frame is not None:
            row["frame"] = frame
        row.update(more)
        self.rows.append((at_ms, row))


class Past:
    """`days` of a network's past up to `end_ms`; iterate it once.

    Attributes:
        lives: the stations as they are at the end, ready to go on live.
        progress: share of the days written, 0..1.
    """

    def __init__(self, network: Network, days: int, end_ms: int, seed: int) -> None:
        self.network = network
        self.start_ms = end_ms - days * DAY_MS
        self.end_ms = end_ms
        self.progress = 0.0
        numbers = itertools.count(1)
        self.lives = [
            Life(plan, LogUplink(plan, numbers), random.Random(f"{seed}/{plan.identity}"))
            for plan in network.stations
        ]
        mishaps.script(self.lives, self.start_ms, end_ms, random.Random(f"{seed}/network"))

    def __iter__(self) -> Iterator[Row]:
        days = max(1, (self.end_ms - self.start_ms) // DAY_MS)
        uplinks = [life.uplink for life in self.lives]
        for place, life in enumerate(self.lives):
            life.at(self.start_ms + 1000 * place, life.begin)
        held: list[tuple[int, Row]] = []
        for day in range(days):
            until = self.end_ms if day == days - 1 else self.start_ms + (day + 1) * DAY_MS
            for life, uplink in zip(self.lives, uplinks, strict=True):
                life.demand = 0.82 + 0.3 * day / days  # the network grows
                life.run(until)
                assert isinstance(uplink, LogUplink)
                held += uplink.rows
                uplink.rows.clear()
            held.sort(key=_time)
            later = [item for item in held if item[0] > until] if day < days - 1 else []
            for _, row in held[: len(held) - len(later)]:
                yield row
            held = later
            self.progress = (day + 1) / days


def _time(item: tuple[int, Row]) -> int:
    return item[0]


def past(network: Network, days: int, end_ms: int, seed: int) -> Past:
    """Rows of the network's last `days` up to `end_ms` (ms UTC), the same for the same arguments."""
    return Past(network, days, end_ms, seed)

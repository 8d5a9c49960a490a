"""The demo's past: the lives of all stations, told as a recorded log.

Two forms of one story: `Past.log()` gives rows of the log form (CONTRACTS), `Past.journal()` the
same as journal rows, ready for the intake, without a detour over text. Rows come in order of
time across stations. Answers are given where they carry something that cannot be derived: the
transaction id of a 1.6 start. Heartbeats are left out but the last of each station that is there at
the end, so that it is known to have been there.
"""

import itertools
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from app.domain.records import JournalKind, JournalRow
from app.domain.status import NOT_RUNNING
from app.simulator import ailments, mishaps
from app.simulator.causes import Cause
from app.simulator.demand import DAY_MS
from app.simulator.life import Life
from app.simulator.link import SUBPROTOCOLS
from app.simulator.network import Network, StationPlan
from app.simulator.speech import Message, Tx
from app.simulator.wire import stamp_millis

Row = dict[str, Any]
FLUSH_MS = 40
HEARTBEAT_S = 240
"""The last heartbeat is no older at the end."""
HOLIDAY = 0.55
"""On a holiday so many drivers do not come."""
_encode = msgspec.json.Encoder().encode


class Told(NamedTuple):
    """One event of a link, with the answer it got. `reason` for a lost link."""

    at_ms: int
    station: str
    kind: JournalKind
    subprotocol: str
    frame: list[Any] | None = None
    answer: list[Any] | None = None
    reason: str = ""
    facts: dict[str, Any] | None = None
    """What the journal knows of it beside the reason."""


class LogUplink:
    """Keeps what a station says, and holds back what it says offline (`kept`)."""

    def __init__(self, plan: StationPlan, numbers: Iterator[int]) -> None:
        self.told: list[Told] = []
        self.kept: list[tuple[Message, Tx]] = []
        self.online = False
        self._identity = plan.identity
        self._subprotocol = SUBPROTOCOLS[plan.version]
        self._numbers = numbers
        self._ids = itertools.count(1)
        self._last_ms = 0
        self._blind_ms = 0

    def say(self, at_ms: int, message: Message, tx: Tx | None = None) -> None:
        action, payload = message
        if not self.online:
            if tx is not None:
                if action == "TransactionEvent":
                    payload["offline"] = True
                self.kept.append((message, tx))
            return
        identifier = str(next(self._ids))
        answer = None
        if tx is not None:
            if payload.get("transactionId") == -1 and tx.number is not None:
                payload["transactionId"] = tx.number
            if action == "StartTransaction":
                if tx.number is None:
                    tx.number = next(self._numbers)
                answer = [3, identifier, {"transactionId": tx.number, "idTagInfo": {"status": "Accepted"}}]
        self._add(at_ms, JournalKind.IN, [2, identifier, action, payload], answer)

    def drop(self, at_ms: int, cause: str) -> None:
        self.online = False
        if cause == NOT_RUNNING:
            # Nobody is there to note it: it is found out at the next start.
            self._blind_ms = max(at_ms, self._last_ms)
            return
        self._add(at_ms, JournalKind.DISCONNECTED, reason=cause)

    def connect(self, at_ms: int) -> bool:
        self.online = True
        self._ids = itertools.count(1)
        facts: dict[str, Any] | None = None
        if self._blind_ms:
            since = {"reason": NOT_RUNNING, "since_ms": self._blind_ms}
            self._add(at_ms, JournalKind.DISCONNECTED, reason=NOT_RUNNING, facts=since)
            facts, self._blind_ms = {"fresh": True, "last_live_ms": since["since_ms"]}, 0
        self._add(at_ms, JournalKind.CONNECTED, facts=facts)
        return True

    def flush(self, at_ms: int) -> None:
        kept, self.kept = self.kept, []
        for place, (message, tx) in enumerate(kept):
            self.say(at_ms + place * FLUSH_MS, message, tx)
            tx.offline = False

    def _add(
        self,
        at_ms: int,
        kind: JournalKind,
        frame: list[Any] | None = None,
        answer: list[Any] | None = None,
        reason: str = "",
        facts: dict[str, Any] | None = None,
    ) -> None:
        # A station's rows are strictly in the order it spoke.
        self._last_ms = at_ms = max(at_ms, self._last_ms + 1)
        self.told.append(Told(at_ms, self._identity, kind, self._subprotocol, frame, answer, reason, facts))


class Past:
    """`days` of a network's past up to `end_ms`; told once, in either form.

    Attributes:
        lives: the stations as they are at the end, ready to go on live.
        progress: share of the days told, 0..1.
    """

    def __init__(self, network: Network, days: int, end_ms: int, seed: int) -> None:
        self.network = network
        self.start_ms = end_ms - days * DAY_MS
        self.end_ms = end_ms
        self.progress = 0.0
        numbers = itertools.count(1)
        self._uplinks = [LogUplink(plan, numbers) for plan in network.stations]
        self.lives = [
            Life(plan, uplink, random.Random(f"{seed}/{plan.identity}"))
            for plan, uplink in zip(network.stations, self._uplinks, strict=True)
        ]
        for life in self.lives:
            life.began = ailments.started
        mishaps.script(self.lives, self.start_ms, end_ms, random.Random(f"{seed}/network"))

    @property
    def causes(self) -> list[Cause]:
        """What befell whom so far, in order of time: the truth of what was told."""
        return ailments.causes_of(self.lives)

    def __iter__(self) -> Iterator[Row]:
        return self.log()

    def log(self) -> Iterator[Row]:
        """Rows of the log form."""
        for told in self._told():
            row: Row = {"at": stamp_millis(told.at_ms), "station": told.station, "event": told.kind.value}
            if told.kind is JournalKind.CONNECTED:
                row["subprotocol"] = told.subprotocol
            elif told.kind is JournalKind.DISCONNECTED:
                row["reason"] = told.reason
            else:
                row["frame"] = told.frame
            yield row
            if told.answer is not None:
                yield {"at": row["at"], "station": told.station, "event": "out", "frame": told.answer}

    def journal(self) -> Iterator[JournalRow]:
        """Journal rows, each message with its answer."""
        for told in self._told():
            frame = told.frame if told.frame is not None else told.facts or {"reason": told.reason}
            yield JournalRow(
                at_ms=told.at_ms,
                station=told.station,
                kind=told.kind,
                frame=_encode(frame).decode(),
                answer="" if told.answer is None else _encode(told.answer).decode(),
                subprotocol=told.subprotocol,
            )

    def _told(self) -> Iterator[Told]:
        days = max(1, (self.end_ms - self.start_ms) // DAY_MS)
        for place, life in enumerate(self.lives):
            life.at(self.start_ms + 1000 * place, life.begin)
        held: list[Told] = []
        for day in range(days):
            until = self.end_ms if day == days - 1 else self.start_ms + (day + 1) * DAY_MS
            quiet = HOLIDAY if day % 31 == 17 else 0.0
            for place, (life, uplink) in enumerate(zip(self.lives, self._uplinks, strict=True)):
                life.demand = 0.82 + 0.3 * day / days  # the network grows
                life.stays_home = quiet
                life.run(until)
                if day == days - 1 and uplink.online:
                    uplink.say(until - 1000 * (1 + place * 37 % HEARTBEAT_S), ("Heartbeat", {}))
                held += uplink.told
                uplink.told.clear()
            held.sort(key=_time)
            late = [told for told in held if told.at_ms > until] if day < days - 1 else []
            yield from held[: len(held) - len(late)]
            held = late
            self.progress = (day + 1) / days


def _time(told: Told) -> int:
    return told.at_ms


def past(network: Network, days: int, end_ms: int, seed: int) -> Past:
    """The network's last `days` up to `end_ms` (ms UTC), the same for the same arguments."""
    return Past(network, days, end_ms, seed)

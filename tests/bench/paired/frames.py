"""A played year as its stations would have told it in OCPP 1.6: rows of a journal, in order of time.

For the whole path: messages are decided on, faults are found by the rules, and the ledger has nothing but
what came of that. What people did at their desks is not in it.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from app.domain.ids import StationId
from app.domain.intents import AddStation, DescribeStation, SaveEntry
from app.domain.records import ConnectorPlan, EntryRecord, JournalKind, JournalRow
from app.simulator.wire import stamp
from app.simulator.written import Written, row_of
from tests.bench.paired.plan import START_MS, Site
from tests.bench.paired.records import Played, written
from tests.bench.paired.world import MINUTE_MS, TRY_MS, Plugged

SUBPROTOCOL = "ocpp1.6"
Said = tuple[int, int, str, dict[str, Any], dict[str, Any] | None]
"""(when it happened, order, action, payload, answer)."""
QUEUED = frozenset({"StartTransaction", "StopTransaction", "MeterValues"})
"""What a station without a link keeps and sends later."""
SAMPLES = 3


def rows(played: Sequence[Played], sites: Sequence[Site], until_ms: int) -> list[JournalRow]:
    """The journal of a network's year."""
    told = list(_entries(sites))
    numbers = itertools.count(1)
    for one in played:
        for place in range(len(one[0].stations)):
            told += _Station(one, place, numbers, until_ms).rows()
    told.sort(key=lambda row: row.at_ms)
    return told


def _entries(sites: Sequence[Site]) -> Iterator[JournalRow]:
    for site in sites:
        dc = site.use.kw > 22
        plan = (ConnectorPlan(1, 1, "CCS" if dc else "Type 2", round(site.use.kw * 1000)),)
        for name in site.stations:
            station = StationId(name)
            for intent in (AddStation(station), DescribeStation(station, site=site.name, plan=plan)):
                yield row_of(Written(START_MS, intent, "bench", "bench"))
    for record in written(sites):
        if isinstance(record, EntryRecord):
            deed = SaveEntry(record.kind, record.entry, json.loads(record.body))
            yield row_of(Written(START_MS, deed, "bench", "bench"))


class _Station:
    """One station of one connector, and all it says in the year."""

    def __init__(self, one: Played, place: int, numbers: Iterator[int], until_ms: int) -> None:
        self.site, self.wishes, causes, self.year = one
        self.name, self.place, self.until_ms = self.site.stations[place], place, until_ms
        self.causes = causes[place] if causes else ()
        self._numbers, self._order = numbers, itertools.count()
        self._said: list[Said] = []
        self._register = 1_000_000

    def rows(self) -> Iterator[JournalRow]:
        for s in sorted((s for s in self.year.sessions if s.place == self.place), key=lambda s: s.from_ms):
            self._session(s)
        for t in self.year.tries:
            if t.place == self.place:
                self._status(t.from_ms, "Preparing")
                self._say(
                    t.from_ms + 15_000, "Authorize", {"idTag": self._token(t.driver, t.wish)},
                    {"idTagInfo": {"status": "Accepted"}},
                )  # fmt: skip
                self._status(t.from_ms + TRY_MS - 1_000, "Available")
        for cause in self.causes:
            if cause.kind == "fault":
                self._status(cause.from_ms, "Faulted", "ConnectorLockFailure")
                self._status(cause.to_ms, "Available")
        yield from self._sent()

    def _session(self, s: Plugged) -> None:
        token = self._token(s.driver, s.wish)
        number = next(self._numbers)
        start, begun = s.from_ms + 20_000, self._register
        self._status(s.from_ms, "Preparing")
        answer = {"transactionId": number, "idTagInfo": {"status": "Accepted"}}
        self._say(
            start, "StartTransaction",
            {"connectorId": 1, "idTag": token, "meterStart": begun, "timestamp": stamp(start)}, answer,
        )  # fmt: skip
        self._status(start + 2_000, "Charging")
        end = max(start + 4_000, s.to_ms - (1_000 if s.cut else 40_000))
        full = min(s.full_ms, end)
        for n in range(1, SAMPLES + 1):
            at = start + (full - start) * n // (SAMPLES + 1)
            if at > start + 5_000:
                value = {"value": str(begun + s.wh * n // (SAMPLES + 1)),
                         "measurand": "Energy.Active.Import.Register", "unit": "Wh"}  # fmt: skip
                told = [{"timestamp": stamp(at), "sampledValue": [value]}]
                self._say(
                    at, "MeterValues", {"connectorId": 1, "transactionId": number, "meterValue": told}, {}
                )
        if s.full_ms < s.to_ms - 2 * MINUTE_MS:
            self._status(s.full_ms, "SuspendedEV")
        self._register += s.wh
        reason = {"": "Local", "fault": "Other", "dark": "PowerLoss"}[s.cut]
        stop = {"transactionId": number, "idTag": token, "meterStop": self._register, "timestamp": stamp(end),
                "reason": reason}  # fmt: skip
        self._say(end, "StopTransaction", stop, {})
        if s.cut != "fault":
            self._status(s.to_ms, "Available")

    def _token(self, driver: int, wish: int) -> str:
        return self.wishes.tokens[driver] or f"A{self.place}{wish:07d}"

    def _status(self, at: int, word: str, error: str = "NoError") -> None:
        payload = {"connectorId": 1, "errorCode": error, "status": word, "timestamp": stamp(at)}
        self._say(at, "StatusNotification", payload, {})

    def _say(self, at: int, action: str, payload: dict[str, Any], answer: dict[str, Any] | None) -> None:
        self._said.append((at, next(self._order), action, payload, answer))

    # -- over the link -------------------------------------------------------------------------

    def _sent(self) -> Iterator[JournalRow]:
        """As it came over the link: what was said without one comes later, and statuses only as they are."""
        away = [(c.from_ms, c.to_ms, c.kind) for c in self.causes if c.kind in ("dark", "unlinked")]
        at = START_MS + 1_000 + 50 * self.place
        yield self._row(at, JournalKind.CONNECTED)
        yield self._boot(at + 1)
        yield self._now(at + 2, "Available")
        held: list[Said] = []
        word, out = "Available", iter([*away, (self.until_ms, self.until_ms, "")])
        start, over, kind = next(out)
        lost = False
        for said in [*sorted(self._said), (self.until_ms, 0, "", {}, None)]:
            while (said[0] >= start and not lost) or (said[0] >= over and lost):
                if not lost:
                    if start >= self.until_ms:
                        return
                    lost = True
                    yield self._row(start, JournalKind.DISCONNECTED)
                    continue
                lost = False
                yield self._row(over, JournalKind.CONNECTED)
                if kind == "dark":
                    yield self._boot(over + 1)
                    word = "Available"
                yield self._now(over + 2, word)
                for n, late in enumerate(held):
                    yield self._call(over + 500 + 40 * n, late)
                held = []
                start, over, kind = next(out)
            if said[2] == "StatusNotification":
                word = said[3]["status"]
            if not lost:
                yield self._call(said[0], said)
            elif said[2] in QUEUED:
                held.append(said)

    def _boot(self, at: int) -> JournalRow:
        payload = {"chargePointVendor": "Bench", "chargePointModel": "Paired", "firmwareVersion": "1.0"}
        return self._call(at, (at, 0, "BootNotification", payload, {"status": "Accepted"}))

    def _now(self, at: int, word: str) -> JournalRow:
        payload = {"connectorId": 1, "errorCode": "NoError", "status": word, "timestamp": stamp(at)}
        return self._call(at, (at, 0, "StatusNotification", payload, {}))

    def _call(self, at: int, said: Said) -> JournalRow:
        identifier = str(next(self._order))
        frame = json.dumps([2, identifier, said[2], said[3]])
        answer = "" if said[4] is None else json.dumps([3, identifier, said[4]])
        return JournalRow(at, self.name, JournalKind.IN, frame, answer, SUBPROTOCOL)

    def _row(self, at: int, kind: JournalKind) -> JournalRow:
        frame = "{}" if kind is JournalKind.CONNECTED else '{"reason":"closed"}'
        return JournalRow(at, self.name, kind, frame, subprotocol=SUBPROTOCOL)

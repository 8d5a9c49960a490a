"""Bringing a recorded log in, and proving that history follows from the journal."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import msgspec

from app.control_channel import ask, running
from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow
from app.domain.status import Admission
from app.faults.start import ReplayedFaults
from app.faults.watch import Faults
from app.intake.actions import Deed, read_deed
from app.intake.booking import rebuild, replay_into
from app.intake.decide import Policy
from app.intake.replay import Replay
from app.log_form import in_order, journal_rows, read_rows
from app.settings import Settings
from app.store import journal
from app.store.connect import FILE
from app.store.open import Reading, Store, open_reading
from app.store.verify import first_difference
from app.zone import operator_zone

Tell = Callable[[float], None]
"""Told what part (0 to 1) is done."""

ASKING = (Admission.WAITING, Admission.LAPSED)
TELL_EVERY = 2_000
SWEEP_MS = 30_000
"""How often of the log's time sessions that are over by evidence are looked for, as the live server does."""
_ONLY_IN_2 = frozenset({"TransactionEvent", "NotifyReport", "NotifyEvent", "NotifyMonitoringReport"})


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay brought in."""

    messages: int
    stations: int
    refused: int
    seconds: float
    from_ms: int = 0
    to_ms: int = 0
    links: bool = True
    """Whether it told when stations came and went."""

    def in_words(self) -> str:
        """For a person."""
        rate = self.messages / self.seconds if self.seconds else 0
        stations = "1 station" if self.stations == 1 else f"{self.stations} stations"
        text = f"{self.messages} messages of {stations}, {rate:.0f} a second"
        return text + (f"; {self.refused} frames were no OCPP messages." if self.refused else ".")


def replay_log(settings: Settings, log: Path, tell: Tell = lambda part: None) -> Replayed:
    """
    Book a log into the data directory. The whole log is checked before the first row is booked.

    Raises:
        BadLog: it is no log; nothing was booked.
        DataDirectoryBusy: an instance runs on the directory.
        CannotRecord: the disk does not take it; a replay that is repeated changes nothing twice.
    """
    total = sum(1 for _ in read_rows(log)) or 1
    rows = journal_rows(in_order(read_rows(log)))
    return replay_rows(settings, rows, lambda done: tell(done / total))


def replay_rows(
    settings: Settings,
    rows: Iterable[JournalRow],
    tell: Callable[[int], None] = lambda done: None,
    watch: Callable[[Faults], None] = lambda faults: None,
) -> Replayed:
    """
    Book the rows of a log, joined and in order, into the data directory. `tell` hears how many are done.

    `watch` is given the faults before the first row is booked; rows are asked for one by one, so that
    who makes them may look at the faults found so far.

    Raises:
        DataDirectoryBusy: an instance runs on the directory.
        CannotRecord: the disk does not take it; a replay that is repeated changes nothing twice.
    """
    started = time.monotonic()
    store = Store.open(settings.data_dir, settings.store.url)
    rows = iter(rows)
    first = next(rows, None)
    try:
        found = ReplayedFaults(
            store, settings.data_dir, first.at_ms if first is not None else 0, operator_zone(settings.zone)
        )
        feed = _Feed(replay_into(store, policy_of(settings), faults=found))
        watch(found.faults)
        last_ms = 0
        for done, row in enumerate(chain([first] if first is not None else [], rows)):
            feed(row)
            last_ms = max(last_ms, row.at_ms)
            if done % TELL_EVERY == 0:
                tell(done)
        found.finish(last_ms)
        feed.finish()
    finally:
        store.close()
    seconds = time.monotonic() - started
    from_ms = first.at_ms if first is not None else 0
    return Replayed(
        feed.replay.rows, len(feed.linked), feed.replay.refused, seconds, from_ms, last_ms, feed.links
    )


def policy_of(settings: Settings) -> Policy:
    """The operator's choices that decisions depend on."""
    return Policy(
        accept_unknown_tags=settings.access.unknown_tags == "accept",
        heartbeat_s=settings.protocol.heartbeat_s,
    )


class _Feed:
    """Hands rows of a log to a replay, and does at the log's time what timers do on a live server."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self.linked: set[str] = set()
        self.links = False
        self._ghosts: dict[str, int] = {}
        self._swept_ms = 0

    def __call__(self, row: JournalRow) -> None:
        if row.at_ms - self._swept_ms >= SWEEP_MS:
            self._sweep(row.at_ms)
        replay = self.replay
        match row.kind:
            case JournalKind.CONNECTED:
                self.links = True
                facts = msgspec.json.decode(row.frame) if row.frame else {}
                self._connect(
                    row.station,
                    row.at_ms,
                    row.subprotocol,
                    facts.get("last_live_ms"),
                    fresh=bool(facts.get("fresh")),
                )
            case JournalKind.DISCONNECTED:
                self.links = True
                facts = msgspec.json.decode(row.frame) if row.frame else {}
                self._admit(row.station, row.at_ms)
                replay.disconnected(row.station, row.at_ms, facts.get("reason", ""), facts.get("since_ms"))
            case JournalKind.OUT:
                replay.sent(row.station, row.at_ms, row.frame)
            case JournalKind.ACTION:
                replay.deed(read_deed(row.station, row.frame), row.at_ms)
            case _:
                if row.station not in self.linked:
                    self._connect(row.station, row.at_ms, row.subprotocol or spoken(row.frame), None)
                replay.received(row.station, row.at_ms, row.frame, row.answer)
                self._watch(row.station)

    def finish(self) -> None:
        """Commit the rest."""
        self.replay.finish()

    def _connect(
        self, station: str, at_ms: int, subprotocol: str, last_live_ms: int | None, *, fresh: bool = False
    ) -> None:
        self._admit(station, at_ms)
        self.linked.add(station)
        self.replay.connected(station, at_ms, subprotocol, last_live_ms=last_live_ms, fresh=fresh)

    def _admit(self, station: str, at_ms: int) -> None:
        """A log brings its stations along; one that still waits at the door is let in by it."""
        book = self.replay.books.get(StationId(station))
        if book is not None and book.record is not None and book.record.admission in ASKING:
            self.replay.deed(Deed("AdmitStation", station, "replay", "its log is replayed", {}), at_ms)

    def _watch(self, station: str) -> None:
        due = self.replay.books[StationId(station)].sessions.next_ghost_ms()
        if due is not None:
            self._ghosts[station] = due
        elif self._ghosts:
            self._ghosts.pop(station, None)

    def _sweep(self, now_ms: int) -> None:
        self._swept_ms = now_ms
        for station in [s for s, due in self._ghosts.items() if due <= now_ms]:
            del self._ghosts[station]
            self.replay.ghosts(JournalRow(now_ms, station, JournalKind.SYSTEM, "{}", action="ghosts"))


def spoken(frame: str) -> str:
    """The subprotocol that the first frame of a station suggests, where the log never tells it."""
    try:
        parts = msgspec.json.decode(frame)
        action, payload = parts[2], parts[3]
    except (msgspec.MsgspecError, IndexError, TypeError, KeyError):
        return "ocpp1.6"
    of_2 = action in _ONLY_IN_2 or (isinstance(payload, dict) and "chargingStation" in payload)
    return "ocpp2.0.1" if of_2 else "ocpp1.6"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a proof found. `difference` is "" where history follows from the journal."""

    rows: int
    difference: str

    def in_words(self) -> str:
        """For a person."""
        return self.difference or f"{self.rows} journal rows give exactly the history that is kept."


def verify(settings: Settings, tell: Tell = lambda part: None) -> Verified:
    """
    Replay the kept journal into an empty store and compare.

    Raises:
        ForecourtError: there is nothing to verify, or it cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix=".verify-", dir=_room_in(settings.data_dir)) as folder:
        still, empty = Path(folder, "still"), Path(folder, "empty")
        if running(settings.data_dir):
            # A copy stands still while stations go on talking.
            still.mkdir(mode=0o700)
            asyncio.run(ask(settings.data_dir, "backup", file=str(still / FILE)))
            source = open_reading(still)
        else:
            source = open_reading(settings.data_dir, settings.store.url)
        try:
            return _compared(source, empty, policy_of(settings), tell)
        finally:
            source.close()


def _room_in(data_dir: Path) -> Path | None:
    """Where a copy has room: beside the database, which fits there; None where there is no directory yet."""
    return data_dir if data_dir.is_dir() else None


def _compared(source: Reading, empty: Path, policy: Policy, tell: Tell) -> Verified:
    total = source.read(journal.counted)[0] or 1
    target = Store.open(empty)
    try:
        rows = rebuild(source, target, policy, lambda done: tell(done / total))
        with source.connect() as kept, target.connect() as replayed:
            return Verified(rows, first_difference(kept, replayed) or "")
    finally:
        target.close()

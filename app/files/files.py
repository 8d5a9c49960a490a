"""The addresses that stand, what came over them, and how long it stays.

The table is the truth: after a restart addresses that were asked for and have not expired work on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.clock import Clock
from app.domain import file_progress
from app.domain.errors import CannotRecord, ForecourtError
from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.records import FileRecord, VariableRecord
from app.files.addresses import HOUR_MS, UPLOADS, Refusal, Target, hash_of, judge, new_token, url_of
from app.files.disk import Copies, delete, sweep_parts
from app.files.exchange import Exchange, Gone
from app.files.listening import Listening
from app.files.names import ending_of, shown_name
from app.files.places import Link, base_for, base_of, wanted
from app.files.ranges import joined
from app.files.reach import PROTOCOL_SETTINGS, reachable_by
from app.files.transfers import handle
from app.settings import FileSettings
from app.tasks import awaited

log = logging.getLogger("forecourt.files")

DAY_MS = 24 * HOUR_MS
FIRMWARE_HOURS = 24
REMEMBERED_MS = DAY_MS
"""How long an expired address still says that it has expired."""
THREADS = 2
LONGEST_NOTE = 400
SAID_EVERY_S = 2.0


Keep = Callable[[FileRecord, int, Callable[[Exception | None], None] | None], None]
"""Keeps a row, of a time in ms UTC; then tells whether it is on disk."""


@dataclass(slots=True)
class _Try:
    """An upload under way."""

    number: int
    exchange: Exchange
    said_s: float
    """When its row was kept last, on the monotonic clock."""


class Files:
    """One-time addresses, served over HTTP.

    Args:
        clock: time.
        settings: the operator's choices.
        folder: where files are kept.
        links: the stations' links now.
        keep: keeps a row and tells of it those who follow what is kept.
        told: reads a station's settings of these names, as they were read last.

    Attributes:
        trouble: why no address can be given just now, in a sentence; "" if they can.
    """

    def __init__(
        self,
        clock: Clock,
        settings: FileSettings,
        folder: Path,
        links: Callable[[], dict[str, Any]],
        keep: Keep,
        told: Callable[[StationId, Sequence[str]], Awaitable[Iterable[VariableRecord]]],
    ) -> None:
        self.clock = clock
        self.folder = folder
        self.most_bytes = settings.max_mb * 1_000_000
        self.trouble = ""
        self._settings = settings
        self._links = links
        self._write = keep
        self._settings_of = told
        self._listening = Listening(clock, lambda exchange: exchange.serve(self._handle))
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="files")
        self._by_hash: dict[str, FileRecord] = {}
        self._tries: dict[int, _Try] = {}
        self._fetched: dict[int, tuple[tuple[int, int], ...]] = {}
        self._copies = Copies(folder / "firmware")
        self._next_file = 1
        self._count = 0
        self._stopping = False
        self._certificates: Sequence[tuple[Path, Path]] = ()

    # -- start and stop

    async def start(
        self,
        listen: Sequence[str],
        certificates: Sequence[tuple[Path, Path]],
        records: Sequence[FileRecord],
        next_file: int,
    ) -> None:
        """Remember the addresses that stand, mark what a former run left half way, and listen.

        A port that cannot be had is no reason for stations to stay out: `trouble` then says why, and
        asking for an address raises it.
        """
        self._certificates = certificates
        self._next_file = next_file
        self._by_hash = {record.token_hash: record for record in records}
        for record in records:
            if record.state == "receiving" and record.kind != "firmware":
                self._keep(changed(record, state="failed", note="Forecourt stopped while it came."))
        try:
            await self.in_thread(self.folder.mkdir, 0o700, True, True)
            await self.in_thread(sweep_parts, self.folder)
        except OSError as error:
            self.trouble = f"Stations cannot bring or fetch files: {self.folder}: {error.strerror}."
            log.warning("%s", self.trouble)
            return
        await self.rebind(listen)

    async def give_way(self, listen: Sequence[str]) -> None:
        """Leave the ports that stations are to call from now on; `rebind` finds others."""
        ports = {place.port for place in self._listening.places}
        if any(text.rstrip("/").rpartition(":")[2] in map(str, ports) for text in listen):
            await self._listening.stop()

    async def rebind(self, listen: Sequence[str]) -> None:
        """Listen beside these OCPP listeners (or where `files.listen` says) from now on."""
        try:
            places = wanted(self._settings.listen, listen)
            if places == self._listening.places:
                return
            await self._listening.stop()
            any_port = not self._settings.listen.strip()
            await self._listening.start(places, self._certificates, any_port=any_port)
        except ForecourtError as error:
            self.trouble = f"Stations cannot bring or fetch files: {error}"
            log.warning("%s", self.trouble)
        else:
            self.trouble = ""
            log.info("files come and go by %s", ", ".join(self.urls))

    async def stop(self) -> None:
        """Listen no more; what is half way is marked as cut off."""
        self._stopping = True
        await self._listening.stop()
        self._threads.shutdown(wait=False)

    @property
    def urls(self) -> tuple[str, ...]:
        """Where it listens."""
        return tuple(base_of(place, place.host) for place in self._listening.places)

    @property
    def under_way(self) -> int:
        """How many uploads are under way."""
        return len(self._tries)

    # -- what the desk asks for

    async def upload_address(
        self, station: StationId, kind: str, command: int | None = None
    ) -> tuple[str, FileRecord]:
        """An address to which this station, and no other, may upload one file within the hour.

        Args:
            station: a connected station.
            kind: "log", "diagnostics" or "security-log".
            command: the command it belongs to.

        Returns:
            The address, which is told to nobody else and kept nowhere, and the file's row.

        Raises:
            ForecourtError: the station is not connected or moves no files over HTTP, files cannot be
                served, or nothing can be kept.
        """
        if kind not in UPLOADS:
            raise ForecourtError(f"A station is asked for {', '.join(UPLOADS)}, not for {kind!r}.")
        base, peer = self._base_for(station, wanted_now=True)
        await self._able(station, base)
        token = new_token()
        now = self.clock.now_ms()
        record = FileRecord(
            self._number(), station, kind, now, now + HOUR_MS, hash_of(token), command=command, peer=peer
        )
        await self._kept(record)
        return url_of(base, token), record

    async def serve_firmware(
        self, path: Path, station: StationId, *, command: int | None = None, until_ms: int | None = None
    ) -> str:
        """An address from which this station, and no other, may fetch a file, as often as it has to.

        Args:
            path: the firmware; it is copied, and may go afterwards.
            station: which; while it is away, only where all stations reach this machine at one address.
            command: the command it belongs to.
            until_ms: until when; a day from now unless given.

        Raises:
            ForecourtError: the file cannot be read, files cannot be served, or the station is away and
                it is not known by which address it will come.
        """
        base, peer = self._base_for(station, wanted_now=False)
        await self._able(station, base)
        name = shown_name(path.name) or "firmware.bin"
        copy, digest, size = await self.in_thread(self._copies.of, path, ending_of(name))
        token = new_token()
        now = self.clock.now_ms()
        until = now + FIRMWARE_HOURS * HOUR_MS if until_ms is None else until_ms
        record = FileRecord(
            self._number(), station, "firmware", now, until, hash_of(token), command=command,
            name=name, path=f"firmware/{copy.name}", bytes=size, sha256=digest, peer=peer,
        )  # fmt: skip
        await self._kept(record)
        return url_of(base, token, name)

    def path_of(self, record: FileRecord) -> Path | None:
        """Where a file lies on this machine; None where it is not (any more)."""
        return self.folder / record.path if record.path else None

    def tick(self, now_ms: int) -> None:
        """End the addresses whose time is over."""
        for record in list(self._by_hash.values()):
            if now_ms < record.expires_ms:
                continue
            if record.state == "asked" or (record.state == "receiving" and record.kind == "firmware"):
                self._keep(changed(record, state="expired", note=record.note or _nothing_came(record)))
            elif now_ms >= record.expires_ms + REMEMBERED_MS and record.file not in self._tries:
                del self._by_hash[record.token_hash]
                self._fetched.pop(record.file, None)

    async def tidy(self, old: Sequence[FileRecord], now_ms: int) -> int:
        """Delete files of rows that are older than `files.keep_days`; how many. The rows stay.

        Args:
            old: rows that still name a file, received before that time.
            now_ms: now.
        """
        live = {r.path for r in self._by_hash.values() if r.path and now_ms < r.expires_ms}
        gone = 0
        for record in old:
            if record.path in live:
                continue
            if await self.in_thread(delete, self.folder / record.path, self.folder):
                gone += 1
                note = f"The file was deleted after {self._settings.keep_days} days."
                self._keep(changed(record, path="", note=note))
        return gone

    @property
    def keep_ms(self) -> int:
        """How long files stay, in ms."""
        return self._settings.keep_days * DAY_MS

    # -- what transfers ask for

    async def in_thread(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run `fn(*args)` off the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: fn(*args))

    def admit(self, target: Target, method: str, peer: str) -> FileRecord | Refusal:
        """The address, or why this request may not use it."""
        record = self._by_hash.get(target.token_hash)
        links = self._links()
        mine = links.get(record.station) if record is not None else None
        own = ("" if record is None else record.peer, "" if mine is None else mine.peer)
        others = (link.peer for name, link in links.items() if record is None or name != record.station)
        refusal = judge(
            record, method, peer, own, others, self.clock.now_ms(), from_anywhere=self._settings.from_anywhere
        )
        if refusal is None:
            assert record is not None
            return record
        if record is not None and refusal.note:
            log.warning("%s: a request from %s was refused: %s", record.station, peer, refusal.sentence)
            note = f"{peer} was refused: {refusal.sentence}"
            if note not in record.note and len(record.note) < LONGEST_NOTE:
                self._keep(changed(record, note=f"{record.note} {note}".strip()))
        return refusal

    def begin(self, record: FileRecord, exchange: Exchange) -> int:
        """A file begins to come. A station that calls again has given its former connection up."""
        self._count += 1
        former = self._tries.get(record.file)
        self._tries[record.file] = _Try(self._count, exchange, self.clock.monotonic_s())
        if former is not None:
            former.exchange.abort()
        self._keep(changed(self._latest(record), state="receiving", bytes=0))
        return self._count

    def came(self, record: FileRecord, attempt: int, done: int, length: int) -> None:
        """So many bytes have come, of `length` (0: not told); the row says so every other second."""
        now = self.clock.monotonic_s()
        if not self._is(record, attempt) or now < self._tries[record.file].said_s + SAID_EVERY_S:
            return
        self._tries[record.file].said_s = now
        self._keep(changed(self._latest(record), bytes=done, note=file_progress.came(done, length)))

    def cut(self, record: FileRecord, attempt: int, why: str) -> None:
        """It came to nothing; within its hour the station may try again."""
        if not self._is(record, attempt):
            return
        del self._tries[record.file]
        if self._stopping:
            why = "Forecourt stopped while it came."
        log.warning("%s: its %s did not arrive: %s", record.station, record.kind, why)
        self._keep(changed(self._latest(record), state="failed", bytes=0, note=why))

    async def received(
        self, record: FileRecord, attempt: int, name: str, path: Path, size: int, digest: str, peer: str
    ) -> None:
        """It is here, complete; the address is used up. Returns once that is kept.

        Raises:
            CannotRecord: it cannot be kept; the address may be used again.
            Gone: a later try has taken its place.
        """
        if not self._is(record, attempt):
            raise Gone("the station has called again")
        before = self._latest(record)
        kept = changed(
            before, state="received", name=name, path=path.relative_to(self.folder).as_posix(), bytes=size,
            sha256=digest, peer=peer, received_ms=self.clock.now_ms(),
            note="" if before.state == "receiving" else before.note,
        )  # fmt: skip
        # From here on a second use is refused, also while the disk is still at it.
        self._by_hash[record.token_hash] = kept
        try:
            await self._kept(kept)
        except CannotRecord:
            self._by_hash[record.token_hash] = before
            raise
        self._tries.pop(record.file, None)
        log.info("%s brought its %s, %d bytes", record.station, record.kind, size)

    def fetched(self, record: FileRecord, first: int, end: int) -> None:
        """A span of a firmware has gone out; once all of it has, the row says so."""
        latest = self._latest(record)
        before = self._fetched.get(record.file, ())
        if not before and latest.state == "receiving":
            # After a restart only where it goes on tells what it has fetched before.
            before = ((0, first),)
        spans = self._fetched[record.file] = joined([*before, (first, end)])
        if latest.state == "received":
            return
        if spans == ((0, record.bytes),):
            self._keep(changed(latest, state="received", received_ms=self.clock.now_ms(), note=""))
        elif latest.state in ("asked", "receiving"):
            note = file_progress.fetched(sum(b - a for a, b in spans), record.bytes)
            self._keep(changed(latest, state="receiving", note=note))

    # -- inside

    async def _handle(self, exchange: Exchange, request: Any) -> None:
        await handle(self, exchange, request)

    def _base_for(self, station: StationId, *, wanted_now: bool) -> tuple[str, str]:
        """What stands in front of a station's addresses, and where its link comes from ("" for no link)."""
        if self.trouble:
            raise ForecourtError(self.trouble)
        link: Link | None = self._links().get(station)
        if link is None and wanted_now:
            raise ForecourtError(f"{station} is not connected, so no address can be made for it.")
        peer = "" if link is None else link.peer
        return base_for(station, link, self._listening.places, self._settings.public_url), peer

    async def _able(self, station: StationId, base: str) -> None:
        """Make sure that the station has not said it moves files by other means only (FTP).

        Raises:
            ForecourtError: it has.
        """
        told = await self._settings_of(station, PROTOCOL_SETTINGS)
        if reason := reachable_by(told, tls=base.startswith("https:")):
            raise ForecourtError(reason)

    def _number(self) -> int:
        number, self._next_file = self._next_file, self._next_file + 1
        return number

    def _is(self, record: FileRecord, attempt: int) -> bool:
        now = self._tries.get(record.file)
        return now is not None and now.number == attempt

    def _latest(self, record: FileRecord) -> FileRecord:
        return self._by_hash.get(record.token_hash, record)

    def _keep(self, record: FileRecord) -> None:
        """Hand a row to the writer; what is refused now is so at once."""
        if record.token_hash in self._by_hash or record.state == "asked":
            self._by_hash[record.token_hash] = record

        def done(error: Exception | None) -> None:
            if error is not None:
                log.warning("file %d of %s could not be kept: %s", record.file, record.station, error)

        self._write(record, self.clock.now_ms(), done)

    async def _kept(self, record: FileRecord) -> None:
        """Hand a row to the writer and wait for the disk.

        Raises:
            CannotRecord: it cannot be kept.
        """
        then, kept = awaited()

        def done(error: Exception | None) -> None:
            if error is None:
                self._by_hash[record.token_hash] = record
            then(error)

        self._write(record, self.clock.now_ms(), done)
        await kept


def _nothing_came(record: FileRecord) -> str:
    if record.kind == "firmware":
        return "The station did not fetch it in time."
    return "The station sent nothing in time."

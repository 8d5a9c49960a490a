"""What has to be done again and again while the control room runs, each on its own beat.

Nothing here blocks the loop: reading and packing run in threads, writing in the writer's.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from app import __version__
from app.clock import Clock
from app.domain.errors import CannotRecord, ForecourtError
from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow
from app.domain.status import NOT_RUNNING, LinkState
from app.doubts import Doubts
from app.fault_time import FaultTime
from app.faults.watch import Faults
from app.files import Files
from app.fleet import Fleet
from app.fleet.liveness import judge
from app.front_desk import FrontDesk
from app.intake.arrivals import Arrivals
from app.intake.ghosts import end_ghosts
from app.intake.links import go, text_of
from app.intake.live import Intake
from app.intake.memory import last_words
from app.intake.turns import Turns
from app.memory import give_back
from app.notify.post import Post
from app.onboarding.commissions import Commissions
from app.operations.desk import Desk
from app.protocol.commands import ASK_BOOT
from app.protocol.link import WITHOUT_BOOT_S, Link
from app.protocol.server import Server
from app.recovery.works import Recovery
from app.self_watch import SelfWatch
from app.settings import Settings
from app.store import runs
from app.store.backup import backups
from app.store.open import Store
from app.store.readers.files import files_to_delete
from app.store.readers.links import last_links
from app.store.retention import (
    expire,
    next_reading_packs,
    next_segments,
    shrink,
    swap,
    swap_readings,
)
from app.store.writer import Writer
from app.tasks import spawn

if TYPE_CHECKING:
    from app.cost_room import Costs

log = logging.getLogger("forecourt.upkeep")

PICTURE_S = 0.1
COMMANDS_S = 1.0
FAULTS_S = 1.0
LINKS_S = 2.0
RECOVERY_S = 5.0
FIGURES_S = 2.0
GHOSTS_S = 30.0
MARK_S = 30.0
AGE_S = 60.0
BACKUP_S = 600.0
DAYS_S = 60.0
FILES_S = 15.0
COMMISSIONINGS_S = 1.0
OLD_FILES_S = 3_600.0
PARTS_S = 3_600.0
COSTS_S = 3_600.0
MEMORY_S = 60.0
DEEP_QUEUE = 4_000
"""Messages waiting for the disk at which all sockets are read no further."""


class Parts(Protocol):
    """What upkeep needs of the control room."""

    settings: Settings
    clock: Clock
    fleet: Fleet
    turns: Turns
    intake: Intake
    arrivals: Arrivals
    server: Server
    writer: Writer
    files: Files
    commissions: Commissions
    front: FrontDesk
    desk: Desk
    faults: Faults
    recovery: Recovery
    post: Post

    @property
    def costs(self) -> "Costs":
        """The costs."""


class Upkeep:
    """The beats of one control room."""

    def __init__(self, parts: Parts, store: Store, zone: ZoneInfo) -> None:
        self._parts = parts
        self._store = store
        self._zone = zone
        self._doubts = Doubts(parts)
        self._self = SelfWatch(parts)
        self._fault_time = FaultTime(parts.clock, parts.turns, parts.faults)
        self._run = 0
        self._parted_ms = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._rates: list[tuple[float, int]] = []
        self._asked_boot: dict[str, int] = {}
        """By station: the link on which it was asked who it is."""

    async def before_listening(self) -> None:
        """Begin a run, and end the links that a run without a clean stop left open."""
        clock, writer = self._parts.clock, self._parts.writer
        now = clock.now_ms()
        words = await _in_thread(self._store.read, last_words)
        self._run = await _in_thread(writer.call, lambda group: runs.begin(group, now, __version__))
        links = await _in_thread(self._store.read, last_links)
        started = JournalRow(now, "", JournalKind.SYSTEM, text_of({"version": __version__}), action="started")
        writer.submit((started,), (), None)
        for station, point in links.items():
            self._parts.fleet.apply(point, now)
            if point.state is LinkState.OFFLINE:
                continue
            book = self._parts.turns.book(StationId(station))
            since = max(words.get(station, point.at_ms), book.last_heard_ms or 0)
            book.last_heard_ms = since
            row, records = go(book, NOT_RUNNING, since, now)
            self._parts.turns.commit(book, row, records, now)
        known = await _in_thread(backups, self._store.data_dir)
        if known:
            taken = round(known[0].stat().st_mtime * 1000)
            self._parts.fleet.server(last_backup_ms=taken, backup_verified=True)

    def start(self) -> None:
        """Start the beats."""
        self._rates.append((self._parts.clock.monotonic_s(), self._parts.intake.messages))
        beats: list[tuple[str, float, Callable[[], Awaitable[None] | None]]] = [
            ("picture", PICTURE_S, self.picture),
            ("commands", COMMANDS_S, self.commands),
            ("faults", FAULTS_S, self.faults),
            ("recovery", RECOVERY_S, self.recovery),
            ("links", LINKS_S, self.links),
            ("figures", FIGURES_S, self.figures),
            ("ghosts", GHOSTS_S, self.ghosts),
            ("statuses", GHOSTS_S, self._doubts.statuses),
            ("deaf links", LINKS_S, self._doubts.links),
            ("mark", MARK_S, self.mark),
            ("itself", MARK_S, self.itself),
            ("age", AGE_S, self.age),
            ("backup", BACKUP_S, self.backup),
            ("days", DAYS_S, self.days),
            ("files", FILES_S, self.files),
            ("commissionings", COMMISSIONINGS_S, self.commissionings),
            ("old files", OLD_FILES_S, self.old_files),
            ("costs", COSTS_S, self.costs),
            ("memory", MEMORY_S, self.memory),
        ]
        for name, every_s, beat in beats:
            self._tasks.append(spawn(self._repeat(name, every_s, beat), name=f"upkeep {name}"))

    async def stop(self) -> None:
        """End the beats and the run."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._parts.front.write_refusals()
        now = self._parts.clock.now_ms()
        try:
            await _in_thread(self._parts.writer.call, lambda group: runs.end(group, self._run, now))
        except CannotRecord as error:
            # Then the last mark of life dates the end, as after a power cut.
            log.warning("the end of this run could not be kept: %s", error)

    async def _repeat(self, name: str, every_s: float, beat: Callable[[], Awaitable[None] | None]) -> None:
        while True:
            await self._parts.clock.sleep(every_s)
            try:
                waiting = beat()
                if waiting is not None:
                    await waiting
            except asyncio.CancelledError:
                raise
            except Exception:
                # One beat that fails must not end the others, or itself.
                log.exception("upkeep: %s failed", name)

    # -- beats -------------------------------------------------------------------------------

    def picture(self) -> None:
        """Give watchers what changed, and slow the sockets down when the disk cannot keep up."""
        self._parts.fleet.tick(self._parts.clock.now_ms())
        depth = self._parts.writer.depth
        self._parts.server.pause_reading(depth > DEEP_QUEUE)

    def commands(self) -> None:
        """Send what is due, let waits and proofs end."""
        self._parts.desk.tick(self._parts.clock.now_ms())

    def faults(self) -> None:
        """Let the delays of alarms pass, keep what was decided and tell who watches."""
        self._self.clocks()
        self._fault_time.tick()

    def recovery(self) -> None:
        """Take the next steps of recovery where it may, and tell people of what is new."""
        self._parts.recovery.tick(self._parts.clock.now_ms())
        self._parts.post.tick(self._parts.clock.now_ms())

    def links(self) -> None:
        """Judge every open link by its silence (CONTRACTS decision 7)."""
        parts = self._parts
        now, now_s = parts.clock.now_ms(), parts.clock.monotonic_s()
        heartbeat_s = parts.settings.protocol.heartbeat_s
        for station, link in list(parts.server.links.items()):
            found = judge(link.heard_ms, heartbeat_s, now)
            book = parts.turns.book(StationId(station))
            # The server itself closes what stays silent; here it is only put in doubt.
            if found.state is not LinkState.ONLINE and not book.doubtful:
                silent_s = round((now - link.heard_ms) / 1000)
                parts.arrivals.judge(book, LinkState.DOUBTFUL, now, f"silent for {silent_s} s")
            if link.rtt_ms is not None:
                parts.fleet.round_trip(StationId(station), link.rtt_ms)
            self._ask_who(link, now_s)

    def _ask_who(self, link: Link, now_s: float) -> None:
        """A station that never told who it is gets asked once a link, after 20 s (Q12)."""
        asked = self._asked_boot.get(link.station) == link.generation
        book = self._parts.turns.book(link.station)
        known = book.record is not None and book.record.booted
        if known or asked or now_s < link.hold_until_s or not book.last_heard_ms:
            return
        if self._parts.clock.now_ms() - link.connected_ms < WITHOUT_BOOT_S * 1000:
            return
        self._asked_boot[link.station] = link.generation
        link.call(*ASK_BOOT)

    def files(self) -> None:
        """End the addresses for files whose time is over."""
        self._parts.files.tick(self._parts.clock.now_ms())

    def commissionings(self) -> None:
        """Judge the commissionings under way."""
        self._parts.commissions.tick(self._parts.clock.now_ms())

    async def old_files(self) -> None:
        """Delete what stations brought longer ago than the operator wants it kept."""
        files, now = self._parts.files, self._parts.clock.now_ms()
        old = await _in_thread(self._store.read, files_to_delete, now - files.keep_ms)
        await files.tidy(old, now)

    def figures(self) -> None:
        """The server's own figures for the status bar."""
        parts = self._parts
        now_s = parts.clock.monotonic_s()
        total = parts.intake.messages
        self._rates.append((now_s, total))
        self._rates = [(at, n) for at, n in self._rates if now_s - at <= 60]
        first_s, first = self._rates[0]
        span = now_s - first_s
        versions: dict[str, int] = {}
        for link in parts.server.links.values():
            versions[link.version] = versions.get(link.version, 0) + 1
        parts.fleet.server(
            connected=len(parts.server.links),
            by_version=tuple(sorted(versions.items())),
            messages_per_minute=round((total - first) * 60 / span) if span > 0 else 0,
            messages_total=total,
            limits_hit=tuple(sorted(parts.server.limits_hit.items())),
            database_bytes=self._store.bytes,
        )

    def ghosts(self) -> None:
        """Close sessions that are over by evidence, though their station says no more (Q40)."""
        parts = self._parts
        now = parts.clock.now_ms()
        for book in list(parts.turns.books.values()):
            due = book.sessions.next_ghost_ms()
            if due is not None and due <= now:
                parts.turns.in_turn(book, lambda book=book: self._close(book, now))  # type: ignore[misc]
        parts.front.write_refusals()

    def _close(self, book: Any, now: int) -> None:
        records = end_ghosts(book, now)
        if records:
            row = JournalRow(now, book.station, JournalKind.SYSTEM, "{}", action="ghosts")
            self._parts.turns.commit(book, row, records, now)

    async def mark(self) -> None:
        """Note that the run goes on; a gap since the last mark was blind time."""
        now = self._parts.clock.now_ms()
        await _in_thread(self._parts.writer.call, lambda group: runs.alive(group, self._run, now))

    async def itself(self) -> None:
        """Look at the disk, the database and the like, whose faults are alarms too."""
        await self._self.look(_in_thread)

    async def age(self) -> None:
        """Pack old journal rows and readings, let go of rows without effect, a little at a time."""
        settings, writer = self._parts.settings.retention, self._parts.writer
        now = self._parts.clock.now_ms()
        for _ in range(200):
            packed = await _in_thread(
                self._store.read, lambda c: next_segments(c, now, hot_days=settings.cold_days)
            )
            if not packed:
                break
            await _in_thread(writer.call, lambda group, packed=packed: swap(group, packed))
        after = -1
        while after:
            packs, after = await _in_thread(
                self._store.read, lambda c, after=after: next_reading_packs(c, now, after=max(after, 0))
            )
            if packs:
                await _in_thread(writer.call, lambda group, packs=packs: swap_readings(group, packs))
        more = 1
        while more:
            more = await _in_thread(
                writer.call, lambda group: expire(group, now, days=settings.heartbeat_days)
            )
        while more is not False:
            more = await _in_thread(writer.call, shrink)

    async def days(self) -> None:
        """Compute once what a year is answered from: uptime and counts of days, energy over midnights."""
        clock, read, call = self._parts.clock, self._store.read, self._parts.writer.call
        now = clock.now_ms()
        for compute in (_days, _tallies):
            while await _in_thread(compute, read, call, now, self._zone.key):
                await clock.sleep(0.2)
        if now - self._parted_ms < PARTS_S * 1000:
            return
        self._parted_ms = now
        while await _in_thread(_parts, read, call, now, self._zone.key):
            await clock.sleep(0.2)

    async def costs(self) -> None:
        """Compute what the months cost, so that its page opens at once."""
        await _in_thread(_load_costs)
        self._parts.costs.refresh()

    async def memory(self) -> None:
        """Give back what pages, reports, days that were computed and the like took and let go of."""
        await _in_thread(give_back)

    async def backup(self) -> None:
        """One checked copy of the database a day."""
        now = self._parts.clock.now_ms()
        day = datetime.fromtimestamp(now / 1000, self._zone).date().isoformat()
        try:
            file: Path | None = await _in_thread(self._store.daily_backup, day)
        except ForecourtError as error:
            # Tried again at the next beat; until then nobody may rely on a backup.
            log.error("%s", error)
            self._parts.fleet.server(backup_verified=False)
            return
        if file is not None:
            self._parts.fleet.server(last_backup_ms=now, backup_verified=True)


async def _in_thread(fn: Callable[..., Any], *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, lambda: fn(*args))


# What no start needs is loaded at its first beat, in that beat's thread.


def _days(*args: Any) -> int:
    from app.analytics.day_cache import refresh

    return refresh(*args)


def _tallies(*args: Any) -> int:
    from app.analytics.insights.counted_ahead import refresh

    return refresh(*args)


def _parts(*args: Any) -> int:
    from app.analytics.energy import refresh_parts

    return refresh_parts(*args)


def _load_costs() -> None:
    import app.cost_room  # noqa: F401

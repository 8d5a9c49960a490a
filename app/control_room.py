"""The composition root: builds the parts from settings, starts them in order, stops them in reverse.

The window, `serve`, the demo and the tests all host this object. It decides nothing itself.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.access.door import Door
from app.access.passwords import Passwords, hash_password
from app.access.registry import Registry
from app.clock import Clock, SystemClock
from app.control_answers import channel
from app.control_channel import ControlChannel
from app.domain.errors import ForecourtError
from app.domain.ids import SessionId, StationId
from app.domain.intents import (
    AddStation,
    AdmitStation,
    Asked,
    RefuseStation,
    RetireStation,
    SetPassword,
)
from app.domain.operations import Message, Wish
from app.domain.records import ConnectorPlan, JournalRow, RefusalRecord, SessionRecord, StationRecord
from app.fault_start import FaultStart
from app.faults.watch import Faults
from app.files import REMEMBERED_MS, Files
from app.fleet import Fleet
from app.fleet.liveness import offline_ms
from app.fleet.views import Picture
from app.front_desk import FrontDesk
from app.intake.arrivals import Arrivals
from app.intake.decide import Policy
from app.intake.deeds import Deeds
from app.intake.entries import Entries
from app.intake.live import Intake
from app.intake.memory import (
    books_of,
    finder,
    held_counts,
    lately_answered,
    live_records,
    numbers_of,
    recall,
    sessions_since,
    unbooked,
    worries,
)
from app.intake.messages import MessageFeed, MessageSubscription
from app.intake.turns import Turns, tell_kept
from app.onboarding.commissions import Commissions
from app.onboarding.contacts import Contacts
from app.operations.configuration.memory import SettingsMemory
from app.operations.configuration.room import Configuration
from app.operations.desk import Desk
from app.operations.feed import DeskFeed
from app.operations.outcomes import payload_of
from app.operations.worth import Worth
from app.protocol.calls import CallOutcome
from app.protocol.commands import ASK_BOOT
from app.protocol.limits import Limits
from app.protocol.quirks import Quirks
from app.protocol.quirks import load as load_quirks
from app.protocol.server import Server
from app.self_acting import self_acting
from app.settings import Settings
from app.store.backup import check_copy, restore
from app.store.open import Store
from app.store.readers.entries import current_entries
from app.store.readers.files import next_file, standing_files
from app.store.readers.sessions import one_session
from app.store.readers.variables import variables_named
from app.store.writer import stream_ms
from app.upkeep import Upkeep
from app.zone import operator_zone

if TYPE_CHECKING:
    from app.cost_room import Costs

log = logging.getLogger("forecourt")
T = TypeVar("T")

READERS = 4


class ControlRoom:
    """One control room on one data directory.

    Args:
        settings: what the operator chose.
        clock: time.
        demo: whether all of it is demo data, said on every page.
        stop: asked for by `stop` on the control channel; who hosts the room ends it.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        *,
        demo: bool = False,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self.settings = settings
        self.data_dir: Path = settings.data_dir
        self.clock = clock or SystemClock()
        self.messages = MessageFeed()
        self._desk_feed = DeskFeed()
        self.quirks: Quirks = {}
        self.zone = operator_zone(settings.zone)
        self.fleet = Fleet(self.zone, self.clock.now_ms())
        self.fleet.server(demo=demo)
        self.faults = Faults()
        self._fault_start: FaultStart | None = None
        self._stop_asked = stop
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._passwords = Passwords()
        self._store: Store | None = None
        self._channel: ControlChannel | None = None
        self._costs: Costs | None = None
        self._started = False

    # -- start and stop ----------------------------------------------------------------------

    async def start(self) -> None:
        """Open the store, remember, listen. Returns when stations are accepted.

        Raises:
            ForecourtError: the directory is in use, the database damaged or too new, the port taken.
        """
        self.fleet.server(state="starting", started_ms=self.clock.now_ms())
        try:
            await self._serve(self.settings.listen)
            self._channel = channel(self, self._stop_asked)
            await self._channel.start()
        except ForecourtError as error:
            self.fleet.server(state="failed", cause=str(error))
            raise

    async def _serve(self, listen: Sequence[str]) -> None:
        settings, clock = self.settings, self.clock
        loop = asyncio.get_running_loop()
        self._loop = loop
        self.quirks = await loop.run_in_executor(self._readers, load_quirks, settings.data_dir / "quirks")
        store = self._store = await loop.run_in_executor(
            self._readers, Store.open, settings.data_dir, settings.store.url
        )
        self.writer = store.writer(
            self._deliver,
            now_ms=clock.now_ms,
            group_ms=settings.store.group_ms,
            on_recording=self._recording,
        )
        records, numbers, answered = await loop.run_in_executor(
            self._readers,
            lambda: (store.read(live_records), store.read(numbers_of), store.read(lately_answered)),
        )
        yesterday = clock.now_ms() - 86_400_000
        for session in await self.ask(sessions_since, yesterday):
            self.fleet.apply(session)
        registry = self.registry = Registry()
        self.contacts = Contacts(clock)
        for record in records:
            self.fleet.apply(record)
            if isinstance(record, StationRecord):
                registry.put(record)
        for worry in await self.ask(worries, clock.now_ms()):
            self.fleet.apply(worry)
            if isinstance(worry, RefusalRecord):
                self.contacts.recall((worry,))
        for waiting, messages in (await self.ask(held_counts)).items():
            self.fleet.held(StationId(waiting), messages)
        books = books_of(records)
        recall(books, answered)
        self.turns = Turns(self.writer, self.fleet, books, numbers, registry.put)
        policy = Policy(
            accept_unknown_tags=settings.access.unknown_tags == "accept",
            heartbeat_s=settings.protocol.heartbeat_s,
        )
        self.arrivals = Arrivals(
            clock, self.turns, lambda: registry.surplus(self._connected),
            ask_new=settings.access.new_stations == "ask", heartbeat_s=settings.protocol.heartbeat_s,
        )  # fmt: skip
        self.intake = Intake(clock, self.turns, self.arrivals, policy, finder(self.ask), self.messages)
        self.entries = Entries(await self.ask(current_entries))
        self._fault_start = FaultStart(self.faults, self.ask, self.writer.submit)
        await self._fault_start.begin(clock.now_ms(), settings.data_dir, self.zone)
        self.turns.listen(self.faults)
        self.configuration = Configuration(
            clock,
            settings.data_dir / "templates",
            self.entries,
            lambda: self.fleet.snapshot().stations,
            self.ask,
        )
        self.deeds = Deeds(
            clock, self.turns, hash_password, self._passwords.forget, policy,
            self._one_session, self._unbooked, self.entries, self.faults,
        )  # fmt: skip
        door = self._door = Door(
            registry,
            self._passwords,
            settings.access.new_stations,
            connected=self._connected,
            registration=self._registration,
        )
        self.front = FrontDesk(clock, door, self.intake, self.turns, self.contacts)
        limits = Limits(
            ping_s=settings.protocol.ping_s, silence_s=offline_ms(settings.protocol.heartbeat_s) / 1000
        )
        self.server = Server(
            clock, self.front, self.front, limits,
            strict=settings.protocol.strict, gather_ms=stream_ms(settings.store.group_ms),
            together=self.writer.together,
        )  # fmt: skip
        self.desk = Desk(
            clock, self.turns, self.server.links.get, self.messages, self.ask,
            settings.protocol.call_timeout_s, self._desk_feed,
        )  # fmt: skip
        self.desk.guard.faults = self.faults.open
        self.desk.guard.worth = Worth(self.entries, self.zone, self._plan_of).words
        self.intake.late = self.desk.late
        self.turns.listen(self.desk)
        server = self.server
        self.files = Files(
            clock, settings.files, settings.data_dir / "files", lambda: server.links, self.turns.keep,
            lambda station, names: self.ask(variables_named, names, (station,)),
        )  # fmt: skip
        self.desk.files = self.files
        self.desk.settings = memory = SettingsMemory(clock, self.turns, self.ask)
        await memory.begin()
        self.commissions = Commissions(self)
        self.turns.listen(self.commissions)
        self.recovery, self.post = await self_acting(self, self.zone, self._in_thread)
        self.turns.listen(self.recovery)
        self._costs = None
        self.upkeep = Upkeep(self, store, self.zone)
        await self.upkeep.before_listening()
        await self.desk.resume()
        await self.recovery.begin()
        await self.post.begin()
        standing = await self.ask(standing_files, clock.now_ms() - REMEMBERED_MS)
        urls = await self.server.start(listen, self._certificates())
        await self.files.start(listen, self._certificates(), standing, await self.ask(next_file))
        self.fleet.server(state="listening", urls=tuple(urls), cause="")
        self._started = True
        self._fault_start.go_on()
        self.upkeep.start()
        log.info("listening on %s", ", ".join(urls))

    async def stop(self) -> None:
        """Stop accepting, close links with 1001, keep what is on its way, close the store."""
        self.fleet.server(state="stopping")
        if self._channel is not None:
            await self._channel.stop()
        await self._halt()
        self._passwords.close()
        self._readers.shutdown(wait=False)

    async def _halt(self) -> None:
        """Close links and listeners, keep what is on its way, close the store."""
        if self._started:
            self._started = False
            if self._costs is not None:
                await self._costs.stop()
            await self.recovery.stop()
            await self.post.stop()
            await self.files.stop()
            await self.server.stop()
            await self.upkeep.stop()
            await self.desk.stop()
            self.faults.keep()
        if self._fault_start is not None:
            await self._fault_start.stop()
        if self._store is not None:
            store, self._store = self._store, None
            await asyncio.get_running_loop().run_in_executor(None, store.close)

    # -- what hosts ask for --------------------------------------------------------------------

    @property
    def costs(self) -> "Costs":
        """The costs; their modules are loaded when they are first asked for, as a start cannot wait."""
        if self._costs is None:
            from app.cost_room import Costs

            self._costs = Costs(self, self._open_store().read)
        return self._costs

    @property
    def urls(self) -> tuple[str, ...]:
        """Where stations can connect, as they must type it up to their identity."""
        return tuple(self.server.urls)

    def snapshot(self) -> Picture:
        """The live picture now."""
        return self.fleet.snapshot()

    def subscribe(self, station: str | None = None) -> MessageSubscription:
        """Follow the frames of one station, or of all."""
        return self.messages.subscribe(station)

    def _plan_of(self, station: str) -> tuple[ConnectorPlan, ...]:
        """What an import said of a station's plugs."""
        book = self.turns.books.get(StationId(station))
        return book.record.plan if book is not None and book.record is not None else ()

    async def ask(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run `fn(connection, *args)` in a reader thread on a connection that cannot write."""
        store = self._open_store()
        return await self._loop.run_in_executor(self._readers, lambda: store.read(fn, *args, **kwargs))

    async def do(self, asked: Asked) -> None:
        """Carry out an operator's intent; returns once it is kept and in effect.

        Raises:
            ForecourtError: it cannot be done; the sentence says why.
        """
        self._open_store()
        deed = await self.deeds.do(asked, self._in_thread)
        if isinstance(asked.intent, AdmitStation | AddStation | SetPassword):
            self.server.forgive(deed.station)
        link = self.server.links.get(StationId(deed.station)) if deed.station else None
        if link is None:
            return
        if isinstance(asked.intent, AdmitStation):
            link.core.registration = None
            link.call(*ASK_BOOT, force=True)
        elif isinstance(asked.intent, RefuseStation | RetireStation):
            link.close(1008, "refused by the operator")

    async def call(
        self, station: str, action: str, payload: Mapping[str, Any], timeout_s: float | None = None,
        *, by: str = "operator", why: str = "",
    ) -> CallOutcome:  # fmt: skip
        """Send one message to a station; how it ended.

        Raises:
            ForecourtError: the station is not connected or the message breaks its schema.
        """
        self._open_store()
        wish = Wish(station, Message(action, payload), by, why)
        return await self.desk.call(wish, timeout_s=timeout_s)

    async def send(
        self, station: StationId, action: str, payload: Mapping[str, Any], timeout_s: float | None, by: str
    ) -> Mapping[str, Any]:
        """Send one message to a station; its answer's payload.

        Raises:
            ForecourtError: offline, CALLERROR, or no answer in time.
        """
        return payload_of(station, await self.call(station, action, payload, timeout_s, by=by))

    async def listen_on(self, addresses: list[str]) -> list[str]:
        """Listen there instead, without dropping a link; the URLs that then hold.

        Raises:
            PortTaken: an address is in use or not of this machine; the old ones go on.
        """
        await self.files.give_way(addresses)
        try:
            urls = await self.server.rebind(addresses)
        except ForecourtError:
            await self.files.rebind(self.server.urls)
            raise
        await self.files.rebind(addresses)
        self.fleet.server(state="listening", urls=tuple(urls), cause="")
        return list(urls)

    async def let_in(self, new_stations: str) -> None:
        """Treat chargers that call for the first time so from now on: "ask", "accept" or "refuse"."""
        self._open_store()
        self._door.new_stations = new_stations
        self.arrivals.ask_new = new_stations == "ask"

    async def backup_to(self, path: Path) -> Mapping[str, Any]:
        """Write a checked copy of the database to `path` while running."""
        self._open_store()
        file = await self._in_thread(self._open_store().backup, path)
        now = self.clock.now_ms()
        self.fleet.server(last_backup_ms=now, backup_verified=True)
        return {"file": str(file), "bytes": file.stat().st_size, "at_ms": now}

    async def restore_from(self, path: Path) -> Mapping[str, Any]:
        """Put a backup in the place of the database while running: stations lose their link for a moment
        and come back to the restored history; the present files are moved aside, never deleted.

        Raises:
            ForecourtError: the backup is missing, changed, damaged or too new; the present history goes on.
        """
        self._open_store()
        if self.settings.store.url:
            raise ForecourtError("A database at store.url is restored with that database's own tools.")
        await self._in_thread(check_copy, path)
        listen = list(self.server.urls)
        self.fleet.server(state="starting", cause="A backup is put back")
        await self._halt()
        try:
            aside = await self._in_thread(restore, self.data_dir, path)
        finally:
            self.fleet.clear()
            await self._serve(listen)
        log.warning("restored %s; what was there is kept in %s", path, aside)
        return {"file": str(path), "aside": str(aside or "")}

    # -- between the parts ---------------------------------------------------------------------

    def _certificates(self) -> tuple[tuple[Path, Path], ...]:
        tls = self.settings.tls
        return ((Path(tls.cert), Path(tls.key)),) if tls.cert and tls.key else ()

    def _open_store(self) -> Store:
        if self._store is None:
            raise ForecourtError("The server does not run, so this cannot be done now.")
        return self._store

    def _deliver(self, outcomes: list[tuple[Callable[[Exception | None], None], Exception | None]]) -> None:
        self._loop.call_soon_threadsafe(tell_kept, outcomes)

    def _recording(self, recording: bool, cause: str) -> None:
        self._loop.call_soon_threadsafe(lambda: self.fleet.server(recording=recording, recording_cause=cause))

    def _connected(self, station: str) -> bool:
        return StationId(station) in self.server.links

    def _registration(self, station: str) -> Any:
        book = self.turns.books.get(StationId(station))
        return book.registration if book is not None else None

    async def _one_session(self, number: SessionId) -> SessionRecord | None:
        return await self.ask(one_session, number)

    async def _unbooked(self, station: StationId) -> list[JournalRow]:
        await self._in_thread(self.writer.flush)
        return await self.ask(unbooked, station)

    async def _in_thread(self, fn: Callable[..., T], *args: Any) -> T:
        return await self._loop.run_in_executor(self._readers, lambda: fn(*args))

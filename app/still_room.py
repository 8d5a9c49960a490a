"""A data directory as it was last: the live picture from what is kept, nothing running. For pictures."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection

from app.clock import ManualClock, SystemClock
from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.intents import Asked
from app.domain.records import ReadingRecord, Record
from app.domain.status import LinkState
from app.faults.shown import looked_until_ms
from app.faults.start import engine_of
from app.faults.watch import Faults
from app.fleet import Fleet
from app.intake.entries import Entries
from app.intake.memory import last_words, live_records, sessions_since
from app.intake.messages import MessageFeed
from app.onboarding.commissions import Commissions
from app.onboarding.contacts import Contacts
from app.operations.configuration.room import Configuration
from app.protocol.quirks import Quirks
from app.protocol.quirks import load as load_quirks
from app.recovery.playbooks import load as load_playbooks
from app.recovery.works import Recovery
from app.settings import Settings
from app.still_costs import StillCosts
from app.store.open import Reading, open_reading
from app.store.readers.entries import current_entries
from app.store.readers.links import last_links
from app.store.readers.others import refusals
from app.store.readers.readings import readings_between
from app.zone import operator_zone

T = TypeVar("T")

DAY_MS = 86_400_000
READINGS_MS = 1_800_000
"""What a session told last of its power is no older than this."""
READERS = 2
NOTHING_RUNS = "The server does not run for a picture, so nothing can be changed."


class StillRoom:
    """Reads like a ControlRoom and changes nothing. The clock stands at the last thing heard.

    Raises (in `start`):
        ForecourtError: there is no database there, or it needs the program that matches it.
    """

    def __init__(self, settings: Settings, *, demo: bool = False) -> None:
        self.settings = settings
        self.clock = ManualClock(0)
        self.messages = MessageFeed()
        self.fleet = Fleet(operator_zone(settings.zone), 0)
        self.quirks: Quirks = {}
        self.configuration: Configuration
        self.entries: Entries
        self.commissions: Commissions
        self.contacts = Contacts(self.clock)
        self.faults = Faults()
        self.recovery: Recovery
        self.costs: StillCosts
        self._demo = demo
        self._reading: Reading | None = None
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    async def start(self) -> None:
        """Read what there is."""
        loop = asyncio.get_running_loop()
        self.quirks = await loop.run_in_executor(
            self._readers, load_quirks, self.settings.data_dir / "quirks"
        )
        reading = await loop.run_in_executor(
            self._readers, open_reading, self.settings.data_dir, self.settings.store.url
        )
        self._reading = reading
        records, links = await loop.run_in_executor(
            self._readers, lambda: (reading.read(live_records), list(reading.read(last_links).values()))
        )
        heard_ms = max((_latest(record) for record in [*records, *links]), default=0)
        # Where nobody was ever heard, it is as it was when somebody looked last.
        seen: int | None = await self.ask(looked_until_ms)
        now = (heard_ms or seen or SystemClock().now_ms()) + 1000
        self.clock = ManualClock(now)
        today = await self.ask(sessions_since, now - DAY_MS)
        # The same fleet throughout: whoever hosts the room watches it from before the start.
        self.fleet.tick(now)
        readings = await self.ask(_readings, now - READINGS_MS, now)
        for record in [*records, *today, *links, *readings]:
            self.fleet.apply(record)
        for station, at_ms in (await self.ask(last_words)).items():
            self.fleet.heard(StationId(station), at_ms)
        stations = self.fleet.snapshot().stations
        self.entries = Entries(await self.ask(current_entries))
        self.contacts.clock = self.clock
        self.contacts.recall(await self.ask(refusals))
        room: Any = self  # it acts on nothing, so it lacks what acts
        self.commissions = Commissions(room)
        self.configuration = Configuration(
            self.clock,
            self.settings.data_dir / "templates",
            self.entries,
            lambda: stations,
            self.ask,
        )
        await self._wrong(room, now)
        zone = operator_zone(self.settings.zone)
        self.costs = StillCosts(self.ask, now, zone, self.settings.data_dir)
        bytes_ = _size(self.settings)
        there = [view for view in self.fleet.snapshot().stations.values() if view.link is LinkState.ONLINE]
        self.fleet.server(
            state="still",
            urls=tuple(at if "://" in at else f"ws://{at}/" for at in self.settings.listen),
            demo=self._demo,
            connected=len(there),
            by_version=tuple(sorted(Counter(view.version for view in there).items())),
            database_bytes=bytes_,
        )
        self.fleet.tick(now)

    async def _wrong(self, room: Any, now_ms: int) -> None:
        """The faults as they stood, with what they cost, and what was tried."""
        zone = operator_zone(self.settings.zone)
        folder = self.settings.data_dir
        engine = await self.ask(engine_of, now_ms, folder, zone=zone)
        self.faults.begin(engine, lambda journal, records, done: None)
        playbooks = await asyncio.get_running_loop().run_in_executor(
            self._readers, load_playbooks, folder / "playbooks"
        )
        self.recovery = Recovery(room, playbooks, zone)
        await self.recovery.begin()

    async def stop(self) -> None:
        """Close what was opened."""
        if self._reading is not None:
            self._reading.close()
        self._readers.shutdown(wait=False)

    async def ask(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run `fn(connection, *args)` in a reader thread."""
        reading = self._reading
        if reading is None:
            raise ForecourtError(NOTHING_RUNS)
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, lambda: reading.read(fn, *args, **kwargs)
        )

    async def do(self, asked: Asked) -> None:
        """Refused: a picture changes nothing."""
        raise ForecourtError(NOTHING_RUNS)

    async def call(
        self, station: str, action: str, payload: Mapping[str, Any], timeout_s: float | None = None
    ) -> Any:
        """Refused: a picture changes nothing."""
        raise ForecourtError(NOTHING_RUNS)

    async def listen_on(self, listen: list[str]) -> Any:
        """Refused: a picture changes nothing."""
        raise ForecourtError(NOTHING_RUNS)


def _readings(connection: Connection, from_ms: int, to_ms: int) -> list[ReadingRecord]:
    return list(readings_between(connection, from_ms, to_ms))


def _latest(record: Record) -> int:
    times = (
        getattr(record, "last_seen_ms", 0),
        getattr(record, "received_ms", 0),
        getattr(record, "at_ms", 0),
        getattr(record, "ended_ms", 0),
    )
    return max(time or 0 for time in times)


def _size(settings: Settings) -> int:
    if settings.store.url:
        return 0
    return sum(file.stat().st_size for file in settings.data_dir.glob("forecourt.db*"))

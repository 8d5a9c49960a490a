"""The demo: a control room of its own with a simulated network, its past, and its stations live.

At the first start the past is booked through the same intake as any replayed log; later starts
find it there. The stations then call the room's own listener like any others.
"""

import asyncio
import gc
import logging
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from app.clock import Clock
from app.control_room import ControlRoom
from app.data_dir import prepare
from app.domain.errors import ForecourtError, UsageError
from app.domain.ids import StationId
from app.domain.intents import AddStation, Asked
from app.domain.records import JournalRow
from app.faults.watch import Faults
from app.memory import give_back
from app.onboarding.addresses import url_here
from app.replay import replay_rows
from app.settings import Settings
from app.simulator.causes import write
from app.simulator.crew import Crew
from app.simulator.life import Life
from app.simulator.live import DemoFleet
from app.simulator.network import Network, load_network
from app.simulator.past import Past, past
from app.simulator.written import from_the_start, over_time, row_of
from app.store.connect import FILE

log = logging.getLogger("forecourt.demo")

BY = "demo"
MEMORY = "demo-stations.json"
PACE_RULES = "demo-pace.toml"
TRUTH = "demo-causes.json"
"""What was really wrong in the past, beside the history."""
UNFINISHED = "demo-past.unfinished"
"""There while the past is being written."""

Tell = Callable[[float], None]
"""Told what part (0 to 1) of the past is booked."""


class GaveUp(Exception):
    """Whoever started the demo wanted to stop before its past was written."""


class DemoRoom(ControlRoom):
    """A control room that brings its own network.

    Args:
        settings: of the demo's own data directory.
        stations, days, speed, seed: as `forecourt demo` takes them; see `simulator/life.py` for speed.
        tell: hears the progress of the past, in the loop's thread.

    Raises:
        UsageError: a number of stations or days that cannot be.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        *,
        stations: int = 48,
        days: int = 90,
        speed: float = 60.0,
        seed: int = 1,
        tell: Tell = lambda part: None,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(settings, clock, demo=True, stop=stop)
        try:
            self.network: Network = load_network(stations)
        except ValueError as error:
            raise UsageError(str(error)) from error
        if not 0 <= days <= 3_660:
            raise UsageError(f"The demo's past has 0 to 3660 days, not {days}.")
        self._days = days
        self._speed = speed
        self._seed = seed
        self._tell = tell
        self._live: DemoFleet | None = None
        self._given_up = False

    def give_up(self) -> None:
        """Write no more of the past; the next start writes it again. `start` then raises GaveUp."""
        self._given_up = True

    async def start(self) -> None:
        """Book the past if there is none, serve, and let the stations call.

        Raises:
            GaveUp: the past was given up in the middle.
        """
        lives: Sequence[Life] | None = None
        end_ms = self.clock.now_ms()
        if self._days and not self._has_past():
            lives = await self._book_past(end_ms)
            await asyncio.get_running_loop().run_in_executor(None, _let_go)
        self._fit_limits()
        await super().start()
        await self._describe()
        self._live = DemoFleet(
            self.network,
            lives=lives,
            past_end_ms=end_ms,
            pace=self._speed,
            seed=self._seed,
            clock=self.clock,
            memory=self.data_dir / MEMORY,
        )
        await self._live.start(local_url(self.urls))

    async def stop(self) -> None:
        """Let the stations go, then stop as any control room does."""
        if self._live is not None:
            live, self._live = self._live, None
            await live.stop()
        await super().stop()

    def _has_past(self) -> bool:
        if self.settings.store.url:
            return True
        if (self.data_dir / UNFINISHED).exists():
            # Cut off in the middle of writing it: a past that is not whole is made again.
            for file in self.data_dir.glob(f"{FILE}*"):
                file.unlink()
        return (self.data_dir / FILE).exists()

    def _fit_limits(self) -> None:
        """Sessions of a fast demo are as much shorter and smaller: what counts as a bad one follows."""
        file = self.data_dir / "rules" / PACE_RULES
        file.parent.mkdir(parents=True, exist_ok=True)
        minutes, share = 3 / self._speed, 1 / self._speed
        file.write_text(
            "# Written by the demo: its sessions run faster than life.\n[bad_sessions]\n"
            f"empty_min = {minutes:.4f}\nempty_wh = {round(100 * share)}\n"
            f"short_wh = {round(1000 * share)}\nshort_min = {minutes:.4f}\n",
            encoding="utf-8",
        )

    async def _book_past(self, end_ms: int) -> Sequence[Life]:
        loop = asyncio.get_running_loop()
        story = past(self.network, self._days, end_ms, self._seed)

        def tell(part: float) -> None:
            percent = round(part * 100)
            cause = f"Writing {self._days} days of a simulated past: {percent} %"
            self.fleet.server(state="starting", cause=cause)
            self._tell(part)

        def heard(_done: int) -> None:
            if self._given_up:
                raise GaveUp
            loop.call_soon_threadsafe(tell, story.progress)

        tell(0.0)
        prepare(self.data_dir)
        (self.data_dir / UNFINISHED).touch()
        rows, crew = told_past(story, self._seed)
        booked = await loop.run_in_executor(None, lambda: _book(self.settings, rows, heard, crew))
        write(story.causes, self.data_dir / TRUTH)
        (self.data_dir / UNFINISHED).unlink()
        tell(1.0)
        log.info("the demo's past: %s", booked)
        return story.lives

    async def _describe(self) -> None:
        """Say names, places, plugs and prices of stations that do not have them yet."""
        for intent in self.network.intents():
            book = self.turns.books.get(StationId(intent.station))
            record = book.record if book is not None else None
            if record is None:
                await self.do(Asked(AddStation(intent.station), BY, "the demo's network"))
            if record is None or not record.name:
                await self.do(Asked(intent, BY, "the demo's network"))


def told_past(story: Past, seed: int) -> tuple[Iterator[JournalRow], Crew]:
    """The rows of a past with what its people wrote down and did, and those people."""
    network, start_ms = story.network, story.start_ms
    crew = Crew(
        network.stations[0].zone, story.end_ms, random.Random(f"{seed}/crew"),
        over_time(network, start_ms, story.end_ms),
    )  # fmt: skip
    begun = map(row_of, from_the_start(network, start_ms))
    return chain(begun, crew.among(story.journal())), crew


def _book(settings: Settings, rows: Iterable[JournalRow], tell: Callable[[int], None], crew: Crew) -> Any:
    def watch(faults: Faults) -> None:
        crew.faults = faults

    return replay_rows(settings, rows, tell, watch).in_words()


def _let_go() -> None:
    """What made the past, and found its faults, holds on to itself in circles."""
    gc.collect()
    give_back()


def local_url(urls: Sequence[str]) -> str:
    """The first plain listener, as this machine reaches it.

    Raises:
        ForecourtError: there is none.
    """
    url = url_here(urls)
    if not url:
        raise ForecourtError("The demo's stations need a listener without TLS.")
    return url

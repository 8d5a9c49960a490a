"""The desk: everything an operator wishes of a station goes over it, safely and with proof.

A command is kept before it waits, and its "sent" is on disk before its frame leaves: whatever
happens to Forecourt in between, nothing that may have left is ever sent again. What it became is
told by `subscribe`, kept in the command log, and never changes once it has ended.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.clock import Clock
from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.operations import BatchView, CommandState, Consequence, Wish
from app.domain.records import (
    CommandRecord,
    FileRecord,
    LinkRecord,
    NoticeRecord,
    Record,
    SessionRecord,
    StationRecord,
    StatusRecord,
    VariableRecord,
)
from app.intake.messages import MessageFeed
from app.intake.turns import Turns
from app.operations import capability
from app.operations.consequences import check
from app.operations.feed import DeskChanges, DeskFeed, DeskSubscription
from app.operations.guard import Guard
from app.operations.holding import sessions_of
from app.operations.keeper import Files, Settings
from app.operations.lifecycle import ended, move, state_of
from app.operations.lines import RANK, Called, Turn
from app.operations.live import Live
from app.operations.queues import Queues
from app.operations.repeats import repeated
from app.operations.running import Runner
from app.operations.waiting import expiry
from app.operations.waves import Waves
from app.operations.wishes import kind_of, text_of
from app.protocol.calls import CallOutcome, Ending
from app.protocol.link import Link
from app.store.readers.commands import one_command
from app.tasks import awaited, spawn

__all__ = ["Desk", "DeskChanges", "DeskSubscription"]

MOST_OPEN = 50
"""Commands of one station that may be under way (security reference, section 3)."""

Ask = Callable[..., Awaitable[Any]]
"""Runs `fn(connection, *args)` in a reader thread."""


class Desk:
    """Commands to stations, from the wish to the proof. Everything runs on the core's loop.

    Args:
        clock: time.
        turns: the books, and the one way records are kept.
        links: open links by station.
        messages: the live message log, for proofs that wait for a message.
        ask: asks the store.
        timeout_s: how long a station may take to answer, where nobody says otherwise.
        feed: where watchers subscribed before, for a desk that takes the place of another.
    """

    hears: tuple[type, ...] = (
        StationRecord, StatusRecord, LinkRecord, SessionRecord, NoticeRecord, FileRecord, VariableRecord
    )  # fmt: skip
    """What may prove that a command did what it was for."""

    def __init__(
        self,
        clock: Clock,
        turns: Turns,
        links: Callable[[StationId], Link | None],
        messages: MessageFeed,
        ask: Ask,
        timeout_s: float = 30,
        feed: DeskFeed | None = None,
    ) -> None:
        self.clock = clock
        self.turns = turns
        self.links = links
        self.ask_store = ask
        self.timeout_s = timeout_s
        self.feed = feed or DeskFeed()
        self.lives: dict[int, Live] = {}
        self.guard = Guard(clock, turns, links)
        self.files: Files | None = None
        """Where uploads go; None while nothing serves files."""
        self.settings: Settings | None = None
        """What keeps settings as they were told; None where nothing does."""
        self._runner = Runner(self, messages)
        self._waves = Waves(self)
        self._queues = Queues(clock, links)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False

    # -- before it is sent -------------------------------------------------------------------

    def can(self, station: str, operation_kind: str) -> str:
        """Why this station cannot do operations of this kind ("Reset", …); "" if it can."""
        return self.guard.can(StationId(station), operation_kind)

    def consequences(self, wish: Wish) -> tuple[Consequence, ...]:
        """What the wish would cut or meet, with the facts as of now; nothing is asked of the station."""
        return self.guard.consequences(wish)

    # -- wishes ------------------------------------------------------------------------------

    async def ask(self, wish: Wish, *, timeout_s: float | None = None) -> int:
        """Keep a wish as a command and carry it out by and by; its number, once it is kept.

        Raises:
            CannotBeDone: the station cannot do it.
            NotAgreed: something would be cut that was not agreed to.
            NeedsWhy: a reason has to be written down.
            ForecourtError: offline and not to wait, against the schema, it waits already, or it
                cannot be kept.
        """
        found = self.consequences(wish)
        check(wish, found)
        return (await self._begin(wish, timeout_s, sessions_of(found))).record.command

    async def call(self, wish: Wish, *, timeout_s: float | None = None) -> CallOutcome:
        """Send what was typed by hand and wait for how the call ended; who types it has agreed to it.

        Raises:
            ForecourtError: offline and not to wait, against the schema, or it cannot be kept.
        """
        live = await self._begin(wish, timeout_s, None)
        outcome = await asyncio.shield(live.outcome)
        if not self._stopped:
            # Who has the answer finds it in the log, too.
            await self.answered(live.record.command)
        return outcome

    async def answered(self, command: int) -> CommandRecord:
        """The command once it is past sent: answered, or never to be."""
        waits = (CommandState.QUEUED, CommandState.SENT)
        return await self._until(command, lambda record: state_of(record) not in waits)

    async def ended(self, command: int) -> CommandRecord:
        """The command (or batch) once nothing more can become of it."""
        await self._waves.wait(command)
        return await self._until(command, ended)

    async def cancel(self, command: int, by: str, why: str = "") -> None:
        """Take a command back that has not been sent.

        Raises:
            ForecourtError: it was sent already, has ended, or there is none.
        """
        live = self.lives.get(command)
        if live is None or state_of(live.record) is not CommandState.QUEUED:
            record = live.record if live is not None else await self.ask_store(one_command, command)
            if record is None:
                raise ForecourtError(f"There is no command {command}.")
            state = state_of(record)
            if state is CommandState.CANCELLED:
                return
            word = state.value if state is not None else record.outcome
            raise ForecourtError(f"Command {command} cannot be taken back any more; it is {word}.")
        turn = live.turn
        said = f"Taken back by {by}: {why}." if why else f"Taken back by {by}."
        self.settle(live, CommandState.CANCELLED, said)
        if turn is not None:
            self._queues.leave(live.record.station, turn)

    # -- many at once ------------------------------------------------------------------------

    async def bulk(
        self,
        title: str,
        wishes: Sequence[Wish],
        by: str,
        waves: tuple[int, ...] = (2, 10),
        stop_after: int = 1,
    ) -> int:
        """Carry out wishes in waves: the first few, then more, then the rest; the batch's number.

        A wave begins when the one before has ended. After `stop_after` failures no further wish is
        begun; what was sent is seen to its end. Each wish has to be agreed to as for `ask`.

        Raises:
            ForecourtError: there is nothing to do, or it cannot be kept.
        """
        return await self._waves.begin(title, wishes, by, waves, stop_after)

    async def stop_bulk(self, batch: int, by: str) -> None:
        """Begin nothing more of a batch, and take back what waits.

        Raises:
            ForecourtError: there is no such batch, or it has ended.
        """
        await self._waves.stop(batch, by)

    def batches(self) -> tuple[BatchView, ...]:
        """The batches of this run of Forecourt, newest first."""
        return self._waves.views()

    def subscribe(self) -> DeskSubscription:
        """Watch commands and batches; begins with those that are under way."""
        made = self.feed.subscribe()
        for live in self.lives.values():
            if live.shown is not None:
                made.put(command=live.shown)
        for view in self.batches():
            made.put(batch=view)
        return made

    def open(self, station: str = "") -> tuple[CommandRecord, ...]:
        """Commands that have not ended, of a station or of all, in order of number."""
        return tuple(
            live.record
            for _, live in sorted(self.lives.items())
            if not station or live.record.station == station
        )

    # -- fed by the control room ---------------------------------------------------------------

    def hear(self, record: Record, at_ms: int) -> None:
        """A record was committed."""
        self._runner.hear(record, at_ms)
        if type(record) is LinkRecord:
            self._queues.pump(record.station)

    def tick(self, now_ms: int) -> None:
        """A second passed: what waits may be due or over, proofs may have run out of time."""
        self._queues.tick(now_ms)
        self._runner.tick(now_ms)

    def late(self, station: StationId, message_id: str, answer: str, at_ms: int) -> None:
        """An answer came after its command was given up (Q31)."""
        self._runner.late(station, message_id, answer, at_ms)

    # -- start and stop ------------------------------------------------------------------------

    async def resume(self) -> None:
        """Find again what was under way when Forecourt ended; to be called before stations are heard."""
        await self._runner.resume()

    async def stop(self) -> None:
        """Carry out nothing more; what is under way is found again at the next start."""
        self._stopped = True
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for live in self.lives.values():
            self.told(live, CallOutcome(Ending.LOST, live.record.action, "", text="Forecourt is stopping"))
            if not live.moved.done():
                live.moved.set_result(None)

    # -- for the desk's own parts ----------------------------------------------------------------

    async def turn(self, live: Live, *, due_ms: int = 0, expires_ms: int | None = None) -> Called:
        """Wait for the station; GO means that it is held until `done_with`."""

        def waits(turn: Turn) -> None:
            live.turn = turn

        try:
            called = await self._queues.wait(
                live.record.station, RANK[live.wish.urgency], live.record.command, due_ms=due_ms,
                expires_ms=expires_ms, forced=capability.asks_boot(live.operation), waits=waits,
            )  # fmt: skip
        finally:
            live.turn = None
        live.holds = called is Called.GO
        return called

    def done_with(self, live: Live) -> None:
        """The station is free for the next, if this command held it."""
        if live.holds:
            live.holds = False
            self._queues.free(live.record.station)

    def settle(self, live: Live, to: CommandState, proof: str = "") -> bool:
        """Move a command and keep it so; whether it may go there."""
        moved = move(live.record, to, self.clock.now_ms(), proof)
        if moved is None:
            return False
        self.keep(live, moved)
        return True

    def keep(
        self, live: Live, record: CommandRecord, then: Callable[[Exception | None], None] | None = None
    ) -> None:
        """Keep a command as it now stands; told to watchers once it is on disk."""
        live.record = record

        def kept(error: Exception | None) -> None:
            # A disk that cannot write is told elsewhere; who watches still sees what became of it.
            live.shown = record
            if ended(record) and self.lives.get(record.command) is live:
                del self.lives[record.command]
                self._runner.forget(live)
                self.told(live, CallOutcome(Ending.EXPIRED, record.action, "", text=record.proof, sent=False))
            self.feed.command(record)
            moved, live.moved = live.moved, asyncio.get_running_loop().create_future()
            if not moved.done():
                moved.set_result(None)
            if then is not None:
                then(error)

        self.turns.keep(record, self.clock.now_ms(), kept)

    async def kept(self, live: Live, record: CommandRecord) -> None:
        """Keep a command and wait until it is on disk.

        Raises:
            ForecourtError: it cannot be kept.
        """
        then, done = awaited()
        self.keep(live, record, then)
        await done

    def told(self, live: Live, outcome: CallOutcome) -> None:
        """Tell who waits for the answer itself; once."""
        if not live.outcome.done():
            live.outcome.set_result(outcome)

    def spawn(self, live: Live) -> None:
        """Carry a command out."""
        self.background(self._runner.carry_out(live), f"command {live.record.command}")

    def background(self, work: Any, name: str) -> None:
        """Run something of the desk's until it ends or the desk stops."""
        task: asyncio.Task[None] = spawn(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- within --------------------------------------------------------------------------------

    async def _begin(self, wish: Wish, timeout_s: float | None, seen: frozenset[int] | None) -> Live:
        station = StationId(wish.station)
        now = self.clock.now_ms()
        if self._stopped:
            raise ForecourtError("The server does not run, so this cannot be done now.")
        if wish.wait_until_ms is not None and station not in self.turns.books:
            raise ForecourtError(f"There is no station {station}; check the identity.")
        expires_ms = expiry(wish, now, online=self.links(station) is not None)
        version = self.guard.version(station)
        number = self.turns.numbers.command_id()
        action = payload = ""
        if sum(live.record.station == station for live in self.lives.values()) >= MOST_OPEN:
            raise ForecourtError(f"{MOST_OPEN} commands to {station} are under way; wait for one to end.")
        if barred := self.guard.barred(station, wish.operation):
            raise ForecourtError(barred)
        if again := repeated(self.lives.values(), station, wish.operation):
            raise ForecourtError(again)
        if version:
            # What the schema forbids is said now, not when the station has come back.
            action, payload = self._runner.preview(version, wish.operation, number)
        record = CommandRecord(
            number, station, action or kind_of(wish.operation), wish.by, wish.why, now,
            payload=payload or "{}", outcome=CommandState.QUEUED.value, operation=kind_of(wish.operation),
            wish=text_of(wish.operation), batch=wish.batch, expires_ms=expires_ms,
        )  # fmt: skip
        loop = asyncio.get_running_loop()
        live = Live(
            record,
            wish,
            wish.operation,
            timeout_s or self.timeout_s,
            loop.create_future(),
            loop.create_future(),
        )
        live.seen = seen
        self.lives[number] = live
        try:
            await self.kept(live, record)
        except ForecourtError:
            self.lives.pop(number, None)
            raise
        self.spawn(live)
        return live

    async def _until(self, command: int, true: Callable[[CommandRecord], bool]) -> CommandRecord:
        while (live := self.lives.get(command)) is not None:
            moved = live.moved
            if live.shown is not None and true(live.shown):
                return live.shown
            if self._stopped:
                raise ForecourtError("Forecourt is stopping; the command is found again at its next start.")
            await asyncio.shield(moved)
        record: CommandRecord | None = await self.ask_store(one_command, command)
        if record is None:
            raise ForecourtError(f"There is no command {command}.")
        return record

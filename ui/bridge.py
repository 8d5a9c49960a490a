"""Joins the window to the core, alone: the core's loop runs in a thread of its own.

To the window go immutable snapshots (taken at most 10 times a second) and results; to the core go
intents and questions. Neither side ever waits for the other, and an exception on either side is
logged and told, never lost.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal
from shiboken6 import isValid

from app.domain.errors import ForecourtError
from app.domain.intents import Asked, Intent
from app.faults.views import FaultChanges
from app.fleet.views import Changes, MessageView, Picture
from ui.awaiting import Awaiting
from ui.picture import after, whole

log = logging.getLogger("forecourt.ui.bridge")

TICK_MS = 100
Done = Callable[[Any], None]
Failed = Callable[[str], None]


class Feed(Protocol):
    """A subscription whose `take` may be called from another thread."""

    def take(self) -> Any:
        """What has gathered since the last take, or None."""

    def close(self) -> None:
        """Gather no more."""


class Room(Protocol):
    """What the window needs of the control room."""

    fleet: Any
    messages: Any

    async def start(self) -> None:
        """Open the store and listen."""

    async def stop(self) -> None:
        """Close everything cleanly."""

    async def ask(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run `fn(connection, *args)` in a reader thread."""

    async def do(self, asked: Asked) -> None:
        """Carry out an intent. ForecourtError says why not."""

    async def call(self, station: str, action: str, payload: dict[str, Any], timeout_s: float) -> Any:
        """Send a call to a station."""

    async def listen_on(self, listen: list[str]) -> None:
        """Listen elsewhere without a restart."""


@dataclass(frozen=True, slots=True)
class _Reply:
    key: str
    ticket: int
    value: Any
    error: BaseException | None
    done: Done | None
    failed: Failed | None


class Bridge(Awaiting, QObject):
    """The core as the window sees it. Every method is for the GUI thread and returns at once, or is awaited.

    Args:
        make_room: builds the control room; called with this bridge in the core's thread, where it
            may import slowly. It may emit `progressed` and `stop_asked`.
        operator: who asks, for the journal.
    """

    changed = Signal(object)
    """Changes since the last tick, already part of `picture`."""
    heard = Signal(object)
    """A tuple of MessageView, newest last, while someone follows (`follow_messages`)."""
    commanded = Signal(object)
    """DeskChanges: commands and batches that changed since the last tick (app.operations.desk)."""
    faulted = Signal(object)
    """FaultChanges since the last tick (app.faults.views); the first after each start has all there are."""
    started = Signal()
    failed = Signal(str)
    """The core could not start, or died: one plain sentence."""
    stopped = Signal()
    progressed = Signal(float, str)
    """What part (0 to 1) of a long start is done, and of what (the demo's past)."""
    stop_asked = Signal()
    """Somebody asked the running instance to stop (`forecourt` on the control channel)."""
    _replied = Signal(object)

    def __init__(self, make_room: Callable[["Bridge"], Room], operator: str = "operator") -> None:
        super().__init__()
        self._make_room = make_room
        self._operator = operator
        self.picture = Picture(at_ms=0)
        self.listen: tuple[str, ...] = ()
        """Where the next start listens instead of where the settings say (its port was taken)."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._room: Room | None = None
        self._feed: Feed | None = None
        self._messages: Feed | None = None
        self._desk: Feed | None = None
        self._faults: Feed | None = None
        self._following = 0
        self._thread: threading.Thread | None = None
        self._leave: asyncio.Event | None = None
        self._tickets: dict[str, int] = {}
        self._count = 0
        self._early: list[tuple[Callable[[Room], Awaitable[Any]], _Reply]] = []
        self._down = ""
        """Why the core does not run, until it is started again."""
        self._replied.connect(self._take_reply, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def operator(self) -> str:
        """Who asks, for the journal and for what is wished of the desk."""
        return self._operator

    @property
    def running(self) -> bool:
        """Whether the core answers."""
        return self._room is not None

    @property
    def idle(self) -> bool:
        """Whether no question is under way."""
        return not self._tickets and not self._early

    def start(self) -> None:
        """Start the core in its thread. `started` or `failed` follows."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._down = ""
        self._thread = threading.Thread(target=self._live, name="core", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the core cleanly. `stopped` follows, also when it never ran."""
        self._timer.stop()
        loop, leave = self._loop, self._leave
        if loop is None or leave is None or loop.is_closed():
            self.stopped.emit()
            return
        loop.call_soon_threadsafe(leave.set)

    def query(
        self, key: str, fn: Callable[..., Any], *args: Any, done: Done, failed: Failed | None = None
    ) -> None:
        """Ask history: run `fn(connection, *args)` in a reader thread, then `done(result)` here.

        A newer question under the same key, or `drop(key)`, makes the older one's answer too late:
        it is dropped. `failed` gets one plain sentence.
        """
        self._send(key, lambda room: room.ask(fn, *args), done, failed)

    def drop(self, prefix: str) -> None:
        """Want no more answers to questions whose key starts with `prefix` (the page was left)."""
        for key in [key for key in self._tickets if key.startswith(prefix)]:
            del self._tickets[key]

    def do(
        self, intent: Intent, why: str = "", done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Wish for something; it is journaled with who and why before it takes effect."""
        asked = Asked(intent, self._operator, why)
        self._send("", lambda room: room.do(asked), done, failed)

    def call(
        self,
        station: str,
        action: str,
        payload: dict[str, Any],
        done: Done | None = None,
        failed: Failed | None = None,
        timeout_s: float = 30,
    ) -> None:
        """Send a call to a station; `done` gets its outcome."""
        self._send("", lambda room: room.call(station, action, payload, timeout_s), done, failed)

    def run(
        self,
        ask: Callable[[Any], Awaitable[Any]],
        done: Done | None = None,
        failed: Failed | None = None,
        key: str = "",
    ) -> None:
        """Await `ask(room)` in the core's loop: what has no method of its own here (backup, listen_on)."""
        self._send(key, ask, done, failed)

    def work(
        self, fn: Callable[..., Any], *args: Any, done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Run a blocking function (files, networks) in a worker thread; it needs no running core."""
        reply = _Reply("", 0, None, None, done, failed)

        def run() -> None:
            try:
                value = fn(*args)
            except Exception as error:
                if not isinstance(error, ForecourtError):
                    log.exception("work for the window failed")
                self._finish(reply, None, error)
            else:
                self._finish(reply, value, None)

        QThreadPool.globalInstance().start(run)

    def follow_messages(self, on: bool) -> None:
        """Begin or end to hear live messages; each begin needs its end."""
        self._following = max(0, self._following + (1 if on else -1))
        if not self._following:
            if self._messages is not None:
                self._messages.close()
            self._messages = None
        elif self._messages is None:
            self._send("messages-feed", _subscribe, self._take_messages, None)

    def _take_messages(self, feed: Feed) -> None:
        if self._following:
            self._messages = feed
        else:
            feed.close()

    def tick(self) -> None:
        """Take what has changed; called 10 times a second."""
        try:
            self._take_changes()
        except Exception:
            log.exception("the live picture could not be taken")

    def _take_changes(self) -> None:
        changes: Changes | None = self._feed.take() if self._feed is not None else None
        if changes is not None:
            self.picture = after(self.picture, changes)
            self.changed.emit(changes)
        if self._messages is not None:
            new: tuple[MessageView, ...] | None = self._messages.take()
            if new:
                self.heard.emit(tuple(new))
        told = self._desk.take() if self._desk is not None else None
        if told is not None:
            self.commanded.emit(told)
        wrong = self._faults.take() if self._faults is not None else None
        if wrong is not None:
            self.faulted.emit(wrong)

    def _send(
        self, key: str, ask: Callable[[Room], Awaitable[Any]], done: Done | None, failed: Failed | None
    ) -> None:
        self._count += 1
        if key:
            self._tickets[key] = self._count
        reply = _Reply(key, self._count, None, None, done, failed)
        if self._down:
            # Not kept for a later start: who asked has been told by then that nothing could be done.
            self._finish(reply, None, ForecourtError(self._down))
            return
        if self._room is None or self._loop is None:
            self._early.append((ask, reply))
            return
        self._dispatch(ask, reply)

    def _dispatch(self, ask: Callable[[Room], Awaitable[Any]], reply: _Reply) -> None:
        loop, room = self._loop, self._room
        coro = self._answer(ask, room, reply)
        try:
            if loop is None:
                raise RuntimeError("the core does not run")
            asyncio.run_coroutine_threadsafe(coro, loop)
        except RuntimeError:
            coro.close()
            self._finish(reply, None, ForecourtError("The server does not run, so this cannot be done now."))

    async def _answer(self, ask: Callable[[Any], Awaitable[Any]], room: Any, reply: _Reply) -> None:
        try:
            value = await ask(room)
        except asyncio.CancelledError:
            self._finish(reply, None, ForecourtError("The server stopped before this was done."))
            raise
        except Exception as error:
            if not isinstance(error, ForecourtError):
                log.exception("a question of the window failed")
            self._finish(reply, None, error)
        else:
            self._finish(reply, value, None)

    def _finish(self, reply: _Reply, value: Any, error: BaseException | None) -> None:
        if isValid(self):  # a worker may end after the window
            self._replied.emit(_Reply(reply.key, reply.ticket, value, error, reply.done, reply.failed))

    def _take_reply(self, reply: _Reply) -> None:
        if reply.key and self._tickets.get(reply.key) != reply.ticket:
            return
        self._tickets.pop(reply.key, None)
        try:
            if reply.error is None:
                if reply.done is not None:
                    reply.done(reply.value)
            elif reply.failed is not None:
                reply.failed(sentence(reply.error))
            else:
                log.warning("not done: %s", sentence(reply.error))
        except Exception:
            log.exception("an answer could not be shown")

    def _live(self) -> None:
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(self._main())
        except BaseException as error:
            log.exception("the server stopped by an error")
            self._replied.emit(_Reply("", 0, None, error, None, self._report_failure))
        self._replied.emit(_Reply("", 0, None, None, self._ended, None))

    def _ended(self, _: Any) -> None:
        """The thread has said its last word: it may be started again from here on."""
        if self._thread is not None:
            self._thread.join()
        self._thread = self._loop = self._leave = None
        self.stopped.emit()

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_heard_in_loop)
        self._leave = asyncio.Event()
        self._loop = loop
        room = self._make_room(self)
        start = (room.fleet.subscribe(), room.fleet.snapshot())
        self._replied.emit(_Reply("", 0, start, None, self._take_feed, None))
        starting = asyncio.ensure_future(room.start())
        leaving = asyncio.ensure_future(self._leave.wait())
        await asyncio.wait({starting, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
        try:
            await starting
        except asyncio.CancelledError:
            await room.stop()
            return
        except ForecourtError as error:
            leaving.cancel()
            self._replied.emit(_Reply("", 0, None, error, None, self._report_failure))
            await room.stop()
            return
        self._replied.emit(_Reply("", 0, (room, room.fleet.snapshot()), None, self._take_room, None))
        try:
            await leaving
        finally:
            self._room = None
            await room.stop()

    def _take_feed(self, start: tuple[Feed, Picture]) -> None:
        self._feed, self.picture = start
        self._timer.start()
        self.changed.emit(whole(self.picture))

    def _take_room(self, ready: tuple[Room, Picture]) -> None:
        self._room, self.picture = ready
        self.changed.emit(whole(self.picture))
        self._send("desk-feed", _subscribe_desk, self._take_desk, None)
        self._send("fault-feed", _subscribe_faults, self._take_faults, None)
        early, self._early = self._early, []
        for ask, reply in early:
            if not reply.key or self._tickets.get(reply.key) == reply.ticket:
                self._dispatch(ask, reply)
        self.started.emit()

    def _take_desk(self, feed: Feed | None) -> None:
        self._desk = feed

    def _take_faults(self, feed: Feed | None) -> None:
        self._faults = feed
        self.faulted.emit(FaultChanges({}))

    def _report_failure(self, cause: str) -> None:
        self._room, self._down = None, cause
        early, self._early = self._early, []
        for _, reply in early:
            self._finish(reply, None, ForecourtError(cause))
        server = replace(self.picture.server, state="failed", cause=cause, urls=(), connected=0)
        self.picture = replace(self.picture, server=server)
        self.changed.emit(whole(self.picture))
        self.failed.emit(cause)


async def _subscribe(room: Room) -> Any:
    return room.messages.subscribe()


async def _subscribe_desk(room: Any) -> Any:
    desk = getattr(room, "desk", None)
    return desk.subscribe() if desk is not None else None


async def _subscribe_faults(room: Any) -> Any:
    faults = getattr(room, "faults", None)
    return faults.subscribe() if faults is not None else None


def sentence(error: BaseException) -> str:
    """An error as one plain sentence for a person."""
    if isinstance(error, ForecourtError):
        return str(error)
    return f"Something in Forecourt failed ({type(error).__name__}). The log has the details."


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _heard_in_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    log.error("in the core's loop: %s", context.get("message"), exc_info=context.get("exception"))

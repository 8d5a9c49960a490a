"""Tells people of faults: looks at the open ones, sends what is due, tries again what failed.

Sending runs in a thread. What was told is a line of the fault's history, so a restart repeats nothing.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Protocol

from app.clock import Clock
from app.domain.errors import ForecourtError
from app.domain.intents import ActOnFault, Asked
from app.domain.money import major
from app.faults.timeouts import REMEMBER_MS
from app.faults.views import FaultView
from app.notify import channels
from app.notify.channels import Health
from app.notify.outbox import Message, Outbox
from app.notify.rules import OWN_CHANNELS, Told, rules_of
from app.store.readers.faults import told_already
from app.tasks import spawn

log = logging.getLogger("forecourt.notify")

BY = "notification"
AGAIN_S = (60, 300, 900)
"""After so long a failed message is tried again."""
KEPT = 200

Send = Callable[..., str]
"""Sends (address, title, text, files) and says why it failed, "" if it went; files may be left out."""


class Room(Protocol):
    """What is needed of the control room."""

    clock: Clock
    faults: Any
    entries: Any
    data_dir: Path

    async def do(self, asked: Asked) -> None:
        """Carry out an intent."""

    async def ask(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Ask the store."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the window shows it in the list of what was told. `cause` "" means it went."""

    at_ms: int
    channel: str
    title: str
    text: str
    faults: tuple[int, ...]
    cause: str = ""
    tries: int = 1


class Post:
    """Notifications of one control room.

    Args:
        room: its parts.
        zone: where quiet hours are.
        in_thread: runs a slow function off the loop.
        send: sends a message, for tests.
    """

    def __init__(
        self,
        room: Room,
        zone: tzinfo,
        in_thread: Callable[..., Awaitable[Any]],
        send: Send = channels.send,
    ) -> None:
        self._room = room
        self._zone = zone
        self._in_thread = in_thread
        self._send = send
        self._outbox = Outbox()
        self._addresses: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._desktop: deque[Message] = deque(maxlen=KEPT)
        self.sent: deque[Sent] = deque(maxlen=KEPT)
        """What was told lately, newest last."""
        self.health: dict[str, Health] = {}

    async def begin(self) -> None:
        """Read the addresses, and remember who was told of what stands or may come back."""
        self._addresses = await self._in_thread(channels.read, self._room.data_dir)
        since_ms = self._room.clock.now_ms() - REMEMBER_MS
        for rule, fault, kind in await self._room.ask(told_already, since_ms):
            self._outbox.told.add((rule, fault, kind))

    async def stop(self) -> None:
        """Send nothing more."""
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # -- addresses -----------------------------------------------------------------------------

    @property
    def names(self) -> tuple[str, ...]:
        """The channels there are, the window's own first."""
        return (*OWN_CHANNELS, *sorted(self._addresses))

    async def set_channel(self, name: str, address: str) -> str:
        """Keep an address under a name; the service it belongs to. "" takes it away.

        Raises:
            ForecourtError: the name is taken by the window, or the address is not understood.
        """
        name = name.strip()
        if not name or name in OWN_CHANNELS:
            raise ForecourtError("Give the channel a name of its own.")
        service = str(await self._in_thread(channels.checked, address)) if address else ""
        kept = {k: v for k, v in self._addresses.items() if k != name}
        if address:
            kept[name] = address.strip()
        await self._in_thread(channels.write, self._room.data_dir, kept)
        self._addresses = kept
        self.health.pop(name, None)
        return service

    async def test(self, name: str) -> str:
        """Send a test message now; why it failed, "" if it went.

        Raises:
            ForecourtError: there is no such channel.
        """
        message = Message("", (name,), "Test of Forecourt", "If you read this, notifications reach you.", ())
        if name in OWN_CHANNELS:
            self._desktop.append(message)
            return ""
        if name not in self._addresses:
            raise ForecourtError(f"There is no channel {name!r}.")
        return await self._out(name, message)

    async def send_files(self, name: str, title: str, files: Sequence[Path]) -> str:
        """Send files (a report) by a channel now; why it failed, "" if they went.

        Raises:
            ForecourtError: there is no such channel, or it is the window's own, which takes no files.
        """
        address = self._addresses.get(name)
        if address is None:
            raise ForecourtError(f"There is no channel {name!r} that takes files.")
        now = self._room.clock.now_ms()
        text = f"{title}: {', '.join(file.name for file in files)}"
        cause = str(await self._in_thread(self._send, address, title, text, tuple(files)))
        self.sent.append(Sent(now, name, title, text, (), cause))
        return cause

    def take_desktop(self) -> list[Message]:
        """Messages for the window's own channels since the last take."""
        found = list(self._desktop)
        self._desktop.clear()
        return found

    # -- what is due ---------------------------------------------------------------------------

    def tick(self, now_ms: int) -> None:
        """Look at the open faults and send what is due."""
        rules = rules_of(self._room.entries.all("notify-rule"))
        if not rules:
            return
        views = self._room.faults.views()
        self._outbox.forget(views)
        told = [told_of(view) for view in views.values() if view.open]
        local = datetime.fromtimestamp(now_ms / 1000, self._zone)
        for message in self._outbox.take(rules, told, now_ms, local.hour * 60 + local.minute):
            task = spawn(self._deliver(message), name="notification")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, message: Message) -> None:
        for fault in message.faults:
            fields = {
                "text": f"Told {', '.join(message.channels)}.",
                "rule": message.rule,
                "kind": "escalated" if fault in message.escalated else "new",
            }
            try:
                await self._room.do(Asked(ActOnFault(fault, "notified", fields), BY))
            except ForecourtError as error:
                log.info("fault %s: that it was told could not be written down: %s", fault, error)
        ways = [name for name in message.channels if name not in OWN_CHANNELS]
        if len(ways) < len(message.channels):
            self._desktop.append(message)
        # Beside each other: a way that fails is tried for a quarter of an hour.
        await asyncio.gather(*(self._tried(name, message) for name in ways))

    async def _tried(self, name: str, message: Message) -> None:
        """Send, and try again a few times; what failed for good stays visible."""
        for tries, wait_s in enumerate((*AGAIN_S, None), start=1):
            cause = await self._out(name, message, tries)
            if not cause or wait_s is None:
                return
            await self._room.clock.sleep(wait_s)

    async def _out(self, name: str, message: Message, tries: int = 1) -> str:
        now = self._room.clock.now_ms()
        address = self._addresses.get(name)
        if address is None:
            cause = "there is no such channel any more"
        else:
            cause = str(await self._in_thread(self._send, address, message.title, message.text))
        health = self.health.get(name, Health())
        self.health[name] = (
            replace(health, failed_ms=now, cause=cause) if cause else replace(health, worked_ms=now, cause="")
        )
        self.sent.append(Sent(now, name, message.title, message.text, message.faults, cause, tries))
        if cause:
            log.warning("notification by %s failed (try %s): %s", name, tries, cause)
        return cause


def told_of(view: FaultView) -> Told:
    """A fault as rules look at it."""
    row, money = view.record, view.money
    where = " ".join(part for part in (row.station, f"EVSE {row.evse}" if row.evse else "") if part)
    return Told(
        row.fault, row.title, where or row.site or "Forecourt", row.site, row.priority, row.safety, row.state,
        major(money.losing, money.currency) if money is not None and money.losing is not None else None,
        money.currency if money is not None else "",
        view.action, "nobody acted in time" in view.signs,
    )  # fmt: skip

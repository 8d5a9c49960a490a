"""Admits stations, keeps one link for each, sweeps all of them once a second.

The door decides who may come in, the inbox hears everything that is said; both belong to others.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

from websockets.server import ServerProtocol

from app.clock import Clock, Timer
from app.domain.status import Registration
from app.protocol.accepting import Acceptor
from app.protocol.calls import Settled
from app.protocol.core import Inbound, LinkCore, Noted, Rejected
from app.protocol.gathering import Gathering
from app.protocol.greeting import Greeting
from app.protocol.handshake import Admit, Handshake, Refusal, Refuse, is_loopback
from app.protocol.limits import Limits
from app.protocol.lingering import Lingering
from app.protocol.link import GOING_AWAY, REPLACED, SLOW, Link
from app.protocol.throttle import Throttle
from app.protocol.wire import INTERNAL

log = logging.getLogger("forecourt.protocol")

TICK_S = 1.0
STALL_S = 15.0
"""A sweep later than this means that we slept (suspend, debugger): nobody is blamed for the silence."""


class Door(Protocol):
    """Decides who may come in, and is told of everybody who may not."""

    def admit(self, handshake: Handshake) -> Admit | Refuse | Awaitable[Admit | Refuse]:
        """Judge identity and credentials; cheap, or an awaitable where a password has to be hashed."""

    def refused(self, refusal: Refusal) -> None:
        """Somebody was turned away, by whomever."""


class Inbox(Protocol):
    """Hears what stations say. Called on the loop; must not block. A message is a sign of life too."""

    def connected(self, link: Link) -> None:
        """A link is open. It may have replaced another of the same station, which then never ends."""

    def message(self, link: Link, inbound: Inbound) -> None:
        """A CALL, to be answered once by `link.answer` or given up by `link.unanswered`; or a SEND."""

    def heard(self, link: Link, now_ms: int) -> None:
        """A ping or a pong."""

    def rejected(self, link: Link, out: Rejected | Noted, received_ms: int) -> None:
        """A message that went no further; its reply, if any, has been sent."""

    def call_sent(self, link: Link, message_id: str, action: str, frame: bytes) -> None:
        """A CALL of ours has gone out."""

    def call_answered(self, link: Link, text: str, settled: Settled, received_ms: int) -> None:
        """An answer to a CALL of ours came, on time, late or foreign."""

    def disconnected(self, link: Link, reason: str) -> None:
        """A link is over; `link.heard_ms` is when it was last heard of. Not told of one that was replaced."""

    def identity_doubtful(self, link: Link, why: str) -> None:
        """Several sockets fight for the identity of `link`, which stays (decision 6)."""


class Server:
    """Speaks OCPP-J with stations.

    Args:
        clock: time.
        door: decides on handshakes.
        inbox: hears the links.
        limits: what is allowed.
        strict: refuse every violation of every station.
        gather_ms: how long messages of a stream may wait to be read together; 0 reads all at once.
        together: gives what is around the handling of those.

    Attributes:
        gathering: the links that wait for that.
        links: admitted links by station.
        limits_hit: how often which limit was reached, by its name in `Limits`.
    """

    def __init__(
        self,
        clock: Clock,
        door: Door,
        inbox: Inbox,
        limits: Limits | None = None,
        *,
        strict: bool = False,
        gather_ms: int = 20,
        together: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.clock = clock
        self.door = door
        self.inbox = inbox
        self.limits = limits or Limits()
        self.strict = strict
        self._gathering = (gather_ms / 1000, together)
        self.links: dict[str, Link] = {}
        self.limits_hit: Counter[str] = Counter()
        self.calling: set[Link] = set()
        self.slow: set[Link] = set()
        self.lingering: set[Lingering] = set()
        self.loop: asyncio.AbstractEventLoop
        self.gathering: Gathering
        self._acceptor = Acceptor(self)
        self._links_by_ip: Counter[str] = Counter()
        self._generation = 0
        self._swaps: dict[str, list[float]] = {}
        self._pairs = Throttle(self.limits.logins_per_minute)
        self._addresses = Throttle(self.limits.logins_per_minute_per_ip)
        self._timer: Timer | None = None
        self._last_tick_s = 0.0
        self._reading_paused = False
        self._stopping = False

    # -- listening -------------------------------------------------------------------------

    async def start(
        self, listeners: Sequence[str], certificates: Sequence[tuple[Path, Path]] = ()
    ) -> list[str]:
        """Listen on "HOST:PORT" (or ws://…, wss://…) and return the URLs with their real ports.

        Raises:
            PortTaken: an address is in use or not of this machine; nothing listens then.
            ForecourtError: an address cannot be read, or wss has no (good) certificate.
        """
        self.loop = asyncio.get_running_loop()
        self.gathering = Gathering(self.loop, *self._gathering)
        self._stopping = False
        self._acceptor.certificates = certificates
        self._last_tick_s = self.clock.monotonic_s()
        urls = await self._acceptor.rebind(listeners)
        self._timer = self.clock.call_later(TICK_S, self._tick)
        return urls

    async def rebind(self, listeners: Sequence[str]) -> list[str]:
        """Listen on these addresses instead; admitted links stay. On an error nothing changes.

        Raises:
            PortTaken, ForecourtError: as `start`.
        """
        return await self._acceptor.rebind(listeners)

    def renew_certificates(self) -> None:
        """Load the certificate files again; links stand, later handshakes see the new ones.

        Raises:
            ForecourtError: a file cannot be read or does not fit; the old certificate stays.
        """
        self._acceptor.renew_certificates()

    @property
    def urls(self) -> list[str]:
        """What stations can dial, while listening."""
        return self._acceptor.urls

    def greeted(self, greeting: Greeting) -> None:
        """A greeting is over, one way or the other."""
        self._acceptor.greeted(greeting)

    async def stop(self, code: int = GOING_AWAY, reason: str = "server stops") -> None:
        """Stop listening and close every link; waits a few seconds for their goodbyes."""
        self._stopping = True
        if self._timer is not None:
            self._timer.cancel()
        await self._acceptor.close()
        for lingering in list(self.lingering):
            lingering.transport.close()
        for link in list(self.links.values()):
            link.close(code, reason)
        for _ in range(int(self.limits.close_s * 20)):
            if not self.lingering:
                break
            await asyncio.sleep(0.05)
        for lingering in list(self.lingering):
            lingering.transport.abort()

    # -- the door --------------------------------------------------------------------------

    def refused(
        self, refuse: Refuse, *, peer: str, port: int, tls: bool,
        identity: str = "", path: str = "", offered: tuple[str, ...] = (), sample: str = "",
    ) -> None:  # fmt: skip
        """Tell the door who was turned away, and why."""
        self.door.refused(
            Refusal(
                self.clock.now_ms(), peer, port, tls, identity, path[:200], refuse.status, refuse.cause,
                refuse.remedy, refuse.quirk, tuple(name[:40] for name in offered[:8]), sample,
            )
        )  # fmt: skip

    def login_wait_s(self, handshake: Handshake) -> float:
        """How long this caller must wait before another login; 0 if it may try now."""
        now_s = self.clock.monotonic_s()
        pair_s = self._pairs.blocked_s((handshake.peer, handshake.identity), now_s)
        if is_loopback(handshake.peer):
            return pair_s
        return max(pair_s, self._addresses.blocked_s(handshake.peer, now_s))

    def logged_in(self, handshake: Handshake, answer: Admit | Refuse) -> None:
        """Count a failed login, forgive after a good one."""
        pair = (handshake.peer, handshake.identity)
        if isinstance(answer, Admit):
            self._pairs.forgive(pair)
        elif answer.status == 401 and handshake.password is not None:
            now_s = self.clock.monotonic_s()
            self._pairs.failed(pair, now_s)
            self._addresses.failed(handshake.peer, now_s)

    def forgive(self, identity: str, peer: str = "") -> None:
        """A station's access was changed by the operator: its failed logins, and `peer`'s, are forgotten."""
        self._pairs.forgive_if(lambda key: isinstance(key, tuple) and key[1] == identity)
        if peer:
            self._addresses.forgive(peer)

    def free_identity(self, identity: str) -> bool:
        """Disconnect the station that holds an identity two fight for; False: nobody holds it."""
        self._swaps.pop(identity, None)
        link = self.links.get(identity)
        if link is not None:
            link.close(GOING_AWAY, "another charger with this identity is let in")
        return link is not None

    def room_for(self, station: str, handshake: Handshake) -> Refuse | None:
        """Why an otherwise admitted station cannot come in just now; None if it can."""
        if self._stopping:
            return Refuse(503, "Forecourt is stopping.")
        old = self.links.get(station)
        if old is not None:
            return self._swap(station, old, handshake)
        if not is_loopback(handshake.peer) and self._links_by_ip[handshake.peer] >= self.limits.links_per_ip:
            self.hit("links_per_ip")
            return Refuse(503, "Too many stations are connected from this address.")
        return None

    def _swap(self, station: str, old: Link, handshake: Handshake) -> Refuse | None:
        """Count a newer socket of a station that has one; too many of them and the holder stays."""
        now_s = self.clock.monotonic_s()
        swaps = [at for at in self._swaps.get(station, ()) if now_s - at < self.limits.swaps_window_s]
        if len(swaps) < self.limits.swaps:
            self._swaps[station] = [*swaps, now_s]
            return None
        self._swaps[station] = swaps
        self.hit("swaps", old)
        # A holder that does not prove alive makes room for the next try (half-open sockets, Q01).
        old.prove(now_s, 5.0)
        peers = f"{old.peer} stays, {handshake.peer} was refused"
        why = f"more than {self.limits.swaps} sockets in 10 minutes used this identity; {peers}"
        self.inbox.identity_doubtful(old, why)
        return Refuse(503, f"Two stations use this identity: {peers}.", headers=(("Retry-After", "30"),))

    def admit(
        self, transport: asyncio.Transport, ws: ServerProtocol, handshake: Handshake, answer: Admit,
        station: str, version: str, quirks: tuple[str, ...], early: bytes,
    ) -> None:  # fmt: skip
        """The upgrade is done: make the link, let it win over an older one, hand it to the inbox."""
        self._generation += 1
        registration = Registration(answer.registration) if answer.registration else None
        core = LinkCore(version, strict=self.strict or answer.strict, registration=registration)
        old = self.links.get(station)
        if old is not None:
            quirks += ("Q01",)
        link = Link(self, transport, ws, handshake, core, station, self._generation, quirks)
        self.links[station] = link
        self._links_by_ip[handshake.peer] += 1
        transport.set_write_buffer_limits(high=self.limits.write_bytes)
        transport.set_protocol(link)
        if old is not None:
            old.close(REPLACED, "replaced by a newer connection")
        try:
            self.inbox.connected(link)
        except Exception:
            log.exception("station %s: its link could not be taken up", station)
            link.close(INTERNAL, "internal error")
            return
        if self._reading_paused:
            link.pause_for_server(True)
        if early:
            link.data_received(early)

    def gone(self, link: Link, reason: str) -> None:
        """A link is over; told once by the link itself."""
        self.calling.discard(link)
        self.slow.discard(link)
        self._links_by_ip[link.peer] -= 1
        if self._links_by_ip[link.peer] <= 0:
            del self._links_by_ip[link.peer]
        holds = self.links.get(link.station) is link
        if holds:
            del self.links[link.station]
        if link.calls is not None:
            link.calls.lost("connection lost" if holds else "connection replaced")
        if holds:
            try:
                self.inbox.disconnected(link, reason)
            except Exception:
                log.exception("station %s: the end of its link could not be handled", link.station)

    def linger(self, transport: asyncio.Transport, ws: ServerProtocol | None, tail: bytes = b"") -> None:
        """Let a connection's last bytes drain before it is cut."""
        if transport.is_closing():
            return
        lingering = Lingering(self, transport, ws, tail)
        self.lingering.add(lingering)
        transport.set_protocol(lingering)
        transport.resume_reading()

    def hit(self, limit: str, link: Link | None = None) -> None:
        """Count that a limit was reached."""
        self.limits_hit[limit] += 1
        log.debug("limit %s reached%s", limit, f" by {link.station}" if link is not None else "")

    def pause_reading(self, paused: bool) -> None:
        """Stop (or go on) reading every link: the disk cannot keep up with all of them."""
        if paused != self._reading_paused:
            self._reading_paused = paused
            for link in list(self.links.values()):
                link.pause_for_server(paused)

    # -- the sweep -------------------------------------------------------------------------

    def _tick(self) -> None:
        now_s = self.clock.monotonic_s()
        self._timer = self.clock.call_later(TICK_S, self._tick)
        stalled = now_s - self._last_tick_s > STALL_S
        self._last_tick_s = now_s
        try:
            self._sweep(now_s, stalled=stalled)
        except Exception:
            log.exception("the sweep over all links failed")

    def _sweep(self, now_s: float, *, stalled: bool) -> None:
        self._acceptor.expire(now_s)
        for lingering in [entry for entry in self.lingering if entry.deadline_s <= now_s]:
            lingering.transport.abort()
        for link in [entry for entry in self.slow if self._too_slow(entry, now_s)]:
            self.hit("send_s", link)
            link.abort(f"closed with {SLOW}: the station does not read what it is sent")
        for link in list(self.calling):
            link.pump(now_s)
        if stalled:
            for link in list(self.links.values()):
                link.prove(now_s, 10.0)
            return
        for link in [entry for entry in self.links.values() if entry.due_s <= now_s]:
            self._due(link, now_s)

    def _too_slow(self, link: Link, now_s: float) -> bool:
        return link.slow_since_s is not None and now_s - link.slow_since_s >= self.limits.send_s

    def _due(self, link: Link, now_s: float) -> None:
        """Ping a link whose time has come; close one that has been silent for too long (Q09)."""
        if link.reading_paused:
            link.heard_s = now_s  # we do not listen, so its silence says nothing
        silent_s = now_s - link.heard_s
        if silent_s >= self.limits.silence_s:
            link.close(INTERNAL, f"no sign of life for {int(silent_s)} s")
            return
        if now_s >= link.ping_due_s:
            link.ping(now_s, self.clock.now_ms())
        link.due_s = min(link.ping_due_s, link.heard_s + self.limits.silence_s)

"""Takes connections in: listening sockets, the accept rate, crowds at the door, TLS handshakes.

One task a listening address accepts; one short task a connection ends with its (TLS) handshake.
"""

import asyncio
import errno
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import ForecourtError, PortTaken
from app.protocol.greeting import Greeting, http_answer
from app.protocol.handshake import Refuse, is_loopback
from app.protocol.listeners import Address, bind, room_for_sockets
from app.protocol.tls import SmallTls, load, meaning, server_context
from app.tasks import spawn

if TYPE_CHECKING:
    from app.protocol.server import Server

log = logging.getLogger("forecourt.protocol")


class Acceptor:
    """The listening side of a `Server`; hands every connection to a `Greeting`.

    Attributes:
        greetings: connections that are not let in yet.
        urls: what stations can dial.
        certificates: (chain, key) files of wss listeners.
    """

    def __init__(self, server: "Server") -> None:
        self._server = server
        self.greetings: set[Greeting] = set()
        self.urls: list[str] = []
        self.certificates: Sequence[tuple[Path, Path]] = ()
        self._by_ip: Counter[str] = Counter()
        self._listening: dict[Address, tuple[socket.socket, asyncio.Task[None]]] = {}
        self._context: ssl.SSLContext | None = None
        limits = server.limits
        room = room_for_sockets(limits.spare_descriptors)
        self._sockets = min(limits.sockets, room) if room else limits.sockets
        self._tokens = float(limits.accept_per_s)
        self._tokens_at_s = server.clock.monotonic_s()

    async def rebind(self, listeners: Sequence[str]) -> list[str]:
        """Listen on these addresses instead; admitted links stay. On an error nothing changes.

        Raises:
            PortTaken, ForecourtError: as `start`.
        """
        wanted = list(dict.fromkeys(Address.parse(text) for text in listeners))
        if any(address.tls for address in wanted) and self._context is None:
            if not self.certificates:
                raise ForecourtError("wss:// needs a certificate: set tls.cert and tls.key.")
            self._context = server_context(self.certificates)
        opened: dict[Address, socket.socket] = {}
        moved: list[Address] = []
        try:
            for address in wanted:
                if address not in self._listening:
                    opened[address] = await self._open(address, wanted, moved)
        except ForecourtError:
            for sock in opened.values():
                sock.close()
            for address in moved:
                self._listen(address, bind(address, self._server.limits.backlog))
            raise
        for address in [known for known in self._listening if known not in wanted]:
            await self._unlisten(address)
        real = [self._listen(each, opened[each]) if each in opened else each for each in wanted]
        self.urls = [address.url() for address in real]
        return list(self.urls)

    async def _open(self, address: Address, wanted: list[Address], moved: list[Address]) -> socket.socket:
        """Bind `address`; where our own former listener holds its port, that one moves out first."""
        backlog = self._server.limits.backlog
        try:
            return bind(address, backlog)
        except PortTaken:
            rivals = [
                known for known in self._listening if known.port == address.port and known not in wanted
            ]
            if not rivals:
                raise
            for rival in rivals:
                await self._unlisten(rival)
                moved.append(rival)
            return bind(address, backlog)

    def _listen(self, address: Address, sock: socket.socket) -> Address:
        """Accept from `sock`; returns the address with the port it really has."""
        real = address._replace(port=sock.getsockname()[1])
        task = spawn(self._accept(sock, tls=real.tls), name=f"accept {real.url()}")
        self._listening[real] = (sock, task)
        return real

    def renew_certificates(self) -> None:
        """Load the certificate files again; links stand, later handshakes see the new ones.

        Raises:
            ForecourtError: a file cannot be read or does not fit; the old certificate stays.
        """
        if self._context is not None:
            server_context(self.certificates)
            load(self._context, self.certificates)

    async def close(self) -> None:
        """Stop listening, and break off what is not let in yet."""
        for address in list(self._listening):
            await self._unlisten(address)
        for greeting in list(self.greetings):
            if greeting.transport is not None:
                greeting.transport.abort()
        self.urls = []

    def expire(self, now_s: float) -> None:
        """Break off handshakes that take too long."""
        for greeting in [g for g in self.greetings if g.deadline_s <= now_s]:
            greeting.expire()

    async def _unlisten(self, address: Address) -> None:
        sock, task = self._listening.pop(address)
        task.cancel()
        await asyncio.wait([task])
        sock.close()

    async def _accept(self, sock: socket.socket, *, tls: bool) -> None:
        taken = 0
        while True:
            try:
                conn, address = await self._server.loop.sock_accept(sock)
            except OSError as exc:
                if exc.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    self._server.hit("descriptors")
                    await self._server.clock.sleep(1)
                continue
            conn.setblocking(False)
            peer = str(address[0]).removeprefix("::ffff:")
            if await self._crowded(peer):
                self._turn_away(conn, peer, address[1], tls=tls)
            else:
                self._take_in(conn, peer, address[1], tls=tls)
            taken += 1
            if taken % 16 == 0:
                await asyncio.sleep(0)  # the loop's other work goes on in a storm
            await self._pace()

    async def _pace(self) -> None:
        """Hold the accept rate; who comes faster waits in the kernel's queue."""
        now_s = self._server.clock.monotonic_s()
        rate = self._server.limits.accept_per_s
        self._tokens = min(float(rate), self._tokens + (now_s - self._tokens_at_s) * rate) - 1
        self._tokens_at_s = now_s
        if self._tokens < 0:
            self._server.hit("accept_per_s")
            await self._server.clock.sleep(min(1.0, 16 / rate))

    async def _crowded(self, peer: str) -> bool:
        """Whether a new caller must be refused; those inside get a moment to be let in first."""
        for _ in range(10):
            if self._full(peer) is None:
                return False
            await asyncio.sleep(0)
        return True

    def _full(self, peer: str) -> str | None:
        if len(self._server.links) + len(self.greetings) + len(self._server.lingering) >= self._sockets:
            return "sockets"
        if len(self.greetings) >= self._server.limits.unauthenticated:
            return "unauthenticated"
        per_ip = self._by_ip[peer]
        if per_ip >= self._server.limits.unauthenticated_per_ip and not is_loopback(peer):
            return "unauthenticated_per_ip"
        return None

    def _turn_away(self, conn: socket.socket, peer: str, port: int, *, tls: bool) -> None:
        limit = self._full(peer) or "sockets"
        self._server.hit(limit)
        cause = {
            "sockets": "All places for connections are taken.",
            "unauthenticated": "Too many callers wait to be let in.",
            "unauthenticated_per_ip": "Too many callers of this address wait to be let in.",
        }[limit]
        refuse = Refuse(503, cause)
        self._server.refused(refuse, peer=peer, port=port, tls=tls)
        try:
            if not tls:
                conn.send(http_answer(refuse))
            conn.shutdown(socket.SHUT_WR)
        except OSError:
            log.debug("%s left before it could be told that there is no room", peer)
        conn.close()

    def _take_in(self, conn: socket.socket, peer: str, port: int, *, tls: bool) -> None:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        greeting = Greeting(self._server, peer, port, tls=tls)
        self.greetings.add(greeting)
        self._by_ip[peer] += 1
        spawn(self._connect(conn, greeting), name=f"greet {peer}:{port}")

    async def _connect(self, conn: socket.socket, greeting: Greeting) -> None:
        if not greeting.tls:
            try:
                await self._server.loop.connect_accepted_socket(lambda: greeting, conn)
            except OSError:
                self.greeted(greeting)  # gone before we could look
                conn.close()
            return
        assert self._context is not None
        waiter: asyncio.Future[None] = self._server.loop.create_future()
        limits = self._server.limits
        secure = SmallTls(
            self._server.loop, greeting, self._context, waiter, server_side=True,
            ssl_handshake_timeout=limits.handshake_s,  # type: ignore[arg-type]  # typeshed: int
            ssl_shutdown_timeout=limits.close_s,
        )  # fmt: skip
        try:
            await self._server.loop.connect_accepted_socket(lambda: secure, conn)
            await waiter
        except (OSError, EOFError, ssl.CertificateError) as exc:
            self.greeted(greeting)
            self._server.hit("tls_failed")
            refuse = Refuse(0, meaning(exc), quirk="Q77")
            self._server.refused(refuse, peer=greeting.peer, port=greeting.port, tls=True)
            conn.close()

    def greeted(self, greeting: Greeting) -> None:
        """A greeting is over, one way or the other."""
        if greeting in self.greetings:
            self.greetings.discard(greeting)
            self._by_ip[greeting.peer] -= 1
            if self._by_ip[greeting.peer] <= 0:
                del self._by_ip[greeting.peer]

"""The listening side of the file server: sockets, TLS, how many may come at once."""

import asyncio
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from app.clock import Clock
from app.domain.errors import ForecourtError, PortTaken
from app.files.exchange import Exchange
from app.protocol.handshake import is_loopback
from app.protocol.listeners import Address, bind
from app.protocol.tls import server_context

log = logging.getLogger("forecourt.files")

BACKLOG = 64
MOST = 128
MOST_PER_PEER = 8
TLS_S = 10
TRIES = 20

Serve = Callable[[Exchange], Awaitable[None]]


class Listening:
    """Sockets that accept HTTP.

    Args:
        clock: time.
        serve: what becomes of a connection; never raises.

    Attributes:
        places: where it listens now, with real ports.
    """

    def __init__(self, clock: Clock, serve: Serve) -> None:
        self._clock = clock
        self._serve = serve
        self.places: list[Address] = []
        self._servers: list[asyncio.Server] = []
        self._open: set[Exchange] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._per_peer: Counter[str] = Counter()

    async def start(
        self, places: Sequence[Address], certificates: Sequence[tuple[Path, Path]], *, any_port: bool
    ) -> None:
        """Listen there. With `any_port` a taken port makes room for one of the next.

        Raises:
            PortTaken: an address is in use or not of this machine; nothing listens then.
            ForecourtError: https without a good certificate.
        """
        context: ssl.SSLContext | None = None
        if any(place.tls for place in places):
            if not certificates:
                raise ForecourtError("https:// needs a certificate: set tls.cert and tls.key.")
            context = server_context(certificates)
        opened: list[tuple[Address, socket.socket]] = []
        try:
            for place in places:
                opened.append(_bound(place, any_port=any_port))
        except ForecourtError:
            for _, sock in opened:
                sock.close()
            raise
        for place, sock in opened:
            tls = (
                {"ssl": context, "ssl_handshake_timeout": TLS_S, "ssl_shutdown_timeout": 2}
                if place.tls
                else {}
            )
            self._servers.append(await asyncio.start_server(self._came, sock=sock, limit=64 << 10, **tls))  # type: ignore[arg-type]
            self.places.append(place)

    async def stop(self) -> None:
        """Listen no more and break off what is under way."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        self.places = []
        for exchange in list(self._open):
            exchange.abort()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=5)

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        name = writer.get_extra_info("peername")
        peer = str(name[0]).removeprefix("::ffff:") if name else ""
        if len(self._open) >= MOST or (self._per_peer[peer] >= MOST_PER_PEER and not is_loopback(peer)):
            log.warning("%s was turned away: too many file transfers at once", peer)
            writer.transport.abort()
            return
        exchange = Exchange(reader, writer, self._clock, peer)
        self._open.add(exchange)
        self._tasks.add(task)
        self._per_peer[peer] += 1
        try:
            await self._serve(exchange)
        except Exception:
            log.exception("a file transfer with %s failed", peer)
            exchange.abort()
        finally:
            self._open.discard(exchange)
            self._tasks.discard(task)
            self._per_peer[peer] -= 1
            if self._per_peer[peer] <= 0:
                del self._per_peer[peer]


def _bound(place: Address, *, any_port: bool) -> tuple[Address, socket.socket]:
    """A socket there, and the address with the port it really has."""
    for more in range(TRIES if any_port and place.port else 1):
        try:
            sock = bind(place._replace(port=place.port + more), BACKLOG)
        except PortTaken:
            if not any_port or more == TRIES - 1:
                raise
            continue
        return place._replace(port=sock.getsockname()[1]), sock
    raise PortTaken(f"No port of {place.host} from {place.port} on is free.")

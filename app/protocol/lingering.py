"""A connection that is over but for its last bytes: what still comes is thrown away."""

import asyncio
from typing import TYPE_CHECKING

from websockets.server import ServerProtocol

if TYPE_CHECKING:
    from app.protocol.server import Server


class Lingering(asyncio.Protocol):
    """The last protocol of a connection that we end, so that our last words reach the other side.

    Closing a socket with unread bytes would reset it and destroy them. With `ws`, our close frame
    has been sent and the station's is awaited; without, the stream is half-closed at once.
    """

    __slots__ = ("_server", "_ws", "deadline_s", "transport")

    def __init__(
        self, server: "Server", transport: asyncio.Transport, ws: ServerProtocol | None, tail: bytes
    ) -> None:
        self._server = server
        self._ws = ws
        self.transport = transport
        self.deadline_s = server.clock.monotonic_s() + server.limits.close_s
        if ws is None:
            self._half_close()
        elif tail:
            self.data_received(tail)

    def data_received(self, data: bytes) -> None:
        """Throw away, unless it is the close frame that is waited for."""
        if self._ws is None:
            return
        self._ws.receive_data(data)
        self._ws.events_received()
        if self._ws.close_rcvd is not None or self._ws.parser_exc is not None:
            self._ws = None
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Over."""
        self._server.lingering.discard(self)

    def _half_close(self) -> None:
        if self.transport.can_write_eof() and not self.transport.is_closing():
            self.transport.write_eof()
        else:
            self.transport.close()

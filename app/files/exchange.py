"""One HTTP connection: requests in and answers out by h11, every wait with its end."""

import logging
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Sequence

import h11

from app.clock import Clock, Timer
from app.files.addresses import Refusal

log = logging.getLogger("forecourt.files")

HEAD_S = 10.0
"""How long a request's head may take, from the first byte of the connection (slowloris)."""
IDLE_S = 60.0
"""How long a body may stand still, either way."""
LONGEST_S = 2 * 3600.0
"""How long one request may take at all."""
HEAD_BYTES = 16 << 10
READ_BYTES = 64 << 10
MOST_HEADERS = 64
MOST_REQUESTS = 100
POLITE_BYTES = 1 << 20
POLITE_S = 5.0

Header = tuple[str, str]


class Gone(Exception):
    """The other side went, or broke HTTP, in the middle of a request."""


class Exchange:
    """A connection and what is said on it.

    Attributes:
        peer: who is at the other end, an IP address.
    """

    def __init__(self, reader: StreamReader, writer: StreamWriter, clock: Clock, peer: str) -> None:
        self.peer = peer
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        self._timer: Timer | None = None
        self._end_s = 0.0
        self._bodiless = False

    async def serve(self, handle: Callable[["Exchange", h11.Request], Awaitable[None]]) -> None:
        """Hand on each request until the connection ends; never raises for what the other side does."""
        try:
            for _ in range(MOST_REQUESTS):
                self._end_s = self._clock.monotonic_s() + LONGEST_S
                self.within(HEAD_S)
                event = await self._event()
                if not isinstance(event, h11.Request):
                    return
                self.within(IDLE_S)
                self._bodiless = event.method == b"HEAD"
                if _too_long(event):
                    await self.refuse(Refusal(431, "The request's head is too long."))
                else:
                    await handle(self, event)
                if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                    await self._part()
                    return
                self._http.start_next_cycle()
        except h11.RemoteProtocolError as error:
            await self._complain(error)
        except (Gone, ConnectionError, ssl.SSLError, TimeoutError) as error:
            log.debug("%s left: %s", self.peer, error)
            if isinstance(error.__cause__, h11.RemoteProtocolError):
                await self._complain(error.__cause__)
        finally:
            self._quiet()
            self._writer.close()

    def abort(self) -> None:
        """Break the connection off."""
        self._writer.transport.abort()

    def within(self, seconds: float) -> None:
        """Break off unless this is called again within `seconds` (and the request is not too old)."""
        self._quiet()
        left = min(seconds, self._end_s - self._clock.monotonic_s())
        self._timer = self._clock.call_later(max(0.0, left), self.abort)

    def _quiet(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    # -- in

    async def body(self) -> bytes:
        """The next bytes of the request's body; b"" at its end.

        Raises:
            Gone: it was cut off, or is no HTTP.
        """
        try:
            event = await self._event()
        except h11.RemoteProtocolError as error:
            raise Gone(str(error)) from error
        self.within(IDLE_S)
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    async def _event(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                if isinstance(event, h11.Data) and not event.data:
                    continue
                assert event is not h11.NEED_DATA
                return event  # type: ignore[return-value]
            if self._http.they_are_waiting_for_100_continue:
                await self._send(h11.InformationalResponse(status_code=100, headers=[]))
            data = await self._reader.read(READ_BYTES)
            if not data and self._http.their_state is h11.IDLE:
                return h11.ConnectionClosed()
            self._http.receive_data(data)

    # -- out

    async def answer(self, status: int, sentence: str, headers: Sequence[Header] = ()) -> None:
        """A short answer in plain words."""
        text = (sentence + "\n").encode()
        kept = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text))), *headers]
        await self.begin(status, kept)
        if not self._bodiless:
            await self.write(text)
        await self.end()

    async def refuse(self, refusal: Refusal) -> None:
        """Say no. A body that nobody will read ends the connection."""
        await self.answer(refusal.status, refusal.sentence, [*refusal.headers, ("Connection", "close")])

    async def begin(self, status: int, headers: Sequence[Header]) -> None:
        """The head of an answer."""
        common = [
            ("Server", "Forecourt"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        await self._send(h11.Response(status_code=status, headers=[*common, *headers]))

    async def write(self, data: bytes) -> None:
        """A piece of an answer's body; returns once the other side keeps up."""
        await self._send(h11.Data(data=data))
        self.within(IDLE_S)

    async def end(self) -> None:
        """The answer is complete."""
        await self._send(h11.EndOfMessage())

    async def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if self._writer.is_closing():
            raise ConnectionResetError("the other side is gone")
        if data:
            self._writer.write(data)
        await self._writer.drain()

    async def _complain(self, error: h11.RemoteProtocolError) -> None:
        """Tell who breaks HTTP so, where that is still possible."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        try:
            await self.answer(
                error.error_status_hint, "This is no HTTP that can be read.", [("Connection", "close")]
            )
            await self._part()
        except (h11.LocalProtocolError, ConnectionError, ssl.SSLError) as late:
            log.debug("%s left before it could be told: %s", self.peer, late)

    async def _part(self) -> None:
        """Read on for a moment, so that an answer is not lost to a reset of unread bytes."""
        self._end_s = self._clock.monotonic_s() + POLITE_S
        self.within(POLITE_S)
        if self._writer.is_closing():
            return
        if self._writer.can_write_eof():
            self._writer.write_eof()
        left = POLITE_BYTES
        while left > 0 and (data := await self._reader.read(READ_BYTES)):
            left -= len(data)


def _too_long(request: h11.Request) -> bool:
    """Whether a head is longer than allowed; h11 itself counts only while it is incomplete."""
    size = len(request.target) + sum(len(name) + len(value) for name, value in request.headers)
    return size > HEAD_BYTES or len(request.headers) > MOST_HEADERS

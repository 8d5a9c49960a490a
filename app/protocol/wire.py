"""The WebSocket side of one connection: bytes to messages and messages to bytes, paced both ways.

No task, queue or timer belongs to a connection: the loop calls `data_received`, everything else is
a call from above. Whole text messages are unmasked here, which costs a quarter less than the
general way; every other frame (control, fragment, compressed, wrong) goes to websockets' sans-IO
protocol, which sees only complete frames and so is always at rest between two calls.
"""

import asyncio
from typing import TYPE_CHECKING, cast

from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from app.protocol.core import POLICY

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without the compiled part
    from websockets.utils import apply_mask

if TYPE_CHECKING:
    from app.protocol.link import Link
    from app.protocol.server import Server

PROTOCOL_ERROR = 1002
TOO_BIG = 1009
INTERNAL = 1011

MOST_GATHERED = 1 << 16
"""Bytes of one link that wait for others at most."""

PAUSED_BY_INTAKE = 1
PAUSED_BY_IN_FLIGHT = 2
PAUSED_BY_SERVER = 4


class Wire(asyncio.Protocol):
    """What a `Link` is made of. `take_…`, `close`, `abort` and `gone` are the link's.

    Attributes:
        heard_s: monotonic seconds of the last bytes; heard_ms: wall clock of the last frame, as it came.
        slow_since_s: since when the station does not read what it is sent, None if it does.
        closed: nothing is sent or handed on any more.
    """

    __slots__ = (
        "_came_ms", "_compressed", "_control", "_control_ms", "_fragments", "_fragments_binary", "_gathered",
        "_need", "_paused", "_server", "_tail", "_transport", "_ws", "closed", "heard_ms", "heard_s",
        "slow_since_s",
    )  # fmt: skip

    def __init__(self, server: "Server", transport: asyncio.Transport, ws: ServerProtocol) -> None:
        self._server = server
        self._transport = transport
        self._ws = ws
        self._compressed = bool(ws.extensions)
        self._tail = bytearray()
        self._need = 0
        self._fragments: list[bytes] | None = None
        self._fragments_binary = False
        self._control = 0.0
        self._control_ms = 0
        self._paused = 0
        self._gathered = False
        self._came_ms = self.heard_ms = server.clock.now_ms()
        self.heard_s = server.clock.monotonic_s()
        self.slow_since_s: float | None = None
        self.closed = False

    # -- what the link makes of it -----------------------------------------------------------

    def take_text(self, data: bytes) -> None:
        """A whole text message."""
        raise AssertionError("a link takes messages")

    def take_binary(self, data: bytes) -> None:
        """A whole binary message."""
        raise AssertionError("a link takes messages")

    def take_control(self, frame: Frame, now_ms: int) -> None:
        """A ping (answered already) or a pong."""
        raise AssertionError("a link takes pings")

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close with a close frame."""
        raise AssertionError("a link closes itself")

    def abort(self, reason: str) -> None:
        """Cut off without a word."""
        raise AssertionError("a link cuts itself off")

    def gone(self, reason: str) -> None:
        """The connection is over."""
        raise AssertionError("a link knows when it is over")

    @property
    def _link(self) -> "Link":
        return cast("Link", self)

    # -- bytes in --------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Bytes from the socket."""
        server = self._server
        self.heard_s = server.clock.monotonic_s()
        self._came_ms = server.clock.now_ms()
        tail = self._tail
        tail += data
        if self._paused or self._gathered:
            if len(tail) > MOST_GATHERED:
                self.read_on()
        elif len(tail) >= self._need:
            self._gathered = server.gathering.takes(self)
            if not self._gathered:
                self.read_on()

    def read_on(self) -> None:
        """Read what has come, unless reading is paused."""
        self._gathered = False
        tail = self._tail
        if tail and not self._paused and not self.closed:
            data = bytes(tail)
            tail.clear()
            self._read(data)

    def _read(self, data: bytes) -> None:
        """Take whole frames off `data`; what is left over waits for the rest."""
        at, end = 0, len(data)
        need = 2
        limit = self._server.limits.message_bytes
        while end - at >= 2:
            head = data[at]
            size = data[at + 1]
            start = at + 6
            if size < 128:
                self._fail(PROTOCOL_ERROR, "a frame without a mask")
                return
            if head & 0x70 and not self._compressed:
                self._fail(PROTOCOL_ERROR, "reserved bits without an extension")
                return
            size -= 128
            if size == 126:
                start = at + 8
                size = int.from_bytes(data[at + 2 : at + 4], "big")
            elif size == 127:
                start = at + 14
                size = int.from_bytes(data[at + 2 : at + 10], "big")
            if start <= end and size > limit:
                self._fail(TOO_BIG, f"a message of {size} bytes; {limit} are allowed")
                return
            stop = start + size
            if stop > end:
                need = stop - at if start <= end else start - at
                break
            if head == 0x81 and self._fragments is None and not self._compressed:
                self.take_text(apply_mask(data[start:stop], data[start - 4 : start]))
            else:
                self._general(data[at:stop])
            if self.closed:
                return
            at = stop
            if self._paused:
                break
        self._need = need
        if at < end:
            self._tail += data[at:] if at else data

    # -- everything that is not a whole text message -----------------------------------------

    def _general(self, data: bytes) -> None:
        ws = self._ws
        ws.receive_data(data)
        for event in ws.events_received():
            self._frame(cast(Frame, event))
            if self.closed:
                break
        self.flush()
        if self.closed:
            return
        if ws.close_rcvd is not None:
            code, reason = ws.close_rcvd.code, ws.close_rcvd.reason
            self.gone(f"the station closed the link ({code}{' ' + reason if reason else ''})")
            self._server.linger(self._transport, None)
        elif ws.parser_exc is not None:
            sent = ws.close_sent
            self._failed(sent.code if sent is not None else INTERNAL, str(ws.parser_exc))

    def _fail(self, code: int, why: str) -> None:
        self._ws.fail(code, why)
        self.flush()
        self._failed(code, why)

    def _failed(self, code: int, why: str) -> None:
        self._server.hit(f"closed_{code}", self._link)
        self.gone(f"closed with {code}: {why}")
        self._server.linger(self._transport, None)

    def _frame(self, frame: Frame) -> None:
        opcode = frame.opcode
        if opcode is Opcode.PING or opcode is Opcode.PONG:
            self._heard_control(frame)
        elif opcode is not Opcode.CLOSE:
            self._fragment(frame)

    def _heard_control(self, frame: Frame) -> None:
        """A ping (answered by the library) or a pong: a sign of life; a flood of them ends the link."""
        server = self._server
        rate = server.limits.control_per_s
        now_ms = self.heard_ms = self._came_ms
        borne = self._control - (now_ms - self._control_ms) / 1000 * rate
        self._control = max(0.0, borne) + 1
        self._control_ms = now_ms
        if self._control > rate * 10:
            server.hit("control_per_s", self._link)
            self.close(POLICY, "too many pings")
        else:
            self.take_control(frame, now_ms)

    def _fragment(self, frame: Frame) -> None:
        if self._fragments is None:
            self._fragments = []
            self._fragments_binary = frame.opcode is Opcode.BINARY
        self._fragments.append(bytes(frame.data))
        if not frame.fin:
            if len(self._fragments) > self._server.limits.fragments:
                self._server.hit("fragments", self._link)
                self.close(POLICY, "too many fragments")
            return
        data = b"".join(self._fragments)
        self._fragments = None
        if self._fragments_binary:
            self.take_binary(data)
        else:
            self.take_text(data)

    # -- bytes out -------------------------------------------------------------------------

    def write(self, payload: bytes) -> None:
        """Send a text message."""
        if self.closed:
            return
        if self._compressed:
            self._ws.send_text(payload)
            self.flush()
            return
        size = len(payload)
        if size < 126:
            self._transport.write(bytes((0x81, size)) + payload)
        elif size < 65_536:
            self._transport.write(b"\x81\x7e" + size.to_bytes(2, "big") + payload)
        else:
            self._transport.write(b"\x81\x7f" + size.to_bytes(8, "big") + payload)

    def flush(self) -> None:
        """Send what the library has to send."""
        for data in self._ws.data_to_send():
            if data:  # b"" asks for the end of the stream; lingering sees to it
                self._transport.write(data)

    # -- back-pressure ---------------------------------------------------------------------

    def pause(self) -> None:
        """Stop reading: the writer cannot keep up. TCP holds the station back."""
        self._pause(PAUSED_BY_INTAKE)

    def resume(self) -> None:
        """Read on, beginning with what had arrived before the pause."""
        self._unpause(PAUSED_BY_INTAKE)

    def pause_for_server(self, paused: bool) -> None:
        """The same for all links at once (`Server.pause_reading`)."""
        if paused:
            self._pause(PAUSED_BY_SERVER)
        else:
            self._unpause(PAUSED_BY_SERVER)

    @property
    def reading_paused(self) -> bool:
        """Whether the socket is not read just now."""
        return self._paused != 0

    def _pause(self, why: int) -> None:
        if not self._paused and not self.closed and not self._transport.is_closing():
            self._transport.pause_reading()
        if why == PAUSED_BY_IN_FLIGHT and not self._paused & why:
            self._server.hit("in_flight", self._link)
        self._paused |= why

    def _unpause(self, why: int) -> None:
        if not self._paused & why:
            return
        self._paused &= ~why
        if not self._paused and not self.closed:
            self._server.loop.call_soon(self._resume)

    def _resume(self) -> None:
        if self._paused or self.closed:
            return
        self._came_ms = self._server.clock.now_ms()
        self.read_on()
        if not self._paused and not self.closed and not self._transport.is_closing():
            self._transport.resume_reading()

    def pause_writing(self) -> None:
        """The station reads slower than we write."""
        if self.slow_since_s is None:
            self.slow_since_s = self._server.clock.monotonic_s()
            self._server.slow.add(self._link)

    def resume_writing(self) -> None:
        """It has caught up."""
        self.slow_since_s = None
        self._server.slow.discard(self._link)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        if self._gathered:
            self.read_on()
        if not self.closed:
            self.gone(f"connection lost: {exc}" if exc is not None else "connection lost")

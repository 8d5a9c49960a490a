"""One admitted station: its conversation, our calls to it, its signs of life. Bytes are the wire's."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from app.domain.ids import StationId
from app.protocol import frames
from app.protocol.calls import CallOutcome, CallQueue, PendingCall
from app.protocol.core import NOT_UTF8, POLICY, Answered, Inbound, LinkCore, Noted, Rejected
from app.protocol.handshake import Handshake
from app.protocol.versions import VERSION_OF
from app.protocol.wire import PAUSED_BY_IN_FLIGHT, Wire

if TYPE_CHECKING:
    from app.protocol.server import Server

log = logging.getLogger("forecourt.protocol")

REPLACED = 4001
SLOW = 4002
DEAF = 4003
GOING_AWAY = 1001

AFTER_BOOT_S = 5
WITHOUT_BOOT_S = 20
"""Nothing is sent until a boot was answered plus 5 s, or 20 s after connecting without one (Q13)."""


class Link(Wire):
    """An admitted station's connection, from the end of the handshake to its end.

    Attributes:
        station: the registered identity.
        version: "1.6", "2.0.1" or "2.1", fixed for this connection (Q03).
        generation: rises with each connection of the process; a later one is newer.
        handshake: what the station said at the door.
        strict: every violation is refused.
        core: the conversation.
        connected_ms, heard_ms: when it connected and last gave a sign of life; ours, UTC.
        rtt_ms: the last round trip of a ping, None before one.
        pings_missed: pings in a row without a pong; means nothing for a station that never answers one.
        ever_ponged: whether it has ever answered a ping.
        quirks: oddities of its handshake.
    """

    __slots__ = (
        "_inbox", "_ping_ms", "calls", "connected_ms", "core", "due_s", "ever_ponged", "generation",
        "handshake", "hold_until_s", "ping_due_s", "pings_missed", "quirks", "rtt_ms", "station", "version",
    )  # fmt: skip

    def __init__(
        self,
        server: "Server",
        transport: asyncio.Transport,
        ws: ServerProtocol,
        handshake: Handshake,
        core: LinkCore,
        station: str,
        generation: int,
        quirks: tuple[str, ...],
    ) -> None:
        super().__init__(server, transport, ws)
        self._inbox = server.inbox
        self._ping_ms: int | None = None
        self.handshake = handshake
        self.core = core
        self.station = StationId(station)
        self.version = core.version
        self.generation = generation
        self.calls: CallQueue | None = None
        self.connected_ms = self.heard_ms
        now_s = self.heard_s
        # Pings of many links are spread over the interval; the first comes early, and tells the round trip.
        spread = generation * 0.618 % 1
        self.due_s = self.ping_due_s = now_s + server.limits.ping_s * (0.2 + 0.8 * spread)
        self.hold_until_s = now_s + WITHOUT_BOOT_S
        self.rtt_ms: int | None = None
        self.pings_missed = 0
        self.ever_ponged = False
        self.quirks = quirks

    @property
    def peer(self) -> str:
        """The station's address."""
        return self.handshake.peer

    @property
    def local(self) -> str:
        """The address of this machine that the station has reached, "" if the socket does not tell."""
        name = self._transport.get_extra_info("sockname")
        return str(name[0]).removeprefix("::ffff:") if name else ""

    @property
    def called(self) -> str:
        """The host that the station has called, by name or address; "" where it did not say."""
        return self.handshake.host

    @property
    def tls(self) -> bool:
        """Whether the link is encrypted."""
        return self.handshake.tls

    @property
    def strict(self) -> bool:
        """Whether every violation is refused."""
        return self.core.strict

    @property
    def subprotocol(self) -> str:
        """What was agreed on, e.g. "ocpp1.6"."""
        return f"ocpp{self.version}"

    # -- answers ---------------------------------------------------------------------------

    def answer(self, message_id: str, frame: bytes) -> bool:
        """Send an encoded CALLRESULT or CALLERROR to the CALL `message_id`.

        False where the CALL is not open on this connection (any more): nothing is sent then.
        """
        if not self.core.answered(message_id) or self.closed:
            return False
        self.write(frame)
        if self._paused & PAUSED_BY_IN_FLIGHT and self.core.in_flight <= self._server.limits.in_flight // 2:
            self._unpause(PAUSED_BY_IN_FLIGHT)
        return True

    def answer_result(self, message_id: str, payload: Mapping[str, Any]) -> bool:
        """Send a CALLRESULT with `payload`."""
        return self.answer(message_id, frames.encode_result(message_id, payload))

    def answer_error(self, message_id: str, code: str, text: str = "") -> bool:
        """Send a CALLERROR; `code` in any spelling becomes that of the version."""
        return self.answer(message_id, frames.encode_error(self.version, message_id, code, text))

    def unanswered(self, message_id: str) -> None:
        """The CALL will get no answer (its commit failed); the station may repeat it with the same id."""
        if self.core.answered(message_id) and self._paused & PAUSED_BY_IN_FLIGHT:
            self._unpause(PAUSED_BY_IN_FLIGHT)

    # -- our calls -------------------------------------------------------------------------

    def call(
        self,
        action: str,
        payload: Mapping[str, Any],
        timeout_s: float = 30,
        *,
        waits_s: float = 60,
        priority: int = 0,
        force: bool = False,
        message_id: str = "",
    ) -> "asyncio.Future[CallOutcome]":
        """Send a CALL when its turn comes; the future's result tells how it ended. Never raises.

        Args:
            timeout_s: how long the station may take to answer.
            waits_s: how long it may wait in the queue.
            priority: smaller goes first.
            force: may be sent before the station's boot is answered (Q13).
            message_id: its id, where it has to be known before it leaves; "" makes one.
        """
        future: asyncio.Future[CallOutcome] = self._server.loop.create_future()

        def done(outcome: CallOutcome) -> None:
            if not future.done():
                future.set_result(outcome)

        now_s = self._server.clock.monotonic_s()
        waits_s += max(0.0, self.hold_until_s - now_s)
        pending = PendingCall(action, payload, timeout_s, now_s + waits_s, done, force)
        if message_id:
            pending.message_id = message_id
        if self.calls is None:
            self.calls = CallQueue(self.version, strict=self.core.strict)
        taken = self.calls.submit(pending, limit=self._server.limits.calls_waiting, priority=priority)
        if not taken:
            self._server.hit("calls_waiting", self)
        elif self.closed:
            self.calls.lost()
        else:
            self._server.calling.add(self)
            self.pump(now_s)
        return future

    def boot_answered(self, now_s: float | None = None) -> None:
        """A boot was answered: commands may go out in five seconds."""
        if now_s is None:
            now_s = self._server.clock.monotonic_s()
        self.hold_until_s = now_s + AFTER_BOOT_S

    def pump(self, now_s: float) -> None:
        """Let the outstanding call time out and send the next one whose turn has come."""
        calls = self.calls
        if calls is None or self.closed:
            return
        calls.tick(now_s)
        call = calls.next(now_s, held=now_s < self.hold_until_s)
        if call is not None:
            frame = call.frame
            self.core.asked(call.action, call.payload)
            self.write(frame)
            self._inbox.call_sent(self, call.message_id, call.action, frame)
        if calls.current is None and not len(calls):
            self._server.calling.discard(self)

    # -- what is said ------------------------------------------------------------------------

    def take_text(self, data: bytes) -> None:
        """Read one message; what is not UTF-8 ends the link."""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._server.hit("not_utf8", self)
            self.close(NOT_UTF8, "a text message is not UTF-8")
            return
        now_ms = self.heard_ms = self._came_ms
        self._take(self.core.receive(text, now_ms), now_ms)

    def take_binary(self, data: bytes) -> None:
        """Read one binary message (Q24)."""
        now_ms = self.heard_ms = self._came_ms
        self._take(self.core.receive_binary(data, now_ms), now_ms)

    def take_control(self, frame: Frame, now_ms: int) -> None:
        """A sign of life; the pong of our last ping tells the round trip."""
        if frame.opcode is Opcode.PONG:
            self.ever_ponged = True
            self.pings_missed = 0
            if self._ping_ms is not None and bytes(frame.data) == self._ping_ms.to_bytes(8, "big"):
                self.rtt_ms = max(0, now_ms - self._ping_ms)
                self._ping_ms = None
        try:
            self._inbox.heard(self, now_ms)
        except Exception:
            log.exception("station %s: a sign of life could not be handled", self.station)

    def _take(self, out: Inbound | Answered | Rejected | Noted, now_ms: int) -> None:
        """Hand on what a message turned out to be. The one guard of every message (T8)."""
        try:
            if type(out) is Inbound:
                self._inbox.message(self, out)
                if self.core.in_flight >= self._server.limits.in_flight:
                    self._pause(PAUSED_BY_IN_FLIGHT)
            elif type(out) is Answered:
                self._answered(out, now_ms)
            elif type(out) is Rejected:
                self._rejected(out, now_ms)
            elif type(out) is Noted:
                self._inbox.rejected(self, out, now_ms)
        except Exception:
            log.exception("station %s: a message could not be handled", self.station)
            if type(out) is Inbound and not out.send:
                self.answer_error(out.message_id, "InternalError", "Forecourt could not handle this message")

    def _answered(self, out: Answered, now_ms: int) -> None:
        if self.calls is None:
            self._inbox.rejected(self, Noted(out.text, "an answer to no call of ours"), now_ms)
            return
        now_s = self.heard_s
        settled = self.calls.settle(out.frame, now_s)
        if settled.reply is not None:
            self.write(settled.reply)
        self._inbox.call_answered(self, out.text, settled, now_ms)
        self.pump(now_s)

    def _rejected(self, out: Rejected, now_ms: int) -> None:
        if out.reply is not None:
            self.write(out.reply)
        self._inbox.rejected(self, out, now_ms)
        if out.close:
            self._server.hit("unreadable" if out.close == POLICY else "binary", self)
            self.close(out.close, out.why)

    # -- the end ---------------------------------------------------------------------------

    def ping(self, now_s: float, now_ms: int) -> None:
        """Send a ping whose pong tells the round trip; a missing pong alone closes nothing (Q09)."""
        self.ping_due_s = now_s + self._server.limits.ping_s
        if self._ping_ms is not None:
            self.pings_missed += 1
        self._ping_ms = now_ms
        if self.slow_since_s is None and self._ws.state is State.OPEN:
            self._ws.send_ping(now_ms.to_bytes(8, "big"))
            self.flush()

    def prove(self, now_s: float, within_s: float) -> None:
        """Ping at once; without a sign of life in `within_s` the link is taken for dead."""
        self.heard_s = min(self.heard_s, now_s - self._server.limits.silence_s + within_s)
        self.ping(now_s, self._server.clock.now_ms())
        self.due_s = now_s + within_s

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the link with a close frame; a station that does not answer it is cut off later."""
        if self._gathered:
            self.read_on()
        if self.closed:
            return
        if self._ws.state is State.OPEN:
            self._ws.send_close(code, reason.encode()[:120].decode("utf-8", "ignore"))
            self.flush()
        tail = bytes(self._tail)
        self.gone(f"closed with {code}: {reason}" if reason else f"closed with {code}")
        self._server.linger(self._transport, self._ws, tail)

    def abort(self, reason: str) -> None:
        """Cut the link off without a word."""
        if self._gathered:
            self.read_on()
        if not self.closed:
            self.gone(reason)
        self._transport.abort()

    def gone(self, reason: str) -> None:
        """The link is over; told to the server once."""
        self.closed = True
        self._tail.clear()
        self._fragments = None
        self._server.gone(self, reason)


def version_of(subprotocol: str) -> str:
    """The version spoken under `subprotocol`; 1.6 where none was named (Q02)."""
    return VERSION_OF.get(subprotocol, "1.6")

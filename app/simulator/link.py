"""One station's socket: calls out and awaited, the server's calls in and answered, all habits applied."""

import asyncio
import base64
import logging
import ssl as tls
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol

from app.clock import Clock, SystemClock
from app.simulator.quirky import NORMAL, Habits, mangled
from app.simulator.wire import CallFailed, Ids, NotUnderstood, Payload, frame_of, text_of
from app.tasks import spawn

log = logging.getLogger("forecourt.simulator")

SUBPROTOCOLS = {"1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1"}

Answer = Payload | tuple[Payload, Callable[[], Awaitable[None]]]
"""An answer's payload, and what the station does once it is sent."""
Answerer = Callable[[str, Payload], Answer]


class Refused(Exception):
    """The server did not let the station in. `status` is HTTP's, 0 where there was no HTTP answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"refused with {status}: {reason}" if status else reason)
        self.status = status
        self.reason = reason


class Unanswered(Exception):
    """No answer: the link fell, or the server let the time pass."""


class SimLink:
    """A station's end of the wire.

    Attributes:
        calls: (action, payload) of every CALL of the server, in order.
        sent: text of every frame that left, newest last, at most 2,000.
    """

    def __init__(
        self,
        url: str,
        identity: str,
        *,
        version: str = "1.6",
        habits: Habits = NORMAL,
        clock: Clock | None = None,
        ssl: tls.SSLContext | None = None,
        answerer: Answerer | None = None,
        patience_s: float = 10,
        credentials: bytes | None = None,
    ) -> None:
        self.url = url
        self.identity = identity
        self.version = version
        self.habits = habits
        self.clock: Clock = clock or SystemClock()
        self.patience_s = patience_s
        self.calls: deque[tuple[str, Payload]] = deque(maxlen=2_000)
        self.sent: deque[str] = deque(maxlen=2_000)
        self.subprotocol: str | None = None
        self.close_code: int | None = None
        self.on_closed: Callable[[], None] | None = None
        self._answerer = answerer
        self._credentials = credentials
        self._ssl = ssl
        self._ids = Ids()
        self._socket: ClientConnection | None = None
        self._old: list[ClientConnection] = []
        self._reader: asyncio.Task[None] | None = None
        self._pending: dict[str, asyncio.Future[Payload]] = {}
        self._strays: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._called = asyncio.Condition()
        self._last: tuple[str, Payload] | None = None
        self._last_id = ""
        self._silent = False
        self._boot_answered_s: float | None = None

    # the socket

    @property
    def online(self) -> bool:
        """Whether the socket is open, as far as this end knows."""
        return self._socket is not None

    async def connect(self) -> None:
        """Open the socket.

        Raises:
            Refused: the server said no, or could not be reached.
        """
        habits = self.habits
        offered = habits.subprotocols
        if offered is None:
            offered = (SUBPROTOCOLS[self.version],)
        headers: dict[str, str] = {}
        secret = habits.credentials if habits.credentials is not None else self._credentials
        if secret is not None:
            headers["Authorization"] = "Basic " + base64.b64encode(secret).decode()
        try:
            socket = await connect(
                self._target(),
                subprotocols=[Subprotocol(name) for name in offered] or None,
                additional_headers=headers,
                compression=None,
                user_agent_header=None,
                ping_interval=None,
                close_timeout=1,
                open_timeout=self.patience_s,
                max_queue=None,
                proxy=None,
                ssl=self._ssl,
            )
        except InvalidStatus as error:
            body = bytes(error.response.body or b"").decode(errors="replace").strip()
            raise Refused(error.response.status_code, body) from error
        except (OSError, InvalidHandshake, InvalidURI, TimeoutError) as error:
            why = error.strerror if isinstance(error, OSError) else None
            raise Refused(0, why or str(error) or type(error).__name__) from error
        if self._socket is not None and habits.keeps_old_socket:
            self._socket.transport.pause_reading()
            self._old.append(self._socket)
        self._socket = socket
        self.subprotocol = socket.subprotocol
        self.close_code = None
        self._silent = False
        self._boot_answered_s = None
        if not habits.answers_pings:
            _keep_pongs(socket)
        self._reader = spawn(self._read(socket), name=f"sim {self.identity} reader")

    def _target(self) -> str:
        base = self.url.rstrip("/")
        if self.habits.raw_path is not None:
            scheme, _, rest = base.partition("://")
            return f"{scheme}://{rest.partition('/')[0]}{self.habits.raw_path}"
        return f"{base}/{quote(self.identity, safe='*-_=+|@.')}"

    def drop(self) -> None:
        """Abort the TCP connection, as a lost modem does: no goodbye."""
        if self._socket is not None:
            self._socket.transport.abort()
            self._lost(self._socket)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Say goodbye on every socket still open."""
        sockets = [*self._old, *([self._socket] if self._socket else [])]
        if self._silent and self._socket is not None:
            self._socket.transport.resume_reading()
        reader, self._reader = self._reader, None
        for socket in sockets:
            if socket in self._old:
                socket.transport.abort()
            else:
                await socket.close(code, reason)
        self._old.clear()
        if reader is not None:
            await asyncio.wait([reader], timeout=2)
        self._socket = None

    def fall_silent(self) -> None:
        """Stay connected, but neither read nor write: no pong, no answer, no message."""
        self._silent = True
        if self._socket is not None:
            self._socket.transport.pause_reading()

    def speak_again(self) -> None:
        """End `fall_silent`."""
        self._silent = False
        if self._socket is not None:
            self._socket.transport.resume_reading()

    def _lost(self, socket: ClientConnection) -> None:
        if socket is not self._socket:
            return
        self._socket = None
        self.close_code = socket.close_code
        for future in self._pending.values():
            if not future.done():
                future.set_exception(Unanswered("the link fell"))
        self._pending.clear()
        if self.on_closed is not None:
            self.on_closed()

    # our calls

    async def call(
        self, action: str, payload: Payload, *, message_id: str | None = None, timeout_s: float | None = None
    ) -> Payload:
        """Send a CALL and return the payload of its CALLRESULT.

        Raises:
            CallFailed: the server answered with a CALLERROR.
            Unanswered: the link fell, or no answer came in time (`patience_s`).
        """
        identifier = message_id or next(self._ids)
        text = text_of([2, identifier, action, payload])
        if self.habits.mangle and action in ("MeterValues", "TransactionEvent"):
            text = mangled(text, self.habits.mangle)
        future: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._pending[identifier] = future
        self._last, self._last_id = (action, payload), identifier
        try:
            await self.send_raw(text)
            async with asyncio.timeout(timeout_s or self.patience_s):
                answer = await future
        except TimeoutError:
            raise Unanswered(f"no answer to {action}") from None
        finally:
            self._pending.pop(identifier, None)
        if action == "BootNotification":
            self._boot_answered_s = self.clock.monotonic_s()
        return answer

    async def repeat_last_call(self, *, same_id: bool = True) -> Payload:
        """Send the last CALL again, under its old id or a new one, and return the answer."""
        if self._last is None:
            raise Unanswered("nothing was called yet")
        action, payload = self._last
        return await self.call(action, payload, message_id=self._last_id if same_id else None)

    def restart_ids(self) -> None:
        """Count message ids from 1 again, as after a reboot."""
        self._ids.restart()

    async def send_raw(self, data: str | bytes) -> None:
        """Send one WebSocket message as it is: str as text, bytes as binary."""
        if self._socket is None or self._silent:
            raise Unanswered("the station is offline" if self._socket is None else "the station is silent")
        try:
            await self._socket.send(data)
        except ConnectionClosed as error:
            raise Unanswered("the link fell") from error
        if isinstance(data, str):
            self.sent.append(data)

    async def ping(self) -> None:
        """Send a WebSocket ping, and do not wait for its pong (Q09)."""
        if self._socket is None or self._silent:
            raise Unanswered("the station is offline" if self._socket is None else "the station is silent")
        await self._socket.ping()

    async def send_fragments(self, *parts: str) -> None:
        """Send one text message in several frames (Q24)."""
        if self._socket is None:
            raise Unanswered("the station is offline")
        await self._socket.send(parts)

    def inject(self, data: bytes) -> None:
        """Write bytes under the WebSocket layer: reserved bits, bad masks, garbage (Q08)."""
        if self._socket is None:
            raise Unanswered("the station is offline")
        self._socket.transport.write(data)

    async def receive_raw(self, timeout_s: float = 5) -> str | bytes:
        """The next frame that answers none of our calls. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            return await self._strays.get()

    async def closed(self, timeout_s: float = 10) -> int | None:
        """Wait until the server ends the link; its close code, None where it just went."""
        reader = self._reader
        if reader is not None:
            async with asyncio.timeout(timeout_s):
                await asyncio.wait([reader])
        return self.close_code

    # the server's calls

    async def next_call(self, action: str, timeout_s: float = 5) -> Payload:
        """Wait until the server has called `action`; payload of the newest. Raises TimeoutError."""

        def newest() -> Payload | None:
            return next((p for a, p in reversed(self.calls) if a == action), None)

        async with asyncio.timeout(timeout_s), self._called:
            await self._called.wait_for(lambda: newest() is not None)
            return newest() or {}

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for message in socket:
                await self._understand(message)
        except ConnectionClosed as error:
            log.debug("%s: %s", self.identity, error)
        finally:
            self._lost(socket)

    async def _understand(self, message: str | bytes) -> None:
        try:
            frame = frame_of(message)
        except ValueError:
            frame = None
        match frame:
            case [2, str(identifier), str(action), *rest]:
                payload = rest[0] if rest and isinstance(rest[0], dict) else {}
                async with self._called:
                    self.calls.append((action, payload))
                    self._called.notify_all()
                spawn(self._answer(identifier, action, payload), name=f"sim {self.identity} {action}")
            case [3, str(identifier), dict(payload)] if identifier in self._pending:
                self._settle(identifier, payload)
            case [4, str(identifier), str(code), *more] if identifier in self._pending:
                text = str(more[0]) if more else ""
                self._settle(identifier, CallFailed(code, text, more[1] if len(more) > 1 else None))
            case _:
                self._strays.put_nowait(message)

    def _settle(self, identifier: str, outcome: Payload | CallFailed) -> None:
        future = self._pending[identifier]
        if future.done():
            return
        if isinstance(outcome, CallFailed):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    async def _answer(self, identifier: str, action: str, payload: Payload) -> None:
        habits = self.habits
        if habits.drops_on_early_call and self._early():
            self.drop()
            return
        if action in habits.crash_before:
            self.drop()
            return
        if action in habits.silent_on or "*" in habits.silent_on:
            return
        then: Callable[[], Awaitable[None]] | None = None
        if habits.answer_delay_s:
            await self.clock.sleep(habits.answer_delay_s)
        shown = f"{identifier}-x"[-36:] if habits.answer_other_id else identifier
        frame: list[Any]
        try:
            if self._answerer is None:
                raise NotUnderstood
            answer = self._answerer(action, payload)
            body, then = answer if isinstance(answer, tuple) else (answer, None)
            frame = [3, shown, body]
        except NotUnderstood as error:
            frame = [4, shown, error.code, error.text, {}]
        try:
            for _ in range(habits.answer_times):
                await self.send_raw(text_of(frame))
        except Unanswered:
            return
        if action in habits.crash_after:
            self.drop()
        elif then is not None:
            await then()

    def _early(self) -> bool:
        answered = self._boot_answered_s
        return answered is None or self.clock.monotonic_s() - answered < 5


def _keep_pongs(socket: ClientConnection) -> None:
    protocol = socket.protocol
    send = protocol.send_frame

    def without_pongs(frame: Frame) -> None:
        if frame.opcode is not Opcode.PONG:
            send(frame)

    protocol.send_frame = without_pongs  # type: ignore[method-assign]

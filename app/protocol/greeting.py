"""A connection before it is admitted: reads the upgrade request, asks the door, answers 101 or why not."""

import asyncio
import logging
import random
from collections.abc import Awaitable
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from websockets.exceptions import InvalidHandshake, InvalidUpgrade
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from app.protocol.handshake import (
    Admit,
    Handshake,
    Refuse,
    called,
    choose,
    escaped,
    identify,
    is_tls_hello,
    login,
    subprotocols,
    upgrade_fault,
)
from app.protocol.link import version_of
from app.tasks import spawn

if TYPE_CHECKING:
    from app.protocol.server import Server

log = logging.getLogger("forecourt.protocol")
_quiet = logging.getLogger("forecourt.websockets")
_quiet.setLevel(logging.ERROR)

LONGEST_HEAD = 64 << 10
EARLY = 64 << 10
"""What a station may send before it has our answer; it should send nothing."""

_ALERT = bytes.fromhex("15030100020246")
"""A fatal TLS alert (protocol version): what a TLS client on the plain port understands."""

# Said to whoever asks; the cause is for the operator only, so that guessing teaches nothing (T1).
_SECRET = frozenset({401, 403, 429, 503})

_DEFLATE = ServerPerMessageDeflateFactory(
    server_no_context_takeover=True,
    client_no_context_takeover=True,
    compress_settings={"memLevel": 5},
)


class Greeting(asyncio.Protocol):
    """The first protocol of every connection; gives way to a `Link` or to `Lingering`."""

    __slots__ = ("_data", "_done", "_server", "deadline_s", "identity", "peer", "port", "tls", "transport")

    def __init__(self, server: "Server", peer: str, port: int, *, tls: bool) -> None:
        self._server = server
        self._data = bytearray()
        self._done = False
        self.deadline_s = server.clock.monotonic_s() + server.limits.handshake_s
        self.peer = peer
        self.port = port
        self.tls = tls
        self.identity = ""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket (and TLS) stands."""
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller has gone before it was let in."""
        self._server.greeted(self)
        if self._data and not self._done:
            self._done = True
            self._tell(Refuse(0, "The caller broke off before its request was complete."))

    def data_received(self, data: bytes) -> None:
        """Bytes of the request, or too early ones."""
        self._data += data
        if self._done:
            if len(self._data) > EARLY:
                self.refuse(Refuse(400, "The caller sends messages before it is let in."))
            return
        if len(self._data) == len(data) and is_tls_hello(data) and not self.tls:
            self._hello()
            return
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            if len(self._data) > LONGEST_HEAD:
                self._done = True
                self._server.hit("headers")
                self.refuse(Refuse(431, "The request's headers are too large."), sample=self._data)
            return
        head = bytes(self._data[: end + 4])
        del self._data[: end + 4]
        self._done = True
        try:
            self._request(head)
        except Exception:
            log.exception("a handshake from %s could not be handled", self.peer)
            self.refuse(Refuse(500, "Forecourt could not handle this handshake; see its log."))

    def expire(self) -> None:
        """The handshake took too long."""
        self._server.hit("handshake_s")
        self._server.greeted(self)
        if self.transport is None:
            return  # the TLS handshake has a limit of its own, which tells
        cause = (
            "The login could not be checked in time."
            if self._done
            else "The handshake was not finished in time."
        )
        self._tell(Refuse(0, cause), bytes(self._data))
        self._done = True
        self.transport.abort()

    # -- reading ---------------------------------------------------------------------------

    def _hello(self) -> None:
        assert self.transport is not None
        self._done = True
        cause = "The station speaks TLS to a plain port: use ws:// there, or give Forecourt a certificate."
        self._tell(Refuse(0, cause, quirk="Q07"), bytes(self._data))
        self.transport.write(_ALERT)
        self._leave()

    def _request(self, head: bytes) -> None:
        ws = ServerProtocol(max_size=self._server.limits.message_bytes, logger=_quiet)
        ws.receive_data(head)
        events = ws.events_received()
        if not events:
            refused = ws.data_to_send()
            status = int(refused[0][9:12]) if refused and refused[0] else 400
            cause = "The request is not valid HTTP." if status == 400 else "The request is too large."
            if status != 400:
                self._server.hit("headers")
            self.refuse(Refuse(status, cause, quirk="Q07"), sample=head)
            return
        request = cast(Request, events[0])
        headers = request.headers
        if sum(1 for _ in headers.raw_items()) > self._server.limits.headers:
            self._server.hit("headers")
            self.refuse(Refuse(431, "The request has too many headers."), sample=head)
            return
        response = ws.accept(request)
        found = identify(request.path)
        if not isinstance(found, Refuse):
            self.identity = found[0]
        if response.status_code != 101:
            self._invalid(ws, request, response, head)
            return
        if "Origin" in headers:
            self.refuse(Refuse(403, "A web page tries to connect (Origin header); stations send none."))
            return
        if isinstance(found, Refuse):
            self.refuse(found, path=request.path)
            return
        identity, odd, quirk = found
        offered = subprotocols(headers.get_all("Sec-WebSocket-Protocol"))
        authorization = headers.get_all("Authorization")
        username, password, fault = login(authorization[0] if authorization else None)
        handshake = Handshake(
            identity, request.path, self.peer, self.port, self.tls, offered, username, password,
            fault, odd, ", ".join(headers.get_all("User-Agent"))[:200], called(headers.get_all("Host")),
        )  # fmt: skip
        self._ask(ws, request, response, handshake, (quirk,) if quirk else ())

    def _invalid(self, ws: ServerProtocol, request: Request, response: Response, head: bytes) -> None:
        headers = request.headers
        cause = f"The upgrade request is not valid: {ws.handshake_exc}."
        extra: tuple[tuple[str, str], ...] = ()
        if isinstance(ws.handshake_exc, InvalidUpgrade):
            connection = ", ".join(headers.get_all("Connection"))
            cause = upgrade_fault(connection, ", ".join(headers.get_all("Upgrade")))
            extra = (("Upgrade", "websocket"),)
        elif response.status_code == 405:
            cause, extra = "The request is not a GET.", (("Allow", "GET"),)
        refuse = Refuse(response.status_code, cause, headers=extra, quirk="Q07")
        self.refuse(refuse, path=request.path, sample=head)

    # -- deciding --------------------------------------------------------------------------

    def _ask(
        self,
        ws: ServerProtocol,
        request: Request,
        response: Response,
        handshake: Handshake,
        quirks: tuple[str, ...],
    ) -> None:
        wait_s = self._server.login_wait_s(handshake)
        if wait_s:
            self._server.hit("logins_per_minute")
            retry = (("Retry-After", str(int(wait_s) + 1)),)
            refuse = Refuse(429, "Too many failed logins; it may try again later.", "set-password", retry)
            self.refuse(refuse, handshake)
            return
        answer = self._server.door.admit(handshake)
        if isinstance(answer, Admit | Refuse):
            self._decided(ws, request, response, handshake, quirks, answer)
        else:
            spawn(
                self._later(ws, request, response, handshake, quirks, answer),
                name=f"door {handshake.identity}",
            )

    async def _later(
        self,
        ws: ServerProtocol,
        request: Request,
        response: Response,
        handshake: Handshake,
        quirks: tuple[str, ...],
        answer: Awaitable[Admit | Refuse],
    ) -> None:
        try:
            decided = await answer
        except Exception:
            log.exception("the login of %s could not be checked", handshake.identity)
            decided = Refuse(500, "Forecourt could not check the login; see its log.")
        self._decided(ws, request, response, handshake, quirks, decided)

    def _decided(
        self,
        ws: ServerProtocol,
        request: Request,
        response: Response,
        handshake: Handshake,
        quirks: tuple[str, ...],
        answer: Admit | Refuse,
    ) -> None:
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        self._server.logged_in(handshake, answer)
        if isinstance(answer, Refuse):
            self.refuse(answer, handshake)
            return
        if handshake.odd and not answer.registered:
            cause = "The identity holds characters OCPP does not allow; add the station by hand to let it in."
            self.refuse(Refuse(400, cause, "accept"), handshake)
            return
        chosen = choose(handshake.offered, answer)
        if isinstance(chosen, Refuse):
            self.refuse(chosen, handshake)
            return
        version = version_of(chosen)
        if handshake.odd and version != "1.6":
            cause = f"The identity holds characters that OCPP {version} does not allow."
            self.refuse(Refuse(400, cause), handshake)
            return
        station = answer.station or handshake.identity
        refused = self._server.room_for(station, handshake)
        if refused is not None:
            self.refuse(refused, handshake)
            return
        if chosen:
            response.headers["Sec-WebSocket-Protocol"] = chosen
        else:
            quirks += ("Q02",)
        if version != "1.6":
            ws.available_extensions = [_DEFLATE]
            try:
                agreed, ws.extensions = ws.process_extensions(request.headers)
            except InvalidHandshake as exc:
                self.refuse(Refuse(400, f"The upgrade request is not valid: {exc}."), handshake)
                return
            if agreed is not None:
                response.headers["Sec-WebSocket-Extensions"] = agreed
        ws.send_response(response)
        for data in ws.data_to_send():
            transport.write(data)
        ws.available_extensions = None
        self._server.greeted(self)
        early = bytes(self._data)
        self._server.admit(transport, ws, handshake, answer, station, version, quirks + answer.quirks, early)

    # -- refusing --------------------------------------------------------------------------

    def refuse(
        self,
        refuse: Refuse,
        handshake: Handshake | None = None,
        *,
        path: str = "",
        sample: bytes | bytearray = b"",
    ) -> None:
        """Answer why not, tell the door, and close."""
        if self.transport is None or self.transport.is_closing():
            return
        self._done = True
        self._tell(refuse, sample, handshake, path)
        self.transport.write(http_answer(refuse))
        self._leave()

    def _leave(self) -> None:
        assert self.transport is not None
        self._server.greeted(self)
        self._data.clear()
        self._server.linger(self.transport, None)

    def _tell(
        self,
        refuse: Refuse,
        sample: bytes | bytearray = b"",
        handshake: Handshake | None = None,
        path: str = "",
    ) -> None:
        self._server.refused(
            refuse,
            peer=self.peer,
            port=self.port,
            tls=self.tls,
            identity=handshake.identity if handshake else self.identity,
            path=handshake.path if handshake else path,
            offered=handshake.offered if handshake else (),
            sample=escaped(bytes(sample[:200])),
        )


def http_answer(refuse: Refuse) -> bytes:
    """The HTTP response of a refusal. Logins and capacity say no more than their status (T1)."""
    try:
        phrase = HTTPStatus(refuse.status).phrase
    except ValueError:
        phrase = "Refused"
    body = (f"{phrase}\n" if refuse.status in _SECRET else f"{refuse.cause}\n").encode()
    headers = dict(refuse.headers)
    if refuse.status == 503:
        headers.setdefault("Retry-After", str(random.randint(30, 120)))
    lines = [
        f"HTTP/1.1 {refuse.status} {phrase}",
        "Connection: close",
        f"Content-Length: {len(body)}",
        "Content-Type: text/plain; charset=utf-8",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body

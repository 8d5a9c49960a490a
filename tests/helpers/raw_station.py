"""A client that says any bytes whatever: the upgrade by hand, frames by hand. Loopback only."""

import asyncio
import base64
import json
import os
import ssl
from typing import Any, NamedTuple

TEXT, BINARY, CLOSE, PING, PONG, CONT = 1, 2, 8, 9, 10, 0
PATIENCE_S = 10.0


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    headers: dict[str, str]
    body: str


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    mask: bool = True,
    length: int | None = None,
) -> bytes:
    """A WebSocket frame; `length` may lie."""
    head = bytearray([(0x80 if fin else 0) | rsv << 4 | opcode])
    size = len(payload) if length is None else length
    flag = 0x80 if mask else 0
    if size < 126:
        head.append(flag | size)
    elif size < 65_536:
        head.append(flag | 126)
        head += size.to_bytes(2, "big")
    else:
        head.append(flag | 127)
        head += size.to_bytes(8, "big")
    if not mask:
        return bytes(head) + payload
    key = os.urandom(4)
    masked = bytes(byte ^ key[index % 4] for index, byte in enumerate(payload[:4096]))
    if len(payload) > 4096:
        pad = (key * (len(payload) // 4 + 1))[: len(payload)]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(payload), "big")
    return bytes(head) + key + masked


def request(
    path: str = "/RAW",
    *,
    subprotocol: str | None = "ocpp1.6",
    extra: str = "",
    method: str = "GET",
    version: str = "HTTP/1.1",
    drop: tuple[str, ...] = (),
) -> bytes:
    """An upgrade request; the headers named in `drop` are left out."""
    headers = {
        "Host": "127.0.0.1",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
    }
    if subprotocol is not None:
        headers["Sec-WebSocket-Protocol"] = subprotocol
    lines = [f"{name}: {value}" for name, value in headers.items() if name not in drop]
    return (f"{method} {path} {version}\r\n" + "\r\n".join(lines) + "\r\n" + extra + "\r\n").encode("latin-1")


class RawStation:
    """One connection. Reading waits at most `PATIENCE_S`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.pongs = True
        self._ids = 0

    @classmethod
    async def dial(
        cls, port: int, *, tls: ssl.SSLContext | None = None, limit: int = 1 << 20
    ) -> "RawStation":
        """Open the socket, nothing more."""
        host = "localhost" if tls else None
        streams = await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname=host, limit=limit)
        return cls(*streams)

    @classmethod
    async def connect(
        cls, port: int, path: str = "/RAW", *, tls: ssl.SSLContext | None = None, **how: Any
    ) -> "RawStation":
        """Open the socket and upgrade it."""
        station = await cls.dial(port, tls=tls)
        answer = await station.upgrade(path, **how)
        assert answer.status == 101, answer
        return station

    async def upgrade(self, path: str = "/RAW", **how: Any) -> Answer:
        """Send an upgrade request and read its answer."""
        self.send(request(path, **how))
        return await self.answer()

    async def answer(self) -> Answer:
        """Read an HTTP response."""
        head = (await self._within(self.reader.readuntil(b"\r\n\r\n"))).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = int(headers.get("content-length", 0))
        body = (await self._within(self.reader.readexactly(size))).decode() if size else ""
        return Answer(int(first.split()[1]), headers, body)

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)

    def say(self, text: str | bytes, **how: Any) -> None:
        """Send a text message."""
        self.send(frame(TEXT, text.encode() if isinstance(text, str) else text, **how))

    def call(self, action: str = "Heartbeat", payload: Any = None, message_id: str | None = None) -> str:
        """Send a CALL; returns its id."""
        self._ids += 1
        message_id = message_id or f"raw-{self._ids}"
        self.say(json.dumps([2, message_id, action, {} if payload is None else payload]))
        return message_id

    async def frame(self) -> tuple[int, bytes]:
        """Read one frame: opcode and payload."""
        head = await self._within(self.reader.readexactly(2))
        size = head[1] & 0x7F
        if size == 126:
            size = int.from_bytes(await self._within(self.reader.readexactly(2)), "big")
        elif size == 127:
            size = int.from_bytes(await self._within(self.reader.readexactly(8)), "big")
        return head[0] & 0x0F, await self._within(self.reader.readexactly(size)) if size else b""

    async def message(self) -> Any:
        """Read the next text message as JSON; pings are answered on the way."""
        while True:
            opcode, payload = await self.frame()
            if opcode == PING:
                if self.pongs:
                    self.send(frame(PONG, payload))
            elif opcode == TEXT:
                return json.loads(payload)
            elif opcode == CLOSE:
                raise ConnectionError(
                    f"closed with {int.from_bytes(payload[:2], 'big')}: {payload[2:].decode()}"
                )

    async def close_code(self) -> int:
        """Read until the close frame; 1006 if the socket ends without one."""
        try:
            while True:
                opcode, payload = await self.frame()
                if opcode == CLOSE:
                    return int.from_bytes(payload[:2], "big") if payload else 1005
        except (asyncio.IncompleteReadError, ConnectionError):
            return 1006

    async def end(self) -> bytes:
        """Read to the end of the stream."""
        try:
            return await self._within(self.reader.read(-1))
        except ConnectionError:
            return b""

    def hang_up(self) -> None:
        """Close the socket without a word."""
        self.writer.close()

    def cut(self) -> None:
        """Reset the socket."""
        self.writer.transport.abort()

    @staticmethod
    async def _within(waiting: Any) -> Any:
        return await asyncio.wait_for(waiting, PATIENCE_S)

"""A station's own HTTP: it brings a file and fetches one, as chargers do. Shares nothing with the server."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import h11

from app.clock import Clock

READ_BYTES = 64 << 10
STILL_S = 60.0
BOUNDARY = "----charger-form-7f3a"


class TransferFailed(Exception):
    """It came to nothing; `status` is HTTP's answer, 0 where there was none."""

    def __init__(self, why: str, status: int = 0) -> None:
        super().__init__(why)
        self.status = status


async def bring(
    url: str, name: str, data: bytes, clock: Clock, *, way: str = "put", cut_after: int | None = None,
    tls: ssl.SSLContext | None = None,
) -> int:  # fmt: skip
    """Upload `data`; HTTP's answer.

    Args:
        url: where to; one that ends in a slash gets the name appended.
        name: of the file.
        data: all of it.
        clock: ends what stands still.
        way: "put", "post", "chunked" (PUT without a length) or "form" (multipart POST).
        cut_after: break the connection off after so many bytes, as a lost modem does.
        tls: how https is checked.

    Raises:
        TransferFailed: refused, broken off, or the server cannot be reached.
    """
    headers = [("Content-Type", "application/octet-stream")]
    if way == "form":
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        data = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = [("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")]
    headers.append(
        ("Transfer-Encoding", "chunked") if way == "chunked" else ("Content-Length", str(len(data)))
    )
    method = "POST" if way in ("post", "form") else "PUT"
    target = url + name if url.endswith("/") else url

    async def send(wire: "_Wire") -> None:
        sent = 0
        while sent < len(data):
            piece = data[sent : sent + READ_BYTES]
            if cut_after is not None and sent + len(piece) > cut_after:
                await wire.send(h11.Data(data=data[sent:cut_after]))
                wire.abort()
                raise TransferFailed("the modem lost its network")
            await wire.send(h11.Data(data=piece))
            sent += len(piece)

    status, _ = await _exchange(target, method, headers, clock, tls, send)
    if not 200 <= status < 300:
        raise TransferFailed(f"the server answered with {status}", status)
    return status


async def fetch(
    url: str,
    clock: Clock,
    *,
    have: bytes = b"",
    stop_after: int | None = None,
    tls: ssl.SSLContext | None = None,
) -> bytes:
    """Download a file; `have` is what an earlier try got, and is not fetched again.

    Args:
        url: from where.
        clock: ends what stands still.
        have: the beginning of the file.
        stop_after: break off after so many bytes of this try; they are in the error's `got`.
        tls: how https is checked.

    Raises:
        Broken: broken off; `got` holds what there is.
        TransferFailed: refused, or the server cannot be reached.
    """
    headers = [("Range", f"bytes={len(have)}-")] if have else []
    got = bytearray(have)

    def take(data: bytes) -> None:
        got.extend(data)
        if stop_after is not None and len(got) - len(have) >= stop_after:
            raise Broken(bytes(got))

    try:
        status, whole = await _exchange(url, "GET", headers, clock, tls, None, take)
    except TransferFailed as error:
        if len(got) > len(have) and not isinstance(error, Broken):
            raise Broken(bytes(got)) from error
        raise
    if status == 416 and have:
        return have
    if status not in (200, 206):
        raise TransferFailed(f"the server answered with {status}", status)
    if status == 200 and have:
        return bytes(got[len(have) :])
    if not whole:
        raise Broken(bytes(got))
    return bytes(got)


class Broken(TransferFailed):
    """A download that stopped half way."""

    def __init__(self, got: bytes) -> None:
        super().__init__("the download was broken off")
        self.got = got


class _Wire:
    """One connection, one request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.http = h11.Connection(h11.CLIENT)

    async def send(self, event: h11.Event) -> None:
        self._writer.write(self.http.send(event) or b"")
        await self._writer.drain()

    async def next(self) -> h11.Event | None:
        while (event := self.http.next_event()) is h11.NEED_DATA:
            self.http.receive_data(await self._reader.read(READ_BYTES))
        return event if isinstance(event, h11.Event) else None

    def abort(self) -> None:
        self._writer.transport.abort()

    def close(self) -> None:
        self._writer.close()


async def _exchange(
    url: str,
    method: str,
    headers: list[tuple[str, str]],
    clock: Clock,
    tls: ssl.SSLContext | None,
    send: Callable[[_Wire], Awaitable[None]] | None,
    take: Callable[[bytes], None] | None = None,
) -> tuple[int, bool]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TransferFailed(f"{parts.scheme or 'this'} is not spoken here")
    context = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
    try:
        reader, writer = await asyncio.open_connection(
            parts.hostname, parts.port or (443 if context else 80), ssl=context
        )
    except (OSError, ssl.SSLError) as error:
        raise TransferFailed(f"the server cannot be reached: {error}") from error
    wire = _Wire(reader, writer)
    timer = clock.call_later(STILL_S * 10, wire.abort)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        await wire.send(
            h11.Request(method=method, target=target or "/", headers=[("Host", parts.netloc), *headers])
        )
        if send is not None:
            await send(wire)
        await wire.send(h11.EndOfMessage())
        status = 0
        while (event := await wire.next()) is not None:
            if isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data) and take is not None and status < 300:
                take(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                return status, True
        return status, False
    except (OSError, h11.ProtocolError) as error:
        raise TransferFailed(f"the connection broke: {error}") from error
    finally:
        timer.cancel()
        wire.close()

"""A plain HTTP/1.1 client for tests: sends what it is told, byte by byte where that matters."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def read_reply(reader: asyncio.StreamReader, *, head: bool = False) -> Reply:
    """The next answer on a connection; status 0 where it was closed without one."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return Reply(0)
    first, *lines = raw.decode().rstrip("\r\n").split("\r\n")
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    status = int(first.split()[1])
    if status == 100:
        return await read_reply(reader, head=head)
    length = 0 if head else int(headers.get("content-length", 0))
    try:
        return Reply(status, headers, await reader.readexactly(length))
    except asyncio.IncompleteReadError as error:
        return Reply(status, headers, error.partial)


async def connect(url: str, source: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    """A connection to a URL's host, and the target to ask for there."""
    parts = urlsplit(url)
    local = (source, 0) if source else None
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, local_addr=local)
    return reader, writer, parts.path


async def ask(
    url: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    *,
    chunked: bool = False,
    source: str = "",
) -> Reply:
    """One request on a connection of its own."""
    reader, writer, target = await connect(url, source)
    lines = [f"{method} {target} HTTP/1.1", "Host: forecourt"]
    lines += [f"{k}: {v}" for k, v in (headers or {}).items()]
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    elif body is not None:
        lines.append(f"Content-Length: {len(body)}")
    writer.write("\r\n".join([*lines, "", ""]).encode())
    if chunked:
        for at in range(0, len(body or b""), 1000):
            piece = (body or b"")[at : at + 1000]
            writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        writer.write(b"0\r\n\r\n")
    elif body:
        writer.write(body)
    try:
        return await read_reply(reader, head=method == "HEAD")
    finally:
        writer.close()

"""An HTTP server of a few lines for tests of the simulator: gives out one file, keeps what is brought."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Shelf:
    """`image` is what GET gives, `brought` what PUT and POST left, `asked` the first lines heard."""

    def __init__(self, image: bytes) -> None:
        self.image = image
        self.brought: list[bytes] = []
        self.asked: list[str] = []
        self.status = 200
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
            self.asked.append(head[0])
            body, first = b"", 0
            if head[0].startswith("GET"):
                first = int(headers.get("range", "bytes=0-").split("=")[1].split("-")[0])
                body = self.image[first:]
            else:
                self.brought.append(await reader.readexactly(int(headers["content-length"])))
            status = 206 if first and self.status == 200 else self.status
            writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.asked.append("cut")
        finally:
            writer.close()


@asynccontextmanager
async def shelf(image: bytes = b"version=3.9.1\n" + bytes(5000)) -> AsyncIterator[Shelf]:
    """A server on a free port of this machine."""
    made = Shelf(image)
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0) as server:
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        yield made

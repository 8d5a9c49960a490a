"""What happens on an address: a file comes in, or firmware goes out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import h11

from app.domain.errors import CannotRecord
from app.domain.records import FileRecord
from app.files.addresses import Refusal, Target, read_target
from app.files.disk import NoRoom, Sink, room
from app.files.exchange import Exchange, Gone
from app.files.multipart import BadForm, Form, boundary_of
from app.files.names import ending_of, folder_of, shown_name
from app.files.ranges import Unsatisfiable, asked_range

log = logging.getLogger("forecourt.files")

CHUNK = 256 << 10
LOOK_EVERY = 16 << 20
NOTHING = Refusal(404, "There is nothing here.")


class Keeper(Protocol):
    """What transfers need of `Files`."""

    folder: Path
    most_bytes: int

    def in_thread(self, fn: Callable[..., Any], *args: Any) -> Awaitable[Any]:
        """Run `fn(*args)` off the loop."""

    def admit(self, target: Target, method: str, peer: str) -> FileRecord | Refusal:
        """The address, or why not."""

    def begin(self, record: FileRecord, exchange: Exchange) -> int:
        """A file begins to come; the number of this try. An older try is broken off."""

    def came(self, record: FileRecord, attempt: int, done: int, length: int) -> None:
        """So many bytes have come, of `length` (0: not told)."""

    def cut(self, record: FileRecord, attempt: int, why: str) -> None:
        """It came to nothing."""

    async def received(
        self, record: FileRecord, attempt: int, name: str, path: Path, size: int, digest: str, peer: str
    ) -> None:
        """It is here, complete; returns once that is kept. Raises CannotRecord, or Gone for an older try."""

    def fetched(self, record: FileRecord, first: int, end: int) -> None:
        """A span of a firmware has gone out."""


async def handle(keeper: Keeper, exchange: Exchange, request: h11.Request) -> None:
    """Serve one request."""
    method = request.method.decode("ascii", "replace")
    target = read_target(request.target.decode("ascii", "replace"))
    found = NOTHING if target is None else keeper.admit(target, method, exchange.peer)
    if isinstance(found, Refusal):
        await exchange.refuse(found)
    elif found.kind == "firmware":
        await _send(keeper, exchange, request, found)
    else:
        assert target is not None
        await _receive(keeper, exchange, request, found, target.name)


def header(request: h11.Request, name: str) -> str:
    """A header's value, "" where there is none."""
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in request.headers if key == wanted), "")


# -- in


async def _receive(
    keeper: Keeper, exchange: Exchange, request: h11.Request, record: FileRecord, name: str
) -> None:
    refusal, form = await _look(keeper, request)
    if refusal is not None:
        await exchange.refuse(refusal)
        return
    attempt = keeper.begin(record, exchange)
    folder = keeper.folder / folder_of(record.station)
    sink: Sink | None = None
    try:
        sink = await keeper.in_thread(Sink, folder, f"{record.file:08d}-{attempt}")
        length = int(header(request, "content-length") or 0)
        refusal = await _body(
            keeper, exchange, sink, form, lambda done: keeper.came(record, attempt, done, length)
        )
        if refusal is None:
            given = (
                shown_name((form.name if form else "") or name or _disposed(request)) or f"{record.kind}.bin"
            )
            path, digest = await keeper.in_thread(sink.finish, ending_of(given))
            kept, sink = sink, None
            try:
                await keeper.received(record, attempt, given, path, kept.size, digest, exchange.peer)
            except BaseException:
                await keeper.in_thread(path.unlink)
                raise
    except (NoRoom, CannotRecord) as error:
        refusal = Refusal(507 if isinstance(error, NoRoom) else 503, str(error))
    except (Gone, ConnectionError, asyncio.CancelledError):
        done = 0 if sink is None else sink.came
        keeper.cut(record, attempt, f"It was cut off after {done:,} bytes.")
        raise
    finally:
        if sink is not None:
            await asyncio.shield(asyncio.ensure_future(keeper.in_thread(sink.discard)))
    if refusal is not None:
        keeper.cut(record, attempt, refusal.sentence)
        await exchange.refuse(refusal)
        return
    await exchange.answer(200, "Received.")


async def _look(keeper: Keeper, request: h11.Request) -> tuple[Refusal | None, Form | None]:
    """What the head alone tells: too big, no room, no whole file, no good form."""
    most = keeper.most_bytes
    length = int(header(request, "content-length") or 0)
    if length > most:
        return Refusal(413, f"The file is larger than {most // 1_000_000} MB."), None
    if header(request, "content-range"):
        return Refusal(400, "Send the file whole, not in parts."), None
    try:
        boundary = boundary_of(header(request, "content-type"))
        await keeper.in_thread(room, keeper.folder, length)
    except BadForm as error:
        return Refusal(400, str(error)), None
    except NoRoom as error:
        return Refusal(507, str(error)), None
    return None, None if boundary is None else Form(boundary)


async def _body(
    keeper: Keeper, exchange: Exchange, sink: Sink, form: Form | None, tell: Callable[[int], None]
) -> Refusal | None:
    """Stream the body to the disk; why it cannot be taken, None if it is."""
    taken, looked = 0, 0
    waiting = bytearray()
    try:
        while data := await exchange.body():
            taken += len(data)
            sink.came = taken
            if taken > keeper.most_bytes:
                return Refusal(413, f"The file is larger than {keeper.most_bytes // 1_000_000} MB.")
            waiting += form.feed(data) if form else data
            if len(waiting) >= CHUNK:
                await keeper.in_thread(sink.write, bytes(waiting))
                waiting.clear()
                tell(taken)
            if taken - looked >= LOOK_EVERY:
                looked = taken
                await keeper.in_thread(room, keeper.folder, 0)
        if form is not None:
            form.finish()
    except BadForm as error:
        return Refusal(400, str(error))
    if waiting:
        await keeper.in_thread(sink.write, bytes(waiting))
    return None if sink.size else Refusal(400, "Nothing was sent.")


def _disposed(request: h11.Request) -> str:
    """The file name in a Content-Disposition header, "" for none."""
    return header(request, "content-disposition").partition("filename=")[2].split(";")[0].strip(' "')


# -- out


async def _send(keeper: Keeper, exchange: Exchange, request: h11.Request, record: FileRecord) -> None:
    tag = f'"{record.sha256}"'
    size = record.bytes
    common = [("Accept-Ranges", "bytes"), ("ETag", tag), ("Content-Type", "application/octet-stream")]
    span: tuple[int, int] | None = None
    if header(request, "if-range") in ("", tag):
        try:
            span = asked_range(header(request, "range"), size)
        except Unsatisfiable:
            await exchange.answer(416, "The file ends before that.", [("Content-Range", f"bytes */{size}")])
            return
    first, end = span or (0, size)
    if span is not None:
        common.append(("Content-Range", f"bytes {first}-{end - 1}/{size}"))
    try:
        file = await keeper.in_thread((keeper.folder / record.path).open, "rb")
    except OSError:
        log.exception("firmware for %s cannot be read", record.station)
        await exchange.refuse(Refusal(410, "The file is no longer here."))
        return
    at = first
    try:
        await exchange.begin(206 if span else 200, [*common, ("Content-Length", str(end - first))])
        if request.method != b"HEAD":
            await keeper.in_thread(file.seek, first)
            while at < end:
                chunk = await keeper.in_thread(file.read, min(CHUNK, end - at))
                if not chunk:
                    raise Gone("the file became shorter")
                await exchange.write(chunk)
                at += len(chunk)
        await exchange.end()
    finally:
        if request.method != b"HEAD":
            keeper.fetched(record, first, at)
        await asyncio.shield(asyncio.ensure_future(keeper.in_thread(file.close)))

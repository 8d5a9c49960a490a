"""The local channel to a running instance: a socket only the same user can open, JSON lines both ways.

A request is `{"ask": NAME, …}`; the answer is one line `{"ok": …}` or `{"error": SENTENCE}`. `watch` answers
with lines until either side closes.
"""

import asyncio
import hashlib
import os
import socket
import struct
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from app.domain.errors import ForecourtError
from app.tasks import spawn

NAME = "control.sock"
LONGEST_LINE = 64 * 1024 * 1024
LONGEST_PATH = 100
"""Bytes; the kernel's limit for socket paths is 104 to 108."""

Answer = Callable[[Mapping[str, Any]], Awaitable[Any]]
Stream = Callable[[Mapping[str, Any]], AsyncGenerator[Any, None]]


class NotRunning(ForecourtError):
    """No instance runs on this data directory."""


def socket_path(data_dir: Path) -> Path:
    """
    Where the channel of a data directory is: inside it, or in a short folder of the user's where the path
    would be too long for the kernel.
    """
    inside = data_dir / NAME
    if len(os.fsencode(inside)) <= LONGEST_PATH:
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
    base = os.environ.get("XDG_RUNTIME_DIR") or ""
    if not base or len(os.fsencode(base)) > 60:
        base = str(Path(tempfile.gettempdir()) / f"forecourt-{os.getuid()}")
    return Path(base) / f"forecourt-{digest}.sock"


def _private_folder(folder: Path) -> None:
    """Make `folder` for this user alone; refuse one that another user made first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if about.st_uid != os.getuid():
        raise ForecourtError(f"{folder} belongs to another user, so there is no safe place for the channel.")


def same_user(peer: socket.socket) -> bool:
    """Whether the process at the other end is this user's (or root's). True where it cannot be asked."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the socket's mode, 0600, is what remains
    raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", raw)
    return uid in (os.getuid(), 0)


class ControlChannel:
    """
    The server's end. `answers` and `streams` are by name of what is asked; a ForecourtError of theirs goes
    back as its sentence.
    """

    def __init__(
        self, data_dir: Path, answers: Mapping[str, Answer], streams: Mapping[str, Stream] | None = None
    ) -> None:
        self.path = socket_path(data_dir)
        self._answers = answers
        self._streams = streams or {}
        self._server: asyncio.Server | None = None
        self._peers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """
        Listen. The caller holds the lock of the data directory, so an old socket there is a dead one.

        Raises:
            ForecourtError: there is no safe place for the socket.
        """
        _private_folder(self.path.parent)
        self.path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, str(self.path), limit=LONGEST_LINE)
        finally:
            os.umask(before)

    async def stop(self) -> None:
        """Close the socket and every conversation."""
        if self._server is None:
            return
        self._server.close()
        for writer in tuple(self._peers):
            writer.close()
        self._server = None
        self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not same_user(writer.get_extra_info("socket")):
            writer.close()
            return
        self._peers.add(writer)
        try:
            while line := await reader.readline():
                await self._answer(line, reader, writer)
        except (ConnectionError, ValueError):
            return  # the other end has gone, or sends lines without end
        finally:
            self._peers.discard(writer)
            writer.close()

    async def _answer(self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = msgspec.json.decode(line, type=dict[str, Any])
            name = request.get("ask", "")
            if name in self._streams:
                await self._stream(self._streams[name](request), reader, writer)
                return
            if name not in self._answers:
                raise ForecourtError(f"The running instance does not know {name!r}; is it an older version?")
            reply = {"ok": await self._answers[name](request)}
        except msgspec.DecodeError as exc:
            reply = {"error": f"That is no request: {exc}."}
        except ForecourtError as exc:
            reply = {"error": str(exc)}
        writer.write(_line(reply))
        await writer.drain()

    async def _stream(
        self, items: AsyncGenerator[Any, None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        async def send() -> None:
            try:
                async for item in items:
                    writer.write(_line({"ok": item}))
                    await writer.drain()
            except ForecourtError as exc:
                writer.write(_line({"error": str(exc)}))
            except ConnectionError:
                return
            finally:
                await items.aclose()

        sending = spawn(send(), name="control watch")
        try:
            await reader.read(1)  # returns when the watcher hangs up
        finally:
            sending.cancel()


def _line(value: Any) -> bytes:
    return msgspec.json.encode(value) + b"\n"


async def _connect(data_dir: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        return await asyncio.open_unix_connection(str(socket_path(data_dir)), limit=LONGEST_LINE)
    except (FileNotFoundError, ConnectionRefusedError) as exc:
        raise NotRunning(
            f"No Forecourt runs on {data_dir}; start it with `forecourt` or `forecourt serve`."
        ) from exc
    except PermissionError as exc:
        raise ForecourtError(f"The Forecourt on {data_dir} belongs to another user.") from exc


def _unwrap(line: bytes) -> Any:
    if not line:
        raise ForecourtError("The running instance stopped before it answered.")
    reply = msgspec.json.decode(line)
    if "error" in reply:
        raise ForecourtError(reply["error"])
    return reply["ok"]


async def ask(data_dir: Path, name: str, **details: Any) -> Any:
    """
    Ask the instance that runs on `data_dir`, and return its answer.

    Raises:
        NotRunning: there is none.
        ForecourtError: it refused, in its own sentence.
    """
    reader, writer = await _connect(data_dir)
    try:
        writer.write(_line({"ask": name, **details}))
        await writer.drain()
        return _unwrap(await reader.readline())
    except ConnectionError as exc:
        raise ForecourtError("The running instance stopped before it answered.") from exc
    finally:
        writer.close()


async def follow(data_dir: Path, name: str, **details: Any) -> AsyncGenerator[Any, None]:
    """What the instance streams under `name`, until it stops. Raises as `ask` does."""
    reader, writer = await _connect(data_dir)
    try:
        writer.write(_line({"ask": name, **details}))
        await writer.drain()
        while line := await reader.readline():
            yield _unwrap(line)
    except ConnectionError:
        return
    finally:
        writer.close()


def running(data_dir: Path) -> bool:
    """Whether an instance answers on the channel of `data_dir`."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(2)
            probe.connect(str(socket_path(data_dir)))
            return True
    except OSError:
        return False

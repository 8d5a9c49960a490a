"""Files on disk: streamed to a temporary name, flushed, then given their own. Runs in threads."""

import errno
import hashlib
import os
import secrets
import shutil
from pathlib import Path

from app.domain.errors import ForecourtError

SPARE_BYTES = 256 << 20
"""Room that stays free for the database, whatever a station sends."""
PART = ".part"


class NoRoom(Exception):
    """The disk has not the room; the text says it in a sentence."""


def room(folder: Path, needed: int) -> None:
    """Make sure that `needed` bytes fit.

    Raises:
        NoRoom: they do not, or the disk does not tell.
    """
    try:
        free = shutil.disk_usage(folder).free
    except OSError as exc:
        raise NoRoom(f"The disk cannot be read: {exc.strerror}.") from exc
    if free - needed < SPARE_BYTES:
        raise NoRoom(f"The disk has {free // 1_000_000} MB left, which is not enough.")


class Sink:
    """A file being written under a temporary name.

    Attributes:
        size: bytes handed in. came: bytes that have come, of which some may wait to be handed in.

    Raises (in all):
        NoRoom: the disk is full or fails.
    """

    def __init__(self, folder: Path, stem: str) -> None:
        self.size = 0
        self.came = 0
        self._hash = hashlib.sha256()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._part = folder / (stem + PART)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
            self._file = open(os.open(self._part, flags, 0o600), "wb")  # noqa: SIM115 - closed in finish, discard
        except OSError as exc:
            raise _no_room(exc) from exc

    def write(self, data: bytes) -> None:
        """Append."""
        try:
            self._file.write(data)
        except OSError as exc:
            raise _no_room(exc) from exc
        self._hash.update(data)
        self.size += len(data)

    def finish(self, ending: str) -> tuple[Path, str]:
        """Flush to the disk and give it its name; where it is, and its SHA-256."""
        path = self._part.with_suffix(ending)
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            os.replace(self._part, path)
        except OSError as exc:
            raise _no_room(exc) from exc
        return path, self._hash.hexdigest()

    def discard(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._part.unlink(missing_ok=True)


def _no_room(exc: OSError) -> NoRoom:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC):
        return NoRoom("The disk is full.")
    return NoRoom(f"The file cannot be written: {exc.strerror}.")


def copy_in(source: Path, folder: Path, ending: str) -> tuple[Path, str, int]:
    """Copy a file into `folder` under its own hash; where it is, the hash and the size.

    Raises:
        ForecourtError: it cannot be read, is empty, or there is no room for it.
    """
    try:
        size = source.stat().st_size
        if not source.is_file():
            raise ForecourtError(f"{source} is no file.")
        if size == 0:
            raise ForecourtError(f"{source} is empty.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        room(folder, size)
        sink = Sink(folder, secrets.token_hex(8))
        try:
            with source.open("rb") as file:
                while chunk := file.read(1 << 20):
                    sink.write(chunk)
            path, digest = sink.finish(ending)
        except BaseException:
            sink.discard()
            raise
    except NoRoom as exc:
        raise ForecourtError(f"{source.name} cannot be made ready for stations: {exc}") from exc
    except OSError as exc:
        raise ForecourtError(f"{source} cannot be read: {exc.strerror}.") from exc
    final = path.with_name(digest + ending)
    os.replace(path, final)
    return final, digest, size


class Copies:
    """Our own copies of files that stations fetch, each made once however many stations want it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, int, int], tuple[Path, str, int]] = {}

    def of(self, source: Path, ending: str) -> tuple[Path, str, int]:
        """Where the copy is, its SHA-256 and its size.

        Raises:
            ForecourtError: the file cannot be read, is empty, or there is no room for it.
        """
        try:
            state = source.stat()
            key = (str(source.resolve()), state.st_size, state.st_mtime_ns)
        except OSError as exc:
            raise ForecourtError(f"{source} cannot be read: {exc.strerror}.") from exc
        known = self._known.get(key)
        if known is None or not known[0].is_file():
            known = self._known[key] = copy_in(source, self._folder, ending)
        return known


def sweep_parts(folder: Path) -> int:
    """Delete what a run that ended left half written; how many there were."""
    found = list(folder.glob(f"*/*{PART}")) if folder.is_dir() else []
    for part in found:
        part.unlink(missing_ok=True)
    return len(found)


def delete(path: Path, inside: Path) -> bool:
    """Delete a file that lies in `inside`; whether it is gone."""
    if not path.resolve().is_relative_to(inside.resolve()):
        return False
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True

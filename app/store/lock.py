"""One instance a data directory: an OS lock that dies with the process, and a mark of a clean stop."""

import os
import socket
import stat
import sys
from pathlib import Path
from typing import IO

from app.domain.errors import DataDirectoryBusy, ForecourtError

LOCK = "forecourt.lock"
CLEAN = "forecourt.clean"

_SHARES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "fuse.sshfs",
     "fuse.davfs", "fuse.glusterfs", "davfs", "9p2000"}
)  # fmt: skip


class DirectoryLock:
    """Held as long as the object is open; process and host inside only for the message."""

    def __init__(self, data_dir: Path) -> None:
        self._file = _locked(data_dir / LOCK, data_dir)

    def release(self) -> None:
        """Let another instance in."""
        self._file.close()


def _locked(path: Path, data_dir: Path) -> IO[str]:
    handle = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind the text, so that others can still read who holds it.
            handle.seek(4096)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            handle.seek(0)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = handle.read(200).strip()
        handle.close()
        who = f" ({holder})" if holder else ""
        raise DataDirectoryBusy(
            f"The data directory {data_dir} is in use by another Forecourt{who}; "
            "stop that one or choose another directory with --data."
        ) from None
    handle.seek(0)
    handle.truncate()
    handle.write(f"process {os.getpid()} on {socket.gethostname()}\n")
    handle.flush()
    return handle


def holder(data_dir: Path) -> str:
    """Who holds the directory ("process 123 on host"), "" if nobody does."""
    try:
        DirectoryLock(data_dir).release()
    except DataDirectoryBusy:
        return (data_dir / LOCK).read_text().strip()
    except OSError:
        return ""
    return ""


def private_directory(data_dir: Path) -> list[str]:
    """Make the directory if need be, for its owner only; what is wrong with it, in sentences.

    Raises:
        ForecourtError: it cannot be made or lies on a network share.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ForecourtError(
            f"The data directory {data_dir} cannot be made: {error.strerror or error}; "
            "choose another with --data."
        ) from error
    if (share := network_share(data_dir)) is not None:
        raise ForecourtError(
            f"The data directory {data_dir} lies on a network share ({share}), where a database is not "
            "safe; choose one on this machine's own disk with --data."
        )
    if os.name == "posix" and (mode := stat.S_IMODE(data_dir.stat().st_mode)) & 0o077:
        return [
            f"The data directory {data_dir} can be entered by others (mode {mode:o}); "
            f"close it with: chmod 700 {data_dir}"
        ]
    return []


def network_share(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """The kind of network file system a path lies on; None if local or not to be told."""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return None
    target = path.resolve()
    best: tuple[int, str] = (-1, "")
    for line in lines:
        parts = line.split()
        if len(parts) < 3:
            continue
        point = Path(parts[1].replace("\\040", " "))
        if target.is_relative_to(point) and len(point.parts) >= best[0]:
            best = (len(point.parts), parts[2])
    return best[1] if best[1] in _SHARES else None


def take_clean_mark(data_dir: Path) -> bool:
    """Whether the last stop was clean. The mark is gone afterwards: from now on a stop is not."""
    try:
        (data_dir / CLEAN).unlink()
    except FileNotFoundError:
        return False
    sync_directory(data_dir)
    return True


def leave_clean_mark(data_dir: Path) -> None:
    """Say that all is closed in order."""
    os.close(os.open(data_dir / CLEAN, os.O_CREAT | os.O_WRONLY, 0o600))


def sync_directory(path: Path) -> None:
    """Make renames and removals in a directory last."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""Where a person's Forecourt keeps its files, and who may read them."""

import os
import stat
import sys
from pathlib import Path

from app.domain.errors import ForecourtError


def default_data_dir(name: str = "forecourt") -> Path:
    """The platform's place for a program's data: XDG on Linux, Application Support, LocalAppData."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / name
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / name
    base = os.environ.get("XDG_DATA_HOME", "")
    root = Path(base) if base.startswith("/") else Path.home() / ".local" / "share"
    return root / name


def prepare(data_dir: Path) -> None:
    """
    Make `data_dir` (0700) where it is missing, and have all files we write be 0600.

    Raises:
        ForecourtError: it cannot be made or is not a folder.
    """
    if hasattr(os, "umask"):
        os.umask(0o077)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        reason = exc.strerror or "it is not possible"
        raise ForecourtError(
            f"The data directory {data_dir} cannot be made ({reason}). Choose another with --data."
        ) from exc


def readable_by_others(path: Path) -> bool:
    """Whether people other than the owner may read or write `path` (always False on Windows)."""
    if sys.platform == "win32" or not path.exists():
        return False
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)

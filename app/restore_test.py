"""Proves a backup by putting it back: into a directory of its own, where nothing runs, and reading it."""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import ForecourtError
from app.store.backup import backups, check_copy, restore
from app.store.connect import FILE


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back from a backup. `newest_ms` is the last message in it; None where it holds none."""

    file: Path
    size: int
    stations: int
    sessions: int
    newest_ms: int | None


def restore_newest(data_dir: Path) -> Restored:
    """Restore the newest backup into a temporary directory, check it thoroughly, and count what is in it.

    For a worker thread; the running database is not touched.

    Raises:
        ForecourtError: there is no backup, or it does not come back whole.
    """
    known = backups(data_dir)
    if not known:
        raise ForecourtError("There is no backup to test yet. Take one first.")
    file = known[0]
    try:
        with tempfile.TemporaryDirectory(prefix="forecourt-restore-") as folder:
            target = Path(folder)
            restore(target, file)
            check_copy(target / FILE, thorough=True)
            with closing(sqlite3.connect(f"{(target / FILE).as_uri()}?mode=ro", uri=True)) as copy:
                stations, sessions, newest = (
                    copy.execute(query).fetchone()[0]
                    for query in (
                        "SELECT count(*) FROM station",
                        "SELECT count(*) FROM session",
                        "SELECT max(at_ms) FROM journal",
                    )
                )
    except (OSError, sqlite3.Error) as error:
        raise ForecourtError(f"{file.name} could not be put back: {error}.") from error
    return Restored(file, file.stat().st_size, stations, sessions, newest)

"""A backup is proved by putting it back; one that was changed, or none at all, is said."""

from pathlib import Path

import pytest

from app.domain.errors import ForecourtError
from app.restore_test import restore_newest
from app.store.backup import daily
from tests.app.analytics.past import MIDNIGHT, a_past


def test_the_newest_backup_comes_back_whole_and_is_counted(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + 1, 5_000)
        past.message("S1", MIDNIGHT + 7, "[2]")
        past.writer.flush()
        daily(tmp_path, "2026-01-02")
        found = restore_newest(tmp_path)
    assert (found.stations, found.sessions, found.newest_ms) == (1, 1, MIDNIGHT + 7)
    assert found.file.name == "daily-2026-01-02.db"
    assert found.size > 0


def test_a_backup_that_was_changed_is_found_out(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.writer.flush()
        daily(tmp_path, "2026-01-02")
    file = tmp_path / "backups" / "daily-2026-01-02.db"
    file.write_bytes(file.read_bytes()[:-4096] + b"x" * 4096)
    with pytest.raises(ForecourtError, match="SHA-256 differs"):
        restore_newest(tmp_path)


def test_no_backup_is_said(tmp_path: Path) -> None:
    with pytest.raises(ForecourtError, match="no backup to test"):
        restore_newest(tmp_path)

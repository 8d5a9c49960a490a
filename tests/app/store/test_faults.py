"""Disks that fail: nothing is acknowledged that is not kept, the cause is told, and it mends by itself."""

import sqlite3
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.errors import CannotRecord
from app.store import tables
from app.store.writer import Writer
from tests.app.store.test_writer import Outcomes, count, row, session, writing

FAULT: dict[str, int] = {}
"""The statement that fails now, with the error it fails with."""


class FailingCursor(sqlite3.Cursor):
    """A cursor whose disk fails at the statement in FAULT."""

    __module__ = "sqlite3"

    def execute(self, text: str, *values: Any) -> sqlite3.Cursor:
        if text in FAULT:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = FAULT[text], "SQLITE_IOERR_FSYNC"
            raise error
        return super().execute(text, *values)


class FailingConnection(sqlite3.Connection):
    """A connection that gives such cursors."""

    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(FailingCursor)


class States:
    """What the writer told of its recording, to wait for."""

    def __init__(self) -> None:
        self.told: list[tuple[bool, str]] = []
        self._changed = threading.Condition()

    def __call__(self, recording: bool, cause: str) -> None:
        with self._changed:
            self.told.append((recording, cause))
            self._changed.notify_all()

    def wait(self, recording: bool) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.told[-1:] and self.told[-1][0] is recording, 20)


def lose_and_mend(writer: Writer, outcomes: Outcomes, states: States, mend: Any) -> None:
    """One message before, one in the fault, one after it."""
    writer.submit([row(2)], [session(2)], outcomes.of(2))
    outcomes.wait(2)
    assert isinstance(outcomes.errors[2], CannotRecord)
    assert not writer.recording
    states.wait(False)
    mend()
    states.wait(True)
    writer.submit([row(3)], [session(3)], outcomes.of(3))
    outcomes.wait(3)
    assert outcomes.errors == {1: None, 2: outcomes.errors[2], 3: None}


@pytest.mark.parametrize("statement", ["COMMIT", "BEGIN IMMEDIATE"])
def test_an_error_of_the_disk_loses_no_acknowledged_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    failing = partial(sqlite3.connect, factory=FailingConnection)
    states = States()
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", failing)
        with writing(tmp_path, on_recording=states) as (store, writer, outcomes):
            writer.submit([row(1)], [session(1)], outcomes.of(1))
            outcomes.wait(1)
            FAULT[statement] = sqlite3.SQLITE_IOERR | (4 << 8)
            try:
                lose_and_mend(writer, outcomes, states, FAULT.clear)
            finally:
                FAULT.clear()
            assert "check the disk" in states.told[0][1]
            with store.connect() as c:
                assert c.execute(select(tables.session.c.session)).scalars().all() == [1, 3]
                assert len(c.execute(select(tables.blind)).all()) == 1


def test_a_database_that_became_read_only_says_so_and_goes_on_when_it_is_not(tmp_path: Path) -> None:
    states = States()
    with writing(tmp_path, on_recording=states) as (store, writer, outcomes):
        writer.submit([row(1)], [session(1)], outcomes.of(1))
        outcomes.wait(1)
        writer.call(lambda group: group.cursor.execute("PRAGMA query_only=ON"))
        mend = partial(writer.call, lambda group: group.cursor.execute("PRAGMA query_only=OFF"))
        lose_and_mend(writer, outcomes, states, mend)
        assert "read-only" in states.told[0][1]
        assert count(store, tables.session) == 2

"""The writer without a thread, for replay, verify and a demo's past: the caller's own thread writes."""

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect

from app.domain.errors import CannotRecord
from app.domain.records import JournalRow, Record
from app.store.groups import Done, GroupWriter, Item
from app.store.writer import Job

log = logging.getLogger("forecourt.store")


class InlineWriter:
    """Has `Writer`'s interface. `done(None)` comes at once, the commit every `every` messages.

    What is not yet committed is lost with the process: whoever replays begins again. Call
    `flush()` before reading what was submitted. Errors of the disk end as `CannotRecord` from
    `submit` or `flush`; a single message that cannot be kept is logged and counted in `failed`.
    """

    recording = True
    cause = ""

    def __init__(self, connection: Any, dialect: Dialect, *, every: int = 2_000) -> None:
        self._every = every
        self._items: list[Item] = []
        self._group = GroupWriter(connection, dialect)
        self.commits = 0
        self.committed = 0
        self.failed = 0

    @property
    def depth(self) -> int:
        """Always 0: nothing waits for another thread."""
        return 0

    def start(self) -> None:
        """Nothing to start."""

    def submit(
        self, journal: Sequence[JournalRow], records: Sequence[Record] = (), done: Done | None = None
    ) -> None:
        """Hand in one message."""
        self._items.append((journal, records, None))
        if len(self._items) >= self._every:
            self.flush()
        if done is not None:
            done(None)

    def flush(self, timeout_s: float = 60) -> None:
        """Commit what was handed in."""
        if not self._items:
            return
        group, self._items = self._items, []
        try:
            errors = self._group.write(group)
        except Exception as error:
            raise CannotRecord(f"Nothing can be recorded: the database says “{error}”.") from error
        self.commits += 1
        for poison in errors:
            if poison is None:
                self.committed += 1
            else:
                self.failed += 1
                log.error("one message could not be kept: %s: %s", type(poison).__name__, poison)

    def call(self, job: Job, timeout_s: float = 600) -> Any:
        """Run `job(group)` now, after what was handed in."""
        self.flush()
        return job(self._group)

    def stop(self, timeout_s: float = 30) -> None:
        """Commit the rest."""
        self.flush()

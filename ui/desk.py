"""What the window knows of the desk: the newest commands and every batch, kept current by the bridge."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.operations import BatchView
from app.domain.records import CommandRecord
from ui.models.desk_words import RUNNING

KEEP = 5_000
"""Commands kept in memory; the whole log is on disk."""


class DeskBook(QObject):
    """Commands and batches as they stand now. Only what was heard since the window opened, and what
    pages read from the log and put in with `know`."""

    changed = Signal(object)
    """DeskChanges that were just taken in; None after what was there before was read."""

    def __init__(self, bridge: Any) -> None:
        super().__init__()
        self._bridge = bridge
        self.commands: dict[int, CommandRecord] = {}
        self.batches: dict[int, BatchView] = {}
        bridge.commanded.connect(self._take)
        bridge.started.connect(self._ask)

    def running(self) -> list[BatchView]:
        """Batches under way, oldest first."""
        return [batch for _, batch in sorted(self.batches.items()) if batch.state in RUNNING]

    def of_batch(self, batch: int) -> list[CommandRecord]:
        """The commands of a batch to its stations, in the order they were asked; not the batch itself."""
        mine = (record for _, record in sorted(self.commands.items()) if record.batch == batch)
        return [record for record in mine if record.station]

    def know(self, records: Iterable[CommandRecord]) -> None:
        """Take in what was read from the log; what was heard since is newer and stays."""
        for record in records:
            self.commands.setdefault(record.command, record)
        self._forget()

    def _forget(self) -> None:
        surplus = len(self.commands) - KEEP
        if surplus > 0:
            for number in sorted(self.commands)[:surplus]:
                del self.commands[number]

    def _take(self, changes: Any) -> None:
        for record in changes.commands:
            self.commands[record.command] = record
        for batch in changes.batches:
            self.batches[batch.batch] = batch
        self._forget()
        self.changed.emit(changes)

    def _ask(self) -> None:
        self._bridge.run(_batches, self._know_batches, lambda _sentence: None, key="desk/batches")

    def _know_batches(self, batches: tuple[BatchView, ...] | None) -> None:
        for batch in batches or ():
            self.batches.setdefault(batch.batch, batch)
        if batches:
            self.changed.emit(None)


async def _batches(room: Any) -> tuple[BatchView, ...]:
    desk = getattr(room, "desk", None)
    return tuple(desk.batches()) if desk is not None else ()


def newest_commands(connection: Any, limit: int) -> list[CommandRecord]:
    """The newest commands of all stations, for a reader thread."""
    # What reads the store is not loaded before the first paint.
    from app.analytics import questions

    return questions.commands(connection, limit=limit)

"""Carries what became of commands and batches to whoever watches; the last word on each wins."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.operations import BatchView
from app.domain.records import CommandRecord


@dataclass(frozen=True, slots=True)
class DeskChanges:
    """Commands and batches that changed since the last take, each as it stands now, in order of number."""

    commands: tuple[CommandRecord, ...] = ()
    batches: tuple[BatchView, ...] = ()


class DeskSubscription:
    """One watcher. `put` is called on the core's loop, `take` from any thread."""

    __slots__ = ("_batches", "_closed", "_commands", "_lock")

    def __init__(self, closed: Callable[["DeskSubscription"], None]) -> None:
        self._lock = threading.Lock()
        self._closed = closed
        self._commands: dict[int, CommandRecord] = {}
        self._batches: dict[int, BatchView] = {}

    def take(self) -> DeskChanges | None:
        """What changed since the last take; None if nothing did."""
        with self._lock:
            if not self._commands and not self._batches:
                return None
            commands, self._commands = self._commands, {}
            batches, self._batches = self._batches, {}
        return DeskChanges(
            tuple(commands[n] for n in sorted(commands)), tuple(batches[n] for n in sorted(batches))
        )

    def put(self, command: CommandRecord | None = None, batch: BatchView | None = None) -> None:
        """Add a change to those that wait."""
        with self._lock:
            if command is not None:
                self._commands[command.command] = command
            if batch is not None:
                self._batches[batch.batch] = batch

    def close(self) -> None:
        """Stop watching."""
        self._closed(self)


class DeskFeed:
    """Tells all watchers."""

    def __init__(self) -> None:
        self._watchers: tuple[DeskSubscription, ...] = ()

    def subscribe(self) -> DeskSubscription:
        """Watch what changes from now on."""
        made = DeskSubscription(self._leave)
        self._watchers = (*self._watchers, made)
        return made

    def command(self, record: CommandRecord) -> None:
        """A command changed."""
        for watcher in self._watchers:
            watcher.put(command=record)

    def batch(self, view: BatchView) -> None:
        """A batch changed."""
        for watcher in self._watchers:
            watcher.put(batch=view)

    def _leave(self, gone: DeskSubscription) -> None:
        self._watchers = tuple(w for w in self._watchers if w is not gone)

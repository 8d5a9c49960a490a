"""What the core tells of the costs while they are watched: how far computing is, which months changed,
the rates that hold, and what came of early warnings."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from app.analytics.costs.assumptions import AssumptionSet, assumption_set
from app.analytics.costs.kept import rates_of
from app.analytics.early_warnings import EarlyWarnings, early_warnings
from app.analytics.questions import current_entries
from ui.models.cost_actions import KIND, Done, done_of
from ui.shell.page import Workspace


class Progress(Protocol):
    """How far computing is: `done` of `period` 0 to 1, `left` months after it, `failed` a sentence."""

    running: bool
    period: str
    done: float
    left: int
    failed: str


class _Idle:
    running, period, done, left, failed = False, "", 0.0, 0, ""


class CostFeed(QObject):
    """Watches from `begin` to `end`."""

    changed = Signal(object)
    """Periods that were computed anew."""
    marked = Signal()
    """Other actions than before are marked as done."""

    warned = Signal()
    """What came of the early warnings that were asked for is known."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._watch: Any = None
        self._wanted = False
        self._last: Progress = _Idle()
        self.held: AssumptionSet = assumption_set(())
        """The rates that hold; the defaults until they were read."""
        self.done: Mapping[str, Done] = {}
        """The actions that were marked as done, by key."""
        self._asked: tuple[int, int, str] | None = None
        self._early: EarlyWarnings | None = None

    def begin(self) -> None:
        """Watch from now on."""
        self._wanted = True
        self._asked = None
        self.read_rates()
        if self._watch is None:
            self._workspace.bridge.run(_subscribe, done=self._take_watch)

    def end(self) -> None:
        """Watch no more."""
        self._wanted = False
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def read_rates(self) -> None:
        """Read the rates that hold."""
        self._workspace.bridge.query("costs/rates", rates_of, done=self._take_rates)
        self._workspace.bridge.query("costs/done", _marks, done=self._take_done)

    def early(self, from_ms: int, to_ms: int, now_ms: int, site: str) -> EarlyWarnings | None:
        """What came of the early warnings of [from, to), as the maintenance list tells it; None until it was
        read, and `warned` is told then."""
        asked = (from_ms, to_ms, site)
        if asked != self._asked:
            self._asked, self._early = asked, None
            self._workspace.bridge.query(
                "costs/early", early_warnings, from_ms, min(to_ms, now_ms), now_ms, site,
                done=partial(self._take_early, asked),
            )  # fmt: skip
        return self._early

    def cancel(self) -> None:
        """Compute no further; what is done stays."""
        self._workspace.bridge.run(_cancel, failed=self._workspace.toast)

    def take(self) -> Progress:
        """How far computing is now; tells `changed` first."""
        news = self._watch.take() if self._watch is not None else None
        if news is not None:
            self._last = news.progress
            if news.changed:
                self.read_rates()
                self._asked = None
                self.changed.emit(news.changed)
        return self._last

    def _take_watch(self, watch: Any) -> None:
        if watch is None:
            return
        if self._wanted and self._watch is None:
            self._watch = watch
        else:
            watch.close()

    def _take_done(self, found: Mapping[str, Done]) -> None:
        if found != self.done:
            self.done = found
            self.marked.emit()

    def _take_early(self, asked: tuple[int, int, str], found: EarlyWarnings) -> None:
        if asked == self._asked:
            self._early = found
            self.warned.emit()

    def _take_rates(self, held: AssumptionSet) -> None:
        self.held = held


def _marks(connection: Any) -> Mapping[str, Done]:
    return done_of(current_entries(connection, KIND))


async def _subscribe(room: Any) -> Any:
    return room.costs.subscribe()


async def _cancel(room: Any) -> None:
    room.costs.cancel()

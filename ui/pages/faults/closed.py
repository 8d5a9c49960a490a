"""Closed faults, a page at a time, newest first; and one that is no longer held live."""

from collections.abc import Callable
from typing import Protocol

from app.analytics.fault_effects import ClosedPage, closed_page
from app.analytics.fault_history import FaultDetail, fault_detail
from app.faults.views import FaultView
from ui.models.fault_queue import QueueRow
from ui.shell.page import Workspace


class Show(Protocol):
    """Shows rows."""

    def __call__(self, rows: list[QueueRow], *, more: bool, failure: str) -> None:
        """These rows; whether there are more; why they could not be read."""


class ClosedList:
    """What was read so far of the closed faults that fit a filter."""

    def __init__(self, workspace: Workspace, show: Show) -> None:
        self._workspace, self._show = workspace, show
        self._text = ""
        self._rows: list[QueueRow] = []
        self._after: tuple[int, int] | None = None
        self._asking = False

    def begin(self, text: str) -> None:
        """Read from the newest."""
        self._text, self._rows, self._after = text, [], None
        self._asking = False
        self._ask(None)

    def ask_more(self) -> None:
        """The next page, if there is one and none is under way."""
        if self._after is not None and not self._asking:
            self._ask(self._after)

    def one(self, fault: int, done: Callable[[FaultView | None], None]) -> None:
        """A fault of the store by its number."""
        bridge, now = self._workspace.bridge, self._workspace.now_ms()

        def take(detail: FaultDetail | None) -> None:
            done(None if detail is None else FaultView(detail.fault, len(detail.children)))

        bridge.query("faults/one", fault_detail, fault, now, done=take, failed=self._workspace.toast)

    def _ask(self, before: tuple[int, int] | None) -> None:
        self._asking = True
        self._workspace.bridge.query(
            "faults/closed", closed_page, self._text, before, done=self._take, failed=self._failed
        )

    def _take(self, page: ClosedPage) -> None:
        self._asking = False
        self._rows += [QueueRow("closed", FaultView(record)) for record in page.faults]
        self._after = page.after
        self._show(list(self._rows), more=page.after is not None, failure="")

    def _failed(self, sentence: str) -> None:
        self._asking = False
        self._show(list(self._rows), more=False, failure=sentence)

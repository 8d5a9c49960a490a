"""How the window comes to its pages: when their modules are loaded, and what stands there meanwhile."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.shell.navigation import PageSpec, load_all
from ui.shell.page import Page
from ui.shell.starting import Starting


class Arriving(QObject):
    """Loads pages where that does not hold up stations, and shows how far a long start is.

    Args:
        stack: where the pages stand.
        bridge: tells how the core's start goes, and has a worker.
        page: the page in view, if there is one.
        open_first: opens the first page, by its route.
    """

    def __init__(
        self,
        stack: QStackedWidget,
        bridge: Any,
        page: Callable[[], Page | None],
        open_first: Callable[[str], None],
    ) -> None:
        super().__init__(stack)
        self._stack, self._bridge, self._page, self._open_first = stack, bridge, page, open_first
        self._first: PageSpec | None = None
        self._unloaded = True
        self._card: Starting | None = None
        bridge.changed.connect(self._load_first)
        bridge.progressed.connect(self._progress)
        bridge.started.connect(self._arrived)
        bridge.failed.connect(self._arrived)

    def begin(self, first: PageSpec | None) -> None:
        """Have this page loaded first."""
        self._first = first

    def in_view(self, page: Page) -> QWidget:
        """What stands where a page was opened: what a long start has done so far, as until it is over a page
        has nothing to show."""
        return self._card or page

    def _load_first(self, _changes: object) -> None:
        """Load and open the first page, as soon as the core's modules are loaded, which stations wait for."""
        first, self._first = self._first, None
        if first is not None:

            def loaded(_: object) -> None:
                if self._page() is None:
                    self._open_first(first.route)

            self._bridge.work(first.load, done=loaded, failed=loaded)

    def _load_pages(self) -> None:
        """Load the other pages, once stations are let in: beside the core's start it held that up."""
        if self._unloaded:
            self._unloaded = False
            self._bridge.work(load_all)

    def _progress(self, part: float, doing: str) -> None:
        if self._card is None:
            self._load_pages()
            self._card = Starting(self._stack)
            self._stack.addWidget(self._card)
            self._stack.setCurrentWidget(self._card)
        self._card.show_part(part, doing)

    def _arrived(self, _cause: str = "") -> None:
        """The start is over, well or not."""
        self._load_pages()
        card, self._card = self._card, None
        if card is not None:
            self._stack.removeWidget(card)
            card.deleteLater()
            page = self._page()
            if page is not None:
                self._stack.setCurrentWidget(page)

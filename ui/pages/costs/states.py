"""The states of the page around its content: reading, unread, nothing known, no charger yet; and a notice."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.analytics.costs.books import Books
from app.domain.status import Shown
from ui.models.cost_words import month_name
from ui.pages.costs.feed import Progress
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.widgets.buttons import Button
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.notices import Banner, EmptyState, LoadingBlocks


class ComputingNotice(Banner):
    """How far computing is, or why it ended; hidden when every month is there."""

    cancel_asked = Signal()
    again_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Shown.UNKNOWN, "", parent=parent)
        self.cancel, self.again = Button("Cancel"), Button("Compute", "secondary", "refresh-cw")
        for button in (self.cancel, self.again):
            self.add_button(button)
            button.hide()
        self.cancel.clicked.connect(self.cancel_asked)
        self.again.clicked.connect(self.again_asked)
        self.hide()

    def follow(self, progress: Progress, books: Books | None) -> None:
        """Tell how far it is."""
        if progress.failed:
            self.say(Shown.FAULTED, progress.failed, "What was computed before is shown.", again=True)
        elif progress.running:
            left = f", {count(progress.left, 'month')} after it" if progress.left else ""
            done = f"{round(progress.done * 100)}% of {month_name(progress.period)}"
            text = "Months that are not computed yet are left open, not zero."
            self.say(Shown.UNKNOWN, f"Computing: {done}{left}", text, cancel=True)
        elif books is not None and (books.missing or books.stale):
            told = [f"{count(len(books.missing), 'month')} not computed yet"] if books.missing else []
            if books.stale:
                told.append(f"{count(len(books.stale), 'month')} from before the last change")
            self.say(Shown.UNKNOWN, ", ".join(told), "", again=True)
        else:
            self.hide()

    def say(self, shown: Shown, title: str, text: str, *, cancel: bool = False, again: bool = False) -> None:
        """Say something above the content."""
        self.show_notice(shown, title, text)
        self.cancel.setVisible(cancel)
        self.again.setVisible(again)
        self.show()


class States(QWidget):
    """The content, or what stands in its place."""

    again_asked = Signal()
    newest_asked = Signal()
    cancelled = Signal()

    def __init__(self, workspace: Workspace, content: QWidget) -> None:
        super().__init__()
        self._workspace = workspace
        self.content = content
        self.loading = LoadingBlocks()
        retry = Button("Try again", "primary", "refresh-cw")
        retry.clicked.connect(self.again_asked)
        self.unread = EmptyState("database", "The costs could not be read", buttons=(retry,))
        self.newest = Button("Show the newest month", "primary")
        self.newest.clicked.connect(self.newest_asked)
        self.nothing = EmptyState(
            "coins", "Nothing is known of this month",
            "Costs are told from sessions and faults; before the first of them there is nothing to tell.",
            buttons=(self.newest,),
        )  # fmt: skip
        self.first = ConnectFirst(workspace, "No cost can be told yet")
        self._stack = QStackedLayout(self)
        for widget in (content, self.loading, self.unread, self.nothing, self.first):
            self._stack.addWidget(widget)
        self.loading.cancelled.connect(self.cancelled)

    def show_content(self) -> None:
        """The content is there."""
        self.loading.stop()
        self._stack.setCurrentWidget(self.content)

    def show_loading(self) -> None:
        """It is read or computed."""
        if self._stack.currentWidget() is not self.loading:
            self.loading.start()
        self._stack.setCurrentWidget(self.loading)

    def show_unread(self, sentence: str) -> None:
        """It could not be read."""
        self.loading.stop()
        self.unread.say("The costs could not be read", sentence)
        self._stack.setCurrentWidget(self.unread)

    def show_nothing(self, *, newer: bool) -> None:
        """There is nothing to tell: no charger yet, or no history of the month; `newer`: one is known."""
        self.loading.stop()
        self.newest.setVisible(newer)
        nobody = not self._workspace.picture.stations
        if nobody:
            self.first.show_server(self._workspace.picture.server, self._workspace.now_ms())
        self._stack.setCurrentWidget(self.first if nobody else self.nothing)

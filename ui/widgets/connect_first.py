"""What every page shows before the first charger: the exact address, and ways to see it work."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.errors import ForecourtError
from app.domain.status import Shown
from app.fleet.views import ServerView
from app.onboarding.addresses import address_for
from app.tasks import spawn
from ui.shell.page import Workspace
from ui.simulated import start_one
from ui.theme.formats import duration
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.notices import Banner, EmptyState, LoadingBlocks

ROOT = Path(__file__).resolve().parents[2]
"""Where `ui` is imported from."""


class AddressLine(QWidget):
    """One address to type into a charger, with Copy."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.field = TextField("Address to type into the charger", mono=True)
        self.field.setReadOnly(True)
        self.field.setMinimumWidth(330)
        copy = Button("Copy", icon="copy")
        copy.clicked.connect(self.copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(copy)

    def show_address(self, url: str) -> None:
        """Show an address; the identity is to be added by the charger or at its end."""
        if self.field.text() != url:
            self.field.setText(url)
            self.field.setCursorPosition(0)

    def copy(self) -> None:
        """Put the address on the clipboard."""
        QGuiApplication.clipboard().setText(self.field.text())
        self._workspace.toast("The address is on the clipboard.")


class ConnectFirst(QWidget):
    """No charger has called yet: where to, and a simulated one to look around."""

    simulated = Signal()

    def __init__(self, workspace: Workspace, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._title = title
        self._broken = False
        self.address = AddressLine(workspace)
        self.simulate = Button("Start a simulated charger", "primary", "zap")
        self.simulate.clicked.connect(self._simulate)
        choose = Button("Choose the address…", icon="network")
        choose.clicked.connect(lambda: workspace.go("onboarding"))
        demo = Button("Open the demo", "quiet", "monitor")
        demo.setToolTip(
            "48 simulated stations with a past of 90 days, in a window and a data directory of their own"
        )
        demo.clicked.connect(self._open_demo)
        self._failure = Banner(Shown.FAULTED, "")
        self._empty = EmptyState("cable", title, buttons=(self.simulate, choose, demo), extra=self.address)
        self._loading = LoadingBlocks()
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._loading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._failure)
        column.addWidget(holder, 1)
        self._failure.hide()

    def show_server(self, server: ServerView, now_ms: int) -> None:
        """Say where the server listens, or why it does not."""
        starting = server.state == "starting"
        if starting != (self._stack.currentWidget() is self._loading):
            self._stack.setCurrentWidget(self._loading if starting else self._empty)
            (self._loading.start if starting else self._loading.stop)()
        broken = server.state == "failed"
        if broken != self._broken:
            self._broken = broken
            self.simulate.setEnabled(not broken)
        self._failure.setVisible(broken)
        if broken:
            cause = server.cause or "The server does not run"
            self._failure.show_notice(Shown.FAULTED, cause, "No charger can connect until this is solved.")
        self.address.setVisible(bool(server.urls))
        if broken:
            # Nothing was read, so that nobody knows whether a charger has called.
            self._empty.say("The server did not start", "What is known of your stations shows once it runs.")
            return
        if not server.urls:
            self._empty.say(self._title, "The server does not listen yet.")
            return
        self.address.show_address(address_for(server.urls[0]))
        since = duration(max(0, now_ms - server.started_ms))
        listened = f"The server has listened for {since}. " if server.started_ms else ""
        self._empty.say(
            self._title,
            f"{listened}Type this address into the first charger; it adds its "
            "own identity at the end (or add it yourself). A simulated charger shows how it looks.",
        )

    def _simulate(self) -> None:
        spawn(self._start_one(), name="window: first charger")

    async def _start_one(self) -> None:
        self.simulate.setEnabled(False)
        try:
            await self._workspace.bridge.reach(start_one)
        except ForecourtError as error:
            self._failure.show_notice(Shown.FAULTED, str(error))
            self._failure.show()
            return
        finally:
            self.simulate.setEnabled(True)
        self._workspace.toast("A simulated charger is calling. It asks to be let in like any other.")
        self.simulated.emit()

    def _open_demo(self) -> None:
        # A port of its own: ours is taken, by us.
        words = ["-m", "ui.launch", "demo", "--listen", "127.0.0.1:0"]
        started, _pid = QProcess.startDetached(sys.executable, words, str(ROOT))
        self._workspace.toast(
            "The demo opens in a window of its own." if started else "The demo could not be started."
        )

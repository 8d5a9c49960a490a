"""How the window goes: asks first, keeps serving in the tray, or stops the core and then ends."""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.shell import closing
from ui.shell.page import Workspace

log = logging.getLogger("forecourt.ui.leaving")

PATIENCE_MS = 20_000
"""So long the core may take to stop before the program ends without it."""


class Leaving(QObject):
    """Decides what closing the window does, by `window.on_close` or by asking.

    Args:
        window: hidden in the tray, covered by the question.
        workspace: settings and the core.
        ready: called once the core has stopped, before the window goes.
        shown: called when the window comes back from the tray.
    """

    left = Signal()

    def __init__(
        self, window: QWidget, workspace: Workspace, ready: Callable[[], None], shown: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        self._bridge: Any = workspace.bridge
        self._ready, self._shown = ready, shown
        self._tray: closing.Tray | None = None
        self._stopping = False
        self.over = False
        """Whether the window may close now."""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._give_up)
        self._bridge.stopped.connect(self._stopped)
        self._bridge.stop_asked.connect(self.leave)

    def asked(self) -> None:
        """The window was asked to close."""
        if self._stopping:
            return
        choice = self._workspace.settings.window.on_close
        if not self._bridge.running or choice == "stop":
            self.leave()
        elif choice == "tray" and closing.tray_here():
            self.keep_in_tray()
        else:
            closing.ask(self._window, self._bridge.picture, self._decided, self._remember)

    def _remember(self, choice: str) -> None:
        self._workspace.set_setting("window.on_close", choice)

    def _decided(self, choice: str) -> None:
        if choice == "tray":
            self.keep_in_tray()
        else:
            self.leave()

    def keep_in_tray(self) -> None:
        """Hide the window; the server goes on."""
        if self._tray is None:
            self._tray = closing.Tray(self.come_back, self.leave, self)
        self._tray.show(self._bridge.picture)
        self._window.hide()

    def come_back(self) -> None:
        """Show the window again."""
        if self._tray is not None:
            self._tray.hide()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._shown()

    def tell_tray(self) -> None:
        """Let the tray say how many are connected now."""
        if self._tray is not None:
            self._tray.tell(self._bridge.picture)

    def leave(self) -> None:
        """Stop the core, then close. The window stays until then."""
        if self._stopping:
            return
        self._stopping = True
        self._window.setEnabled(False)
        self._workspace.toast("Stopping the server…")
        self._patience.start()
        self._bridge.stop()

    def _stopped(self) -> None:
        if not self._stopping or self.over:
            return
        self._patience.stop()
        self.over = True
        self._ready()
        if self._tray is not None:
            self._tray.hide()
        self._window.close()
        self.left.emit()

    def _give_up(self) -> None:
        log.error("the server did not stop within %s s; the window ends without it", PATIENCE_MS // 1000)
        self._stopped()

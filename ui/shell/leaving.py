"""How the window goes: asks first, keeps serving in the tray, or stops the core and then ends."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.tasks import spawn, stop_all
from ui.shell import closing
from ui.shell.page import Workspace

log = logging.getLogger("forecourt.ui.leaving")

PATIENCE_S = 20.0
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
        self._asking = self._stopping = False
        self.over = False
        """Whether the window may close now."""
        self.patience_s = PATIENCE_S
        self._bridge.stop_asked.connect(self.leave)

    def asked(self) -> None:
        """The window was asked to close."""
        if not self._stopping and not self._asking:
            self._asking = True
            spawn(self._decide(), name="leaving: what shall closing mean")

    async def _decide(self) -> None:
        try:
            choice = await self._choice()
        finally:
            self._asking = False
        if choice == "tray":
            self.keep_in_tray()
        elif choice == "stop":
            self.leave()

    async def _choice(self) -> str | None:
        """ "tray", "stop", or None to stay."""
        choice = self._workspace.settings.window.on_close
        if not self._bridge.running or choice == "stop":
            return "stop"
        if choice == "tray" and closing.tray_here():
            return "tray"
        sheet = closing.question(self._window, self._bridge.picture)
        answer: closing.Answer | None = await sheet.answer()
        if answer is None:
            return None
        if answer.always:
            self._workspace.set_setting("window.on_close", answer.choice)
        return answer.choice

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
        if not self._stopping:
            self._stopping = True
            spawn(self._leave(), name="leaving")

    async def _leave(self) -> None:
        """No new wishes, no more flows; the core stops while this loop turns; then the window goes."""
        self._window.setEnabled(False)
        self._workspace.toast("Stopping the server…")
        await stop_all("window: ", timeout_s=1)
        stopped = asyncio.Event()
        self._bridge.stopped.connect(stopped.set)
        self._bridge.stop()
        try:
            async with asyncio.timeout(self.patience_s):
                await stopped.wait()
        except TimeoutError:
            log.error("the server did not stop within %s s; the window ends without it", self.patience_s)
        self.over = True
        self._ready()
        if self._tray is not None:
            self._tray.hide()
        self._window.close()
        self.left.emit()

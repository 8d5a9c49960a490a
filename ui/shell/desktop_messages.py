"""Messages of notification rules for who sits here: by the desktop's tray, else in the window."""

from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from app.domain.status import Shown
from ui.shell.closing import app_icon, tray_here

ASK_MS = 2_000
SHOWN_MS = 15_000


class DesktopMessages(QObject):
    """Asks the core for messages every two seconds while it runs, and shows them.

    Args:
        window: whose toast is used.
        workspace: the core behind its bridge; a click opens the faults page.
    """

    def __init__(self, window: QWidget, workspace: Any) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._icon: QSystemTrayIcon | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(ASK_MS)
        self._timer.timeout.connect(self.ask)
        workspace.bridge.started.connect(self._timer.start)
        workspace.bridge.stopped.connect(self._timer.stop)

    def ask(self) -> None:
        """Take what waits."""
        self._workspace.bridge.run(
            _taken, done=self.show_messages, failed=lambda _sentence: None, key="desktop-messages"
        )

    def show_messages(self, messages: Any) -> None:
        """Show messages: "tray" by the desktop where it has a tray, all others as a toast."""
        for message in messages or ():
            if "tray" in message.channels and tray_here():
                self._balloon(message)
            else:
                self._workspace.toast(f"{message.title}. {message.text}".strip(), shown=Shown.FAULTED)

    def _balloon(self, message: Any) -> None:
        if self._icon is None:
            self._icon = QSystemTrayIcon(app_icon(), self)
            self._icon.messageClicked.connect(self._open)
        self._icon.show()
        self._icon.showMessage(message.title, message.text, app_icon(), SHOWN_MS)
        QTimer.singleShot(SHOWN_MS, self._icon.hide)

    def _open(self) -> None:
        self._workspace.go("faults/queue")


async def _taken(room: Any) -> list[Any]:
    post = getattr(room, "post", None)
    return list(post.take_desktop()) if post is not None else []

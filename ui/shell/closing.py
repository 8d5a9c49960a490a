"""What closing the window means: says what stops, and offers to keep serving in the tray."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QMenu, QSystemTrayIcon, QWidget

from app.domain.status import Shown
from app.fleet.views import Picture
from ui.shell.rail import paint_mark
from ui.theme.formats import count
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.sheet import Sheet


def what_stops(picture: Picture) -> tuple[str, str]:
    """What closing cuts, in two sentences."""
    online, sessions = picture.totals.online, picture.totals.sessions_open
    if not online:
        return "The server stops", "No station is connected now. None can connect until Forecourt runs again."
    title = f"{count(online, 'station')} {'loses its' if online == 1 else 'lose their'} connection"
    running = (
        f"{count(sessions, 'session')} {'goes' if sessions == 1 else 'go'} on at the stations; "
        "what they report meanwhile arrives when Forecourt runs again, if they keep it. "
        if sessions
        else "They call again when Forecourt runs again. "
    )
    return title, f"{running}Until then nothing is seen of them."


def tray_here() -> bool:
    """Whether this desktop has a tray."""
    return QSystemTrayIcon.isSystemTrayAvailable()


def app_icon() -> QIcon:
    """The mark as the window's and the tray's icon."""
    icon = QIcon()
    for side in (16, 22, 24, 32, 48, 64, 128):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_mark(painter, QRectF(0, 0, side, side), "accentFill", "onAccentFill")
        painter.end()
        icon.addPixmap(pixmap)
    return icon


@dataclass(frozen=True, slots=True)
class Answer:
    """What closing shall mean, "tray" or "stop", and whether it shall hold from now on."""

    choice: str
    always: bool


def question(host: QWidget, picture: Picture) -> Sheet:
    """Asks what closing shall mean; its result is an Answer, or None for Cancel."""
    title, text = what_stops(picture)
    tray = tray_here()
    sheet = Sheet(host, "Close Forecourt?", "Its server runs in this window.", width=480)
    sheet.body_layout.addWidget(
        Banner(Shown.OFFLINE if picture.totals.online else Shown.UNAVAILABLE, title, text)
    )
    remember = QCheckBox("Do this from now on")
    sheet.body_layout.addWidget(remember)
    if not tray:
        remember.hide()
        note = "This desktop has no tray. To keep serving, minimise the window instead."
        sheet.body_layout.addWidget(Label(note, "small", "text3", wrap=True))

    def finish(choice: str) -> None:
        sheet.finish(Answer(choice, remember.isChecked()))

    stop = sheet.add_button(Button("Stop and quit", "warning" if picture.totals.online else "secondary"))
    stop.clicked.connect(lambda: finish("stop"))
    cancel = sheet.add_button(Button("Cancel", keys="Esc"), default=not tray)
    cancel.clicked.connect(lambda: sheet.finish(None))
    if tray:
        keep = sheet.add_button(Button("Keep serving in the tray", "primary"), default=True)
        keep.clicked.connect(lambda: finish("tray"))
    return sheet


class Tray(QObject):
    """The icon in the tray: opens the window, says how many are connected, stops and quits."""

    def __init__(
        self, show: Callable[[], None], leave: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._show = show
        self._menu = QMenu()
        self._open = QAction("Open Forecourt", self)
        self._open.triggered.connect(show)
        self._state = QAction("", self)
        self._state.setEnabled(False)
        self._quit = QAction("Stop and quit", self)
        self._quit.triggered.connect(leave)
        self._menu.addActions([self._state, self._open])
        self._menu.addSeparator()
        self._menu.addAction(self._quit)
        self._icon = QSystemTrayIcon(app_icon(), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)

    def show(self, picture: Picture) -> None:
        """Put the icon in the tray."""
        self.tell(picture)
        self._icon.show()

    def hide(self) -> None:
        """Take it away."""
        self._icon.hide()

    def tell(self, picture: Picture) -> None:
        """Say how many are connected."""
        text = f"{picture.totals.online} of {count(picture.totals.stations, 'station')} connected"
        self._state.setText(text)
        self._icon.setToolTip(f"Forecourt, {text}")

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self._show()

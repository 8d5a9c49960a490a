"""What the machine finds of itself, one line a check, those to settle first; and the sheet with them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.onboarding.self_check import Check, Report, State, look
from ui.shell.page import Workspace
from ui.theme.formats import count, number
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.painting import hairline, ink_of
from ui.widgets.scrolling import scrolled
from ui.widgets.sheet import Sheet
from ui.widgets.touch import TouchButton

ROUTER = (
    "In the router, find this machine among its devices and reserve its address for it (often called "
    "DHCP reservation or static lease). Or give the machine a fixed address outside the router's range."
)


class _Mark(QWidget):
    """A tick, a dash, or the shape of what is wrong."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.setFixedSize(px(20), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._state in (State.BLOCKED, State.SETTLE):
            shown = Shown.FAULTED if self._state is State.BLOCKED else Shown.DEGRADED
            paint_state(painter, QRectF(2, 2, px(16), px(16)), shown)
        else:
            name = "check" if self._state is State.PASSED else "minus"
            paint_icon(painter, 2, 2, name, px(16), "text2")
        painter.end()


class CheckRow(QWidget):
    """One check: mark, title, what was found, one button."""

    remedy_asked = Signal(object)

    def __init__(self, check: Check) -> None:
        super().__init__()
        self.check = check
        self._open = check.state in (State.BLOCKED, State.SETTLE)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 14, 6)
        row.setSpacing(12)
        row.addWidget(_Mark(check.state), 0, Qt.AlignmentFlag.AlignVCenter)
        quiet = check.state is State.NOT_NEEDED
        title = Label(
            check.title, "body" if quiet else "bodyStrong", "text2" if quiet else "text1", wrap=True
        )
        title.setFixedWidth(px(210))
        title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(title)
        words = QVBoxLayout()
        words.setSpacing(2)
        text = Label(check.text, "body", "text2", wrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        words.addWidget(text)
        if check.command and self._open:
            words.addWidget(Label(check.command, "mono", "text1", selectable=True))
        row.addLayout(words, 1)
        self.setMinimumHeight(px(34))
        self.remedy: TouchButton | None = None
        if check.remedy is not None:
            self.remedy = TouchButton(check.remedy.word)
            self.remedy.clicked.connect(lambda: self.remedy_asked.emit(check.remedy))
            row.addWidget(self.remedy, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{check.title}. {check.text}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._open:
            painter.fillRect(self.rect(), ink_of("surface2"))
        hairline(painter, 0, self.height() - 1, self.width())
        painter.end()


class MachineChecks(QWidget):
    """The list, which looks by itself and does what its remedies say."""

    looked = Signal(object)
    """A Report."""
    address_asked = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.way = "same-network"
        self.report: Report | None = None
        self._rows: list[CheckRow] = []
        self._urls: tuple[str, ...] = ()
        """What the last look was about."""
        self.head = Label("Self-check", "bodyStrong")
        self.counts = Label("looking…", "small", "text3")
        self.again = Button("Check again", "quiet", icon="refresh-cw")
        self.again.clicked.connect(self.look)
        top = QHBoxLayout()
        top.setContentsMargins(16, 6, 14, 6)
        top.setSpacing(8)
        top.addWidget(self.head)
        top.addWidget(self.counts, 1)
        top.addWidget(self.again)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        scroll = scrolled(self._inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(scroll, 1)
        workspace.bridge.changed.connect(self._follow)

    @property
    def rows(self) -> list[CheckRow]:
        """The lines in view."""
        return self._rows

    def look(self) -> None:
        """Look at the machine, in a worker."""
        picture = self._workspace.picture
        callers = {view.peer for view in picture.stations.values() if view.peer}
        callers |= {entry.peer for entry in picture.waiting}
        self._urls = picture.server.urls
        self.counts.setText("looking…")
        self._workspace.bridge.work(
            look, self._workspace.settings, self._urls, tuple(sorted(callers)), self.way,
            done=self.show_report, failed=self.counts.setText,
        )  # fmt: skip

    def _follow(self, _changes: object) -> None:
        """What was found holds for one address: look again as soon as stations call another."""
        if self.isVisible() and self._workspace.picture.server.urls != self._urls:
            self.look()

    def show_report(self, report: Report) -> None:
        """Show what was found."""
        self.report = report
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [CheckRow(check) for check in report.checks]
        for place, row in enumerate(self._rows):
            row.remedy_asked.connect(self._settle)
            self._column.insertWidget(place, row)
        open_ = report.count(State.BLOCKED, State.SETTLE)
        rest = report.count(State.NOT_NEEDED)
        words = f"{number(report.count(State.PASSED))} passed, {number(open_)} to settle"
        self.counts.setText(words + (f", {number(rest)} not needed here" if rest else ""))
        self.looked.emit(report)

    def _settle(self, remedy: Any) -> None:
        match remedy.key:
            case "listen-network":
                self._listen_everywhere()
            case "choose-address":
                self.address_asked.emit()
            case "stay-awake":
                self._workspace.set_setting(
                    "window.stay_awake", True, done=lambda _: self.look(), failed=self._workspace.toast
                )
            case "copy-command":
                QGuiApplication.clipboard().setText(remedy.argument)
                self._workspace.toast(
                    "The command is on the clipboard. Enter it in a terminal, then check again."
                )
            case "how-to-keep":
                self._explain("How to keep the address", ROUTER)

    def _explain(self, title: str, text: str) -> None:
        host = self._workspace.sheet_host
        if host is None:
            self._workspace.toast(text)
            return
        sheet = Sheet(host, title)
        sheet.body_layout.addWidget(Label(text, "body", "text2", wrap=True))
        close = sheet.add_button(Button("Close", keys="Esc"), default=True)
        close.clicked.connect(lambda: sheet.finish(None))
        sheet.open()

    def _listen_everywhere(self) -> None:
        wanted = tuple(everywhere(url) for url in self._workspace.picture.server.urls)
        self._workspace.bridge.run(
            lambda room: room.listen_on(list(wanted)),
            done=lambda _: self._kept(wanted),
            failed=self._workspace.toast,
            key="onboarding/listen",
        )

    def _kept(self, wanted: tuple[str, ...]) -> None:
        told = "Stations on every network of this machine can call now."
        toast = self._workspace.toast
        self._workspace.set_setting("listen", wanted, done=lambda _: toast(told), failed=toast)


def everywhere(url: str) -> str:
    """The same listener on every network of this machine."""
    scheme, _, rest = url.rstrip("/").partition("://")
    return f"{scheme}://0.0.0.0:{rest.rpartition(':')[2]}"


class ChecksSheet(Sheet):
    """The self-check over the window."""

    def __init__(self, workspace: Workspace, choose_address: Callable[[], None]) -> None:
        host = workspace.sheet_host
        assert host is not None
        super().__init__(host, "Can stations reach this machine?", width=820)
        self.checks = MachineChecks(workspace)
        self.checks.setFixedHeight(min(px(440), max(px(240), host.height() - px(220))))
        self.checks.looked.connect(lambda _: self.relayout())
        self.checks.address_asked.connect(lambda: self._elsewhere(choose_address))
        self.body_layout.addWidget(self.checks)
        close = self.add_button(Button("Close", keys="Esc"), default=True)
        close.clicked.connect(lambda: self.finish(None))
        self.checks.look()

    def _elsewhere(self, choose_address: Callable[[], None]) -> None:
        self.finish(None)
        choose_address()


def settled(report: Report) -> str:
    """What is still open, in words."""
    blocked, open_ = report.count(State.BLOCKED), report.count(State.SETTLE)
    if blocked:
        return f"{count(blocked, 'point')} in the way"
    if open_:
        return f"{count(open_, 'open point')}, which can be settled later"
    return "Everything is in order"

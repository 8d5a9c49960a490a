"""A phone call about a fault: one key starts it and stops it, and its minutes are what the desk spent (E.2).

Only the operator's own use: the span, the fault and nothing of who called or what was said.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.intents import SaveEntry
from app.faults.views import FaultView
from ui.shell.page import Workspace

LONGEST_MS = 60 * 60_000
"""A call that nobody ended is counted no longer than this."""
TICK_MS = 1_000


class Call(QObject):
    """The call that goes on, if one does. It is written down as it begins, so that a crash loses no call."""

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._entry = ""
        self._body: dict[str, object] = {}
        self._since_ms = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.changed)

    @property
    def running(self) -> bool:
        """Whether a call goes on."""
        return bool(self._entry)

    @property
    def words(self) -> str:
        """What the button says: "Call", "End call, 2:14"."""
        if not self.running:
            return "Call"
        seconds = max(0, self._workspace.now_ms() - self._since_ms) // 1000
        return f"End call, {seconds // 60}:{seconds % 60:02d}"

    def toggle(self, view: FaultView | None) -> None:
        """Start one about a fault, or end the one that goes on."""
        if self.running:
            self._end()
        elif view is not None:
            self._start(view)

    def _start(self, view: FaultView) -> None:
        record, now = view.record, self._workspace.now_ms()
        self._entry, self._since_ms = f"{record.fault}-{now}", now
        self._body = {
            "fault": record.fault, "station": str(record.station or ""), "site": record.site, "from_ms": now,
        }  # fmt: skip
        self._keep(self._body)
        self._timer.start()
        self.changed.emit()

    def _end(self) -> None:
        lasted = self._workspace.now_ms() - self._since_ms
        self._keep(self._body | {"to_ms": self._since_ms + min(lasted, LONGEST_MS)})
        self._entry = ""
        self._timer.stop()
        self.changed.emit()
        minutes = max(1, round(min(lasted, LONGEST_MS) / 60_000))
        forgotten = " It was counted for an hour only." if lasted > LONGEST_MS else ""
        self._workspace.toast(f"Call of {minutes} min kept.{forgotten} Correct its minutes in Hidden costs.")

    def _keep(self, body: dict[str, object]) -> None:
        self._workspace.bridge.do(
            SaveEntry("call", self._entry, dict(body)), "call", failed=self._workspace.toast
        )

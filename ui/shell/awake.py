"""Keeps the workstation from going to sleep while it serves, where the system lets us."""

import logging
import shutil

from PySide6.QtCore import QObject, QProcess, Signal

log = logging.getLogger("forecourt.ui.awake")

WHY = "charging stations are connected to it"


class Awake(QObject):
    """Holds an inhibitor lock through systemd-inhibit for as long as it is on.

    The helper waits on its input, so the lock goes when this process does, however it ends.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._wanted = False
        self._cause = ""

    @property
    def holds(self) -> bool:
        """Whether the machine is kept awake now."""
        return self._process is not None and self._process.state() == QProcess.ProcessState.Running

    @property
    def sentence(self) -> str:
        """What is the case, for the settings page."""
        if self._cause:
            return f"This machine cannot be kept awake from here: {self._cause}. See the system's settings."
        if self.holds:
            return "This machine stays awake while Forecourt serves."
        return "This machine may go to sleep; stations then lose their connection."

    def set_on(self, on: bool) -> None:
        """Keep it awake, or let it sleep again."""
        self._wanted = on
        if on and self._process is None:
            self._hold()
        elif not on and self._process is not None:
            process, self._process = self._process, None
            process.finished.connect(process.deleteLater)
            process.closeWriteChannel()
            self.changed.emit()

    def _hold(self) -> None:
        helper = shutil.which("systemd-inhibit")
        if helper is None:
            self._cause = "it has no systemd-inhibit"
            self.changed.emit()
            return
        process = QProcess(self)
        process.setProgram(helper)
        process.setArguments(["--what=sleep:idle", "--who=Forecourt", f"--why={WHY}", "--mode=block", "cat"])
        process.started.connect(self.changed)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._ended)
        self._process = process
        process.start()

    def _ended(self) -> None:
        process = self._process
        if process is None or not self._wanted:
            return
        said = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
        self._process = None
        process.deleteLater()
        self._cause = said.splitlines()[-1].rstrip(".") if said else "the system refused"
        log.info("the machine is not kept awake: %s", self._cause)
        self.changed.emit()

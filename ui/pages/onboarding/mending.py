"""Does what a remedy says: here in the window, or as one repair in the core."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import ForecourtError
from app.onboarding.board import Row
from app.onboarding.remedies import Remedy
from app.onboarding.repairs import Mended, mend
from ui.shell.page import Workspace
from ui.widgets.ask_sheet import AskSheet
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.file_asking import ask_where
from ui.widgets.labels import Label
from ui.widgets.sheet import Sheet


class PasswordSheet(Sheet):
    """A new password, shown once, big enough to type it on the charger."""

    def __init__(self, workspace: Workspace, mended: Mended) -> None:
        host = workspace.sheet_host
        assert host is not None
        super().__init__(host, "New password", mended.sentence)
        text = "It is shown only now, and kept as a hash. The charger gets in at its next try with it."
        self.body_layout.addWidget(Label(text, "body", "text2", wrap=True))
        self.field = TextField("New password", mended.password, mono=True)
        self.field.setReadOnly(True)
        self.field.selectAll()
        copy = Button("Copy", icon="copy")
        copy.clicked.connect(lambda: copied(workspace, mended.password, "The password is on the clipboard."))
        line = QHBoxLayout()
        line.addWidget(self.field, 1)
        line.addWidget(copy)
        self.body_layout.addLayout(line)
        done = self.add_button(Button("Done", "primary"), default=True)
        done.clicked.connect(lambda: self.finish(True))


class Mending(QWidget):
    """Carries out remedies; `network_asked` where the machine itself is to be looked at."""

    network_asked = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.hide()

    def mend(self, row: Row, remedy: Remedy) -> None:
        """Do it, after asking where it says something has to be agreed to."""
        if not remedy.asks:
            self._do(row, remedy)
            return
        host = self._workspace.sheet_host or self
        AskSheet(
            host, f"{remedy.word}?", row.identity, remedy.asks, remedy.word,
            lambda values, done, failed: self._run(row, remedy, done, failed),
        ).open()  # fmt: skip

    def _do(self, row: Row, remedy: Remedy) -> None:
        match remedy.key:
            case "copy-address":
                copied(self._workspace, remedy.argument, f"On the clipboard: {remedy.argument}")
            case "save-certificate":
                self._save_certificate()
            case "check-network":
                self.network_asked.emit()
            case _:
                self._run(row, remedy, lambda _: None, self._workspace.toast)

    def _run(self, row: Row, remedy: Remedy, done: Any, failed: Any) -> None:
        bridge = self._workspace.bridge
        name = row.station or row.identity
        asked = (remedy.key, name, row.peer, remedy.argument, bridge.operator)

        def mended(result: Mended | None) -> None:
            done(True)
            if result is None:
                return
            if result.password:
                PasswordSheet(self._workspace, result).open()
            else:
                self._workspace.toast(result.sentence)

        bridge.run(lambda room: mend(room, *asked), done=mended, failed=failed, key="onboarding/mend")

    def _save_certificate(self) -> None:
        source = self._workspace.settings.tls.cert
        if not source:
            self._workspace.toast("Forecourt has no certificate: set tls.cert and tls.key.")
            return
        ask_where(
            self, "Save the certificate", "forecourt-certificate.pem", "Certificate (*.pem)",
            partial(self._copy_file, Path(source)),
        )  # fmt: skip

    def _copy_file(self, source: Path, target: Path) -> None:
        self._workspace.bridge.work(
            copy_certificate, source, target,
            done=lambda _: self._workspace.toast(f"Load {target} into the charger as a trusted root."),
            failed=self._workspace.toast,
        )  # fmt: skip


def copy_certificate(source: Path, target: Path) -> None:
    """Copy the public chain, nothing but certificates. Raises ForecourtError."""
    try:
        text = source.read_text("ascii")
        if "PRIVATE KEY" in text:
            raise ForecourtError(f"{source} holds a private key as well; give the charger its issuer's file.")
        target.write_text(text, "ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ForecourtError(f"The certificate could not be copied: {error}.") from error


def copied(workspace: Workspace, text: str, said: str) -> None:
    """Put a text on the clipboard and say so."""
    QGuiApplication.clipboard().setText(text)
    workspace.toast(said)

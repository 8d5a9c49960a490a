"""Choose where stations reach this machine; it takes effect at once, without a restart."""

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout

from app.onboarding.addresses import EVERYWHERE
from ui.models.addresses import Reach, machine_addresses
from ui.models.door import ListenChoice, choice_of, parse_port
from ui.shell.page import Workspace
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.labels import Label
from ui.widgets.sheet import Sheet

DEFAULT_PORT = 9220


class ListenSheet(Sheet):
    """Addresses of this machine as choices, a port, and Apply. An address in use is told, nothing breaks."""

    def __init__(self, workspace: Workspace) -> None:
        host = workspace.sheet_host
        assert host is not None, "a window sets sheet_host before its pages can be clicked"
        super().__init__(host, "Where stations reach this machine", "", 520)
        self._workspace = workspace
        urls = workspace.picture.server.urls
        self._now = [choice for choice in map(choice_of, urls) if choice is not None]
        self._secure = [url for url in urls if url.startswith("wss://")]
        self._group = QButtonGroup(self)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(6)
        text = (
            "It takes effect at once. Stations that are connected stay connected; those that call the old "
            "address later do not get through."
        )
        self.body_layout.addWidget(Label(text, "body", "text2", wrap=True))
        self.body_layout.addLayout(self._choices)
        self.body_layout.addWidget(Label("Port", "small", "text3"))
        port = self._now[0].port if self._now else DEFAULT_PORT
        self.port = TextField("Port", str(port), mono=True)
        self.port.returnPressed.connect(self._apply)
        self.body_layout.addWidget(self.port)
        cancel = self.add_button(Button("Cancel", keys="Esc"))
        cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button("Listen here", "primary"), default=True)
        self.confirm.clicked.connect(self._apply)
        self._offer(())
        workspace.bridge.work(machine_addresses, done=self._offer, failed=self._refused)

    @property
    def chosen(self) -> str:
        """The host of the choice in force."""
        button = self._group.checkedButton()
        return str(button.property("host")) if button is not None else EVERYWHERE[0]

    def _offer(self, reaches: tuple[Reach, ...] | None) -> None:
        now = self._now[0].host if self._now else ""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._choices.removeWidget(button)
            button.hide()
            button.deleteLater()
        offers = [
            *((reach.host, f"{reach.host}   {reach.network}") for reach in reaches or ()),
            (EVERYWHERE[0], "Every network of this machine"),
            ("127.0.0.1", "This machine only, for simulated chargers"),
        ]
        if now and now not in {host for host, _ in offers}:
            offers.insert(0, (now, f"{now}   as now"))
        for host, words in offers:
            button = QRadioButton(words)
            button.setProperty("host", host)
            button.setChecked(host == now)
            self._group.addButton(button)
            self._choices.addWidget(button)
        if self._group.checkedButton() is None and self._group.buttons():
            self._group.buttons()[0].setChecked(True)
        self.relayout()

    def _apply(self) -> None:
        port = parse_port(self.port.text())
        if isinstance(port, str):
            self._refused(port)
            self.port.setFocus()
            return
        self.confirm.setEnabled(False)
        wanted = [ListenChoice(self.chosen, port).text, *(_plain(url) for url in self._secure)]
        bridge = self._workspace.bridge
        if not bridge.running:
            self._start_there(wanted)
            return
        bridge.run(
            lambda room: room.listen_on(wanted),
            done=lambda _urls: self._keep(wanted),
            failed=self._refused,
            key="onboarding/listen",
        )

    def _start_there(self, wanted: list[str]) -> None:
        """The server could not start where it was to listen: keep the choice, then start it there."""
        bridge = self._workspace.bridge

        def kept(_: object) -> None:
            bridge.listen = tuple(wanted)
            bridge.start()
            self.finish(True)

        self._workspace.set_setting("listen", tuple(wanted), done=kept, failed=self._refused)

    def _keep(self, wanted: list[str]) -> None:
        self._workspace.set_setting(
            "listen", tuple(wanted), done=lambda _: self._listening(""), failed=self._listening
        )

    def _listening(self, cause: str) -> None:
        note = "Stations can call the new address now."
        if cause:
            note = f"It listens there now, but not after a restart: {cause}"
        self._workspace.toast(note)
        self.finish(True)

    def _refused(self, sentence: str) -> None:
        self.confirm.setEnabled(True)
        self.show_refusal(sentence, "Everything stays as it was.")


def _plain(url: str) -> str:
    return url.rstrip("/")

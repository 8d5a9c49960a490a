"""Onboarding: which address a charger must call, who called, and what keeps them out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.fleet.views import Waiting
from ui.models.addresses import Reach, machine_addresses
from ui.models.door import ACCEPT, address_for, refused_only, waiting_only, waits
from ui.pages.base import LivePage
from ui.pages.onboarding.address import AddressPanel
from ui.pages.onboarding.door_list import DoorList
from ui.shell.page import Hit, Workspace
from ui.simulated import start_one
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets import station_deeds
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.listen_sheet import ListenSheet
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel, Rule
from ui.widgets.segments import Segments

POLICIES = (("ask", "Ask me"), ("accept", "Let in"), ("refuse", "Turn away"))
POLICY_WORDS = {
    "ask": "A charger that calls for the first time waits here. What it sends is kept until you decide.",
    "accept": "Any charger that calls is let in at once. Fine in a network of your own, not on the internet.",
    "refuse": "Only stations that you have added may connect.",
}


class OnboardingPage(LivePage):
    """Address on top; at the door at the left; who is let in and what to check at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.address = AddressPanel(workspace)
        self.door = DoorList()
        self.panel = Panel("At the door")
        simulate = Button("Start a simulated charger", icon="zap")
        simulate.clicked.connect(self._simulate)
        self._nobody = EmptyState(
            "cable",
            "Nobody is at the door",
            "A charger appears here within a second of its first try, also when it is turned away.",
            buttons=(simulate,),
        )
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.door)
        self._stack.addWidget(self._nobody)
        self.panel.body_layout.addWidget(holder, 1)
        self.panel.body_layout.addWidget(Rule())
        self.panel.body_layout.addLayout(self._missing())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.panel, 1)
        row.addWidget(self._side())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(self.address)
        whole.addLayout(row, 1)
        self.address.change_asked.connect(self.choose_address)
        self.door.remedy_asked.connect(self._mend)
        self.door.refuse_asked.connect(lambda s: station_deeds.refuse_sheet(workspace, s).open())
        self.every(1000, self._show, ages=True)

    def opened(self, argument: str) -> None:
        self.workspace.bridge.work(machine_addresses, done=self._know, failed=self.workspace.toast)
        self._show_policy(self.workspace.settings.access.new_stations)
        self.refresh()
        self.door.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("onboarding/")

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            Hit(
                "Choose the address stations reach…",
                group="Onboarding",
                icon="network",
                run=self.choose_address,
            ),
        )

    def choose_address(self) -> None:
        """Open the sheet that moves the listener."""
        ListenSheet(self.workspace).open()

    def _know(self, reaches: tuple[Reach, ...] | None) -> None:
        self.address.know_addresses(reaches)
        self.refresh()

    def _show(self) -> None:
        server, entries, now = self.picture.server, self.picture.waiting, self.now_ms()
        asking, refused = waiting_only(entries), refused_only(entries)
        self.address.show_server(server, now)
        self.panel.set_subtitle(
            f"{count(len(asking), 'waiting', 'waiting')}, {number(len(refused))} turned away"
        )
        self._stack.setCurrentWidget(self.door if entries else self._nobody)
        if entries:
            self.door.show_callers([*asking, *refused], now, self.zone)
        waiting = f"{count(len(entries), 'charger')} at the door" if entries else "nobody at the door"
        self.title_changed.emit("", waiting)

    def _simulate(self) -> None:
        self.workspace.bridge.run(
            start_one,
            done=lambda _: self.workspace.toast("A simulated charger is calling."),
            failed=self.workspace.toast,
        )

    def _mend(self, entry: Waiting) -> None:
        remedy = ACCEPT if waits(entry) else entry.remedy
        if remedy == ACCEPT:
            station_deeds.admit(self.workspace, entry.identity)
        elif remedy == "set-password":
            station_deeds.password_sheet(self.workspace, entry.identity, has_password=True).open()
        elif remedy == "assume-1.6":
            station_deeds.assume_16(self.workspace, entry.identity)
        elif remedy == "use-identity" and self.picture.server.urls:
            QGuiApplication.clipboard().setText(address_for(self.picture.server.urls[0], entry.identity))
            self.workspace.toast("The right address is on the clipboard. Enter it in the charger.")

    def _missing(self) -> QHBoxLayout:
        self._missing_text = Label(
            "It has not reached this machine. Check the cable or SIM card, then the address above, then that "
            "a firewall lets the port through.",
            "small",
            "text2",
            wrap=True,
        )
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label("Charger not in this list?", "bodyStrong"))
        words.addWidget(self._missing_text)
        line = QHBoxLayout()
        line.setContentsMargins(16, 12, 16, 12)
        line.addLayout(words, 1)
        return line

    def _side(self) -> Panel:
        self.policy = Segments(POLICIES, "New chargers")
        self.policy.chosen.connect(self._set_policy)
        self._policy_text = Label("", "body", "text2", wrap=True)
        add = Button("Add a station before it calls…", icon="plus")
        add.clicked.connect(lambda: station_deeds.add_sheet(self.workspace).open())
        panel = Panel("New chargers")
        inside = QVBoxLayout()
        inside.setContentsMargins(14, 14, 14, 14)
        inside.setSpacing(12)
        inside.addWidget(self.policy)
        inside.addWidget(self._policy_text)
        inside.addWidget(add)
        inside.addStretch(1)
        panel.body_layout.addLayout(inside)
        panel.setFixedWidth(min(420, px(340)))
        panel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        return panel

    def _show_policy(self, policy: str) -> None:
        if policy in POLICY_WORDS:
            self.policy.choose(policy)
            self._policy_text.setText(POLICY_WORDS[policy])

    def _set_policy(self, policy: str) -> None:
        self._policy_text.setText(POLICY_WORDS[policy])
        self.workspace.bridge.run(
            lambda room: room.let_in(policy),
            done=lambda _: self._keep_policy(policy),
            failed=self.workspace.toast,
            key="onboarding/policy",
        )

    def _keep_policy(self, policy: str) -> None:
        self.workspace.set_setting(
            "access.new_stations",
            policy,
            done=lambda _: self.workspace.toast(
                f"New chargers: {dict(POLICIES)[policy].lower()}, from now on."
            ),
            failed=self.workspace.toast,
        )

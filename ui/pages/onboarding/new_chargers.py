"""What becomes of chargers that call for the first time, and adding one before it calls."""

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.shell.page import Workspace
from ui.widgets import station_deeds
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.segments import Segments
from ui.widgets.touch import TouchButton

POLICIES = (("ask", "Ask me"), ("accept", "Let in"), ("refuse", "Turn away"))
POLICY_WORDS = {
    "ask": "A charger that calls for the first time waits here. What it sends is kept until you decide.",
    "accept": "Any charger that calls is let in at once. Fine in a network of your own, not on the internet.",
    "refuse": "Only stations that you have added may connect.",
}


class NewChargers(Panel):
    """The choice, what it means, and Add."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("New chargers", parent=parent)
        self._workspace = workspace
        self.policy = Segments(POLICIES, "New chargers")
        self.policy.chosen.connect(self._set_policy)
        self._text = Label("", "small", "text2", wrap=True)
        add = TouchButton("Add a station before it calls…", icon="plus")
        add.clicked.connect(lambda: station_deeds.add_sheet(workspace).open())
        inside = QVBoxLayout()
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(8)
        for widget in (self.policy, self._text, add):
            inside.addWidget(widget)
        self.body_layout.addLayout(inside)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)

    def show_policy(self, policy: str) -> None:
        """Show the choice in force."""
        if policy in POLICY_WORDS:
            self.policy.choose(policy)
            self._text.setText(POLICY_WORDS[policy])

    def _set_policy(self, policy: str) -> None:
        self._text.setText(POLICY_WORDS[policy])
        self._workspace.bridge.run(
            lambda room: room.let_in(policy),
            done=lambda _: self._keep(policy),
            failed=self._workspace.toast,
            key="onboarding/policy",
        )

    def _keep(self, policy: str) -> None:
        self._workspace.set_setting(
            "access.new_stations",
            policy,
            done=lambda _: self._workspace.toast(
                f"New chargers: {dict(POLICIES)[policy].lower()}, from now on."
            ),
            failed=self._workspace.toast,
        )

"""The playbook of a fault: its steps, the next one at a press, and when it may run by itself."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.intents import SaveEntry
from app.faults.views import FaultView
from ui.models.playbook import step_rows
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.widgets.ask_sheet import AskSheet
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.step_list import StepList

if TYPE_CHECKING:
    from app.recovery.works import Offer


async def ask_offer(room: Any, fault: int) -> "tuple[Offer | None, bool]":
    """The offer of a fault, and whether recovery as a whole is switched off; run in the core's loop."""
    recovery = getattr(room, "recovery", None)
    if recovery is None:
        return None, False
    return recovery.offer(fault), bool(recovery.switches().killed)


class PlaybookPanel(Panel):
    """Steps with their results, and what a person may press."""

    changed = Signal()
    """Something was begun or switched: ask again."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Playbook", parent=parent)
        self._workspace = workspace
        self._view: FaultView | None = None
        self.offer: Offer | None = None
        self._killed = False
        self.action = Label("", "small", "text2", wrap=True)
        self.steps = StepList()
        self.why = Label("", "small", "text2", wrap=True)
        self.next = Button("Next step", keys="R")
        self.stop = Button("Stop", icon="circle-stop")
        self.automatic = QCheckBox("Run by itself at this site")
        self.kill = Button("Stop all automatic recovery…", "quiet", "power")
        self.next.clicked.connect(lambda: self.take())
        self.stop.clicked.connect(self._stop)
        self.automatic.clicked.connect(self._switch)
        self.kill.clicked.connect(self.ask_kill)
        for widget in (self.action, self.why):
            widget.setContentsMargins(12, 8, 12, 4)
        self.body_layout.addWidget(self.action)
        self.body_layout.addWidget(self.steps)
        self.body_layout.addWidget(self.why)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 4, 12, 4)
        buttons.setSpacing(8)
        buttons.addWidget(self.next)
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        self.body_layout.addLayout(buttons)
        switches = QVBoxLayout()
        switches.setContentsMargins(12, 2, 12, 10)
        switches.setSpacing(2)
        switches.addWidget(self.automatic)
        switches.addWidget(self.kill)
        self.body_layout.addLayout(switches)
        self.stop.hide()

    def show_fault(self, view: FaultView) -> None:
        """Another fault, or a changed one; its offer comes with `show_offer`."""
        if self._view is None or self._view.record.fault != view.record.fault:
            self.offer = None
            self.steps.show_rows(())
            for widget in (self.steps, self.next, self.stop, self.automatic, self.why):
                widget.hide()
            self.next.setEnabled(False)
        self._view = view
        words = view.action[:1].upper() + view.action[1:]
        if view.consequence:
            words += f". Otherwise {view.consequence}."
        self.action.setText(words)
        self.action.setVisible(bool(words))

    def show_offer(self, told: "tuple[Offer | None, bool]") -> None:
        """What recovery offers for the fault now."""
        offer, self._killed = told
        self.offer = offer
        there = offer is not None and bool(offer.steps)
        for widget in (self.steps, self.next, self.automatic):
            widget.setVisible(there)
        self.kill.set_text(
            "Allow automatic recovery again…" if self._killed else "Stop all automatic recovery…"
        )
        view = self._view
        if offer is None or view is None:
            self.set_subtitle("none for this kind of fault")
            self.stop.hide()
            self.why.setText("")
            self.why.hide()
            return
        safety = view.record.safety
        self.set_title("What to do" if safety else "Playbook")
        self.set_subtitle(f"{offer.title}, {count(len(offer.steps), 'step')}")
        rows = step_rows(offer.steps, self._workspace.now_ms(), self._workspace.zone)
        self.steps.show_rows(rows)
        following = any(row.state == "next" for row in rows)
        reason = offer.why_not or (
            "" if following or offer.working else "Every step was tried; send a person."
        )
        self.next.setEnabled(following and not offer.working and not offer.why_not and view.open)
        self.next.setToolTip(reason)
        self.stop.setVisible(offer.working)
        self.automatic.setVisible(not safety)
        self.automatic.setChecked(offer.automatic)
        site = view.record.site or "all sites"
        self.automatic.setText(f"Run by itself at {site}")
        holding = offer.holding if offer.automatic and not reason else ""
        self.why.setText(reason or (f"Automatic recovery waits: {holding}" if holding else ""))
        self.why.setVisible(bool(self.why.text()))

    def take(self) -> None:
        """Take the next step; what would hurt a driver is asked first."""
        view, offer = self._view, self.offer
        if view is None or offer is None:
            self._workspace.toast("There is no playbook for this kind of fault.")
            return
        if not self.next.isEnabled():
            busy = "A step is under way; wait for its end." if offer.working else ""
            self._workspace.toast(busy or self.why.text() or "No step of the playbook fits now.")
            return
        self._begin(agreed=False)

    def _begin(self, *, agreed: bool) -> None:
        view = self._view
        assert view is not None
        fault, by = view.record.fault, self._workspace.bridge.operator
        self.next.setEnabled(False)

        def done(_: object) -> None:
            self._workspace.toast("The next step has begun; the timeline tells how it ends.")
            self.changed.emit()

        def failed(sentence: str) -> None:
            self.next.setEnabled(True)
            if not agreed and "charge" in sentence:
                self._ask_agreed(sentence)
            else:
                self._workspace.toast(sentence)

        self._workspace.bridge.run(
            lambda room: room.recovery.next(fault, by, agreed=agreed), done=done, failed=failed
        )

    def _ask_agreed(self, sentence: str) -> None:
        def submit(_values: Any, done: Any, _no: Any) -> None:
            done(True)
            self._begin(agreed=True)

        following = next((row for row in self.steps.rows if row.state == "next"), None)
        name = following.title if following is not None else "Next step"
        host = self._workspace.sheet_host or self
        AskSheet(
            host, name, self._view.record.title if self._view else "", "", "Do it all the same", submit,
            cuts=(sentence, "The step would cut it off."),
        ).open()  # fmt: skip

    def _stop(self) -> None:
        view = self._view
        if view is None:
            return
        fault = view.record.fault

        async def stop(room: Any) -> None:
            room.recovery.stop_work(fault)

        self._workspace.bridge.run(stop, done=lambda _: self.changed.emit(), failed=self._workspace.toast)

    def _switch(self) -> None:
        view, offer = self._view, self.offer
        if view is None or offer is None:
            return
        on, site = self.automatic.isChecked(), view.record.site
        body = {"playbook": offer.playbook, "site": site, "automatic": on}
        words = f"“{offer.title}” {'runs' if on else 'no longer runs'} by itself at {site or 'all sites'}."

        def kept(_: object) -> None:
            self._workspace.toast(words)
            self.changed.emit()

        def failed(sentence: str) -> None:
            self.automatic.setChecked(not on)
            self._workspace.toast(sentence)

        self._workspace.bridge.do(
            SaveEntry("playbook", f"{offer.playbook}@{site}", body),
            done=kept, failed=failed,
        )  # fmt: skip

    def ask_kill(self) -> None:
        """Switch all automatic recovery off (or on again), after a question."""
        kill = not self._killed
        text = (
            "No step is taken by itself any more, at any site, until somebody allows it again. "
            "What was sent goes on."
            if kill
            else "Playbooks run by themselves again where they are switched on."
        )
        verb = "Stop all" if kill else "Allow again"
        title = "Stop all automatic recovery" if kill else "Allow automatic recovery again"

        def submit(_values: Any, done: Any, failed: Any) -> None:
            def kept(result: object) -> None:
                done(result)
                self._workspace.toast(
                    "Automatic recovery is off." if kill else "Automatic recovery is allowed again."
                )
                self.changed.emit()

            self._workspace.bridge.run(
                lambda room: _set_killed(room, kill, self._workspace.bridge.operator), kept, failed
            )

        AskSheet(self._workspace.sheet_host or self, title, "", text, verb, submit).open()


async def _set_killed(room: Any, kill: bool, by: str) -> None:
    """Change the switch as a whole and keep the rest of its entry; run in the core's loop."""
    from app.domain.intents import Asked

    body = dict(room.entries.body("recovery", "all") or {})
    body["killed"] = kill
    await room.do(Asked(SaveEntry("recovery", "all", body), by))

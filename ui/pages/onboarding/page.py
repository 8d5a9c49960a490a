"""Onboarding: which address a charger must call, who called, what keeps them out, and their commissioning."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.onboarding.addresses import address_for
from app.onboarding.board import CONNECTED, SOLVED, Row, open_rows, rows
from app.onboarding.contact import Contact
from app.onboarding.steps import Run, RunState
from ui.models.addresses import Reach, machine_addresses
from ui.models.door import refused_only
from ui.pages.base import LivePage
from ui.pages.onboarding import papers
from ui.pages.onboarding.address import AddressPanel
from ui.pages.onboarding.commission import CommissionPanel
from ui.pages.onboarding.door_list import DoorList
from ui.pages.onboarding.mending import Mending
from ui.pages.onboarding.new_chargers import NewChargers
from ui.pages.onboarding.start_sheet import start_sheet
from ui.printing.files import write_paper
from ui.printing.paper import Paper
from ui.shell.page import Hit, Workspace
from ui.simulated import start_one
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets import station_deeds
from ui.widgets.ask_sheet import AskSheet, reason_field
from ui.widgets.file_asking import PDF, ask_where
from ui.widgets.labels import Label
from ui.widgets.listen_sheet import ListenSheet
from ui.widgets.machine_checks import ChecksSheet
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel, Rule
from ui.widgets.segments import Segments
from ui.widgets.touch import TouchButton

LOOK_MS = 500
"""How often the core is asked who has called: twice within the second in which a try has to show."""


async def look_at_door(room: Any) -> tuple[tuple[Contact, ...], tuple[Run, ...], str]:
    """Everyone of the last hour, all commissionings, and whose network it is, as the core has them now."""
    own = room.entries.body("organisation", "own") or {}
    return room.contacts.all(), room.commissions.all(), str(own.get("name", ""))


class OnboardingPage(LivePage):
    """Address on top; at the door at the left; the commissioning and who may come in at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._contacts: tuple[Contact, ...] | None = None
        self._runs: tuple[Run, ...] = ()
        self._shown = self._organisation = ""
        self.address = AddressPanel(workspace)
        self.door = DoorList()
        self.mending = Mending(workspace, self)
        self.panel = self._door_panel()
        self.commission = CommissionPanel()
        self.new = NewChargers(workspace)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(self.commission, 1)
        side.addWidget(self.new)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.panel, 1)
        row.addLayout(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(self.address)
        whole.addLayout(row, 1)
        self._connect()
        self.every(LOOK_MS, self._ask, ages=True)
        self.every(LOOK_MS, self._show, ages=True)

    def _connect(self) -> None:
        self.address.change_asked.connect(self.choose_address)
        self.address.check_asked.connect(self.check_network)
        self.address.print_asked.connect(self._print_sheet)
        self.door.asked.connect(self.mending.mend)
        self.door.refuse_asked.connect(lambda s: station_deeds.refuse_sheet(self.workspace, s).open())
        self.door.commission_asked.connect(self.start_commission)
        self.mending.network_asked.connect(self.check_network)
        commission = self.commission
        commission.start_asked.connect(lambda: self.start_commission(""))
        commission.address_asked.connect(self._show_address)
        commission.print_asked.connect(self._print_protocol)
        commission.retry_asked.connect(lambda key: self._ask_runs(lambda runs: runs.retry(key)))
        commission.go_asked.connect(lambda key: self._ask_runs(lambda runs: runs.go(key)))
        commission.pause_asked.connect(lambda key, on: self._ask_runs(lambda runs: runs.pause(key, on)))
        commission.skip_asked.connect(self._skip)
        commission.end_asked.connect(self._end)
        commission.which.chosen.connect(self._choose_run)

    def opened(self, argument: str) -> None:
        view = self.picture.stations.get(argument)
        self.address.point_at(argument, view.vendor if view is not None else "")
        self.workspace.bridge.work(machine_addresses, done=self._know, failed=self.workspace.toast)
        self.new.show_policy(self.workspace.settings.access.new_stations)
        self.refresh()
        self.door.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("onboarding/")

    def hits(self, text: str) -> Sequence[Hit]:
        deeds = (
            ("Choose the address stations reach…", "network", self.choose_address),
            ("Test whether stations reach this machine…", "router", self.check_network),
            ("Commission a charger…", "list-checks", lambda: self.start_commission("")),
        )
        return tuple(Hit(title, group="Onboarding", icon=icon, run=run) for title, icon, run in deeds)

    def choose_address(self) -> None:
        """Open the sheet that moves the listener."""
        ListenSheet(self.workspace).open()

    def check_network(self) -> None:
        """Open the sheet in which the machine looks at itself."""
        ChecksSheet(self.workspace, self.choose_address).open()

    def start_commission(self, station: str) -> None:
        """Ask for what is not known yet (which station, which connector), then begin."""
        start_sheet(self.workspace, station, self._began).open()

    # -- what is shown -----------------------------------------------------------------------

    def _ask(self) -> None:
        self.workspace.bridge.run(look_at_door, done=self._take, failed=lambda _: None, key="onboarding/look")

    def _take(self, told: Any) -> None:
        if told is not None:
            self._contacts, self._runs, self._organisation = told
            self._show()

    def _know(self, reaches: tuple[Reach, ...] | None) -> None:
        self.address.know_addresses(reaches)
        self.refresh()

    def _rows(self) -> tuple[Row, ...]:
        picture, now = self.picture, self.now_ms()
        contacts = self._contacts
        if contacts is None:  # until the core has answered, those of whom the picture tells
            contacts = tuple(
                Contact(w.identity, w.peer, cause=w.cause, remedy=w.remedy, tries=w.count, last_ms=w.last_ms)
                for w in refused_only(picture.waiting)
            )
        server = replace(picture.server, urls=self.address.urls)
        return rows(contacts, picture.waiting, picture.stations, server, now)

    def _show(self) -> None:
        now = self.now_ms()
        self.address.show_server(self.picture.server, now)
        found = self._rows()
        waiting = open_rows(found)
        inside = tuple(row for row in found if row.state in (CONNECTED, SOLVED))
        self.which.set_text("now", f"Now {number(len(waiting))}")
        self.which.set_text("in", f"Let in, last hour {number(len(inside))}")
        shown = waiting if self.which.value == "now" else inside
        self._stack.setCurrentWidget(self.door if shown else self._nobody)
        if shown:
            self.door.show_rows(shown, now, self.zone)
        self._show_run()
        told = f"{count(len(waiting), 'charger')} at the door" if waiting else "nobody at the door"
        going = sum(1 for run in self._runs if run.state not in (RunState.DONE, RunState.GIVEN_UP))
        self.title_changed.emit("", f"{told}, {number(going)} in commissioning" if going else told)

    def _show_run(self) -> None:
        run = next((r for r in self._runs if r.key == self._shown), None)
        if run is None and self._runs:
            run = self._runs[0]
        self.commission.which.setVisible(len(self._runs) > 1)
        self.commission.which.set_choices(
            [(r.key, r.station) for r in self._runs], run.key if run is not None else None
        )
        self.commission.show_run(run, self.zone)
        # A commissioning needs the height; who may come in is seldom changed meanwhile.
        self.new.setVisible(run is None or run.state in (RunState.DONE, RunState.GIVEN_UP))

    def _choose_run(self, key: object) -> None:
        self._shown = str(key)
        self._show_run()

    def _show_address(self) -> None:
        run = self.commission.run
        if run is not None:
            self.address.point_at(run.station, run.vendor)

    # -- what is done ------------------------------------------------------------------------

    def _began(self, key: Any) -> None:
        self._shown = str(key or "")
        self._ask()

    def _ask_runs(self, ask: Any) -> None:
        self.workspace.bridge.run(
            lambda room: ask(room.commissions),
            done=lambda _: self._ask(),
            failed=self.workspace.toast,
            key="onboarding/run",
        )

    def _skip(self, key: str) -> None:
        by = self.workspace.bridge.operator
        AskSheet(
            self.workspace.sheet_host or self, "Skip this step?", "",
            "The protocol shows that it was left out, by whom and why.", "Skip",
            lambda values, done, failed: self.workspace.bridge.run(
                lambda room: room.commissions.skip(key, values["why"], by), done=done, failed=failed
            ),
            (reason_field("For example: no car at hand"),),
        ).open()  # fmt: skip

    def _end(self, key: str) -> None:
        AskSheet(
            self.workspace.sheet_host or self, "End this commissioning?", "",
            "Its protocol stays, with the steps as they stand. A test charge that runs goes on.", "End",
            lambda values, done, failed: self.workspace.bridge.run(
                lambda room: room.commissions.give_up(key), done=done, failed=failed
            ),
        ).open()  # fmt: skip

    def _simulate(self) -> None:
        self.workspace.bridge.run(
            start_one,
            done=lambda _: self.workspace.toast("A simulated charger is calling."),
            failed=self.workspace.toast,
        )

    # -- paper -------------------------------------------------------------------------------

    def _print_protocol(self, run: Run | None) -> None:
        if run is not None:
            make = partial(papers.protocol, run, self.zone, self._organisation)
            self._save(f"commissioning-{run.station}.pdf", make, f"Commissioning of {run.station}")

    def _print_sheet(self) -> None:
        at = self.address
        whole = address_for(at.url, at.identity)
        make = partial(papers.address_sheet, whole, at.vendor, at.url, at.identity)
        self._save("charger-address.pdf", make, "Address")

    def _save(self, name: str, make: Callable[[], Paper], title: str) -> None:
        ask_where(self.window(), "Save", name, PDF, lambda path: self._write(make, path, title))

    def _write(self, make: Callable[[], Paper], path: Path, title: str) -> None:
        toast = self.workspace.toast
        self.workspace.bridge.work(
            write_paper, make, path, title, done=lambda _: toast(f"Saved as {path}"), failed=toast
        )

    # -- parts -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = min(px(400), 420) if self.width() > 1300 else min(px(340), 360)
        for panel in (self.commission, self.new):
            panel.setFixedWidth(wide)

    def _door_panel(self) -> Panel:
        panel = Panel("At the door")
        self.which = Segments((("now", "Now"), ("in", "Let in")), "Which")
        self.which.chosen.connect(lambda _: self.refresh())
        panel.add_action(self.which)
        panel.set_subtitle("Updates as chargers try.")
        simulate = TouchButton("Start a simulated charger", icon="zap")
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
        panel.body_layout.addWidget(holder, 1)
        panel.body_layout.addWidget(Rule())
        panel.body_layout.addLayout(self._missing())
        panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return panel

    def _missing(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label("Charger not in this list?", "bodyStrong"))
        text = "It has not reached this machine. Check its cable or SIM card, then the address above."
        words.addWidget(Label(text, "small", "text2", wrap=True))
        test = TouchButton("Test the network…")
        test.clicked.connect(self.check_network)
        line = QHBoxLayout()
        line.setContentsMargins(16, 10, 16, 10)
        line.setSpacing(16)
        line.addLayout(words, 1)
        line.addWidget(test)
        return line

"""The three steps of the first start: who operates, how stations come here, the first charger or the demo."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.money import currency_complaint
from app.domain.status import Shown
from app.onboarding.addresses import address_for, only_here
from app.onboarding.self_check import Report, State
from ui.first_start.parts import ChoiceCard, WayPicture
from ui.shell.page import Workspace
from ui.theme.theme import px
from ui.widgets.fields import TextField
from ui.widgets.labels import Label, StateLabel
from ui.widgets.listen_sheet import ListenSheet
from ui.widgets.machine_checks import MachineChecks
from ui.widgets.panel import Panel, Rule
from ui.widgets.touch import QrCode, TouchButton

WAYS = (
    ("same-network", "router", "Same network", "Stations hang on the same router or switch as this machine.",
     "Nothing to set up"),
    ("mobile", "smartphone", "Private mobile network",
     "Stations have SIM cards that lead into your own network.", "You need: the tunnel of your SIM provider"),
    ("internet", "globe", "Internet", "Stations call a public name that leads here.",
     "You need: a name, and the port passed on"),
)  # fmt: skip
FIRSTS = (
    ("charger", "cable", "A charger that stands here",
     "Enter the address in it; it appears at the door within a second of its first try.",
     "You need: the charger's settings"),
    ("simulated", "zap", "A simulated charger",
     "It calls this machine like any other and charges one car.", "Nothing to set up"),
    ("demo", "monitor", "The demo",
     "Simulated stations with a past, in a window and a data directory of its own.",
     "Nothing here is touched"),
)  # fmt: skip


class Organisation(QWidget):
    """Name, currency and time zone, with what this computer says as the proposal."""

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        currency = QLocale.system().currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode) or "EUR"
        self.name = TextField("Name of your organisation", placeholder="As it stands on reports")
        self.address = TextField("Address", placeholder="Street, town; may be left out")
        self.currency = TextField("Currency", currency, "EUR")
        self.zone = TextField("Time zone", workspace.settings.zone or str(workspace.zone), "Europe/Berlin")
        self.wrong = Label("", "small", "faulted", wrap=True)
        panel = Panel()
        panel.setMaximumWidth(px(560))
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 14, 16, 16)
        inside.setSpacing(4)
        for label, field in (
            ("Name", self.name),
            ("Address", self.address),
            ("Currency (three letters, ISO 4217)", self.currency),
            ("Time zone", self.zone),
        ):
            inside.addWidget(Label(label, "small", "text3"))
            inside.addWidget(field)
            inside.addSpacing(8)
            field.textChanged.connect(lambda _: self._check())
        inside.addWidget(self.wrong)
        panel.body_layout.addLayout(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        column.addStretch(1)
        self._check()

    def complaint(self) -> str:
        """What is wrong, "" if nothing is."""
        if complaint := currency_complaint(self.currency.text()):
            return complaint
        if self.zone.text().strip() not in available_timezones():
            return "There is no such time zone; write it as Europe/Berlin."
        return ""

    def body(self) -> Mapping[str, Any]:
        """The entry "organisation"."""
        return {
            "name": self.name.text().strip(),
            "address": self.address.text().strip(),
            "currency": self.currency.text().strip().upper(),
        }

    def told(self) -> str:
        """What was chosen, for the left column."""
        body = self.body()
        return f"{body['name'] or 'No name'}, {body['currency']}\n{self.zone.text().strip()}"

    def _check(self) -> None:
        self.wrong.setText(self.complaint())
        self.changed.emit()


class Reach(QWidget):
    """How stations come here, with the address and the checks."""

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.way = "same-network"
        self.report: Report | None = None
        self.cards = [ChoiceCard(*way) for way in WAYS]
        row = QHBoxLayout()
        row.setSpacing(12)
        for card in self.cards:
            card.chosen.connect(self.choose)
            row.addWidget(card, 1)
        self.picture = WayPicture()
        self._address = Label("", "mono", "text1", selectable=True)
        copy = TouchButton("Copy", icon="copy")
        copy.clicked.connect(self._copy)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 14, 10)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(
            Label("Address for your stations, each adds its own name at the end", "small", "text2")
        )
        words.addWidget(self._address)
        head.addLayout(words, 1)
        head.addWidget(copy)
        self.checks = MachineChecks(workspace)
        self.checks.looked.connect(self._looked)
        self.checks.address_asked.connect(lambda: ListenSheet(workspace).open())
        panel = Panel()
        panel.body_layout.addLayout(head)
        panel.body_layout.addWidget(Rule())
        panel.body_layout.addWidget(self.checks, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(row)
        column.addWidget(self.picture)
        column.addWidget(panel, 1)
        self.choose(self.way)

    def look(self) -> None:
        """Look at the machine again."""
        self.checks.look()

    def choose(self, way: str) -> None:
        """Take a way; the checks that it needs are done."""
        self.way = self.checks.way = way
        for card in self.cards:
            card.choose(card.key == way)
        self._show_way()
        if self.isVisible():
            self.look()

    @property
    def blocked(self) -> bool:
        """Whether something real stands in the way."""
        return self.report is not None and self.report.count(State.BLOCKED) > 0

    def told(self) -> str:
        """What was chosen, for the left column."""
        return next(way[2] for way in WAYS if way[0] == self.way)

    def _looked(self, report: Report) -> None:
        self.report = report
        self._address.setText(
            address_for(report.urls[0]) if report.urls else "The server does not listen yet."
        )
        self._show_way()
        self.changed.emit()

    def _show_way(self) -> None:
        host = self.report.reaches[0].host if self.report is not None and self.report.reaches else ""
        between = {
            "same-network": ("router", "Router", "cable or Wi-Fi"),
            "mobile": ("smartphone", "SIM provider", "tunnel into your network"),
            "internet": ("globe", "Internet", "a name and a passed-on port"),
        }[self.way]
        stations = ("plug-zap", "Stations", "any maker, OCPP 1.6J, 2.0.1, 2.1")
        self.picture.show_way((stations, between, ("monitor", "This machine", host)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address.text())
        self._workspace.toast(f"On the clipboard: {self._address.text()}")


class First(QWidget):
    """The first charger, or the demo."""

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.first = "charger"
        self.cards = [ChoiceCard(*first) for first in FIRSTS]
        row = QHBoxLayout()
        row.setSpacing(12)
        for card in self.cards:
            card.chosen.connect(self.choose)
            row.addWidget(card, 1)
        self._code = QrCode(148)
        self._address = Label("", "mono", "text1", selectable=True)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(Label("Enter this address in the charger", "pageTitle"))
        words.addWidget(self._address)
        self.local = StateLabel(
            Shown.DEGRADED,
            "Only this machine reaches it so far. “Listen on the network” in step 2 lets others.",
        )
        self.local.hide()
        words.addWidget(self.local)
        words.addWidget(
            Label(
                "The charger's identity stands behind it; most chargers add it by themselves. Onboarding "
                "shows the words that each maker uses, who has called, and what keeps a charger out.",
                "body",
                "text2",
                wrap=True,
            )
        )
        words.addStretch(1)
        inside = QHBoxLayout()
        inside.setContentsMargins(16, 16, 16, 16)
        inside.setSpacing(24)
        inside.addWidget(self._code)
        inside.addLayout(words, 1)
        self.panel = Panel()
        self.panel.body_layout.addLayout(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(row)
        column.addWidget(self.panel)
        column.addStretch(1)
        self.choose(self.first)

    def choose(self, first: str) -> None:
        """Take a way to begin."""
        self.first = first
        for card in self.cards:
            card.choose(card.key == first)
        self.panel.setVisible(first == "charger")
        self.changed.emit()

    def know(self, url: str) -> None:
        """The address stations call."""
        text = address_for(url) if url else ""
        self._address.setText(text or "The server does not listen yet.")
        self.local.setVisible(only_here((url,)))
        self._code.show_text(text)

"""Send by hand: station, action, payload with completion and checking while it is typed."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.domain.operations import Message, Operation
from app.domain.status import LinkState, Shown
from app.fleet.views import StationView
from app.operations import console
from app.operations.console import Finding
from ui.models.bulk import BulkDeed
from ui.models.completions import Offer, offers_of, starting_with
from ui.models.hand_messages import Saved, SentByHand
from ui.shell.page import Workspace
from ui.theme.formats import when
from ui.theme.theme import px
from ui.widgets.bulk_sheet import BulkSheet
from ui.widgets.buttons import Button
from ui.widgets.completing import CompletingField, OfferList
from ui.widgets.json_editor import JsonEditor
from ui.widgets.labels import Label, StateLabel
from ui.widgets.panel import Panel

VERSIONS = {"1.6": "OCPP 1.6J", "2.0.1": "OCPP 2.0.1", "2.1": "OCPP 2.1"}


class HandPanel(Panel):
    """Writes one message and sends it; whatever it cuts is told before it leaves."""

    save_asked = Signal(str, str, str)
    """(version, action, text) to be kept under a name."""
    forget_asked = Signal(str)
    folded = Signal(bool)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Send by hand", "every message is logged with your name", parent)
        self._workspace = workspace
        self._saved: Sequence[Saved] = ()
        self._sent: Sequence[SentByHand] = ()
        self._findings: tuple[Finding, ...] = ()
        self._filled = ""
        self.station = CompletingField("Station", self._offer_stations, "", "plug", at_once=True)
        self.action = CompletingField("Action", self._offer_actions, "", "send", at_once=True)
        self.editor = JsonEditor("Payload")
        self.offers = OfferList(self, foot=False)
        self.editor.chosen = lambda: self.offers.chosen
        self._offered = Label("", "caption", "text3")
        self._version = Label("", "caption", "text3")
        self._wrong = StateLabel(Shown.DEGRADED, "", role="small")
        self._right = Label("", "small", "text2")
        self.recent = Button("Recent", "quiet", "history")
        self.kept = Button("Saved", "quiet", "star")
        self.fold = Button("Write a message", "quiet", "pencil")
        self.save = Button("Save…")
        self.send = Button("Send", "primary", keys="Ctrl Enter")
        for button in (self.recent, self.kept, self.fold):
            self.add_action(button)
        self._inside = QWidget()
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.station.textChanged.connect(lambda _text: self._other_station())
        self.action.textChanged.connect(lambda _text: self._other_action())
        self.editor.settled.connect(self.look)
        self.editor.send_asked.connect(self.ask_send)
        self.editor.offer_stepped.connect(self.offers.step)
        self.offers.picked.connect(self._take)
        self.send.clicked.connect(self.ask_send)
        self.save.clicked.connect(self._ask_save)
        self.recent.clicked.connect(lambda: self._open_menu(self.recent, self._recent_entries()))
        self.kept.clicked.connect(lambda: self._open_menu(self.kept, self._kept_entries()))
        self.fold.clicked.connect(lambda: self.set_open(not self._inside.isVisibleTo(self)))
        self.look()

    @property
    def view(self) -> StationView | None:
        """The station it goes to."""
        return self._workspace.picture.stations.get(self.station.text().strip())

    @property
    def version(self) -> str:
        """That station's version of OCPP; "" while it is not known."""
        view = self.view
        return view.version if view is not None else ""

    @property
    def is_open(self) -> bool:
        """Whether there is something to write in."""
        return self._inside.isVisibleTo(self)

    def set_open(self, on: bool) -> None:
        """Show the editor, or only the header."""
        self._inside.setVisible(on)
        self.fold.set_text("Put away" if on else "Write a message")
        self.fold.icon_name = "chevron-down" if on else "pencil"
        self.folded.emit(on)
        if on and not self.station.text():
            self.station.setFocus()

    def write(self, station: str, action: str, text: str = "") -> None:
        """Begin with this; without a text, with the least that the action needs."""
        self.set_open(True)
        if station:
            self.station.setText(station)
        self._filled = action
        self.action.setText(action)
        self.editor.write(text or self._skeleton(action))
        self.editor.setFocus()
        self.look()

    def show_saved(self, saved: Sequence[Saved]) -> None:
        """The messages that are kept under a name."""
        self._saved = saved
        self.kept.set_text(f"Saved {len(saved)}" if saved else "Saved")

    def show_sent(self, sent: Sequence[SentByHand]) -> None:
        """The messages sent by hand before."""
        self._sent = sent

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Label("Station", "caption", "text3"))
        head.addStretch(1)
        head.addWidget(self._version)
        left.addLayout(head)
        left.addWidget(self.station)
        left.addSpacing(px(4))
        left.addWidget(Label("Action", "caption", "text3"))
        left.addWidget(self.action)
        left.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(Label("Payload", "caption", "text3"))
        self.editor.setMinimumHeight(px(92))
        middle.addWidget(self.editor, 1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self._offered)
        right.addWidget(self.offers, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 3)
        row.addLayout(middle, 6)
        row.addLayout(right, 4)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._wrong, 1)
        foot.addWidget(self._right, 1)
        foot.addWidget(self.save)
        foot.addWidget(self.send)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        column.addLayout(row, 1)
        column.addLayout(foot)
        self.body_layout.addWidget(self._inside)

    def sizeHint(self) -> QSize:
        return QSize(px(600), px(222) if self.is_open else px(42))

    def _offer_stations(self, text: str, cursor: int) -> list[Offer]:
        known = self._workspace.picture.stations.values()
        words = [
            (view.station, view.name or view.site, VERSIONS.get(view.version, "never connected"))
            for view in sorted(known, key=lambda v: v.station)
        ]
        return [
            Offer(o.word, o.insert, 0, o.says, o.hint, len(text)) for o in starting_with(words, text, cursor)
        ]

    def _offer_actions(self, text: str, cursor: int) -> list[Offer]:
        words = [(action, "", "") for action in console.actions(self.version)]
        return [Offer(o.word, o.insert, 0, "", "", len(text)) for o in starting_with(words, text, cursor)]

    def _skeleton(self, action: str) -> str:
        try:
            return console.skeleton(self.version, action, now_ms=self._workspace.now_ms())
        except KeyError:
            return "{}"

    def _other_station(self) -> None:
        view = self.view
        known = VERSIONS.get(self.version, "not connected yet" if view is not None else "")
        away = view is not None and view.link in (LinkState.OFFLINE, LinkState.NEVER)
        self._version.setText(f"{known}, offline" if away else known)
        self.look()

    def _other_action(self) -> None:
        action = self.action.text().strip()
        if action in console.actions(self.version) and action != self._filled:
            self._filled = action
            self.editor.write(self._skeleton(action))
        self.look()

    def look(self) -> None:
        """Check what is written, and offer what may come next."""
        action, text = self.action.text().strip(), self.editor.toPlainText()
        view = self.view
        if view is None or not action:
            self._say("", "Choose a station and an action")
            self._findings = ()
            self.editor.mark_lines(())
            self.offers.show_offers(())
            self._offered.setText("")
            self.send.setEnabled(False)
            return
        self._findings = console.check(self.version, action, text)
        self.editor.mark_lines([finding.line for finding in self._findings])
        if self._findings:
            first = self._findings[0]
            more = f" (and {len(self._findings) - 1} more)" if len(self._findings) > 1 else ""
            self._say(f"Line {first.line}: {first.sentence}{more}", "")
        else:
            self._say("", f"✓ Fits {action}.json of {VERSIONS.get(self.version, self.version)}")
        self.send.setEnabled(not self._findings)
        suggestions = console.complete(
            self.version,
            action,
            text,
            self.editor.place,
            now_ms=self._workspace.now_ms(),
            known=self._known(view),
        )
        offers = offers_of(suggestions)
        self.offers.show_offers(offers)
        self._offered.setText(f"{len(offers)} fit here, Tab takes" if offers else "")

    def _known(self, view: StationView) -> dict[str, Sequence[str]]:
        evses = [str(plug.evse) for plug in view.connectors]
        return {"connectorId": ["0", *evses], "evseId": ["0", *evses]}

    def _say(self, wrong: str, right: str) -> None:
        self._wrong.setVisible(bool(wrong))
        self._right.setVisible(bool(right))
        self._right.setText(right)
        if wrong:
            self._wrong.show_state(Shown.DEGRADED, wrong)
            self._wrong.setToolTip(wrong)

    def _take(self, offer: Offer) -> None:
        self.editor.take(offer)
        self.editor.setFocus()

    def operation(self) -> Operation | None:
        """The message as written; None while it can not be sent."""
        if self.view is None or self._findings or not self.action.text().strip():
            return None
        return Message(self.action.text().strip(), json.loads(self.editor.toPlainText()))

    def ask_send(self) -> BulkSheet | None:
        """Tell what it cuts, then send it."""
        self.look()
        operation, view = self.operation(), self.view
        if operation is None or view is None:
            self._workspace.toast("It can not be sent as it is: the line below the payload says why.")
            return None
        assert isinstance(operation, Message)
        deed = BulkDeed(
            "message", f"Send {operation.action}", "Send", "send",
            {"": "It leaves as written and is kept in the command log with its answer. A message by hand is "
                 "proved by nothing but its answer."},
            lambda _station, _way: operation, one=True,
        )  # fmt: skip
        host = self._workspace.sheet_host or self.window()
        sheet = BulkSheet(host, self._workspace, deed, (view.station,))
        sheet.open()
        return sheet

    def _ask_save(self) -> None:
        self.save_asked.emit(self.version, self.action.text().strip(), self.editor.toPlainText())

    def _recent_entries(self) -> list[tuple[str, Callable[[], Any]]]:
        now, zone = self._workspace.now_ms(), self._workspace.zone
        return [
            (
                f"{one.action} to {one.station}, {when(one.asked_ms, now, zone)}",
                lambda one=one: self.write(one.station, one.action, one.text),  # type: ignore[misc]
            )
            for one in self._sent
        ] or [("Nothing was sent by hand yet", lambda: None)]

    def _kept_entries(self) -> list[tuple[str, Callable[[], Any]]]:
        return [
            (f"{one.name}: {one.action}", lambda one=one: self.write("", one.action, one.text))  # type: ignore[misc]
            for one in self._saved
        ] or [("None is kept yet; Save keeps this one under a name", lambda: None)]

    def _open_menu(self, button: Button, entries: list[tuple[str, Callable[[], Any]]]) -> None:
        menu = QMenu(self)
        for text, run in entries:
            action = QAction(text.replace("&", "&&"), menu)
            action.triggered.connect(lambda _=False, run=run: run())
            menu.addAction(action)
        if button is self.kept and self._saved:
            menu.addSeparator()
            for one in self._saved:
                action = QAction(f"Forget {one.name}", menu)
                action.triggered.connect(lambda _=False, one=one: self.forget_asked.emit(one.entry))
                menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater, Qt.ConnectionType.QueuedConnection)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

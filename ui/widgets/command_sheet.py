"""The sheet before a command: what it does, what it cuts, what it asks for, and what if nobody is there."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import ForecourtError
from app.domain.operations import Consequence, Operation, Wish
from app.domain.status import LinkState, Shown
from ui.models.command_fields import Ask, Facts, faults_of
from ui.models.command_kinds import Kind
from ui.shell.page import Workspace
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.clearing import clear
from ui.widgets.facts import Facts as FactRows
from ui.widgets.fields import TextArea, TextField
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.segments import Segments
from ui.widgets.sheet import Sheet

HOUR_MS = 3_600_000
WAITS = (("", "Do not send"), ("1", "Wait 1 h"), ("24", "Wait 24 h"), ("168", "Wait 7 days"))
"""Hours a command may wait for a station that is offline."""
MOST_SHOWN = 12
"""So many of the changes are listed; the others are counted."""
FEW = 4
"""A choice of so many stands open; of more, in a menu."""
SETTLE_MS = 200
ANEW_MS = 2_000
"""What it would cut changes while somebody thinks: it is asked again so often."""


def consequences(wish: Wish) -> Callable[[Any], Any]:
    """Asks the desk what a wish would cut."""

    async def ask(room: Any) -> tuple[Consequence, ...]:
        return tuple(room.desk.consequences(wish))

    return ask


def asking(wish: Wish) -> Callable[[Any], Any]:
    """Wishes it of the desk; the command's number."""

    async def ask(room: Any) -> int:
        return int(await room.desk.ask(wish))

    return ask


class CommandSheet(Sheet):
    """One command for one station. Stays open with the reason when it is refused; never waits for an end.

    Args:
        kind: the command.
        facts: what is known of the station now.
        preset: what is filled in already, by key.
        on_sent: told the command's number.
    """

    def __init__(
        self,
        workspace: Workspace,
        kind: Kind,
        facts: Facts,
        preset: Mapping[str, str] | None = None,
        on_sent: Callable[[int], None] = lambda _number: None,
    ) -> None:
        host = workspace.sheet_host
        assert host is not None, "a window sets sheet_host before its pages can be clicked"
        super().__init__(host, kind.title, facts.view.station)
        self._workspace, self._kind, self._facts, self._on_sent = workspace, kind, facts, on_sent
        self._asks = kind.asks(facts)
        self._edits: dict[str, QWidget] = {}
        self._wrongs: dict[str, Label] = {}
        self._shown: tuple[Consequence, ...] = ()
        self._known = False
        self._sending = False
        self.body_layout.addWidget(Label(kind.says, "body", "text2", wrap=True))
        self._cuts = QVBoxLayout()
        self._cuts.setSpacing(8)
        self.body_layout.addLayout(self._cuts)
        if kind.preview:
            changes = FactRows("small", 22)
            changes.show_facts(kind.preview[:MOST_SHOWN])
            self.body_layout.addWidget(changes)
            if len(kind.preview) > MOST_SHOWN:
                rest = f"and {len(kind.preview) - MOST_SHOWN} more"
                self.body_layout.addWidget(Label(rest, "small", "text3"))
        for ask in self._asks:
            self.body_layout.addLayout(self._line(ask, (preset or {}).get(ask.key, ask.value)))
        self.why = TextField("Why", placeholder="Kept with your name and the time")
        self.why.textChanged.connect(lambda _text: self._show_wrong("why", ""))
        self._why_box = self._boxed("why", "Why", self.why)
        self._offline = QWidget()
        self.wait = Segments(WAITS, "While it is offline")
        self.wait.chosen.connect(lambda _key: self._look())
        waiting = QVBoxLayout(self._offline)
        waiting.setContentsMargins(0, 0, 0, 0)
        waiting.setSpacing(4)
        waiting.addWidget(Label(f"{facts.view.station} is not connected", "small", "text3"))
        waiting.addWidget(self.wait)
        self.body_layout.addWidget(self._why_box)
        self.body_layout.addWidget(self._offline)
        self.cancel = self.add_button(Button("Cancel", keys="Esc"), default=True)
        self.cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button(kind.verb, "warning" if kind.cuts else "primary"))
        self.confirm.setEnabled(False)
        self.confirm.clicked.connect(self.send)
        self._why_box.hide()
        self._offline.setVisible(facts.view.link in (LinkState.OFFLINE, LinkState.NEVER))
        if self._asks and not kind.cuts:
            self.set_focus_on(self._edits[self._asks[0].key])
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE_MS)
        self._rest.timeout.connect(self._look)
        self._anew = QTimer(self)
        self._anew.setInterval(ANEW_MS)
        self._anew.timeout.connect(self._look)
        self._anew.start()
        self._look()

    # -- what is filled in ---------------------------------------------------------------------

    def edit(self, key: str) -> Any:
        """The widget of a field."""
        return self._edits[key]

    def values(self) -> dict[str, str]:
        """What is filled in, by key."""
        return {key: _text_of(widget) for key, widget in self._edits.items()}

    def _line(self, ask: Ask, value: str) -> QVBoxLayout:
        widget = self._field(ask, value)
        self._edits[ask.key] = widget
        line = QVBoxLayout()
        line.addWidget(self._boxed(ask.key, ask.label, widget))
        return line

    def _boxed(self, key: str, label: str, widget: QWidget) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(label, "small", "text3"))
        column.addWidget(widget)
        wrong = Label("", "small", "faulted", wrap=True)
        wrong.hide()
        self._wrongs[key] = wrong
        column.addWidget(wrong)
        return box

    def _field(self, ask: Ask, value: str) -> QWidget:
        if ask.kind == "choice":
            words = sum(len(text) for _, text in ask.choices)
            if len(ask.choices) <= FEW and words <= 44:
                segments = Segments(ask.choices, ask.label)
                segments.choose(value)
                segments.chosen.connect(lambda _key: self._changed(ask.key))
                return segments
            menu = MenuButton("", "")
            menu.set_choices(ask.choices, value)
            menu.setAccessibleName(ask.label)
            menu.chosen.connect(lambda _key: self._changed(ask.key))
            return menu
        if ask.kind == "area":
            area = TextArea(ask.label, ask.placeholder, 3)
            area.setPlainText(value)
            area.textChanged.connect(lambda: self._changed(ask.key))
            return area
        field = TextField(ask.label, value, ask.placeholder, mono=ask.mono)
        field.textChanged.connect(lambda _text: self._changed(ask.key))
        field.returnPressed.connect(self.entered)
        return field

    def entered(self) -> None:
        """Return in a field sends what cuts nothing; what cuts is confirmed by its own button."""
        if any(is_grave(c) for c in self._shown) or self._kind.cuts:
            self.confirm.setFocus()
        else:
            self.send()

    def _changed(self, key: str) -> None:
        self._show_wrong(key, "")
        self.hide_refusal()
        self._rest.start()

    def _show_wrong(self, key: str, sentence: str) -> None:
        self._wrongs[key].setText(sentence)
        self._wrongs[key].setVisible(bool(sentence))

    # -- what it would cut ---------------------------------------------------------------------

    def _wish(self) -> Wish:
        """Raises ForecourtError: what is filled in makes no command."""
        operation: Operation = self._kind.make(self.values(), self._facts)
        hours = self.wait.value if self._offline.isVisibleTo(self.card) else ""
        until = self._workspace.now_ms() + int(hours) * HOUR_MS if hours else None
        return Wish(
            self._facts.view.station, operation, self._workspace.bridge.operator, self.why.text().strip(),
            wait_until_ms=until, agreed=tuple(c.key for c in self._shown if not c.blocks),
        )  # fmt: skip

    def _look(self) -> None:
        """Ask what it would cut as it is filled in now; what is not whole yet asks nothing."""
        if self._sending:
            return
        try:
            if faults_of(self._asks, self.values()):
                raise ForecourtError("")
            wish = self._wish()
        except ForecourtError:
            self._known = False
            self.confirm.setEnabled(True)
            return
        self._workspace.bridge.run(
            consequences(wish), done=self._take, failed=self._refused, key="command/consequences"
        )

    def _take(self, found: Iterable[Consequence] | None) -> None:
        told = tuple(found or ())
        if self._known and told == self._shown:
            self._allow()
            return
        self._shown, self._known = told, True
        clear(self._cuts)
        for consequence in self._shown:
            shown = Shown.FAULTED if consequence.blocks else Shown.OFFLINE
            if consequence.blocks or is_grave(consequence):
                self._cuts.addWidget(Banner(shown, *split(consequence)))
            else:
                self._cuts.addWidget(Label(consequence.text, "small", "text2", wrap=True))
        self._why_box.setVisible(any(c.asks_why for c in self._shown))
        self._allow()
        grave = any(is_grave(c) for c in self._shown)
        self.confirm.kind = "warning" if grave or self._kind.cuts else "primary"
        self.confirm.update()
        if grave and not self.cancel.hasFocus() and not self._typing():
            self.cancel.setFocus()
        self.relayout()

    def _allow(self) -> None:
        """The verb works unless something blocks it, or nobody is there and it is not to wait."""
        offline = self._offline.isVisibleTo(self.card) and not self.wait.value
        self.confirm.setEnabled(not self._sending and not offline and not any(c.blocks for c in self._shown))

    def _typing(self) -> bool:
        return any(widget.hasFocus() for widget in (*self._edits.values(), self.why))

    # -- sending -------------------------------------------------------------------------------

    def send(self) -> None:
        """Send it, unless something is missing; the sheet closes once the command is kept."""
        wrong = faults_of(self._asks, self.values())
        if self._why_box.isVisibleTo(self.card) and not self.why.text().strip():
            wrong["why"] = "Say why, in a few words."
        for key in self._wrongs:
            self._show_wrong(key, wrong.get(key, ""))
        if wrong:
            first = next(iter(wrong))
            (self.why if first == "why" else self._edits[first]).setFocus()
            self.relayout()
            return
        if self._sending or not self.confirm.isEnabled():
            return
        try:
            wish = self._wish()
        except ForecourtError as error:
            self._refused(str(error))
            return
        self._sending = True
        self.confirm.setEnabled(False)
        self._workspace.bridge.run(
            asking(wish), done=lambda number: self._sent(wish, number), failed=self._refused
        )

    def _sent(self, wish: Wish, number: Any) -> None:
        self._sending = False
        command = int(number or 0)
        tell(self._workspace, self._kind, wish, command)
        self._on_sent(command)
        self.finish(command or True)

    def _refused(self, sentence: str) -> None:
        again = self._sending
        self._sending = False
        self.confirm.setEnabled(True)
        self.show_refusal(sentence)
        if again:
            self._look()  # what it cuts may have changed since it was shown


def is_grave(consequence: Consequence) -> bool:
    """Whether it cuts something or can hurt; what only waits for a session to end is told quietly."""
    return consequence.asks_why or (bool(consequence.sessions) and consequence.key != "waits")


def split(consequence: Consequence) -> tuple[str, str]:
    """What happens, and to whom: the last sentence of a cut is what happens."""
    text = consequence.text.strip()
    facts, dot, then = text.rpartition(". ")
    if not consequence.sessions or not dot:
        return text, ""
    return then, f"{facts}."


def tell(workspace: Workspace, kind: Kind, wish: Wish, command: int) -> None:
    """Say that it is under way; what can be taken back can be for 10 s."""
    reverse = kind.undo(wish.operation)
    undo: Callable[[], None] | None = None
    if reverse is not None:
        back = Wish(wish.station, reverse, wish.by, f"Undo of command {command}", agreed=wish.agreed)

        def undo() -> None:
            workspace.bridge.run(
                undoing(command, back),
                done=lambda _: workspace.toast(f"{kind.title} at {wish.station} is taken back."),
                failed=workspace.toast,
            )

    waiting = ", once it is back" if wish.wait_until_ms is not None else ""
    workspace.toast(
        f"{kind.title}: under way at {wish.station}{waiting}. The command log tells how it ends.", undo
    )


def undoing(command: int, back: Wish) -> Callable[[Any], Any]:
    """Takes a command back: cancelled while it is queued, else its opposite is asked for."""

    async def undo(room: Any) -> None:
        try:
            await room.desk.cancel(command, back.by, "Undo")
        except ForecourtError:
            # it was sent already: the opposite takes it back
            await room.desk.ask(back)

    return undo


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, Segments):
        return widget.value
    if isinstance(widget, MenuButton):
        return str(widget.value or "")
    if isinstance(widget, TextArea):
        return widget.toPlainText()
    assert isinstance(widget, TextField)
    return widget.text()

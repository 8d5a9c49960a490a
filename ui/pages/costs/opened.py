"""A cost opened: what it is made of, where, its evidence, what would save most, and what it rests on."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.costs.assumptions import AssumptionSet
from app.analytics.costs.ledger import Cost, Part
from ui.models.cost_actions import Action
from ui.models.cost_events import event_row
from ui.models.cost_rates import RateLine, rests_on
from ui.models.cost_words import cause_words, euro, input_of
from ui.models.costs import CostRow, Event, Slice, events, slices
from ui.pages.costs.ask import AskField
from ui.pages.costs.minutes import act_words, ask_minutes, countable
from ui.pages.costs.voices import ask_voices
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.theme.theme import px
from ui.widgets.buttons import Button, IconButton, MenuButton
from ui.widgets.confidence import KnownMark
from ui.widgets.event_rows import EventRows
from ui.widgets.labels import Label
from ui.widgets.panel import Panel, Rule
from ui.widgets.scrolling import scrolled
from ui.widgets.slice_bars import SliceBars

SHOWN = 6
ASKED = 2
ACTIONS = 3


class ActionLine(QWidget):
    """What to do, what it would save or did save, and the way there."""

    asked = Signal(str, str)
    done = Signal(object)
    """The action was marked as done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Action | None = None
        self.tick = IconButton("check", "Mark as done")
        self.title = Label("", "body", weight=500, wrap=True)
        self.note = Label("", "small", "text3", wrap=True)
        self.button = Button("Open")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.tick)
        row.addWidget(self.button)
        self.button.clicked.connect(self._go)
        self.tick.clicked.connect(lambda: self.done.emit(self._action))

    def show_action(self, action: Action, currency: str) -> None:
        """Show one."""
        self._action = action
        self.title.setText(action.title)
        self.title.setToolTip(action.title)
        told = action.words(currency)
        self.note.setText(told)
        self.note.setToolTip(f"{told}. {action.why}" if action.why else told)
        self.button.set_text(action.button)
        self.tick.setVisible(bool(action.key))
        self.tick.set_name(f"Mark as done: {action.title}")
        self.button.setAccessibleName(f"{action.button} {action.title}")

    def _go(self) -> None:
        if self._action is not None:
            self.asked.emit(self._action.route, self._action.argument)


class RateRow(QWidget):
    """An assumption with its source and value; the value opens its editor."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self.name = Label("", "small")
        self.source = Label("", "small", "text3", right=True)
        self.value = Button("", icon="pencil")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.name, 3)
        row.addWidget(self.source, 2)
        row.addWidget(self.value)
        self.value.clicked.connect(lambda: self.asked.emit(self._key))

    def show_rate(self, rate: RateLine) -> None:
        """Show one."""
        self._key = rate.key
        self.name.setText(rate.title)
        self.name.setToolTip(f"{rate.title}. {rate.basis}")
        self.source.setText(rate.source)
        self.source.setToolTip(rate.source)
        self.value.set_text(rate.value)
        self.value.setAccessibleName(f"Change {rate.title}, {rate.value}")


class OpenedCost(Panel):
    """The panel at the right."""

    go_asked = Signal(str, str)
    done_asked = Signal(object)
    """An action was done."""
    sliced = Signal(str, str)
    """A cause or a site was chosen: its kind and key."""
    all_asked = Signal()
    saved = Signal()

    def __init__(
        self, workspace: Workspace, currency: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__("Cost", "evidence", parent)
        self._currency = currency
        self._workspace = workspace
        self.mark = KnownMark()
        self.add_action(self.mark)
        self.figure = Label("", "display")
        self.quantity = Label("", "body", "text2")
        self.span = Label("", "small", "text2")
        self.note = Label("", "small", "text3", wrap=True)
        self.voices = Button("Import complaints, reviews and credits…", "link", "download")
        self.correct = MenuButton("Correct minutes", "of")
        self._acts: dict[str, Event] = {}
        self.asks = [AskField(workspace, currency) for _ in range(ASKED)]
        self.causes_title = Label("Where it came from", "bodyStrong")
        self.causes = SliceBars("Causes", 6)
        self.sites_title = Label("Sites", "bodyStrong")
        self.sites = SliceBars("Sites", 5)
        self.events_title = Label("", "bodyStrong")
        self.rows = EventRows("Largest events")
        self.all_button = Button("", "link")
        self.deeds_title = Label("What would save most", "bodyStrong")
        self.deeds: list[ActionLine] = [ActionLine() for _ in range(ACTIONS)]
        self.no_action = Label("", "small", "text3", wrap=True)
        self.did = Label("", "small", "text2", wrap=True)
        self.rates_title = Label("What this rests on", "bodyStrong")
        self._rates: list[RateRow] = []
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.figure)
        head.addWidget(self.quantity, 1, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(head)
        column.addWidget(self.span)
        column.addWidget(self.note)
        column.addWidget(self.voices)
        column.addWidget(self.correct)
        for ask in self.asks:
            column.addWidget(ask)
            ask.saved.connect(self.saved)
            ask.hide()
        column.addSpacing(4)
        column.addWidget(self.causes_title)
        column.addWidget(self.causes)
        column.addWidget(Rule())
        column.addWidget(self.deeds_title)
        for line in self.deeds:
            column.addWidget(line)
            line.asked.connect(self.go_asked)
            line.done.connect(self.done_asked)
        column.addWidget(self.no_action)
        column.addWidget(self.did)
        column.addWidget(Rule())
        for widget in (self.events_title, self.rows, self.all_button, self.sites_title, self.sites):
            column.addWidget(widget)
        column.addWidget(Rule())
        column.addWidget(self.rates_title)
        self._rate_column = QVBoxLayout()
        self._rate_column.setSpacing(4)
        column.addLayout(self._rate_column)
        column.addStretch(1)
        area = scrolled(inside)
        self.body_layout.addWidget(area, 1)
        self.voices.clicked.connect(lambda: ask_voices(self._workspace, self.window(), self._currency()))
        self.correct.chosen.connect(self._correct)
        self.causes.chosen.connect(lambda key: self.sliced.emit("cause", key))
        self.sites.chosen.connect(lambda key: self.sliced.emit("site", key))
        self.rows.opened.connect(self.go_asked)
        self.all_button.clicked.connect(self.all_asked)

    def show_cost(
        self,
        row: CostRow,
        parts: Sequence[Part],
        held: AssumptionSet,
        actions: Sequence[Action],
        zone: ZoneInfo,
        note: str = "",
        listed: Sequence[Part] | None = None,
        did: Sequence[str] = (),
    ) -> None:
        """Show a cost.

        Args:
            row: its figures.
            parts: its parts in the month and place shown.
            held: the rates in force.
            actions: what would save most, the most first.
            zone: the operator's.
            note: what has to be said beside the figure.
            listed: the parts whose events are listed; None for all.
            did: what actions that were done did save.
        """
        currency = self._currency()
        self.set_title(row.name)
        self.mark.show_shares(row.shares)
        self._head(row, currency, note)
        self.voices.setVisible(row.cost is Cost.BRAND)
        self._offer_corrections(parts, zone)
        for ask, key in zip(self.asks, (*row.missing, *[""] * ASKED), strict=False):
            asked = input_of(key, currency) if key else None
            ask.setVisible(asked is not None and bool(asked.kind))
            if asked is not None and asked.kind:
                ask.show_input(asked)
        self.causes.show_slices([_named(one) for one in slices(parts, "cause")], currency)
        sites = slices(parts, "site")
        self.sites.show_slices([_placed(one) for one in sites], currency)
        for widget in (self.sites_title, self.sites):
            widget.setVisible(len(sites) > 1)
        found = events(parts if listed is None else listed)
        self.rows.show_rows([event_row(event, zone) for event in found[:SHOWN]])
        shown = min(SHOWN, len(found))
        self.events_title.setText(f"Largest of {count(len(found), 'event')}" if found else "No events")
        self.all_button.setVisible(bool(found))
        self.all_button.set_text(f"Show all {len(found)}, export CSV" if len(found) > shown else "Export CSV")
        self._show_actions(actions, currency)
        self.did.setText("\n".join(did))
        self.did.setVisible(bool(did))
        self._show_rates(rests_on(row.cost, parts, held, zone, currency))

    def _offer_corrections(self, parts: Sequence[Part], zone: ZoneInfo) -> None:
        found = countable(parts)
        self._acts = {event.line.object: event for event in found}
        self.correct.setVisible(bool(found))
        self.correct.set_choices([(event.line.object, act_words(event, zone)) for event in found])
        self.correct.set_value("of…")

    def _correct(self, name: object) -> None:
        event = self._acts.get(str(name))
        self.correct.set_value("of…")
        if event is not None:
            ask_minutes(self._workspace, event, self.saved.emit)

    def _head(self, row: CostRow, currency: str, note: str) -> None:
        known = row.amount is not None
        self.figure.setText(
            euro(row.amount, currency) if known else (row.pending and "Pending") or "Not known yet"
        )
        self.quantity.setText(row.quantity)
        self.span.setVisible(row.ranged)
        if row.ranged:
            self.span.setText(f"95% range {euro(row.low, currency)} to {euro(row.high, currency)}")
        words = " ".join(filter(None, (row.pending and f"{row.pending}.", note)))
        self.note.setText(words or f"{row.meaning}.")

    def _show_actions(self, actions: Sequence[Action], currency: str) -> None:
        for i, line in enumerate(self.deeds):
            line.setVisible(i < len(actions))
            if i < len(actions):
                line.show_action(actions[i], currency)
        self.no_action.setVisible(not actions)
        self.no_action.setText("Nothing that would surely save money is known for this cost yet.")

    def _show_rates(self, rates: Sequence[RateLine]) -> None:
        while len(self._rates) < len(rates):
            made = RateRow()
            made.asked.connect(lambda key: self.go_asked.emit("settings/assumptions", key))
            self._rates.append(made)
            self._rate_column.addWidget(made)
        for i, line in enumerate(self._rates):
            line.setVisible(i < len(rates))
            if i < len(rates):
                line.show_rate(rates[i])
        self.rates_title.setText("What this rests on" if rates else "This rests on no assumption")
        self.setMinimumWidth(px(330))


def _named(one: Slice) -> Slice:
    return Slice(cause_words(one.name), one.amount, one.shares, one.quantity, one.events, one.key)


def _placed(one: Slice) -> Slice:
    return Slice(one.name or "Without a site", one.amount, one.shares, one.quantity, one.events, one.key)

"""The local card list: the cards Forecourt keeps for it, what the station holds, and sending it."""

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.analytics import care
from app.analytics.care import ListedCard
from app.domain.intents import RemoveEntry, SaveEntry
from app.domain.operations import SendLocalList
from app.domain.status import Shown
from app.fleet.views import StationView
from ui.models.card_lists import HeldList, difference, held, listed, stands
from ui.models.cells import Cell, Column, Tone
from ui.models.command_kinds import Kind
from ui.models.row_model import RowModel
from ui.pages.station.hands import Hands
from ui.pages.station.tab import DeviceTab
from ui.shell.page import Workspace
from ui.theme import formats
from ui.widgets.ask_sheet import AskSheet, Field
from ui.widgets.buttons import Button, IconButton
from ui.widgets.command_sheet import CommandSheet
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable

STATUSES = ("Accepted", "Blocked", "Expired", "Invalid")
STANDS = {
    "held": ("Held", "check"), "differs": ("Differs", ""), "missing": ("Not held", ""),
    "unknown": ("Not known", "circle-question-mark"),
}  # fmt: skip


class CardListTab(DeviceTab):
    """Cards for all stations; whether this one holds them."""

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(workspace, hands, parent)
        self._cards: tuple[ListedCard, ...] = ()
        self._held = HeldList(None, None, None)
        self.add = Button("Add card…", icon="plus")
        self.add.clicked.connect(lambda: self.edit_sheet(None).open())
        self.remove = IconButton("trash-2", "Remove the chosen card…")
        self.remove.clicked.connect(self.ask_remove)
        self.version = Button("Read version", icon="refresh-cw")
        self.version.clicked.connect(lambda: self.hands.open("list-version"))
        self.changes = Button("Send changes…")
        self.changes.clicked.connect(lambda: self.ask_send(full=False))
        self.send = Button("Send whole list…", "primary", "send")
        self.send.clicked.connect(lambda: self.ask_send(full=True))
        self.model: RowModel[ListedCard] = RowModel(self._columns(), lambda card: card.token, self)
        self.table = RowTable(self.model, "Cards of the local list")
        self.table.usual_columns(("kind", "group", "until", "note"))
        self.table.moved.connect(lambda _key: self._enable())
        self.table.opened.connect(lambda _key: self._edit_chosen())
        first = Button("Add card…", "primary", "plus")
        first.clicked.connect(lambda: self.edit_sheet(None).open())
        self._empty = EmptyState(
            "list-checks", "No cards are kept for local lists yet",
            "A station that holds a list can admit these cards while it has no connection.", (first,),
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.panel = Panel("Card list")
        for button in (self.version, self.add, self.remove, self.changes, self.send):
            self.panel.add_action(button)
        self.panel.body_layout.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self._stack.setCurrentWidget(self._empty)
        self._enable()

    def reset(self) -> None:
        self._held = HeldList(None, None, None)
        self.model.show([])

    def ask(self) -> None:
        self.workspace.bridge.query(
            "station/cards", care.card_list,
            done=self._take, failed=lambda s: self._empty.say("The cards could not be read", s),
        )  # fmt: skip

    def _take(self, cards: tuple[ListedCard, ...]) -> None:
        self._cards = cards
        self._held = held(self.hands.records)
        self.model.show(cards)
        self.model.refresh()
        self._stack.setCurrentWidget(self.table if cards else self._empty)
        now, zone = self.workspace.now_ms(), self.workspace.zone
        told = (
            "version there not read"
            if self._held.version is None
            else f"version {self._held.version} there, told {formats.age(self._held.read_ms, now, zone)}"
        )
        self.panel.set_subtitle(f"{formats.count(len(cards), 'card')}, {told}" if cards else told)
        self._enable()

    def live(self, view: StationView) -> None:
        self._enable()

    def _enable(self) -> None:
        reason = self.hands.reason("SendLocalList")
        changes = difference(self._cards, self._held)
        for button in (self.send, self.version):
            button.setEnabled(not reason)
            button.setToolTip(reason)
        self.changes.setEnabled(not reason and bool(changes))
        self.changes.setToolTip(
            reason
            or ("It is not known what the station holds; send the whole list." if changes is None else "")
            or ("The station holds all of it." if not changes else "")
        )
        self.remove.setEnabled(self.table.current_key() is not None)

    def ask_send(self, *, full: bool) -> CommandSheet | None:
        """The sheet that sends the whole list or what changed."""
        whole = tuple(listed(card) for card in self._cards)
        tokens = whole if full else difference(self._cards, self._held)
        if tokens is None:
            return None
        version = self._held.next_version
        what = "The station's list is replaced by" if full else "The station's list is changed by"
        kind = Kind(
            "send-list", "Send the card list" if full else "Send changes of the card list", "send", "data",
            "SendLocalList", "Send",
            f"{what} {formats.count(len(tokens), 'entry', 'entries')}, as version {version}. It counts as "
            "done when the station tells that version."
            + ("" if full else " If it refuses the changes, the whole list is sent instead."),
            lambda _values, _facts: SendLocalList(version, tokens, full, () if full else whole),
            preview=tuple((token.token, token.status or "removed") for token in tokens),
        )  # fmt: skip
        return self.hands.open_kind(kind)

    # -- the cards -----------------------------------------------------------------------------

    def _chosen(self) -> ListedCard | None:
        key = self.table.current_key()
        return next((card for card in self._cards if card.token == key), None)

    def _edit_chosen(self) -> None:
        card = self._chosen()
        if card is not None:
            self.edit_sheet(card).open()

    def edit_sheet(self, card: ListedCard | None) -> AskSheet:
        """Add a card, or change one."""
        host = self.workspace.sheet_host
        assert host is not None, "a window sets sheet_host before its pages can be clicked"

        def submit(values: Mapping[str, str], done: object, failed: object) -> None:
            body = {key: values[key] for key in ("kind", "status", "group", "note")}
            until = _day(values["until"], self.workspace)
            if until is not None:
                body["expires_ms"] = until  # type: ignore[assignment]
            self.workspace.bridge.do(
                SaveEntry("local-token", values["token"], body), "", done=done, failed=failed
            )

        fields = (
            Field("token", "Card", card.token if card else "", "04A2F1…", _token, mono=True),
            Field("kind", "Kind", card.kind if card else "ISO14443", check=_kind, mono=True),
            Field("status", "Status", card.status if card else "Accepted", check=_status),
            Field("until", "Valid until", _until(card, self.workspace), "2026-12-31, or empty",
                  lambda text: _wrong_day(text)),
            Field("group", "Group", card.group if card else "", mono=True),
            Field("note", "Whose", card.note if card else ""),
        )  # fmt: skip
        sheet = AskSheet(
            host, "Change card" if card else "Add card", "",
            "Kept for the lists of all stations; a station gets it when its list is sent.", "Keep", submit,
            fields,
        )  # fmt: skip
        sheet.finished.connect(lambda _result: self.ask())
        return sheet

    def ask_remove(self) -> None:
        """Take the chosen card out of the list."""
        card, host = self._chosen(), self.workspace.sheet_host
        if card is None or host is None:
            return

        def submit(_values: Mapping[str, str], done: object, failed: object) -> None:
            self.workspace.bridge.do(RemoveEntry("local-token", card.token), "", done=done, failed=failed)

        sheet = AskSheet(
            host, "Remove card?", card.token,
            "Stations forget it when their list is sent again.", "Remove", submit,
        )  # fmt: skip
        sheet.finished.connect(lambda _result: self.ask())
        sheet.open()

    def _columns(self) -> tuple[Column[ListedCard], ...]:
        def here(card: ListedCard) -> Cell:
            words, icon = STANDS[stands(card, self._held)]
            return Cell(words, icon=icon, shapes=() if icon else (Shown.DEGRADED,))

        def until(card: ListedCard) -> Cell:
            return Cell(formats.day(card.expires_ms, self.workspace.zone, year=True), tone=Tone.QUIET)

        return (
            Column(
                "token", "Card", lambda c: Cell(c.token, mono=True, strong=True), "04A2F1B2C3D4E5", fixed=True
            ),
            Column("status", "Status", lambda c: Cell(c.status), "Accepted", fixed=True),
            Column("here", "At this station", here, "Not known", fixed=True, extra_px=22),
            Column("until", "Until", until, f"{formats.WIDEST_DAY} 2026", yields=2),
            Column("kind", "Kind", lambda c: Cell(c.kind, tone=Tone.QUIET), "ISO14443", yields=3),
            Column(
                "group", "Group", lambda c: Cell(c.group, mono=True, tone=Tone.QUIET), "GROUP-01", yields=4
            ),
            Column("note", "Whose", lambda c: Cell(c.note), "Anna Peeters", stretch=True, fixed=True),
        )


def _token(text: str) -> str:
    if not text:
        return "A card needs its number."
    return (
        "" if len(text) <= 36 and text.isprintable() and " " not in text else "A card has at most 36 signs."
    )


def _kind(text: str) -> str:
    return "" if text.isalnum() and len(text) <= 20 else "A kind is a word like ISO14443."


def _status(text: str) -> str:
    return "" if text in STATUSES else f"It is one of {', '.join(STATUSES)}."


def _wrong_day(text: str) -> str:
    try:
        datetime.fromisoformat(text or "2026-01-01")
    except ValueError:
        return f"{text} is no day. Write 2026-12-31."
    return ""


def _day(text: str, workspace: Workspace) -> int | None:
    if not text:
        return None
    at = datetime.fromisoformat(text).replace(hour=23, minute=59, second=59, tzinfo=workspace.zone)
    return round(at.timestamp() * 1000)


def _until(card: ListedCard | None, workspace: Workspace) -> str:
    if card is None or card.expires_ms is None:
        return ""
    return f"{formats.local(card.expires_ms, workspace.zone):%Y-%m-%d}"

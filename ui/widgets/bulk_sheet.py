"""The sheet before work on many stations: what it does, what it cuts, who can not, in which waves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.operations import Consequence, Urgency, Wish
from app.domain.status import Shown
from ui.models.bulk import ASKS_COUNT_ABOVE, WAVES, BulkDeed, Touched, touched
from ui.models.desk_words import wave_sizes, wave_words
from ui.shell.page import Workspace
from ui.theme.formats import count, number
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.segments import Segments
from ui.widgets.sheet import Sheet

WAIT_MS = 24 * 3_600_000
"""How long a command waits for an offline station where the person chose to wait."""
NAMED = 3
"""Warnings that are told in full; the others are counted."""


class BulkSheet(Sheet):
    """Asks the desk what the batch would touch, says it, and hands the batch over.

    `begun` tells the batch's number; the work goes on without the sheet.
    """

    begun = Signal(int)

    def __init__(self, host: QWidget, workspace: Workspace, deed: BulkDeed, stations: Sequence[str]) -> None:
        whom = stations[0] if len(stations) == 1 else count(len(stations), "station")
        heading = f"{deed.title}: {whom}"
        super().__init__(host, heading, "", 480)
        self._workspace, self._deed, self._stations = workspace, deed, tuple(stations)
        self._touched: Touched | None = None
        self.ways = Segments(deed.choices, deed.title)
        self.ways.setVisible(len(deed.choices) > 1)
        self.ways.chosen.connect(lambda _key: self._ask())
        self.offline = Segments(
            (("skip", "Leave out offline ones"), ("wait", "Wait up to 24 h for them")), "Offline"
        )
        self.offline.chosen.connect(lambda _key: self._ask())
        self._text = Label("", "body", "text2", wrap=True)
        self._cuts = Banner(Shown.OFFLINE, "")
        self._blocked = Label("", "small", "text2", wrap=True)
        self._waves = Label("", "small", "text2", wrap=True)
        self.why = TextField("Why", "", "Kept with your name and the time")
        self.typed = TextField("Number of stations", "", mono=True)
        self._why_part = self._field("Why", self.why)
        self._typed_part = self._field("", self.typed)
        for widget in (
            self.ways, self._text, self._cuts, self._blocked, self.offline, self._waves, self._why_part,
            self._typed_part,
        ):  # fmt: skip
            self.body_layout.addWidget(widget)
        self.why.textChanged.connect(lambda _text: self._allow())
        self.typed.textChanged.connect(lambda _text: self._allow())
        self.cancel = self.add_button(Button("Cancel", keys="Esc"), default=True)
        self.cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button(deed.verb, "primary"))
        self.confirm.clicked.connect(self._begin)
        for part in (self._cuts, self._blocked, self._why_part, self._typed_part):
            part.hide()
        self.offline.setVisible(bool(self._away()))
        for field in (self.why, self.typed):
            field.returnPressed.connect(self.entered)
        self._ask()

    def _away(self) -> tuple[str, ...]:
        """The stations that are not connected now."""
        picture = self._workspace.picture.stations
        return tuple(
            s for s in self._stations if s in picture and picture[s].link.value in ("offline", "never")
        )

    def entered(self) -> None:
        """Return begins what cuts nobody; what does is confirmed by its own button."""
        if self.confirm.isEnabled() and self._touched is not None and not self._touched.sessions:
            self._begin()
        else:
            self.confirm.setFocus()

    def _field(self, label: str, field: TextField) -> QWidget:
        part = QWidget(self.card)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        words = Label(label, "small", "text3")
        column.addWidget(words)
        column.addWidget(field)
        if field is self.typed:
            self._typed_label = words
        return part

    def _wishes(self) -> list[Wish]:
        now = self._workspace.now_ms()
        waits = self.offline.value == "wait"
        until = now + WAIT_MS if waits else None
        left_out = () if waits or len(self._stations) == 1 else self._away()
        way = self.ways.value
        by = self._workspace.bridge.operator
        return [
            Wish(station, self._deed.make(station, way), by, urgency=Urgency.BULK, wait_until_ms=until)
            for station in self._stations
            if station not in left_out
        ]

    def _ask(self) -> None:
        self._touched = None
        self._text.setText(self._deed.text.get(self.ways.value, ""))
        self.confirm.setEnabled(False)
        wishes = self._wishes()

        async def look(room: Any) -> list[tuple[str, tuple[Consequence, ...]]]:
            return [(wish.station, tuple(room.desk.consequences(wish))) for wish in wishes]

        self._workspace.bridge.run(look, self._know, self._refused, key="bulk/consequences")

    def _know(self, found: list[tuple[str, tuple[Consequence, ...]]]) -> None:
        told = self._touched = touched(found or [])
        going = len(told.agreed)
        if told.warnings:
            title = (
                f"Cuts {count(len(told.sessions), 'session')}"
                if told.sessions
                else f"{count(len({s for _, who in told.warnings for s in who}), 'station')} to look at"
            )
            lines = [
                text if len(who) == 1 else f"{text} ({count(len(who), 'station')})"
                for text, who in told.warnings[:NAMED]
            ]
            if len(told.warnings) > NAMED:
                lines.append(f"and {number(len(told.warnings) - NAMED)} more")
            self._cuts.show_notice(Shown.OFFLINE, title, "\n".join(lines))
        self._cuts.setVisible(bool(told.warnings))
        away = self._away() if self.offline.value != "wait" and len(self._stations) > 1 else ()
        blocked = (*told.blocked, *((station, "it is not connected") for station in away))
        if blocked:
            named = "; ".join(f"{station}: {reason}" for station, reason in blocked[:NAMED])
            more = f" and {number(len(blocked) - NAMED)} more" if len(blocked) > NAMED else ""
            self._blocked.setText(f"Left out: {named}{more}")
        self._blocked.setVisible(bool(blocked))
        waves = wave_words(going, WAVES) if len(wave_sizes(going, WAVES)) > 1 else ""
        then = "It goes on where one fails." if self._deed.harmless else "It stops at the first failure."
        self._waves.setText(f"In waves: {waves}. {then}" if waves else "")
        self._waves.setVisible(bool(waves))
        self._why_part.setVisible(told.asks_why or bool(told.sessions))
        self._typed_part.setVisible(self._counts(going))
        self._typed_label.setText(f"Type {going} to confirm")
        self.confirm.kind = "warning" if told.sessions else "primary"
        self._allow()
        self.relayout()

    def _allow(self) -> None:
        told = self._touched
        going = 0 if told is None or self.missing() else len(told.agreed)
        reason = not self._why_part.isVisibleTo(self.card) or bool(self.why.text().strip())
        counted = not self._counts(going) or self.typed.text().strip() == str(going)
        self.confirm.setEnabled(bool(going) and reason and counted)
        self.confirm.update()

    def _counts(self, going: int) -> bool:
        """Whether the number of stations has to be typed."""
        return going > ASKS_COUNT_ABOVE and not self._deed.harmless

    def missing(self) -> str:
        """What has to be filled in first, as a sentence; "" if nothing."""
        return ""

    @property
    def title(self) -> str:
        """What the batch is called."""
        return self._deed.title

    def _begin(self) -> None:
        told = self._touched
        if told is None:
            return
        why = self.why.text().strip()
        wishes = tuple(
            replace(wish, why=why, agreed=told.agreed[wish.station])
            for wish in self._wishes()
            if wish.station in told.agreed
        )
        title, prepare, by = self.title, self._deed.prepare, self._workspace.bridge.operator
        self.confirm.setEnabled(False)
        alone = self._deed.one
        stop_after = len(wishes) + 1 if self._deed.harmless else 1

        async def begin(room: Any) -> int:
            asked = wishes
            if prepare is not None:
                asked = tuple(
                    [replace(w, operation=await prepare(room, w.station, w.operation)) for w in wishes]
                )
            if alone:
                return -int(await room.desk.ask(replace(asked[0], urgency=Urgency.PERSON)))
            batch: int = await room.desk.bulk(title, asked, by, waves=WAVES, stop_after=stop_after)
            return batch

        self._workspace.bridge.run(begin, self._begun, self._refused, key="bulk/begin")

    def _begun(self, batch: int | None) -> None:
        going = len(self._touched.agreed) if self._touched is not None else 0
        if self._deed.one:
            told = f"{self.title}: under way to {self._stations[0]}. The command log has its answer."
        else:
            told = f"{self.title} begun on {count(going, 'station')}. The status bar shows how it goes."
        self._workspace.toast(told)
        self.begun.emit(batch or 0)
        self.finish(batch or True)

    def _refused(self, sentence: str) -> None:
        self._allow()
        self.show_refusal(sentence)

"""The panels at the right: one cell with both values, and what applying would do."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.operations.configuration.drift import Cell, CellState
from app.operations.configuration.plan import Row
from ui.models.bulk import ASKS_COUNT_ABOVE
from ui.models.drift import WORDS, Written, cell_words
from ui.pages.configuration.asking import Offer
from ui.shell.page import Workspace
from ui.theme.formats import count, number, when
from ui.theme.icons import paint_icon
from ui.theme.theme import px
from ui.widgets.buttons import Button, IconButton
from ui.widgets.clearing import clear
from ui.widgets.facts import Fact, Facts
from ui.widgets.fields import TextField
from ui.widgets.icon_line import IconLine
from ui.widgets.labels import Label, StateLabel
from ui.widgets.notices import Banner
from ui.widgets.painting import RIGHT, draw_text
from ui.widgets.panel import Panel, Rule
from ui.widgets.scrolling import scrolled

NAMED = 4


def _head(panel: Panel, title: QWidget, under: QWidget, close: Callable[[], object]) -> None:
    shut = IconButton("x", "Close this panel")
    shut.clicked.connect(lambda: close())
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(title)
    words.addWidget(under)
    head = QHBoxLayout()
    head.setContentsMargins(14, 10, 8, 10)
    head.addLayout(words, 1)
    head.addWidget(shut, 0, Qt.AlignmentFlag.AlignTop)
    panel.body_layout.addLayout(head)
    panel.body_layout.addWidget(Rule())


class CellPanel(Panel):
    """One setting at one station."""

    close_asked = Signal()
    write_asked = Signal(str, str)
    back_asked = Signal(object)
    read_asked = Signal(str)
    station_asked = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self.cell: Cell | None = None
        self._title = Label("", "title")
        self._under = Label("", "small", "text2")
        self._state = StateLabel(Shown.DEGRADED, "", role="bodyStrong")
        self._word = Label("", "bodyStrong")
        self._facts = Facts(row=24)
        self.write = Button("Write the template's value…", "primary")
        self.put_back = Button("Put back", icon="undo-2")
        self.read = Button("Read again", icon="refresh-cw")
        self._history = Label("Written from here", "small", weight=600)
        self._writes = Facts(row=22)
        self.station = Button("Open the station", "quiet")
        self.setAccessibleName("Setting")
        self.setMinimumWidth(px(300))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        _head(self, self._title, self._under, self.close_asked.emit)
        column = QVBoxLayout()
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for widget in (self._state, self._word, self._facts, self._history, self._writes):
            column.addWidget(widget)
        column.addStretch(1)
        self.body_layout.addLayout(column, 1)
        self.body_layout.addWidget(Rule())
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.read)
        row.addStretch(1)
        row.addWidget(self.station)
        foot.addWidget(self.write)
        foot.addWidget(self.put_back)
        foot.addLayout(row)
        self.body_layout.addLayout(foot)
        self.write.clicked.connect(
            lambda: self.cell and self.write_asked.emit(self.cell.line, self.cell.station)
        )
        self.put_back.clicked.connect(lambda: self.back_asked.emit(self.cell))
        self.read.clicked.connect(lambda: self.cell and self.read_asked.emit(self.cell.station))
        self.station.clicked.connect(lambda: self.cell and self.station_asked.emit(self.cell.station))

    def sizeHint(self) -> QSize:
        return QSize(px(380), px(600))

    def show_writes(self, writes: Sequence[Written]) -> None:
        """When it was written from here, newest first."""
        now, zone = self._workspace.now_ms(), self._workspace.zone
        self._history.setVisible(bool(writes))
        self._writes.show_facts(
            [Fact(f"{when(w.at_ms, now, zone)} by {w.by}", f"{w.value}, {w.state.lower()}") for w in writes]
        )

    def show_cell(self, cell: Cell) -> None:
        """Show a cell."""
        self.cell = cell
        self.show_writes(())
        movable = cell.state in (CellState.DIFFERS, CellState.EQUAL) and cell.variable is not None
        self.put_back.setVisible(movable and cell.before is not None and cell.before != cell.found)
        self.put_back.set_text(f"Put {cell.before} back…")
        self._title.setText(cell.line)
        self._under.setText(f"at {cell.station}")
        differs = cell.state in (CellState.DIFFERS, CellState.LOCKED)
        unknown = cell.state in (CellState.NOT_READ, CellState.UNKNOWN)
        word = WORDS[cell.state].capitalize()
        self._state.setVisible(differs or unknown)
        self._state.show_state(Shown.DEGRADED if differs else Shown.UNKNOWN, word)
        self._word.setVisible(not differs and not unknown)
        self._word.setText(word)
        rows = cell_words(cell, self._workspace.now_ms(), self._workspace.zone)
        mono = ("Template", "Station", "Before")
        self._facts.show_facts([Fact(a, b, mono=a in mono) for a, b in rows if a != "State"])
        self.write.setVisible(cell.state in (CellState.DIFFERS, CellState.UNKNOWN))


class ApplyPanel(Panel):
    """What applying would write, what it does, in which waves, and the button that begins it."""

    close_asked = Signal()
    confirmed = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self.offer: Offer | None = None
        self._title = Label("", "title")
        self._under = Label("", "small", "text2")
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._failure = Banner(Shown.FAULTED, "")
        self._failure.hide()
        self.why = TextField("Why", "", "Why (kept with your name and the time)")
        self.typed = TextField("Number of stations", "", mono=True)
        self._typed_label = Label("", "small")
        self.cancel = Button("Cancel", keys="Esc")
        self.confirm = Button("Apply", "primary")
        self.setAccessibleName("Apply the template")
        self.setMinimumWidth(px(300))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        _head(self, self._title, self._under, self.close_asked.emit)
        area = scrolled(self._inside)
        self.body_layout.addWidget(area, 1)
        self.body_layout.addWidget(self._failure)
        self.body_layout.addWidget(Rule())
        self.body_layout.addLayout(self._foot())
        self.cancel.clicked.connect(lambda: self.close_asked.emit())
        self.confirm.clicked.connect(lambda: self.confirmed.emit(self.why.text().strip()))
        self.typed.textChanged.connect(lambda _text: self._allow())
        for field in (self.why, self.typed):
            # A button that cannot be pressed ignores the click.
            field.returnPressed.connect(self.confirm.click)

    def sizeHint(self) -> QSize:
        return QSize(px(380), px(600))

    def _foot(self) -> QVBoxLayout:
        count_row = QHBoxLayout()
        count_row.addWidget(self._typed_label)
        count_row.addWidget(self.typed)
        count_row.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.setSpacing(8)
        foot.addWidget(self.why)
        foot.addLayout(count_row)
        foot.addLayout(buttons)
        return foot

    def show_offer(self, offer: Offer) -> None:
        """Show what these plans would do."""
        self.offer = offer
        view, stations = offer.preview, going(offer)
        self._title.setText(f"Apply {count(len(view.rows), 'key')} to {count(stations, 'station')}")
        self._under.setText(f"Only cells that differ are written, {number(view.cells)} in all")
        clear(self._column)
        self._section("Changes", "now, then, stations", self._changes(offer))
        self._section("What it does", "", self._deeds(offer))
        self._section("Waves", "", self._waves(offer))
        stops = (
            "a station rejects a setting or does not answer",
            "reading back gives another value",
        )
        self._section("Stops at the first failure", "", _lines([(f"{s}", "", "check") for s in stops]))
        self._column.addStretch(1)
        self.typed.clear()
        asks = stations > ASKS_COUNT_ABOVE
        self.typed.setVisible(asks)
        self._typed_label.setVisible(asks)
        self._typed_label.setText(f"Type {stations} to confirm")
        waves = len(view.waves)
        self.confirm.set_text("Apply" if waves < 2 else f"Apply in {waves} waves")
        self._failure.hide()
        self._allow()

    def say_failure(self, sentence: str) -> None:
        """Why it could not begin."""
        self._failure.show_notice(Shown.FAULTED, sentence)
        self._failure.show()
        self._allow()

    def _allow(self) -> None:
        stations = going(self.offer) if self.offer is not None else 0
        typed = stations <= ASKS_COUNT_ABOVE or self.typed.text().strip() == str(stations)
        self.confirm.setEnabled(bool(stations) and typed)

    def _section(self, title: str, note: str, inside: QWidget) -> None:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Label(title, "small", weight=600))
        head.addStretch(1)
        head.addWidget(Label(note, "small", "text3"))
        column.addLayout(head)
        column.addWidget(inside)
        self._column.addWidget(part)
        self._column.addWidget(Rule())

    def _changes(self, offer: Offer) -> QWidget:
        lines = ChangeLines()
        lines.show_rows(offer.preview.rows)
        return lines

    def _deeds(self, offer: Offer) -> QWidget:
        view = offer.preview
        lines = []
        if view.restarts:
            lines.append(
                (f"{_named(view.restarts)}: some of it takes effect only after a restart", "", "rotate-ccw")
            )
        else:
            lines.append(("No station has to restart", "", "check"))
        if view.waiting:
            lines.append(
                (f"{count(len(view.waiting), 'station')} charge just now; no session is cut", "", "clock")
            )
        if view.offline:
            lines.append((f"Offline, so left out: {_named(view.offline)}", "", "wifi-off"))
        lines.append(("Old values are kept and can be put back", "", "undo-2"))
        return _lines(lines)

    def _waves(self, offer: Offer) -> QWidget:
        waves = offer.preview.waves
        lines = []
        for place, wave in enumerate(waves):
            name = count(len(wave), "station")
            if place == 0 and len(waves) > 1:
                name = f"{name} first"
            elif place and place == len(waves) - 1:
                name = f"the remaining {number(len(wave))}"
            lines.append((f"{place + 1}. {name}", _named(wave), ""))
        return _lines(lines)


def going(offer: Offer) -> int:
    """How many stations are written to: those that differ and can be reached."""
    return len(offer.plans) - len(offer.preview.offline)


class ChangeLines(QWidget):
    """One line a setting: its name, the values now, the value then, on how many stations."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these changes."""
        self._rows = rows
        told = [f"{row.line} from {row.before} to {row.then} on {row.stations}" for row in rows]
        self.setAccessibleName("; ".join(told))
        self.setToolTip("\n".join(f"{row.line}: {row.before} → {row.then}" for row in rows))

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(24) * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide, high, arrow = self.width(), px(24), px(14)
        then, number_ = wide * 0.16, px(26)
        before = wide * 0.17
        for place, row in enumerate(self._rows):
            top = place * high
            right = wide - number_ - then - arrow - px(10)
            name = QRectF(0, top, right - before - px(6), high)
            draw_text(painter, name, row.line, "mono", "text1")
            draw_text(painter, QRectF(right - before, top, before, high), row.before, "small", "text2", RIGHT)
            paint_icon(painter, right + px(4), top + (high - px(12)) / 2, "arrow-right", px(12), "text3")
            at = QRectF(right + arrow + px(8), top, then, high)
            draw_text(painter, at, row.then, "small", "text1", weight=600)
            draw_text(painter, QRectF(0, top, wide, high), number(row.stations), "small", "text1", RIGHT)
        painter.end()


def _named(stations: Sequence[str]) -> str:
    more = f" and {number(len(stations) - NAMED)} more" if len(stations) > NAMED else ""
    return ", ".join(stations[:NAMED]) + more


def _lines(lines: Sequence[tuple[str, str, str]]) -> QWidget:
    """Lines of (words, what stands under them, icon)."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for words, under, icon in lines:
        column.addWidget(IconLine(icon, words) if icon else Label(words, "small", weight=600))
        if under:
            column.addWidget(Label(under, "small", "text2", wrap=True))
    return box

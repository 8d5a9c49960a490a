"""A live message log: table, filter, pause, older lines from the store, and the whole of one message."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.fleet.views import MessageView
from ui.models.log_buffer import LogBuffer
from ui.models.message_columns import columns
from ui.models.messages import IN, LogFilter, MessageLine, pretty
from ui.models.row_model import RowModel
from ui.shell.page import Workspace
from ui.theme.formats import clock, count, number
from ui.widgets.buttons import Button, IconButton
from ui.widgets.code_view import CodeView
from ui.widgets.fields import SearchField
from ui.widgets.labels import Label
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable
from ui.widgets.segments import Segments

ONLY = (("all", "All"), ("errors", "Errors"), ("slow", "Slow"))


class MessageLog(QWidget):
    """Newest last. Scrolling up or Pause stops following; End follows again.

    `older_asked` asks the page for lines before the first; it answers with `add_older`.
    """

    older_asked = Signal(object)
    opened = Signal(object)

    def __init__(
        self, workspace: Workspace, *, station: str = "", with_station: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.buffer = LogBuffer(station=station)
        self.model: RowModel[MessageLine] = RowModel(
            columns(lambda: workspace.zone, station=with_station), lambda line: line.number, self
        )
        self.table = RowTable(self.model, "Messages")
        self.table.set_row_height(24)
        self.table.leaves_end = True
        self._empty = EmptyState("terminal", "No message yet", "They appear here as they pass.")
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._loading = LoadingBlocks()
        self._failure = ""
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._loading)
        self._stack.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(holder)
        self.table.opened.connect(self._open)
        self.table.clicked.connect(lambda index: self._open(self.model.key_at(index.row())))
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.table.verticalScrollBar().rangeChanged.connect(self._grown)
        self._following = True
        self._adding = False
        self.on_change: Callable[[], None] = lambda: None

    def set_station(self, station: str) -> None:
        """Follow another station; what was in view goes."""
        self.buffer = LogBuffer(station=station)
        self._following = True
        self._show_all()

    def hear(self, views: tuple[MessageView, ...]) -> None:
        """Take messages that just passed."""
        fresh = self.buffer.add(views)
        if fresh:
            self._adding = True
            self.model.append(fresh, keep=10_000)
            self._adding = False
            self._after()
        self.on_change()

    def expect(self) -> None:
        """The kept messages are being read; blocks stand for them while there is no other line."""
        self._failure = ""
        if not self.model.rowCount():
            self._loading.start()
            self._stack.setCurrentWidget(self._loading)

    def show_failure(self, sentence: str) -> None:
        """Say why the kept messages are missing."""
        self._failure = sentence
        self._after()

    def add_older(self, views: tuple[MessageView, ...]) -> None:
        """Put lines from the store before those in view; `views` newest first."""
        self.buffer.add_older(views)
        self._show_all()

    def forget(self) -> None:
        """Let go of all lines, before they are read again."""
        self.buffer.clear()
        self._following = True
        self._show_all()

    def set_filter(self, wanted: LogFilter) -> None:
        """Show only lines that fit."""
        if wanted != self.buffer.filter:
            self.buffer.filter = wanted
            self._show_all()

    def pause(self, on: bool) -> None:
        """Stop or go on; nothing that arrives meanwhile is lost."""
        if on == self.buffer.paused:
            return
        if on:
            self.buffer.paused = True
        else:
            fresh = self.buffer.resume()
            self._adding = True
            self.model.append(fresh, keep=10_000)
            self._adding = False
            self._following = True
            self._after()
        self.on_change()

    def follow(self) -> None:
        """Go to the newest line and stay there."""
        self._following = True
        if self.buffer.paused:
            self.pause(False)
        self.table.scrollToBottom()
        self.on_change()

    @property
    def following(self) -> bool:
        """Whether the newest line is kept in view."""
        return self._following and not self.buffer.paused

    def line_at(self, number: int) -> MessageLine | None:
        """The line of a number, if it is in view."""
        row = self.model.row_of(number)
        return None if row is None else self.model.rows[row]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_P and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.pause(not self.buffer.paused)
        elif event.key() == Qt.Key.Key_End:
            self.follow()
        else:
            super().keyPressEvent(event)

    def _show_all(self) -> None:
        self._adding = True
        self.model.show(self.buffer.shown())
        self._adding = False
        self._after()
        self.on_change()

    def _after(self) -> None:
        some = bool(self.model.rows)
        self._loading.stop()
        self._stack.setCurrentWidget(self.table if some else self._empty)
        if not some:
            if self.buffer.lines:
                self._empty.say("No message fits this filter", "Change the filter to see the others.")
            else:
                self._say_empty()
        elif self.following:
            self._adding = True
            self.table.scrollToBottom()
            self._adding = False

    def _say_empty(self) -> None:
        if self._failure:
            told = f"{self._failure} New ones appear here as they pass."
            self._empty.say("The kept messages could not be read", told)
        else:
            self._empty.say("No message yet", "They appear here as they pass.")

    def _grown(self, _least: int, most: int) -> None:
        """The list or its room changed: stay at the newest line while following."""
        if self.following:
            self._adding = True
            self.table.verticalScrollBar().setValue(most)
            self._adding = False

    def _scrolled(self, value: int) -> None:
        if self._adding:
            return
        bar = self.table.verticalScrollBar()
        following = value >= bar.maximum()
        if following != self._following:
            self._following = following
            self.on_change()
        if value == 0 and bar.maximum() > 0:
            self.older_asked.emit(self.buffer.oldest_ms())

    def _open(self, number: Any) -> None:
        line = self.line_at(number) if number is not None else None
        if line is not None:
            self.opened.emit(line)


class LogTools(QWidget):
    """Filter, errors and slow ones, pause and export for a MessageLog."""

    export_asked = Signal()

    def __init__(self, log: MessageLog, keys: str = "/", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self.field = SearchField("Words, action:, station:, -word", keys, "list-filter")
        self.field.setToolTip(
            "Every word must occur. action:MeterValues and station:VTP look only there; -word must not occur."
        )
        self.only = Segments(ONLY, "Show")
        self.pause = Button("Pause", "quiet", "pause", "P")
        self.export = Button("Export…", "quiet", "download")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.field, self.only, self.pause, self.export):
            row.addWidget(widget)
        self.field.text_changed.connect(lambda _text: self.filter_now())
        self.only.chosen.connect(lambda _key: self.filter_now())
        self.pause.clicked.connect(lambda: log.pause(not log.buffer.paused))
        self.export.clicked.connect(self.export_asked)

    def show_state(self) -> None:
        """Follow the log's state in the button's word."""
        paused = self._log.buffer.paused
        self.pause.set_text("Go on" if paused else "Pause")
        self.pause.icon_name = "play" if paused else "pause"

    def filter_now(self) -> None:
        """Take over what the controls say."""
        self._log.set_filter(LogFilter(self.field.text(), self.only.value))


def state_words(log: MessageLog) -> str:
    """ "following, newest last", "paused, 12 new", "scrolled up"."""
    if log.buffer.paused:
        return f"paused, {count(log.buffer.waiting, 'new message', 'new messages')}"
    return "following, newest last" if log.following else "scrolled up, End follows again"


class MessageDetail(Panel):
    """The whole of a message: call and answer, pretty-printed, with a search."""

    closed = Signal()
    step_asked = Signal(int)
    station_asked = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._frames = ["", ""]
        self._station = ""
        self._name = Label("", "title")
        self._what = Button("", "link")
        self._what.clicked.connect(lambda: self.station_asked.emit(self._station))
        self.search = SearchField("Find in this message", "")
        self.search.text_changed.connect(self._find)
        self._heads = [Label("", "small", weight=600), Label("", "small", weight=600)]
        self._notes = [Label("", "small", "text3"), Label("", "small", "text3")]
        self.views = [CodeView("Call"), CodeView("Answer")]
        self.setAccessibleName("Message")
        self.body_layout.addLayout(self._head())
        for i in (0, 1):
            self.body_layout.addWidget(Rule())
            self.body_layout.addLayout(self._part(i))
            self.body_layout.addWidget(self.views[i], 3 if i == 0 else 1)

    def show_line(self, line: MessageLine, other: MessageLine | None) -> None:
        """Show a message with its other half."""
        is_call = line.view.kind in ("call", "send", "note")
        first, second = (line, other) if is_call else (other or line, line if other else None)
        call, answer = first.view, second.view if second is not None else None
        self._station = call.station
        self._name.setText(call.action or "Unreadable message")
        to = "to the server" if call.direction == IN else "from the server"
        when = clock(call.at_ms, self._workspace.zone, millis=True)
        took = answer.latency_ms if answer is not None else None
        tail = f", answered after {number(took)} ms" if took is not None else ""
        self._what.set_text(f"{call.station} {to}, {when}{tail}")
        self._show(0, call.kind.upper(), call, call.frame)
        if answer is None:
            self._heads[1].setText("NO ANSWER" if call.kind == "call" else "")
            self._notes[1].setText("none in view" if call.kind == "call" else "")
            self._frames[1] = ""
            self.views[1].show_text("")
        else:
            self._show(1, _answer_word(answer.kind), answer, answer.frame)
        if call.note:
            self._notes[0].setText(f"{self._notes[0].text()} · {call.note}")
        self._find(self.search.text())

    def _show(self, place: int, word: str, view: MessageView, frame: str) -> None:
        who = "from the station" if view.direction == IN else "from the server"
        self._heads[place].setText(word)
        self._notes[place].setText(f"{who}, {count(len(frame.encode()), 'byte')}")
        self._frames[place] = frame
        self.views[place].show_text(pretty(frame))

    def _find(self, text: str) -> None:
        for view in self.views:
            view.find_all(text)

    def _head(self) -> QVBoxLayout:
        up, down = IconButton("chevron-up", "Earlier message"), IconButton("chevron-down", "Later message")
        close = IconButton("x", "Close this message")
        up.clicked.connect(lambda: self.step_asked.emit(-1))
        down.clicked.connect(lambda: self.step_asked.emit(1))
        close.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        for button in (up, down, close):
            top.addWidget(button)
        head = QVBoxLayout()
        head.setContentsMargins(12, 8, 8, 10)
        head.setSpacing(4)
        head.addLayout(top)
        head.addWidget(self._what)
        head.addWidget(self.search)
        return head

    def _part(self, place: int) -> QHBoxLayout:
        copy = Button("Copy", "quiet", "copy")
        copy.clicked.connect(lambda: self._copy(place))
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(10)
        row.addWidget(self._heads[place])
        row.addWidget(self._notes[place], 1)
        row.addWidget(copy)
        return row

    def _copy(self, place: int) -> None:
        QGuiApplication.clipboard().setText(self._frames[place])
        self._workspace.toast("The message is on the clipboard.")


def _answer_word(kind: str) -> str:
    return {"result": "CALLRESULT", "error": "CALLERROR", "result-error": "CALLRESULTERROR"}.get(
        kind, kind.upper()
    )

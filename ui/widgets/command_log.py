"""A station's command log: each command with its state, who, when, why and proof; opened, what was sent."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.records import CommandRecord
from ui.models.command_words import CommandLine, command_line, details
from ui.models.messages import pretty
from ui.shell.page import Workspace
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.code_view import CodeView
from ui.widgets.facts import Facts
from ui.widgets.labels import Label
from ui.widgets.painting import LEFT, RIGHT, draw_text, focus_ring, hairline, ink_of, width_of

SHOWN = 60
"""So many of the newest are in view at first, and so many more each time older ones are asked for."""
MOST_LINES = 10
"""So many lines of what was sent or answered are seen at once."""


class Progress(QWidget):
    """A thin bar; `share` None: under way, how far is not told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.setFixedHeight(px(4))

    def show_share(self, share: float | None, told: str = "") -> None:
        """Show how far it is, 0 to 1."""
        self._share = share
        self.setAccessibleName(told or (f"{share:.0%}" if share is not None else "under way"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_of("surface3"))
        share = self._share
        if share is None:
            for x in range(0, self.width(), px(8)):
                painter.fillRect(x, 0, px(4), self.height(), ink_of("accent"))
        else:
            painter.fillRect(QRectF(0, 0, self.width() * min(1.0, max(0.0, share)), self.height()),
                             ink_of("accent"))  # fmt: skip
        painter.end()


class _Head(QWidget):
    """The two lines of a command; a click, Enter or Space opens and shuts it."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: CommandLine | None = None
        self._note = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_line(self, line: CommandLine, note: str) -> None:
        """Show it; `note` stands in place of the sentence (how far an upload is)."""
        if (line, note) == (self._line, self._note):
            return
        self._line, self._note = line, note
        self.setAccessibleName(line.spoken)
        self.setToolTip(note or line.sentence)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(46))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(46))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        elif event.key() in (Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_K, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() in (Qt.Key.Key_J, Qt.Key.Key_Down))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = self._line
        box = QRectF(self.rect())
        if line is None:
            painter.end()
            return
        if self.underMouse():
            painter.fillRect(box, ink_of("surface2"))
        side = px(15)
        if line.shown is not None:
            paint_state_at(painter, px(14), px(9), side, line.shown)
        else:
            paint_icon(painter, px(14), px(9), line.icon, side, "accent" if line.open else "text2")
        left, right = px(14) + side + px(10), box.right() - px(12)
        asked = f"{line.when}, {line.who}"
        asked_wide = min(width_of(asked, "small"), (right - left) * 0.55)
        first = QRectF(right - asked_wide, px(5), asked_wide + 1, px(18))
        draw_text(painter, first, asked, "small", "text3", RIGHT)
        first = QRectF(left, px(5), right - left - asked_wide - px(10), px(18))
        draw_text(painter, first, line.title, "small", "text1", LEFT, weight=600)
        second = QRectF(left, px(23), right - left, px(18))
        ink = "text1" if line.shown is not None else "text2"
        x = left + draw_text(painter, second, line.state, "small", ink, LEFT, weight=500)
        told = self._note or line.sentence
        draw_text(painter, QRectF(x + px(8), px(23), right - x - px(8), px(18)), told, "small", "text3", LEFT)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, box.adjusted(3, 3, -3, -3), 4)
        painter.end()


class CommandEntry(QWidget):
    """One command of the log; opened, its times, why, proof, and what went over the wire."""

    cancel_asked = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.line: CommandLine | None = None
        self.head = _Head()
        self.bar = Progress()
        self.cancel = Button("Cancel", "link")
        self.cancel.clicked.connect(lambda: self.cancel_asked.emit(self.line.command if self.line else 0))
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(px(39), 0, px(12), px(6))
        foot.setSpacing(8)
        foot.addWidget(self.bar, 100)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        self._more: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 1)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        self._column.addWidget(self._foot)
        self._foot.hide()
        self.head.pressed.connect(self.turn)

    def show_line(self, line: CommandLine, share: tuple[float | None, str] | None) -> None:
        """Show how it stands; `share` is how far its work is, with words, where there is any."""
        changed = self.line is None or self.line.record != line.record
        self.line = line
        self.head.show_line(line, share[1] if share is not None else "")
        self.bar.setVisible(share is not None)
        if share is not None:
            self.bar.show_share(*share)
        self.cancel.setVisible(line.can_cancel)
        self.cancel.setAccessibleName(f"Cancel {line.title}")
        self._foot.setVisible(share is not None or line.can_cancel)
        if changed and self._more is not None and self._more.isVisibleTo(self):
            self._fill()

    def turn(self) -> None:
        """Open or shut it."""
        if self._more is not None and self._more.isVisibleTo(self):
            self._more.hide()
            return
        self._fill()

    @property
    def is_open(self) -> bool:
        """Whether what was sent is in view."""
        return self._more is not None and self._more.isVisibleTo(self)

    def _fill(self) -> None:
        if self._more is not None:
            self._column.removeWidget(self._more)
            self._more.hide()
            self._more.deleteLater()
        line = self.line
        assert line is not None, "an entry is filled only once it has a line"
        self._more = QWidget()
        column = QVBoxLayout(self._more)
        column.setContentsMargins(px(39), 0, px(12), px(10))
        column.setSpacing(6)
        column.addWidget(Label(line.sentence, "small", "text2", wrap=True, selectable=True))
        facts = Facts("small", 20)
        facts.show_facts(details(line.record, self._workspace.zone))
        column.addWidget(facts)
        for title, text in (("Sent", line.record.payload), ("Answer", line.record.answer)):
            if text and (text != "{}" or title == "Sent"):
                column.addWidget(Label(title, "caption", "text3"))
                view = CodeView(f"{title}, JSON")
                view.keep_to_lines(MOST_LINES)
                view.show_text(pretty(text))
                column.addWidget(view)
        self._column.addWidget(self._more)
        self._more.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hairline(painter, 0, self.height() - 1, self.width())
        painter.end()


class CommandLog(QScrollArea):
    """The newest commands, newest first."""

    cancel_asked = Signal(int)
    older_asked = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._records: dict[int, CommandRecord] = {}
        self._entries: dict[int, CommandEntry] = {}
        self.share_of: Callable[[CommandRecord], tuple[float | None, str] | None] = lambda _record: None
        """How far the work of a command is, with words; None where that is not told."""
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._none = Label("", "small", "text3", wrap=True)
        self._none.setContentsMargins(14, 10, 14, 10)
        self.older = Button("Show older", "link")
        self.older.clicked.connect(self.older_asked)
        self.older.hide()
        self._column.addWidget(self._none)
        self._column.addWidget(self.older, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self.setWidget(self._inside)
        self.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self.say("Reading…")

    @property
    def records(self) -> Sequence[CommandRecord]:
        """What is in view, newest first."""
        return [self._records[number] for number in self._order()]

    def entry(self, command: int) -> CommandEntry:
        """The line of a command. KeyError: it is not in view."""
        return self._entries[command]

    def clear(self, sentence: str = "Reading…") -> None:
        """Forget all (another station is shown)."""
        for entry in self._entries.values():
            self._column.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self._records.clear()
        self._entries.clear()
        self.older.hide()
        self.say(sentence)

    def say(self, sentence: str) -> None:
        """What stands in the place of commands."""
        self._none.setText(sentence)
        self._none.setVisible(not self._entries)

    def add(self, records: Iterable[CommandRecord], *, more: bool | None = None) -> None:
        """Take in commands, new ones and new states of old ones; `more`: there are older ones."""
        for record in records:
            self._records[record.command] = record
        if more is not None:
            self.older.setVisible(more)
        self.refresh()

    def refresh(self) -> None:
        """Bring words, ages and progress up to date."""
        now, zone = self._workspace.now_ms(), self._workspace.zone
        for place, number in enumerate(self._order()):
            entry = self._entries.get(number)
            if entry is None:
                entry = self._entries[number] = CommandEntry(self._workspace)
                entry.cancel_asked.connect(self.cancel_asked)
                self._column.insertWidget(place, entry)
            record = self._records[number]
            entry.show_line(command_line(record, now, zone), self.share_of(record))
        self._none.setVisible(not self._entries)
        if not self._entries:
            self._none.setText("Nothing was asked of this station yet.")

    def of(self, *operations: str) -> list[CommandRecord]:
        """The commands of these operations, newest first."""
        return [record for record in self.records if record.operation in operations]

    def _order(self) -> list[int]:
        key = self._records
        return sorted(key, key=lambda number: (key[number].asked_ms, number), reverse=True)

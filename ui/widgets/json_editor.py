"""An editor for a message's payload: mono, coloured, with completions and marks where it is wrong."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.domain.status import Shown
from ui.models.completions import Offer, taken
from ui.theme import fonts
from ui.theme.shapes import soft_colour
from ui.theme.theme import colour, px, theme
from ui.widgets.code_view import JsonColours

SETTLE_MS = 120
PAIRS = {"{": "}", "[": "]"}


class JsonEditor(QPlainTextEdit):
    """Writes JSON. Tab takes the offer that is chosen, Ctrl+Enter sends, Ctrl+Space offers again.

    `settled` tells that the text or the cursor rested for a moment: time to check and to complete.
    """

    settled = Signal()
    send_asked = Signal()
    offer_stepped = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen: Callable[[], Offer | None] = lambda: None
        """The offer that Tab takes now."""
        self._marked: tuple[int, ...] = ()
        self.setAccessibleName(name)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._colours = JsonColours(self.document())
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE_MS)
        self._rest.timeout.connect(self.settled)
        self.textChanged.connect(self._rest.start)
        self.cursorPositionChanged.connect(self._rest.start)
        theme().changed.connect(self.rescale)
        self.rescale()

    def rescale(self) -> None:
        """Take fonts and colours of the theme in force."""
        self.setFont(fonts.font("mono"))
        self.document().setDocumentMargin(px(6))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, colour("surface2"))
        palette.setColor(palette.ColorRole.Text, colour("text3"))
        self.setPalette(palette)
        self._colours.rehighlight()
        self.mark_lines(self._marked)

    @property
    def place(self) -> int:
        """Where the cursor stands in the text."""
        return self.textCursor().position()

    def write(self, text: str, cursor: int | None = None) -> None:
        """Put a whole text in place of what is there; it can be undone."""
        edit = self.textCursor()
        edit.beginEditBlock()
        edit.select(QTextCursor.SelectionType.Document)
        edit.insertText(text)
        edit.endEditBlock()
        if cursor is not None:
            edit.setPosition(min(cursor, len(text)))
            self.setTextCursor(edit)

    def take(self, offer: Offer) -> None:
        """Write an offer into the text."""
        text, cursor = taken(self.toPlainText(), self.place, offer)
        self.write(text, cursor)

    def mark_lines(self, lines: Sequence[int]) -> None:
        """Put a soft ground behind lines that are wrong, counted from 1."""
        self._marked = tuple(lines)
        marks = []
        for line in self._marked:
            block = self.document().findBlockByNumber(line - 1)
            if block.isValid():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = QTextCursor(block)
                mark.format.setBackground(soft_colour(Shown.DEGRADED))
                mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
                marks.append(mark)
        self.setExtraSelections(marks)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Tab and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                offer = self.chosen()
                if offer is not None:
                    self.take(offer)
                    return True
                return self.focusNextPrevChild(True)
            if event.key() == Qt.Key.Key_Backtab:
                return self.focusNextPrevChild(False)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        if control and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send_asked.emit()
        elif control and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.offer_stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif control and key == Qt.Key.Key_Space:
            self.settled.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._new_line()
        else:
            super().keyPressEvent(event)

    def _new_line(self) -> None:
        """A new line that stands in as far as the one before, one step further inside brackets."""
        edit = self.textCursor()
        before = edit.block().text()[: edit.positionInBlock()]
        after = edit.block().text()[edit.positionInBlock() :]
        stands_in = before[: len(before) - len(before.lstrip())]
        opened = before.rstrip()[-1:]
        edit.beginEditBlock()
        edit.insertText("\n" + stands_in + ("  " if opened in PAIRS else ""))
        if opened in PAIRS and after.lstrip().startswith(PAIRS[opened]):
            place = edit.position()
            edit.insertText("\n" + stands_in)
            edit.setPosition(place)
        edit.endEditBlock()
        self.setTextCursor(edit)

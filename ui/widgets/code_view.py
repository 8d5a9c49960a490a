"""Read-only text with line numbers, JSON gently coloured, and a search that marks what it finds."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRegularExpression, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.domain.status import Shown
from ui.theme import fonts
from ui.theme.shapes import paint_state_at, soft_colour
from ui.theme.theme import colour, px, theme

_PARTS = (
    (QRegularExpression(r'"(?:[^"\\]|\\.)*"\s*(?=:)'), "text2"),
    (QRegularExpression(r'(?<=: )"(?:[^"\\]|\\.)*"'), "text1"),
    (QRegularExpression(r"(?<=: )-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|(?<=: )(?:true|false|null)"), "text1"),
)


class JsonColours(QSyntaxHighlighter):
    """Keys quieter than values; no state colour is ever used for syntax."""

    def highlightBlock(self, text: str) -> None:
        plain = QTextCharFormat()
        plain.setForeground(colour("text3"))
        self.setFormat(0, len(text), plain)
        for pattern, token in _PARTS:
            found = pattern.globalMatch(text)
            while found.hasNext():
                match = found.next()
                form = QTextCharFormat()
                form.setForeground(colour(token))
                self.setFormat(match.capturedStart(), match.capturedLength(), form)


class _Numbers(QWidget):
    """The line numbers beside the text."""

    def __init__(self, view: "CodeView") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(self._view.number_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_numbers(event)


class CodeView(QPlainTextEdit):
    """Shows one text. `find` marks every place and brings the first into view."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needle, self._most_lines = "", 0
        self._marked: dict[int, Shown] = {}
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._numbers = _Numbers(self)
        self._colours = JsonColours(self.document())
        self.updateRequest.connect(self._scrolled)
        self.blockCountChanged.connect(lambda _count: self._make_room())
        theme().changed.connect(self.rescale)
        self.rescale()

    def rescale(self) -> None:
        """Take fonts and colours of the theme in force."""
        self.setFont(fonts.font("mono"))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, colour("surface1"))
        palette.setColor(palette.ColorRole.Text, colour("text3"))
        self.setPalette(palette)
        self._colours.rehighlight()
        self._make_room()
        self._fit()
        self.find_all(self._needle)

    def show_text(self, text: str) -> None:
        """Show a text from its beginning; marks of the one before go."""
        self._marked = {}
        if text != self.toPlainText():
            self.setPlainText(text)
            self.moveCursor(QTextCursor.MoveOperation.Start)
            self._fit()
        self.find_all(self._needle)

    def keep_to_lines(self, most: int) -> None:
        """Be as high as the text has lines, `most` of them at once."""
        self._most_lines = most
        self._fit()

    def _fit(self) -> None:
        if not self._most_lines:
            return
        lines = min(self._most_lines, self.blockCount())
        high = lines * self.fontMetrics().lineSpacing() + 2 * round(self.document().documentMargin())
        if self.document().size().width() > self.contentsRect().width() - self.number_width():
            high += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(high)

    def mark_lines(self, lines: Mapping[int, Shown]) -> None:
        """Put a state's shape and soft ground at these lines, counted from 1."""
        self._marked = dict(lines)
        self._numbers.update()
        self.find_all(self._needle)

    def go_to_line(self, line: int) -> None:
        """Bring a line into view, counted from 1."""
        block = self.document().findBlockByNumber(line - 1)
        if block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.centerCursor()

    def _line_marks(self) -> list[QTextEdit.ExtraSelection]:
        found = []
        for line, shown in self._marked.items():
            block = self.document().findBlockByNumber(line - 1)
            if block.isValid():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = QTextCursor(block)
                mark.format.setBackground(soft_colour(shown))
                mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
                found.append(mark)
        return found

    def find_all(self, text: str) -> int:
        """Mark every place of `text`, case aside, and bring the first into view; how many there are."""
        self._needle = text
        marks: list[QTextEdit.ExtraSelection] = []
        if text:
            cursor = self.document().find(text, 0, QTextDocument.FindFlag(0))
            while not cursor.isNull() and len(marks) < 500:
                mark = QTextEdit.ExtraSelection()
                mark.cursor = cursor
                ground = QColor(colour("accent"))
                ground.setAlpha(70)
                mark.format.setBackground(ground)
                marks.append(mark)
                cursor = self.document().find(text, cursor, QTextDocument.FindFlag(0))
        self.setExtraSelections([*self._line_marks(), *marks])
        if marks:
            first = QTextCursor(marks[0].cursor)
            first.clearSelection()
            self.setTextCursor(first)
            self.ensureCursorVisible()
        return len(marks)

    def number_width(self) -> int:
        """Room for the numbers of all lines."""
        digits = max(2, len(str(max(1, self.blockCount()))))
        return round(self.fontMetrics().horizontalAdvance("9") * digits) + px(28)

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Paint the numbers of the lines in view."""
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), colour("surface1"))
        painter.setFont(self.font())
        painter.setPen(colour("text3"))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        wide = self.number_width() - px(20)
        while block.isValid() and top <= event.rect().bottom():
            high = self.blockBoundingRect(block).height()
            if block.isVisible() and top + high >= event.rect().top():
                area = QRect(0, round(top), wide, round(high))
                painter.drawText(area, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
                shown = self._marked.get(block.blockNumber() + 1)
                if shown is not None:
                    side = px(11)
                    paint_state_at(painter, wide + px(4), top + (high - side) / 2, side, shown)
            top += high
            block = block.next()
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()
        inside = self.contentsRect()
        self._numbers.setGeometry(QRect(inside.left(), inside.top(), self.number_width(), inside.height()))

    def _make_room(self) -> None:
        self.setViewportMargins(self.number_width(), 0, 0, 0)

    def _scrolled(self, rect: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

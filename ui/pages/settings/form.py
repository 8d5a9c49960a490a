"""The parts of a settings panel: a line of label, words and control; a switch."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.theme import px
from ui.widgets.labels import Label
from ui.widgets.painting import fill_round, focus_ring
from ui.widgets.panel import Panel, Rule


class Switch(QAbstractButton):
    """On or off, told by place and word, not by colour alone."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(40), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1, px(2), -1, -px(2))
        on = self.isChecked()
        fill_round(painter, box, box.height() / 2, "accentFill" if on else "surface3", "lineControl")
        side = box.height() - px(6)
        x = box.right() - side - px(3) if on else box.left() + px(3)
        knob = QRectF(x, box.top() + px(3), side, side)
        fill_round(painter, knob, side / 2, "onAccentFill" if on else "text1")
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, QRectF(self.rect()), self.height() / 2)
        painter.end()


class SettingLine(QWidget):
    """A setting: its name, what it means, and the control at the right."""

    def __init__(self, name: str, meaning: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.meaning = Label(meaning, "small", "text3", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, "body", weight=500))
        words.addWidget(self.meaning)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(24)
        row.addLayout(words, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def fits(self, text: str) -> bool:
        """Whether a search finds this line."""
        return text.casefold() in f"{self.name} {self.meaning.text()}".casefold()


class WideLine(QWidget):
    """Something over the whole width (a table with its buttons); `words` are what a search finds it by."""

    def __init__(self, inside: QWidget, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words.casefold()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(inside)

    def fits(self, text: str) -> bool:
        """Whether a search finds this."""
        return text.casefold() in self._words


class SettingsPanel(Panel):
    """Lines under a title; those a search does not find are hidden."""

    def __init__(self, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, subtitle, parent)
        self._title_words = title.casefold()
        self.lines: list[SettingLine | WideLine] = []
        self._rules: list[Rule] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def add(self, name: str, meaning: str, control: QWidget) -> SettingLine:
        """Add a line."""
        line = SettingLine(name, meaning, control)
        self._put(line)
        return line

    def add_wide(self, inside: QWidget, words: str) -> WideLine:
        """Add something over the whole width."""
        line = WideLine(inside, words)
        self._put(line)
        return line

    def _put(self, line: SettingLine | WideLine) -> None:
        if self.lines:
            rule = Rule()
            self._rules.append(rule)
            self.body_layout.addWidget(rule)
        self.lines.append(line)
        self.body_layout.addWidget(line)

    def search(self, text: str) -> bool:
        """Show only what fits; False when nothing does (the panel is then hidden)."""
        whole = not text.strip() or text.strip().casefold() in self._title_words
        found = False
        for i, line in enumerate(self.lines):
            fits = whole or line.fits(text.strip())
            line.setVisible(fits)
            if i:
                self._rules[i - 1].setVisible(fits and found)
            found = found or fits
        self.setVisible(found)
        return found

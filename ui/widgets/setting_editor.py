"""The foot of a station's settings: one of them, what it may be, and its new value."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.models.command_settings import Setting, allowed_words, wrong
from ui.theme import formats
from ui.theme.theme import px
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.fields import TextField
from ui.widgets.labels import Label
from ui.widgets.painting import hairline


class SettingEditor(QWidget):
    """Checks while typing; "Change" (or Enter) puts the value among those to be written."""

    changed = Signal(object, str)
    """(key, new value)"""
    dropped = Signal(object)
    """The key of a change taken back."""

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._row: Setting | None = None
        self.name = Label("", "bodyStrong")
        self.told = Label("", "small", "text3")
        self.field = TextField("New value", mono=True)
        self.menu = MenuButton("", "")
        self.menu.setAccessibleName("New value")
        self._inputs = QStackedWidget()
        self._inputs.addWidget(self.field)
        self._inputs.addWidget(self.menu)
        self._inputs.setFixedHeight(px(30))
        self.wrong = Label("", "small", "faulted")
        self.keep = Button("Change")
        self.drop = Button("Take back", "quiet")
        self.template = Button("Use the template's", "quiet")
        self.field.textChanged.connect(lambda _text: self._check())
        self.field.returnPressed.connect(self._keep)
        self.menu.chosen.connect(lambda _key: self._check())
        self.keep.clicked.connect(self._keep)
        self.drop.clicked.connect(lambda: self.dropped.emit(self._row.key) if self._row else None)
        self.template.clicked.connect(self._take_template)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._inputs, 1)
        for button in (self.keep, self.template, self.drop):
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 10)
        column.setSpacing(4)
        column.addWidget(self.name)
        column.addWidget(self.told)
        column.addLayout(line)
        column.addWidget(self.wrong)
        self.show_row(None)

    def show_row(self, row: Setting | None, now_ms: int = 0) -> None:
        """Show a setting; None: none is chosen. What is being typed for the same one is kept."""
        before, self._row = self._row, row
        usable = row is not None and not row.heading
        for widget in (self._inputs, self.keep, self.template, self.drop):
            widget.setVisible(usable)
        if row is None or not usable:
            self.name.setText("Choose a setting")
            self.told.setText("Arrow keys move, Enter edits.")
            self.wrong.setText("")
            return
        self.name.setText(f"{row.component} / {row.name}" if row.component else row.name)
        parts = [row.title, allowed_words(row), row.unit, "read only" if row.readonly else ""]
        parts.append("takes effect after a restart" if row.restart else "")
        if row.changed_ms is not None and row.before is not None:
            parts.append(f"was {row.before} until {formats.when(row.changed_ms, now_ms, self._zone)}")
        self.told.setText(" · ".join(part for part in parts if part) or "The station tells no limits of it.")
        self._inputs.setEnabled(not row.readonly)
        self._inputs.setCurrentWidget(self.menu if row.choices else self.field)
        self.template.setVisible(usable and row.differs and not row.readonly)
        self.drop.setVisible(row.draft is not None)
        if before is None or before.key != row.key or before.draft != row.draft:
            value = row.draft if row.draft is not None else row.value or ""
            if row.choices:
                self.menu.set_choices([(choice, choice) for choice in row.choices], value)
            self.field.setText(value)
        self._check()

    def start(self) -> None:
        """Put the cursor into the value."""
        widget = self._inputs.currentWidget()
        if widget is not None and self._inputs.isEnabled():
            widget.setFocus()
        if widget is self.field:
            self.field.selectAll()

    def text(self) -> str:
        """The new value as it stands."""
        return str(self.menu.value) if self._inputs.currentWidget() is self.menu else self.field.text()

    def _check(self) -> None:
        row = self._row
        if row is None or row.heading:
            return
        said = self.text()
        sentence = wrong(row, said)
        standing = row.draft if row.draft is not None else row.value
        self.wrong.setText("" if said == (row.value or "") else sentence)
        self.keep.setEnabled(not sentence and said != standing)

    def _keep(self) -> None:
        if self._row is not None and self.keep.isEnabled() and not self._row.heading:
            self.changed.emit(self._row.key, self.text())

    def _take_template(self) -> None:
        if self._row is not None and self._row.wanted is not None:
            self.changed.emit(self._row.key, self._row.wanted)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hairline(painter, QRectF(self.rect()).left(), 0, self.width(), "line1")
        painter.end()

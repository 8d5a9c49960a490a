"""Asks for a missing input in place: one number, its unit, Save."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.analytics.costs.assumptions import checked
from app.domain.errors import ForecourtError
from app.domain.prices import amount
from ui.models.cost_words import Input
from ui.shell.page import Workspace
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.labels import Label


def value_of(asked: Input, text: str) -> str:
    """The number typed, as it is kept.

    Raises:
        ForecourtError: it is none, or not one that this may have.
    """
    if asked.kind == "assumption":
        return str(checked(asked.key, text))
    found = amount(text)
    if found < Decimal(0):
        raise ForecourtError(f"{asked.title} cannot be below zero.")
    return str(found)


class AskField(QWidget):
    """One line: what is asked, a number, its unit, Save. Enter saves too."""

    saved = Signal()

    def __init__(
        self, workspace: Workspace, currency: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._currency = workspace, currency
        self._asked: Input | None = None
        self.title = Label("", "small", "text2")
        self.field = TextField("Value", placeholder="0.00")
        self.field.setFixedWidth(px(72))
        self.unit = Label("", "small", "text3")
        self.save = Button("Save", "secondary")
        self.wrong = Label("", "small", "text2")
        self.wrong.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.title, self.field, self.unit):
            row.addWidget(widget)
        row.addWidget(self.wrong)
        row.addWidget(self.save)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.save.clicked.connect(self.keep)
        self.field.returnPressed.connect(self.keep)
        self.field.textChanged.connect(lambda _text: self._say(""))

    def show_input(self, asked: Input) -> None:
        """Ask for this."""
        if asked == self._asked:
            return
        self._asked = asked
        self.title.setText(asked.title)
        self.title.setToolTip(f"{asked.title}: {asked.source}" if asked.source else asked.title)
        self.unit.setText(asked.unit)
        self.field.clear()
        self.field.setAccessibleName(f"{asked.title}, {asked.unit}")
        self.save.setAccessibleName(f"Save {asked.title}")
        self._say("")

    def keep(self) -> None:
        """Write it down, if it is a number."""
        asked, currency = self._asked, self._currency()
        if asked is None:
            return
        try:
            value = value_of(asked, self.field.text())
        except ForecourtError as error:
            self._say(str(error))
            return
        self._workspace.bridge.do(
            asked.intent(value, currency),
            why="asked for where a cost needed it",
            done=lambda _: self._kept(asked),
            failed=self._say,
        )

    def _kept(self, asked: Input) -> None:
        self._workspace.toast(f"{asked.title} is kept. The costs are computed anew.")
        self.saved.emit()

    def _say(self, sentence: str) -> None:
        self.wrong.setText(sentence)
        self.wrong.setToolTip(sentence)
        self.wrong.setVisible(bool(sentence))
        self.unit.setVisible(not sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Letters typed here are no commands of the list around it.
        if event.key() not in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.accept()
            return
        super().keyPressEvent(event)

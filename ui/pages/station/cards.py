"""A station's connector cards, as many beside each other as fit."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.models.cards import Card
from ui.pages.station.connector_card import ConnectorCard
from ui.theme.theme import px
from ui.widgets.labels import Label

LEAST = 240


class CardGrid(QWidget):
    """Cards keep their places by connector; a row holds as many as fit at their least width."""

    session_asked = Signal(int)
    command_asked = Signal(str, object)
    """(key of a command, what is filled in)"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[ConnectorCard] = []
        self._shown = 0
        self._across = 0
        self._none = Label("No connector has reported yet.", "body", "text3", parent=self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._grid.addWidget(self._none, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show these connectors, in order."""
        while len(self._cards) < len(cards):
            made = ConnectorCard(self)
            made.session_asked.connect(self.session_asked)
            made.command_asked.connect(self.command_asked)
            self._cards.append(made)
        for widget, card in zip(self._cards, cards, strict=False):
            widget.show_card(card)
        self._none.setVisible(not cards)
        if len(cards) != self._shown:
            self._shown = len(cards)
            self._across = 0
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        across = max(1, min(self._shown or 1, (self.width() + 12) // (px(LEAST) + 12)))
        if across == self._across:
            return
        self._across = across
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        for i, widget in enumerate(self._cards):
            self._grid.removeWidget(widget)
            widget.setVisible(i < self._shown)
            if i < self._shown:
                self._grid.addWidget(widget, i // across, i % across)
        for column in range(max(across, 2)):
            self._grid.setColumnStretch(column, 1)

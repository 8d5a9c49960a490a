"""Rows of a label and a value, painted: for panels that tell what is known of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.status import Shown
from ui.theme import fonts
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px
from ui.widgets.painting import LEFT, RIGHT, draw_text, width_of


@dataclass(frozen=True, slots=True)
class Fact:
    """One row. `shown` puts a state's shape before the value; `quiet` dims a value that is old."""

    label: str
    value: str
    mono: bool = False
    strong: bool = False
    quiet: bool = False
    shown: Shown | None = None


class Facts(QWidget):
    """Labels at the left, values at the right; what does not fit ends in an ellipsis and a tooltip."""

    def __init__(self, role: str = "small", row: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role, self._row = role, row
        self._facts: tuple[Fact, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_facts(self, facts: Sequence[Fact | tuple[str, str]]) -> None:
        """Show these rows; plain pairs will do."""
        made = tuple(fact if isinstance(fact, Fact) else Fact(*fact) for fact in facts)
        if made == self._facts:
            return
        grown = len(made) != len(self._facts)
        self._facts = made
        self.setAccessibleName("; ".join(f"{fact.label}: {fact.value}" for fact in made))
        if grown:
            self.updateGeometry()
        self._explain()
        self.update()

    def _height(self) -> int:
        return max(px(self._row), fonts.line_height(self._role) + 2)

    def _explain(self) -> None:
        cut = [f"{f.label}: {f.value}" for f in self._facts if self._room(f) < self._width(f)]
        self.setToolTip("\n".join(cut))

    def _width(self, fact: Fact) -> float:
        return width_of(fact.value, "mono" if fact.mono else self._role, 600 if fact.strong else 400)

    def _room(self, fact: Fact) -> float:
        shape = px(20) if fact.shown is not None else 0
        return self.width() - width_of(fact.label, self._role) - px(12) - shape

    def resizeEvent(self, event: object) -> None:
        self._explain()

    def sizeHint(self) -> QSize:
        return QSize(px(220), self._height() * len(self._facts))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), self._height() * len(self._facts))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high = self._height()
        for i, fact in enumerate(self._facts):
            line = QRectF(0, i * high, self.width(), high)
            draw_text(painter, line, fact.label, self._role, "text3", LEFT)
            room, width = self._room(fact), self._width(fact)
            left = self.width() - min(room, width)
            if fact.shown is not None:
                paint_state_at(painter, left - px(20), line.center().y() - px(7), px(14), fact.shown)
            draw_text(
                painter,
                QRectF(left, line.top(), self.width() - left, high),
                fact.value,
                "mono" if fact.mono else self._role,
                "text3" if fact.quiet else "text1",
                RIGHT,
                weight=600 if fact.strong else 400,
            )
        painter.end()

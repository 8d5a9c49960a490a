"""Steps one below the other: a number or a check in a ring, what it does, and its result."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.models.playbook import StepRow
from ui.theme import fonts
from ui.theme.icons import paint_icon
from ui.theme.theme import colour, px, radius
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, fill_round, ink_of, width_of

WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class StepList(QWidget):
    """The steps of a playbook."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[StepRow, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_rows(self, rows: Sequence[StepRow]) -> None:
        """Show these steps."""
        made = tuple(rows)
        if made == self._rows:
            return
        self._rows = made
        told = "; ".join(
            f"{row.number} {row.title}, {row.state}, {row.text} {row.right}".strip() for row in made
        )
        self.setAccessibleName(f"Playbook: {told}")
        self.updateGeometry()
        self.update()

    @property
    def rows(self) -> tuple[StepRow, ...]:
        """What is shown."""
        return self._rows

    def _wide(self, row: StepRow, width: int) -> int:
        wide = px(52) if row.state == "next" else 0
        return max(px(80), width - px(46) - px(14) - wide)

    def _text_height(self, row: StepRow, width: int) -> int:
        if not row.text:
            return 0
        box = fonts.metrics("small").boundingRect(
            QRectF(0, 0, self._wide(row, width), 10_000), int(WRAP), row.text
        )
        return min(round(box.height() + 0.49), 3 * fonts.line_height("small"))

    def _height(self, row: StepRow, width: int) -> int:
        return fonts.line_height("bodyStrong") + self._text_height(row, width) + px(12)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return px(8) + sum(self._height(row, width) for row in self._rows)

    def sizeHint(self) -> QSize:
        return QSize(px(300), self.heightForWidth(max(self.width(), px(300))))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        y = px(4)
        for row in self._rows:
            high = self._height(row, self.width())
            self._paint(painter, row, y, high)
            y += high
        painter.end()

    def _paint(self, painter: QPainter, row: StepRow, y: int, high: int) -> None:
        if row.state in ("next", "running"):
            painter.fillRect(QRectF(0, y, self.width(), high), colour("surface2"))
        ring = px(22)
        box = QRectF(px(12), y + (high - ring) / 2, ring, ring)
        edge = "accent" if row.state in ("next", "running") else "line2"
        fill_round(painter, box, ring / 2, None, edge)
        side = px(12)
        if row.state == "done":
            paint_icon(
                painter, box.center().x() - side / 2, box.center().y() - side / 2, "check", side, "text1"
            )
        elif row.state == "running":
            paint_icon(
                painter, box.center().x() - side / 2, box.center().y() - side / 2, "loader", side, "accent"
            )
        else:
            ink = "text1" if row.state == "next" else "text2"
            draw_text(painter, box, str(row.number), "caption", ink, CENTRE, weight=600, elide=False)
        wide = self._wide(row, self.width())
        left, line = px(46), fonts.line_height("bodyStrong")
        ink = "text3" if row.state == "passed over" else "text1"
        room = wide - (width_of(row.right, "small") + px(10) if row.right else 0)
        draw_text(painter, QRectF(left, y + px(6), room, line), row.title, "body", ink, LEFT, weight=600)
        end = QRectF(left, y + px(6), wide, line)
        draw_text(painter, end, row.right, "small", "text3", RIGHT)
        painter.setFont(fonts.font("small"))
        painter.setPen(ink_of("text2"))
        area = QRectF(left, y + px(6) + line, wide, self._text_height(row, self.width()))
        painter.drawText(area, int(WRAP), row.text)
        if row.state == "next":
            self._next(painter, y, high)

    def _next(self, painter: QPainter, y: int, high: int) -> None:
        wide = round(width_of("Next", "caption", 600)) + px(14)
        box = QRectF(self.width() - px(14) - wide, y + (high - px(20)) / 2, wide, px(20))
        fill_round(painter, box, radius("small"), "surface3")
        draw_text(painter, box, "Next", "caption", "text1", CENTRE, weight=600, elide=False)

"""Marks with words in one line: what shapes mean, and what things add up to."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.status import Shown
from ui.theme.formats import count
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px
from ui.widgets.painting import draw_text, ink_of, width_of

DOT, LOCK, DASH = "dot", "lock", "dash"
Part = tuple[Shown | str, str, str]


class Legend(QWidget):
    """Marks with words, in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @staticmethod
    def of_states() -> "Legend":
        """The meaning of each mark."""
        made = Legend()
        made.show_parts(
            (
                (DOT, "", "equal"),
                (Shown.DEGRADED, "", "differs"),
                (LOCK, "", "read-only"),
                (Shown.UNKNOWN, "", "not read"),
                (DASH, "", "not supported"),
            )
        )
        return made

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """Show (mark, bold words, quiet words)."""
        if parts != self._parts:
            self._parts = parts
            self.setAccessibleName("; ".join(f"{strong} {quiet}".strip() for _, strong, quiet in parts))
            self.updateGeometry()
            self.update()

    def show_sum(self, cells: int, stations: int, unread: int) -> None:
        """How many cells differ on how many stations, and how many stations are not read."""
        parts: list[Part] = []
        if cells:
            parts.append(
                (Shown.DEGRADED, f"{count(cells, 'cell')} differ", f"on {count(stations, 'station')}")
            )
        if unread:
            parts.append((Shown.UNKNOWN, "", f"{count(unread, 'station')} not read"))
        if not parts:
            parts.append((DOT, "", "all that was read is equal"))
        self.show_parts(tuple(parts))

    def _wide(self, part: Part) -> float:
        _, strong, quiet = part
        wide = px(18) + width_of(quiet, "small")
        return wide + (width_of(strong, "small", 600) + px(5) if strong else 0)

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._wide(part) + px(12) for part in self._parts)), px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x, side, high = 0.0, px(12), self.height()
        for part in self._parts:
            mark, strong, quiet = part
            if x + self._wide(part) > self.width() + px(12):
                break
            middle = high / 2
            if isinstance(mark, Shown):
                paint_state_at(painter, x, middle - side / 2, side, mark)
            elif mark == LOCK:
                paint_icon(painter, x, middle - side / 2, "lock", side, "text2")
            elif mark == DASH:
                draw_text(
                    painter, QRectF(x, 0, side, high), "–", "small", "text3", Qt.AlignmentFlag.AlignCenter
                )
            else:
                painter.fillRect(QRectF(x + side / 2, middle - 1.5, 3, 3), ink_of("text2"))
            at = x + px(18)
            if strong:
                at += draw_text(painter, QRectF(at, 0, px(400), high), strong, "small", "text1", weight=600)
                at += px(5)
            draw_text(painter, QRectF(at, 0, px(400), high), quiet, "small", "text2")
            x += self._wide(part) + px(12)
        painter.end()

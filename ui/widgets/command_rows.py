"""The commands of a station as rows: icon, title, what it would mean now; a dead one says why."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.status import Shown
from ui.models.command_kinds import GROUPS, Kind
from ui.theme.icons import paint_icon
from ui.theme.shapes import state_colour
from ui.theme.theme import px
from ui.widgets.labels import Label
from ui.widgets.painting import LEFT, draw_key, draw_text, focus_ring, hairline, ink_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A command as offered now. `reason` "" or why it cannot be given; `cuts`: it would cut something."""

    kind: Kind
    note: str = ""
    reason: str = ""
    cuts: bool = False


class CommandRow(QAbstractButton):
    """One command. Enter or a click asks for its sheet, also of a dead one: it only cannot be pressed."""

    def __init__(self, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_offer(offer)

    def show_offer(self, offer: Offer) -> None:
        """Show how it stands now."""
        self._offer = offer
        self.setText(offer.kind.title)
        told = offer.reason or offer.note
        self.setAccessibleName(f"{offer.kind.title}. {told}".strip())
        self.setToolTip(offer.reason)
        self.setEnabled(not offer.reason)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(260), px(44))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(44))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in step:
            self.focusNextPrevChild(step[Qt.Key(event.key())] > 0)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        live = self.isEnabled()
        if live and (self.underMouse() or self.isDown()):
            painter.fillRect(box, ink_of("surface3" if self.isDown() else "surface2"))
        ink = "text1" if live else "textDisabled"
        side = px(16)
        paint_icon(painter, px(14), (box.height() - side) / 2, self._offer.kind.icon, side,
                   "text2" if live else "textDisabled")  # fmt: skip
        right = box.right() - px(12)
        if live:
            paint_icon(painter, right - px(14), (box.height() - px(14)) / 2, "chevron-right", px(14), "text3")
            right -= px(24)
            if self._offer.kind.keys:
                right = draw_key(painter, right, box.center().y(), self._offer.kind.keys) - px(8)
            if self._offer.cuts:
                shade = state_colour(Shown.OFFLINE)
                paint_icon(
                    painter, right - px(16), (box.height() - px(16)) / 2, "triangle-alert", px(16), shade
                )
                right -= px(24)
        left = px(14) + side + px(12)
        wide = right - left
        told = self._offer.reason or self._offer.note
        top = px(5) if told else (box.height() - px(18)) / 2
        draw_text(painter, QRectF(left, top, wide, px(18)), self._offer.kind.title, "small", ink, LEFT,
                  weight=600)  # fmt: skip
        if told:
            draw_text(painter, QRectF(left, px(22), wide, px(18)), told, "small", "text3", LEFT)
        hairline(painter, 0, self.height() - 1, self.width())
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, box.adjusted(3, 3, -3, -3), 4)
        painter.end()


class CommandRows(QScrollArea):
    """All commands, the usual ones first, the others below headings."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, CommandRow] = {}
        self._offers: tuple[Offer, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show these commands as they stand now; rows are made once."""
        made = tuple(offers)
        if made == self._offers:
            return
        self._offers = made
        headings = dict(GROUPS)
        group = ""
        for offer in made:
            row = self._rows.get(offer.kind.key)
            if row is not None:
                row.show_offer(offer)
                continue
            if offer.kind.group != group:
                group = offer.kind.group
                heading = Label(headings[group], "caption", "text3")
                heading.setContentsMargins(px(14), px(12), px(14), px(4))
                self._column.insertWidget(self._column.count() - 1, heading)
            row = self._rows[offer.kind.key] = CommandRow(offer)
            row.clicked.connect(lambda _=False, key=offer.kind.key: self.asked.emit(key))
            row.installEventFilter(self)
            self._column.insertWidget(self._column.count() - 1, row)

    def row(self, key: str) -> CommandRow:
        """The row of a command."""
        return self._rows[key]

    def focus_first(self) -> None:
        """Put the focus on the first command that can be given."""
        for row in self._rows.values():
            if row.isEnabled():
                row.setFocus(Qt.FocusReason.TabFocusReason)
                self.ensureWidgetVisible(row)
                return

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, CommandRow):
            self.ensureWidgetVisible(watched)
        return False

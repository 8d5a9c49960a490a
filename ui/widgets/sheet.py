"""A sheet over the window: a child widget on a scrim, with focus kept inside and given back.

No nested event loop: `finished` tells the outcome.
"""

import asyncio
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.status import Shown
from ui.theme.theme import px, radius
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.painting import fill_round, hairline, ink_of


class _Card(QWidget):
    """The box on the scrim."""

    def __init__(self, parent: QWidget, *, drawer: bool) -> None:
        super().__init__(parent)
        self.drawer = drawer
        self.foot_height = 0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.drawer:
            painter.fillRect(box, ink_of("surface1"))
            painter.fillRect(QRectF(0, 0, 1, self.height()), ink_of("line2"))
        else:
            fill_round(painter, box, radius("panel"), "surface2", "line2")
        if self.foot_height:
            hairline(painter, 1, self.height() - self.foot_height, self.width() - 2, "line2")
        painter.end()


class Sheet(QWidget):
    """A question over the window.

    Args:
        host: what it covers, usually the window's page area or the window itself.
        title: what it asks or does.
        subtitle: of what.
        width: of the card at scale 1.
    """

    finished = Signal(object)
    """The result given to `finish`; None when it was left by Esc or a click beside it."""

    def __init__(
        self, host: QWidget, title: str, subtitle: str = "", width: int = 440, *, drawer: bool = False
    ) -> None:
        super().__init__(host)
        self._host, self._wide, self._drawer = host, width, drawer
        self._before: QWidget | None = None
        self._done = False
        self._default: QWidget | None = None
        self._refusal: Banner | None = None
        self._card = _Card(self, drawer=drawer)
        whole = QVBoxLayout(self._card)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        upper = QVBoxLayout()
        upper.setContentsMargins(20, 18, 20, 16)
        upper.setSpacing(12)
        head = QVBoxLayout()
        head.setSpacing(2)
        self._title = Label(title, "pageTitle", wrap=True)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        if drawer:
            close = IconButton("x", "Close")
            close.clicked.connect(lambda: self.finish(None))
            top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(top)
        self._subtitle = Label(subtitle, "body", "text3", wrap=True, parent=self._card)
        self._subtitle.setVisible(bool(subtitle))
        head.addWidget(self._subtitle)
        upper.addLayout(head)
        self.body_layout = QVBoxLayout()
        """Where the sheet's own widgets go."""
        self.body_layout.setSpacing(12)
        upper.addLayout(self.body_layout, 1)
        whole.addLayout(upper, 1)
        self._foot = QWidget()
        self._buttons = QHBoxLayout(self._foot)
        self._buttons.setContentsMargins(20, 12, 16, 12)
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self._foot.hide()
        whole.addWidget(self._foot)
        self.setAccessibleName(title)
        self.hide()
        self._card.installEventFilter(self)
        host.installEventFilter(self)

    @property
    def card(self) -> QWidget:
        """The box itself."""
        return self._card

    def add_button(self, button: Button, *, default: bool = False) -> Button:
        """Add a button at the right end of the foot; the default one has the focus at first."""
        self._buttons.addWidget(button)
        self._foot.show()
        if default:
            self._default = button
        return button

    def add_note(self, widget: QWidget) -> None:
        """Put a widget at the left end of the foot."""
        self._buttons.insertWidget(0, widget)
        self._foot.show()

    def set_focus_on(self, widget: QWidget) -> None:
        """What has the focus when the sheet opens."""
        self._default = widget

    def show_refusal(self, sentence: str, more: str = "") -> None:
        """Say, above the buttons, why it was not done."""
        if self._refusal is None:
            self._refusal = Banner(Shown.FAULTED, "", parent=self._card)
            self.body_layout.addWidget(self._refusal)
        self._refusal.show_notice(Shown.FAULTED, sentence, more)
        self._refusal.show()
        self.relayout()

    def hide_refusal(self) -> None:
        """Something was changed since: it may be done now."""
        if self._refusal is not None:
            self._refusal.hide()

    def open(self) -> None:
        """Show it; the focus is kept inside until it is finished."""
        self._before = QApplication.focusWidget()
        self.setGeometry(self._host.rect())
        self._place()
        self.show()
        self.raise_()
        first = self._default or next(iter(self._stops()), self._card)
        if first is self._card:
            self._card.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        first.setFocus(Qt.FocusReason.TabFocusReason)

    async def answer(self) -> Any:
        """Open it and wait for the result; None when it was left."""
        told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.finished.connect(lambda result: None if told.done() else told.set_result(result))
        self.open()
        return await told

    def finish(self, result: Any = None) -> None:
        """Close with a result: focus goes back, `finished` tells it, the sheet is deleted."""
        if self._done:
            return
        self._done = True
        self._host.removeEventFilter(self)
        self.hide()
        before = self._before
        if before is not None:
            try:
                before.setFocus(Qt.FocusReason.OtherFocusReason)
            except RuntimeError:
                # the widget was deleted while the sheet was open: the window keeps the focus
                self._host.setFocus()
        self.finished.emit(result)
        self.deleteLater()

    def _stops(self) -> list[QWidget]:
        found = []
        for child in self._card.findChildren(QWidget):
            takes = bool(child.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if takes and child.isVisibleTo(self._card) and child.isEnabled():
                found.append(child)
        return found

    def _place(self) -> None:
        if self._drawer:
            wide = min(px(self._wide), self.width())
            self._card.setGeometry(self.width() - wide, 0, wide, self.height())
        else:
            wide = min(px(self._wide), self.width() - 32)
            self._card.setFixedWidth(wide)
            layout = self._card.layout()
            needed = (
                layout.totalHeightForWidth(wide) if layout is not None and layout.hasHeightForWidth() else 0
            )
            high = min(max(needed, self._card.sizeHint().height()), self.height() - 32)
            self._card.setGeometry(
                (self.width() - wide) // 2, max(16, (self.height() - high) // 3), wide, high
            )
        self._card.foot_height = self._foot.sizeHint().height() if self._foot.isVisibleTo(self._card) else 0

    def relayout(self) -> None:
        """Fit the card to what it holds now."""
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._host:
            self.setGeometry(self._host.rect())
        elif event.type() == QEvent.Type.LayoutRequest and watched is self._card and not self._done:
            self._place()
        return False

    def resizeEvent(self, event: object) -> None:
        self._place()

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = self._stops()
        if not stops:
            return True
        current = QApplication.focusWidget()
        place = stops.index(current) if current in stops else (-1 if forward else 0)
        stops[(place + (1 if forward else -1)) % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.finish(None)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered()
        event.accept()

    def entered(self) -> None:
        """Return was pressed where no field or button takes it; a sheet that asks something answers yes."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drawer:
            self.finish(None)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 102))
        painter.end()


class Drawer(Sheet):
    """A sheet along the right edge, for details on a narrow window."""

    def __init__(self, host: QWidget, title: str, subtitle: str = "", width: int = 380) -> None:
        super().__init__(host, title, subtitle, width, drawer=True)

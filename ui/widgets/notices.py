"""What a view says when it has nothing to show, is still reading, or failed; and banners."""

from collections.abc import Sequence

from PySide6.QtCore import QMetaMethod, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.status import Shown
from ui.theme.formats import number
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at, soft_colour, state_colour
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.painting import draw_text, fill_round, hairline, ink_of


class Banner(QWidget):
    """A state's soft fill with its shape, a bold sentence, a quieter one, and buttons at the right."""

    def __init__(
        self,
        shown: Shown = Shown.FAULTED,
        title: str = "",
        text: str = "",
        buttons: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._title = Label(title, "bodyStrong", wrap=True)
        self._text = Label(text, "body", "text2", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(42), px(12), px(12), px(12))
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row = row
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.show_notice(shown, title, text)

    def show_notice(self, shown: Shown, title: str, text: str = "") -> None:
        """Say something else."""
        self._shown = shown
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title}. {text}".strip())
        self.update()

    def add_button(self, button: QWidget) -> None:
        """Add a remedy at the right."""
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), 4, soft_colour(self._shown))
        painter.fillRect(0, 0, 3, self.height(), state_colour(self._shown))
        paint_state_at(painter, px(16), self._title.y() + 1, px(16), self._shown)
        painter.end()


class EmptyState(QWidget):
    """One sentence why there is nothing, and one button that changes it."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        buttons: Sequence[QWidget] = (),
        extra: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._title = Label(title, "pageTitle", wrap=True, parent=self)
        self._text = Label(text, "body", "text2", wrap=True, parent=self)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            label.setMaximumWidth(px(420))
        self._text.setHidden(not text)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(px(10))
        column.addStretch(3)
        column.addSpacing(px(40))
        for label in (self._title, self._text):
            centred = QHBoxLayout()
            centred.addStretch(1)
            centred.addWidget(label, 100)
            centred.addStretch(1)
            column.addLayout(centred)
        if extra is not None:
            column.addWidget(extra, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(4))
        column.addLayout(row)
        column.addStretch(4)
        self.setAccessibleName(f"{title}. {text}".strip())

    def say(self, title: str, text: str = "") -> None:
        """Change the words."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title}. {text}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = px(28)
        top = self._title.geometry().top() - side - px(14)
        paint_icon(painter, (self.width() - side) / 2, top, self._icon, side, "text3")
        painter.end()


class ErrorState(QWidget):
    """Cause, what still works, one remedy, and Copy details."""

    def __init__(
        self,
        cause: str,
        text: str = "",
        facts: Sequence[tuple[str, str]] = (),
        remedies: Sequence[Button] = (),
        details: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._details = details or "\n".join([cause, text, *(f"{label}: {value}" for label, value in facts)])
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(px(16))
        column.addWidget(Banner(Shown.FAULTED, cause, text))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 1)
        for row, (label, value) in enumerate(facts):
            grid.addWidget(Label(label, "small", "text3"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(value, "small", wrap=True), row, 1)
        column.addLayout(grid)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for remedy in remedies:
            buttons.addWidget(remedy)
        buttons.addStretch(1)
        copy = Button("Copy details", "quiet", "copy")
        copy.clicked.connect(self._copy)
        buttons.addWidget(copy)
        column.addLayout(buttons)
        self.setAccessibleName(f"{cause}. {text}".strip())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)


class LoadingBlocks(QWidget):
    """Flat blocks where rows will be: nothing for 150 ms, then blocks, after 2 s a bar.

    The bar has Cancel where somebody listens to `cancelled`.
    """

    cancelled = Signal()

    def __init__(self, row: str = "table", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self._visible = self._slow = False
        self._done = self._whole = 0
        self._noun = ""
        self._cancel = Button("Cancel", "link", parent=self)
        self._cancel.clicked.connect(self.cancelled)
        self._cancel.hide()
        self._soon, self._late = QTimer(self), QTimer(self)
        for timer, wait, then in ((self._soon, 150, self._appear), (self._late, 2000, self._say_slow)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(then)
        self.setAccessibleName("Loading")

    def start(self) -> None:
        """Begin to wait."""
        self._visible = self._slow = False
        self._done = self._whole = 0
        self._cancel.hide()
        self._soon.start()
        self._late.start()
        self.update()

    def stop(self) -> None:
        """What was waited for is there."""
        self._soon.stop()
        self._late.stop()

    def progress(self, done: int, whole: int, noun: str) -> None:
        """Say how far it is: "Reading 12,400 of 31,000 sessions"."""
        self._done, self._whole, self._noun = done, whole, noun
        self.update()

    def appear_now(self) -> None:
        """Show the blocks at once (pictures, tests)."""
        self._appear()

    def _appear(self) -> None:
        self._visible = True
        self.update()

    def _say_slow(self) -> None:
        self._slow = True
        self._cancel.setVisible(self.isSignalConnected(QMetaMethod.fromSignal(self.cancelled)))
        self._place()
        self.update()

    def _place(self) -> None:
        hint = self._cancel.sizeHint()
        self._cancel.setGeometry(
            self.width() - px(14) - hint.width(), self.height() - px(56) + px(8), hint.width(), hint.height()
        )

    def resizeEvent(self, event: object) -> None:
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(160))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._visible:
            self._blocks(painter)
        if self._slow:
            self._bar(painter)
        painter.end()

    def _blocks(self, painter: QPainter) -> None:
        wide, high, step = self.width() - px(28), px(10), px(32)
        end = self.height() - (px(56) if self._slow else 0) - step
        y, row = px(24), 0
        while y < end:
            first = wide * (0.30, 0.26, 0.33, 0.23, 0.29, 0.27)[row % 6]
            for x, length in ((0.0, 0.11), (0.16, first / wide), (0.72, 0.13), (0.9, 0.10)):
                fill_round(painter, QRectF(px(14) + x * wide, y, length * wide, high), 3, "surface2")
            y += step
            row += 1

    def _bar(self, painter: QPainter) -> None:
        top = self.height() - px(56)
        painter.fillRect(QRectF(0, top, self.width(), px(56)), ink_of("surface2"))
        hairline(painter, 0, top, self.width())
        text = (
            "Reading"
            if not self._whole
            else f"Reading {number(self._done)} of {number(self._whole)} {self._noun}"
        )
        draw_text(painter, QRectF(px(14), top + px(10), self.width() - px(100), px(20)), text, "bodyStrong")
        track = QRectF(px(14), top + px(40), self.width() - px(28), px(4))
        painter.fillRect(track, ink_of("surface3"))
        if self._whole:
            track.setWidth(track.width() * min(1.0, self._done / self._whole))
            painter.fillRect(track, ink_of("accent"))

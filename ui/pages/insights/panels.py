"""A panel that asks a question: its answer in one line, the evidence, and both as files."""

from PySide6.QtCore import QPoint, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from ui.models.cost_words import Input
from ui.models.insight_starts import Answer
from ui.pages.costs.ask import AskField
from ui.pages.insights.drawn import PAD, Drawn
from ui.shell.page import Workspace
from ui.theme import fonts
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.painting import draw_text, hairline, ink_of, width_of
from ui.widgets.panel import Panel, Rule

SCALE = 2
"""Pictures have so many pixels to each of the screen's."""


class Line(QWidget):
    """A strong sentence and quiet words after it, or below it where both do not fit; a tooltip tells all."""

    def __init__(self, ground: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strong, self._quiet, self._right, self._ground = "", "", "", ground
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, strong: str, quiet: str = "", right: str = "") -> None:
        """Show words; `right` stands at the right end."""
        self._strong, self._quiet, self._right = strong, quiet, right
        told = " ".join(part for part in (strong, quiet, right) if part)
        self.setAccessibleName(told)
        self.setToolTip(told)
        self._fit()
        self.update()

    @property
    def in_two(self) -> bool:
        """Whether the quiet words stand below."""
        return bool(self._quiet) and self._used() + width_of(self._quiet, "small") > self._room()

    def _room(self) -> float:
        return self.width() - 2 * px(PAD)

    def _used(self) -> float:
        return width_of(self._strong, "small", 600) + px(6) if self._strong else 0.0

    def _fit(self) -> None:
        below = fonts.line_height("small") + px(2) if self.in_two else 0
        self.setFixedHeight(px(33) + below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(33))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), px(33))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ground:
            painter.fillRect(self.rect(), ink_of("surface2"))
        line = QRectF(px(PAD), 0, self.width() - 2 * px(PAD), self.height())
        if self.in_two:
            line.setHeight(px(33))
            draw_text(painter, line, self._strong, "small", "text1", weight=600)
            line.translate(0, fonts.line_height("small") + px(2))
            draw_text(painter, line, self._quiet, "small", "text2")
            painter.end()
            return
        right = width_of(self._right, "small") if self._right else 0.0
        quiet = width_of(self._quiet, "small") if self._quiet else 0.0
        if right and self._used() + quiet + right + px(8) <= line.width():
            words = QRectF(line.right() - right, 0, right + 1, line.height())
            draw_text(painter, words, self._right, "small", "text3", elide=False)
            line.setRight(line.right() - right - px(8))
        draw_text(painter, line, self._strong, "small", "text1", weight=600)
        line.setLeft(line.left() + self._used())
        draw_text(painter, line, self._quiet, "small", "text2")
        painter.end()


class QuestionPanel(Panel):
    """A question, its answer, its evidence. `asked_png` and `asked_csv` are the buttons of the header."""

    asked_png = Signal()
    asked_csv = Signal()
    again_asked = Signal()
    saved = Signal()
    cancelled = Signal()

    def __init__(self, workspace: Workspace, question: str, subtitle: str, evidence: Drawn) -> None:
        super().__init__(question, subtitle)
        self.question, self.evidence = question, evidence
        self.answer, self.foot = Line(ground=True), Line()
        self.png, self.csv = Button("PNG", "quiet", "download"), Button("CSV", "quiet", "table")
        for button, kind in ((self.png, "picture"), (self.csv, "table")):
            button.setAccessibleName(f"Save “{question}” as a {kind}")
            self.add_action(button)
            button.setEnabled(False)
        self.png.clicked.connect(self.asked_png)
        self.csv.clicked.connect(self.asked_csv)
        self._currency = "EUR"
        self.ask = AskField(workspace, lambda: self._currency)
        self.ask.saved.connect(self.saved)
        self._loading = LoadingBlocks()
        self._loading.cancelled.connect(self.cancelled)
        self._empty = EmptyState("chart-column", "")
        again = Button("Try again", icon="refresh-cw")
        again.clicked.connect(self.again_asked)
        self._error = EmptyState("database", "This could not be read", buttons=(again,))
        self._lay_out()
        self.show_loading()

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.foot, 1)
        self._asking = QWidget()
        asked = QHBoxLayout(self._asking)
        asked.setContentsMargins(px(PAD), 0, px(PAD), px(6))
        asked.addWidget(self.ask)
        asked.addStretch(1)
        column.addWidget(self.answer)
        column.addWidget(Rule())
        column.addWidget(self.evidence, 1)
        column.addWidget(Rule())
        column.addLayout(foot)
        column.addWidget(self._asking)
        self._asking.hide()
        self._content = content
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for part in (content, self._loading, self._empty, self._error):
            self._stack.addWidget(part)
        self.body_layout.addWidget(holder, 1)

    def show_answer(self, told: Answer, asked: Input | None = None, currency: str = "EUR") -> None:
        """Show the answer and the evidence, which is up to date; `asked` is asked for in place."""
        self._currency = currency
        self.answer.say(told.strong, told.quiet)
        self.foot.say(told.foot, told.foot_quiet, told.foot_right)
        self._asking.setVisible(asked is not None)
        if asked is not None:
            self.ask.show_input(asked)
        self._show(self._content, True)

    def show_loading(self) -> None:
        """The answer is not there yet."""
        if self._stack.currentWidget() is not self._loading:
            self._loading.start()
        self._show(self._loading, False)

    def show_empty(self, title: str, text: str = "") -> None:
        """There is nothing to tell."""
        self._empty.say(title, text)
        self._show(self._empty, False)

    def show_error(self, sentence: str) -> None:
        """It could not be read; the other panels stay."""
        self._error.say("This could not be read", sentence)
        self._show(self._error, False)

    def _show(self, part: QWidget, files: bool) -> None:
        if part is not self._loading:
            self._loading.stop()
        self._stack.setCurrentWidget(part)
        self.png.setEnabled(files)
        self.csv.setEnabled(files)

    def picture(self, lines: tuple[str, ...]) -> QImage:
        """The evidence at twice the size, with the question, the answer and `lines` above it."""
        pad, line = px(PAD), fonts.line_height("small") + px(4)
        head = pad + fonts.line_height("pageTitle") + (1 + len(lines)) * line + px(8)
        wide, high = max(px(320), self.evidence.width()), max(px(120), self.evidence.height())
        made = QImage(wide * SCALE, (head + high + px(8)) * SCALE, QImage.Format.Format_RGB32)
        made.setDevicePixelRatio(SCALE)
        made.fill(ink_of("surface1"))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        y = float(pad)
        title = QRectF(pad, y, wide - 2 * pad, fonts.line_height("pageTitle"))
        draw_text(painter, title, self.question, "pageTitle")
        y += title.height()
        for text, ink in ((self.answer.accessibleName(), "text1"), *((words, "text3") for words in lines)):
            draw_text(painter, QRectF(pad, y, wide - 2 * pad, line), text, "small", ink)
            y += line
        hairline(painter, 0, head - 1, wide)
        self.evidence.render(painter, QPoint(0, head), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.end()
        return made

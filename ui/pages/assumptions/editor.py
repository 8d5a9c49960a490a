"""One rate changed: old and new value, what every month would be, the reason; nothing holds before Keep."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.analytics.costs.assumptions import Held, checked
from app.analytics.costs.ledger import Confidence
from app.domain.errors import ForecourtError
from app.domain.intents import Intent, RemoveEntry, SaveEntry
from ui.models.assumption_rows import MonthChange, change_rows, in_field, month_changes
from ui.models.cost_rates import entered, feeds_words, typed, unit_words, value_words
from ui.models.cost_words import euro, short_euro, short_month, signed
from ui.models.costs import ZERO
from ui.shell.page import Workspace
from ui.theme import fonts
from ui.theme.formats import UNKNOWN, count
from ui.theme.theme import px
from ui.widgets.buttons import Button, IconButton
from ui.widgets.confidence import paint_known
from ui.widgets.fields import TextField
from ui.widgets.labels import Label
from ui.widgets.painting import CENTRE, RIGHT, draw_text, fill_round, hairline, ink_of
from ui.widgets.panel import Panel, Rule
from ui.widgets.spark import nice_top

FEW, ALL = 3, 13
REST_MS = 250
KEY = "assumptions/preview"


class OldNewBars(QWidget):
    """The total of each month as it is; what a change adds or takes; a month that waits is dashed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes: tuple[MonthChange, ...] = ()
        self._currency = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_changes(self, changes: tuple[MonthChange, ...], currency: str) -> None:
        """Show months, oldest first."""
        self._changes, self._currency = changes, currency
        told = "; ".join(
            f"{short_month(c.period)} {euro(c.old, currency)} to {euro(c.new, currency)}" for c in changes
        )
        self.setAccessibleName(f"Total per month, old and new: {told or 'nothing computed yet'}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(170))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(70))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        caption = fonts.line_height("caption")
        known = [end for c in self._changes for end in (c.old, c.new) if end is not None]
        top = nice_top(float(max(known, default=ZERO)))
        left = px(44)
        plot = QRectF(left, caption / 2, self.width() - left, self.height() - caption * 1.5 - px(6))
        for i, part in enumerate((1, 0.5, 0)):
            y = plot.top() + plot.height() * i / 2
            hairline(painter, plot.left(), y, plot.width(), "line2" if part == 0 else "line1")
            text = short_euro(Decimal(str(top * part)), self._currency)
            draw_text(
                painter, QRectF(0, y - caption / 2, left - px(6), caption), text, "caption", "text3", RIGHT
            )
        step = plot.width() / max(1, len(self._changes))

        def high(value: Decimal) -> float:
            return plot.height() * float(max(ZERO, value)) / top

        for i, one in enumerate(self._changes):
            x, wide = round(plot.left() + i * step + step * 0.2), round(step * 0.6)
            foot = QRectF(plot.left() + i * step, plot.bottom() + px(4), step, caption)
            draw_text(painter, foot, short_month(one.period), "caption", "text3", CENTRE, elide=False)
            if one.old is None:
                paint_known(
                    painter, QRectF(x, plot.bottom() - px(14), wide, px(14)), Confidence.ASSUMED, "text3"
                )
                continue
            low, up = high(one.old), high(one.new if one.new is not None else one.old)
            base = QRectF(x, plot.bottom() - min(low, up), wide, min(low, up))
            fill_round(painter, base, 0, "line2")
            if up > low:
                painter.fillRect(QRectF(x, plot.bottom() - up, wide, max(2.0, up - low)), ink_of("accent"))
            elif low > up:
                taken = QRectF(x, plot.bottom() - low, wide, max(3.0, low - up))
                paint_known(painter, taken, Confidence.ASSUMED, "accent")
        painter.end()


class RateEditor(Panel):
    """The panel at the right."""

    kept = Signal(str)
    closed = Signal()

    def __init__(
        self, workspace: Workspace, currency: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._workspace, self._currency = workspace, currency
        self._held: Held | None = None
        self._number = 0
        self._changes: tuple[MonthChange, ...] = ()
        self._asked = ""
        self.title = Label("", "title", wrap=True)
        self.used = Label("", "small", "text3", wrap=True)
        self.now = Label("", "bodyStrong")
        self.new = TextField("New value")
        self.default = Label("", "body", "text3")
        self.now_title = Label("Now", "small", "text3")
        self.wrong = Label("", "small", "faulted", wrap=True)
        self.bars = OldNewBars()
        self.told = Label("", "small", "text2", wrap=True)
        self.progress = Label("", "small", "text3")
        self.cancel = Button("Cancel", "link")
        self.reason = TextField("Reason, kept with the change", placeholder="Why, in a few words")
        self.becomes = Label("", "small", "text3")
        self.back = Button("Default", keys="D")
        self.discard = Button("Discard", keys="Esc")
        self.keep = Button("Keep", "primary")
        self._rows: list[tuple[Label, Label, Label, Label]] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.preview)
        self._lay_out()
        self.new.textChanged.connect(lambda _text: self._typed())
        self.new.returnPressed.connect(self._go_on)
        self.reason.textChanged.connect(lambda _text: self._offer())
        self.reason.returnPressed.connect(self.keep_it)
        self.cancel.clicked.connect(self.stop)
        self.back.clicked.connect(self.take_default)
        self.discard.clicked.connect(self.closed)
        self.keep.clicked.connect(self.keep_it)

    def _lay_out(self) -> None:
        shut = IconButton("x", "Close this panel")
        shut.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(shut, 0, Qt.AlignmentFlag.AlignTop)
        values = QGridLayout()
        values.setHorizontalSpacing(12)
        for at, (name, widget) in enumerate(
            ((self.now_title, self.now), (Label("New", "small", "text3"), self.new),
             (Label("Default", "small", "text3"), self.default))
        ):  # fmt: skip
            values.addWidget(name, 0, at)
            values.addWidget(widget, 1, at)
            values.setColumnStretch(at, 1)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        for at, text in enumerate(("What would change", "old", "new", "change")):
            made = Label(text, "small", "text3", right=True) if at else Label(text, "bodyStrong")
            self._grid.addWidget(made, 0, at)
        run = QHBoxLayout()
        run.addWidget(self.progress, 1)
        run.addWidget(self.cancel)
        column = QVBoxLayout()
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.used)
        column.addLayout(values)
        column.addWidget(self.wrong)
        column.addWidget(Rule())
        column.addLayout(self._grid)
        column.addWidget(self.bars)
        column.addLayout(run)
        column.addWidget(self.told)
        column.addStretch(1)
        column.addWidget(Rule())
        column.addWidget(Label("Reason, kept with the change", "small", "text3"))
        column.addWidget(self.reason)
        column.addWidget(self.becomes)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.discard)
        buttons.addWidget(self.keep)
        column.addLayout(buttons)
        self.body_layout.addLayout(column, 1)
        self.setMinimumWidth(px(320))

    # what is edited

    def edit(self, held: Held, number: int, by: str) -> None:
        """Begin with a rate of the set `number`; `by` says who set it, or that it is the default."""
        one, currency = held.of, self._currency()
        self._held, self._number = held, number
        self.title.setText(one.title)
        feeds = feeds_words(one)
        self.used.setText(f"Used by {feeds}. {one.basis}" if feeds else f"No cost uses it yet. {one.basis}")
        self.now_title.setText(f"Now, {by}")
        self.now.setText(value_words(one, held.value, currency))
        self.default.setText(value_words(one, Decimal(one.default), currency) if one.default else "none")
        self.new.setAccessibleName(f"New value of {one.title} in {unit_words(one, currency)}")
        self.new.setText(in_field(held))
        self.new.selectAll()
        self.reason.clear()
        self.wrong.hide()
        self.back.setVisible(bool(one.default) or bool(held.by))
        self._changes = ()
        self._show_changes()
        self._offer()
        self.preview()

    @property
    def value(self) -> str | None:
        """The new value as it is kept; "" for the default; None where it is not one."""
        held = self._held
        if held is None:
            return None
        text = entered(held.of, self.new.text())
        if not text:
            return "" if held.by else None
        try:
            return str(checked(held.of.key, text))
        except ForecourtError:
            return None

    @property
    def differs(self) -> bool:
        """Whether the new value is another than the one that holds."""
        value, held = self.value, self._held
        if value is None or held is None:
            return False
        if not value:
            return bool(held.by)
        return held.value is None or Decimal(value) != held.value

    def take_default(self) -> None:
        """Back to the default: shown first, kept only with Keep."""
        held = self._held
        if held is None:
            return
        self.new.setText(typed(held.of, Decimal(held.of.default)) if held.of.default else "")
        self.preview()

    def _typed(self) -> None:
        held = self._held
        if held is None:
            return
        text, sentence = entered(held.of, self.new.text()), ""
        if text:
            try:
                checked(held.of.key, text)
            except ForecourtError as error:
                sentence = str(error)
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        self._offer()
        self._rest.start()

    def _go_on(self) -> None:
        """Ask for the reason, once there is a value to give one for."""
        if self.value is None:
            self.new.selectAll()
        else:
            self.reason.setFocus()

    # what would change

    def preview(self) -> None:
        """Compute the past with the new value in the background: a few months first, then all."""
        value, held = self.value, self._held
        if value is None or held is None:
            self._changes = ()
            self.progress.setText("" if self.new.text() else "Enter a value to see what it would change.")
            self.cancel.hide()
            self._show_changes()
            return
        self._asked = value
        self._ask(FEW)

    def _ask(self, months: int) -> None:
        held, value = self._held, self._asked
        if held is None:
            return
        self.progress.setText("Computing the last months…" if months == FEW else "Computing 12 months…")
        self.cancel.show()
        self._workspace.bridge.run(
            lambda room: room.costs.preview({held.of.key: value}, months=months),
            done=lambda found: self._take(found, months), failed=self._failed, key=KEY,
        )  # fmt: skip

    def _take(self, found: Any, months: int) -> None:
        if found is None:
            return
        self._changes = month_changes(found.old, found.new, self._currency())
        self._show_changes()
        if months == FEW:
            self._ask(ALL)
            return
        missing = len(found.old.missing)
        done = len(found.old.months)
        self.cancel.hide()
        if missing:
            self.progress.setText(
                f"{done} of {count(done + missing, 'month')}; {missing} wait to be computed first"
            )
        else:
            self.progress.setText(f"{count(done, 'month')} computed. Old figures stay until you keep it.")

    def _failed(self, sentence: str) -> None:
        self.cancel.hide()
        self.progress.setText(f"What would change could not be computed: {sentence}")

    def stop(self) -> None:
        """Compute no further; what is there stays."""
        self._workspace.bridge.drop(KEY)
        self.cancel.hide()
        self.progress.setText("Computing was cancelled. Old figures stay until you keep it.")

    def _show_changes(self) -> None:
        currency = self._currency()
        rows = change_rows(self._changes) if self._changes else []
        while len(self._rows) < len(rows):
            made = (
                Label("", "small"), Label("", "small", "text3", right=True),
                Label("", "small", right=True, weight=600), Label("", "small", "text2", right=True),
            )  # fmt: skip
            for at, label in enumerate(made):
                self._grid.addWidget(label, len(self._rows) + 1, at)
            self._rows.append(made)
        for i, labels in enumerate(self._rows):
            for label in labels:
                label.setVisible(i < len(rows))
            if i < len(rows):
                name, one = rows[i]
                change = UNKNOWN if one.change is None else signed(one.change, currency)
                for label, text in zip(
                    labels, (name, euro(one.old, currency), euro(one.new, currency), change), strict=True
                ):
                    label.setText(text)
        self.bars.show_changes(self._changes, currency)
        self.bars.setVisible(bool(self._changes))
        idle = self._changes and not any(one.change for one in self._changes)
        self.told.setText("No month's total would change." if idle and self.differs else "")
        self.told.setVisible(bool(self.told.text()))

    # keeping

    def _offer(self) -> None:
        held = self._held
        ready = self.differs and bool(self.reason.text().strip())
        self.keep.setEnabled(ready)
        value = self.value
        if held is not None and value:
            self.keep.set_text(f"Keep {value_words(held.of, Decimal(value), self._currency())}")
        else:
            self.keep.set_text("Keep the default" if self.differs else "Keep")
        why = "" if ready or not self.differs else "; say why first"
        stays = "Sent reports keep theirs."
        told = (
            f"Becomes set {self._number + 1}{why}. {stays}"
            if self.differs
            else f"{f'Set {self._number} holds' if self._number else 'Defaults hold'}. {stays}"
        )
        self.becomes.setText(told)

    def keep_it(self) -> None:
        """Write the value down with its reason; the past is then priced anew."""
        held, value = self._held, self.value
        if held is None or value is None or not self.keep.isEnabled():
            return
        default = not value or (held.of.default and Decimal(value) == Decimal(held.of.default))
        key = held.of.key
        intent: Intent
        if default and held.by:
            intent = RemoveEntry("assumption", key)
        else:
            intent = SaveEntry("assumption", key, {"value": value})
        self._workspace.bridge.do(
            intent, self.reason.text().strip(), done=lambda _: self.kept.emit(key), failed=self._refused
        )

    def _refused(self, sentence: str) -> None:
        self.wrong.setText(sentence)
        self.wrong.show()

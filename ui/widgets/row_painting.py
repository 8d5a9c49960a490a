"""How a cell and a title of a row table are painted."""

from functools import cache
from typing import Any, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QHelpEvent, QPainter, QPixmap, QStaticText
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from app.domain.status import Shown
from ui.models.cells import EMPTY, Cell, Tone
from ui.models.row_model import RowModel
from ui.theme import fonts, icons
from ui.theme.shapes import state_pixmap
from ui.theme.theme import colour, px, theme
from ui.widgets.painting import cut_short, fill_round
from ui.widgets.strips import paint_strip

PAD = 8
SHAPE = 14
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CellDelegate(QStyledItemDelegate):
    """Paints a Cell: shapes, icon, strip, text and its fainter rest. Reads the row, asks no model roles."""

    pointed = -1
    """The row under the pointer."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        view, model = option.widget, index.model()
        assert isinstance(view, QTableView)
        assert isinstance(model, RowModel)
        rect, row, column = option.rect, index.row(), index.column()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        heading = model.is_heading(row)
        taken = selected or model.accented(model.key_at(row))
        ground = "accentSoft" if taken else "surface2" if heading or row == self.pointed else "surface1"
        painter.fillRect(rect, colour(ground))
        line = 1 / max(1.0, painter.device().devicePixelRatioF())
        painter.fillRect(QRectF(rect.left(), rect.bottom() + 1 - line, rect.width(), line), colour("line1"))
        if selected and rect.left() <= 1:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), colour("accent"))
        cell = model.cell(row, column)
        if cell is EMPTY:
            start = self._spill_start(view, model, row, column)
            if start is None:
                return
            column, cell = start, model.cell(row, start)
        area = self._area(view, model, row, column, rect)
        if area != rect:
            painter.save()
            painter.setClipRect(rect)
            paint_cell(painter, area, cell, right=False)
            painter.restore()
        else:
            paint_cell(painter, rect, cell, right=model.columns[column].right)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """The whole text of a cell that does not fit."""
        model = index.model()
        if not isinstance(model, RowModel) or not index.isValid():
            return False
        cell = model.cell(index.row(), index.column())
        texts = [text for text in (cell.text, cell.more.strip(), cell.below) if text]
        wide = text_width(cell.text, "mono" if cell.mono else "body", 600 if cell.strong else 400)
        wide = max(wide + text_width(cell.more, "body", 400), text_width(cell.below, "small", 400))
        room = option.rect.width() - 2 * px(PAD) - (px(SHAPE) + px(6)) * (len(cell.shapes) + bool(cell.icon))
        told = "\n".join(texts) if wide > room else cell.spoken if cell.shapes and not cell.text else ""
        QToolTip.showText(event.globalPos(), told, view)
        return True

    def _spill_start(self, view: QTableView, model: RowModel[Any], row: int, column: int) -> int | None:
        """The column whose text reaches into this empty one; only headings spill."""
        if not model.is_heading(row):
            return None
        for before in range(column - 1, -1, -1):
            if not view.isColumnHidden(before) and model.cell(row, before) is not EMPTY:
                return before if before == self._first(view, model) else None
        return None

    def _area(self, view: QTableView, model: RowModel[Any], row: int, column: int, rect: QRect) -> QRect:
        if not model.is_heading(row) or column != self._first(view, model):
            return rect
        left = view.columnViewportPosition(column)
        right = left + view.columnWidth(column)
        for after in range(column + 1, len(model.columns)):
            if view.isColumnHidden(after):
                continue
            if model.cell(row, after) is not EMPTY:
                break
            right = view.columnViewportPosition(after) + view.columnWidth(after)
        return QRect(left, rect.top(), right - left, rect.height())

    @staticmethod
    def _first(view: QTableView, model: RowModel[Any]) -> int:
        shown = (i for i, c in enumerate(model.columns) if not c.mark and not view.isColumnHidden(i))
        return next(shown, 0)


class _Sizes(NamedTuple):
    """Lengths of a cell at one scale, so that they are not worked out for each."""

    pad: int
    gap: int
    side: int
    step: int
    strip: int
    inset: int


@cache
def _sizes(scale: float) -> _Sizes:
    def at(value: float) -> int:
        return round(value * scale)

    return _Sizes(at(PAD), at(6), at(SHAPE), at(SHAPE) + at(4), at(116), at(9))


def paint_cell(painter: QPainter, rect: QRect, cell: Cell, *, right: bool) -> None:
    """Draw a cell's content in `rect`; texts that do not fit end in an ellipsis."""
    sizes = _sizes(theme().scale)
    left, end = rect.left() + sizes.pad, rect.right() + 1 - sizes.pad
    if cell.tick is not None:
        paint_tick(painter, rect, cell.tick)
        return
    if cell.bar is not None:
        paint_bar(painter, QRectF(left, rect.center().y() - 1, end - left, px(5)), cell.bar)
        return
    if cell.tag:
        paint_tag(painter, rect, cell.text, left, round_=cell.tag == "round")
        return
    if cell.icon or cell.shapes:
        left = _paint_marks(painter, rect, cell, left, sizes)
    if cell.strip:
        wide = min(end - left, sizes.strip)
        pixmap = _strip_pixmap(cell.strip, wide, rect.height() - 2 * sizes.inset, painter)
        painter.drawPixmap(left, rect.top() + sizes.inset, pixmap)
        return
    if not cell.text and not cell.more:
        return
    if cell.below:
        rect = _with_second_line(painter, rect, left, end, cell.below, right=right)
    role, weight = "mono" if cell.mono else "body", 600 if cell.strong else 400
    room = end - left
    text, more = cell.text, cell.more
    width = text_width(text, role, weight)
    if width > room + 0.5:
        text, more = fonts.metrics(role, weight).elidedText(text, Qt.TextElideMode.ElideRight, room), ""
        width = text_width(text, role, weight)
    lead = width + (sizes.gap if text else 0)
    if more and lead + text_width(more, role, 400) > room + 0.5:
        more = cut_short(more, role, room - lead)
    more_width = text_width(more, role, 400) if more else 0.0
    start = end - (lead + more_width if more else width) if right else float(left)
    draw(painter, start, rect, text, role, weight, cell.tone.value)
    if more:
        quiet = "text2" if cell.tone is Tone.NORMAL else "text3"
        draw(painter, start + lead, rect, more, role, 400, quiet)


def paint_tag(painter: QPainter, rect: QRect, text: str, left: int, *, round_: bool) -> None:
    """A word in a box, or initials in a disc."""
    wide = text_width(text, "caption", 600) + px(12)
    high = px(20)
    if round_:
        wide = high = max(px(24), round(wide))
    box = QRectF(left, rect.top() + (rect.height() - high) / 2, wide, high)
    fill_round(painter, box, high / 2 if round_ else 4, "surface3" if round_ else "surface1",
               None if round_ else "lineControl")  # fmt: skip
    inside = QRect(left, rect.top(), round(wide), rect.height())
    shift = (wide - text_width(text, "caption", 600)) / 2
    draw(painter, left + shift, inside, text, "caption", 600, "text2" if round_ else "text1")


def paint_tick(painter: QPainter, rect: QRect, on: bool | None) -> None:
    """A check box in the middle of `rect`: ticked, not, or (None) partly."""
    side = px(16)
    box = QRectF(rect.center().x() + 1 - side // 2, rect.center().y() + 1 - side // 2, side, side)
    if on is False:
        fill_round(painter, box, 4, "surface2", "lineControl")
        return
    fill_round(painter, box, 4, "accentFill")
    inner = px(12)
    mark = "check" if on else "minus"
    icons.paint_icon(
        painter, box.x() + (side - inner) / 2, box.y() + (side - inner) / 2, mark, inner, "onAccentFill"
    )


def paint_bar(painter: QPainter, track: QRectF, share: float) -> None:
    """How far something is, 0 to 1."""
    fill_round(painter, track, 2, "surface3")
    if share > 0:
        fill_round(
            painter,
            QRectF(track.topLeft(), QSizeF(track.width() * min(1.0, share), track.height())),
            2,
            "accent",
        )


def _paint_marks(painter: QPainter, rect: QRect, cell: Cell, left: int, sizes: _Sizes) -> int:
    """Icon and shapes; where the text may begin."""
    side = sizes.side
    middle = rect.top() + (rect.height() - side) // 2
    if cell.icon:
        icons.paint_icon(painter, left, middle, cell.icon, side, "text2")
        left += side + sizes.gap
    if cell.shapes:
        dpr = painter.device().devicePixelRatioF()
        for shown in cell.shapes:
            painter.drawPixmap(left, middle, state_pixmap(shown, side, dpr))
            left += sizes.step
        left += 2
    return left


def _with_second_line(
    painter: QPainter, rect: QRect, left: int, end: int, below: str, *, right: bool = False
) -> QRect:
    """Draw the second line; the rectangle that is left for the first."""
    high = fonts.line_height("body")
    low = fonts.line_height("small")
    top = rect.top() + (rect.height() - high - low) // 2
    text = below
    if text_width(text, "small", 400) > end - left:
        text = fonts.metrics("small").elidedText(text, Qt.TextElideMode.ElideRight, end - left)
    start = end - text_width(text, "small", 400) if right else float(left)
    draw(painter, start, QRect(left, top + high, end - left, low), text, "small", 400, "text2")
    return QRect(rect.left(), top, rect.width(), high)


class _Text(NamedTuple):
    laid_out: QStaticText
    width: float
    height: float


_texts: dict[tuple[str, str, int, float], _Text] = {}
_strips: dict[tuple[tuple[Shown | None, ...], int, int, float, str], QPixmap] = {}
MOST_KEPT = 4_000


def _text(text: str, role: str, weight: int) -> _Text:
    """A text laid out once; the same few hundred come again in each frame."""
    key = (text, role, weight, theme().scale)
    found = _texts.get(key)
    if found is None:
        if len(_texts) > MOST_KEPT:
            _texts.clear()
        made = QStaticText(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        made.prepare(font=fonts.font(role, weight))
        metrics = fonts.metrics(role, weight)
        found = _texts[key] = _Text(made, metrics.horizontalAdvance(text), metrics.height())
    return found


def text_width(text: str, role: str, weight: int) -> float:
    """Width of a text at the scale in force."""
    return _text(text, role, weight).width if text else 0.0


def draw(painter: QPainter, x: float, rect: QRect, text: str, role: str, weight: int, ink: str) -> None:
    """Draw a text at `x`, in the middle of `rect`'s height."""
    if not text:
        return
    known = _text(text, role, weight)
    painter.setFont(fonts.font(role, weight))
    painter.setPen(colour(ink))
    y = rect.top() + round((rect.height() - known.height) / 2)
    painter.drawStaticText(QPointF(x, y), known.laid_out)


def _strip_pixmap(days: tuple[Shown | None, ...], wide: int, high: int, painter: QPainter) -> QPixmap:
    dpr = painter.device().devicePixelRatioF()
    key = (days, wide, high, dpr, theme().name)
    found = _strips.get(key)
    if found is None:
        if len(_strips) > MOST_KEPT:
            _strips.clear()
        found = QPixmap(max(1, round(wide * dpr)), max(1, round(high * dpr)))
        found.setDevicePixelRatio(dpr)
        found.fill(Qt.GlobalColor.transparent)
        inner = QPainter(found)
        paint_strip(inner, QRectF(0, 0, wide, high), days)
        inner.end()
        _strips[key] = found
    return found


class RowHeader(QHeaderView):
    """Titles in small caption type; the one that gives the order carries an arrow."""

    came = Signal()
    """The pointer came, from the rows perhaps."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._key, self._descending = "", False
        self._all: bool | None = False
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.came.emit()

    def mark(self, key: str, descending: bool) -> None:
        """Show which column gives the order."""
        self._key, self._descending = key, descending
        self.viewport().update()

    def show_ticks(self, on: bool | None) -> None:
        """Whether all rows are ticked, none, or (None) some."""
        if on is not self._all:
            self._all = on
            self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        model = self.model()
        assert isinstance(model, RowModel)
        column = model.columns[logical]
        painter.fillRect(rect, colour("surface1"))
        line = 1 / max(1.0, painter.device().devicePixelRatioF())
        painter.fillRect(QRectF(rect.left(), rect.bottom() + 1 - line, rect.width(), line), colour("line1"))
        if column.mark:
            paint_tick(painter, rect, self._all)
            return
        marked = column.key == self._key
        area = rect.adjusted(px(PAD), 0, -px(PAD), 0)
        metrics = fonts.metrics("caption")
        arrow = px(12) + px(2) if marked else 0
        text = metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, area.width() - arrow)
        width = round(metrics.horizontalAdvance(text)) + 1
        painter.setFont(fonts.font("caption"))
        painter.setPen(colour("text1" if marked else "text3"))
        left = area.right() + 1 - width if column.right else area.left()
        painter.drawText(QRect(left, area.top(), width, area.height()), _LEFT, text)
        if marked:
            name = "arrow-down" if self._descending else "arrow-up"
            x = left - px(14) if column.right else left + width + px(2)
            icons.paint_icon(painter, x, area.center().y() - px(6), name, px(12), "text1")

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colour("surface1"))
        line = 1 / max(1.0, self.devicePixelRatioF())
        rect = self.viewport().rect()
        painter.fillRect(QRectF(0, rect.bottom() + 1 - line, rect.width(), line), colour("line1"))
        painter.end()
        super().paintEvent(event)

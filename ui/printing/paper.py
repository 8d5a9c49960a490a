"""A page of text for the printer, built from plain text: nothing a charger sent is ever read as markup."""

from collections.abc import Sequence

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

PAGE = QPageLayout(
    QPageSize(QPageSize.PageSizeId.A4),
    QPageLayout.Orientation.Portrait,
    QMarginsF(18, 16, 18, 16),
    QPageLayout.Unit.Millimeter,
)
INK, QUIET, LINE = QColor("#15181B"), QColor("#525961"), QColor("#B9BFC6")
APART = 8
"""Dots between a column of numbers and words beside it."""


class Paper:
    """What is on the page, top to bottom."""

    def __init__(self) -> None:
        self.document = QTextDocument()
        self.document.setDefaultFont(face())
        self._at = QTextCursor(self.document)
        self._first = True
        self._breaks = False
        self.foot = ""
        """What stands at the foot of every page, beside its number; "" for a sheet without."""
        # Laid out alike for paper and screen, so that a preview breaks its lines where the print does.
        self.document.setUseDesignMetrics(True)
        self.document.setPageSize(self.inner.size())

    @property
    def text(self) -> str:
        """All words on it."""
        return self.document.toPlainText()

    @property
    def sheet(self) -> QSizeF:
        """A page with its margins, in dots of the layout."""
        return PAGE.fullRectPoints().size().toSizeF() * (_dots() / 72)

    @property
    def inner(self) -> QRectF:
        """What is printed of a page, in dots of the layout."""
        scale = _dots() / 72
        box = QRectF(PAGE.paintRectPoints())
        return QRectF(box.topLeft() * scale, box.size() * scale)

    def draw(self, painter: QPainter, number: int, count: int) -> None:
        """Draw one page of so many; the painter counts in dots of the layout from the sheet's corner."""
        inner = self.inner
        painter.save()
        painter.translate(inner.left(), inner.top() - number * inner.height())
        page = QRectF(0, number * inner.height(), inner.width(), inner.height())
        self.document.drawContents(painter, page)
        painter.restore()
        if self.foot:
            painter.setPen(QUIET)
            small = face()
            small.setPixelSize(9)
            painter.setFont(small)
            edge = self.document.documentMargin()
            room = QRectF(inner.left() + edge, inner.bottom() + 12, inner.width() - 2 * edge, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, self.foot)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, f"{number + 1} of {count}")

    def title(self, text: str, quiet: str) -> None:
        """The head of the page."""
        self._block(4)
        self._at.insertText(text, _style(17, weight=QFont.Weight.DemiBold))
        self._block(6)
        self._at.insertText(quiet, _style(9, QUIET))

    def heading(self, text: str) -> None:
        """The head of a part."""
        self._block(4, above=12)
        self._at.insertText(text, _style(11, weight=QFont.Weight.DemiBold))

    def line(self, text: str, *, strong: bool = False, quiet: bool = False, mono: bool = False) -> None:
        """A paragraph."""
        self._block(3, above=3)
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
        style = _style(14 if mono else 9, QUIET if quiet else INK, weight)
        if mono:
            style.setFontFamilies(["JetBrains Mono"])
        self._at.insertText(text, style)

    def lead(self, text: str) -> None:
        """What the page says in one sentence, large."""
        self._block(6, above=8)
        self._at.insertText(text, _style(13, weight=QFont.Weight.DemiBold))

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Words and values in two columns without lines."""
        table = self._table(len(facts), (28, 72), edge=0)
        for row, (word, value) in enumerate(facts):
            _fill(table, row, 0, word, _style(9, QUIET))
            _fill(table, row, 1, value, _style(9))
        self._leave()

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A ruled table; `widths` in per cent."""
        table = self._table(len(rows) + 1, widths, edge=1)
        for column, word in enumerate(head):
            _fill(table, 0, column, word, _style(9, QUIET))
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                weight = QFont.Weight.DemiBold if column in (1, 2) else QFont.Weight.Normal
                _fill(table, number, column, text, _style(9, weight=weight))
        self._leave()

    def signatures(self, words: Sequence[str]) -> None:
        """A line to sign on for each."""
        table = self._table(2, (100 // len(words),) * len(words), edge=0)
        for column, word in enumerate(words):
            _fill(table, 0, column, "\n\n______________________________", _style(9))
            _fill(table, 1, column, word, _style(9, QUIET))
        self._leave()

    def picture(self, image: QImage, side: float) -> None:
        """A square picture, `side` points wide."""
        self._block(6, above=6)
        name = f"picture-{self._at.position()}"
        self.document.addResource(QTextDocument.ResourceType.ImageResource.value, name, image)
        shape = QTextImageFormat()
        shape.setName(name)
        shape.setWidth(side)
        shape.setHeight(side)
        self._at.insertImage(shape)

    def wide_picture(self, image: QImage, width: float, height: float) -> None:
        """A picture `width` × `height` points."""
        self._block(6, above=6)
        name = f"picture-{self._at.position()}"
        self.document.addResource(QTextDocument.ResourceType.ImageResource.value, name, image)
        shape = QTextImageFormat()
        shape.setName(name)
        shape.setWidth(width)
        shape.setHeight(height)
        self._at.insertImage(shape)

    def new_page(self) -> None:
        """What follows begins a page of its own."""
        self._breaks = True

    def grid(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float],
        right: Sequence[int], *, total: bool = False,
    ) -> None:  # fmt: skip
        """A table with thin rules between its rows; `right` are columns of numbers, the head repeats on
        every page. Words after a number stand off it."""
        table = self._table(len(rows) + 1, widths, edge=0.5, padding=3, head=True)
        off = [APART if n - 1 in right and n not in right else 0 for n in range(len(head))]
        for column, word in enumerate(head):
            _fill(table, 0, column, word, _style(8, QUIET), right=column in right, off=off[column])
        for number, row in enumerate(rows, 1):
            last = total and number == len(rows)
            weight = QFont.Weight.DemiBold if last else QFont.Weight.Normal
            for column, text in enumerate(row):
                _fill(
                    table, number, column, text, _style(8, weight=weight),
                    right=column in right, off=off[column],
                )  # fmt: skip
        self._leave()

    def figures(self, figures: Sequence[tuple[str, str, str]]) -> None:
        """Large numbers side by side, four in a row or six without notes: word, value, how it is known."""
        across = 4 if any(note for _, _, note in figures) else 6
        for start in range(0, len(figures), across):
            part = figures[start : start + across]
            noted = any(note for _, _, note in part)
            table = self._table(3 if noted else 2, (100 // across,) * len(part), edge=0, apart=12)
            for column, (word, value, note) in enumerate(part):
                _fill(table, 0, column, word, _style(8, QUIET))
                _fill(table, 1, column, value, _style(16, weight=QFont.Weight.DemiBold))
                if noted:
                    _fill(table, 2, column, note, _style(7.5, QUIET))
            self._leave()

    def _block(self, below: float, above: float = 0) -> None:
        shape = QTextBlockFormat()
        shape.setBottomMargin(below)
        shape.setTopMargin(above)
        if self._breaks:
            self._breaks = False
            shape.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        if self._first:
            self._first = False
            self._at.setBlockFormat(shape)
        else:
            self._at.insertBlock(shape)

    def _table(
        self,
        rows: int,
        widths: Sequence[float],
        edge: float,
        *,
        padding: float | None = None,
        head: bool = False,
        apart: float = 0,
    ) -> QTextTable:
        shape = QTextTableFormat()
        shape.setTopMargin(apart)
        shape.setBottomMargin(apart)
        if head:
            shape.setHeaderRowCount(1)
        shape.setBorder(edge)
        shape.setBorderCollapse(edge > 0)
        shape.setBorderBrush(QBrush(LINE))
        shape.setBorderStyle(
            QTextFrameFormat.BorderStyle.BorderStyle_Solid
            if edge
            else QTextFrameFormat.BorderStyle.BorderStyle_None
        )
        shape.setCellPadding((4 if edge else 2) if padding is None else padding)
        shape.setCellSpacing(0)
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        shape.setColumnWidthConstraints(
            [QTextLength(QTextLength.Type.PercentageLength, width) for width in widths]
        )
        return self._at.insertTable(max(1, rows), len(widths), shape)

    def _leave(self) -> None:
        self._at.movePosition(QTextCursor.MoveOperation.End)


def face(points: float = 9) -> QFont:
    """The face of paper, without forms that depend on the neighbours: a PDF that has them cannot be
    searched for what they stand for."""
    font = QFont("Inter")
    font.setPointSizeF(points)
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def _dots() -> float:
    """Dots an inch that points become where no paper is asked."""
    return QGuiApplication.primaryScreen().logicalDotsPerInch()


def _style(size: float, ink: QColor = INK, weight: QFont.Weight = QFont.Weight.Normal) -> QTextCharFormat:
    style = QTextCharFormat()
    style.setFontPointSize(size)
    style.setForeground(QBrush(ink))
    style.setFontWeight(weight)
    return style


def _fill(
    table: QTextTable, row: int, column: int, text: str, style: QTextCharFormat, *, right: bool = False,
    off: float = 0,
) -> None:  # fmt: skip
    cursor = table.cellAt(row, column).firstCursorPosition()
    if right or off:
        shape = QTextBlockFormat()
        shape.setAlignment(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
        shape.setLeftMargin(off)
        cursor.setBlockFormat(shape)
    cursor.insertText(text, style)

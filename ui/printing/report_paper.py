"""A report on paper: its blocks as pages, its charts drawn in ink."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageRanges,
    QPainter,
    QPdfWriter,
    QPen,
    QPolygonF,
    QTextDocument,
)

from app.reports.document import Chart, Column, Document, Figures, Grid, Heading, Sentence
from ui.printing.paper import INK, LINE, QUIET, Paper
from ui.theme.formats import stamp

CHART = QSizeF(660, 250)
SCALE = 3
"""Charts are drawn so many times finer than a dot."""
FINE = 1191
"""A preview's page is so many dots wide."""
WHITE = QColor("#FFFFFF")
BAR, SECOND = QColor("#3F464D"), QColor("#757D86")
MOST_ROWS = 400
"""A table prints so many rows; the rest stands in the workbook, and the paper says so."""


def paper_of(document: Document, zone: ZoneInfo | None = None) -> Paper:
    """The report as a paper."""
    paper = Paper()
    demo = " – demo data" if document.demo else ""
    paper.title(document.title, f"{document.subtitle}{demo}")
    for block in document.blocks:
        match block:
            case Heading(text=text, annex=annex):
                if annex:
                    paper.new_page()
                paper.heading(text)
            case Sentence(text=text, strong=strong):
                if strong:
                    paper.lead(text)
                else:
                    paper.line(text)
            case Figures(figures=figures):
                paper.figures([(f.label, f.value, f.note) for f in figures])
            case Grid():
                _grid(paper, block)
            case Chart():
                paper.line(f"{block.title} ({block.unit})", strong=True)
                paper.wide_picture(chart_image(block), CHART.width(), CHART.height())
    if document.method:
        paper.heading("How this was computed")
        for line in document.method:
            paper.line(line, quiet=True)
    made = stamp(document.made_ms, zone) if zone is not None else ""
    paper.line(f"Made by Forecourt{f', {made}' if made else ''}.", quiet=True)
    return paper


@dataclass(frozen=True, slots=True)
class Pages:
    """The first pages as pictures, how many there are, and all words for a screen reader."""

    images: tuple[QImage, ...]
    count: int
    words: str


def preview_of(document: Document, zone: ZoneInfo | None = None, *, most: int = 20) -> Pages:
    """The report as it will be printed; for a worker, because a long one takes seconds."""
    paper = paper_of(document, zone)
    _lay_out(paper.document)
    count = paper.document.pageCount()
    images = tuple(_page(paper, number) for number in range(min(count, most)))
    return Pages(images, count, paper.text)


def _lay_out(text: QTextDocument) -> None:
    # Of all that makes a document lay itself out, printing alone lets the window's thread run meanwhile.
    nowhere = QBuffer()
    nowhere.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(nowhere)
    first = QPageRanges()
    first.addPage(1)
    writer.setPageRanges(first)
    text.print_(writer)


def _page(paper: Paper, number: int) -> QImage:
    scale = FINE / paper.sheet.width()
    size = paper.sheet * scale
    # All is printed in ink: four times less memory than colours take.
    image = QImage(round(size.width()), round(size.height()), QImage.Format.Format_Grayscale8)
    image.fill(WHITE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    inner = paper.inner
    painter.translate(inner.left(), inner.top() - number * inner.height())
    paper.document.drawContents(painter, QRectF(0, number * inner.height(), inner.width(), inner.height()))
    painter.end()
    return image


def chart_image(chart: Chart) -> QImage:
    """A chart in ink, fine enough for print."""
    image = QImage(round(CHART.width() * SCALE), round(CHART.height() * SCALE), QImage.Format.Format_ARGB32)
    image.fill(WHITE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    painter.setFont(QFont("Inter", 7))
    _draw(painter, chart, QRectF(48, 8, CHART.width() - 56, CHART.height() - 32))
    painter.end()
    return image


def _draw(painter: QPainter, chart: Chart, area: QRectF) -> None:
    known = [v for v in (*chart.values, *chart.second) if v is not None]
    if not known:
        painter.setPen(QUIET)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "Nothing is known of this time.")
        return
    spans = _bridge(chart) if chart.kind == "bridge" else [(0.0, v or 0.0) for v in chart.values]
    top = max([0.0, *known, *(max(span) for span in spans)])
    low = min([0.0, *known, *(min(span) for span in spans)])
    each = _step((top - low) or 1.0)
    low, top = math.floor(low / each) * each, math.ceil(top / each) * each
    reach = (top - low) or 1.0

    def y(value: float) -> float:
        return area.bottom() - (value - low) / reach * area.height()

    for step in range(round(reach / each) + 1):
        value = low + each * step
        painter.setPen(QPen(LINE, 0.4))
        painter.drawLine(QPointF(area.left(), y(value)), QPointF(area.right(), y(value)))
        painter.setPen(QUIET)
        box = QRectF(0, y(value) - 6, area.left() - 4, 12)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _short(value))
    wide = area.width() / max(1, len(chart.labels))
    if chart.kind == "line":
        _line(painter, chart.values, area, wide, y, QPen(INK, 1))
    else:
        for n, (start, end) in enumerate(spans):
            if chart.values[n] is not None:
                box = QRectF(
                    area.left() + (n + 0.2) * wide, y(max(start, end)), wide * 0.6, abs(y(start) - y(end))
                )
                painter.fillRect(box, BAR if end >= start else SECOND)
                painter.setPen(INK)
                over = QRectF(area.left() + n * wide, box.top() - 13, wide, 12)
                painter.drawText(over, Qt.AlignmentFlag.AlignCenter, _short(chart.values[n] or 0.0))
    if chart.second:
        _line(painter, chart.second, area, wide, y, QPen(SECOND, 1, Qt.PenStyle.DashLine))
    _labels(painter, chart.labels, area, wide)


def _step(reach: float) -> float:
    """The round distance of lines that parts `reach` into four at most: 1, 2 or 5 of a power of ten."""
    raw = reach / 4
    power = 10.0 ** math.floor(math.log10(raw))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= raw * 0.999)


def _bridge(chart: Chart) -> list[tuple[float, float]]:
    """From the first total by steps to the last: the first and last bars stand on zero."""
    spans, at = [], 0.0
    for n, value in enumerate(chart.values):
        step = value or 0.0
        if n in (0, len(chart.values) - 1):
            spans.append((0.0, step))
            at = step
        else:
            spans.append((at, at + step))
            at += step
    return spans


def _line(
    painter: QPainter,
    values: Sequence[float | None],
    area: QRectF,
    wide: float,
    y: Callable[[float], float],
    pen: QPen,
) -> None:
    painter.setPen(pen)
    run = QPolygonF()
    for n, value in enumerate(values):
        if value is None:
            painter.drawPolyline(run)
            run = QPolygonF()
        else:
            run.append(QPointF(area.left() + (n + 0.5) * wide, y(value)))
    painter.drawPolyline(run)


def _labels(painter: QPainter, labels: tuple[str, ...], area: QRectF, wide: float) -> None:
    painter.setPen(QUIET)
    metrics = QFontMetricsF(painter.font())
    longest = max((metrics.horizontalAdvance(label) for label in labels), default=0) + 6
    every = max(1, -(-int(longest) // max(1, int(wide))))
    for n, label in enumerate(labels):
        if n % every == 0:
            box = QRectF(area.left() + (n + 0.5) * wide - longest, area.bottom() + 3, 2 * longest, 12)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, label)


def _short(value: float) -> str:
    size = abs(value)
    if size >= 1000:
        return f"{value / 1000:.1f}k".replace("-", "\u2212")
    return (f"{value:.0f}" if size >= 10 or value == int(value) else f"{value:.1f}").replace("-", "\u2212")


def _grid(paper: Paper, grid: Grid) -> None:
    if not grid.shown:
        paper.line(grid.empty, quiet=True)
        return
    rows = grid.shown[:MOST_ROWS]
    right = [n for n, column in enumerate(grid.columns) if column.right]
    titles = [column.title for column in grid.columns]
    whole = grid.total and len(rows) == len(grid.shown)
    paper.grid(titles, rows, _widths(grid.columns, rows), right, total=whole)
    if len(grid.shown) > len(rows):
        paper.line(f"{len(grid.shown) - len(rows)} further rows stand in the workbook.", quiet=True)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    """Shares in per cent by what the columns hold; long texts wrap, numbers and times do not."""
    weights = []
    for n, column in enumerate(columns):
        longest = max((len(row[n]) for row in rows), default=0)
        word = max(len(part) for part in column.title.split(" "))
        weights.append(max(word + 1, min(longest, 30 if column.wide else 16) + 1))
    return [max(1, round(100 * weight / sum(weights))) for weight in weights]


def file_name(document: Document, folder: Path, ending: str) -> Path:
    """A file for it in a folder that does not overwrite another."""
    plain = document.file or document.kind
    path, number = folder / f"{plain}.{ending}", 2
    while path.exists():
        path, number = folder / f"{plain}-{number}.{ending}", number + 1
    return path

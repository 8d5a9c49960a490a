"""A report on paper: its blocks as pages, its charts drawn in ink."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPolygonF,
)

from app.domain import forms
from app.domain.money import places
from app.reports.document import Chart, Column, Document, Figures, Grid, Heading, Sentence
from ui.printing.files import lay_out
from ui.printing.paper import APART, INK, LINE, QUIET, Paper, face
from ui.theme.formats import stamp

CHART = QSizeF(660, 250)
ROW = 17
"""Dots a row of a chart with rows."""
SCALE = 3
"""Charts are drawn so many times finer than a dot."""
FINE = 1191
"""A preview's page is so many dots wide."""
WHITE = QColor("#FFFFFF")
BAR, SECOND = QColor("#3F464D"), QColor("#757D86")
EDGE = 9
"""Dots that a cell's text keeps from its neighbours."""


def paper_of(document: Document, zone: ZoneInfo) -> Paper:
    """The report as a paper."""
    paper = Paper()
    paper.title(document.title, _with_demo(document.subtitle, document))
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
                size = chart_size(block)
                paper.wide_picture(chart_image(block), size.width(), size.height())
    if document.method:
        paper.heading("How this was computed")
        for line in document.method:
            paper.line(line, quiet=True)
    made = f"Made by Forecourt, {stamp(document.made_ms, zone)} ({zone})."
    paper.foot = f"{_with_demo(document.title, document)}. {made}"
    return paper


def _with_demo(text: str, document: Document) -> str:
    """The words, and that all is invented if it is; there may be no words."""
    if not document.demo:
        return text
    return f"{text} – demo data" if text else "Demo data"


@dataclass(frozen=True, slots=True)
class Pages:
    """The first pages as pictures, how many there are, and all words for a screen reader."""

    images: tuple[QImage, ...]
    count: int
    words: str


def preview_of(document: Document, zone: ZoneInfo, *, most: int = 20) -> Pages:
    """The report as it will be printed; for a worker, because a long one takes seconds."""
    paper = paper_of(document, zone)
    lay_out(paper.document)
    count = paper.document.pageCount()
    images = tuple(_page(paper, number, count) for number in range(min(count, most)))
    return Pages(images, count, paper.text)


def _page(paper: Paper, number: int, count: int) -> QImage:
    scale = FINE / paper.sheet.width()
    size = paper.sheet * scale
    # All is printed in ink: four times less memory than colours take.
    image = QImage(round(size.width()), round(size.height()), QImage.Format.Format_Grayscale8)
    image.fill(WHITE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    paper.draw(painter, number, count)
    painter.end()
    return image


def chart_size(chart: Chart) -> QSizeF:
    """How large a chart is printed, in dots of the layout; one of rows by how many there are."""
    if chart.kind in ("rows", "bridge"):
        return QSizeF(CHART.width(), max(1, len(chart.labels)) * ROW + 6)
    return CHART


def chart_image(chart: Chart) -> QImage:
    """A chart in ink, fine enough for print."""
    size = chart_size(chart)
    image = QImage(round(size.width() * SCALE), round(size.height() * SCALE), QImage.Format.Format_ARGB32)
    image.fill(WHITE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    painter.setFont(face(7))
    if not any(v is not None for v in (*chart.values, *chart.second)):
        painter.setPen(QUIET)
        area = QRectF(0, 0, size.width(), size.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "Nothing is known of this time.")
    elif chart.kind in ("rows", "bridge"):
        _draw_rows(painter, chart)
    else:
        _draw(painter, chart, QRectF(48, 8, size.width() - 56, size.height() - 32))
    painter.end()
    return image


def _draw_rows(painter: QPainter, chart: Chart) -> None:
    """A bar beside each label; those of a bridge go on where the one above ended."""
    spans = _bridge(chart) if chart.kind == "bridge" else [(0.0, v or 0.0) for v in chart.values]
    low, top = min(0.0, *(min(s) for s in spans)), max(0.0, *(max(s) for s in spans))
    left, wide = CHART.width() * 0.54, CHART.width() * 0.35
    reach = (top - low) or 1.0
    metrics = QFontMetricsF(painter.font())

    def x(value: float) -> float:
        return left + (value - low) / reach * wide

    painter.setPen(QPen(LINE, 0.6))
    painter.drawLine(QPointF(x(0), 0), QPointF(x(0), len(spans) * ROW))
    middle = Qt.AlignmentFlag.AlignVCenter
    for n, (start, end) in enumerate(spans):
        at = n * ROW
        painter.setPen(INK)
        label = metrics.elidedText(chart.labels[n], Qt.TextElideMode.ElideRight, left - 8)
        painter.drawText(QRectF(0, at, left - 8, ROW), middle | Qt.AlignmentFlag.AlignLeft, label)
        if chart.values[n] is None:
            continue
        first, last = sorted((x(start), x(end)))
        shade = BAR if end >= start else SECOND
        painter.fillRect(QRectF(first, at + 3, max(last - first, 0.6), ROW - 6), shade)
        said = QRectF(last + 4, at, CHART.width() - last - 4, ROW)
        painter.drawText(said, middle | Qt.AlignmentFlag.AlignLeft, _said(chart, n))


def _said(chart: Chart, n: int) -> str:
    value = chart.values[n] or 0.0
    step = chart.kind == "bridge" and 0 < n < len(chart.values) - 1
    text = forms.number(value, places(chart.unit))
    return f"+{text}" if step and value > 0 else text


def _draw(painter: QPainter, chart: Chart, area: QRectF) -> None:
    known = [v for v in (*chart.values, *chart.second) if v is not None]
    top, low = max(0.0, *known), min(0.0, *known)
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
        for n, told in enumerate(chart.values):
            if told is None:
                continue
            edges = sorted((y(0.0), y(told)))
            box = QRectF(area.left() + (n + 0.2) * wide, edges[0], wide * 0.6, edges[1] - edges[0])
            painter.fillRect(box, BAR)
            painter.setPen(INK)
            over = QRectF(area.left() + n * wide, box.top() - 13, wide, 12)
            painter.drawText(over, Qt.AlignmentFlag.AlignCenter, _short(told))
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
        return f"{forms.number(value / 1000, 1)}k"
    return forms.number(value, 0 if size >= 10 or value == int(value) else 1)


def _grid(paper: Paper, grid: Grid) -> None:
    if not grid.shown:
        paper.line(grid.empty, quiet=True)
        return
    rows = grid.shown[: grid.most]
    right = [n for n, column in enumerate(grid.columns) if column.right]
    titles = [column.title for column in grid.columns]
    whole = grid.total and len(rows) == len(grid.shown)
    paper.grid(titles, rows, _widths(grid.columns, rows, paper.inner.width()), right, total=whole)
    if len(grid.shown) > len(rows):
        more = len(grid.shown) - len(rows)
        said = "A further row stands" if more == 1 else f"{more} further rows stand"
        paper.line(f"{said} in the workbook.", quiet=True)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], whole: float) -> list[float]:
    """Shares in per cent of `whole` dots: no word or number is ever broken as long as there is room, times
    and numbers stand in one line, and long texts share what is left."""
    size = QFontMetricsF(face(8)).horizontalAdvance
    least, most = [], []
    for n, column in enumerate(columns):
        texts = {row[n] for row in rows}
        words = {word for text in texts for word in text.split(" ")}
        words.update(column.title.split(" "))
        told = max((size(text) for text in texts), default=0.0)
        edge = EDGE + (APART if n and columns[n - 1].right and not column.right else 0)
        narrow = max(map(size, words)) + edge
        least.append(narrow if column.wide else max(narrow, min(told + edge, whole / 5)))
        most.append(max(told + edge, least[-1]))
    spare = whole - sum(least)
    wanted = [have - need for have, need in zip(most, least, strict=True)]
    share = min(1.0, max(0.0, spare) / (sum(wanted) or 1.0))
    given = [need + more * share for need, more in zip(least, wanted, strict=True)]
    # What nobody needs goes to all alike, so that the columns of a small table do not huddle at the left.
    return [100 * one / sum(given) for one in given]


def file_name(document: Document, folder: Path, ending: str) -> Path:
    """A file for it in a folder that does not overwrite another."""
    plain = document.file or document.kind
    path, number = folder / f"{plain}.{ending}", 2
    while path.exists():
        path, number = folder / f"{plain}-{number}.{ending}", number + 1
    return path

"""What a page writes for people: papers, pictures and tables, whole or not at all."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QImage, QImageWriter, QPageRanges, QPainter, QPdfWriter, QTextDocument

from app.domain.spreadsheet import safe_text
from app.reports.formats import whole
from ui.printing.paper import PAGE, Paper


def write_paper(make: Callable[[], Paper], path: Path, title: str) -> Path:
    """Make a paper and write it as A4, all in the worker that calls it. Raises ForecourtError."""
    return write_pdf(make(), path, title)


def write_pdf(paper: Paper, path: Path, title: str) -> Path:
    """Write a paper as A4 to `path`, in the thread that made the paper.

    Raises:
        ForecourtError: the file cannot be written; what was there stays.
    """
    into = QBuffer()
    into.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(into)
    writer.setTitle(title)
    writer.setCreator("Forecourt")
    writer.setPageLayout(PAGE)
    if paper.foot:
        _pages(paper, writer)
    else:
        paper.document.print_(writer)
    _keep(into, path)
    return path


def _pages(paper: Paper, writer: QPdfWriter) -> None:
    lay_out(paper.document)
    count = paper.document.pageCount()
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    scale = writer.width() / paper.sheet.width()
    for number in range(count):
        if number:
            writer.newPage()
        painter.save()
        painter.scale(scale, scale)
        paper.draw(painter, number, count)
        painter.restore()
    painter.end()


def lay_out(text: QTextDocument) -> None:
    """Have it lay itself out; of all that makes it do so, printing alone lets the window's thread run."""
    nowhere = QBuffer()
    nowhere.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(nowhere)
    first = QPageRanges()
    first.addPage(1)
    writer.setPageRanges(first)
    text.print_(writer)


def write_picture(image: QImage, path: Path) -> None:
    """Write a picture as PNG. Raises ForecourtError where it cannot be written."""
    into = QBuffer()
    into.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(into, b"png").write(image)
    _keep(into, path)


def write_table(rows: Sequence[Sequence[str]], path: Path) -> int:
    """Write rows of texts as CSV, no text being a formula; how many. Raises ForecourtError."""
    text = io.StringIO()
    made = csv.writer(text)
    for row in rows:
        made.writerow([cell if _is_number(cell) else safe_text(cell) for cell in row])
    write_text(text.getvalue(), path)
    return len(rows)


def write_text(text: str, path: Path) -> None:
    """Write a table that is text already, as spreadsheets read it. Raises ForecourtError."""
    whole(path, lambda out: out.write(text.encode("utf-8-sig")))


def _keep(made: QBuffer, path: Path) -> None:
    def write(out: BinaryIO) -> int:
        return out.write(made.data().data())

    whole(path, write)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

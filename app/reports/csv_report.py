"""A report as CSV for who reads it by program: its tables one below the other, each under its name, with the
figures before and the method after them."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from app.reports.cells import Column, Kind
from app.reports.document import Cell, Document, Figures, Formula, Grid, Heading, Sentence
from app.reports.formats import whole, write_csv

Line = tuple[object, ...]


def write_report_csv(document: Document, path: Path) -> int:
    """Write it whole or not at all; how many lines. Raises ForecourtError where it cannot be written."""
    return whole(path, lambda out: _write(document, out))


def _write(document: Document, out: BinaryIO) -> int:
    lines = _lines(document)
    wide = max(len(line) for line in lines)
    columns = [Column(str(n), Kind.MEASURE) for n in range(wide)]
    into = BytesIO()
    write_csv(columns, ((*line, *[None] * (wide - len(line))) for line in lines), into)
    # The columns are those of each table, not of the file.
    out.write(into.getvalue().split(b"\n", 1)[1])
    return len(lines)


def _lines(document: Document) -> list[Line]:
    lines: list[Line] = [(document.title,), (document.subtitle,)]
    if document.demo:
        lines.append(("Demo data",))
    for block in document.blocks:
        match block:
            case Heading(text=text):
                lines += [(), (text,)]
            case Sentence(text=text):
                lines.append((text,))
            case Figures(figures=figures):
                lines += [(figure.label, figure.value, figure.note) for figure in figures]
            case Grid():
                lines.append(tuple(column.title for column in block.columns))
                lines += [tuple(map(_plain, row)) for row in block.rows]
                if not block.rows:
                    lines.append((block.empty,))
    if document.method:
        lines += [(), ("How this was computed",), *((line,) for line in document.method)]
    return lines


def _plain(cell: Cell) -> object:
    value = cell.value if isinstance(cell, Formula) else cell
    return float(value) if value is not None and not isinstance(value, str | int) else value

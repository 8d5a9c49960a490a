"""A report as a workbook: one sheet a table, numbers as numbers, formulas alive where a reader checks."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from app.reports.document import Cell, Chart, Document, Figures, Formula, Grid, Heading, Sentence
from app.reports.formats import whole

_DRAWN = {"line": "line", "rows": "bar", "bridge": "bar"}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def write_workbook(document: Document, path: Path) -> int:
    """Write it whole or not at all; how many blocks. Raises ForecourtError where it cannot be written."""
    return whole(path, lambda out: _write(document, out))


def _write(document: Document, out: BinaryIO) -> int:
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        _fill(book, document)
    return len(document.blocks)


def _fill(book: Any, document: Document) -> None:
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    front = book.add_worksheet("Report")
    front.set_column(0, 0, 100)
    row = 0
    for line, shape in ((document.title, bold), (document.subtitle, None)):
        front.write_string(row, 0, line, shape)
        row += 1
    if document.demo:
        front.write_string(row, 0, "Demo data", bold)
        row += 1
    sheet_name, used = "Table", {"report"}
    for block in document.blocks:
        match block:
            case Heading(text=text):
                sheet_name = text
            case Sentence(text=text):
                row += 1
                front.write_string(row, 0, text, wrap)
            case Figures(figures=figures):
                for figure in figures:
                    row += 1
                    note = f" ({figure.note})" if figure.note else ""
                    front.write_string(row, 0, f"{figure.label}: {figure.value}{note}")
            case Grid():
                _grid(book, _named(sheet_name, used), block, bold)
            case Chart():
                _chart(book, _named(block.title, used), block, bold)
    row += 2
    for line in document.method:
        front.write_string(row, 0, line, wrap)
        row += 1


def _grid(book: Any, name: str, grid: Grid, bold: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(grid.columns):
        sheet.write_string(0, n, column.title, bold)
        sheet.set_column(n, n, 28 if column.wide else 16)
    for number, row in enumerate(grid.rows, start=1):
        shape = bold if grid.total and number == len(grid.rows) else None
        for n, cell in enumerate(row):
            _cell(sheet, number, n, cell, shape)
    if grid.rows:
        sheet.autofilter(0, 0, len(grid.rows), len(grid.columns) - 1)


def _chart(book: Any, name: str, chart: Chart, bold: Any) -> None:
    sheet = book.add_worksheet(name)
    heads = ("", *(name or chart.unit for name in chart.names[: 2 if chart.second else 1]))
    for n, head in enumerate(heads):
        sheet.write_string(0, n, head, bold)
    for row, label in enumerate(chart.labels, start=1):
        sheet.write_string(row, 0, label)
        _cell(sheet, row, 1, chart.values[row - 1], None)
        if chart.second:
            _cell(sheet, row, 2, chart.second[row - 1], None)
    drawn = book.add_chart({"type": _DRAWN.get(chart.kind, "column")})
    for n in range(1, len(heads)):
        drawn.add_series(
            {
                "name": [name, 0, n],
                "categories": [name, 1, 0, len(chart.labels), 0],
                "values": [name, 1, n, len(chart.labels), n],
            }
        )
    drawn.set_title({"name": chart.title})
    across = _DRAWN.get(chart.kind) == "bar"
    drawn.set_x_axis({"name": chart.unit} if across else {})
    drawn.set_y_axis({"reverse": True} if across else {"name": chart.unit})
    sheet.insert_chart(1, len(heads) + 1, drawn)


def _cell(sheet: Any, row: int, column: int, cell: Cell, shape: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, Formula):
        sheet.write_formula(row, column, cell.text.replace("{row}", str(row + 1)), shape, cell.value)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, shape)
    else:
        sheet.write_number(row, column, float(cell) if isinstance(cell, Decimal) else cell, shape)


def _named(text: str, used: set[str]) -> str:
    """A sheet's name: at most 31 characters, none of those that spreadsheets forbid, never twice."""
    plain = _FORBIDDEN.sub(" ", text).strip("' ")[:31] or "Table"
    name, number = plain, 2
    while name.casefold() in used:
        tail = f" {number}"
        name, number = plain[: 31 - len(tail)] + tail, number + 1
    used.add(name.casefold())
    return name

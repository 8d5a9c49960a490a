"""The three forms of an export: CSV, XLSX and JSON lines. Rows stream; memory stays flat."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from app.domain.errors import ForecourtError, UsageError
from app.domain.spreadsheet import safe_text
from app.reports.cells import Column, Kind, Row, iso, typed

SHEET_ROWS = 1_048_575
"""Rows of one sheet below its head; further rows go to a further sheet."""
LONGEST_CELL = 32_767
"""Characters a spreadsheet cell can hold."""

_QUOTED = re.compile(r'[",\r\n]')

Write = Callable[[Sequence[Column], Iterable[Row], BinaryIO], int]


def write_csv(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO) -> int:
    """UTF-8, comma, a head line, text made formula-safe. Returns how many rows."""
    out.write((",".join(c.name for c in columns) + "\n").encode())
    cells = [_CSV_CELL[c.kind] for c in columns]
    count = 0
    for row in rows:
        line = ",".join([cell(value) for cell, value in zip(cells, row, strict=True)])
        out.write(line.encode("utf-8", "backslashreplace") + b"\n")
        count += 1
    return count


def _csv_text(value: Any) -> str:
    return _quoted(value) if type(value) is str else _csv_any(Kind.TEXT, value)


def _csv_time(value: Any) -> str:
    return "" if value is None else iso(value)


def _csv_number(value: Any) -> str:
    return "" if value is None else str(value) if type(value) is int else _csv_any(Kind.MEASURE, value)


def _csv_words(value: Any) -> str:
    return _csv_any(Kind.WORDS, value)


_CSV_CELL: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: _csv_text,
    Kind.TIME: _csv_time,
    Kind.WORDS: _csv_words,
    Kind.INTEGER: _csv_number,
    Kind.NUMBER: _csv_number,
    Kind.MEASURE: _csv_number,
}


def _csv_any(kind: Kind, value: Any) -> str:
    cell = typed(kind, value)
    if isinstance(cell, str):
        return _quoted(cell)
    return "" if cell is None else str(cell)


def _quoted(text: str) -> str:
    """A text cell, safe and quoted where it must be."""
    return _quoted_short(text) if len(text) < 64 else _quote(text)


@lru_cache(maxsize=16_384)
def _quoted_short(text: str) -> str:
    # Columns repeat themselves; long texts (frames) do not, and would fill the memory.
    return _quote(text)


def _quote(text: str) -> str:
    text = safe_text(text)
    # Not by the csv module: before Python 3.13 it leaves a lone CR unquoted beside LF line ends.
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def write_jsonl(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO) -> int:
    """One object a line under the columns' names; what is not known is null. Returns how many rows."""
    encode = msgspec.json.Encoder().encode
    count = 0
    for row in rows:
        cells = {c.name: typed(c.kind, value) for c, value in zip(columns, row, strict=True)}
        out.write(encode({name: _utf8(cell) for name, cell in cells.items()}) + b"\n")
        count += 1
    return count


def _utf8(cell: object) -> object:
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell


def write_xlsx(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO, title: str = "export") -> int:
    """A workbook written row by row; text in explicit string cells. Returns how many rows."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        count, sheet, line = 0, None, 0
        for row in rows:
            if sheet is None or line > SHEET_ROWS:
                number = count // SHEET_ROWS
                sheet = _sheet(book, title if not number else f"{title} {number + 1}", columns, bold)
                line = 1
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                cell = typed(column.kind, value)
                if isinstance(cell, str) and cell:
                    sheet.write_string(line, at, str(_utf8(cell))[:LONGEST_CELL])
                elif cell is not None and cell != "":
                    sheet.write_number(line, at, cell)
            line += 1
            count += 1
        if sheet is None:
            _sheet(book, title, columns, bold)
    return count


def _sheet(book: Any, title: str, columns: Sequence[Column], bold: Any) -> Any:
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        wide = {Kind.TIME: 25, Kind.TEXT: 18, Kind.WORDS: 24}.get(column.kind, 13)
        sheet.set_column(at, at, max(wide, len(column.name) + 2))
        sheet.write_string(0, at, column.name, bold)
    return sheet


WRITERS: dict[str, Write] = {"csv": write_csv, "xlsx": write_xlsx, "jsonl": write_jsonl}


def to_file(path: Path, form: str, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """
    Write an export to `path`, whole or not at all. Returns how many rows.

    Raises:
        UsageError: there is no such form.
        ForecourtError: it cannot be written there; what was there stays.
    """
    write = WRITERS.get(form)
    if write is None:
        raise UsageError(f"There is no format {form!r}; choose {', '.join(WRITERS)}.")
    return whole(path, lambda out: write(columns, rows, out))


def whole(path: Path, write: Callable[[BinaryIO], int]) -> int:
    """Have `write` fill a file beside `path`, then put it in its place. Raises ForecourtError.

    A link keeps pointing where it did; a pipe or a device is written to, for nothing may take its place.
    """
    path = path.resolve()
    beside = path.with_name(path.name + ".part")
    try:
        if path.exists() and not path.is_file():
            with open(path, "wb") as out:
                return write(out)
        try:
            with open(beside, "wb") as out:
                count = write(out)
                out.flush()
                os.fsync(out.fileno())
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as exc:
        raise ForecourtError(f"{path} cannot be written: {exc.strerror or exc}.") from exc
    return count


def counted(rows: Iterable[Row], tell: Callable[[int], None]) -> Iterator[Row]:
    """The same rows, with `tell` called now and then with how many have passed."""
    for count, row in enumerate(rows, 1):
        yield row
        if count % 1_000 == 0:
            tell(count)

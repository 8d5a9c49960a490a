"""Exports say what is in the books: numbers are numbers, text is text, and nothing is a formula."""

import csv
import io
import json

import openpyxl
import pytest

from app.domain.errors import ForecourtError, UsageError
from app.reports.cells import Column, Kind
from app.reports.formats import SHEET_ROWS, to_file, whole, write_csv, write_jsonl, write_xlsx

COLUMNS = (
    Column("name", Kind.TEXT),
    Column("wh", Kind.INTEGER),
    Column("at", Kind.TIME),
    Column("flags", Kind.WORDS),
    Column("value", Kind.MEASURE),
)
ROW = ("DEPOT-7", 7500, 1_767_600_000_000, ("offline", "replayed"), 12.5)

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "   =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff20SUM(1)",
    "=cmd|'/c calc'!A0",
    '"=1+1',
    "a,b\n=1+1",
]


def as_csv(rows):
    out = io.BytesIO()
    write_csv(COLUMNS, rows, out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def as_sheet(rows, tmp_path):
    path = tmp_path / "out.xlsx"
    to_file(path, "xlsx", COLUMNS, rows)
    return openpyxl.load_workbook(path).worksheets[0]


def test_one_row_in_three_forms(tmp_path):
    """The same row reads the same in CSV, JSON lines and XLSX."""
    assert as_csv([ROW]) == [
        {
            "name": "DEPOT-7",
            "wh": "7500",
            "at": "2026-01-05T08:00:00.000Z",
            "flags": "offline replayed",
            "value": "12.5",
        }
    ]
    out = io.BytesIO()
    write_jsonl(COLUMNS, [ROW], out)
    assert json.loads(out.getvalue()) == {
        "name": "DEPOT-7",
        "wh": 7500,
        "at": "2026-01-05T08:00:00.000Z",
        "flags": "offline replayed",
        "value": 12.5,
    }
    cells = [cell.value for cell in as_sheet([ROW], tmp_path)[2]]
    assert cells == ["DEPOT-7", 7500, "2026-01-05T08:00:00.000Z", "offline replayed", 12.5]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(text, tmp_path):
    """No hostile text begins a CSV cell with what a spreadsheet runs, and none is a formula cell in XLSX."""
    (row,) = as_csv([(text, None, None, (text,), text)])
    for cell in (row["name"], row["flags"], row["value"]):
        assert cell.lstrip(" \u00a0\u200b\ufeff\u3000")[0] not in "=+-@\t\r\n\uff1d\uff0b\uff20"
        assert cell.removeprefix("'") == text
    for cell in as_sheet([(text, None, None, (), text)], tmp_path)[2]:
        assert cell.data_type != "f"


def test_negative_numbers_stay_numbers(tmp_path):
    """A number is never armed with an apostrophe, whatever its sign."""
    (row,) = as_csv([("x", -5, None, (), -0.5)])
    assert (row["wh"], row["value"]) == ("-5", "-0.5")
    assert [c.value for c in as_sheet([("x", -5, None, (), -0.5)], tmp_path)[2]] == [
        "x",
        -5,
        None,
        None,
        -0.5,
    ]


def test_the_unknown_is_empty_not_zero(tmp_path):
    """None is an empty cell, null, or no cell."""
    (row,) = as_csv([("x", None, None, (), None)])
    assert (row["wh"], row["at"], row["value"]) == ("", "", "")


def test_poison_in_a_row_does_not_end_the_export(tmp_path):
    """NUL, lone surrogates, control characters, overlong text, infinity and far times are written somehow."""
    rows = [("\x00\x1b[31m\ud800" + "y" * 40_000, 2**62, 10**18, ("a",), float("inf")), ROW]
    assert len(as_csv(rows)) == 2
    out = io.BytesIO()
    assert write_jsonl(COLUMNS, rows, out) == 2
    assert as_sheet(rows, tmp_path).max_row == 3


def test_an_export_without_rows_still_has_its_head(tmp_path):
    """An empty table is a table."""
    out = io.BytesIO()
    assert write_csv(COLUMNS, [], out) == 0
    assert out.getvalue() == b"name,wh,at,flags,value\n"
    assert [c.value for c in as_sheet([], tmp_path)[1]] == ["name", "wh", "at", "flags", "value"]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch, tmp_path):
    """A workbook never silently ends at a sheet's last row."""
    assert SHEET_ROWS == 1_048_575
    monkeypatch.setattr("app.reports.formats.SHEET_ROWS", 3)
    path = tmp_path / "out.xlsx"
    with open(path, "wb") as out:
        write_xlsx(COLUMNS, [(str(n), n, None, (), None) for n in range(7)], out)
    sheets = openpyxl.load_workbook(path).worksheets
    assert [[row[1].value for row in list(s.rows)[1:]] for s in sheets] == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_failed_export_leaves_the_old_file(tmp_path):
    """What was there stays until the new one is whole."""
    path = tmp_path / "out.csv"
    path.write_text("old")

    def fails(out):
        out.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(ForecourtError, match="No space left"):
        whole(path, fails)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]
    with pytest.raises(UsageError, match="csv, xlsx, jsonl"):
        to_file(path, "pdf", COLUMNS, [])

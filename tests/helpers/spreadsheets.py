"""Workbooks as a reader's program sees them: what their formulas say, and what recalculating them gives."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed here")
"""For tests that ask it to compute."""

Cells = Mapping[tuple[str, str], object]
"""By (sheet, "B7")."""

POISON = 987_654_321
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Every formula of a workbook."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def written(path: Path) -> dict[tuple[str, str], object]:
    """Every cell as its writer left it, formulas with the value beside them."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def recalculated(path: Path, folder: Path) -> dict[tuple[str, str], object]:
    """Every cell after LibreOffice computed all formulas; the values written beside them are destroyed
    first, so that none of them can be what it gives back."""
    assert OFFICE is not None
    profile = folder / "office"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    poisoned, out = folder / "poisoned" / path.name, folder / "computed"
    poisoned.parent.mkdir(exist_ok=True)
    _poison(path, poisoned)
    subprocess.run(
        [
            OFFICE, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx",
            "--outdir", str(out), str(poisoned),
        ],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return written(out / path.name)


def _poison(path: Path, into: Path) -> None:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                wrong = rb"</f><v>%d</v>" % POISON
                data = re.sub(rb"</f><v>[^<]*</v>", wrong, data)
                data = re.sub(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="str"(><f>)', rb"\1\2", data)
            new.writestr(name, data)


# -- the same without an office ----------------------------------------------------------------

_CELL = re.compile(r"\$?([A-Z]+)\$?(\d+)")


def computed(cells: Cells, place: tuple[str, str], formula: str) -> object:
    """What one of the few forms of formula that are written here gives; each cell it names has to be there.

    Raises:
        AssertionError: it is of another form, or names what is not there.
    """
    sheet, _ = place
    for pattern, compute in _FORMS:
        if match := re.fullmatch(pattern, formula):
            return compute(cells, sheet, match)
    raise AssertionError(f"no reader knows what {formula} means")


def _number(cells: Cells, sheet: str, cell: str) -> float:
    value = cells.get((sheet, cell), 0)
    return float(value) if isinstance(value, int | float) else 0.0


def _sum(cells: Cells, sheet: str, match: re.Match[str]) -> float:
    first, last = (_CELL.fullmatch(cell) for cell in match.groups())
    assert first is not None
    assert last is not None
    assert int(first[2]) >= 2, "a head is no number"
    wide = range(column_index_from_string(first[1]), column_index_from_string(last[1]) + 1)
    inside = [
        value
        for (name, cell), value in cells.items()
        if name == sheet
        and (at := _CELL.fullmatch(cell))
        and int(first[2]) <= int(at[2]) <= int(last[2])
        and column_index_from_string(at[1]) in wide
    ]
    assert inside or first[1] != last[1], f"{match[0]} adds up nothing"
    return sum(float(value) for value in inside if isinstance(value, int | float))


def _product(cells: Cells, sheet: str, match: re.Match[str]) -> float:
    assert all((sheet, cell) in cells for cell in match.groups()), match[0]
    return _number(cells, sheet, match[1]) * _number(cells, sheet, match[2])


def _sum_where(cells: Cells, sheet: str, match: re.Match[str]) -> float:
    other, column, rest = match.groups()
    assert any(name == other for name, _ in cells), f"there is no sheet {other}"
    parts = rest.split(",")
    wanted = []
    for place, what in zip(parts[::2], parts[1::2], strict=True):
        where = re.fullmatch(rf"{other}!\$([A-Z]+):\$\1", place)
        assert where is not None, place
        assert (other, f"{where[1]}1") in cells, f"{place} has no head"
        at = what.replace("$", "")
        wanted.append((where[1], what.strip('"') if what.startswith('"') else cells[sheet, at]))
    rows = {int(_CELL.fullmatch(cell)[2]) for name, cell in cells if name == other}  # type: ignore[index]
    return sum(
        _number(cells, other, f"{column}{row}")
        for row in rows - {1}
        if all(cells.get((other, f"{letter}{row}")) == value for letter, value in wanted)
    )


def _share(cells: Cells, sheet: str, match: re.Match[str]) -> object:
    all_, base, down, excused, again = match.groups()
    assert base == again
    if not _number(cells, sheet, all_):
        return ""
    whole = float(base) if base.isdigit() else _number(cells, sheet, base)
    left = whole - _number(cells, sheet, down) + _number(cells, sheet, excused)
    return left / whole * 100


_A1 = r"\$?[A-Z]+\$?\d+"
_FORMS: tuple[tuple[str, Callable[[Cells, str, re.Match[str]], object]], ...] = (
    (rf"=SUM\(({_A1}):({_A1})\)", _sum),
    (rf"=({_A1})\*({_A1})", _product),
    (r"=SUMIFS\((\w+)!\$([A-Z]+):\$\2,(.+)\)", _sum_where),
    (rf'=IF\(({_A1})=0,"",\(({_A1}|\d+)-({_A1})\+({_A1})\)/({_A1}|\d+)\*100\)', _share),
)

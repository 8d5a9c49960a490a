"""A month of the ledger as a workbook: its formulas give what is shown."""

import csv
import re
import zipfile
from decimal import Decimal
from pathlib import Path

from app.reports.cost_workbook import write_month
from tests.ui.costings import books


def test_the_csv_has_every_part_and_empties_what_is_not_known(tmp_path: Path) -> None:
    book = books(1).months[-1]
    path = tmp_path / "month.csv"
    assert write_month(book, path) == len(book.parts)
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    known = [Decimal(row["amount"]) for row in rows if row["amount"] and row["cost"] != "churn"]
    assert sum(known) == book.total()
    peak = next(row for row in rows if row["cause"] == "avoidable peak")
    assert (peak["amount"], peak["missing"]) == ("", "data.demand_charge")


def test_sums_of_the_workbook_are_formulas_over_its_evidence(tmp_path: Path) -> None:
    """Parts add up lines, the month adds up parts; cached values are those of the ledger."""
    book = books(1).months[-1]
    path = tmp_path / "month.xlsx"
    assert write_month(book, path) == len(book.parts)
    with zipfile.ZipFile(path) as whole:
        month, costs, lines = (whole.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3))
    assert costs.count("SUMIFS(Evidence!$I:$I") == sum(part.amount is not None for part in book.parts)
    assert "SUMIFS(Costs!$I:$I" in month
    assert len(re.findall(r"<f>E\d+\*G\d+</f>", lines)) == sum(
        len(part.lines) for part in book.parts if not part.missing
    )
    total = re.findall(r"<f>SUM\(E5:E10\)</f><v>([\d.]+)</v>", month)
    assert [Decimal(value) for value in total] == [book.total().normalize()] or total == [
        str(float(book.total()))
    ]

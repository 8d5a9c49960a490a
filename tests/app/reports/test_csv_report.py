"""The evidence as CSV: every table with its method, numbers as numbers, no text a formula."""

import csv
from datetime import UTC
from pathlib import Path

from app.reports.csv_report import write_report_csv
from app.reports.document import Column, Document, Draft, Formula, number, text
from app.reports.uptime_report import uptime_report
from tests.app.analytics.past import a_past
from tests.app.reports.test_reports import WINDOW, a_month


def test_uptime_evidence_has_its_exclusions_and_method(tmp_path: Path) -> None:
    with a_past(tmp_path / "data") as past:
        a_month(past)
        report = past.ask(uptime_report, "nevi", WINDOW, UTC, WINDOW[1], "Brightway")
    path = tmp_path / "evidence.csv"
    assert write_report_csv(report, path)
    rows = list(csv.reader(path.open(encoding="utf-8")))
    assert len({len(row) for row in rows}) == 1
    head = next(n for n, row in enumerate(rows) if row[0] == "Station" and row[3] == "Assessable h")
    assert rows[head + 1][:9] == ["S1", "Depot", "1", "240", "12", "6", "0", "97.5", "yes"]
    said = {row[0] for row in rows}
    assert {
        "Outages, each with what is excused",
        "Exclusions and their evidence",
        "How this was computed",
    } <= said
    assert any("utility notice 7" in row for row in rows)
    assert any(row[0].startswith("Rule: 23 CFR 680.116(b)") for row in rows)


def test_no_text_becomes_a_formula_and_nothing_is_said_to_be_nothing(tmp_path: Path) -> None:
    draft = Draft()
    columns = (Column("What"), Column("Much", right=True), Column("Share"))
    draft.grid(columns, [[text("=cmd|x"), number(-1.5, 2), (Formula("=B2*2", -3.0), "−3")]])
    draft.grid(columns, [], empty="There was no outage.")
    path = tmp_path / "x.csv"
    write_report_csv(Document("x", "X", "", 0, tuple(draft.blocks)), path)
    rows = list(csv.reader(path.open(encoding="utf-8")))
    assert ["'=cmd|x", "-1.5", "-3"] in rows
    assert ["There was no outage.", "", ""] in rows

"""Reports say what was measured and what was not; their workbooks compute to the same figures."""

from datetime import UTC
from pathlib import Path

import openpyxl
import pytest

from app.domain.errors import ForecourtError
from app.domain.records import ConnectorPlan, EntryRecord, FaultRecord
from app.domain.status import ConnectorStatus, LinkState
from app.reports.document import Document, Figures, Formula, Grid, Sentence, number, span_text
from app.reports.shift_report import shift_report
from app.reports.uptime_report import uptime_report
from app.reports.workbook import write_workbook
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

WINDOW = (MIDNIGHT, MIDNIGHT + 10 * DAY)


def a_month(past: Past) -> None:
    past.station("S1", site="Depot", plan=(ConnectorPlan(1, 1),), first_seen_ms=MIDNIGHT)
    past.link("S1", MIDNIGHT, LinkState.ONLINE)
    past.status("S1", MIDNIGHT, ConnectorStatus.AVAILABLE)
    past.status("S1", MIDNIGHT + DAY, ConnectorStatus.FAULTED)
    past.status("S1", MIDNIGHT + DAY + 12 * HOUR, ConnectorStatus.AVAILABLE)
    body = (
        f'{{"site":"Depot","code":"GRID","start_ms":{MIDNIGHT + DAY},"end_ms":{MIDNIGHT + DAY + 6 * HOUR},'
        '"evidence":["utility notice 7"]}'
    )
    past.add(EntryRecord("exclusion", "x1", 1, MIDNIGHT + 2 * DAY, "ann", "grid work", body))


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def test_each_outage_with_what_is_excused_and_why(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        a_month(past)
        report = past.ask(uptime_report, "nevi", WINDOW, UTC, WINDOW[1], "Brightway")
    evses, outages, excused = grids(report)
    assert outages.shown == (
        ("S1", "1", "2026-01-02 00:00", "2026-01-02 12:00", "12 h", "faulted", "6 h", "utility supply"),
    )
    assert excused.shown[0][4:] == ("utility notice 7", "ann", "yes")
    assert evses.shown[0][3:] == ("240.00", "12.00", "6.00", "0.00", "97.50", "yes")
    first = report.blocks[0]
    assert isinstance(first, Sentence)
    assert first.text == "Uptime was 97.50%: passed. NEVI asks for above 97%."
    assert any("23 CFR 680.116(b)" in line for line in report.method)


def test_evses_that_were_lost_together_are_one_row_and_flaps_have_seconds(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station(
            "S1", site="Depot", plan=(ConnectorPlan(1, 1), ConnectorPlan(2, 1)), first_seen_ms=MIDNIGHT
        )
        past.link("S1", MIDNIGHT, LinkState.ONLINE)
        for evse in (1, 2):
            past.status("S1", MIDNIGHT, ConnectorStatus.AVAILABLE, evse=evse)
        past.link("S1", MIDNIGHT + DAY, LinkState.OFFLINE)
        past.link("S1", MIDNIGHT + DAY + HOUR, LinkState.ONLINE)
        past.status("S1", MIDNIGHT + 2 * DAY, ConnectorStatus.FAULTED, evse=2)
        past.status("S1", MIDNIGHT + 2 * DAY + 40_000, ConnectorStatus.AVAILABLE, evse=2)
        report = past.ask(uptime_report, "contract", WINDOW, UTC, WINDOW[1])
    assert [(row[1], row[4], row[5]) for row in grids(report)[1].shown] == [
        ("1, 2", "1 h", "offline"), ("2", "40 s", "faulted"),
    ]  # fmt: skip


def test_blind_time_is_not_proven_rather_than_passed(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        a_month(past)
        past.ran((MIDNIGHT, MIDNIGHT + 8 * DAY), (MIDNIGHT + 9 * DAY, WINDOW[1]))
        past.link("S1", MIDNIGHT + 8 * DAY, LinkState.OFFLINE)
        past.link("S1", MIDNIGHT + 9 * DAY, LinkState.ONLINE)
        report = past.ask(uptime_report, "nevi", WINDOW, UTC, WINDOW[1])
    first = report.blocks[0]
    assert isinstance(first, Sentence)
    assert ": not proven. " in first.text
    assert "were not measured" in first.text


def test_a_site_alone_and_an_unknown_rule(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        a_month(past)
        past.station("S2", site="Harbour", first_seen_ms=MIDNIGHT)
        report = past.ask(uptime_report, "raw", WINDOW, UTC, WINDOW[1], "", "Harbour")
        assert [row[0] for row in grids(report)[0].rows] == ["S2"]
        with pytest.raises(ForecourtError, match="no uptime rule"):
            past.ask(uptime_report, "x", WINDOW, UTC, WINDOW[1])


def test_the_workbook_counts_to_the_same(tmp_path: Path) -> None:
    with a_past(tmp_path / "data") as past:
        a_month(past)
        report = past.ask(uptime_report, "nevi", WINDOW, UTC, WINDOW[1])
    file = tmp_path / "uptime.xlsx"
    write_workbook(report, file)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[:2] == ["Report", "Each EVSE"]
    row = [cell.value for cell in book["Each EVSE"][2]]
    assert row[3:6] == [240, 12, 6]
    assert row[7] == '=IF(D2=0,"",(D2-E2+F2)/D2*100)'
    assert (row[3] - row[4] + row[5]) / row[3] * 100 == 97.5
    cell = next(c for c in grids(report)[0].rows[0] if isinstance(c, Formula))
    assert cell.value == 97.5
    assert not list(tmp_path.glob("*.new"))


def test_the_next_shift_gets_one_page(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.add(
            FaultRecord(
                1, "offline", "Offline", "No link", "S1", opened_ms=MIDNIGHT, onset_ms=MIDNIGHT, priority="P2"
            ),
            FaultRecord(
                2, "connector_fault", "CX001", "Connector lock", "S2", evse=1, opened_ms=MIDNIGHT,
                onset_ms=MIDNIGHT, state="ACKED", assigned="ben", acknowledged_ms=MIDNIGHT,
            ),
        )  # fmt: skip
        report = past.ask(shift_report, MIDNIGHT, MIDNIGHT + 8 * HOUR, UTC, MIDNIGHT + 8 * HOUR)
    first, figures = report.blocks[:2]
    assert isinstance(first, Sentence)
    assert first.text == "1 fault nobody has acknowledged."
    assert isinstance(figures, Figures)
    unseen, in_hand = grids(report)
    assert unseen.shown[0][:5] == ("P2", "No link", "S1", "2026-01-01 00:00", "8 h")
    assert in_hand.shown[0][5] == "ben"


def test_words_for_numbers_and_spans() -> None:
    assert number(1234.5, 1)[1] == "1,234.5"
    assert number(-3)[1] == "\u22123"
    assert number(None) == (None, "–")
    assert [span_text(ms) for ms in (5 * MINUTE, 134 * MINUTE, 2 * HOUR, 76 * HOUR)] == [
        "5 min", "2 h 14 min", "2 h", "3 days 4 h",
    ]  # fmt: skip


def test_a_workbook_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    document = Document("x", "X", "", 0, ())
    with pytest.raises(ForecourtError, match="cannot be written"):
        write_workbook(document, tmp_path / "gone" / "x.xlsx")
    write_workbook(document, tmp_path / "x.xlsx")
    assert [file.name for file in tmp_path.iterdir()] == ["x.xlsx"]

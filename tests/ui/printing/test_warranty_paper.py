"""The warranty pack: a maker gets each fault with its evidence and dates, on paper and as a table."""

from dataclasses import replace
from pathlib import Path

from app.domain.records import FaultEventRecord
from tests.ui.costings import DAY, ZONE, pack
from tests.ui.pictures import NOW_MS
from ui.models import cost_answers_more as more
from ui.pages.costs.warranty import LINES, warranty_paper, write_pack


def test_each_fault_has_its_dates_its_evidence_and_whether_it_is_covered(
    qapp: object, tmp_path: Path
) -> None:
    owed = pack("Europe/Amsterdam", "Voltaro", NOW_MS - 365 * DAY, NOW_MS, NOW_MS)
    words = warranty_paper(owed, NOW_MS, ZONE).text
    for told in (
        "Warranty pack for Voltaro", "3 faults opened", "15.0 h in all",
        "UTM-01: Connector lock failure", "Bolt 150, UTM00010", "2025-03-01, 2027-03-01", "E-117",
        "It does not lock", "Nobody wrote down the warranty of UTM-03", "Method",
    ):  # fmt: skip
        assert told in words, told
    path = write_pack(owed, NOW_MS, ZONE, tmp_path / "pack.pdf")
    assert path.read_bytes().startswith(b"%PDF")


def test_a_long_history_is_cut_on_paper_and_whole_in_the_table(qapp: object) -> None:
    owed = pack("Europe/Amsterdam", "Voltaro", NOW_MS - 365 * DAY, NOW_MS, NOW_MS)
    lines = tuple(
        FaultEventRecord(90, n, NOW_MS + n, "person", "ann", "note", text=f"seen {n}") for n in range(30)
    )
    long = replace(owed, faults=(replace(owed.faults[0], history=lines),))
    words = warranty_paper(long, NOW_MS, ZONE).text
    assert f"{30 - LINES} further lines stand in the CSV." in words
    head, row = more.pack_table(long)
    cells = dict(zip(head, row, strict=True))
    assert cells["evidence"].count("seen") == 30
    assert (cells["in_warranty"], cells["warranty_until"]) == ("yes", "2027-03-01")

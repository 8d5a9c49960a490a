"""A report on paper says all its words, breaks into pages, and its preview is what will be printed."""

from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QFontMetricsF, QTextTable

from app.analytics.costs.books import Books
from app.domain.records import FaultEventRecord, FaultRecord
from app.reports.document import Chart, Column, Document, Draft, text
from app.reports.owner_report import SiteUptime, Sold, owner_report
from app.reports.shift_report import shift_report
from tests.app.analytics.past import HOUR, MIDNIGHT, a_past
from tests.ui.costings import books
from tests.ui.reporting import report
from ui.printing.files import write_pdf
from ui.printing.paper import face
from ui.printing.report_paper import chart_image, file_name, paper_of, preview_of

UTC_ZONE = ZoneInfo("UTC")


def test_all_words_stand_on_it_and_demo_is_said(qapp: object) -> None:
    paper = paper_of(report(), UTC_ZONE)
    for words in (
        "Owner's report",
        "demo data",
        "€14.80",
        "What was lost by month? (€)",
        "S2",
        "3.00",
        "By rule 7.",
    ):
        assert words in paper.text


def test_demo_stands_alone_where_no_organisation_is_entered(qapp: object) -> None:
    assert paper_of(replace(report(), subtitle=""), UTC_ZONE).text.splitlines()[1] == "Demo data"
    assert paper_of(report(), UTC_ZONE).text.splitlines()[1] == "September 2026 – demo data"
    assert paper_of(replace(report(), demo=False), UTC_ZONE).text.splitlines()[1] == "September 2026"


def test_an_annex_begins_a_page_and_long_tables_say_where_the_rest_is(qapp: object) -> None:
    assert len(preview_of(report(), UTC_ZONE).images) == 2
    long = paper_of(report(1_000), UTC_ZONE)
    assert "600 further rows stand in the workbook." in long.text
    pages = preview_of(report(1_000), UTC_ZONE, most=5)
    assert len(pages.images) == 5 < pages.count
    assert all(not page.isNull() for page in pages.images)
    assert pages.words == long.text


def test_a_chart_of_nothing_says_so_and_gaps_stay_gaps(qapp: object) -> None:
    empty = chart_image(Chart("?", "€", "line", ("a", "b"), (None, None)))
    line = chart_image(Chart("?", "€", "line", ("a", "b", "c"), (1.0, None, 2.0)))
    bridge = chart_image(
        Chart("?", "€", "bridge", ("Aug", "offline", "Sep"), (10.0, -3.0, 7.0), (9.0, 9.0, 9.0))
    )
    assert empty != line
    assert line.width() == bridge.width() > 1000


def test_the_file_is_a_pdf_and_never_overwrites(qapp: object, tmp_path: Path) -> None:
    document = report()
    first = file_name(document, tmp_path, "pdf")
    assert first.name == "owner-2026-09.pdf"
    write_pdf(paper_of(document, UTC_ZONE), first, document.title)
    assert first.read_bytes().startswith(b"%PDF")
    assert file_name(document, tmp_path, "pdf").name == "owner-2026-09-2.pdf"


SITES = tuple(
    SiteUptime(
        f"Gewerbegebiet Am Langen Feld {n}", Fraction(9_000 + 15 * n, 100), Fraction(90), Fraction(99), 0
    )
    for n in range(60)
)


@pytest.mark.parametrize("held", [books(12), books(1), Books(())], ids=["a year", "a first month", "nothing"])
@pytest.mark.parametrize("sites", [SITES, ()], ids=["sixty sites", "no site"])
def test_the_owner_gets_two_pages_and_annexes(
    qapp: object, held: Books, sites: tuple[SiteUptime, ...]
) -> None:
    sold = Sold(165_970_000, 5_500, Decimal("98260.50"))
    period = held.months[-2].period if len(held.months) > 1 else "2026-10"

    def pages(*annexes: str) -> int:
        made = owner_report(
            held, period, sites, sold, UTC, 0, "Brightway", held.month(period), annexes=annexes, demo=True
        )
        return preview_of(made, UTC_ZONE, most=1).count

    if held.months:
        assert pages() == 2
        assert pages("A", "B", "C") >= 4
    else:
        assert pages("A", "B", "C") == 1


def test_a_shift_is_handed_over_on_one_page_however_much_stands(qapp: object, tmp_path: Path) -> None:
    states = ("UNACK", "ACKED", "SHLVD", "OOSRV")
    with a_past(tmp_path) as past:
        past.add(
            *(
                FaultRecord(
                    n, "silence", "silent", "No session for 87 h where 9.5 were expected", f"STATION-{n}",
                    evse=1, opened_ms=MIDNIGHT, onset_ms=MIDNIGHT, state=states[n % 4], priority="P2",
                    assigned="Marta Oliveira", due_ms=MIDNIGHT + HOUR, recovery="mended, not proved",
                )
                for n in range(1, 161)
            ),
            *(
                FaultEventRecord(
                    n, 1, MIDNIGHT + n, "person", "ben", "note", text="The technician called. " * 3
                )
                for n in range(1, 20)
            ),
        )  # fmt: skip
        made = past.ask(shift_report, MIDNIGHT, MIDNIGHT + 8 * HOUR, UTC, MIDNIGHT + 8 * HOUR)
    assert preview_of(made, UTC_ZONE).count == 1
    words = paper_of(made, UTC_ZONE).text
    for part in ("Not acknowledged", "In hand", "Shelved", "Out of service", "Notes", "40 faults nobody"):
        assert part in words


def test_no_word_and_no_number_is_broken_while_there_is_room(qapp: object) -> None:
    draft = Draft()
    titles = ("Order", "What", "Where", "Quantity", "Amount EUR", "When")
    columns = [
        Column(title, wide=title == "What", right=title in ("Quantity", "Amount EUR")) for title in titles
    ]
    row = (
        "WO-335",
        "Connector cannot lock or unlock " * 4,
        "OPO-01",
        "172.56",
        "1,298.76",
        "2026-10-22 11:28",
    )
    draft.grid(columns, [[text(cell) for cell in row]] * 3)
    document = paper_of(Document("x", "X", "", 0, tuple(draft.blocks)), UTC_ZONE).document
    (table,) = (f for f in document.rootFrame().childFrames() if isinstance(f, QTextTable))
    document.pageCount()
    size = QFontMetricsF(face(8)).horizontalAdvance
    for n, cell in enumerate(row):
        block = table.cellAt(1, n).firstCursorPosition().block()
        lines = [block.layout().lineAt(i) for i in range(block.layout().lineCount())]
        assert lines
        if n == 1:
            assert len(lines) > 1
            words = [cell[line.textStart() : line.textStart() + line.textLength()] for line in lines]
            assert all(part.strip() in cell and not part.strip().startswith("onnector") for part in words)
        else:
            assert len(lines) == 1, (cell, size(cell))


def test_every_page_says_which_it_is_and_its_words_can_be_found(qapp: object, tmp_path: Path) -> None:
    made = paper_of(report(120), ZoneInfo("Europe/Berlin"))
    assert made.foot == "Owner's report – demo data. Made by Forecourt, 1 Jan 1970 01:00:00 (Europe/Berlin)."
    pages = preview_of(report(120), ZoneInfo("Europe/Berlin"))
    foot = [
        page.copy(0, page.height() * 94 // 100, page.width(), page.height() // 25) for page in pages.images
    ]
    assert all(strip != foot[0] for strip in foot[1:])
    path = write_pdf(made, tmp_path / "x.pdf", "x")
    assert path.read_bytes().count(b"/Type /Page\n") == pages.count

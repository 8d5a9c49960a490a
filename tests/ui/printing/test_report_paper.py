"""A report on paper says all its words, breaks into pages, and its preview is what will be printed."""

from pathlib import Path

from app.reports.document import Chart
from tests.ui.reporting import report
from ui.printing.files import write_pdf
from ui.printing.report_paper import chart_image, file_name, paper_of, preview_of


def test_all_words_stand_on_it_and_demo_is_said(qapp: object) -> None:
    paper = paper_of(report())
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


def test_an_annex_begins_a_page_and_long_tables_say_where_the_rest_is(qapp: object) -> None:
    assert len(preview_of(report()).images) == 2
    long = paper_of(report(1_000))
    assert "600 further rows stand in the workbook." in long.text
    pages = preview_of(report(1_000), most=5)
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
    write_pdf(paper_of(document), first, document.title)
    assert first.read_bytes().startswith(b"%PDF")
    assert file_name(document, tmp_path, "pdf").name == "owner-2026-09-2.pdf"

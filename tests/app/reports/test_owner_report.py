"""The owner's report says in plain words what its tables add up to, and what is not known yet."""

from datetime import UTC
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from app.analytics.costs.books import Ask, Book, Books
from app.analytics.costs.facts import Counts
from app.analytics.costs.ledger import Confidence, Cost, Line, Nature, Part, close
from app.analytics.costs.month import Share as RecoveredShare
from app.domain.records import EntryRecord
from app.reports.document import Chart, Document, Figures, Formula, Grid, Heading, Sentence
from app.reports.owner_facts import sites_of_month, sold_in
from app.reports.owner_report import SiteUptime, Sold, owner_report
from app.reports.owner_words import month_name
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, a_past

SITES = (
    SiteUptime("Depot", Fraction(9_950, 100), Fraction(9_940, 100), Fraction(99), 0),
    SiteUptime("Harbour", Fraction(98), Fraction(97), Fraction(99), 3_600_000),
    SiteUptime("Mill", Fraction(9_950, 100), Fraction(98), Fraction(99), 0),
)
SOLD = Sold(12_000_000, 400, Decimal("5880.00"))


R = RecoveredShare(Decimal("0.25"), True, Decimal("0.1"), Decimal("0.4"))


def line(n: int, exact: str) -> Line:
    return Line(f"fault:{n}", MIDNIGHT, Decimal(1), "h", Decimal(exact), Decimal(exact))


def book(period: str, lost: str, trips: str) -> Book:
    parts = [
        Part(
            Cost.LOST_REVENUE, period, "Depot", "S1", "offline", Confidence.MODELLED, "EUR", Nature.MARGIN,
            (line(1, lost),),
        ),
        Part(
            Cost.MAINTENANCE, period, "Depot", "S1", "repeat visit", Confidence.ASSUMED, "EUR", Nature.CASH,
            (line(2, trips),), assumptions=("maintenance.visit",),
        ),
        Part(
            Cost.EXPANSION, period, "Depot", "", "one more", Confidence.MODELLED, "EUR", Nature.MARGIN,
            missing="expansion.fixed",
        ),
    ]  # fmt: skip
    return Book(
        period, MIDNIGHT, MIDNIGHT + 30 * DAY, True, MIDNIGHT + 30 * DAY, "EUR", 0, 1, close(parts), (),
        (Ask("expansion.fixed", Cost.EXPANSION),), (), Counts(), (), (), (), (), (), R,
    )  # fmt: skip


@pytest.fixture
def two_months() -> Books:
    return Books((book("2026-09", "70.00", "30.00"), book("2026-10", "80.00", "40.00")))


def said(document: Document) -> str:
    return " ".join(block.text for block in document.blocks if isinstance(block, Sentence))


def test_a_month_without_history_says_so() -> None:
    report = owner_report(Books(()), "2026-09", SITES, SOLD, UTC, 0)
    assert said(report).startswith("Nothing was heard from a station in September 2026.")
    assert report.title == "Owner's report: September 2026"
    assert month_name("2026-01") == "January 2026"


def test_the_total_is_the_sum_of_the_seven_and_the_workbook_counts_it(two_months: Books) -> None:
    report = owner_report(two_months, "2026-10", SITES, SOLD, UTC, 0, "Brightway")
    seven = next(b for b in report.blocks if isinstance(b, Grid) and b.columns[0].title == "Cost")
    total = seven.rows[-1][4]
    assert isinstance(total, Formula)
    assert total.text == f"=SUM(E2:E{len(seven.rows)})"
    months = [row[4] for row in seven.rows[:-1] if isinstance(row[4], Decimal)]
    assert float(sum(months, Decimal(0))) == total.value
    assert said(report).startswith("October 2026 cost €120.00 more than it had to. That is €20.00 more than")
    expansion = next(row for row in seven.shown if row[0] == "Slowed expansion")
    assert expansion[1:5] == ("–", "–", "–", "not known yet")


def test_what_changed_is_drawn_and_adds_up_to_the_cent(two_months: Books) -> None:
    report = owner_report(two_months, "2026-10", SITES, SOLD, UTC, 0)
    year, causes, steps = (b for b in report.blocks if isinstance(b, Chart))
    assert causes.values == (80.0, 40.0)
    assert causes.labels == ("Lost revenue: no link", "Maintenance cost: repeat visit")
    assert steps.title == "Why does October 2026 differ from September 2026?"
    first, *between, last = (Decimal(str(value)) for value in steps.values)
    assert first + sum(between) == last == Decimal(120)
    assert year.values[-1] == 120.0


def test_the_networks_uptime_weighs_sites_by_what_was_in_service() -> None:
    sites = (
        SiteUptime("Large", Fraction(100), Fraction(100), Fraction(99), 0, 9 * HOUR),
        SiteUptime("Small", Fraction(90), Fraction(90), Fraction(99), 0, HOUR),
    )
    report = owner_report(Books((book("2026-10", "1.00", "1.00"),)), "2026-10", sites, SOLD, UTC, 0)
    figures = next(b for b in report.blocks if isinstance(b, Figures))
    assert figures.figures[3].value == "99.00%"


def test_plain_words_tell_what_left_the_bank_and_what_stands_beside(two_months: Books) -> None:
    words = said(owner_report(two_months, "2026-10", SITES, SOLD, UTC, 0))
    assert "Of the total €40.00 is cash out, €80.00 is margin not earned and €0.00 is time." in words
    assert "User churn is margin of the coming twelve months and stands beside the total" in words
    assert "fault:" not in words


def test_nothing_is_compared_with_a_month_in_which_history_began(two_months: Books) -> None:
    report = owner_report(two_months, "2026-10", SITES, SOLD, UTC, 0, began="2026-09")
    words = said(report)
    assert "History begins within September 2026, so there is nothing to compare it with yet." in words
    assert "more than September" not in words
    assert [b.title for b in report.blocks if isinstance(b, Chart) and b.kind == "bridge"] == []
    seven = next(b for b in report.blocks if isinstance(b, Grid) and b.total)
    assert seven.shown[-1][5:] == ("–", "–")


def test_a_report_of_the_past_knows_nothing_of_later_months(two_months: Books) -> None:
    report = owner_report(two_months, "2026-09", SITES, SOLD, UTC, 0)
    saves = next(b for b in report.blocks if isinstance(b, Grid) and b.columns[1].title == "What")
    assert [row[4] for row in saves.shown] == ["70.00", "30.00"]


def test_events_are_named_in_words_and_keep_their_key_in_the_workbook(two_months: Books) -> None:
    report = owner_report(two_months, "2026-10", SITES, SOLD, UTC, 0, evidence=two_months.month("2026-10"))
    events = next(b for b in report.blocks if isinstance(b, Grid) and b.columns[2].title == "Event")
    assert [row[2] for row in events.shown] == ["fault 1", "fault 2"]
    assert [row[2] for row in events.rows] == ["fault:1", "fault:2"]


def test_sites_that_missed_come_first_and_unproven_is_not_met(two_months: Books) -> None:
    report = owner_report(two_months, "2026-10", SITES, SOLD, UTC, 0)
    sites = next(b for b in report.blocks if isinstance(b, Grid) and b.columns[0].title == "Site")
    assert [(row[0], row[3]) for row in sites.shown] == [
        ("Harbour", "missed"), ("Depot", "met"), ("Mill", "not proven"),
    ]  # fmt: skip
    assert "2 of 3 sites missed their uptime target or could not prove it" in said(report)
    figures = next(b for b in report.blocks if isinstance(b, Figures))
    assert figures.figures[2].note == "€5,880.00, 400 sessions"


def test_annexes_are_chosen(two_months: Books) -> None:
    many = SITES * 4
    whole = owner_report(two_months, "2026-10", many, SOLD, UTC, 0, evidence=two_months.month("2026-10"))
    heads = [b.text for b in whole.blocks if isinstance(b, Heading) and b.annex]
    assert heads[-2:] == ["Annex A: uptime of every site", "Annex B: the events behind each cost"]
    assert whole.method
    assert "The lowest 9 of 12 sites; annex A has all." in said(whole)
    few = owner_report(two_months, "2026-10", SITES, SOLD, UTC, 0)
    assert "Annex A: uptime of every site" not in [b.text for b in few.blocks if isinstance(b, Heading)]
    short = owner_report(two_months, "2026-10", many, SOLD, UTC, 0, annexes=())
    assert not short.method
    assert "The lowest 9 of 12 sites." in said(short)
    assert not [b for b in short.blocks if isinstance(b, Heading) and b.text.startswith("Annex")]
    chart = next(b for b in whole.blocks if isinstance(b, Chart) and b.kind == "bars")
    assert chart.values == (100.0, 120.0)


def test_what_was_sold_and_each_sites_target(tmp_path: Path) -> None:
    window = (MIDNIGHT, MIDNIGHT + 10 * DAY)
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot", first_seen_ms=MIDNIGHT)
        past.session(1, "S1", MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR, 20_000)
        past.session(2, "S1", MIDNIGHT + DAY, MIDNIGHT + DAY + HOUR, 10_000)
        assert past.ask(sold_in, window, UTC) == Sold(30_000, 2, None)
        past.add(EntryRecord("price", "p", 1, 0, "ann", body='{"per_kwh":"0.50","currency":"EUR"}'))
        past.add(EntryRecord("site", "Depot", 1, 0, "ann", body='{"target":"97.5"}'))
        assert past.ask(sold_in, window, UTC) == Sold(30_000, 2, Decimal("15.0"))
        (site,) = past.ask(sites_of_month, window, UTC)
        assert (site.site, site.target) == ("Depot", Fraction(195, 2))

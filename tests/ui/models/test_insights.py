"""The words of insights: spans that are whole weeks, ranges that say what is clear, and what is not known."""

from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.analytics.costs.books import Books
from app.analytics.costs.expansion import Candidate, HourType, cases
from app.analytics.costs.lost_revenue import Place
from app.analytics.insights.answers import Offered
from app.analytics.insights.chosen import Chosen
from app.analytics.insights.peaks import SitePeak
from app.analytics.intervals import Share
from tests.ui import costings
from tests.ui import insight_answers as given
from tests.ui.pictures import NOW_MS
from ui.models import insight_makes, insight_payback, insight_peaks, insight_starts, insight_week
from ui.models.funnel import cause_words
from ui.models.insight_choice import NOTHING, Picked, compared, make_words, span_of, span_words

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = 86_400_000
THERE = Offered(("A", "B"), given.MAKES, 12, NOW_MS - 400 * DAY)
EVER = Chosen(0, NOW_MS)


def test_periods_are_whole_weeks_also_over_a_change_of_clocks() -> None:
    """Four weeks to the last Monday; the weeks before end where they begin."""
    span = span_of("w4", NOW_MS, ZONE)
    assert span_words(span, ZONE) == "14 Sep – 11 Oct"
    autumn = NOW_MS + 21 * DAY
    found = compared(Picked(period="w4"), THERE, autumn, ZONE)
    assert found.first_words == "5 Oct – 1 Nov"
    assert found.second is not None
    assert found.second.to_ms == found.first.from_ms
    assert found.first.to_ms - found.first.from_ms == 28 * DAY + 3_600_000


def test_it_is_said_when_history_begins_later() -> None:
    """A period that is not wholly known says from when it is."""
    young = replace(THERE, first_ms=NOW_MS - 10 * DAY)
    told = compared(Picked(), young, NOW_MS, ZONE).told
    assert told == "sessions only from 5 Oct · 12 stations"
    assert compared(Picked(), THERE, NOW_MS, ZONE).told == "4 whole weeks · 12 stations"


def test_weeks_before_history_are_nothing_to_compare_with() -> None:
    """They stood as weeks in which nobody tried, with 0.0 starts a day."""
    young = replace(THERE, first_ms=NOW_MS - 10 * DAY)
    found = compared(Picked(), young, NOW_MS, ZONE)
    assert found.second is None
    assert not found.second_words
    assert compared(Picked(against=NOTHING), young, NOW_MS, ZONE).told == found.told


def test_a_difference_that_may_be_chance_is_not_called_one() -> None:
    """Ten attempts against ten say nothing."""
    few = replace(given.starts(), well=Share(9, 10))
    less = replace(few, well=Share(8, 10))
    assert insight_starts.change(few, less).endswith("not clear")
    assert insight_starts.change(given.starts(), given.starts(True)).endswith("better than the second")
    assert cause_words("EVDisconnected") == "Car unplugged"
    assert cause_words("") == "Cause not known"
    assert cause_words("inferred") == "No end received"
    assert cause_words("never authorised") == "No card was accepted"


def test_the_busiest_hours_do_not_cross_midnight() -> None:
    """Three hours of one day."""
    hours = given.hours(False, "Europe/Amsterdam", NOW_MS)
    best = insight_week.busiest(hours.cells)
    assert best is not None
    assert insight_week.hours_words(best) == "Friday 16 to 19 h"
    nobody = replace(hours, cells=tuple(replace(c, starts=0, per_hour=0.0) for c in hours.cells))
    assert insight_week.busiest(nobody.cells) is None


def test_makes_that_are_not_clearly_apart_are_not_named() -> None:
    """Only a range wholly on one side of all is called worse or better."""
    card = insight_makes.card(given.makes(), None, given.starts())
    assert card.rows[0].reading == "worse"
    dull = replace(card, rows=tuple(replace(row, reading="not clear") for row in card.rows))
    assert insight_makes.answer(dull).strong == "Not clear yet."
    assert "worst first, few data weigh less" in insight_makes.answer(card).foot_quiet
    assert make_words(("", "", "")) == "Maker not told"


def test_pay_back_without_its_inputs_is_not_known_yet() -> None:
    """It names the most used site and asks for one input; a priced case has a range against the limit."""
    books = given.with_cases(costings.books(3), priced=False)
    shown = insight_payback.shown_map(books, EVER, None, {}, 60)
    assert shown is not None
    assert shown.asked == "expansion.fixed"
    assert insight_payback.answer(shown).strong.startswith("Not known yet")
    assert shown.rows[0].note == "2 × CCS 150 kW, 26 h full", "which of a site's connectors"
    priced = insight_payback.shown_map(given.with_cases(costings.books(3)), EVER, None, {}, 60)
    assert priced is not None
    assert priced.rows[0].reading == "pays"
    assert priced.period == "2026-09", "the running month is not over"
    none = insight_payback.shown_map(given.with_cases(costings.books(3)), Chosen(0, 1), None, {}, 60)
    assert none is None


@pytest.mark.parametrize("waits", [0.0, 0.6])
def test_an_idle_fee_is_counted_as_the_connector_is_and_may_serve_more(waits: float) -> None:
    """It was told as 84 of 8.3 drivers; where some wait, it counted those as lost who are not."""
    book = costings.books(3).months[-2]
    pool = Candidate(
        Place(book.period, "Depot", "", "EUR"), "Depot/CCS", 2, (HourType(120, 2.2, 1.5),), Decimal("8.20"),
        fixed=Decimal(60), capex=Decimal(9_500), stay_h=0.7, waits=waits,
    )  # fmt: skip
    books = Books((replace(book, cases=cases([pool], costings.HELD, Decimal("0.25"))),))
    rows = {}
    for idle in (0.01, 0.3, 0.6):
        shown = insight_payback.shown_map(books, EVER, None, {"Depot": idle}, 60)
        assert shown is not None
        rows[idle] = shown.rows[0]
    assert not rows[0.01].remedy
    few = insight_payback._few(rows[0.3].drivers)
    assert rows[0.3].remedy.endswith(f" of {few} served")
    assert " of " not in rows[0.6].remedy
    assert "60% of the time at the plug takes nothing" in insight_payback.said(rows[0.6], "EUR")


def test_a_peak_costs_nothing_known_without_a_demand_charge() -> None:
    """An en dash, never zero; with it the months add up."""
    peaks = (SitePeak("A", "2026-09", 100, 60), SitePeak("A", "2026-10", 80, 70))
    row = insight_peaks.rows(peaks, None, None)[0]
    assert (row.cost, row.above_kw, row.sum_kw) == (None, 40, 50)
    rate = Decimal("10")
    priced = insight_peaks.rows(peaks, (SitePeak("A", "2026-08", 130, 90),), rate)
    assert (priced[0].cost, priced[0].before) == (Decimal(400), 130)
    assert "500" in insight_peaks.answer(priced, rate, "EUR").foot


def test_what_only_the_second_set_has_stands_beside() -> None:
    """Two sites or two makes share no row: the second's are listed and marked, and change no answer."""
    peaks = insight_peaks.rows(
        (SitePeak("A", "2026-09", 100, 60),), (SitePeak("B", "2026-09", 900, 90),), None
    )
    assert {row.site: row.second for row in peaks} == {"A": False, "B": True}
    assert insight_peaks.answer(peaks, None, "EUR").strong.startswith("A: 100 kW")
    one, other = given.makes(), given.makes()
    apart = insight_makes.card(replace(one, rows=one.rows[1:]), replace(other, rows=other.rows[:1]), None)
    assert [row.second for row in apart.rows] == [False] * 5 + [True]
    assert "fails most" not in insight_makes.answer(apart).strong
    books = given.with_cases(costings.books(3))
    first, second = (Chosen(0, NOW_MS, (site,)) for site, *_ in given.SITES[:2])
    shown = insight_payback.shown_map(books, first, second, {}, 60)
    assert shown is not None
    assert [(row.name, row.second) for row in shown.rows] == [
        (given.SITES[0][0], False), (given.SITES[1][0], True),
    ]  # fmt: skip
    same = insight_payback.shown_map(books, EVER, replace(EVER, vendor="Helion"), {}, 60)
    assert same is not None
    assert all(row.before is None and not row.second for row in same.rows)


def test_a_time_without_stations_is_told_as_such() -> None:
    """ "No maker or model is known" stood there while three were offered to choose from."""
    card = insight_makes.card(given.makes(), None, None)
    assert insight_makes.answer(replace(card, rows=())).strong == "No station ran in this time."

"""A month's costs as a person reads them: to the cent, never across currencies, never invented."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.analytics.costs.assumptions import assumption_set
from app.analytics.costs.books import Books, book_of
from app.analytics.costs.kept import books_of
from app.analytics.costs.ledger import Claims, Confidence, Cost, Moved, Stream
from app.analytics.early_warnings import EarlyWarnings
from app.reports.exports import EXPORTS, Asked
from tests.app.analytics.costs.network import DAY, FEBRUARY, HOUR, NOW, UTC, Network, a_network
from tests.ui.costings import HELD, LAST, ZONE, books, facts
from tests.ui.pictures import NOW_MS
from ui.models.cost_actions import Done, actions, done_words
from ui.models.cost_answers import bank, chargers, evidence, moved, radar, saved
from ui.models.cost_month import month_view, note_of
from ui.models.cost_words import change_words, euro, input_of, short_euro
from ui.models.costs import ZERO, bridge, events, moved_words, natures_of, slices, total

COST, PERIOD, SITE, AMOUNT, CURRENCY, HOW = 0, 1, 2, 5, 6, 7


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """Two months of sessions, with failures and a fault in February."""
    with a_network(tmp_path) as found:
        found.every_day(FEBRUARY - 28 * DAY, 56)
        found.in_vain("D1", FEBRUARY + 10 * DAY + 14 * HOUR)
        found.in_vain("D2", FEBRUARY + 11 * DAY + 14 * HOUR)
        found.fault(1, "D1", FEBRUARY + 12 * DAY + 13 * HOUR, FEBRUARY + 12 * DAY + 19 * HOUR)
        yield found


def test_the_page_says_what_the_export_says_to_the_cent(network: Network) -> None:
    """Each row, each way of knowing and the total equal the sums of `forecourt export costs`."""
    known = network.past.ask(books_of, ["2026-01", "2026-02"], UTC, NOW, lambda token: f"P-{token}")
    view = month_view(known, "2026-02", UTC)
    assert view is not None
    asked = Asked(now_ms=NOW, from_ms=FEBRUARY, to_ms=NOW, zone=UTC, pseudonym=lambda token: f"P-{token}")
    exported = network.past.ask(lambda connection: list(EXPORTS["costs"].rows(connection, asked)))
    february = [row for row in exported if row[PERIOD] == "2026-02" and row[CURRENCY] == view.currency]
    assert february
    for row in view.rows:
        amounts = [
            Decimal(str(line[AMOUNT]))
            for line in february
            if line[COST] == row.cost and line[AMOUNT] is not None
        ]
        assert row.amount == (sum(amounts, ZERO) if amounts else None)
        for how, amount in row.shares:
            mine = [
                Decimal(str(r[AMOUNT]))
                for r in february
                if r[COST] == row.cost and r[HOW] == how and r[AMOUNT]
            ]
            assert amount == sum(mine, ZERO)
    inside = [r for r in february if r[COST] != Cost.CHURN and r[AMOUNT] is not None]
    assert view.whole == sum((Decimal(str(r[AMOUNT])) for r in inside), ZERO) > 0


def test_what_is_opened_adds_up_to_what_is_shown() -> None:
    """Causes, sites and lines of each cost add up to its row."""
    view = month_view(books(2), LAST, ZONE)
    assert view is not None
    for row in view.rows:
        parts = view.of(row.cost)
        for name in ("cause", "site", "station"):
            assert sum((one.amount or ZERO for one in slices(parts, name)), ZERO) == (row.amount or ZERO)
        assert sum((one.line.amount or ZERO for one in events(parts)), ZERO) == (row.amount or ZERO)
    assert sum(amount for _, amount in natures_of(view.parts)) == view.whole == total(view.parts)


def test_a_running_month_is_compared_with_the_same_days() -> None:
    """Not with the whole of September; without September's evidence with nothing."""
    known = books(2)
    september = known.months[0]
    view = month_view(known, LAST, ZONE, earlier=september)
    assert view is not None
    assert view.before_words == "1–15 September"
    assert view.before is not None
    assert ZERO < view.before < september.total()
    bare = month_view(known, LAST, ZONE)
    assert bare is not None
    assert (bare.before, bare.total_note) == (None, "nothing to compare with yet")


def test_a_month_that_is_over_is_compared_with_the_whole_one_before() -> None:
    view = month_view(books(3), "2026-09", ZONE)
    assert view is not None
    assert view.before == books(3).months[0].total()
    assert view.period_words == "September 2026"


def test_the_bridge_leads_from_one_total_to_the_other() -> None:
    """Its steps add up to the difference, to the cent; future margin is no step."""
    known = books(2)
    view = month_view(known, LAST, ZONE, earlier=known.months[0])
    assert view is not None
    assert view.before is not None
    steps = bridge(view.same, view.parts)
    assert sum((step.change for step in steps), view.before) == view.whole
    assert Cost.CHURN not in {step.cost for step in steps}
    assert [step.change for step in steps] == sorted((s.change for s in steps), reverse=True)


def test_churn_and_brand_wait_for_their_follow_up() -> None:
    """Pending is said with its day, and nothing is booked."""
    view = month_view(books(1), LAST, ZONE)
    assert view is not None
    row = next(row for row in view.rows if row.cost is Cost.CHURN)
    assert row.amount is None
    assert row.pending.startswith("pending until 31 Dec 2026")


def test_what_is_missing_is_asked_for_and_is_never_zero() -> None:
    """A peak without a demand charge has kilowatts and no money."""
    view = month_view(books(1), LAST, ZONE)
    assert view is not None
    row = next(row for row in view.rows if row.cost is Cost.DATA)
    assert "data.demand_charge" in row.missing
    peak = next(one for one in slices(view.of(Cost.DATA), "cause") if one.name == "avoidable peak")
    assert peak.amount is None
    asked = input_of("data.demand_charge", "EUR")
    assert (asked.unit, asked.intent("11.50", "EUR").body) == ("€ per kW and month", {"value": "11.50"})
    priced = book_of(facts(LAST), assumption_set((), {"data.demand_charge": "11.50"}), NOW_MS)
    after = month_view(Books((priced,)), LAST, ZONE)
    assert after is not None
    known = next(one for one in slices(after.of(Cost.DATA), "cause") if one.name == "avoidable peak")
    assert known.amount == Decimal("195.50")


def test_a_price_is_asked_for_with_one_number() -> None:
    """It is written down as a price that holds everywhere."""
    intent = input_of("price", "GBP").intent("0.59", "GBP")
    assert (intent.kind, intent.body["per_kwh"], intent.body["currency"]) == ("price", "0.59", "GBP")


def test_currencies_are_never_added() -> None:
    """Parts in pounds are shown apart, and the choice of a currency is offered."""
    book = books(1).months[0]
    pounds = tuple(
        replace(part, currency="GBP") if part.site == "Breda Princenhage" else part for part in book.parts
    )
    mixed = Books((replace(book, parts=pounds),))
    euros, sterling = (month_view(mixed, LAST, ZONE, currency=c) for c in ("EUR", "GBP"))
    assert euros is not None
    assert sterling is not None
    assert euros.others == ("GBP",)
    assert euros.whole + sterling.whole == total(book.parts)
    assert sterling.whole > 0


def test_a_site_is_told_alone() -> None:
    """The sites add up to the network."""
    known = books(1)
    sites = {part.site for part in known.months[0].parts}
    views = [month_view(known, LAST, ZONE, site=site) for site in sites]
    assert sum((view.whole for view in views if view is not None), ZERO) == known.months[0].total()


def test_a_month_that_is_not_computed_is_none_and_leaves_a_gap() -> None:
    known = books(12, missing=("2026-08",))
    assert month_view(known, "2026-08", ZONE) is None
    view = month_view(known, LAST, ZONE)
    assert view is not None
    assert view.short == 1
    assert dict(view.months)["2026-08"] is None
    assert view.rows[0].trend[-3] is None


def test_what_was_asked_for_twice_is_told_once() -> None:
    """Where it stands and where it does not stand again."""
    claims = Claims()
    claims.take(Stream.VISIT_MARGIN, "session:7", Cost.LOST_REVENUE, Decimal("9.60"))
    claims.take(Stream.VISIT_MARGIN, "session:7", Cost.DATA, Decimal("0.58"))
    assert moved_words(claims.moved, "EUR") == (
        "a visit's margin, €0.58: stands in Lost revenue, not again in Missed data",
    )
    book = replace(books(1).months[0], moved=tuple(claims.moved))
    assert moved(book, "EUR").rows[0].cells[2].text == "Lost revenue"
    assert isinstance(claims.moved[0], Moved)


def test_actions_come_with_what_they_would_save_and_did_save() -> None:
    """The dearest cause first, with its range; a done one is told apart."""
    known = books(6)
    view = month_view(known, "2026-09", ZONE)
    assert view is not None
    found = actions(view.book, Cost.MAINTENANCE, view.of(Cost.MAINTENANCE))
    assert found[0].expected == max(one.expected or ZERO for one in found)
    assert "would save" in found[0].words("EUR").lower()
    done = {found[0].key: Done(found[0].title, NOW_MS)}
    left = actions(view.book, Cost.MAINTENANCE, view.of(Cost.MAINTENANCE), done=done)
    assert found[0].key not in {one.key for one in left}
    (told,) = done_words(known, Cost.MAINTENANCE, done, "EUR", ZONE)
    assert "not clear yet, 0 whole months after it" in told


def test_recovery_is_told_with_what_it_saved_and_its_range() -> None:
    view = month_view(books(2), "2026-09", ZONE)
    assert view is not None
    found = actions(view.book, Cost.LOST_REVENUE, view.of(Cost.LOST_REVENUE))
    recovery = next(one for one in found if one.saved is not None)
    assert recovery.words("EUR").startswith("Did save €")
    assert recovery.saved_range is not None
    assert recovery.saved_range[0] <= (recovery.saved or ZERO) <= recovery.saved_range[1]


def test_each_answer_answers_its_question() -> None:
    known = books(12)
    view = month_view(known, LAST, ZONE)
    assert view is not None
    cash = bank(view, ZONE)
    paid = dict(natures_of(view.parts))
    assert euro(next(v for n, v in paid.items() if n == "cash out"), "EUR") in cash.told
    dearest = chargers(known, "EUR")
    assert dearest.told.startswith(f"{dearest.rows[0].key} cost most in 12 months")
    risk = radar(view.book, NOW_MS, ZONE)
    assert len(risk.rows) == 6
    assert risk.rows[0].cells[0].text.startswith("Driver ")
    assert risk.rows[0].route == "driver"
    assert "where it is clear" in saved(known, "EUR").told
    lines = evidence(events(view.of(Cost.LOST_REVENUE)), ZONE, "EUR")
    assert len(lines.table()) == len(lines.rows) + 1


def test_words_and_numbers() -> None:
    """Unknown is a dash; a change without a past is unknown too."""
    assert euro(None, "EUR") == "–"
    assert euro(Decimal("-3.5"), "EUR") == "−€3.50"
    assert short_euro(Decimal(5701), "EUR") == "€5.7k"
    assert (change_words(None), change_words(0.06), change_words(-0.31)) == ("–", "+6%", "−31%")
    assert (change_words(8.99), change_words(14.27)) == ("+899%", "×15")
    book = replace(books(1).months[0], revenue_not_margin=("Depot",))
    assert "revenue, not margin" in note_of(Cost.LOST_REVENUE, book)
    assert HELD.number == 0
    assert Confidence.MEASURED.value == "measured"


def test_early_warnings_are_told_beside_the_cost_of_maintenance_only() -> None:
    """What none came of is left out; nothing is said before it was counted."""
    book = books(1).months[0]
    for told, words in (
        (EarlyWarnings(3, 1, 2, 4), "3 taken, 1 missed, 2 wait for their 30 days, 4 came to nothing."),
        (EarlyWarnings(0, 2), "Early warnings: 0 taken, 2 missed."),
        (EarlyWarnings(pending=1), "Early warnings: 1 waits for its 30 days."),
        (EarlyWarnings(), "No early warning came."),
    ):  # fmt: skip
        assert note_of(Cost.MAINTENANCE, book, early=told).endswith(words)
        assert "arly warning" not in note_of(Cost.BRAND, book, early=told)
    assert note_of(Cost.MAINTENANCE, book) == ""


def test_nothing_is_compared_with_a_month_in_which_history_began() -> None:
    """Thirteen months were asked for and there are two: the first is not whole."""
    known = books(2)
    view = month_view(known, LAST, ZONE, earlier=known.months[0], asked=13)
    assert view is not None
    assert view.before is None
    assert {row.change for row in view.rows} == {None}

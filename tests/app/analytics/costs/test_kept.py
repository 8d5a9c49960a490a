"""What is kept of months holds as long as nothing changed, and pages get it without their evidence."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.analytics.costs.asked import coverage, deliveries, warranty, warranty_rows
from app.analytics.costs.books import Books
from app.analytics.costs.kept import (
    _squeezed,
    computed,
    due_months,
    evidence_of,
    facts_kept,
    known_months,
    rates_of,
    shown_books,
)
from app.analytics.costs.ledger import Cost
from app.analytics.costs.questions import actions, bridge, saved_by
from app.analytics.costs.statements import compared, issued, statement_body
from app.domain.records import EntryRecord
from app.store.cost_months import keep_month
from tests.app.analytics.costs.network import DAY, FEBRUARY, HOUR, NOW, UTC, Network, a_network

NOON = FEBRUARY + 10 * DAY + 14 * HOUR


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with a_network(tmp_path) as found:
        found.every_day(FEBRUARY - 28 * DAY, 56)
        found.in_vain("D1", NOON)
        found.in_vain("D2", NOON + DAY)
        yield found


def keep(network: Network, period: str = "2026-02", now_ms: int = NOW) -> None:
    facts = network.facts(period, now_ms)
    held = network.past.ask(rates_of)
    row = network.past.ask(computed, period, UTC, now_ms, facts, held)
    network.past.writer.call(lambda group: keep_month(group, row))


def shown(network: Network) -> Books:
    books: Books = network.past.ask(shown_books, ("2026-01", "2026-02"), UTC)
    return books


def test_a_kept_month_is_what_would_be_computed(network: Network) -> None:
    keep(network)
    assert network.past.ask(evidence_of, "2026-02", UTC).parts == network.book().parts
    assert shown(network).missing == ("2026-01",)
    assert shown(network).month("2026-02").parts == network.book().parts
    bare = network.past.ask(shown_books, ("2026-02",), UTC, 0).months[0]
    assert [part.lines for part in bare.parts] == [() for _ in bare.parts]
    assert bare.total() == network.book().total() > 0


def test_a_page_of_another_version_is_computed_anew(network: Network) -> None:
    keep(network)
    strange = network.past.ask(computed, "2026-02", UTC, NOW, network.facts(), network.past.ask(rates_of))
    strange = strange._replace(page=_squeezed({"period": "2026-02"}), mark="other")
    network.past.writer.call(lambda group: keep_month(group, strange))
    assert shown(network).missing == ("2026-01", "2026-02")
    assert network.past.ask(evidence_of, "2026-02", UTC) is None
    assert network.past.ask(due_months, ["2026-02"], UTC, NOW) == ["2026-02"]


def test_it_holds_until_history_or_what_was_written_down_changes(network: Network) -> None:
    keep(network)
    assert network.past.ask(due_months, ["2026-02"], UTC, NOW) == []
    network.charge("D1", NOON + 3 * HOUR)
    assert network.past.ask(due_months, ["2026-02"], UTC, NOW) == ["2026-02"]
    keep(network)
    assert network.past.ask(due_months, ["2026-02"], UTC, NOW) == []
    network.write("price", "all", 2, per_kwh="0.60", currency="EUR")
    assert network.past.ask(due_months, ["2026-02"], UTC, NOW) == ["2026-02"]


def test_a_changed_rate_prices_the_kept_facts_anew(network: Network) -> None:
    keep(network)
    network.write("assumption", "revenue.recovered_share", value="0.5")
    assert network.past.ask(due_months, ["2026-02"], UTC, NOW) == ["2026-02"]
    assert list(network.past.ask(facts_kept, ["2026-02"], UTC, NOW)) == ["2026-02"]
    assert shown(network).stale == ("2026-02",)
    before = shown(network).month("2026-02")
    after = network.book()
    assert before is not None
    assert (before.assumption_set, after.assumption_set) == (0, 1)
    assert (before.total(), after.total()) == (Decimal("9.00"), Decimal("6.00"))


def test_months_with_history_and_those_that_begin_in_a_span(network: Network) -> None:
    assert network.past.ask(known_months, UTC, NOW) == ("2026-01", "2026-02", "2026-03")
    assert network.past.ask(known_months, UTC, NOW, FEBRUARY, FEBRUARY + 1) == ("2026-02",)


def test_evidence_adds_up_to_what_it_is_evidence_of(network: Network) -> None:
    keep(network)
    found = network.past.ask(evidence_of, "2026-02", UTC)
    (part,) = (one for one in found.parts if (one.cost, one.station) == (Cost.LOST_REVENUE, "D1"))
    assert len(part.lines) == 1
    assert part.amount == sum(line.amount for line in part.lines) == Decimal("4.50")
    assert network.past.ask(evidence_of, "2026-05", UTC) is None


def test_the_steps_of_a_bridge_add_up_to_the_difference(network: Network) -> None:
    network.write("credit", "1", station="D1", at_ms=FEBRUARY - 5 * DAY, amount="25.00", currency="EUR")
    january, february = network.book("2026-01"), network.book("2026-02")
    steps = bridge(january, february, "EUR", most=1)
    assert sum(step.change for step in steps) == february.total() - january.total()
    assert steps[0].cost is Cost.BRAND
    assert steps[0].change == Decimal("-25.00")


def test_the_actions_that_would_save_most_and_what_they_did_save(network: Network) -> None:
    for n in range(3):
        network.in_vain("D1", FEBRUARY + n * DAY + 15 * HOUR)
        network.in_vain("D1", FEBRUARY - 20 * DAY + n * DAY + 15 * HOUR)
    books = Books((network.book("2026-01"), network.book("2026-02")))
    first = actions(books, "EUR")[0]
    assert (first.station, first.do, first.events) == ("D1", "mend", 7)
    # Seven visits of 6.00 in two months, less a quarter who come back, and one in whose place others charge.
    assert first.expected == Decimal("15.64")
    assert first.low < first.expected < first.high
    assert not actions(books, "EUR", done=[first.key]) or actions(books, "EUR", done=[first.key])[0] != first
    told = saved_by(books, first.key, FEBRUARY, "EUR")
    assert (told.months, told.clear, told.saved) == (1, False, None)


def test_what_was_issued_stands_beside_what_is_known_later(network: Network) -> None:
    book = network.book()
    number, body = network.past.ask(statement_body, book, NOW)
    assert number == 1
    (statement,) = issued([_entry(body)])
    assert not any(one.changed for one in compared(statement, book))
    network.in_vain("D1", NOON + 5 * DAY)
    later = network.book()
    total = compared(statement, later)[0]
    assert (total.issued, total.now, total.changed) == (Decimal("9.00"), Decimal("13.50"), True)


def _entry(body: dict[str, object]) -> EntryRecord:
    import json

    return EntryRecord("statement", "2026-02/1", 1, NOW, "ann", "", json.dumps(body))


def test_a_makers_faults_with_evidence_and_dates(network: Network) -> None:
    network.fault(1, "D1", NOON, NOON + 2 * HOUR)
    network.fault(2, "D2", NOON, NOON + HOUR)
    network.fault(3, "D1", NOON, NOON + HOUR, rule="offline")
    network.line(1, 1, NOON, "station", "began")
    network.write("purchase", "D2", bought="2020-01-01", warranty_until="2022-01-01")
    pack = network.past.ask(warranty, "UTC", "Maker", FEBRUARY, NOW, NOW)
    assert [owed.fault.fault for owed in pack.faults] == [1]
    assert pack.unknown == ("D1",)
    (row,) = warranty_rows(pack)
    assert row[0] == "D1"
    assert "not known" in row
    network.write("purchase", "D1", bought="2025-01-01", warranty_until="2027-01-01")
    (row,) = warranty_rows(network.past.ask(warranty, "UTC", "Maker", FEBRUARY, NOW, NOW))
    assert "yes" in row


def test_how_complete_the_data_is_by_station_and_week(network: Network) -> None:
    from app.analytics.day_cache import due

    rows = network.past.ask(due, FEBRUARY + 20 * DAY, "UTC")
    network.past.writer.call(lambda group: group.write_days(rows))
    found = network.past.ask(coverage, "UTC", FEBRUARY + 20 * DAY, 4)
    assert [one.station for one in found.stations] == ["D1", "D2"]
    assert len(found.starts_ms) == 4
    assert found.stations[0].weeks[1] == pytest.approx(1.0)


def test_days_from_delivery_to_the_first_session_that_earned(network: Network) -> None:
    network.write("purchase", "D1", bought="2025-11-01", delivered="2025-12-25")
    network.write("purchase", "D2", bought="2025-11-01", delivered="soon")
    (one,) = network.past.ask(deliveries, "UTC", NOW)
    assert (one.station, one.site) == ("D1", "Depot")
    assert one.days == pytest.approx(10.33, abs=0.01)

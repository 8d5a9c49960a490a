"""From events to a ledger: what happened is found, priced once, and told with its evidence."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.analytics.costs.assumptions import assumption_set
from app.analytics.costs.books import Book
from app.analytics.costs.ledger import Confidence, Cost, Part
from app.analytics.costs.month import recovered_share, unseen_share
from app.domain.ids import StationId
from app.domain.records import CommandRecord, Flag
from tests.app.analytics.costs.network import DAY, FEBRUARY, HOUR, MINUTE, NOW, Network, a_network

D = Decimal
NOON = FEBRUARY + 10 * DAY + 14 * HOUR


@pytest.fixture
def network(tmp_path: Path) -> Any:
    with a_network(tmp_path) as found:
        found.every_day(FEBRUARY - 28 * DAY, 56)
        yield found


def parts(book: Book, cost: Cost, cause: str = "") -> list[Part]:
    return [part for part in book.parts if part.cost is cost and cause in part.cause]


def amount(found: list[Part]) -> Decimal:
    return sum((part.amount or D(0) for part in found), D(0))


def test_a_quiet_month_costs_nothing(network: Network) -> None:
    book = network.book()
    assert book.total() == 0
    assert not parts(book, Cost.LOST_REVENUE)
    assert book.counts.sessions == 56
    assert book.counts.visits_failed == 0


def test_a_visit_in_vain_costs_a_visits_margin_less_who_comes_back(network: Network) -> None:
    """20 kWh at 0.50 less 0.20 is 6.00; a quarter comes back as long as nobody told otherwise."""
    network.in_vain("D1", NOON)
    (part,) = parts(network.book(), Cost.LOST_REVENUE)
    assert part.amount == D("4.50")
    assert part.cause == "start failed: never authorised"
    assert part.assumptions == ("revenue.recovered_share",)
    assert part.lines[0].object == f"visit:D1/{NOON}"
    assert part.low == 0
    assert part.high is not None
    assert part.high > D("6.00")


def test_a_visit_in_vain_costs_less_where_the_next_would_have_found_all_taken(
    network: Network,
) -> None:
    network.charge("D2", NOON - 30 * MINUTE, token="D2-1")
    network.in_vain("D1", NOON)
    network.in_vain("D1", NOON + DAY)
    book = network.book()
    (part,) = parts(book, Cost.LOST_REVENUE)
    busy, alone = sorted(part.lines, key=lambda line: line.at_ms)
    assert busy.exact < alone.exact
    assert "of it lost, as others may have charged in its place" in busy.note


def test_one_more_connector_would_be_used_as_much_where_a_pool_was_broken_for_weeks(
    tmp_path: Path,
) -> None:
    """Both stations were out for the second half of the month; demand did not halve."""
    starts = []
    for days, out in ((28 + 14, True), (28 + 28, False)):
        folder = tmp_path / str(days)
        folder.mkdir()
        with a_network(folder) as network:
            network.every_day(FEBRUARY - 28 * DAY, days)
            for n, name in enumerate(("D1", "D2") if out else ()):
                network.fault(n, name, FEBRUARY + 14 * DAY, FEBRUARY + 28 * DAY)
            (one,) = network.facts().candidates
            starts.append(sum(h.hours * h.starts for h in one.hours) / sum(h.hours for h in one.hours))
    assert starts[0] == pytest.approx(starts[1], rel=0.12)


def test_who_found_all_taken_comes_back_as_regulars_do_who_did_not_stop_coming(network: Network) -> None:
    """Who failed at their second visit never came again; regulars were back within a day, every time."""
    for n in range(12):
        network.charge("D1", NOON + (n - 13) * DAY, token=f"NEW-{n}")
        network.in_vain("D1", NOON + n * DAY, token=f"NEW-{n}")
        network.in_vain("D1", NOON + n * DAY + 2 * HOUR, token=f"D1-{(n + 3) % 7}")
        network.charge("D1", NOON + n * DAY + 6 * HOUR, token=f"D1-{(n + 3) % 7}")
    network.fault(1, "D2", FEBRUARY + DAY, FEBRUARY + 8 * DAY)
    facts = network.facts()
    assert facts.recovered.share < facts.stayed.share
    assert facts.stayed.of >= 10
    held = assumption_set([])
    outage, visits = unseen_share(facts, held), recovered_share(facts, held)
    assert (outage.assumed, visits.assumed) == (False, False)
    (part,) = parts(network.book(), Cost.LOST_REVENUE, "connector_fault")
    gross = sum((one.exact for one in facts.faults), D(0))
    assert part.exact == pytest.approx(gross * (1 - outage.share))


def test_a_silence_that_may_be_chance_costs_little_until_somebody_confirms_it(tmp_path: Path) -> None:
    """With a start a day, four days without one happen now and then, and twelve do not."""
    lost = {}
    for days in (4, 12):
        for detail in ("{}", '{"confirmed": true}'):
            folder = tmp_path / f"{days}{len(detail)}"
            folder.mkdir()
            with a_network(folder) as network:
                network.every_day(FEBRUARY - 28 * DAY, 56)
                over = FEBRUARY + 9 * DAY + days * DAY
                network.fault(1, "D1", FEBRUARY + 9 * DAY, over, rule="silence", detail=detail)
                lost[days, detail] = amount(parts(network.book(), Cost.LOST_REVENUE, "silence"))
    assert lost[4, "{}"] < lost[4, '{"confirmed": true}'] / 2
    assert lost[12, "{}"] > lost[12, '{"confirmed": true}'] * D("0.9")


def test_a_place_to_which_nobody_came_is_not_taken_for_two_broken_connectors(tmp_path: Path) -> None:
    lost = []
    for silent in (("D1",), ("D1", "D2")):
        folder = tmp_path / str(len(silent))
        folder.mkdir()
        with a_network(folder) as network:
            network.every_day(FEBRUARY - 28 * DAY, 37)
            for n, name in enumerate(silent, 1):
                over = FEBRUARY + 21 * DAY + n * HOUR
                network.fault(n, name, FEBRUARY + 9 * DAY, over, rule="silence")
            lost.append(amount(parts(network.book(), Cost.LOST_REVENUE, "silence")))
    assert lost[0] > 0
    assert lost[1] == 0


def test_a_month_is_the_same_whichever_were_asked_before(tmp_path: Path) -> None:
    with a_network(tmp_path) as network:
        network.every_day(FEBRUARY - 14 * DAY, 40)
        network.charge("D1", FEBRUARY + 11 * HOUR, 3_000, hours=0.2, stop_reason="PowerLoss")
        network.fault(1, "D1", FEBRUARY + DAY + 11 * HOUR, FEBRUARY + DAY + 14 * HOUR, rule="offline")
        assert network.book().parts == network.book(before=("2026-01",)).parts


def test_many_visits_are_known_better_than_one(network: Network) -> None:
    for n in range(20):
        network.in_vain("D1", NOON + n * DAY // 2)
    (part,) = parts(network.book(), Cost.LOST_REVENUE)
    assert part.amount is not None
    assert part.low is not None
    assert part.low > part.amount * D("0.3")


def test_who_charges_at_the_next_plug_at_once_is_not_lost(network: Network) -> None:
    network.in_vain("D1", NOON)
    network.charge("D2", NOON + 5 * MINUTE)
    assert not parts(network.book(), Cost.LOST_REVENUE)


def test_who_pays_by_cards_made_for_one_payment_has_another_at_the_next_plug(network: Network) -> None:
    network.in_vain("D1", NOON, token="ONCE-1")
    network.charge("D2", NOON + 5 * MINUTE, token="ONCE-2")
    assert not parts(network.book(), Cost.LOST_REVENUE)


def test_a_regular_at_the_next_plug_is_not_who_failed_with_a_card_made_for_one_payment(
    network: Network,
) -> None:
    network.charge("D2", NOON - 2 * DAY, token="REGULAR")
    network.in_vain("D1", NOON, token="ONCE-1")
    network.charge("D2", NOON + 5 * MINUTE, token="REGULAR")
    (part,) = parts(network.book(), Cost.LOST_REVENUE)
    assert len(part.lines) == 1


def test_a_card_that_was_rightly_refused_is_no_loss(network: Network) -> None:
    from app.domain.records import NoticeRecord

    detail = '{"token": "THIEF"}'
    network.past.add(NoticeRecord(StationId("D1"), NOON, NOON, "token", "Blocked", detail))
    book = network.book()
    assert not parts(book, Cost.LOST_REVENUE)
    assert book.counts.cards_refused == 1


def test_a_session_that_was_cut_costs_what_it_did_not_deliver(network: Network) -> None:
    """It got 5 of the usual 20 kWh: 15 kWh at 0.30, less who comes back; nobody came back here."""
    network.charge("D1", NOON - 3 * DAY)
    number = network.charge("D1", NOON, 5_000, hours=0.25, stop_reason="PowerLoss")
    book = network.book()
    (part,) = parts(book, Cost.LOST_REVENUE)
    (line,) = part.lines
    assert line.object == f"session:{number}"
    assert line.quantity == pytest.approx(D("14.74"), abs=D("0.3"))
    assert book.recovered.share < D("0.25")
    expected = line.quantity * D("0.30") * (1 - book.recovered.share)
    assert part.amount == expected.quantize(D("0.01"))


def test_an_outage_is_priced_by_the_demand_of_its_hours(network: Network) -> None:
    network.fault(1, "D1", FEBRUARY + 9 * DAY + 570 * MINUTE, FEBRUARY + 10 * DAY + 450 * MINUTE)
    (part,) = parts(network.book(), Cost.LOST_REVENUE, "connector_fault")
    assert part.confidence is Confidence.MODELLED
    assert part.lines[0].object == "fault:1"
    assert part.lines[0].quantity == D("22.0")
    assert part.amount is not None
    assert part.high is not None
    assert 0 < part.amount < D("9.00")
    assert part.amount < part.high


def test_a_fault_over_the_edge_of_a_month_is_parted_there(network: Network) -> None:
    network.fault(1, "D1", FEBRUARY - 3 * HOUR, FEBRUARY + 2 * HOUR)
    january, february = (
        parts(network.book(period), Cost.LOST_REVENUE, "connector") for period in ("2026-01", "2026-02")
    )
    assert [p.lines[0].quantity for p in (*january, *february)] == [D("3.0"), D("2.0")]


def test_who_fails_while_a_priced_outage_stands_is_not_counted_twice(network: Network) -> None:
    network.fault(1, "D1", NOON - HOUR, NOON + HOUR)
    network.in_vain("D1", NOON)
    found = parts(network.book(), Cost.LOST_REVENUE)
    assert {part.cause for part in found} == {"connector_fault"}


def test_a_fault_that_takes_nothing_out_is_named_as_the_cause(network: Network) -> None:
    network.fault(7, "D1", NOON - HOUR, NOON + HOUR, rule="firmware_regression")
    network.in_vain("D1", NOON)
    network.in_vain("D2", NOON)
    found = {part.cause: part for part in parts(network.book(), Cost.LOST_REVENUE)}
    named = found["firmware_regression: visits in vain"]
    assert named.station == "D1"
    assert named.lines[0].note == "start failed: never authorised, fault 7"
    assert found["start failed: never authorised"].station == "D2"


def test_a_station_that_charged_while_it_could_not_be_heard_lost_nothing(network: Network) -> None:
    network.charge("D1", NOON, flags=(Flag.OFFLINE,))
    network.fault(1, "D1", NOON - HOUR, NOON + 3 * HOUR, rule="offline")
    assert not parts(network.book(), Cost.LOST_REVENUE, "offline")
    network.fault(2, "D2", NOON - HOUR, NOON + 3 * HOUR, rule="offline")
    (part,) = parts(network.book(), Cost.LOST_REVENUE, "offline")
    assert part.low == 0


def test_energy_that_nobody_can_be_billed_for_is_measured(network: Network) -> None:
    network.charge("D1", NOON, 12_000, token="X", flags=(Flag.TOKEN_REFUSED,))
    (part,) = parts(network.book(), Cost.LOST_REVENUE, "not billed")
    assert part.confidence is Confidence.MEASURED
    assert part.amount == D("6.00")


def test_energy_that_cannot_be_proved_is_missed_data(network: Network) -> None:
    """The price of the usual 20 kWh, and 6 % of such sessions end in a dispute."""
    number = network.charge("D1", NOON, None)
    (part,) = parts(network.book(), Cost.DATA, "not provable")
    assert part.amount == D("0.60")
    assert part.confidence is Confidence.ASSUMED
    assert part.lines[0].object == f"session:{number}"


def test_a_command_given_twice_within_the_hour_wastes_minutes(network: Network) -> None:
    for n, at in ((1, NOON), (2, NOON + 10 * MINUTE), (3, NOON + 3 * HOUR)):
        network.past.add(CommandRecord(n, StationId("D1"), "Reset", "ann", "stuck", at, '{"type":"Soft"}'))
    (part,) = parts(network.book(), Cost.MANPOWER)
    assert part.cause == "repeated command"
    assert [line.object for line in part.lines] == ["command:2"]
    assert part.amount == D("2.80")
    assert part.minutes == 6


def test_a_correction_takes_useful_work_out(network: Network) -> None:
    for n, at in ((1, NOON), (2, NOON + 10 * MINUTE)):
        network.past.add(CommandRecord(n, StationId("D1"), "Reset", "ann", "stuck", at))
    network.write("manpower", "command:2", minutes="0")
    assert not parts(network.book(), Cost.MANPOWER)


def test_an_alarm_somebody_looked_at_that_needed_nothing(network: Network) -> None:
    network.fault(1, "D1", NOON, NOON + HOUR, rule="flapping_link")
    network.line(1, 1, NOON + MINUTE, "person", "acknowledge")
    (part,) = parts(network.book(), Cost.MANPOWER)
    assert part.cause == "nuisance alarm"
    assert part.minutes == D("3.5")
    network.line(1, 2, NOON + 2 * MINUTE, "person", "shelve")
    assert not parts(network.book(), Cost.MANPOWER)


def test_a_call_is_measured_by_its_own_clock(network: Network) -> None:
    network.write("call", "1", from_ms=NOON, to_ms=NOON + 12 * MINUTE, station="D1")
    book = network.book()
    (part,) = parts(book, Cost.MANPOWER)
    assert part.amount == D("5.60")
    assert book.counts.call_minutes == 12


def order(network: Network, number: str, at_ms: int, **visit: Any) -> None:
    told = {"at_ms": at_ms, "until_ms": at_ms + HOUR, "who": "bo", "minutes": 60, "result": "x"} | visit
    network.write(
        "work-order", number, station="D1", site="Depot", evse=1, cause="CX001", state="done",
        created_ms=at_ms - DAY, closed_ms=at_ms + HOUR, visits=[told],
    )  # fmt: skip


def test_a_second_visit_for_the_same_cause_within_30_days_is_a_repeat(network: Network) -> None:
    order(network, "WO-1", FEBRUARY - 5 * DAY)
    order(network, "WO-2", FEBRUARY + 10 * DAY, invoiced="99.00", currency="EUR")
    (part,) = parts(network.book(), Cost.MAINTENANCE)
    assert part.cause == "repeat visit"
    assert part.confidence is Confidence.MEASURED
    assert part.amount == D("99.00")
    assert not parts(network.book("2026-01"), Cost.MAINTENANCE)


def test_no_fault_found_costs_the_assumed_visit(network: Network) -> None:
    order(network, "WO-1", NOON, no_fault_found=True)
    (part,) = parts(network.book(), Cost.MAINTENANCE)
    assert (part.cause, part.amount, part.confidence) == ("no fault found", D("145.00"), Confidence.ASSUMED)


def test_a_part_paid_in_warranty_is_owed_by_the_maker(network: Network) -> None:
    order(network, "WO-1", NOON, parts=[{"name": "board", "amount": "320.00", "warranty": False}])
    assert not parts(network.book(), Cost.MAINTENANCE)
    network.write("purchase", "D1", bought="2025-03-01", warranty_until="2027-03-01")
    (part,) = parts(network.book(), Cost.MAINTENANCE)
    assert (part.cause, part.amount) == ("part paid in warranty", D("320.00"))


def test_goodwill_is_money_that_left_the_bank(network: Network) -> None:
    network.write("credit", "1", station="D1", at_ms=NOON, amount="25.00", currency="EUR")
    (part,) = parts(network.book(), Cost.BRAND)
    assert part.amount == D("25.00")
    assert part.nature == "cash out"


def test_hours_not_seen_are_hours_and_cost_nothing(network: Network) -> None:
    network.fault(1, "D1", NOON, NOON + 2 * HOUR, rule="offline")
    (part,) = parts(network.book(), Cost.DATA, "station not heard")
    assert part.lines[0].quantity == D("2.0")
    assert part.amount == 0


def test_a_peak_without_a_demand_charge_is_not_known_yet(network: Network) -> None:
    for minute in (0, 5):
        network.charge(("D1", "D2")[minute > 0], NOON + minute * MINUTE, 40_000, peak_power_w=50_000, hours=2)
    book = network.book()
    (part,) = parts(book, Cost.DATA, "avoidable peak")
    assert part.amount is None
    assert part.missing == "data.demand_charge"
    assert any(ask.key == "data.demand_charge" for ask in book.asks)
    network.write("assumption", "data.demand_charge", value="10.00")
    (part,) = parts(network.book(), Cost.DATA, "avoidable peak")
    assert part.amount is not None
    assert part.amount > 100


def test_without_a_price_there_are_hours_and_no_amount(tmp_path: Path) -> None:
    with a_network(tmp_path) as network:
        network.every_day(FEBRUARY - 28 * DAY, 56)
        network.past.add(*(record for kind in ("price", "energy-cost") for record in [_gone(kind)]))
        network.fault(1, "D1", NOON, NOON + 2 * HOUR)
        network.in_vain("D2", NOON)
        book = network.book()
        found = parts(book, Cost.LOST_REVENUE)
        assert {(p.cause, p.amount, p.missing) for p in found} == {
            ("connector_fault", None, "price"), ("start failed: never authorised", None, "price"),
        }  # fmt: skip
        assert book.total() == 0
        assert any(ask.key == "price" and ask.site == "Depot" for ask in book.asks)


def _gone(kind: str) -> Any:
    from app.domain.records import EntryRecord

    return EntryRecord(kind, "all", 2, FEBRUARY, "ann", "", "{}", True)


def test_without_an_energy_cost_it_is_revenue_and_says_so(network: Network) -> None:
    network.past.add(_gone("energy-cost"))
    network.in_vain("D1", NOON)
    book = network.book()
    assert amount(parts(book, Cost.LOST_REVENUE)) == D("7.50")
    assert book.revenue_not_margin == ("Depot",)
    assert any(ask.key == "energy-cost" for ask in book.asks)


def test_the_running_month_is_told_until_now(network: Network) -> None:
    book = network.book("2026-03")
    assert not book.over
    assert book.until_ms == NOW


def test_the_same_history_gives_the_same_book(network: Network) -> None:
    network.in_vain("D1", NOON)
    network.fault(1, "D2", NOON, NOON + 5 * HOUR)
    assert network.book() == network.book()

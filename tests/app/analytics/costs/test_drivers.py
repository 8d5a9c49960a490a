"""Newcomers, regulars who were hit, and who may not come again, told from a history of cards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.analytics.costs.churn import NOT_DISTINGUISHABLE, ChurnTest
from app.analytics.costs.drivers_log import Came, DriversLog, gaps_days
from app.analytics.costs.gather_drivers import came_back
from app.analytics.costs.ledger import Cost
from tests.app.analytics.costs.network import DAY, FEBRUARY, HOUR, MARCH, MINUTE, Network, a_network

LATE = MARCH + 150 * DAY


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with a_network(tmp_path) as found:
        yield found


def weekly(network: Network, card: str, first_ms: int, weeks: int, station: str = "D1") -> None:
    for week in range(weeks):
        network.charge(station, first_ms + week * 7 * DAY, token=card)


def test_a_regular_who_was_hit_and_stays_away_has_lapsed(network: Network) -> None:
    """Twenty come every week; ten of them are hit in February, and none of those comes again."""
    for n in range(20):
        first = FEBRUARY - 28 * DAY + 6 * HOUR + n * 30 * 60_000 * 2
        station = ("D1", "D2")[n % 2]
        hit = n < 10
        weekly(network, f"R{n}", first + (n % 7) * DAY, 5 if hit else 24, station)
        if hit:
            network.in_vain(station, FEBRUARY + 7 * DAY + (n % 7) * DAY + n * HOUR + 30 * 60_000, f"R{n}")
    (cohort,) = network.facts(now_ms=LATE).cohorts
    assert len(cohort.exposed) == 10
    assert all(one.lapsed for one in cohort.exposed)
    assert cohort.controls >= 10
    assert cohort.controls_lapsed < cohort.controls
    assert cohort.due_ms < LATE
    assert all(one.driver.startswith("P-R") for one in cohort.exposed)
    book = network.book(now_ms=LATE)
    assert sum(part.amount or 0 for part in book.parts if part.cost is Cost.CHURN) > 0
    assert book.churn_test is not None
    assert book.churn_test.clear
    assert book.total() < book.total(outside=True)


def regulars_of_two_sites(network: Network) -> None:
    """Ten of each site come every week; five of each are hit in February and never come again."""
    for n in range(20):
        name, site = ("D1", "Depot") if n < 10 else ("H1", "Harbour")
        network.past.station(name, site=site, first_seen_ms=FEBRUARY - 90 * DAY)
        hit = n % 2 == 0
        weekly(network, f"{site}-{n}", FEBRUARY - 28 * DAY + (n % 7) * DAY + n * HOUR, 5 if hit else 24, name)
        if hit:
            network.in_vain(name, FEBRUARY + 7 * DAY + (n % 7) * DAY + n * HOUR + 1_800_000, f"{site}-{n}")


def test_who_could_not_come_to_his_shut_site_did_not_leave(network: Network) -> None:
    """Harbour is dug up for two months after February; its drivers say nothing, those of the depot do."""
    regulars_of_two_sites(network)
    (open_,) = network.facts(now_ms=LATE).cohorts
    assert {one.driver[2:7] for one in open_.exposed} == {"Depot", "Harbo"}
    assert open_.censored == 0
    network.write(
        "exclusion", "works", site="Harbour", start_ms=MARCH - 5 * DAY, end_ms=MARCH + 60 * DAY,
        code="SITE_OWNER", evidence=["the owner's letter"],
    )  # fmt: skip
    (shut,) = network.facts(now_ms=LATE).cohorts
    assert {one.driver[2:7] for one in shut.exposed} == {"Depot"}
    assert shut.controls == open_.controls // 2
    assert shut.censored == 10
    book = network.book(now_ms=LATE)
    assert book.churn_test is not None
    assert book.churn_test.censored == 10


def test_a_night_or_one_broken_station_shuts_no_site(network: Network) -> None:
    regulars_of_two_sites(network)
    for day in range(60):
        at = MARCH + day * DAY
        network.write(
            "exclusion", f"n{day}", site="Harbour", start_ms=at, end_ms=at + 8 * HOUR, code="CLOSED_HOURS"
        )
    network.write(
        "exclusion", "one", site="Harbour", stations=["H1"], start_ms=MARCH, end_ms=MARCH + 60 * DAY,
        code="VANDALISM",
    )  # fmt: skip
    (cohort,) = network.facts(now_ms=LATE).cohorts
    assert cohort.censored == 0
    assert len(cohort.exposed) == 10


def test_who_comes_too_rarely_to_be_followed_to_the_end_is_left_out(network: Network) -> None:
    for n in range(4):
        for visit in range(4):
            network.charge("D1", FEBRUARY - 350 * DAY + visit * 115 * DAY + n * HOUR, token=f"RARE-{n}")
    weekly(network, "OFTEN", FEBRUARY - 28 * DAY, 9)
    network.in_vain("D2", FEBRUARY + 10 * DAY, "RARE-0")
    network.in_vain("D2", FEBRUARY + 11 * DAY, "OFTEN")
    cohorts = network.facts(now_ms=MARCH + 400 * DAY).cohorts
    assert [one.driver for cohort in cohorts for one in cohort.exposed if "RARE" in one.driver] == []


def test_churn_waits_until_those_who_were_not_hit_were_followed_too(network: Network) -> None:
    regulars_of_two_sites(network)
    (cohort,) = network.facts(now_ms=LATE).cohorts
    due = cohort.due_ms
    assert network.book(now_ms=due - DAY).churn_test is None
    before = network.book(now_ms=due).churn_test
    assert before == network.book(now_ms=due + 40 * DAY).churn_test


def test_the_power_of_the_test_is_stated() -> None:
    """H: with 64 exposed a rise from 12 to 22 % is seen about every second time."""
    assert ChurnTest(64, 8, 410, 49).power() == pytest.approx(0.45, abs=0.03)
    assert ChurnTest(640, 80, 4100, 490).power() == pytest.approx(1.0, abs=0.01)
    assert ChurnTest(0, 0, 410, 49).power() is None


def test_churn_is_pending_until_the_follow_up_is_over(network: Network) -> None:
    for n in range(3):
        weekly(network, f"R{n}", FEBRUARY - 28 * DAY + n * 2 * HOUR, 9, "D1")
    network.in_vain("D2", FEBRUARY + 5 * DAY, "R0")
    book = network.book(now_ms=MARCH + 5 * DAY)
    assert [p.cost for p in book.pending if p.cost is Cost.CHURN] == [Cost.CHURN]
    assert not [part for part in book.parts if part.cost is Cost.CHURN]


def test_few_drivers_show_nothing_and_say_so(network: Network) -> None:
    for n in range(6):
        weekly(network, f"R{n}", FEBRUARY - 28 * DAY + n * 2 * HOUR, 9, "D1")
    network.in_vain("D2", FEBRUARY + 5 * DAY, "R0")
    churned = [part for part in network.book(now_ms=LATE).parts if part.cost is Cost.CHURN]
    assert [part.amount for part in churned] == [0]
    assert {line.note for part in churned for line in part.lines} == {NOT_DISTINGUISHABLE}


def test_a_driver_enters_once_in_twelve_months(network: Network) -> None:
    weekly(network, "R", FEBRUARY - 60 * DAY, 20)
    network.in_vain("D2", FEBRUARY - 10 * DAY, "R")
    network.in_vain("D2", FEBRUARY + 10 * DAY, "R")
    assert [e.driver for e in network.facts("2026-01", LATE).cohorts[0].exposed] == ["P-R"]
    assert not [e for c in network.facts("2026-02", LATE).cohorts for e in c.exposed]


def test_a_newcomers_first_bad_visit_counts_once_his_follow_up_is_over(network: Network) -> None:
    network.every_day(FEBRUARY - 28 * DAY, 56)
    network.in_vain("D1", FEBRUARY + 5 * DAY + 15 * HOUR, "NEW")
    network.in_vain("D1", FEBRUARY + 6 * DAY + 15 * HOUR, "NEW")
    facts = network.facts(now_ms=LATE)
    assert [one.driver for one in facts.firsts] == ["P-NEW"]
    early = network.book(now_ms=MARCH + DAY)
    assert not [p for p in early.parts if p.cost is Cost.BRAND]
    assert [p.cost for p in early.pending if p.cost is Cost.BRAND]
    late = network.book(now_ms=LATE)
    assert [p.cause for p in late.parts if p.cost is Cost.BRAND] == [
        "first visit: nothing or too little charged"
    ]


def test_half_the_usual_power_is_a_bad_experience(network: Network) -> None:
    for week in range(9):
        slow = week == 6
        at = FEBRUARY - 28 * DAY + week * 7 * DAY
        for day in range(3):
            network.charge(
                "D1", at + day * DAY, token="R", peak_power_w=20_000 if slow and day == 2 else 50_000
            )
    facts = network.facts(now_ms=LATE)
    assert facts.counts.visits_failed == 0
    assert facts.counts.drivers_hit == 1


def test_a_second_session_right_after_a_good_one_is_no_second_try(network: Network) -> None:
    """Two vehicles on one card, one after the other."""
    network.charge("D1", FEBRUARY + DAY, token="R")
    network.charge("D1", FEBRUARY + DAY + HOUR + 3 * MINUTE, token="R")
    facts = network.facts(now_ms=LATE)
    assert (facts.counts.visits, facts.counts.drivers_hit) == (1, 0)
    network.in_vain("D1", FEBRUARY + 5 * DAY, "R", minutes=3)
    network.charge("D1", FEBRUARY + 5 * DAY + 8 * MINUTE, token="R")
    assert network.facts(now_ms=LATE).counts.drivers_hit == 1


def test_a_regular_who_is_silent_after_a_bad_visit_is_on_the_radar(network: Network) -> None:
    weekly(network, "R", FEBRUARY - 40 * DAY, 9)
    last = FEBRUARY - 40 * DAY + 8 * 7 * DAY
    network.in_vain("D2", last + 2 * HOUR, "R")
    book = network.book(now_ms=last + 12 * DAY)
    (one,) = book.at_risk
    assert one.driver == "P-R"
    assert one.bad == 1
    assert "the last one too" in one.why
    assert not network.book(now_ms=last + 2 * DAY).at_risk


def test_a_log_of_visits_gives_each_card_its_history_in_order() -> None:
    log = DriversLog()
    log.add((10, 20), [("A", "x", 12, True, False), ("", "x", 13, True, False), ("B", "y", 14, False, True)])
    log.add((0, 10), [("A", "x", 2, False, True)])
    found = {log.names()(card): came for card, came in log.between([(0, 10), (10, 20)]).items()}
    assert found["A"] == [Came(2, 0, False, True), Came(12, 0, True, False)]
    assert found["B"][0].bad
    log.forget(10)
    assert list(log.stretches) == [(0, 10)]
    assert list(gaps_days([Came(0, 0, True, False), Came(2 * DAY, 0, True, False)])) == [2.0]


GOOD, BAD, NO_MATTER = (True, False), (False, True), (False, False)
"""What a visit was: as wished, in vain, and rightly refused or not proved."""


def came(*visits: tuple[float, tuple[bool, bool]]) -> list[Came]:
    return [Came(round(FEBRUARY + day * DAY), 0, *how) for day, how in visits]


def test_who_comes_back_is_told_by_the_last_failure_of_a_day() -> None:
    back = came((0, GOOD), (2, BAD), (2.2, BAD), (2.5, GOOD))
    stayed_away = came((0, GOOD), (2, BAD), (3.2, GOOD))
    no_matter = came((0, GOOD), (2, NO_MATTER), (2.5, GOOD))
    everybody, _ = came_back([back, stayed_away, no_matter], MARCH, LATE)
    assert (everybody.of, everybody.back) == (2, 1)


def test_who_would_have_come_anyway_is_told_by_those_who_were_served() -> None:
    served = came((-9, GOOD), (0, GOOD), (0.5, GOOD), (3, GOOD), (6, GOOD))
    everybody, _ = came_back([served, came((-9, GOOD), (2, BAD))], MARCH, LATE)
    assert (everybody.of, everybody.back, everybody.base) == (1, 0, pytest.approx(1 / 4))


def test_cards_made_for_one_payment_do_not_tell_that_nobody_comes_back() -> None:
    known = came((0, GOOD), (5, BAD), (5.5, GOOD))
    passers_by = [came((n, BAD)) for n in range(20)]
    everybody, _ = came_back([known, *passers_by], MARCH, LATE)
    assert (everybody.of, everybody.back) == (1, 1)


def test_who_failed_within_a_day_is_awaited_and_later_visits_tell_only_who_came_again() -> None:
    failed = came((0, GOOD), (2, BAD), (2.5, GOOD))
    assert came_back([failed], MARCH, FEBRUARY + 3 * DAY - 1)[0].of == 0
    everybody, _ = came_back([failed], FEBRUARY + round(2.3 * DAY), LATE)
    assert (everybody.of, everybody.back, everybody.base) == (1, 1, 0.0)


def test_regulars_who_stopped_coming_tell_nothing_of_those_who_found_all_taken() -> None:
    regular = came((0, GOOD), (3, GOOD), (6, GOOD), (9, BAD), (9.5, GOOD))
    gone = came((0, GOOD), (3, GOOD), (6, GOOD), (9, BAD))
    second_time = came((-9, GOOD), (0, BAD), (0.5, GOOD))
    everybody, stayed = came_back([regular, gone, second_time], MARCH, LATE)
    assert (everybody.of, everybody.back) == (3, 2)
    assert (stayed.of, stayed.back) == (1, 1)

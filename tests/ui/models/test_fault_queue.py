"""The queue: money first, safety above all, children under their cause, and an order that holds still."""

from app.domain.fact import changed
from app.faults.views import FaultView, Money
from tests.ui.fault_scenes import GROUND, LOCK, fault, many, money, views
from tests.ui.histories import ZONE
from tests.ui.pictures import NOW_MS
from ui.models.fault_queue import FaultQueue, QueueRow, Wanted, money_band
from ui.models.fault_rows import RowWords, fault_text, heading_text


def titles(rows: list[QueueRow]) -> list[str]:
    return [row.view.record.title if row.view else f"[{row.band}]" for row in rows]


def numbers(rows: list[QueueRow]) -> list[int]:
    return [row.view.record.fault for row in rows if row.view is not None]


def test_safety_stands_above_all_money_and_the_rest_by_what_mending_saves() -> None:
    rows = FaultQueue().rows(views())
    assert [row.band for row in rows if row.view is None] == ["safety", "high", "middle", "low", "shelved"]
    assert numbers(rows) == [12, 11, 13, 14, 17, 15, 16]


def test_ties_go_by_drivers_then_age() -> None:
    same = [
        FaultView(fault(1, "a", "S-1", 10), money=money(300, 0)),
        FaultView(fault(2, "b", "S-2", 20), money=money(300, 0)),
        FaultView(fault(3, "c", "S-3", 5, drivers_hit=2), money=money(300, 0)),
    ]
    rows = FaultQueue().rows({view.record.fault: view for view in same})
    assert numbers(rows) == [3, 2, 1]


def test_it_is_sorted_by_what_mending_saves_and_shows_the_share() -> None:
    """Two half faults: each has a small share, mending one saves more (contract, decision 10)."""
    one = FaultView(fault(1, "a", "S-1", 9), money=Money("EUR", 10, 200, 700))
    other = FaultView(fault(2, "b", "S-2", 9), money=Money("EUR", 10, 400, 400))
    rows = FaultQueue().rows({1: one, 2: other})
    assert numbers(rows) == [1, 2]
    assert fault_text(rows[1], NOW_MS, ZONE).rate == "€2.00"


def test_bands_follow_the_limits_to_the_cent() -> None:
    bands = {minor: money_band(FaultView(LOCK, money=money(minor, 0))) for minor in (99, 100, 500, 501)}
    assert bands == {99: "low", 100: "middle", 500: "middle", 501: "high"}
    yen = Money("JPY", 0, 6, 6)
    assert money_band(FaultView(LOCK, money=yen)) == "high", "a yen has no hundredths"


def test_without_a_price_nothing_is_invented() -> None:
    dear = Money("", None, None, None, workings={"saves_kwh_per_hour": 9.5})
    cheap = Money("", None, None, None, workings={"saves_kwh_per_hour": 0.5})
    found = {
        1: FaultView(fault(1, "cheap", "S-1", 9), money=cheap),
        2: FaultView(fault(2, "dear", "S-2", 1), money=dear),
    }
    rows = FaultQueue().rows(found)
    assert [row.band for row in rows] == ["unpriced"] * 3
    assert numbers(rows) == [2, 1], "by the energy that is lost"
    assert fault_text(rows[1], NOW_MS, ZONE).rate == "9.5 kWh"


def test_while_it_is_held_nothing_moves_and_what_is_new_waits() -> None:
    queue, found = FaultQueue(), views()
    before = numbers(queue.rows(found))
    found[16] = FaultView(found[16].record, money=money(9_000, 9_000))
    found[99] = FaultView(fault(99, "new and dear", "S-9", 1), money=money(99_000, 1))
    del found[13]
    rows = queue.rows(found, held=True)
    assert numbers(rows) == before
    assert queue.waiting == (99,)
    assert [row.gone for row in rows if row.view and row.view.record.fault == 13] == [True]
    rows = queue.rows(found)
    assert numbers(rows)[1:3] == [99, 16]
    assert queue.waiting == ()
    assert 13 not in numbers(rows)


def test_what_lies_under_a_cause_is_one_row_until_it_is_opened() -> None:
    queue = FaultQueue()
    rows = queue.rows(views())
    cause = next(row for row in rows if row.view is not None and row.view.record.fault == 17)
    assert cause.folded is True
    assert not {21, 22, 23} & set(numbers(rows))
    queue.fold(("fault", 17), False)
    rows = queue.rows(views())
    place = numbers(rows).index(17)
    assert numbers(rows)[place : place + 4] == [17, 21, 22, 23]
    queue.fold(("fault", 17), True)
    assert 21 not in numbers(queue.rows(views()))


def test_headings_fold_and_count_what_is_folded_away() -> None:
    queue = FaultQueue()
    queue.rows(views())
    queue.fold(("band", "high"), True)
    rows = queue.rows(views())
    heading = next(row for row in rows if row.band == "high")
    assert (heading.folded, heading.faults, heading.losing) == (True, 2, (("EUR", 2580),))
    assert 11 not in numbers(rows)
    assert heading_text(heading, NOW_MS, ZONE).note == "2 faults, losing €25.80/h"


def test_what_is_set_aside_says_why_and_until_when() -> None:
    queue = FaultQueue()
    queue.want(Wanted("aside"))
    rows = queue.rows(views())
    assert [row.band for row in rows if row.view is None] == ["shelved", "suppressed"]
    assert heading_text(rows[0], NOW_MS, ZONE).note == "1 fault, back at 17:00"
    queue.want(Wanted("aside", "suppressed"))
    rows = queue.rows(views())
    assert numbers(rows) == [21, 22, 23]
    assert "its site is lost as a whole" in fault_text(rows[1], NOW_MS, ZONE).more


def test_words_of_the_filter_are_looked_for_everywhere() -> None:
    queue = FaultQueue()
    for text, found in (
        ("lock venlo", [11]),
        ("MARTA", [14]),
        ("p3", [16]),
        ("0x4a12", [11]),
        ("safety", [12]),
    ):
        queue.want(Wanted(text=text))
        assert numbers(queue.rows(views())) == found, text


def test_a_fault_that_is_over_but_unseen_stays_last() -> None:
    over = changed(LOCK, state="RTNUN", cleared_ms=NOW_MS - 1000)
    found = {**views(), 11: FaultView(over, money=money(0, 3170))}
    rows = FaultQueue().rows(found)
    assert [row.band for row in rows if row.view is None][-2:] == ["over", "shelved"]


def test_rows_that_did_not_change_are_the_same_objects() -> None:
    """What compares by identity costs nothing: with 5,000 rows, one change makes one row anew."""
    queue, found = FaultQueue(), many(5_000)
    before = {row.key: row for row in queue.rows(found)}
    found[1000] = FaultView(found[1000].record, money=money(777, 888))
    after = queue.rows(found, held=True)
    fresh = [row for row in after if row.view is not None and before[row.key] is not row]
    assert [row.key for row in fresh] == [("fault", 1000)]


def test_words_are_made_once_until_the_minute_changes() -> None:
    now = [NOW_MS]
    words = RowWords(lambda: now[0], lambda: ZONE)
    rows = FaultQueue().rows(views())
    for _ in range(3):
        for row in rows:
            words.of(row)
    assert words.made == len(rows)
    now[0] += 60_000
    words.of(rows[1])
    assert words.made == len(rows) + 1


def test_a_safety_row_offers_to_be_taken_out_of_service_first() -> None:
    rows = FaultQueue().rows(views())
    assert fault_text(rows[1], NOW_MS, ZONE).button == "Take out of service…"
    out = {12: FaultView(changed(GROUND, state="OOSRV"), out_of_service_first=True)}
    queue = FaultQueue()
    queue.want(Wanted("aside"))
    row = queue.rows(out)[1]
    assert fault_text(row, NOW_MS, ZONE).button == ""

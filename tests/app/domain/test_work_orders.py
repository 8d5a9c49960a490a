"""Work orders from a fault to the last visit, and what may not be written down."""

import json
from dataclasses import replace

import pytest

from app.domain import work_orders as wo
from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.records import EntryRecord, FaultRecord

NOW = 1_792_067_528_000
DAY = 86_400_000


def fault(number: int = 7, station: str = "VTP-03", evse: int | None = 1, code: str = "CX001") -> FaultRecord:
    return FaultRecord(
        number,
        "connector_fault",
        code,
        "Connector cannot lock",
        StationId(station),
        "Venlo",
        evse,
        assigned="MB",
    )


def visit(at: int = NOW - DAY, **more: object) -> wo.Visit:
    made = wo.Visit(at, at + 40 * 60_000, "MB", 40, "145", "EUR", "lock motor changed")
    return replace(made, **more)  # type: ignore[arg-type]


def test_an_order_is_prefilled_from_its_fault_and_kept_whole() -> None:
    order = wo.from_faults([fault()], "WO-318", NOW)
    assert (order.title, order.station, order.evse, order.cause, order.who) == (
        "Connector cannot lock", "VTP-03", 1, "CX001", "MB",
    )  # fmt: skip
    ended = wo.closed(
        order, visit(parts=(wo.PartUsed("LM-4120", "88.50", True),)), NOW, "session 41 delivered"
    )
    assert wo.order_of("WO-318", wo.body_for(ended)) == ended
    assert ended.state == "done"
    assert not ended.open


def test_one_order_is_for_one_station() -> None:
    with pytest.raises(ForecourtError, match="one station"):
        wo.from_faults([fault(), fault(8, "VTP-04")], "WO-1", NOW)
    both = wo.from_faults([fault(), fault(8, evse=2)], "WO-1", NOW)
    assert (both.evse, both.faults) == (None, (7, 8))


def test_closing_asks_who_minutes_and_result() -> None:
    order = wo.from_faults([fault()], "WO-1", NOW)
    for bad, words in (
        (visit(who=" "), "who"),
        (visit(minutes=0), "minutes"),
        (visit(result=""), "what was done"),
        (visit(invoiced="-3"), "below zero"),
        (visit(invoiced="three"), "no amount"),
        (visit(at=NOW + 1), "future"),
    ):
        with pytest.raises(ForecourtError, match=words):
            wo.closed(order, bad, NOW)
    assert wo.closed(order, visit(result="", no_fault_found=True), NOW).visits[0].no_fault_found
    ended = wo.closed(order, None, NOW)
    with pytest.raises(ForecourtError, match="done already"):
        wo.closed(ended, None, NOW)
    with pytest.raises(ForecourtError):
        wo.moved(order, "done")


def test_lateness_and_repeat_visits() -> None:
    order = wo.from_faults([fault()], "WO-2", NOW, due_ms=NOW - 92 * 60_000)
    assert order.late_ms(NOW) == 92 * 60_000
    before = wo.closed(
        wo.from_faults([fault(3)], "WO-1", NOW - 12 * DAY), visit(NOW - 12 * DAY), NOW - 11 * DAY
    )
    elsewhere = replace(before, number="WO-0", evse=2)
    long_ago = replace(before, number="WO-00", visits=(visit(NOW - 31 * DAY),))
    assert len(wo.earlier(order, [before, elsewhere, long_ago, order])) == 1


def test_first_time_fix_waits_thirty_days() -> None:
    held = wo.closed(wo.from_faults([fault()], "WO-1", NOW - 40 * DAY), visit(NOW - 40 * DAY), NOW - 40 * DAY)
    fresh = wo.closed(
        wo.from_faults([fault(evse=2)], "WO-2", NOW - 5 * DAY), visit(NOW - 5 * DAY), NOW - 5 * DAY
    )
    assert wo.first_time_fixed([held, fresh], NOW) == (1, 1, 1)
    again = wo.from_faults([fault(9)], "WO-3", NOW - 30 * DAY)
    assert wo.first_time_fixed([held, fresh, again], NOW) == (0, 1, 1)


def test_numbers_go_on_and_history_tells_who() -> None:
    assert wo.next_number(["WO-9", "WO-31", "own"]) == "WO-32"
    first = wo.from_faults([fault()], "WO-1", NOW)
    second = wo.planned(first, "2026-10-16", 1, "TL")
    versions = [
        EntryRecord(wo.KIND, "WO-1", n, NOW + n, who, "", json.dumps(wo.body_for(order)))
        for n, (who, order) in enumerate((("SV", first), ("MB", second)), 1)
    ]
    assert [(who, what) for _, who, what in wo.changes(versions)] == [
        ("SV", "made from fault 7"), ("MB", "planned, given to TL, planned for 2026-10-16"),
    ]  # fmt: skip


def test_a_body_that_tells_nonsense_gives_an_order_without_it() -> None:
    order = wo.order_of("WO-1", {"faults": [1, "x"], "evse": "one", "state": "lost", "visits": [3], "own": 1})
    assert (order.faults, order.evse, order.state, order.visits) == ((1,), None, "open", ())
    assert wo.body_for(order)["own"] == 1

"""Reports in parts: in disorder, twice, and with one lost (Q75)."""

import json
from itertools import permutations
from typing import Any

from app.domain.ids import StationId
from app.domain.operations import Variable
from app.domain.records import NoticeRecord
from app.domain.told import MonitorTold, SettingTold
from app.protocol.context import Context
from app.protocol.orders import joined
from app.protocol.orders.reports import SILENCE_MS, request_of
from app.protocol.v2x import ROUTES_21

STATION = StationId("DEPOT-7")


def part(at_ms: int, detail: Any, subject: str = "report") -> NoticeRecord:
    return NoticeRecord(STATION, at_ms, at_ms, subject, "part", json.dumps(detail))


def row(name: str, value: str, **about: Any) -> dict[str, Any]:
    return {
        "component": {"name": "Ctrlr"},
        "variable": {"name": name},
        "variableAttribute": [{"value": value, **about}],
    }


PARTS = [
    {"requestId": 7, "seqNo": 0, "tbc": True, "reportData": [row("A", "1")]},
    {"requestId": 7, "seqNo": 1, "tbc": True, "reportData": [row("B", "2", mutability="ReadOnly")]},
    {"requestId": 7, "seqNo": 2, "reportData": [row("C", "3")]},
]
WHOLE = (
    SettingTold(Variable("A", "Ctrlr"), "1"),
    SettingTold(Variable("B", "Ctrlr"), "2", readonly=True, detail={"mutability": "ReadOnly"}),
    SettingTold(Variable("C", "Ctrlr"), "3"),
)


def test_parts_make_a_whole_in_whatever_order_they_come() -> None:
    for order in permutations(PARTS):
        found = joined([part(at, one) for at, one in enumerate(order)], 7)
        assert found is not None
        assert (found.complete, found.parts, found.missing, found.result) == (True, 3, (), WHOLE)


def test_a_part_told_twice_counts_once_and_other_requests_are_passed_over() -> None:
    other = {"requestId": 8, "seqNo": 0, "reportData": [row("X", "9")]}
    found = joined([part(at, one) for at, one in enumerate([*PARTS, PARTS[1], other])], 7)
    assert found is not None
    assert found.result == WHOLE
    assert joined([part(0, other)], 7) is None


def test_a_lost_part_is_named_and_silence_ends_the_report() -> None:
    found = joined([part(1_000, PARTS[0]), part(2_000, PARTS[2])], 7)
    assert found is not None
    assert (found.complete, found.missing) == (False, (1,))
    assert not found.ended(2_000 + SILENCE_MS - 1)
    assert found.ended(2_000 + SILENCE_MS)
    begun = joined([part(1_000, PARTS[0])], 7)
    assert begun is not None
    assert not begun.complete


def test_each_attribute_of_a_variable_is_a_setting() -> None:
    told = {
        **row("Limit", "16"),
        "variableAttribute": [{"type": "Actual", "value": "16"}, {"type": "MaxSet", "value": "32"}],
        "variableCharacteristics": {"dataType": "integer", "unit": "A", "maxLimit": 32},
    }
    found = joined([part(0, {"requestId": 1, "seqNo": 0, "reportData": [told]})], 1)
    assert found is not None
    assert [(s.variable.attribute, s.value) for s in found.result] == [("Actual", "16"), ("MaxSet", "32")]
    assert found.result[0].detail == {"unit": "A", "dataType": "integer", "maxLimit": 32}


def test_monitors_texts_profiles_and_controls() -> None:
    watched = {
        "component": {"name": "Ctrlr"}, "variable": {"name": "A"},
        "variableMonitoring": [{"id": 3, "type": "Delta", "value": 5, "severity": 4, "transaction": False}],
    }  # fmt: skip
    found = joined([part(0, {"requestId": 1, "seqNo": 0, "monitor": [watched]}, "monitoring")], 1)
    assert found is not None
    assert found.result == (MonitorTold(Variable("A", "Ctrlr"), 3, "Delta", 5.0, 4),)

    texts = [
        {"requestId": 1, "seqNo": 1, "data": "lo"},
        {"requestId": 1, "seqNo": 0, "tbc": True, "data": "Hel"},
    ]
    found = joined([part(at, one, "customer") for at, one in enumerate(texts)], 1)
    assert found is not None
    assert (found.complete, found.result) == (True, "Hello")

    shown = [
        {"requestId": 1, "tbc": True, "messageInfo": [{"id": 1}]},
        {"requestId": 1, "messageInfo": [{"id": 2}]},
    ]
    found = joined([part(at, one, "display") for at, one in enumerate(shown)], 1)
    assert found is not None
    assert (found.complete, [one["id"] for one in found.result]) == (True, [1, 2])

    limits = {"requestId": 1, "evseId": 2, "chargingLimitSource": "CSO", "chargingProfile": [{"id": 5}]}
    found = joined([part(0, limits, "profile")], 1)
    assert found is not None
    assert found.result == [{"id": 5, "evseId": 2, "chargingLimitSource": "CSO"}]

    found = joined([part(0, {"requestId": 1, "fixedVar": [{"id": "c"}]}, "der")], 1)
    assert found is not None
    assert found.result == [{"kind": "fixedVar", "id": "c"}]


def test_notices_that_are_no_reports_have_no_request() -> None:
    assert request_of(part(0, {"requestId": 7}, "log")) is None
    assert request_of(NoticeRecord(STATION, 0, 0, "report", "NotifyReport", "[]")) is None


def test_what_the_adapters_keep_is_what_is_joined() -> None:
    ctx = Context(STATION, 5)
    for action in (
        "NotifyReport", "NotifyMonitoringReport", "NotifyCustomerInformation", "NotifyDisplayMessages",
        "ReportChargingProfiles", "ReportDERControl",
    ):  # fmt: skip
        payload = {"requestId": 7, "seqNo": 0, "generatedAt": "2026-01-05T08:00:00Z", "evseId": 1}
        event: Any = ROUTES_21[action](payload, ctx).events[0]
        kept = NoticeRecord(STATION, 5, 5, event.subject, event.name, json.dumps(dict(event.detail)))
        found = joined([kept], 7)
        assert found is not None, action
        assert found.complete

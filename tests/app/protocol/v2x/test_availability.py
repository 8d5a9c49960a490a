"""StatusNotification, meters and certificates of 2.x beyond the plain case."""

from typing import Any

import pytest

from app.domain.events import MeterSampled, StatusReported
from app.domain.ids import StationId
from app.domain.reception import Decided
from app.domain.status import ConnectorStatus
from app.protocol.context import Context, StationClock
from app.protocol.routing import understand
from tests.app.protocol.generate import answer_is_valid

AT = "2026-01-05T08:00:00Z"
AT_MS = 1_767_600_000_000
CTX = Context(StationId("CS-1"), AT_MS, StationClock(0, AT_MS - 3_600_000))


@pytest.mark.parametrize(
    ("word", "status", "quirks"),
    [
        ("Available", ConnectorStatus.AVAILABLE, ()),
        ("Occupied", ConnectorStatus.PREPARING, ()),
        ("Reserved", ConnectorStatus.RESERVED, ()),
        ("Unavailable", ConnectorStatus.UNAVAILABLE, ()),
        ("Faulted", ConnectorStatus.FAULTED, ()),
        ("occupied", ConnectorStatus.PREPARING, ("Q26",)),
        ("Charging", ConnectorStatus.UNKNOWN, ("Q26",)),
        (None, ConnectorStatus.UNKNOWN, ("Q26",)),
    ],
)
def test_five_words_and_the_raw_one_beside(
    word: Any, status: ConnectorStatus, quirks: tuple[str, ...]
) -> None:
    payload = {"timestamp": AT, "connectorStatus": word, "evseId": 3, "connectorId": 2}
    reception = understand("2.0.1", "StatusNotification", payload, CTX)
    (event,) = reception.events
    assert isinstance(event, StatusReported)
    assert (event.evse, event.connector, event.status, event.raw_status) == (3, 2, status, word or "")
    assert reception.quirks == quirks


def test_evse_0_is_the_main_meter() -> None:
    value = {"timestamp": AT, "sampledValue": [{"value": 9000, "location": "Inlet"}]}
    (event,) = understand("2.1", "MeterValues", {"evseId": 0, "meterValue": [value]}, CTX).events
    assert isinstance(event, MeterSampled)
    assert (event.evse, event.readings[0].energy_wh) == (0, 9000)


def test_a_vat_number_is_echoed_without_an_evse_where_none_was_said() -> None:
    answer = understand("2.1", "VatNumberValidation", {"vatNumber": "X"}, CTX).answer(Decided(AT_MS))
    assert answer == {"status": "Rejected", "vatNumber": "X"}
    answer = understand("2.1", "VatNumberValidation", {"vatNumber": "X" * 50}, CTX).answer(Decided(AT_MS))
    assert answer_is_valid("2.1", "VatNumberValidation", answer)


@pytest.mark.parametrize(
    ("kind", "critical"),
    [
        ("TamperDetectionActivated", True), ("InvalidFirmwareSignature", True), ("MemoryExhaustion", True),
        ("AttemptedReplayAttacks", True), ("StartupOfTheDevice", False), ("SettingSystemTime", False),
        ("SomethingNew", False),
    ],
)  # fmt: skip
def test_which_security_events_need_a_person(kind: str, critical: bool) -> None:
    (event,) = understand("2.1", "SecurityEventNotification", {"type": kind, "timestamp": AT}, CTX).events
    assert getattr(event, "critical", None) is critical
    assert getattr(event, "name", None) == kind

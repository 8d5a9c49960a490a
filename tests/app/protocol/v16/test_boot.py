"""Boots, vendors' own messages and security events of 1.6, as specified and as seen."""

from typing import Any

import pytest

from app.domain.events import Booted, MeterSampled, Noticed
from app.domain.ids import StationId
from app.domain.reception import Decided
from app.domain.status import Registration
from app.protocol.context import Context, StationClock
from app.protocol.routing import understand
from tests.app.protocol.generate import answer_is_valid

AT = "2026-01-05T08:00:00Z"
AT_MS = 1_767_600_000_000
CTX = Context(StationId("CP-1"), AT_MS, StationClock(0, AT_MS - 3_600_000))


def booted(**fields: Any) -> Booted:
    (event,) = understand("1.6", "BootNotification", fields, CTX).events
    assert isinstance(event, Booted)
    return event


def noticed(action: str, **fields: Any) -> Noticed:
    (event,) = understand("1.6", action, fields, CTX).events
    assert isinstance(event, Noticed)
    return event


def test_over_long_and_empty_texts_of_a_boot_are_kept_whole() -> None:
    event = booted(chargePointVendor="", chargePointModel="M", chargePointSerialNumber="S" * 300)
    assert (event.vendor, event.model, event.serial) == ("", "M", "S" * 300)


def test_the_serial_of_the_box_stands_in_for_that_of_the_charge_point() -> None:
    assert booted(chargeBoxSerialNumber="BOX").serial == "BOX"
    assert booted(chargeBoxSerialNumber="BOX", chargePointSerialNumber="CP").serial == "CP"


@pytest.mark.parametrize("registration", Registration)
def test_a_boot_is_answered_with_its_registration_and_an_interval(registration: Registration) -> None:
    reception = understand(
        "1.6", "BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"}, CTX
    )
    answer = reception.answer(Decided(AT_MS, registration, 900))
    assert answer == {"status": registration.value, "currentTime": AT, "interval": 900}
    assert answer_is_valid("1.6", "BootNotification", answer)


@pytest.mark.parametrize("data", ["text", "x" * 60_000, {"reason": [1, None]}, None, 7])
def test_a_vendors_own_message_is_kept_whatever_its_data(data: Any) -> None:
    event = noticed("DataTransfer", vendorId="evnex", data=data)
    assert (event.subject, event.name, event.detail["data"]) == ("data-transfer", "evnex", data)


@pytest.mark.parametrize(
    ("kind", "critical"),
    [("TamperDetectionActivated", True), ("tamperdetectionactivated", True), ("StartupOfTheDevice", False),
     ("FirmwareUpdated", False), ("SomethingNew", False)],
)  # fmt: skip
def test_which_security_events_need_a_person(kind: str, critical: bool) -> None:
    event = noticed("SecurityEventNotification", type=kind, timestamp=AT)
    assert (event.name, event.critical) == (kind, critical)


def test_a_security_event_without_a_time_is_of_the_time_of_receipt() -> None:
    reception = understand("1.6", "SecurityEventNotification", {"type": "InvalidMessages"}, CTX)
    assert (reception.events[0].at_ms, reception.quirks) == (AT_MS, ("Q29",))


def test_readings_without_a_connector_are_not_taken_for_the_main_meter() -> None:
    value = {"timestamp": AT, "sampledValue": [{"value": "5", "location": "Inlet"}, {"value": "9"}]}
    (event,) = understand("1.6", "MeterValues", {"transactionId": 7, "meterValue": [value]}, CTX).events
    assert isinstance(event, MeterSampled)
    assert (event.evse, event.transaction, event.readings[0].energy_wh) == (0, "7", 9)

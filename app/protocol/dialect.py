"""1.6 payloads on a 2.x socket (Q74): some firmware changes its subprotocol before its messages."""

from collections.abc import Mapping
from typing import Any

_SIGNS_OF_16: Mapping[str, tuple[str, ...]] = {
    "BootNotification": ("chargePointVendor", "chargePointModel"),
    "StatusNotification": ("errorCode", "status"),
    "MeterValues": ("connectorId",),
    "Authorize": ("idTag",),
    "StartTransaction": ("meterStart", "idTag"),
    "StopTransaction": ("meterStop", "idTag"),
    "DiagnosticsStatusNotification": ("status",),
}
"""Fields of 1.6 that the message of the same name in 2.x, if there is one, does not have."""


def spoken(version: str, action: str, payload: Mapping[str, Any]) -> str:
    """The version that a message is written in: "1.6" for a 1.6 payload on any link, else `version`.

    Such a message is checked, understood and answered in kind, and counted as Q74.
    """
    if version == "1.6" or (signs := _SIGNS_OF_16.get(action)) is None:
        return version
    for sign in signs:
        if sign in payload:
            return "1.6"
    return version

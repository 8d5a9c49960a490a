"""1.6 payloads on a 2.x socket (Q74): some firmware changes its subprotocol before its messages."""

from collections.abc import Mapping
from typing import Any

_SIGNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    # action: (field that only 2.x has, fields that only 1.6 has)
    "BootNotification": ("chargingStation", ("chargePointVendor", "chargePointModel")),
    "StatusNotification": ("connectorStatus", ("errorCode", "status")),
    "MeterValues": ("evseId", ("connectorId",)),
    "Authorize": ("idToken", ("idTag",)),
    "StartTransaction": ("", ("meterStart", "idTag")),
    "StopTransaction": ("", ("meterStop", "idTag")),
    "DiagnosticsStatusNotification": ("", ("status",)),
}


def spoken(version: str, action: str, payload: Mapping[str, Any]) -> str:
    """The version that a message is written in: "1.6" for a 1.6 payload on any link, else `version`.

    Such a message is checked, understood and answered in kind, and counted as Q74.
    """
    if version == "1.6" or (signs := _SIGNS.get(action)) is None or signs[0] in payload:
        return version
    for sign in signs[1]:
        if sign in payload:
            return "1.6"
    return version

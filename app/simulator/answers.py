"""Obliging answers to the server's calls: what a station says that agrees to everything and does nothing.

A station with a body (`station.py`) overrides those that have an effect on it.
"""

from typing import Any

from app.simulator.wire import NotUnderstood, Payload

_ACCEPTED: Payload = {"status": "Accepted"}

V16: dict[str, Payload] = {
    "CancelReservation": _ACCEPTED,
    "CertificateSigned": _ACCEPTED,
    "ChangeAvailability": _ACCEPTED,
    "ChangeConfiguration": _ACCEPTED,
    "ClearCache": _ACCEPTED,
    "ClearChargingProfile": _ACCEPTED,
    "DataTransfer": {"status": "UnknownVendorId"},
    "DeleteCertificate": _ACCEPTED,
    "ExtendedTriggerMessage": _ACCEPTED,
    "GetCompositeSchedule": {"status": "Rejected"},
    "GetConfiguration": {"configurationKey": [], "unknownKey": []},
    "GetDiagnostics": {"fileName": "diagnostics.zip"},
    "GetInstalledCertificateIds": {"status": "NotFound"},
    "GetLocalListVersion": {"listVersion": 0},
    "GetLog": {"status": "Accepted", "filename": "log.zip"},
    "InstallCertificate": _ACCEPTED,
    "RemoteStartTransaction": _ACCEPTED,
    "RemoteStopTransaction": _ACCEPTED,
    "ReserveNow": _ACCEPTED,
    "Reset": _ACCEPTED,
    "SendLocalList": _ACCEPTED,
    "SetChargingProfile": _ACCEPTED,
    "SignedUpdateFirmware": _ACCEPTED,
    "TriggerMessage": _ACCEPTED,
    "UnlockConnector": {"status": "Unlocked"},
    "UpdateFirmware": {},
}

V201: dict[str, Payload] = {
    "CancelReservation": _ACCEPTED,
    "CertificateSigned": _ACCEPTED,
    "ChangeAvailability": _ACCEPTED,
    "ClearCache": _ACCEPTED,
    "ClearChargingProfile": _ACCEPTED,
    "ClearDisplayMessage": _ACCEPTED,
    "CostUpdated": {},
    "CustomerInformation": _ACCEPTED,
    "DataTransfer": {"status": "UnknownVendorId"},
    "DeleteCertificate": _ACCEPTED,
    "GetBaseReport": _ACCEPTED,
    "GetChargingProfiles": {"status": "NoProfiles"},
    "GetCompositeSchedule": {"status": "Rejected"},
    "GetDisplayMessages": {"status": "Unknown"},
    "GetInstalledCertificateIds": {"status": "NotFound"},
    "GetLocalListVersion": {"versionNumber": 0},
    "GetLog": {"status": "Accepted", "filename": "log.zip"},
    "GetMonitoringReport": {"status": "EmptyResultSet"},
    "GetReport": {"status": "EmptyResultSet"},
    "GetTransactionStatus": {"messagesInQueue": False},
    "InstallCertificate": _ACCEPTED,
    "PublishFirmware": _ACCEPTED,
    "RequestStartTransaction": _ACCEPTED,
    "RequestStopTransaction": _ACCEPTED,
    "ReserveNow": _ACCEPTED,
    "Reset": _ACCEPTED,
    "SendLocalList": _ACCEPTED,
    "SetChargingProfile": _ACCEPTED,
    "SetDisplayMessage": _ACCEPTED,
    "SetMonitoringBase": _ACCEPTED,
    "SetMonitoringLevel": _ACCEPTED,
    "SetNetworkProfile": _ACCEPTED,
    "TriggerMessage": _ACCEPTED,
    "UnlockConnector": {"status": "Unlocked"},
    "UnpublishFirmware": {"status": "NoFirmware"},
    "UpdateFirmware": _ACCEPTED,
}

V21: dict[str, Payload] = V201 | {
    "AdjustPeriodicEventStream": _ACCEPTED,
    "AFRRSignal": _ACCEPTED,
    "ChangeTransactionTariff": {"status": "TxNotFound"},
    "ClearDERControl": {"status": "NotFound"},
    "GetDERControl": {"status": "NotFound"},
    "GetPeriodicEventStream": {},
    "GetTariffs": {"status": "NoTariff"},
    "NotifyAllowedEnergyTransfer": _ACCEPTED,
    "NotifyWebPaymentStarted": {},
    "RequestBatterySwap": {"status": "Rejected"},
    "SetDERControl": {"status": "NotSupported"},
    "SetDefaultTariff": _ACCEPTED,
    "UpdateDynamicSchedule": _ACCEPTED,
    "UsePriorityCharging": {"status": "NoProfile"},
}

_TABLES = {"1.6": V16, "2.0.1": V201, "2.1": V21}


def obliging(version: str, action: str, payload: Payload) -> Payload:
    """The answer of a station that agrees.

    Raises:
        NotUnderstood: an action this version does not know.
    """
    if version != "1.6":
        by_item = _ITEMWISE.get(action)
        if by_item is not None:
            key, asked, one = by_item
            return {key: [one(item) for item in payload.get(asked, [])]}
        if action == "ClearTariffs" and version == "2.1":
            ids = payload.get("tariffIds") or [""]
            return {"clearTariffsResult": [{"tariffId": i, "status": "NoTariff"} for i in ids]}
    known = _TABLES[version].get(action)
    if known is None:
        raise NotUnderstood("NotImplemented")
    return dict(known)


def _got(item: Payload) -> Payload:
    return {"attributeStatus": "UnknownVariable", **_about(item)}


def _set(item: Payload) -> Payload:
    return {"attributeStatus": "Accepted", **_about(item)}


def _about(item: Payload) -> Payload:
    return {key: item[key] for key in ("attributeType", "component", "variable") if key in item}


def _monitored(item: Payload) -> Payload:
    kept: Payload = {key: item[key] for key in ("type", "severity", "component", "variable") if key in item}
    return {"status": "UnknownVariable", **kept}


def _cleared(item: Any) -> Payload:
    return {"status": "NotFound", "id": item}


_ITEMWISE: dict[str, tuple[str, str, Any]] = {
    "GetVariables": ("getVariableResult", "getVariableData", _got),
    "SetVariables": ("setVariableResult", "setVariableData", _set),
    "SetVariableMonitoring": ("setMonitoringResult", "setMonitoringData", _monitored),
    "ClearVariableMonitoring": ("clearMonitoringResult", "id", _cleared),
}

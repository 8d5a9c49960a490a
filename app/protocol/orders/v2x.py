"""OCPP 2.0.1 and 2.1: what an operator means as the messages that do it (all but the device model)."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain import operations as op
from app.protocol.commands import command
from app.protocol.orders.alike import ALIKE, Orders, send_list
from app.protocol.orders.ask import Ask, CannotDo, one_evse
from app.protocol.orders.profiles import PURPOSE_2X, check_place, profile_2x, purpose, start_limit


def token(ask: Ask, text: str, kind: str) -> dict[str, Any]:
    """An `idToken`.

    Raises:
        CannotDo: too long for the version.
    """
    if ask.version == "2.0.1" and len(text) > 36:
        raise CannotDo(f"OCPP 2.0.1 takes tokens of at most 36 characters, and this one has {len(text)}.")
    return {"idToken": text, "type": kind}


def place(evse: int | None, connector: int | None = None) -> dict[str, Any] | None:
    """An `evse`, or None for the whole station."""
    return {"id": evse, "connectorId": connector} if evse else None


def _start(wish: op.StartSession, ask: Ask) -> Orders:
    limit = None
    if wish.limit_w is not None:
        limit = profile_2x(start_limit(wish.limit_w, ask, wish.evse or 0), ask)
    payload = {
        "idToken": token(ask, wish.token, wish.token_kind),
        "remoteStartId": ask.request,
        "evseId": wish.evse or None,
        "chargingProfile": limit,
    }
    return (ask.order("RequestStartTransaction", payload),)


def _stop(wish: op.StopSession, ask: Ask) -> Orders:
    return (ask.order("RequestStopTransaction", {"transactionId": wish.transaction}),)


def _unlock(wish: op.Unlock, ask: Ask) -> Orders:
    one_evse(wish.evse, "release a plug")
    return (ask.order("UnlockConnector", {"evseId": wish.evse, "connectorId": wish.connector}),)


def _reset(wish: op.Reset, ask: Ask) -> Orders:
    payload = {"type": "Immediate" if wish.hard else "OnIdle", "evseId": wish.evse or None}
    return (ask.order("Reset", payload),)


def _availability(wish: op.SetAvailability, ask: Ask) -> Orders:
    if wish.connector is not None:
        one_evse(wish.evse, "put a connector in or out of service")
    payload = {
        "operationalStatus": "Operative" if wish.operative else "Inoperative",
        "evse": place(wish.evse, wish.connector),
    }
    return (ask.order("ChangeAvailability", payload),)


_RENAMED = {
    "DiagnosticsStatusNotification": "LogStatusNotification",
    "SignChargePointCertificate": "SignChargingStationCertificate",
    "SignCertificate": "SignChargingStationCertificate",
}
_TRIGGERS_201 = (
    "BootNotification", "LogStatusNotification", "FirmwareStatusNotification", "Heartbeat", "MeterValues",
    "SignChargingStationCertificate", "SignV2GCertificate", "StatusNotification", "TransactionEvent",
    "SignCombinedCertificate", "PublishFirmwareStatusNotification",
)  # fmt: skip
_TRIGGERS = {"2.0.1": _TRIGGERS_201, "2.1": (*_TRIGGERS_201, "SignV2G20Certificate")}
CUSTOM = "CustomTrigger:"
"""A trigger of the vendor's own is asked for as "CustomTrigger:its name" (2.1, F06)."""


def _trigger(wish: op.Trigger, ask: Ask) -> Orders:
    message = _RENAMED.get(wish.message, wish.message)
    custom = None
    if message.startswith(CUSTOM) and ask.version == "2.1":
        message, custom = "CustomTrigger", message.removeprefix(CUSTOM)
    elif message not in _TRIGGERS[ask.version]:
        known = ", ".join(_TRIGGERS[ask.version])
        raise CannotDo(f"OCPP {ask.version} cannot be asked for {wish.message}; ask for one of {known}.")
    connector = wish.connector
    if message == "StatusNotification" and wish.evse and connector is None:
        connector = 1  # a status is a connector's (F06.FR.13)
    payload = {
        "requestedMessage": message,
        "evse": place(wish.evse, connector),
        "customTrigger": custom,
    }
    return (ask.order("TriggerMessage", payload),)


def _send_list(wish: op.SendLocalList, ask: Ask) -> Orders:
    return send_list(wish, ask, "versionNumber", _listed)


def _listed(listed: op.ListedToken, ask: Ask) -> dict[str, Any]:
    info = {
        "status": listed.status,
        "cacheExpiryDateTime": ask.time(listed.expires_ms),
        "groupIdToken": token(ask, listed.group, "Central") if listed.group else None,
    }
    named = token(ask, listed.token, listed.kind)
    return {"idToken": named, "idTokenInfo": info if listed.status else None}


def _reserve(wish: op.Reserve, ask: Ask) -> Orders:
    payload = {
        "id": wish.reservation,
        "expiryDateTime": ask.time(wish.until_ms),
        "idToken": token(ask, wish.token, wish.token_kind),
        "evseId": wish.evse or None,
    }
    return (ask.order("ReserveNow", payload),)


def _set_profile(wish: op.SetProfile, ask: Ask) -> Orders:
    check_place(wish)
    payload = {"evseId": wish.evse, "chargingProfile": profile_2x(wish, ask)}
    return (ask.order("SetChargingProfile", payload),)


def _clear_profile(wish: op.ClearProfile, ask: Ask) -> Orders:
    criteria = {
        "evseId": wish.evse,
        "chargingProfilePurpose": purpose(PURPOSE_2X, wish.purpose) if wish.purpose else None,
        "stackLevel": wish.stack_level,
    }
    payload = {"chargingProfileId": wish.profile, "chargingProfileCriteria": criteria}
    return (ask.order("ClearChargingProfile", payload),)


def _read_profiles(wish: op.ReadProfiles, ask: Ask) -> Orders:
    which: dict[str, Any] = {"chargingProfileId": [wish.profile]} if wish.profile is not None else {}
    if wish.purpose:
        which["chargingProfilePurpose"] = purpose(PURPOSE_2X, wish.purpose)
    payload: dict[str, Any] = {"requestId": ask.request, "chargingProfile": which}
    if wish.evse is not None:
        payload["evseId"] = wish.evse
    # Not by `order`: the required filter may be empty, and then means all.
    return (command(ask.version, "GetChargingProfiles", payload),)


def _composite(wish: op.ReadCompositeSchedule, ask: Ask) -> Orders:
    payload = {"evseId": wish.evse, "duration": wish.duration_s, "chargingRateUnit": wish.unit}
    return (ask.order("GetCompositeSchedule", payload),)


def _prioritise(wish: op.Prioritise, ask: Ask) -> Orders:
    payload = {"transactionId": wish.transaction, "activate": wish.on}
    return (ask.order("UsePriorityCharging", payload),)


def _read_transaction(wish: op.ReadTransaction, ask: Ask) -> Orders:
    return (ask.order("GetTransactionStatus", {"transactionId": wish.transaction}),)


def _cost(wish: op.TellCost, ask: Ask) -> Orders:
    return (ask.order("CostUpdated", {"totalCost": wish.total, "transactionId": wish.transaction}),)


ORDERS: Mapping[type, Callable[[Any, Ask], Orders]] = {
    **ALIKE,
    op.StartSession: _start,
    op.StopSession: _stop,
    op.Unlock: _unlock,
    op.Reset: _reset,
    op.SetAvailability: _availability,
    op.Trigger: _trigger,
    op.SendLocalList: _send_list,
    op.Reserve: _reserve,
    op.SetProfile: _set_profile,
    op.ClearProfile: _clear_profile,
    op.ReadProfiles: _read_profiles,
    op.ReadCompositeSchedule: _composite,
    op.Prioritise: _prioritise,
    op.ReadTransaction: _read_transaction,
    op.TellCost: _cost,
}
"""How the driver's side is done in 2.x: sessions, tokens, limits."""

CANNOT_201: Mapping[type, str] = {
    op.Prioritise: "OCPP 2.0.1 has no priority charging; set a charging profile for the session instead.",
    op.SetStream: "OCPP 2.0.1 has no event streams; set a periodic monitor instead.",
    op.ReadStreams: "OCPP 2.0.1 has no event streams; read the monitors instead.",
}
"""What 2.0.1 has no way for, and what to use instead."""

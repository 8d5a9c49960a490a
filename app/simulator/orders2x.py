"""OCPP 2.0.1 and 2.1: the server's calls as orders to a station's hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.simulator.orders16 import composite, order_firmware, order_log
from app.simulator.profiles import time_ms
from app.simulator.wire import Payload, stamp

if TYPE_CHECKING:
    from app.simulator.obedience import Obedience

Order = Callable[["Obedience", Payload], Payload]


def _status(value: str) -> Payload:
    return {"status": value}


def _evse(payload: Payload) -> int | None:
    evse = payload.get("evse")
    return int(evse["id"]) if isinstance(evse, dict) else None


def _reset(hands: Obedience, payload: Payload) -> Payload:
    kind = payload.get("type")
    return _status(hands.reset(hard=kind != "OnIdle", when_idle=kind == "OnIdle"))


def _availability(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.availability(_evse(payload) or 0, payload.get("operationalStatus") == "Operative"))


def _start(hands: Obedience, payload: Payload) -> Payload:
    evse = payload.get("evseId")
    verdict = hands.remote_start(evse, str(payload["idToken"]["idToken"]), int(payload["remoteStartId"]))
    profile = payload.get("chargingProfile")
    if verdict == "Accepted" and profile and evse:
        hands.limit(int(evse), profile)
    return _status(verdict)


def _stop(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.remote_stop(str(payload["transactionId"])))


def _unlock(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.unlock(int(payload["evseId"]), ends=False))


def _trigger(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.trigger(str(payload["requestedMessage"]), _evse(payload)))


def _path(item: Payload) -> str:
    variable = item["variable"]
    instance = f"[{variable['instance']}]" if variable.get("instance") else ""
    return f"{item['component']['name']}/{variable['name']}{instance}"


def _about(item: Payload) -> Payload:
    return {key: item[key] for key in ("attributeType", "component", "variable") if key in item}


def _get_variables(hands: Obedience, payload: Payload) -> Payload:
    known = hands.settings.by_path
    components = {path.split("/")[0] for path in known}
    results: list[Payload] = []
    for item in payload["getVariableData"]:
        setting = known.get(_path(item))
        if setting is not None:
            results.append({"attributeStatus": "Accepted", "attributeValue": setting.value, **_about(item)})
        else:
            there = item["component"]["name"] in components
            results.append(
                {"attributeStatus": "UnknownVariable" if there else "UnknownComponent", **_about(item)}
            )
    return {"getVariableResult": results}


def _set_variables(hands: Obedience, payload: Payload) -> Payload:
    results: list[Payload] = []
    for item in payload["setVariableData"]:
        path, value = _path(item), str(item["attributeValue"])
        verdict = hands.settings.write(hands.settings.by_path.get(path), value)
        if verdict == "Accepted" and path == "SampledDataCtrlr/TxUpdatedInterval":
            hands.sample_every(int(value))
        verdict = "UnknownVariable" if verdict == "NotSupported" else verdict
        results.append({"attributeStatus": verdict, **_about(item)})
    return {"setVariableResult": results}


def _set_profile(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.limit(int(payload["evseId"]), payload["chargingProfile"]))


def _clear_profile(hands: Obedience, payload: Payload) -> Payload:
    criteria = payload.get("chargingProfileCriteria") or {}
    gone = hands.profiles.clear(
        payload.get("chargingProfileId"),
        criteria.get("evseId"),
        str(criteria.get("chargingProfilePurpose", "")),
        criteria.get("stackLevel"),
    )
    hands.obey_profiles(hands.now)
    return _status("Accepted" if gone else "Unknown")


def _composite(hands: Obedience, payload: Payload) -> Payload:
    evse, seconds = int(payload["evseId"]), int(payload["duration"])
    periods = composite(hands, evse, seconds)
    if periods is None:
        return _status("Rejected")
    schedule: Payload = {
        "evseId": evse,
        "duration": seconds,
        "scheduleStart": stamp(hands.now),
        "chargingRateUnit": "W",
        "chargingSchedulePeriod": periods,
    }
    return {"status": "Accepted", "schedule": schedule}


def _log(hands: Obedience, payload: Payload) -> Payload:
    return order_log(hands, payload)


def _firmware(hands: Obedience, payload: Payload) -> Payload:
    return order_firmware(hands, payload, signed="signature" in payload["firmware"])


def _reserve(hands: Obedience, payload: Payload) -> Payload:
    token = str(payload["idToken"]["idToken"])
    until_ms = time_ms(payload["expiryDateTime"])
    return _status(hands.reserve(int(payload["id"]), int(payload.get("evseId") or 0), token, until_ms))


def _cancel(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.release(int(payload["reservationId"])))


def _list_version(hands: Obedience, payload: Payload) -> Payload:
    return {"versionNumber": hands.list_version}


def _send_list(hands: Obedience, payload: Payload) -> Payload:
    entries: list[Any] = payload.get("localAuthorizationList") or []
    add = [str(e["idToken"]["idToken"]) for e in entries if "idTokenInfo" in e]
    remove = [str(e["idToken"]["idToken"]) for e in entries if "idTokenInfo" not in e]
    full = payload.get("updateType") == "Full"
    return _status(hands.local_list(int(payload["versionNumber"]), full, add, remove))


def _transaction_status(hands: Obedience, payload: Payload) -> Payload:
    waiting = any(letter.tx is not None for letter in getattr(hands.life.uplink, "outbox", ()))
    answer: Payload = {"messagesInQueue": waiting}
    if "transactionId" in payload:
        answer["ongoingIndicator"] = hands.in_transaction(str(payload["transactionId"])) is not None
    return answer


ORDERS: dict[str, Order] = {
    "Reset": _reset,
    "ChangeAvailability": _availability,
    "RequestStartTransaction": _start,
    "RequestStopTransaction": _stop,
    "UnlockConnector": _unlock,
    "TriggerMessage": _trigger,
    "GetVariables": _get_variables,
    "SetVariables": _set_variables,
    "SetChargingProfile": _set_profile,
    "ClearChargingProfile": _clear_profile,
    "GetCompositeSchedule": _composite,
    "GetLog": _log,
    "UpdateFirmware": _firmware,
    "ReserveNow": _reserve,
    "CancelReservation": _cancel,
    "GetLocalListVersion": _list_version,
    "SendLocalList": _send_list,
    "GetTransactionStatus": _transaction_status,
}

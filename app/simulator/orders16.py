"""OCPP 1.6: the server's calls as orders to a station's hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.simulator.wire import Payload, stamp

if TYPE_CHECKING:
    from app.simulator.obedience import Obedience

Order = Callable[["Obedience", Payload], Payload]
VOLTS = 230.0


def time_ms(text: Any) -> int:
    """ms UTC of an ISO time that the server sent."""
    return int(datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp() * 1000)


def limit_w(schedule: Payload) -> float | None:
    """The limit in W that a schedule's first period sets."""
    periods = schedule.get("chargingSchedulePeriod") or []
    if not periods or "limit" not in periods[0]:
        return None
    amount = float(periods[0]["limit"])
    phases = int(periods[0].get("numberPhases", 3))
    return amount if schedule.get("chargingRateUnit") == "W" else amount * VOLTS * phases


def _status(value: str) -> Payload:
    return {"status": value}


def _reset(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.reset(hard=payload.get("type") == "Hard"))


def _availability(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.availability(int(payload["connectorId"]), payload.get("type") == "Operative"))


def _start(hands: Obedience, payload: Payload) -> Payload:
    connector = payload.get("connectorId")
    verdict = hands.remote_start(connector, str(payload["idTag"]))
    profile = payload.get("chargingProfile")
    if verdict == "Accepted" and profile and connector:
        hands.limit(int(connector), limit_w(profile["chargingSchedule"]))
    return _status(verdict)


def _stop(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.remote_stop(int(payload["transactionId"])))


def _unlock(hands: Obedience, payload: Payload) -> Payload:
    verdict = hands.unlock(int(payload["connectorId"]), ends=True)
    return _status("NotSupported" if verdict == "UnknownConnector" else verdict)


def _trigger(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.trigger(str(payload["requestedMessage"]), payload.get("connectorId")))


def _get_configuration(hands: Obedience, payload: Payload) -> Payload:
    settings = hands.settings.by_key
    asked = payload.get("key") or list(settings)
    return {
        "configurationKey": [
            {"key": key, "readonly": settings[key].readonly, "value": settings[key].value}
            for key in asked
            if key in settings
        ],
        "unknownKey": [key for key in asked if key not in settings],
    }


def _change_configuration(hands: Obedience, payload: Payload) -> Payload:
    key, value = str(payload["key"]), str(payload["value"])
    verdict = hands.settings.write(hands.settings.by_key.get(key), value)
    if verdict == "Accepted" and key == "MeterValueSampleInterval":
        hands.sample_every(int(value))
    return _status(verdict)


def _set_profile(hands: Obedience, payload: Payload) -> Payload:
    schedule = payload["csChargingProfiles"]["chargingSchedule"]
    return _status(hands.limit(int(payload["connectorId"]), limit_w(schedule)))


def _clear_profile(hands: Obedience, payload: Payload) -> Payload:
    set_before = any(o.limit_w is not None for o in hands.life.outlets)
    hands.limit(int(payload.get("connectorId") or 0), None)
    return _status("Accepted" if set_before else "Unknown")


def _composite(hands: Obedience, payload: Payload) -> Payload:
    outlet = hands.outlet(int(payload["connectorId"])) or hands.life.outlets[0]
    limit = float(outlet.plug.power_w) if outlet.limit is None else outlet.limit
    return {
        "status": "Accepted",
        "connectorId": int(payload["connectorId"]),
        "scheduleStart": stamp(hands.now),
        "chargingSchedule": {
            "duration": int(payload["duration"]),
            "chargingRateUnit": "W",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": round(limit, 1)}],
        },
    }


def _diagnostics(hands: Obedience, payload: Payload) -> Payload:
    hands.upload(str(payload["location"]), None)
    return {"fileName": f"{hands.life.plan.identity}-diagnostics.zip"}


def _log(hands: Obedience, payload: Payload) -> Payload:
    location = str(payload["log"]["remoteLocation"])
    request = int(payload["requestId"])
    for seconds, status in ((1.0, "Uploading"), (5.0, "Uploaded")):
        hands.say_later(seconds, "LogStatusNotification", {"status": status, "requestId": request})
    return {"status": "Accepted", "filename": location.rsplit("/", 1)[-1] or "log.zip"}


def _firmware(hands: Obedience, payload: Payload) -> Payload:
    hands.update_firmware(str(payload["location"]), None)
    return {}


def _reserve(hands: Obedience, payload: Payload) -> Payload:
    return _status(
        hands.reserve(
            int(payload["reservationId"]),
            int(payload["connectorId"]),
            str(payload["idTag"]),
            time_ms(payload["expiryDate"]),
        )
    )


def _cancel(hands: Obedience, payload: Payload) -> Payload:
    return _status(hands.release(int(payload["reservationId"])))


def _list_version(hands: Obedience, payload: Payload) -> Payload:
    return {"listVersion": hands.list_version}


def _send_list(hands: Obedience, payload: Payload) -> Payload:
    entries = payload.get("localAuthorizationList") or []
    add = [str(e["idTag"]) for e in entries if "idTagInfo" in e]
    remove = [str(e["idTag"]) for e in entries if "idTagInfo" not in e]
    full = payload.get("updateType") == "Full"
    return _status(hands.local_list(int(payload["listVersion"]), full, add, remove))


ORDERS: dict[str, Order] = {
    "Reset": _reset,
    "ChangeAvailability": _availability,
    "RemoteStartTransaction": _start,
    "RemoteStopTransaction": _stop,
    "UnlockConnector": _unlock,
    "TriggerMessage": _trigger,
    "ExtendedTriggerMessage": _trigger,
    "GetConfiguration": _get_configuration,
    "ChangeConfiguration": _change_configuration,
    "SetChargingProfile": _set_profile,
    "ClearChargingProfile": _clear_profile,
    "GetCompositeSchedule": _composite,
    "GetDiagnostics": _diagnostics,
    "GetLog": _log,
    "UpdateFirmware": _firmware,
    "ReserveNow": _reserve,
    "CancelReservation": _cancel,
    "GetLocalListVersion": _list_version,
    "SendLocalList": _send_list,
}

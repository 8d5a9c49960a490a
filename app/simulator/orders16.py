"""OCPP 1.6: the server's calls as orders to a station's hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.simulator.errands import Update, Upload, start_update, start_upload
from app.simulator.profiles import time_ms
from app.simulator.wire import Payload, stamp

if TYPE_CHECKING:
    from app.simulator.obedience import Obedience

Order = Callable[["Obedience", Payload], Payload]


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
        hands.limit(int(connector), profile)
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
    return _status(hands.limit(int(payload["connectorId"]), payload["csChargingProfiles"]))


def _clear_profile(hands: Obedience, payload: Payload) -> Payload:
    gone = hands.profiles.clear(
        payload.get("id"),
        payload.get("connectorId"),
        str(payload.get("chargingProfilePurpose", "")),
        payload.get("stackLevel"),
    )
    hands.obey_profiles(hands.now)
    return _status("Accepted" if gone else "Unknown")


def _composite(hands: Obedience, payload: Payload) -> Payload:
    evse, seconds = int(payload["connectorId"]), int(payload["duration"])
    periods = composite(hands, evse, seconds)
    if periods is None:
        return _status("Rejected")
    return {
        "status": "Accepted",
        "connectorId": evse,
        "scheduleStart": stamp(hands.now),
        "chargingSchedule": {
            "duration": seconds,
            "chargingRateUnit": "W",
            "chargingSchedulePeriod": periods,
        },
    }


def composite(hands: Obedience, evse: int, seconds: int) -> list[Payload] | None:
    """The periods of a composite schedule in W; None where there is no such EVSE. 0 is the station."""
    outlets = hands.life.outlets if evse == 0 else [o for o in hands.life.outlets if o.plug.evse == evse]
    if not outlets:
        return None
    most = float(sum(o.plug.power_w for o in outlets))
    steps = hands.profiles.composite(evse, hands.now, seconds, hands.running(outlets[0]), most)
    return [{"startPeriod": start, "limit": round(limit, 1)} for start, limit in steps]


def _diagnostics(hands: Obedience, payload: Payload) -> Payload:
    name = f"{hands.life.plan.identity}-diagnostics.log"
    start_upload(
        hands,
        Upload(
            str(payload["location"]),
            name,
            retries=int(payload.get("retries", 0)),
            retry_s=float(payload.get("retryInterval", 30)),
        ),
    )
    return {"fileName": name}


def _log(hands: Obedience, payload: Payload) -> Payload:
    return order_log(hands, payload)


def order_log(hands: Obedience, payload: Payload) -> Payload:
    """GetLog, the same in all versions."""
    security = payload.get("logType") == "SecurityLog"
    name = f"{hands.life.plan.identity}-{'security' if security else 'diagnostics'}.log"
    start_upload(
        hands,
        Upload(
            str(payload["log"]["remoteLocation"]),
            name,
            int(payload["requestId"]),
            security,
            int(payload.get("retries", 0)),
            float(payload.get("retryInterval", 30)),
        ),
    )
    return {"status": "Accepted", "filename": name}


def _firmware(hands: Obedience, payload: Payload) -> Payload:
    start_update(
        hands,
        Update(
            str(payload["location"]),
            retrieve_ms=time_ms(payload["retrieveDate"]),
            retries=int(payload.get("retries", 0)),
            retry_s=float(payload.get("retryInterval", 30)),
        ),
    )
    return {}


def order_firmware(hands: Obedience, payload: Payload, *, signed: bool) -> Payload:
    """SignedUpdateFirmware of 1.6 and UpdateFirmware of 2.x: dates, retries, a signature."""
    firmware = payload["firmware"]
    start_update(
        hands,
        Update(
            str(firmware["location"]),
            int(payload["requestId"]),
            signed,
            time_ms(firmware["retrieveDateTime"]),
            time_ms(firmware["installDateTime"]) if "installDateTime" in firmware else 0,
            int(payload.get("retries", 0)),
            float(payload.get("retryInterval", 30)),
        ),
    )
    return _status("Accepted")


def _signed_firmware(hands: Obedience, payload: Payload) -> Payload:
    return order_firmware(hands, payload, signed=True)


def _clear_cache(hands: Obedience, payload: Payload) -> Payload:
    hands.notes.cache_cleared += 1
    return _status("Accepted")


def _data(hands: Obedience, payload: Payload) -> Payload:
    return hands.notes.transfer(hands.life.plan.maker, payload)


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
    "SignedUpdateFirmware": _signed_firmware,
    "ClearCache": _clear_cache,
    "DataTransfer": _data,
    "ReserveNow": _reserve,
    "CancelReservation": _cancel,
    "GetLocalListVersion": _list_version,
    "SendLocalList": _send_list,
}

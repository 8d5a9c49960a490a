"""OCPP 1.6, with its security extension: what an operator means as the messages that do it."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain import operations as op
from app.protocol.commands import command
from app.protocol.orders.alike import ALIKE, Orders, fetch_log, fetched_from, send_list, update_firmware
from app.protocol.orders.ask import Ask, CannotDo, one_evse
from app.protocol.orders.profiles import (
    PURPOSE_16,
    check_place,
    profile_16,
    purpose,
    start_limit,
    transaction_16,
)


def _token(token: str) -> str:
    if len(token) > 20:
        raise CannotDo(
            f"OCPP 1.6 takes tokens of at most 20 characters, and {token!r} has {len(token)}; "
            "use a shorter one."
        )
    return token


def _key(variable: op.Variable) -> str:
    if variable.component:
        raise CannotDo(
            f"OCPP 1.6 has keys, not components; name the key instead of "
            f"{variable.component}.{variable.name}."
        )
    return variable.name


def _numbered_through(connector: int | None) -> None:
    if connector not in (None, 1):
        raise CannotDo("OCPP 1.6 numbers its connectors through; name it as the EVSE.")


def _start(wish: op.StartSession, ask: Ask) -> Orders:
    _numbered_through(wish.connector)
    limit = None
    if wish.limit_w is not None:
        limit = profile_16(start_limit(wish.limit_w, ask, wish.evse or 0), ask)
    payload = {"connectorId": wish.evse or None, "idTag": _token(wish.token), "chargingProfile": limit}
    return (ask.order("RemoteStartTransaction", payload),)


def _stop(wish: op.StopSession, ask: Ask) -> Orders:
    return (ask.order("RemoteStopTransaction", {"transactionId": transaction_16(wish.transaction)}),)


def _unlock(wish: op.Unlock, ask: Ask) -> Orders:
    _numbered_through(wish.connector)
    one_evse(wish.evse, "release a plug")
    return (ask.order("UnlockConnector", {"connectorId": wish.evse}),)


def _reset(wish: op.Reset, ask: Ask) -> Orders:
    if wish.evse:
        raise CannotDo("OCPP 1.6 restarts the whole station, never one EVSE; restart the station instead.")
    return (ask.order("Reset", {"type": "Hard" if wish.hard else "Soft"}),)


def _availability(wish: op.SetAvailability, ask: Ask) -> Orders:
    _numbered_through(wish.connector)
    kind = "Operative" if wish.operative else "Inoperative"
    return (ask.order("ChangeAvailability", {"connectorId": wish.evse or 0, "type": kind}),)


_EXTENDED = {
    "LogStatusNotification": "LogStatusNotification",
    "SignChargePointCertificate": "SignChargePointCertificate",
    "SignChargingStationCertificate": "SignChargePointCertificate",
    "SignCertificate": "SignChargePointCertificate",
}
"""What only ExtendedTriggerMessage can ask for (security extension, section 5)."""

_TRIGGERS = (
    "BootNotification", "DiagnosticsStatusNotification", "FirmwareStatusNotification", "Heartbeat",
    "MeterValues", "StatusNotification",
)  # fmt: skip


def _trigger(wish: op.Trigger, ask: Ask) -> Orders:
    extended = _EXTENDED.get(wish.message)
    if extended is None and wish.message not in _TRIGGERS:
        instead = "MeterValues" if wish.message == "TransactionEvent" else ", ".join(_TRIGGERS)
        raise CannotDo(f"OCPP 1.6 cannot be asked for {wish.message}; ask for {instead}.")
    action = "ExtendedTriggerMessage" if extended else "TriggerMessage"
    payload = {"requestedMessage": extended or wish.message, "connectorId": wish.evse or None}
    return (ask.order(action, payload),)


def _read(wish: op.ReadConfiguration, ask: Ask) -> Orders:
    keys = [_key(variable) for variable in wish.variables]
    if not keys:
        return (ask.order("GetConfiguration", {}),)
    return tuple(ask.order("GetConfiguration", {"key": list(some)}) for some in ask.batches(keys))


def _write(wish: op.WriteConfiguration, ask: Ask) -> Orders:
    # Not by `order`: an empty text is a value here, and no absent field.
    return tuple(
        command(ask.version, "ChangeConfiguration", {"key": _key(variable), "value": value})
        for variable, value in wish.values
    )


def _send_list(wish: op.SendLocalList, ask: Ask) -> Orders:
    return send_list(wish, ask, "listVersion", _listed)


def _listed(token: op.ListedToken, ask: Ask) -> dict[str, Any]:
    info = {
        "status": token.status,
        "expiryDate": ask.time(token.expires_ms),
        "parentIdTag": _token(token.group) if token.group else None,
    }
    return {"idTag": _token(token.token), "idTagInfo": info if token.status else None}


def _reserve(wish: op.Reserve, ask: Ask) -> Orders:
    payload = {
        "connectorId": wish.evse or 0,
        "expiryDate": ask.time(wish.until_ms),
        "idTag": _token(wish.token),
        "reservationId": wish.reservation,
    }
    return (ask.order("ReserveNow", payload),)


def _set_profile(wish: op.SetProfile, ask: Ask) -> Orders:
    check_place(wish)
    payload = {"connectorId": wish.evse, "csChargingProfiles": profile_16(wish, ask)}
    return (ask.order("SetChargingProfile", payload),)


def _clear_profile(wish: op.ClearProfile, ask: Ask) -> Orders:
    payload = {
        "id": wish.profile,
        "connectorId": wish.evse,
        "chargingProfilePurpose": purpose(PURPOSE_16, wish.purpose) if wish.purpose else None,
        "stackLevel": wish.stack_level,
    }
    return (ask.order("ClearChargingProfile", payload),)


def _composite(wish: op.ReadCompositeSchedule, ask: Ask) -> Orders:
    payload = {"connectorId": wish.evse, "duration": wish.duration_s, "chargingRateUnit": wish.unit}
    return (ask.order("GetCompositeSchedule", payload),)


def _firmware(wish: op.UpdateFirmware, ask: Ask) -> Orders:
    if wish.signing_certificate:
        return update_firmware(wish, ask, "SignedUpdateFirmware")
    if wish.install_ms is not None:
        raise CannotDo(
            "OCPP 1.6 cannot be told when to install unsigned firmware, only when to fetch it; "
            "leave the time of installation out, or use signed firmware."
        )
    payload = {
        "location": wish.url,
        "retrieveDate": fetched_from(wish, ask),
        "retries": wish.retries,
        "retryInterval": wish.retry_interval_s,
    }
    return (ask.order("UpdateFirmware", payload),)


def _log(wish: op.FetchLog, ask: Ask) -> Orders:
    if wish.kind == "Diagnostics":
        payload: dict[str, Any] = {
            "location": wish.url,
            "retries": wish.retries,
            "startTime": ask.time(wish.from_ms),
            "stopTime": ask.time(wish.to_ms),
        }
        return (ask.order("GetDiagnostics", payload),)
    if wish.kind not in ("Security", "DiagnosticsLog"):
        raise CannotDo(f"OCPP 1.6 has no log called {wish.kind!r}; ask for Diagnostics or Security.")
    return fetch_log(wish, ask, "SecurityLog" if wish.kind == "Security" else "DiagnosticsLog")


ORDERS: Mapping[type, Callable[[Any, Ask], Orders]] = {
    **ALIKE,
    op.StartSession: _start,
    op.StopSession: _stop,
    op.Unlock: _unlock,
    op.Reset: _reset,
    op.SetAvailability: _availability,
    op.Trigger: _trigger,
    op.ReadConfiguration: _read,
    op.WriteConfiguration: _write,
    op.SendLocalList: _send_list,
    op.Reserve: _reserve,
    op.SetProfile: _set_profile,
    op.ClearProfile: _clear_profile,
    op.ReadCompositeSchedule: _composite,
    op.UpdateFirmware: _firmware,
    op.FetchLog: _log,
}
"""How each operation is done in 1.6."""

CANNOT: Mapping[type, str] = {
    op.SetMonitors: "OCPP 1.6 cannot watch variables; statuses and meter readings tell what changes.",
    op.ClearMonitors: "OCPP 1.6 cannot watch variables, so there is nothing to watch no more.",
    op.ReadMonitors: "OCPP 1.6 cannot watch variables; read the configuration instead.",
    op.ReadProfiles: "OCPP 1.6 does not list its charging profiles; read the composite schedule instead.",
    op.Prioritise: "OCPP 1.6 has no priority charging; set a charging profile for the session instead.",
    op.ReadTransaction: "OCPP 1.6 cannot be asked about a transaction; ask for MeterValues instead.",
    op.ShowMessage: "OCPP 1.6 has no messages for a display; some vendors take them as a data transfer.",
    op.ClearMessage: "OCPP 1.6 has no messages for a display; some vendors take them as a data transfer.",
    op.ReadMessages: "OCPP 1.6 has no messages for a display, so there are none to read.",
    op.AskCustomerInformation: "OCPP 1.6 tells nothing about customers; to make a station forget them, clear "
    "its cache and send an empty local list.",
    op.TellCost: "OCPP 1.6 cannot tell a driver the cost; some vendors take it as a data transfer.",
    op.SetStream: "OCPP 1.6 has no event streams; set how often meter values are sent instead.",
    op.ReadStreams: "OCPP 1.6 has no event streams, so there are none to read.",
}
"""What 1.6 has no way for, and what to use instead."""

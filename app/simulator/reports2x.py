"""OCPP 2.x: orders that are answered in parts (reports), and what a station writes down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.simulator.configuration import Setting
from app.simulator.orders2x import Order
from app.simulator.wire import Payload, stamp

if TYPE_CHECKING:
    from app.simulator.obedience import Obedience

ITEMS = 6
"""How many of them one part of a report holds."""


def _status(value: str) -> Payload:
    return {"status": value}


def _parts(
    hands: Obedience, action: str, request: int, key: str, rows: list[Any], *, stamped: bool = True
) -> None:
    """Send `rows` in parts, numbered, all but the last with `tbc`."""
    parts = [rows[i : i + ITEMS] for i in range(0, len(rows), ITEMS)]
    for number, part in enumerate(parts):
        report: Payload = {"requestId": request, "tbc": number < len(parts) - 1, key: part}
        if stamped:
            report |= {"generatedAt": stamp(hands.now), "seqNo": number}
        hands.say_later(0.5 + 0.2 * number, action, report)


def _reported(path: str, setting: Setting) -> Payload:
    component, variable = path.split("/")
    name, _, instance = variable.rstrip("]").partition("[")
    named = {"name": name, "instance": instance} if instance else {"name": name}
    kind = "integer" if setting.value.isdigit() else "string"
    attribute: Payload = {
        "value": setting.value,
        "mutability": "ReadOnly" if setting.readonly else "ReadWrite",
    }
    return {
        "component": {"name": component},
        "variable": named,
        "variableAttribute": [attribute],
        "variableCharacteristics": {"dataType": kind, "supportsMonitoring": False},
    }


def _base_report(hands: Obedience, payload: Payload) -> Payload:
    rows = [_reported(path, setting) for path, setting in hands.settings.by_path.items()]
    _parts(hands, "NotifyReport", int(payload["requestId"]), "reportData", rows)
    return _status("Accepted")


def _report(hands: Obedience, payload: Payload) -> Payload:
    wanted = payload.get("componentVariable") or []
    rows = [
        _reported(path, setting)
        for path, setting in hands.settings.by_path.items()
        if not wanted or any(_names(item, path) for item in wanted)
    ]
    if not rows:
        return _status("EmptyResultSet")
    _parts(hands, "NotifyReport", int(payload["requestId"]), "reportData", rows)
    return _status("Accepted")


def _names(item: Payload, path: str) -> bool:
    component, variable = path.split("/")
    named = item.get("variable", {}).get("name")
    variable = variable.partition("[")[0]
    return bool(item["component"]["name"] == component and named in (None, variable))


def _get_profiles(hands: Obedience, payload: Payload) -> Payload:
    criterion = payload["chargingProfile"]
    numbers = criterion.get("chargingProfileId") or [None]
    found = [
        profile
        for number in numbers
        for profile in hands.profiles.matching(
            number,
            payload.get("evseId"),
            str(criterion.get("chargingProfilePurpose", "")),
            criterion.get("stackLevel"),
        )
    ]
    if not found:
        return _status("NoProfiles")
    evses = sorted({profile.evse for profile in found})
    for place, evse in enumerate(evses):
        report: Payload = {
            "requestId": int(payload["requestId"]),
            "chargingLimitSource": "CSO",
            "evseId": evse,
            "chargingProfile": [profile.raw for profile in found if profile.evse == evse],
            "tbc": place < len(evses) - 1,
        }
        hands.say_later(0.5 + 0.2 * place, "ReportChargingProfiles", report)
    return _status("Accepted")


def _set_text(hands: Obedience, payload: Payload) -> Payload:
    message = payload["message"]
    transaction = message.get("transactionId")
    if transaction is not None and hands.in_transaction(str(transaction)) is None:
        return _status("UnknownTransaction")
    hands.notes.texts[int(message["id"])] = message
    return _status("Accepted")


def _get_texts(hands: Obedience, payload: Payload) -> Payload:
    numbers = payload.get("id")
    found = [
        text
        for number, text in sorted(hands.notes.texts.items())
        if (numbers is None or number in numbers)
        and payload.get("priority") in (None, text["priority"])
        and payload.get("state") in (None, text.get("state"))
    ]
    if not found:
        return _status("Unknown")
    request = int(payload["requestId"])
    _parts(hands, "NotifyDisplayMessages", request, "messageInfo", found, stamped=False)
    return _status("Accepted")


def _clear_text(hands: Obedience, payload: Payload) -> Payload:
    gone = hands.notes.texts.pop(int(payload["id"]), None)
    return _status("Unknown" if gone is None else "Accepted")


def _set_monitors(hands: Obedience, payload: Payload) -> Payload:
    results: list[Payload] = []
    for item in payload["setMonitoringData"]:
        path = f"{item['component']['name']}/{item['variable']['name']}"
        result: Payload = {key: item[key] for key in ("type", "severity", "component", "variable")}
        if path in hands.settings.by_path:
            result |= {"id": hands.notes.new_monitor(item), "status": "Accepted"}
        else:
            result["status"] = "UnknownVariable"
        results.append(result)
    return {"setMonitoringResult": results}


def _clear_monitors(hands: Obedience, payload: Payload) -> Payload:
    gone = [
        {"id": number, "status": "NotFound" if hands.notes.monitors.pop(number, None) is None else "Accepted"}
        for number in payload["id"]
    ]
    return {"clearMonitoringResult": gone}


def _monitoring_report(hands: Obedience, payload: Payload) -> Payload:
    rows = [
        {
            "component": item["component"],
            "variable": item["variable"],
            "variableMonitoring": [
                {
                    "id": number,
                    "transaction": bool(item.get("transaction", False)),
                    "value": item["value"],
                    "type": item["type"],
                    "severity": item["severity"],
                    **(
                        {"eventNotificationType": "CustomMonitor"} if hands.life.plan.version == "2.1" else {}
                    ),
                }
            ],
        }
        for number, item in sorted(hands.notes.monitors.items())
    ]
    if not rows:
        return _status("EmptyResultSet")
    _parts(hands, "NotifyMonitoringReport", int(payload["requestId"]), "monitor", rows)
    return _status("Accepted")


def _customer(hands: Obedience, payload: Payload) -> Payload:
    token = str((payload.get("idToken") or {}).get("idToken", payload.get("customerIdentifier", "")))
    known = token in hands.listed or token in hands.notes.customers
    if payload.get("clear"):
        hands.listed.discard(token)
        hands.notes.customers.discard(token)
    if payload.get("report"):
        said = f"{token}: on the local list" if known else f"nothing is kept of {token}"
        report: Payload = {
            "data": said,
            "seqNo": 0,
            "tbc": False,
            "generatedAt": stamp(hands.now),
            "requestId": int(payload["requestId"]),
        }
        hands.say_later(0.5, "NotifyCustomerInformation", report)
    return _status("Accepted")


def _cost(hands: Obedience, payload: Payload) -> Payload:
    hands.notes.costs[str(payload["transactionId"])] = float(payload["totalCost"])
    return {}


def _clear_cache(hands: Obedience, payload: Payload) -> Payload:
    hands.notes.cache_cleared += 1
    return _status("Accepted")


def _data(hands: Obedience, payload: Payload) -> Payload:
    return hands.notes.transfer(hands.life.plan.maker, payload)


ORDERS: dict[str, Order] = {
    "GetBaseReport": _base_report,
    "GetReport": _report,
    "GetChargingProfiles": _get_profiles,
    "SetDisplayMessage": _set_text,
    "GetDisplayMessages": _get_texts,
    "ClearDisplayMessage": _clear_text,
    "SetVariableMonitoring": _set_monitors,
    "ClearVariableMonitoring": _clear_monitors,
    "GetMonitoringReport": _monitoring_report,
    "CustomerInformation": _customer,
    "CostUpdated": _cost,
    "ClearCache": _clear_cache,
    "DataTransfer": _data,
}

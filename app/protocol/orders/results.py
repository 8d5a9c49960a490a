"""What stations tell in their answers, read leniently: what cannot be read is left out."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.operations import ProfilePeriod, Variable
from app.domain.told import MonitorTold, ScheduleTold, SettingTold
from app.protocol.fields import rows, table, text, whole
from app.protocol.stamps import read_time

Answer = Mapping[str, Any]


def result_of(version: str, action: str, payload: Answer) -> Any:
    """What an answer tells, None where it tells nothing beside its status."""
    reader = _READERS.get(action)
    return None if reader is None else reader(payload)


def number(value: Any) -> float | None:
    """A finite number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def variable_of(row: Mapping[str, Any]) -> Variable:
    """The variable that a 2.x row is about."""
    component, variable = table(row.get("component")), table(row.get("variable"))
    evse = table(component.get("evse"))
    return Variable(
        text(variable.get("name")),
        text(component.get("name")),
        whole(evse.get("id")),
        whole(evse.get("connectorId")),
        text(component.get("instance")),
        text(variable.get("instance")),
        text(row.get("attributeType")) or "Actual",
    )


def value_text(value: Any) -> str | None:
    """A value as text, whatever its type (Q17: numbers and truth values instead of text)."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _readonly(said: Any) -> bool:
    """`readonly` as a truth value, a number or text (Q17)."""
    return said.strip().lower() in ("true", "1", "yes") if isinstance(said, str) else bool(said)


def _configuration(payload: Answer) -> tuple[SettingTold, ...]:
    known = [
        SettingTold(
            Variable(text(row.get("key"))), value_text(row.get("value")), _readonly(row.get("readonly"))
        )
        for row in rows(payload.get("configurationKey"))
        if text(row.get("key"))
    ]
    unknown = payload.get("unknownKey")
    missing = [key for key in unknown if isinstance(key, str)] if isinstance(unknown, list) else []
    return (*known, *(SettingTold(Variable(key), status="unknown") for key in missing))


def _got(payload: Answer) -> tuple[SettingTold, ...]:
    return tuple(
        SettingTold(
            variable_of(row),
            value_text(row.get("attributeValue")),
            status="" if row.get("attributeStatus") == "Accepted" else text(row.get("attributeStatus")),
            reason=text(table(row.get("attributeStatusInfo")).get("reasonCode")),
        )
        for row in rows(payload.get("getVariableResult"))
    )


def _set(payload: Answer) -> tuple[SettingTold, ...]:
    return tuple(
        SettingTold(
            variable_of(row),
            status=text(row.get("attributeStatus")),
            reason=text(table(row.get("attributeStatusInfo")).get("reasonCode")),
        )
        for row in rows(payload.get("setVariableResult"))
    )


def _monitors(payload: Answer) -> tuple[MonitorTold, ...]:
    return tuple(
        MonitorTold(
            variable_of(row),
            whole(row.get("id")),
            text(row.get("type")),
            severity=whole(row.get("severity")),
            status="" if row.get("status") == "Accepted" else text(row.get("status")),
        )
        for row in rows(payload.get("setMonitoringResult"))
    )


def _cleared(payload: Answer) -> tuple[MonitorTold, ...]:
    return tuple(
        MonitorTold(
            Variable(""),
            whole(row.get("id")),
            "",
            status="" if row.get("status") == "Accepted" else text(row.get("status")),
        )
        for row in rows(payload.get("clearMonitoringResult"))
    )


def schedule_periods(schedule: Mapping[str, Any]) -> tuple[ProfilePeriod, ...]:
    """The periods of a schedule that name a limit."""
    found = []
    for row in rows(schedule.get("chargingSchedulePeriod")):
        start, limit = whole(row.get("startPeriod")), number(row.get("limit"))
        if start is not None and limit is not None:
            found.append(ProfilePeriod(start, limit, whole(row.get("numberPhases"))))
    return tuple(found)


def _composite(payload: Answer) -> ScheduleTold | None:
    if "schedule" in payload:  # 2.x
        schedule = table(payload.get("schedule"))
        evse, start = schedule.get("evseId"), schedule.get("scheduleStart")
    elif "chargingSchedule" in payload:  # 1.6
        schedule = table(payload.get("chargingSchedule"))
        evse, start = payload.get("connectorId"), payload.get("scheduleStart")
    else:
        return None
    return ScheduleTold(
        whole(evse) or 0,
        read_time(start)[0],
        whole(schedule.get("duration")),
        text(schedule.get("chargingRateUnit")),
        schedule_periods(schedule),
    )


def _all(*keys: str) -> Callable[[Answer], Any]:
    """A reader that gives these fields as they are, None where none is there."""

    def read(payload: Answer) -> Any:
        found = {key: payload[key] for key in keys if key in payload}
        return (found[keys[0]] if found else None) if len(keys) == 1 else (found or None)

    return read


_READERS: Mapping[str, Callable[[Answer], Any]] = {
    "GetConfiguration": _configuration,
    "GetVariables": _got,
    "SetVariables": _set,
    "SetVariableMonitoring": _monitors,
    "ClearVariableMonitoring": _cleared,
    "GetCompositeSchedule": _composite,
    "GetLocalListVersion": lambda payload: whole(payload.get("listVersion", payload.get("versionNumber"))),
    "GetLog": _all("filename"),
    "GetDiagnostics": _all("fileName"),
    "DataTransfer": _all("data"),
    "GetTransactionStatus": _all("ongoingIndicator", "messagesInQueue"),
    "RequestStartTransaction": _all("transactionId"),
    "GetInstalledCertificateIds": _all("certificateHashData", "certificateHashDataChain"),
    "GetPeriodicEventStream": _all("constantStreamData"),
    "GetTariffs": _all("tariffAssignments"),
    "SetDERControl": _all("supersededIds"),
}

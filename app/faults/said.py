"""What a station said, read from records: events of 2.x components, boots, tokens."""

import json
from typing import Any, NamedTuple

from app.domain.records import NoticeRecord, StationRecord
from app.faults.codes import Words

WHOLE = frozenset({"ChargingStation", "EVSE", "Connector"})
"""Components whose problem is the fault of the station, EVSE or connector itself."""
_FLAGS = frozenset({"Problem", "Tripped", "PowerLoss", "Failure", "Fault", "Active"})
"""Variables that are true when something is wrong, whatever the component."""
_MONITORS = frozenset({"CustomMonitor", "PreconfiguredMonitor", "HardWiredMonitor"})
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


class EventSaid(NamedTuple):
    """One event of a 2.x component. `over`: it tells that something ended.

    `key` tells the component and variable apart within its EVSE and connector.
    """

    evse: int
    connector: int
    component: str
    variable: str
    key: str
    value: str
    tech_code: str
    tech_info: str
    severity: int | None
    over: bool
    flag: bool
    monitored: bool


def detail_of(record: NoticeRecord) -> dict[str, Any]:
    """The payload kept with a notice."""
    found = json.loads(record.detail)
    return found if isinstance(found, dict) else {}


def event_of(record: NoticeRecord) -> EventSaid | None:
    """The event of a notice; None if the notice is no event of a component."""
    if record.subject != "event":
        return None
    detail = detail_of(record)
    component, variable = _table(detail.get("component")), _table(detail.get("variable"))
    if not component or not variable:
        return None
    name, what = str(component.get("name") or ""), str(variable.get("name") or "")
    value = str(detail.get("actualValue") or "")
    known = value.strip().casefold()
    is_flag = what in _FLAGS and (known in _TRUE or known in _FALSE)
    severity = detail.get("severity")
    parts = (name, component.get("instance"), what, variable.get("instance"))
    return EventSaid(
        record.evse or 0,
        record.connector or 0,
        name,
        what,
        "/".join(str(part) for part in parts if part),
        value,
        str(detail.get("techCode") or ""),
        str(detail.get("techInfo") or ""),
        severity if isinstance(severity, int) else None,
        detail.get("cleared") is True or (is_flag and known in _FALSE),
        is_flag and known in _TRUE,
        "variableMonitoringId" in detail or detail.get("eventNotificationType") in _MONITORS,
    )


def is_status(event: EventSaid) -> bool:
    """Whether an event is the status of a connector, told once more by its StatusRecord."""
    return event.component in WHOLE and (event.variable == "AvailabilityState" or event.flag)


def words_of(station: StationRecord | None, error: str = "", vendor_error: str = "", info: str = "") -> Words:
    """A station's words of a fault, with who it is."""
    if station is None:
        return Words(error, vendor_error, info)
    return Words(error, vendor_error, info, "", station.vendor, station.model, station.firmware)


def is_2x(station: StationRecord | None) -> bool:
    """Whether a station speaks OCPP 2.x, whose status names no cause."""
    return station is not None and station.protocol.startswith("ocpp2")


def is_boot(record: NoticeRecord) -> bool:
    """Whether a notice is a boot as it was told, not our verdict on one."""
    return record.subject == "boot" and record.name != "boot loop"


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

"""Whether a station can do an operation at all: by its version, its admission and its registration."""

from app.domain.operations import (
    Message,
    Operation,
    ReadConfiguration,
    Trigger,
    WriteConfiguration,
)
from app.domain.records import StationRecord
from app.domain.status import Admission, Registration
from app.protocol.orders import cannot
from app.protocol.versions import VERSION_OF

_ACTIONS_WHILE_PENDING = frozenset(
    {"GetConfiguration", "ChangeConfiguration", "GetVariables", "SetVariables", "GetBaseReport", "GetReport",
     "TriggerMessage", "ExtendedTriggerMessage"}
)  # fmt: skip


def version_of(record: StationRecord | None) -> str:
    """The version a station spoke last; "" for one that never called."""
    return "" if record is None else VERSION_OF.get(record.protocol, "")


def by_version(version: str, kind: str) -> str:
    """Why stations of this version never can; "" if they can, or the version is not known yet."""
    return cannot(version, kind) if version else ""


def asks_boot(operation: Operation) -> bool:
    """Whether it only asks who the station is, which is allowed in any state (B03, 1.6 section 4.2)."""
    if isinstance(operation, Trigger):
        return operation.message == "BootNotification"
    return isinstance(operation, Message) and (
        operation.action == "TriggerMessage"
        and operation.payload.get("requestedMessage") == "BootNotification"
    )


def by_registration(
    station: str, registration: Registration | None, admission: Admission | None, operation: Operation
) -> str:
    """Why it may not be sent in this state of registration (ocpp-conformance section 4); "" if it may."""
    if asks_boot(operation):
        return ""
    if admission in (Admission.REFUSED, Admission.RETIRED):
        return f"{station} is no part of the network any more, so nothing is sent to it."
    if registration is Registration.REJECTED:
        return f"{station} was refused when it booted; it may only be asked to boot again."
    if registration is Registration.PENDING or admission is Admission.WAITING:
        allowed = isinstance(operation, ReadConfiguration | WriteConfiguration | Trigger)
        if isinstance(operation, Message):
            allowed = operation.action in _ACTIONS_WHILE_PENDING
        if not allowed:
            return f"{station} is not let in yet; until then only its configuration can be read and written."
    return ""

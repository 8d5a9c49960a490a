"""NotifyEvent (OCPP 2.1 part 2, block N): events of components, some of which are a status."""

from collections.abc import Mapping
from typing import Any

from app.domain.events import Event, Noticed, StatusReported
from app.domain.reception import Reception
from app.domain.status import ConnectorStatus
from app.protocol.context import Context
from app.protocol.fields import rows, table, text, whole
from app.protocol.reception import Payload, Route, nothing, stamped
from app.protocol.stamps import Stamp
from app.protocol.v2x.availability import place, state_of

WORST_SEVERITY = 3
"""0 Danger, 1 Hardware Failure, 2 System Failure, 3 Critical: a person must see them."""

_WHOLE = frozenset({"ChargingStation", "EVSE", "Connector"})
"""Components whose problem is a fault of the station, EVSE or connector itself."""


def notify_event(payload: Payload, ctx: Context) -> Reception:
    """Events of components, each at its own time; AvailabilityState and Problem are a status too."""
    events: list[Event] = []
    quirks: set[str] = set()
    told = stamped(ctx, payload.get("generatedAt"))
    part = {key: payload[key] for key in ("seqNo", "tbc", "generatedAt") if key in payload}
    for data in rows(payload.get("eventData")):
        stamp = stamped(ctx, data.get("timestamp"))
        quirks.add(stamp.quirk)
        noticed, status = _event(ctx, stamp, data, part)
        events.append(noticed)
        if status is not None:
            events.append(status)
    if not events:
        events.append(Noticed(ctx.station, told.at_ms, ctx.received_ms, "event", "", payload))
    return Reception(tuple(events), nothing, quirks=tuple(sorted(quirks - {""})), said_ms=told.said_ms)


def _event(
    ctx: Context, stamp: Stamp, data: Mapping[str, Any], part: Mapping[str, Any]
) -> tuple[Noticed, StatusReported | None]:
    component = table(data.get("component"))
    at = table(component.get("evse"))
    evse, connector = place(at.get("id")), place(at.get("connectorId"))
    component_name = text(component.get("name"))
    variable = text(table(data.get("variable")).get("name"))
    actual = text(data.get("actualValue"))
    cleared = data.get("cleared") is True
    severity = whole(data.get("severity"))
    problem = variable == "Problem" and actual.lower() == "true" and not cleared
    grave = severity is not None and severity <= WORST_SEVERITY and not cleared
    state = None
    if component_name in _WHOLE:
        if variable == "AvailabilityState":
            state = state_of(actual)[0]
        elif problem:
            state = ConnectorStatus.FAULTED
    noticed = Noticed(
        ctx.station,
        stamp.at_ms,
        ctx.received_ms,
        "event",
        f"{component_name}.{variable}",
        {**data, **part},
        evse,
        connector,
        # A fault is in the list of what is wrong by its status already.
        (problem or grave) and state is not ConnectorStatus.FAULTED,
    )
    if state is None:
        return noticed, None
    return noticed, StatusReported(
        ctx.station,
        stamp.at_ms,
        ctx.received_ms,
        evse or 0,
        connector or 0,
        state,
        error="OtherError" if problem else "",
        # Such as CX001: the fault codes that makers agreed on travel here.
        vendor_error=text(data.get("techCode")),
        info=text(data.get("techInfo")),
        raw_status=actual if variable == "AvailabilityState" else "",
        # Unlike a StatusNotification, events of an offline past are queued and told one by one.
        live=stamp.live,
    )


ROUTES: Mapping[str, Route] = {"NotifyEvent": notify_event}

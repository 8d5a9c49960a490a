"""Which function understands which action, for each version."""

from collections.abc import Mapping
from typing import Any

from app.domain.reception import Reception
from app.protocol import v2x, v16
from app.protocol.context import Context
from app.protocol.frames import OcppError
from app.protocol.reception import Route
from app.protocol.versions import ACTIONS, SEND_ACTIONS, SERVER_ACTIONS, STATION_ACTIONS

__all__ = ["ROUTES", "SEND_ACTIONS", "SERVER_ACTIONS", "STATION_ACTIONS", "spoken", "understand"]

ROUTES: Mapping[str, Mapping[str, Route]] = {
    "1.6": v16.ROUTES,
    "2.0.1": v2x.ROUTES_201,
    "2.1": v2x.ROUTES_21,
}
"""version → action → function. SENDs of 2.1 are among them; telling CALL from SEND is the core's."""


def understand(version: str, action: str, payload: Mapping[str, Any], ctx: Context) -> Reception:
    """What a station's CALL (or SEND) says, and how it will be answered.

    Raises:
        OcppError: NotSupported for what only we may send, NotImplemented for no action at all.
    """
    route = ROUTES[version].get(action)
    if route is None:
        if action in ACTIONS[version]:
            raise OcppError("NotSupported", "a station does not send this action")
        raise OcppError("NotImplemented", "unknown action")
    return route(payload, ctx)


_SIGNS_OF_16: Mapping[str, str] = {
    "BootNotification": "chargePointVendor",
    "StatusNotification": "errorCode",
    "MeterValues": "connectorId",
    "Authorize": "idTag",
    "StartTransaction": "meterStart",
    "StopTransaction": "meterStop",
    "DiagnosticsStatusNotification": "status",
}
"""A field of 1.6 that the message of the same name in 2.x does not have."""


def spoken(version: str, action: str, payload: Mapping[str, Any]) -> str:
    """The version that a message is really written in: 1.6 payloads come on 2.x sockets (Q74).

    Ask before the schema check; where the result differs from `version`, check, understand and
    answer in the result, and count Q74.
    """
    if version != "1.6" and (sign := _SIGNS_OF_16.get(action)) and sign in payload:
        return "1.6"
    return version

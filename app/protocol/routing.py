"""Which function understands which action, for each version."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.reception import Reception
from app.protocol import v2x, v16
from app.protocol.context import Context
from app.protocol.dialect import spoken
from app.protocol.frames import OcppError
from app.protocol.reception import Route
from app.protocol.versions import ACTIONS, SEND_ACTIONS, SERVER_ACTIONS, STATION_ACTIONS

__all__ = ["ROUTES", "SEND_ACTIONS", "SERVER_ACTIONS", "STATION_ACTIONS", "understand"]

ROUTES: Mapping[str, Mapping[str, Route]] = {
    "1.6": v16.ROUTES,
    "2.0.1": v2x.ROUTES_201,
    "2.1": v2x.ROUTES_21,
}
"""version → action → function. SENDs of 2.1 are among them; telling CALL from SEND is the core's."""


def understand(version: str, action: str, payload: Mapping[str, Any], ctx: Context) -> Reception:
    """What a station's CALL (or SEND) says, and how it will be answered.

    A 1.6 payload on a 2.x link is answered in kind (Q74).

    Raises:
        OcppError: NotSupported for what only we may send, NotImplemented for no action at all.
    """
    if version != "1.6" and spoken(version, action, payload) != version:
        reception = ROUTES["1.6"][action](payload, ctx)
        return replace(reception, quirks=(*reception.quirks, "Q74"))
    route = ROUTES[version].get(action)
    if route is None:
        if action in ACTIONS[version]:
            raise OcppError("NotSupported", "a station does not send this action")
        raise OcppError("NotImplemented", "unknown action")
    return route(payload, ctx)

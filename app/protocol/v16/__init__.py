"""OCPP 1.6J: every message a charge point may send (security extension included) to domain events."""

from collections.abc import Mapping

from app.protocol.reception import Route
from app.protocol.v16 import authorize, boot, data_transfer, firmware, meter, security, sessions, status

ROUTES: Mapping[str, Route] = {
    **boot.ROUTES,
    **status.ROUTES,
    **authorize.ROUTES,
    **sessions.ROUTES,
    **meter.ROUTES,
    **firmware.ROUTES,
    **security.ROUTES,
    **data_transfer.ROUTES,
}
"""The function of each action."""

"""OCPP 2.0.1 and 2.1: every message a charging station may send to domain events."""

from collections.abc import Mapping

from app.protocol.reception import Route
from app.protocol.v2x import (
    authorize,
    availability,
    battery,
    certificates,
    data_transfer,
    der,
    display,
    events,
    firmware,
    metering,
    monitoring,
    payment,
    provisioning,
    reservation,
    security,
    smart_charging,
    streams,
    transactions,
)

ROUTES_201: Mapping[str, Route] = {
    **provisioning.ROUTES,
    **availability.ROUTES,
    **authorize.ROUTES,
    **transactions.ROUTES,
    **metering.ROUTES,
    **reservation.ROUTES,
    **smart_charging.ROUTES,
    **firmware.ROUTES,
    **certificates.ROUTES,
    **security.ROUTES,
    **monitoring.ROUTES,
    **events.ROUTES,
    **display.ROUTES,
    **data_transfer.ROUTES,
}
"""The function of each action of 2.0.1."""

ROUTES_21: Mapping[str, Route] = {
    **ROUTES_201,
    **smart_charging.NEW_IN_21,
    **certificates.NEW_IN_21,
    **streams.NEW_IN_21,
    **payment.NEW_IN_21,
    **der.NEW_IN_21,
    **battery.NEW_IN_21,
}
"""The function of each action of 2.1: those of 2.0.1, some with other answers, and its own."""

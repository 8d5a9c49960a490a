"""BatterySwap (OCPP 2.1 part 2, block S)."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, notice


def battery_swap(payload: Payload, ctx: Context) -> Reception:
    """Batteries went in or out, or a driver left without taking his."""
    return notice(ctx, "battery-swap", text(payload.get("eventType")), payload)


NEW_IN_21: Mapping[str, Route] = {"BatterySwap": battery_swap}

"""BootNotification and Heartbeat (OCPP 1.6 sections 4.2, 4.6)."""

from collections.abc import Mapping
from typing import Any

from app.domain.events import Booted, HeartbeatSeen
from app.domain.reception import Decided, Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, the_time
from app.protocol.stamps import written


def boot(payload: Payload, ctx: Context) -> Reception:
    """Who the charge point is. The older chargeBoxSerialNumber stands in for the serial."""
    get = payload.get
    event = Booted(
        ctx.station,
        ctx.received_ms,
        ctx.received_ms,
        vendor=text(get("chargePointVendor")),
        model=text(get("chargePointModel")),
        serial=text(get("chargePointSerialNumber")) or text(get("chargeBoxSerialNumber")),
        firmware=text(get("firmwareVersion")),
        iccid=text(get("iccid")),
        imsi=text(get("imsi")),
        meter_serial=text(get("meterSerialNumber")),
        meter_type=text(get("meterType")),
    )
    return Reception((event,), registered, repeatable=False)


def registered(decided: Decided) -> Mapping[str, Any]:
    """The answer to BootNotification, in all versions."""
    return {
        "status": decided.registration.value,
        "currentTime": written(decided.now_ms),
        "interval": decided.interval_s,
    }


def heartbeat(payload: Payload, ctx: Context) -> Reception:
    """A sign of life; the answer sets the charge point's clock."""
    event = HeartbeatSeen(ctx.station, ctx.received_ms, ctx.received_ms)
    return Reception((event,), the_time, False, False, False)


ROUTES: Mapping[str, Route] = {"BootNotification": boot, "Heartbeat": heartbeat}

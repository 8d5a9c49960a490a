"""BootNotification, Heartbeat and reports of the device model (OCPP 2.1 part 2, blocks B and G)."""

from collections.abc import Mapping

from app.domain.events import Booted
from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import table, text
from app.protocol.reception import Payload, Route, notice, stamped
from app.protocol.v16.boot import heartbeat, registered


def boot(payload: Payload, ctx: Context) -> Reception:
    """Who the station is, and why it restarted."""
    get = table(payload.get("chargingStation")).get
    modem = table(get("modem")).get
    event = Booted(
        ctx.station,
        ctx.received_ms,
        ctx.received_ms,
        vendor=text(get("vendorName")),
        model=text(get("model")),
        serial=text(get("serialNumber")),
        firmware=text(get("firmwareVersion")),
        iccid=text(modem("iccid")),
        imsi=text(modem("imsi")),
        reason=text(payload.get("reason")),
    )
    return Reception((event,), registered, repeatable=False)


def report(payload: Payload, ctx: Context) -> Reception:
    """One part of a report on the device model; `requestId`, `seqNo` and `tbc` join the parts (Q75)."""
    stamp = stamped(ctx, payload.get("generatedAt"))
    return notice(ctx, "report", "NotifyReport", payload, stamp=stamp)


ROUTES: Mapping[str, Route] = {
    "BootNotification": boot,
    "Heartbeat": heartbeat,
    "NotifyReport": report,
}

"""Progress of firmware, of its publication, and of log uploads (OCPP 2.1 part 2, blocks L and N)."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, notice
from app.protocol.v16.firmware import firmware_status, log_status


def publish_status(payload: Payload, ctx: Context) -> Reception:
    """How far a local controller is with publishing firmware; Published names where."""
    return notice(ctx, "firmware", text(payload.get("status")), {**payload, "published": True})


ROUTES: Mapping[str, Route] = {
    "FirmwareStatusNotification": firmware_status,
    "PublishFirmwareStatusNotification": publish_status,
    "LogStatusNotification": log_status,
}

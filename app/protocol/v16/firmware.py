"""Progress of firmware and of uploads (OCPP 1.6 sections 4.4, 4.5; security extension 4.3, 4.8)."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, notice


def firmware_status(payload: Payload, ctx: Context) -> Reception:
    """How far a firmware update is (FirmwareStatusNotification and its signed form)."""
    return notice(ctx, "firmware", text(payload.get("status")), payload)


def diagnostics_status(payload: Payload, ctx: Context) -> Reception:
    """How far the upload of diagnostics is."""
    return notice(ctx, "log", text(payload.get("status")), {**payload, "log": "diagnostics"})


def log_status(payload: Payload, ctx: Context) -> Reception:
    """How far the upload of a log is; `requestId` names the one that was asked for."""
    return notice(ctx, "log", text(payload.get("status")), payload)


ROUTES: Mapping[str, Route] = {
    "FirmwareStatusNotification": firmware_status,
    "SignedFirmwareStatusNotification": firmware_status,
    "DiagnosticsStatusNotification": diagnostics_status,
    "LogStatusNotification": log_status,
}

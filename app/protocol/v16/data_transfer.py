"""DataTransfer (OCPP 1.6 section 4.3): kept and searchable, never an error (Q22)."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, always, notice

_UNKNOWN_VENDOR = always({"status": "UnknownVendorId"})


def data_transfer(payload: Payload, ctx: Context) -> Reception:
    """A vendor's own message, in any version. No vendor's is understood."""
    return notice(ctx, "data-transfer", text(payload.get("vendorId")), payload, answer=_UNKNOWN_VENDOR)


ROUTES: Mapping[str, Route] = {"DataTransfer": data_transfer}

"""ReservationStatusUpdate (OCPP 2.1 part 2, block H)."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, notice


def reservation_status(payload: Payload, ctx: Context) -> Reception:
    """A reservation ended without a transaction: Expired, Removed or NoTransaction."""
    return notice(ctx, "reservation", text(payload.get("reservationUpdateStatus")), payload)


ROUTES: Mapping[str, Route] = {"ReservationStatusUpdate": reservation_status}

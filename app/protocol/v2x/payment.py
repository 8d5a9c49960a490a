"""Payment terminals (OCPP 2.1 part 2, block C): settlements and VAT numbers."""

from collections.abc import Mapping

from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text
from app.protocol.reception import Payload, Route, always, notice, stamped
from app.protocol.v2x.availability import place

MAX_VAT_NUMBER = 20


def settlement(payload: Payload, ctx: Context) -> Reception:
    """A payment provider settled, cancelled, rejected or failed a payment. No receipt is made here."""
    stamp = stamped(ctx, payload.get("settlementTime"))
    return notice(ctx, "payment", text(payload.get("status")), payload, stamp=stamp, is_now=False)


def vat_number(payload: Payload, ctx: Context) -> Reception:
    """A driver typed a VAT number. No register is asked, so it cannot be confirmed."""
    number = text(payload.get("vatNumber"))[:MAX_VAT_NUMBER]
    said: dict[str, object] = {"status": "Rejected", "vatNumber": number}
    evse = place(payload.get("evseId"))
    if evse is not None:
        said["evseId"] = evse
    return notice(ctx, "payment", "VatNumberValidation", payload, evse=evse, answer=always(said))


NEW_IN_21: Mapping[str, Route] = {
    "NotifySettlement": settlement,
    "VatNumberValidation": vat_number,
}

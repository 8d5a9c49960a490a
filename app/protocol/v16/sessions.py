"""StartTransaction and StopTransaction (OCPP 1.6 sections 4.8, 4.10). Neither can be refused."""

from collections.abc import Mapping
from typing import Any

from app.domain.events import Phase, Token, TransactionReported
from app.domain.ids import TransactionId
from app.domain.reception import Decided, Reception
from app.protocol.context import Context
from app.protocol.fields import numbered, text, whole
from app.protocol.frames import OcppError
from app.protocol.meter import metered
from app.protocol.reception import Payload, Route, nothing, stamped
from app.protocol.v16.authorize import id_tag_info
from app.protocol.v16.meter import read_samples
from app.protocol.v16.status import plug
from app.protocol.words import spellings

_REASONS = spellings(
    "EmergencyStop EVDisconnected HardReset Local Other PowerLoss Reboot Remote SoftReset"
    " UnlockCommand DeAuthorized"
)


def start(payload: Payload, ctx: Context) -> Reception:
    """A transaction began; the sessions room issues its number, and the answer always bears one."""
    get = payload.get
    stamp = stamped(ctx, get("timestamp"))
    evse, connector = plug(get("connectorId"))
    meter_wh = whole(get("meterStart"))
    tag = text(get("idTag"))
    quirks = {stamp.quirk} - {""}
    if meter_wh is None or not tag or get("connectorId") is None:
        quirks.add("Q29")
    event = TransactionReported(
        ctx.station,
        stamp.at_ms,
        ctx.received_ms,
        Phase.STARTED,
        None,
        evse,
        connector,
        Token(tag) if tag else None,
        meter_wh,
        stamp.said_ms,
        stamp.trusted,
        stamp.live,
        # Growatt sends 0 where it means none (Q28).
        reservation=whole(get("reservationId")) or None,
    )
    return Reception((event,), _started, quirks=tuple(sorted(quirks)), said_ms=stamp.said_ms)


def _started(decided: Decided) -> Mapping[str, Any]:
    if decided.transaction is None:
        raise OcppError("InternalError", "no transaction id was issued")
    return {"transactionId": int(decided.transaction), "idTagInfo": id_tag_info(decided)}


def stop(payload: Payload, ctx: Context) -> Reception:
    """A transaction ended. Ids of 0, -1 or beyond 32 bits pass as they are (Q37, Q43)."""
    get = payload.get
    stamp = stamped(ctx, get("timestamp"))
    quirks = {stamp.quirk} - {""}
    # No connector is named: the readings of a stop are never those of a main meter.
    readings, _ = metered(get("transactionData"), ctx, read_samples, quirks, within=stamp)
    transaction = numbered(get("transactionId"))
    meter_wh = whole(get("meterStop"))
    if transaction is None or meter_wh is None:
        quirks.add("Q29")
    tag = text(get("idTag"))
    reason = text(get("reason"))
    event = TransactionReported(
        ctx.station,
        stamp.at_ms,
        ctx.received_ms,
        Phase.ENDED,
        None if transaction is None else TransactionId(transaction),
        token=Token(tag) if tag else None,
        meter_wh=meter_wh,
        said_ms=stamp.said_ms,
        time_trusted=stamp.trusted,
        live=stamp.live,
        reason=_REASONS.get(reason.lower(), reason) if reason else "Local",
        readings=readings,
    )
    answer = _stopped if tag else nothing
    return Reception((event,), answer, quirks=tuple(sorted(quirks)), said_ms=stamp.said_ms)


def _stopped(decided: Decided) -> Mapping[str, Any]:
    return {} if decided.token_status is None else {"idTagInfo": id_tag_info(decided)}


ROUTES: Mapping[str, Route] = {"StartTransaction": start, "StopTransaction": stop}

"""TransactionEvent (OCPP 2.1 part 2, block E). Cannot be refused, whatever it says."""

from collections.abc import Mapping
from typing import Any

from app.domain.events import Noticed, Phase, TransactionReported
from app.domain.ids import TransactionId
from app.domain.reception import Decided, Reception
from app.protocol.context import Context
from app.protocol.fields import numbered, table, text, whole
from app.protocol.meter import energy_in, metered
from app.protocol.reception import Payload, Route, stamped
from app.protocol.v2x.authorize import id_token_info, token_of
from app.protocol.v2x.availability import place
from app.protocol.v2x.metering import read_samples

_PHASES = {phase.value: phase for phase in Phase}
_REGISTER_AT = {Phase.STARTED: "Transaction.Begin", Phase.ENDED: "Transaction.End"}


def transaction_event(payload: Payload, ctx: Context) -> Reception:
    """One step of a transaction. EVSE, token, readings and the rest only where they were said."""
    get = payload.get
    info = table(get("transactionInfo")).get
    evse = table(get("evse")).get
    stamp = stamped(ctx, get("timestamp"))
    quirks = {stamp.quirk} - {""}
    readings, _ = metered(get("meterValue"), ctx, read_samples, quirks, within=stamp)
    phase = _PHASES.get(text(get("eventType")).lower())
    transaction = numbered(info("transactionId"))
    if phase is None or transaction is None:
        quirks.add("Q29")
        phase = phase or Phase.UPDATED
    token = token_of(get("idToken"))
    offline = get("offline") is True
    meter_wh = energy_in(readings, _REGISTER_AT[phase]) if readings and phase in _REGISTER_AT else None
    reported = TransactionReported(
        ctx.station,
        stamp.at_ms,
        ctx.received_ms,
        phase,
        None if transaction is None else TransactionId(transaction),
        place(evse("id")),
        place(evse("connectorId")),
        token,
        meter_wh,
        stamp.said_ms,
        stamp.trusted,
        stamp.live and not offline,
        offline,
        whole(get("seqNo")),
        text(info("chargingState")),
        text(get("triggerReason")),
        text(info("stoppedReason")),
        whole(get("reservationId")),
        whole(info("remoteStartId")),
        readings,
    )
    events: tuple[TransactionReported | Noticed, ...] = (reported,)
    if get("costDetails"):
        events = (reported, _cost(ctx, stamp.at_ms, payload, transaction or ""))

    def answer(decided: Decided) -> Mapping[str, Any]:
        said: dict[str, Any] = {}
        if token is not None:
            said["idTokenInfo"] = id_token_info(decided, token)
        if decided.total_cost is not None:
            said["totalCost"] = decided.total_cost
        return said

    return Reception(events, answer, quirks=tuple(sorted(quirks)), said_ms=stamp.said_ms)


def _cost(ctx: Context, at_ms: int, payload: Payload, transaction: str) -> Noticed:
    """The cost that a 2.1 station computed itself, kept beside its session."""
    detail = {"transactionId": transaction, "costDetails": payload["costDetails"]}
    return Noticed(ctx.station, at_ms, ctx.received_ms, "tariff", "costDetails", detail)


ROUTES: Mapping[str, Route] = {"TransactionEvent": transaction_event}

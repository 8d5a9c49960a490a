"""MeterValues (OCPP 1.6 section 4.7), and how 1.6 writes one sample."""

from collections.abc import Mapping
from typing import Any

from app.domain.events import MeterSampled
from app.domain.ids import TransactionId
from app.domain.meter import Sample
from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import numbered, text
from app.protocol.meter import SIGNED, metered, number_of
from app.protocol.reception import Payload, Route, nothing
from app.protocol.v16.status import plug
from app.protocol.words import shape

_sample = tuple.__new__


def meter_values(payload: Payload, ctx: Context) -> Reception:
    """Readings of a connector, or of the main meter (connector 0, Q81); they need no transaction."""
    get = payload.get
    quirks: set[str] = set()
    evse, connector = plug(get("connectorId"))
    main = evse == 0 and get("connectorId") is not None
    readings, stamp = metered(get("meterValue"), ctx, read_samples, quirks, main=main)
    transaction = numbered(get("transactionId"))
    event = MeterSampled(
        ctx.station,
        stamp.at_ms if stamp else ctx.received_ms,
        ctx.received_ms,
        evse,
        connector,
        None if transaction is None else TransactionId(transaction),
        readings,
        stamp is None or stamp.live,
    )
    odd = tuple(sorted(quirks)) if quirks else ()
    return Reception((event,), nothing, True, True, True, odd, stamp.said_ms if stamp else None)


def read_samples(raws: list[Mapping[str, Any]], samples: list[Sample], quirks: set[str]) -> bool:
    """Append sampled values, defaults filled in (Q53); True if any is signed data.

    Signed data is kept byte for byte and never taken for a number (Q82).
    """
    signed = False
    for raw in raws:
        get = raw.get
        value = get("value")
        measurand, unit, phase, location, context, factor, low, high = shape(
            get("measurand"), get("unit"), get("phase"), get("location"), get("context")
        )
        kept = value if type(value) is str else text(value)
        number: float | None
        if "format" in raw and text(get("format")).lower() == "signeddata":
            signed, number, unit = True, None, SIGNED
        else:
            number = number_of(value, factor, low, high, quirks)
        samples.append(_sample(Sample, (measurand, kept, number, unit, phase, location, context)))
    return signed


ROUTES: Mapping[str, Route] = {"MeterValues": meter_values}

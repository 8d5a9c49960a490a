"""MeterValues (OCPP 2.1 part 2, block J), and how 2.x writes one sample."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.domain.events import MeterSampled
from app.domain.meter import Sample
from app.domain.reception import Reception
from app.protocol import words
from app.protocol.context import Context
from app.protocol.fields import text, whole
from app.protocol.meter import SIGNED, metered, number_of
from app.protocol.reception import Payload, Route, nothing
from app.protocol.v2x.availability import place

_sample = tuple.__new__


def meter_values(payload: Payload, ctx: Context) -> Reception:
    """Readings outside transactions; EVSE 0 is the main meter (Q81)."""
    quirks: set[str] = set()
    evse = place(payload.get("evseId")) or 0
    readings, stamp = metered(payload.get("meterValue"), ctx, read_sample, quirks, main=evse == 0)
    event = MeterSampled(
        ctx.station,
        stamp.at_ms if stamp else ctx.received_ms,
        ctx.received_ms,
        evse,
        0,
        None,
        readings,
        stamp is None or stamp.live,
    )
    odd = tuple(sorted(quirks)) if quirks else ()
    return Reception((event,), nothing, True, True, True, odd, stamp.said_ms if stamp else None)


def read_sample(raw: Mapping[str, Any], samples: list[Sample], quirks: set[str]) -> bool:
    """Append one sampled value, defaults filled in (Q53); True if signed data came with it.

    `number` has the multiplier in it, `value` is as sent. Signed data becomes a sample of its own
    beside the number, byte for byte (Q82), its public key another.
    """
    get = raw.get
    named = get("measurand")
    measurand, unit, low, high = words.measurand(named if type(named) is str else None)
    phase, location, context = get("phase"), get("location"), get("context")
    where = (
        words.phase(phase) if phase else "",
        words.location(location) if location else "Outlet",
        words.context(context) if context else "Sample.Periodic",
    )
    value = get("value")
    number = number_of(value, quirks)
    factor = 1.0
    measure = get("unitOfMeasure")
    if type(measure) is dict:
        said_unit = measure.get("unit")
        if type(said_unit) is str and said_unit:
            unit, factor = words.unit(said_unit)
        multiplier = measure.get("multiplier")
        if multiplier and number is not None:
            number = _scaled(number, multiplier, quirks)
    if number is not None and not low <= number * factor <= high:
        quirks.add("Q57")
        number = None
    kept = value if type(value) is str else repr(value) if type(value) in (int, float) else text(value)
    samples.append(_sample(Sample, (measurand, kept, number, unit, *where)))
    signed = get("signedMeterValue")
    if signed is None:
        return False
    return _append_signed(signed, measurand, where, samples)


def _scaled(number: float, multiplier: Any, quirks: set[str]) -> float | None:
    """`number` × 10^multiplier, in decimals; no meter's multiplier lies outside ±12."""
    exponent = whole(multiplier)
    if exponent is None or not -12 <= exponent <= 12:
        quirks.add("Q57")
        return None
    return float(Decimal(repr(number)).scaleb(exponent))


def _append_signed(signed: Any, measurand: str, where: tuple[str, str, str], samples: list[Sample]) -> bool:
    if type(signed) is not dict:
        samples.append(Sample(measurand, text(signed), None, SIGNED, *where))
        return True
    data, encoding = signed.get("signedMeterData"), text(signed.get("encodingMethod"))
    kept = data if type(data) is str else text(data)
    samples.append(Sample(measurand, kept, None, f"{SIGNED} {encoding}".strip(), *where))
    if key := text(signed.get("publicKey")):
        samples.append(Sample(measurand, key, None, f"{SIGNED} PublicKey", *where))
    return True


ROUTES: Mapping[str, Route] = {"MeterValues": meter_values}

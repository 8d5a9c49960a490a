"""MeterValues (OCPP 2.1 part 2, block J), and how 2.x writes one sample."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.domain.events import MeterSampled
from app.domain.meter import Sample
from app.domain.reception import Reception
from app.protocol.context import Context
from app.protocol.fields import text, whole
from app.protocol.meter import SIGNED, metered, number_of
from app.protocol.reception import Payload, Route, nothing
from app.protocol.v2x.availability import place
from app.protocol.words import shape

_sample = tuple.__new__


def meter_values(payload: Payload, ctx: Context) -> Reception:
    """Readings outside transactions; EVSE 0 is the main meter (Q81)."""
    quirks: set[str] = set()
    evse = place(payload.get("evseId"))
    readings, stamp = metered(payload.get("meterValue"), ctx, read_samples, quirks, main=evse == 0)
    event = MeterSampled(
        ctx.station,
        stamp.at_ms if stamp else ctx.received_ms,
        ctx.received_ms,
        evse or 0,
        0,
        None,
        readings,
        stamp is None or stamp.live,
    )
    odd = tuple(sorted(quirks)) if quirks else ()
    return Reception((event,), nothing, True, True, True, odd, stamp.said_ms if stamp else None)


def read_samples(raws: list[Mapping[str, Any]], samples: list[Sample], quirks: set[str]) -> bool:
    """Append sampled values; True if signed data came with any."""
    signed = False
    for raw in raws:
        signed = _read_sample(raw, samples, quirks) or signed
    return signed


def _read_sample(raw: Mapping[str, Any], samples: list[Sample], quirks: set[str]) -> bool:
    """Append one sampled value, defaults filled in (Q53); True if signed data came with it.

    `number` has the multiplier in it, `value` is as sent. Signed data becomes a sample of its own
    beside the number, byte for byte (Q82), its public key another.
    """
    get = raw.get
    value, said_unit, measure = get("value"), None, get("unitOfMeasure")
    multiplier = 0
    if type(measure) is dict:
        said_unit, multiplier = text(measure.get("unit")), measure.get("multiplier", 0)
    measurand, unit, phase, location, context, factor, low, high = shape(
        get("measurand"), said_unit, get("phase"), get("location"), get("context")
    )
    number = number_of(value, factor if not multiplier else 0.0, low, high, quirks)
    if multiplier and number is not None:
        number = number_of(_scaled(number, multiplier), factor, low, high, quirks)
    kept = value if type(value) is str else repr(value) if type(value) in _NUMBERS else text(value)
    samples.append(_sample(Sample, (measurand, kept, number, unit, phase, location, context)))
    signed = get("signedMeterValue")
    if signed is None:
        return False
    samples += _signed(signed, measurand, phase, location, context)
    return True


_NUMBERS = frozenset({int, float})


def _scaled(number: float, multiplier: Any) -> float | None:
    """`number` × 10^multiplier, in decimals; no meter's multiplier lies outside ±12."""
    exponent = whole(multiplier)
    if exponent is None or not -12 <= exponent <= 12:
        return None
    return float(Decimal(repr(number)).scaleb(exponent))


def _signed(signed: Any, measurand: str, phase: str, location: str, context: str) -> list[Sample]:
    """The signed data, its encoding named in the unit, and the public key if it came along."""
    if type(signed) is not dict:
        return [Sample(measurand, text(signed), None, SIGNED, phase, location, context)]
    data, encoding = signed.get("signedMeterData"), text(signed.get("encodingMethod"))
    kept = data if type(data) is str else text(data)
    unit = f"{SIGNED} {encoding}" if encoding else SIGNED
    found = [Sample(measurand, kept, None, unit, phase, location, context)]
    if key := text(signed.get("publicKey")):
        found.append(Sample(measurand, key, None, f"{SIGNED} PublicKey", phase, location, context))
    return found


ROUTES: Mapping[str, Route] = {"MeterValues": meter_values}

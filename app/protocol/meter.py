"""From sampled values to `Reading`s, for all versions: defaults, units, phases, useless values.

The versions differ only in how one sample is written; they hand in a function for that. What
counts is the total import register and power at the outlet (Q53, Q54); nothing is ever invented.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from app.domain.meter import ENERGY_REGISTER, Reading, Sample
from app.protocol.context import Context
from app.protocol.fields import rows, text
from app.protocol.stamps import DAY_MS, EARLIEST_MS, Stamp, judge

POWER_IMPORT = "Power.Active.Import"
SIGNED = "SignedData"

NEAR_MS = 1_000
"""Messages received at once follow each other by a millisecond each; further ahead is a fast clock."""

ReadSamples = Callable[[list[Mapping[str, Any]], list[Sample], set[str]], bool]
"""Appends the samples of sampled values, notes quirks; True where there was signed data.

Raises TypeError where a list or an object stands for a word; it is asked again without them.
"""


class Metered(NamedTuple):
    """What one message metered: its readings, and the stamp of the newest (None without any)."""

    readings: tuple[Reading, ...]
    stamp: Stamp | None


def metered(
    values: Any,
    ctx: Context,
    read: ReadSamples,
    quirks: set[str],
    *,
    main: bool = False,
    within: Stamp | None = None,
) -> Metered:
    """Read a list of meter values.

    Readings that come with a transaction's own event may lie before the last live message, since a
    stop brings those of the whole session along: where the event's time is trusted, so are theirs.
    Readings whose times are not trusted keep their distances to each other, up to a day (Q64), and
    none of them is of the instant of another: a reading is known by its instant.

    Args:
        values: `meterValue` or `transactionData` as received.
        main: they come from the station's main meter (connector or EVSE 0), which sits at the inlet.
        quirks: gets the ids of the oddities seen.
        within: the time of the transaction event that carries them.
    """
    received_ms, (skew_ms, last_live_ms, told) = ctx.received_ms, ctx.clock
    if 0 <= ctx.metered_ms - received_ms < NEAR_MS:
        received_ms = ctx.metered_ms + 1
    if within is not None and within.trusted:
        last_live_ms = EARLIEST_MS
    readings: list[Reading] = []
    doubtful: list[tuple[int, int | None]] = []
    newest: Stamp | None = None
    for value in rows(values):
        stamp = judge(value.get("timestamp"), received_ms, skew_ms, last_live_ms, told)
        if stamp.quirk:
            quirks.add(stamp.quirk)
        if not stamp.trusted:
            doubtful.append((len(readings), stamp.said_ms))
        samples: list[Sample] = []
        raws = rows(value.get("sampledValue"))
        try:
            signed = read(raws, samples, quirks)
        except TypeError:
            samples.clear()
            signed = read([_flat(raw) for raw in raws], samples, quirks)
        readings.append(summed(stamp.at_ms, samples, signed=signed, main=main, quirks=quirks))
        if newest is None or stamp.at_ms >= newest.at_ms:
            newest = stamp
    if doubtful:
        _spread(readings, doubtful, within or newest, received_ms)
    return Metered(tuple(readings), newest)


def _spread(
    readings: list[Reading], doubtful: list[tuple[int, int | None]], event: Stamp | None, received_ms: int
) -> None:
    """Lay readings with a wrong clock back from the newest, which is as late as its event.

    Those without a time, or of another day, are of the time of receipt and a millisecond apart.
    """
    said = [ms for _, ms in doubtful if ms is not None]
    if event is not None and event.said_ms is not None and not event.trusted:
        said.append(event.said_ms)
    latest = max(said, default=0)
    free_ms = received_ms + 1 if said else received_ms
    for index, ms in doubtful:
        at_ms = free_ms
        if ms is not None and latest - ms <= DAY_MS:
            at_ms = received_ms - (latest - ms)
        else:
            free_ms += 1
        readings[index] = replace(readings[index], at_ms=at_ms)


_WORDS = frozenset({"measurand", "unit", "phase", "location", "context"})


def _flat(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: text(below) if key in _WORDS else below for key, below in raw.items()}


_PLACE = {"Outlet": 0, "Cable": 1, "Body": 2}
_PLACE_OF_MAIN = {"Inlet": 0, "Upstream": 1, "Outlet": 2, "Cable": 3, "Body": 4}
_ENERGY = {"Wh": 1, "kWh": 1000, "MWh": 1_000_000}
_POWER = {"W": 1, "kW": 1000, "MW": 1_000_000}
_LINE = {"L1": 1, "L2": 2, "L3": 3, "L1-N": 1, "L2-N": 2, "L3-N": 3}


def summed(at_ms: int, samples: list[Sample], *, signed: bool, main: bool, quirks: set[str]) -> Reading:
    """The reading that samples of one instant make together."""
    energy: list[Sample] = []
    power: list[Sample] = []
    soc: float | None = None
    for sample in samples:
        measurand = sample[0]
        if measurand == ENERGY_REGISTER:
            energy.append(sample)
        elif measurand == POWER_IMPORT:
            power.append(sample)
        elif measurand == "SoC" or (measurand == "Display.PresentSOC" and soc is None):
            soc = soc if sample.number is None else sample.number
    context = "Sample.Periodic"
    if samples:
        context = energy[0].context if energy else samples[0].context
    places = _PLACE_OF_MAIN if main else _PLACE
    return Reading(
        at_ms,
        tuple(samples),
        _total(energy, _ENERGY, places, quirks) if energy else None,
        _total(power, _POWER, places, quirks) if power else None,
        soc,
        context,
        signed,
    )


def _total(
    samples: list[Sample], units: Mapping[str, int], places: Mapping[str, int], quirks: set[str]
) -> int | None:
    """The unphased value, else the sum of L1 to L3; of the place nearest to the car's plug."""
    if len(samples) == 1:
        _, _, number, unit, phase, location, _ = samples[0]
        if not phase and number is not None and location in places and unit in units:
            return rounded(number, units[unit])
    at: dict[int, list[Sample]] = {}
    for sample in samples:
        if sample.location not in places or sample.unit.startswith(SIGNED):
            continue
        if sample.unit in units:
            at.setdefault(places[sample.location], []).append(sample)
        else:
            # A unit of another kind, such as W for an energy, proves nothing.
            quirks.add("Q52")
    for place in sorted(at):
        total = _total_at(at[place], units, quirks)
        if total is not None:
            return total
    return None


def _total_at(samples: list[Sample], units: Mapping[str, int], quirks: set[str]) -> int | None:
    plain = [(s.number, s.unit, s.context) for s in samples if not s.phase and s.number is not None]
    if plain:
        # With both ends of a transaction in one list, the later one is how things stand.
        late = [one for one in plain if one[2] != "Transaction.Begin"]
        number, unit, _ = (late or plain)[-1]
        return rounded(number, units[unit])
    lines = {_LINE[s.phase]: s for s in samples if s.phase in _LINE}
    exact = Decimal("0.5")
    for line in lines.values():
        if line.number is None:
            # A sum without one of its phases would be an invention.
            return None
        exact += Decimal(repr(line.number)) * units[line.unit]
    if not lines:
        return None
    quirks.add("Q54")
    return math.floor(exact)


def rounded(number: float, factor: int) -> int:
    """`number` × `factor`, rounded half up once, as if computed in decimals."""
    if factor == 1:
        # A half is told exactly in binary, and so is what remains of a number beyond its whole.
        whole = math.floor(number)
        return whole + (number - whole >= 0.5)
    product = number * factor + 0.5
    whole = math.floor(product)
    rest = product - whole
    if 1e-6 < rest < 1 - 1e-6:
        return whole
    # So near to a half the binary product may have fallen to the wrong side.
    return math.floor(Decimal(repr(number)) * factor + Decimal("0.5"))


def number_of(value: Any, factor: float, low: float, high: float, quirks: set[str]) -> float | None:
    """The number that a meter's value means; None for what is none or cannot be (Q57).

    NaN, infinity, empty texts, words; and spikes: `low` and `high` bound it × `factor`.
    """
    if type(value) is str:
        try:
            number = float(value)
        except ValueError:
            quirks.add("Q57")
            number = _decimal_comma(value)
        if "_" in value:
            # Python's own notation, not a meter's.
            number = math.nan
    elif type(value) is float:
        number = value
    elif type(value) is int:
        number = float(value) if -_HUGE < value < _HUGE else math.nan
    else:
        number = math.nan
    # False for NaN, too.
    if low <= number * factor <= high:
        return number
    quirks.add("Q57")
    return None


_HUGE = 10**30


def _decimal_comma(value: str) -> float:
    """`12,5` is 12.5 (CONTRACTS decision 15); with a dot beside it nobody knows what it is."""
    clean = value.strip(" \t\r\n\x00")
    if clean.count(",") == 1 and "." not in clean:
        clean = clean.replace(",", ".")
    try:
        return float(clean)
    except ValueError:
        return math.nan


def energy_in(readings: Iterable[Reading], context: str) -> int | None:
    """The register in a sample taken in `context` (Transaction.Begin or .End), None without one."""
    for reading in readings:
        for sample in reading.samples:
            if (
                sample.context == context
                and sample.measurand == ENERGY_REGISTER
                and not sample.phase
                and sample.number is not None
                and sample.unit in _ENERGY
                and sample.location in _PLACE
            ):
                return rounded(sample.number, _ENERGY[sample.unit])
        if reading.context == context and reading.energy_wh is not None:
            return reading.energy_wh
    return None

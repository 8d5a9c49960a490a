"""What a station's meters said of its supply, day by day: voltage, how far phases were apart, power factor.

Read from every meter value of the sessions that began on a day, which takes long: only what is kept is told.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import sqrt

import msgspec
from sqlalchemy import Connection, select

from app.analytics.insights.tallies import Kind
from app.analytics.timelines import Span
from app.store.readers.readings import Layout, number_of, texts_of
from app.store.tables import session

VOLTAGE, CURRENT, FACTOR = "Voltage", "Current.Import", "Power.Factor"
LEAST_V, MOST_V = 60, 350
"""Between these lies a voltage of a phase against neutral; the rest is of a battery, or a wrong unit."""


class Meters(msgspec.Struct, array_like=True):
    """Of sessions: how many, energy, the highest power; of meter values, how many had each whole volt
    (phase to neutral), each whole ampere between the highest and the lowest of three phases, and each
    hundredth of the power factor."""

    sessions: int = 0
    energy_wh: int = 0
    peak_w: int = 0
    volts: dict[int, int] = {}
    apart: dict[int, int] = {}
    factors: dict[int, int] = {}


def merged(many: Iterable[Meters]) -> Meters:
    """Several of them together."""
    whole = Meters()
    for one in many:
        whole.sessions += one.sessions
        whole.energy_wh += one.energy_wh
        whole.peak_w = max(whole.peak_w, one.peak_w)
        for mine, other in ((whole.volts, one.volts), (whole.apart, one.apart), (whole.factors, one.factors)):
            for key, times in other.items():
                mine[key] = mine.get(key, 0) + times
    return whole


def counted(
    connection: Connection, spans: Sequence[Span], zone: str, station: str = ""
) -> dict[tuple[str, int], Meters]:
    """What was said in sessions that began in each of several spans, in order and apart."""
    starts = [span[0] for span in spans]
    c = session.c
    query = select(c.session, c.station, c.started_ms, c.energy_wh, c.peak_power_w).where(
        c.started_ms >= spans[0][0], c.started_ms < spans[-1][1]
    )
    if station:
        query = query.where(c.station == station)
    found: dict[tuple[str, int], Meters] = {}
    of: dict[int, Meters] = {}
    for number, name, start, energy, peak in connection.execute(query):
        n = bisect_right(starts, start) - 1
        if start < spans[n][1]:
            one = of[number] = found.setdefault((name, n), Meters())
            one.sessions += 1
            one.energy_wh += energy or 0
            one.peak_w = max(one.peak_w, peak or 0)
    for number, layout, texts in texts_of(connection, list(of), _says):
        _take(of[number], layout, texts)
    return found


def _says(layout: Layout) -> bool:
    return any(
        measurand == FACTOR or (measurand in (VOLTAGE, CURRENT) and phase.startswith("L"))
        for measurand, _, phase, _, _ in layout.channels
    )


def _take(one: Meters, layout: Layout, texts: Sequence[str]) -> None:
    amps: dict[str, float] = {}
    for (measurand, unit, phase, location, _), text in zip(layout.channels, texts, strict=True):
        if location not in ("", "Outlet", "Inlet"):
            continue
        value = number_of(text)
        if value is None:
            continue
        if measurand == VOLTAGE and phase.startswith("L"):
            volts = float(value) / (sqrt(3) if phase.count("L") == 2 else 1)
            if LEAST_V <= volts <= MOST_V:
                one.volts[round(volts)] = one.volts.get(round(volts), 0) + 1
        elif measurand == CURRENT and phase in ("L1", "L2", "L3") and unit in ("", "A"):
            amps[phase] = float(value)
        elif measurand == FACTOR and abs(value) <= 1:
            hundredths = round(abs(float(value)) * 100)
            one.factors[hundredths] = one.factors.get(hundredths, 0) + 1
    if len(amps) == 3 and max(amps.values()) >= 1:
        apart = round(max(amps.values()) - min(amps.values()))
        one.apart[apart] = one.apart.get(apart, 0) + 1


METERS = Kind(
    "meters", 1, counted, Meters, msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Meters).decode,
    merged, live=False,
)  # fmt: skip

"""How much energy each site took and how good its supply was: what meters told of voltage and phases.

Limits: ±10 % of the nominal voltage (EN 50160), 20 A between phases (VDE-AR-N 4100: 4.6 kVA), and a power
factor of 0.9 (EN 50160 knows none; grid operators ask for it).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.analytics.insights.chosen import Chosen, stations_of
from app.analytics.insights.meters import METERS, Meters, merged
from app.analytics.insights.tallies import first_ms, tallies
from app.analytics.intervals import Share

NOMINAL_V = (120, 230, 277)
TOLERANCE = 0.1
APART_A = 20
FACTOR = 0.9


@dataclass(frozen=True, slots=True)
class SiteSupply:
    """A site: energy, highest power of a session, and what its meters told; None and 0: nothing told.

    `low_v` to `high_v` hold 95 % of the voltages, phase to neutral. Shares are of meter values: outside
    the tolerance, phases further apart than allowed, power factor below the limit.
    """

    site: str
    sessions: int
    energy_wh: int
    peak_w: int
    nominal_v: int | None
    low_v: int | None
    middle_v: int | None
    high_v: int | None
    outside: Share
    apart_a: int | None
    """95 % of the values had their phases no further apart."""
    apart: Share
    weak: Share


@dataclass(frozen=True, slots=True)
class Supply:
    """The sites by name; `read` is the share of the time asked for whose meter values are read."""

    sites: tuple[SiteSupply, ...]
    read: float


def supply(connection: Connection, chosen: Chosen, zone: str) -> Supply:
    """What was supplied in a span, of whole days that are over."""
    names = stations_of(connection, chosen)
    by_site: dict[str, list[Meters]] = {}
    kept_ms = 0
    for name, piece, found in tallies(connection, METERS, names, (chosen.from_ms, chosen.to_ms), zone):
        kept_ms += piece[1] - piece[0]
        by_site.setdefault(names[name].site or name, []).append(found)
    begun = max(chosen.from_ms, first_ms(connection) or chosen.to_ms)
    asked_ms = (chosen.to_ms - begun) * len(names)
    sites = (_site(site, merged(many)) for site, many in sorted(by_site.items()))
    return Supply(
        tuple(one for one in sites if one.sessions), min(1.0, kept_ms / asked_ms) if asked_ms > 0 else 0.0
    )  # fmt: skip


def _site(site: str, one: Meters) -> SiteSupply:
    middle = _quantile(one.volts, 0.5)
    nominal = None if middle is None else min(NOMINAL_V, key=lambda known: abs(known - middle))
    said = sum(one.volts.values())
    outside = 0 if nominal is None else sum(
        times for volts, times in one.volts.items() if abs(volts - nominal) > nominal * TOLERANCE
    )  # fmt: skip
    far = sum(times for amps, times in one.apart.items() if amps > APART_A)
    weak = sum(times for part, times in one.factors.items() if part < FACTOR * 100)
    return SiteSupply(
        site, one.sessions, one.energy_wh, one.peak_w, nominal, _quantile(one.volts, 0.025), middle,
        _quantile(one.volts, 0.975), Share(outside, said), _quantile(one.apart, 0.95),
        Share(far, sum(one.apart.values())), Share(weak, sum(one.factors.values())),
    )  # fmt: skip


def _quantile(counts: Mapping[int, int], share: float) -> int | None:
    """The value that so large a share of all does not exceed; None of nothing."""
    whole, below = sum(counts.values()), 0
    for value in sorted(counts):
        below += counts[value]
        if below >= share * whole:
            return value
    return None

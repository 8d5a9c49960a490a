"""How much of a silence is worth anything: a connector may as well have been quiet (reference D.2)."""

from collections.abc import Iterable, Mapping, Sequence
from math import exp

from app.analytics.costs.material import DAY_MS, Material
from app.analytics.costs.periods import Span
from app.analytics.costs.pool_month import PoolMonth, starts_of_one
from app.analytics.timelines import intersect, length, union
from app.domain.records import FaultRecord
from app.faults.pools import Pool
from app.faults.pricing import HOUR_MS, Outage

SILENT = "silence"
A_YEAR = 1.0
"""How often a connector truly falls silent; assumed, as nobody publishes it."""


def silent_share(
    m: Material, pool: Pool, month: PoolMonth, row: FaultRecord, outages: Sequence[Outage],
    rows: Mapping[int, FaultRecord],
) -> float:  # fmt: skip
    """The share of a silence in which nothing would have started.

    It is told from the last start before it to the first one after it, each of which is on average one
    expected start away from what was wrong. And unless somebody confirmed it, it may have been chance: every
    start at a connector begins a pause, and on quiet days pauses are long.

    Args:
        m, pool, month: where and when.
        row: the silence.
        outages: all of its pool in the month.
        rows: the faults they are of.
    """
    if not row.confirmed and _together(row, outages, rows, pool):
        return 0.0
    start, end = span = m.stood(row)
    missed = sum(starts_of_one(m, pool, month, span).values())
    edges = (row.onset_ms >= start) + (row.cleared_ms is not None and row.cleared_ms <= end)
    within = max(0.0, 1 - edges / missed) if missed > 0 else 1.0
    if row.confirmed:
        return within
    pauses = float(month.rates.mean()) / month.connectors * 365 * DAY_MS / HOUR_MS
    return within * A_YEAR / (A_YEAR + pauses * _by_chance(m, pool, month, row))


def _together(
    row: FaultRecord, outages: Sequence[Outage], rows: Mapping[int, FaultRecord], pool: Pool
) -> bool:
    """Whether all the rest of a pool was silent for most of a silence, too: then nobody came to the place, as
    on a holiday, which is far likelier than that all of it broke at once and said nothing."""
    mine = [o for o in outages if o.fault == row.fault]
    silences = [o for o in outages if rows[o.fault].rule == SILENT and not rows[o.fault].confirmed]
    others = frozenset(pool.members).difference(*(o.places for o in mine))
    span = _spans(mine)
    return bool(others) and all(
        length(intersect(span, _spans(o for o in silences if plug in o.places))) > length(span) / 2
        for plug in others
    )


def _spans(outages: Iterable[Outage]) -> list[Span]:
    return union((o.from_ms, o.to_ms) for o in outages if o.to_ms is not None)


def _by_chance(m: Material, pool: Pool, month: PoolMonth, row: FaultRecord) -> float:
    """How likely nobody came to a connector that worked, all the time a silence of it stood: by what each
    day was like, as the rest of the pool shows it."""
    over = row.over_ms if row.over_ms is not None else m.now_ms
    none = 1.0
    for day, starts in starts_of_one(m, pool, month, (row.onset_ms, over)).items():
        factors = month.factors(day * DAY_MS)
        none *= sum(exp(-starts * factor) for factor in factors) / len(factors)
    return none

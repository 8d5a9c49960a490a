"""What a fault lost while nobody was looking: priced as a range that begins at nothing (reference D.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from app.analytics.costs.gather_faults import FaultLoss
from app.analytics.costs.lost_revenue import PricedFault
from app.analytics.costs.material import Material
from app.analytics.costs.periods import Span
from app.analytics.timelines import intersect, length, union
from app.store.readers.links import blind_spans

HOUR_MS = 3_600_000


def priced_as_ranges(m: Material, losses: FaultLoss) -> tuple[PricedFault, ...]:
    """The month's faults; of each, what it lost while Forecourt did not look is no part of its lower end."""
    blind = [(gap.start_ms, gap.end_ms) for gap in blind_spans(m.connection, *m.span)]
    if not blind:
        return losses.priced
    return tuple(unseen(one, m.stood(losses.rows[one.fault]), blind) for one in losses.priced)


def unseen(one: PricedFault, span: Span, blind: Iterable[Span]) -> PricedFault:
    """One fault that stood over a span; the share of it that nobody saw lowers its lower end."""
    whole = span[1] - span[0]
    gap = length(intersect([span], union(blind)))
    if whole <= 0 or not gap:
        return one
    low = one.low * Decimal(whole - gap) / Decimal(whole)
    return replace(one, low=low, note=_said(one.note, gap))


def _said(note: str, gap_ms: int) -> str:
    words: Sequence[str] = (note, f"{gap_ms / HOUR_MS:.1f} h of it nobody was looking: priced from nothing")
    return "; ".join(word for word in words if word)

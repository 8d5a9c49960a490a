"""Whether a station charged while nobody could hear it: by what it queued, or else by how likely that is."""

from collections.abc import Sequence
from math import exp

from sqlalchemy import select

from app.analytics.costs.material import Material
from app.analytics.costs.periods import Span
from app.faults.standing import Place as Plug
from app.store.tables import session


def has_charged(m: Material, places: frozenset[Plug], span: Span) -> bool:
    """Whether a station that could not be reached charged all the same, as what it queued shows."""
    stations = sorted({plug.station for plug in places})
    c = session.c
    query = select(c.session).where(
        c.station.in_(stations), c.started_ms >= span[0], c.started_ms < span[1]
    )  # fmt: skip
    return m.connection.execute(query.limit(1)).first() is not None


def expected_starts(m: Material, places: frozenset[Plug], span: Span) -> float:
    """Starts expected at these connectors in a span."""
    found = 0.0
    for plug in places:
        if (pool := m.learner.pools.of(plug)) is not None:
            found += m.learner.demand.expected(pool, *span) / max(1, len(pool.members))
    return found


def charging_on(charged: int, unheard: Sequence[float]) -> float:
    """The share of stations that charge while nobody hears them.

    Args:
        charged: how often one was seen to have, by what it queued.
        unheard: of the times when none was, how many starts were expected meanwhile; where that is few, it
            says little.
    """
    share = 0.5
    for _ in range(30):
        likely = sum(charged_on(missed, share) for missed in unheard)
        share = (charged + likely + 1) / (charged + len(unheard) + 2)
    return share


def charged_on(missed: float, usual: float) -> float:
    """How likely a station that nobody heard would have charged, given that nobody charged there: `usual` is
    the share of such stations that did."""
    none = usual * exp(-missed)
    return none / (none + 1 - usual)

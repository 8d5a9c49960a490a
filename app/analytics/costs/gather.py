"""Facts of months from history: one file for each cost gathers, this one asks them in turn."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.analytics.costs.data import Blind
from app.analytics.costs.drivers_log import DriversLog
from app.analytics.costs.facts import Counts, Facts
from app.analytics.costs.field_work import Visit as FieldVisit
from app.analytics.costs.gather_data import never_read, peaks, unseen, without_curve
from app.analytics.costs.gather_drivers import Drivers, drivers
from app.analytics.costs.gather_expansion import candidates
from app.analytics.costs.gather_faults import FaultLoss, fault_losses
from app.analytics.costs.gather_field import PROVED, complaints, credits, parts_paid, treated, visits
from app.analytics.costs.gather_manpower import Desk, desk
from app.analytics.costs.gather_visits import in_vain, not_billed, not_proved
from app.analytics.costs.material import Material, Stopped, learner_of, network_of
from app.analytics.costs.periods import widest
from app.analytics.costs.unseen import priced_as_ranges

Tell = Callable[[str, float], None]
"""Told which month is worked on and how much of it is done, 0 to 1."""


def facts_in_turn(
    connection: Connection, periods: Iterable[str], zone: ZoneInfo, now_ms: int,
    pseudonym: Callable[[str], str], *, tell: Tell = lambda period, done: None,
    stopped: Callable[[], bool] = lambda: False, log: DriversLog | None = None,
) -> Iterator[Facts]:  # fmt: skip
    """The facts of months, oldest first, in one run over history.

    Args:
        connection: reading.
        periods: months, in any order.
        zone: of sites whose entry names none.
        now_ms: a month that is not over is told until then.
        pseudonym: what a card is called in evidence.
        tell: hears of progress.
        stopped: asked now and then.
        log: who came when, as far as it was read before.

    Raises:
        Stopped: `stopped` said so.
    """
    network = network_of(connection, zone)
    learner = learner_of(network)
    known = DriversLog()
    for period in sorted(periods):
        tell(period, 0.0)
        learner.learn(connection, min(widest(period, network.zones)[1], now_ms), stopped)
        # Held by nobody here: a month's sessions and visits need not stay while the next ones are read.
        yield _facts(
            Material(connection, period, now_ms, network, learner, pseudonym),
            known if log is None else log, tell, stopped,
        )  # fmt: skip
        tell(period, 1.0)


def _facts(m: Material, log: DriversLog, tell: Tell, stopped: Callable[[], bool]) -> Facts:
    def on(done: float) -> None:
        if stopped():
            raise Stopped
        tell(m.period, done)

    on(0.2)
    losses = fault_losses(m)
    on(0.4)
    met = drivers(m, log)
    on(0.7)
    starved, failed, refused = in_vain(m, losses, met.once)
    on(0.8)
    actions = desk(m, losses)
    treated_ones, others = treated(m, losses)
    blind, visited = unseen(m, losses), visits(m)
    return Facts(
        m.period, *m.span, m.span[1] < m.now_ms, m.now_ms, m.currency,
        faults=priced_as_ranges(m, losses), starved=starved, failed=failed, unbilled=not_billed(m),
        recovered=met.recovered, stayed=met.stayed,
        actions=actions.avoidable, firsts=met.firsts, returns=met.returns, returns_due_ms=met.returns_due_ms,
        credits=credits(m), cohorts=met.cohorts, unproved=not_proved(m), peaks=peaks(m),
        blind=blind, visits=visited, parts_paid=parts_paid(m),
        candidates=candidates(m, losses), treated=treated_ones, untreated=others, at_risk=met.at_risk,
        counts=_counts(m, losses, met, actions, refused, blind, visited), no_price=_without(m, "price"),
        no_energy_cost=_without(m, "energy-cost"),
    )  # fmt: skip


def _counts(
    m: Material, losses: FaultLoss, met: Drivers, actions: Desk, refused: int, blind: Sequence[Blind],
    visited: Sequence[FieldVisit],
) -> Counts:  # fmt: skip
    """The plain counts beside the money."""
    complained, reviewed = complaints(m)
    spans = [span for spans in losses.out.values() for span in spans]
    return Counts(
        visits=len(m.visits),
        visits_failed=sum(not visit.good and not visit.unproved for visit in m.visits),
        attempts=sum(len(visit.tries) for visit in m.visits),
        sessions=len(m.sessions),
        sessions_unproved=sum(r.energy_wh is None and r.ended_ms is not None for r in m.sessions),
        sessions_without_curve=without_curve(m),
        readings_lost_h=float(sum(b.hours for b in blind if b.place.station)),
        blind_h=float(sum(b.hours for b in blind if not b.place.station)),
        drivers=met.known,
        drivers_hit=met.hit,
        newcomers=met.newcomers,
        newcomers_bad=met.newcomers_bad,
        cards_refused=refused,
        complaints=complained,
        reviews=reviewed,
        acts=actions.acts,
        act_minutes=round(actions.minutes, 1),
        call_minutes=round(actions.call_minutes, 1),
        visits_to_sites=sum(v.place.period == m.period for v in visited),
        remote_fixes=sum(row.recovery == PROVED for row in losses.rows.values()),
        variables_unread=never_read(m),
        broken_h=round(sum(end - start for start, end in spans) / 3_600_000, 2),
    )


def _without(m: Material, what: str) -> tuple[str, ...]:
    """Sites at which somebody charged or tried and of which a price or an energy cost was never said."""
    found = set()
    for visit in m.visits:
        last = visit.tries[-1]
        worth = m.per_kwh(last.station, last.evse, visit.at_ms)
        if (what == "price") == (worth is None) and (worth is None or not worth.margin):
            found.add(visit.site)
    return tuple(sorted(found))

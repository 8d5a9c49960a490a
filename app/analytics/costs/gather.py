"""Facts of months from history: one file for each cost gathers, this one asks them in turn."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.analytics.costs.facts import Facts
from app.analytics.costs.gather_faults import fault_losses
from app.analytics.costs.gather_visits import came_back, in_vain, not_billed, not_proved
from app.analytics.costs.material import Material, Stopped, learner_of, network_of
from app.analytics.costs.periods import widest

Tell = Callable[[str, float], None]
"""Told which month is worked on and how much of it is done, 0 to 1."""


def facts_in_turn(
    connection: Connection, periods: Iterable[str], zone: ZoneInfo, now_ms: int,
    pseudonym: Callable[[str], str], *, tell: Tell = lambda period, done: None,
    stopped: Callable[[], bool] = lambda: False,
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

    Raises:
        Stopped: `stopped` said so.
    """
    network = network_of(connection, zone)
    learner = learner_of(network)
    shared: dict[Any, Any] = {}
    for period in sorted(periods):
        tell(period, 0.0)
        learner.learn(connection, min(widest(period, network.zones)[1], now_ms), stopped)
        yield _facts(Material(connection, period, now_ms, network, learner, pseudonym, shared), tell, stopped)
        tell(period, 1.0)


def _facts(m: Material, tell: Tell, stopped: Callable[[], bool]) -> Facts:
    def on(done: float) -> None:
        if stopped():
            raise Stopped
        tell(m.period, done)

    on(0.2)
    losses = fault_losses(m)
    on(0.4)
    starved, failed, _ = in_vain(m, losses.out)
    on(0.5)
    return Facts(
        m.period, *m.span, m.span[1] < m.now_ms, m.now_ms, m.currency,
        faults=losses.priced, starved=starved, failed=failed, unbilled=not_billed(m), recovered=came_back(m),
        unproved=not_proved(m),
    )  # fmt: skip

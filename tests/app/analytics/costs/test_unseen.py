"""What a fault lost while nobody was looking is priced from nothing to all of it, and says so."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.analytics.costs.ledger import Cost
from app.analytics.costs.lost_revenue import Place, PricedFault
from app.analytics.costs.unseen import unseen
from tests.app.analytics.costs.network import DAY, FEBRUARY, HOUR, Network, a_network

FAULT = PricedFault(
    Place("2026-02", "Depot", "D1", "EUR"), 1, "connector_fault", 0, Decimal(10), Decimal(40), Decimal(30),
    Decimal(55), "its clock showed 38.00",
)  # fmt: skip


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with a_network(tmp_path) as found:
        found.every_day(FEBRUARY - 28 * DAY, 56)
        yield found


def test_the_unseen_share_is_no_part_of_the_lower_end() -> None:
    one = unseen(FAULT, (0, 10 * HOUR), [(8 * HOUR, 20 * HOUR), (7 * HOUR, 9 * HOUR)])
    assert one.low == Decimal("21")
    assert (one.exact, one.high) == (FAULT.exact, FAULT.high)
    assert one.note == "its clock showed 38.00; 3.0 h of it nobody was looking: priced from nothing"
    assert unseen(FAULT, (0, 10 * HOUR), [(11 * HOUR, 12 * HOUR)]) == FAULT
    assert unseen(FAULT, (0, 10 * HOUR), [(-HOUR, 11 * HOUR)]).low == 0


def test_a_fault_that_outlived_a_stop_of_forecourt_has_a_wider_range(network: Network) -> None:
    start = FEBRUARY + 9 * DAY + 9 * HOUR
    network.fault(1, "D1", start, start + 24 * HOUR)
    (seen,) = (p for p in network.book().parts if p.cost is Cost.LOST_REVENUE)
    network.past.ran((FEBRUARY - 40 * DAY, start + 4 * HOUR), (start + 16 * HOUR, FEBRUARY + 60 * DAY))
    (half,) = (p for p in network.book().parts if p.cost is Cost.LOST_REVENUE)
    assert half.amount == seen.amount
    assert half.high == seen.high
    assert seen.low is not None
    assert half.low is not None
    assert half.low == pytest.approx(seen.low / 2)
    assert "12.0 h of it nobody was looking: priced from nothing" in half.lines[0].note

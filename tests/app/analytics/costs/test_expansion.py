"""Slowed expansion: the reference's worked numbers [E6] and [I], and what is said without inputs."""

import json
from decimal import Decimal

import numpy as np
import pytest

from app.analytics.costs.assumptions import AssumptionSet, assumption_set
from app.analytics.costs.expansion import (
    Candidate,
    HourType,
    blocked,
    case,
    cases,
    extra_served,
    payback_months,
    resampled,
    slowed_expansion,
)
from app.analytics.costs.ledger import Claims, Part, close
from app.analytics.costs.lost_revenue import Place
from app.analytics.costs.queueing import turned_away
from app.domain.records import EntryRecord

D = Decimal
HERE = Place("2026-03", "Depot", "", "EUR")
HOURS = (HourType(60, 3.0, 2.1, 0.3), HourType(180, 1.2, 0.84, 0.2), HourType(490, 0.3, 0.24, 0.1))
POOL = Candidate(HERE, "Depot/CCS/50 kW", 3, HOURS, D("6.10"))


def rates(**values: str) -> AssumptionSet:
    return assumption_set(
        EntryRecord("assumption", f"expansion.{key}", 1, 0, "ann", "offer", json.dumps({"value": value}))
        for key, value in values.items()
    )


def amount(parts: list[Part]) -> Decimal:
    return sum((part.amount or D(0) for part in close(parts)), D(0))


def test_i_what_a_pool_of_three_turns_away_and_what_a_fourth_would_serve() -> None:
    assert blocked(HOURS, 3) == pytest.approx(50.1, abs=0.05)
    assert blocked(HOURS, 4) == pytest.approx(21.0, abs=0.05)
    lasted, load = (np.array([getattr(hour, name) for hour in HOURS]) for name in ("hours", "load"))
    taken = (lasted * load * (1 - turned_away(3, load, 0.0))).sum() / (3 * lasted.sum())
    assert taken == pytest.approx(0.1642, abs=5e-5)


def test_i_it_pays_back_in_88_6_months_which_is_no() -> None:
    found = case(POOL, rates(fixed="60", capex="6500"), D("0.25"))
    assert round(found.gain or D(0), 2) == D("73.35")
    assert found.payback == pytest.approx(88.6, abs=0.05)
    assert not found.worth_it
    assert slowed_expansion([POOL], rates(fixed="60", capex="6500"), D("0.25"), Claims()) == []


def test_i_the_range_is_of_the_posterior_and_always_the_same() -> None:
    found = case(POOL, rates(fixed="60", capex="6500"), D("0.25"))
    assert found.payback_low is not None
    assert found.payback_low < 88.6
    assert found.payback_high is None or found.payback_high > 88.6
    assert resampled(POOL) == resampled(POOL)
    tried = resampled(POOL)
    assert tried[40] < extra_served(HOURS, 3) < tried[360]


def test_e6_thirty_eight_more_sessions_less_the_fixed_cost() -> None:
    per_hour = extra_served((HourType(1, 3.0, 2.1),), 3)
    busy = Candidate(HERE, "busy", 3, (HourType(38 / per_hour, 3.0, 2.1),), D("6.10"))
    parts = slowed_expansion([busy], rates(fixed="60", capex="6500"), D("0.25"), Claims())
    assert amount(parts) == D("113.85")
    assert [line.quantity for part in parts for line in part.lines] == [D("38"), D(-1)]


def test_only_the_best_next_site_is_booked() -> None:
    per_hour = extra_served((HourType(1, 3.0, 2.1),), 3)
    pools = [
        Candidate(HERE, name, 3, (HourType(n / per_hour, 3.0, 2.1),), D("6.10"))
        for name, n in (("a", 38), ("b", 60))
    ]
    parts = slowed_expansion(pools, rates(fixed="60", capex="6500"), D("0.25"), Claims())
    assert {line.object for part in parts for line in part.lines} == {"pool:b"}


def test_what_the_operator_wants_is_booked_beyond_the_limit() -> None:
    wanted = Candidate(HERE, "wanted", 3, HOURS, D("6.10"), wanted=True)
    parts = slowed_expansion([wanted], rates(fixed="60", capex="6500"), D("0.25"), Claims())
    assert amount(parts) == D("73.35")


def test_without_its_costs_it_has_sessions_and_no_amount() -> None:
    (part,) = close(slowed_expansion([POOL], rates(), D("0.25"), Claims()))
    assert part.amount is None
    assert part.missing == "expansion.fixed"
    assert round(part.lines[0].quantity, 1) == D("29.1")


def test_a_site_may_have_costs_of_its_own() -> None:
    own = Candidate(HERE, "own", 3, HOURS, D("6.10"), fixed=D(0), capex=D(1000))
    first, _ = cases([POOL, own], rates(fixed="60", capex="6500"), D("0.25"))
    assert first.candidate.pool == "own"
    assert first.worth_it


def test_what_never_gains_never_pays_back() -> None:
    assert payback_months(D(6500), D(0)) is None
    quiet = Candidate(HERE, "quiet", 3, (HourType(700, 0.01, 0.007, 0.01),), D("6.10"))
    assert case(quiet, rates(fixed="60", capex="6500"), D("0.25")).payback is None


def test_a_ledger_draws_for_the_part_it_books_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def counted(candidate: Candidate) -> list[float]:
        drawn.append(candidate.pool)
        return list(resampled(candidate))

    monkeypatch.setattr("app.analytics.costs.expansion.resampled", counted)
    pools = [Candidate(HERE, name, 3, HOURS, D(value)) for name, value in (("a", "6.10"), ("b", "60"))]
    held = rates(fixed="60", capex="6500")
    (part,) = slowed_expansion(pools, held, D("0.25"), Claims())
    assert drawn == ["b"]
    assert part.low is not None
    assert case(pools[1], held, D("0.25"), ranged=False).gain == case(pools[1], held, D("0.25")).gain

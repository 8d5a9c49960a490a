"""Intervals of few things."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.intervals import upper_of_few


def test_the_upper_end_of_few_losses_leans_as_a_gamma_distribution_does() -> None:
    """One whose spread is its mean is exponential: 97.5 % of it lie below −ln 0.025 = 3.689 means."""
    assert float(upper_of_few(Decimal(10), Decimal(10))) == pytest.approx(36.89, rel=0.01)
    assert float(upper_of_few(Decimal(1000), Decimal(10))) == pytest.approx(1000 + 1.96 * 10, rel=1e-3)
    assert upper_of_few(Decimal(0), Decimal(3)) == Decimal("5.88")


@given(st.decimals(0, 10_000, places=2), st.decimals(0, 10_000, places=2))
def test_the_upper_end_is_never_below_what_chance_alone_makes_it(mean: Decimal, sd: Decimal) -> None:
    assert upper_of_few(mean, sd) >= mean + Decimal("1.96") * sd

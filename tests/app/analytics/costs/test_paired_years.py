"""A small year with what goes wrong and its twin without: the ledger finds the difference, once.

The long series, with its goals, is `python -m tests.bench --only ledger`.
"""

import pytest

from tests.bench.ledger import Run, run
from tests.bench.paired.truth import paired
from tests.bench.paired.world import Habits

STATIONS = 5


@pytest.fixture(scope="module")
def year() -> Run:
    return run(3, STATIONS, effect=0.3, often=2.0)


def test_the_twins_differ_by_what_goes_wrong_alone() -> None:
    whole = paired(3, 2, 60, often=0.0)
    assert not any(whole.truth.get((site.name, "lost-revenue", month)) for site in whole.sites
                   for month in whole.months)  # fmt: skip
    broken = paired(3, 2, 60, often=8.0, habits=Habits(0.0, 0.0))
    assert sum(amount for (_, cost, _), amount in broken.truth.items() if cost == "lost-revenue") > 0
    assert not any(cost in ("brand", "churn") for _, cost, _ in broken.truth)
    assert broken.margin == pytest.approx(whole.margin)


def test_the_years_ranges_hold_the_truth_of_each_site(year: Run) -> None:
    for site in {cell.site for cell in year.cells}:
        for cost in ("lost-revenue", "maintenance", "manpower", "data"):
            mine = [cell for cell in year.cells if (cell.site, cell.cost) == (site, cost)]
            low, truth, high = (sum(getattr(c, name) for c in mine) for name in ("low", "truth", "high"))
            assert low - 0.1 <= truth <= high + 0.1, (site, cost)


def test_what_invoices_say_is_told_to_the_cent(year: Run) -> None:
    mine = [cell for cell in year.cells if cell.cost == "maintenance"]
    assert sum(cell.amount for cell in mine) > 0
    assert all(cell.amount == pytest.approx(cell.truth, abs=0.011) for cell in mine)


def test_nothing_is_counted_twice(year: Run) -> None:
    assert year.twice == ()


def test_a_year_in_which_nothing_goes_wrong_loses_nothing() -> None:
    bare = run(3, 2, often=0.0)
    assert not any(cell.amount for cell in bare.cells if cell.cost in ("lost-revenue", "brand", "churn"))
    assert bare.called == ()

"""Quarters and years are the sum of their months, to the cent, and say what they lack."""

from decimal import Decimal

import pytest

from app.analytics.costs.books import Book, Books
from app.analytics.costs.grouped import grouped
from app.analytics.costs.ledger import Cost
from app.analytics.costs.periods import QUARTER, YEAR, group_of, months_in, periods_until, size_of, stepped
from tests.ui.costings import LAST, books


def sums(book: Book) -> dict[Cost, Decimal]:
    """The known sums of each cost in the operator's currency."""
    found: dict[Cost, Decimal] = {}
    for part in book.parts:
        if part.amount is not None and part.currency == book.currency:
            found[part.cost] = found.get(part.cost, Decimal(0)) + part.amount
    return found


@pytest.mark.parametrize(
    ("month", "quarter"), [("2026-01", "2026-Q1"), ("2026-03", "2026-Q1"), ("2026-10", "2026-Q4")]
)
def test_a_month_lies_in_one_quarter(month: str, quarter: str) -> None:
    assert group_of(month, QUARTER) == quarter
    assert month in months_in(quarter)
    assert (size_of(quarter), size_of("2026")) == (QUARTER, YEAR)


def test_periods_step_over_the_turn_of_a_year() -> None:
    assert periods_until("2026-Q2", 4) == ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")
    assert (stepped("2026", -1), stepped("2026-01", -1), stepped("2025-Q4", 1)) == (
        "2025", "2025-12", "2026-Q1"
    )  # fmt: skip


@pytest.mark.parametrize("size", [QUARTER, YEAR])
def test_parts_stand_as_they_were_and_add_up_to_the_cent(size: str) -> None:
    months = books(13)
    for book in grouped(months, size).months:
        mine = [one for one in months.months if group_of(one.period, size) == book.period]
        whole: dict[object, Decimal] = {}
        for one in mine:
            for cost, amount in sums(one).items():
                whole[cost] = whole.get(cost, Decimal(0)) + amount
        assert sums(book) == whole
        assert book.total() == sum(one.total() for one in mine)
        assert book.counts.visits_failed == sum(one.counts.visits_failed for one in mine)
        assert book.counts.drivers_hit in (0, mine[0].counts.drivers_hit if len(mine) == 1 else 0)


def test_what_runs_is_not_over_and_what_lacks_a_month_is_missing() -> None:
    quarters = grouped(books(13), QUARTER)
    assert not quarters.months[-1].over, f"{LAST} runs"
    assert quarters.months[-2].over
    lacking = grouped(books(13, missing=("2026-08",)), QUARTER)
    assert lacking.missing == ("2026-Q3",)
    assert "2026-Q3" not in [one.period for one in lacking.months]
    assert grouped(Books(()), YEAR) == Books(())

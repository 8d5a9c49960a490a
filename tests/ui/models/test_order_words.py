"""What the list of work orders says of a visit."""

from zoneinfo import ZoneInfo

import pytest

from app.domain.work_orders import WorkOrder
from tests.ui.pictures import NOW_MS
from ui.models.work_orders import order_rows

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("day", "state", "words"),
    [
        ("2026-10-16", "planned", "visit Fri 16 Oct"),
        ("2026-10-15", "planned", "visit Thu 15 Oct"),
        ("2026-10-14", "planned", "visit was Wed 14 Oct"),
        ("2026-10-14", "done", "visit Wed 14 Oct"),
        ("", "open", ""),
    ],
)
def test_a_visit_whose_day_is_over_is_told_as_such(day: str, state: str, words: str) -> None:
    """An order that nobody had gone for yesterday stood there like one planned for tomorrow."""
    order = WorkOrder("WO-1", "Lock motor", "GND-01", state=state, day=day)
    (row,) = order_rows([order], [order], {}, {}, NOW_MS, ZONE)
    assert row.visit == words

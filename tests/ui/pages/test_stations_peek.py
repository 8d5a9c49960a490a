"""The panel beside the list says what is wrong with a station, as its row says what that costs."""

from typing import Any

from tests.ui.wrongs import fault, tell
from ui.theme.money import rate


def test_the_open_faults_of_a_station_stand_first(open_page: Any) -> None:
    """A row lost 5.80 an hour beside a panel that said "Available" and nothing else."""
    stage = open_page("stations")
    stage.page.table.go_to(("station", "UTM-01"))
    stage.settle()
    peek = stage.page.peek
    assert not peek.faults.isVisible()
    numbered = {n: fault(n, "UTM-01", losing=100 * n, evse=1) for n in range(1, 6)}
    tell(stage.bridge, {**numbered, 9: fault(9, "BRP-01", losing=900)})
    stage.page.peek.show_station(stage.bridge.picture.stations["UTM-01"])
    stage.settle()
    assert peek.faults.isVisible()
    told = peek.faults.accessibleName().split("; ")
    assert len(told) == 5
    assert told[0] == f"Connector lock failure, EVSE 1 {rate(500, 'EUR')}"
    peek.faults.grab()
    stage.page.table.go_to(("station", "UTM-02"))
    stage.settle()
    assert not peek.faults.isVisible()


def test_a_fault_that_costs_nothing_now_is_told_without_a_sum(open_page: Any) -> None:
    stage = open_page("stations")
    assert stage.page.peek.faults.words(fault(1, losing=0))[1] == ""

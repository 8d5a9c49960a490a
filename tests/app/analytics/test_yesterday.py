"""What changed since yesterday, told truly."""

from pathlib import Path

from app.analytics.yesterday import since_yesterday
from app.domain.ids import StationId
from app.domain.records import FaultRecord
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, Past, a_past

NOW = MIDNIGHT + 5 * DAY + 11 * HOUR


def fault(past: Past, number: int, opened: int, closed: int | None = None, **more: object) -> None:
    """A fault of station A."""
    past.add(
        FaultRecord(
            number, "offline", "offline", "No contact", StationId("A"), opened_ms=opened, onset_ms=opened,
            closed_ms=closed, **more,  # type: ignore[arg-type]
        )
    )  # fmt: skip


def test_faults_and_energy_of_the_last_day(tmp_path: Path) -> None:
    """What lies under a cause is not counted; energy is compared up to the same time of day."""
    with a_past(tmp_path) as past:
        fault(past, 1, NOW - 30 * HOUR, NOW - 2 * HOUR, lost_minor=1250, currency="EUR", recovered_ms=1)
        fault(past, 2, NOW - 3 * HOUR)
        fault(past, 3, NOW - 3 * HOUR, parent=2, state="DSUPR")
        fault(past, 4, NOW - 5 * HOUR, NOW - HOUR)
        fault(past, 5, NOW - 40 * HOUR, NOW - 30 * HOUR)
        past.station("A")
        past.session(1, "A", MIDNIGHT + 4 * DAY + HOUR, MIDNIGHT + 4 * DAY + 2 * HOUR, 10_000)
        past.session(2, "A", MIDNIGHT + 4 * DAY + 20 * HOUR, MIDNIGHT + 4 * DAY + 21 * HOUR, 90_000)
        past.session(3, "A", MIDNIGHT + 5 * DAY + HOUR, MIDNIGHT + 5 * DAY + 2 * HOUR, 8_000)
        found = past.ask(since_yesterday, NOW, "Europe/Berlin")
        assert (found.opened, found.still_open, found.ended, found.healed) == (2, 1, 2, 1)
        assert found.lost == (("EUR", 1250),)
        assert (found.energy_wh, found.before_wh) == (8_000, 10_000)


def test_nothing_happened(tmp_path: Path) -> None:
    """An empty day has nothing to tell, and no energy to compare."""
    with a_past(tmp_path) as past:
        found = past.ask(since_yesterday, NOW, "Europe/Berlin")
        assert (found.opened, found.ended, found.lost, found.energy_wh) == (0, 0, (), None)

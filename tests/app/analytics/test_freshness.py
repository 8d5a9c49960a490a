"""How soon changes reached us."""

from pathlib import Path

from app.analytics.freshness import freshness
from app.domain.ids import StationId
from app.domain.records import StatusRecord
from app.domain.status import ConnectorStatus
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, a_past


def test_changes_within_a_minute_are_fresh(tmp_path: Path) -> None:
    """A minute sharp is within; what was queued offline is late, and the latest is told."""
    with a_past(tmp_path) as past:
        for n, (name, late) in enumerate((("A", 0), ("A", MINUTE), ("B", MINUTE + 1), ("B", 5 * HOUR))):
            at = MIDNIGHT + n * HOUR
            past.station(name)
            past.add(StatusRecord(StationId(name), 1, 1, at, at + late, ConnectorStatus.AVAILABLE))
        whole = past.ask(freshness, MIDNIGHT, MIDNIGHT + DAY)
        assert (whole.within.k, whole.within.n, whole.latest_ms) == (2, 4, 5 * HOUR)
        assert past.ask(freshness, MIDNIGHT, MIDNIGHT + DAY, "A").within.value == 1
        assert past.ask(freshness, MIDNIGHT + 2 * HOUR, MIDNIGHT + 3 * HOUR).within.k == 0


def test_nothing_is_not_a_hundred_percent(tmp_path: Path) -> None:
    """Without a change there is no share."""
    with a_past(tmp_path) as past:
        none = past.ask(freshness, MIDNIGHT, MIDNIGHT + DAY)
        assert (none.within.value, none.latest_ms) == (None, None)

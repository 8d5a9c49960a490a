"""A station's faults of the past: what ended them, and which come again."""

from pathlib import Path

from app.analytics.station_faults import station_faults
from app.domain.ids import StationId
from app.domain.records import FaultEventRecord, FaultRecord
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, Past, a_past

NOW = MIDNIGHT + 100 * DAY


def fault(past: Past, number: int, opened: int, closed: int | None, **more: object) -> None:
    """A fault of station A's first EVSE."""
    values: dict[str, object] = {"evse": 1, **more}
    past.add(
        FaultRecord(
            number, "offline", "offline", "No contact", StationId("A"), opened_ms=opened, onset_ms=opened,
            closed_ms=closed, **values,  # type: ignore[arg-type]
        )
    )  # fmt: skip


def line(past: Past, number: int, seq: int, verb: str, actor_kind: str, to_state: str = "NORM") -> None:
    """A line of its history."""
    past.add(FaultEventRecord(number, seq, NOW - DAY, actor_kind, "SV", verb, "ACKED", to_state))


def test_what_ended_each_and_what_comes_back(tmp_path: Path) -> None:
    """Newest first; a person's act outweighs the server's word; what is under another cause is left out."""
    with a_past(tmp_path) as past:
        fault(past, 1, NOW - 9 * DAY, NOW - 8 * DAY, lost_minor=300, currency="EUR")
        fault(past, 2, NOW - 5 * DAY, NOW - 4 * DAY, lost_minor=200, currency="EUR", alarms=2)
        fault(past, 3, NOW - HOUR, None)
        fault(past, 4, NOW - 2 * DAY, NOW - DAY, evse=2)
        fault(past, 5, NOW - 3 * DAY, NOW - DAY, parent=4)
        fault(past, 6, NOW - 95 * DAY, NOW - 94 * DAY)
        line(past, 1, 1, "close", "person")
        line(past, 1, 2, "clear", "server")
        line(past, 2, 1, "clear", "station")
        found = past.ask(station_faults, "A", NOW)
        assert [one.fault.fault for one in found.past] == [4, 2, 1]
        ends = {one.fault.fault: one.ended_by and one.ended_by.verb for one in found.past}
        assert ends == {4: None, 2: "clear", 1: "close"}
        assert [(one.evse, one.times, one.lost) for one in found.repeats] == [(1, 4, (("EUR", 500),))]
        assert found.repeats[0].last_ms == NOW - HOUR


def test_a_station_without_faults(tmp_path: Path) -> None:
    """Nothing is nothing."""
    with a_past(tmp_path) as past:
        found = past.ask(station_faults, "A", NOW)
        assert (found.past, found.repeats) == ((), ())

"""The log of messages is in order of time, whatever order the disk took it in."""

from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow
from app.reports.messages import in_order


def row(at_ms: int, station: str) -> JournalRow:
    """A row of the journal."""
    return JournalRow(at_ms, StationId(station), JournalKind.IN, "[]")


def test_rows_are_put_in_order_of_time_and_equal_times_keep_theirs() -> None:
    """A station that waited for the disk does not stand behind those that came later."""
    kept = [row(5, "A"), row(3, "B"), row(5, "C"), row(4, "D"), row(9, "E"), row(5, "F")]
    told = [(r.at_ms, r.station) for r in in_order(kept, window=4)]
    assert told == [(3, "B"), (4, "D"), (5, "A"), (5, "C"), (5, "F"), (9, "E")]

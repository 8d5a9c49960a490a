"""What the writer remembers of counted days, so that it drops what news overtakes and nothing else."""

from app.domain.ids import StationId
from app.domain.records import StatusRecord
from app.domain.status import ConnectorStatus
from app.store.tallies import DAY_MS, NEAR_MS, Tallied, TallyRow


def word(station: str, at_ms: int) -> list[StatusRecord]:
    return [StatusRecord(StationId(station), 1, 1, at_ms, ConnectorStatus.AVAILABLE, at_ms)]


def test_news_overtake_what_was_counted_of_their_own_station_up_to_half_a_day_before() -> None:
    tallied = Tallied([("busy", 100 * DAY_MS), ("waits", 99 * DAY_MS)])
    late, fresh = 100 * DAY_MS + NEAR_MS - 1, 100 * DAY_MS + NEAR_MS
    assert tallied.overtaken(StatusRecord, word("busy", late)) == {"busy": late}
    assert tallied.overtaken(StatusRecord, word("busy", fresh)) == {}
    assert tallied.overtaken(StatusRecord, word("waits", late)) == {}, "its last day is not counted yet"


def test_after_a_start_news_overtake_rows_too_that_are_older_than_those_that_were_looked_at() -> None:
    tallied = Tallied([("busy", 100 * DAY_MS)])
    assert tallied.overtaken(StatusRecord, word("gone", 93 * DAY_MS)) == {"gone": 93 * DAY_MS}
    assert tallied.overtaken(StatusRecord, word("gone", 100 * DAY_MS)) == {}
    row = TallyRow(1, 99 * DAY_MS, "gone", "tries 1", 100 * DAY_MS, b"")
    tallied.watch()
    assert tallied.standing([row]) == [row]
    assert tallied.overtaken(StatusRecord, word("gone", 100 * DAY_MS)) == {"gone": 100 * DAY_MS}

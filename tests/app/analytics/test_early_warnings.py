"""An early warning is taken or missed by what was done before the outage, and waits thirty days for it."""

from pathlib import Path
from typing import Any

from app.analytics.early_warnings import EarlyWarnings, early_warnings, judged
from app.domain.ids import StationId
from app.domain.records import EntryRecord, FaultEventRecord, FaultRecord
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, a_past

NOW = MIDNIGHT + 90 * DAY


def warning(number: int, rule: str = "temperature", at: int = MIDNIGHT, **more: Any) -> FaultRecord:
    told = {"station": StationId("S1"), "evse": 1, "onset_ms": at, "opened_ms": at} | more
    return FaultRecord(number, rule, "x", "x", **told)


def test_what_came_of_each() -> None:
    out = [warning(9, "connector_fault", MIDNIGHT + 10 * DAY)]
    assert judged([warning(1)], out, {}, NOW) == EarlyWarnings(missed=1)
    assert judged([warning(1)], out, {1: MIDNIGHT + 11 * DAY}, NOW) == EarlyWarnings(missed=1)
    assert judged([warning(1)], out, {1: MIDNIGHT + DAY}, NOW) == EarlyWarnings(passed=1)
    assert judged([warning(1)], [], {1: MIDNIGHT + DAY}, NOW) == EarlyWarnings(taken=1)
    assert judged([warning(1)], [], {}, NOW) == EarlyWarnings(passed=1)
    assert judged([warning(1)], [], {}, MIDNIGHT + 5 * DAY) == EarlyWarnings(pending=1)


def test_only_an_outage_of_the_same_place_within_thirty_days_was_warned_of() -> None:
    far = warning(9, "connector_fault", MIDNIGHT + 31 * DAY)
    elsewhere = warning(9, "connector_fault", MIDNIGHT + DAY, evse=2)
    station = warning(9, "offline", MIDNIGHT + DAY, evse=None)
    other = warning(9, "offline", MIDNIGHT + DAY, station=StationId("S2"))
    for outage, missed in ((far, 0), (elsewhere, 0), (other, 0), (station, 1)):
        assert judged([warning(1)], [outage], {}, NOW).missed == missed
    before = warning(9, "connector_fault", MIDNIGHT - DAY)
    assert judged([warning(1)], [before], {}, NOW).missed == 0


def test_it_is_read_from_histories_and_work_orders(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.add(
            warning(1, at=MIDNIGHT),
            warning(2, "connector_fault", MIDNIGHT + 5 * DAY),
            warning(3, "power_limited", MIDNIGHT, station=StationId("S2")),
            warning(4, "reboots", MIDNIGHT, station=StationId("S3"), evse=None),
            FaultEventRecord(4, 1, MIDNIGHT + HOUR, "person", "ann", "assign"),
            FaultEventRecord(1, 1, MIDNIGHT + HOUR, "person", "ann", "acknowledge"),
            EntryRecord(
                "work-order",
                "WO-1",
                1,
                MIDNIGHT,
                "ann",
                "",
                f'{{"faults":[3],"created_ms":{MIDNIGHT + DAY}}}',
            ),
        )
        found = past.ask(early_warnings, MIDNIGHT, MIDNIGHT + DAY, NOW)
    assert found == EarlyWarnings(taken=2, missed=1)


def test_a_link_away_for_less_than_an_hour_is_not_what_was_warned_of(tmp_path: Path) -> None:
    """One of more than an hour is, and so is one that still stands."""
    for lasted, missed in ((HOUR, 0), (HOUR + 1, 1), (None, 1)):
        with a_past(tmp_path / str(lasted)) as past:
            out = MIDNIGHT + 5 * DAY
            past.add(
                warning(1, "flapping_link", evse=None),
                warning(2, "offline", out, evse=None, cleared_ms=None if lasted is None else out + lasted),
            )
            assert past.ask(early_warnings, MIDNIGHT, MIDNIGHT + DAY, NOW).missed == missed


def test_of_one_site_only_its_own_count(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        for number, site in enumerate(("A", "B", "B")):
            name = StationId(f"S{number}")
            past.add(
                warning(2 * number + 1, station=name, site=site),
                warning(2 * number + 2, "connector_fault", MIDNIGHT + DAY, station=name, site=site),
            )
        counts = [past.ask(early_warnings, MIDNIGHT, NOW, NOW, site).missed for site in ("", "A", "B", "C")]
    assert counts == [3, 1, 2, 0]

"""Failures out of kept faults: what counts, when it is over, who mended it; and the scorecard."""

import json
from pathlib import Path
from typing import Any

from app.analytics.failure_history import failures_between, firmware_history
from app.analytics.maintenance_page import care_page, figures, order_detail
from app.domain.ids import StationId
from app.domain.records import EntryRecord, FaultEventRecord, FaultRecord, NoticeRecord
from app.domain.status import ConnectorStatus, LinkState
from app.domain.work_orders import WorkOrder, body_for
from app.store.readers.stations import all_stations
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

NOW = MIDNIGHT + 80 * DAY


def fault(number: int, rule: str, code: str, onset: int, cleared: int | None, **more: Any) -> FaultRecord:
    told = {"station": StationId("S1"), "evse": 1, "opened_ms": onset + MINUTE, "onset_ms": onset}
    told |= {"cleared_ms": cleared, "closed_ms": cleared, **more}
    return FaultRecord(number, rule, code, f"{code} at S1", **told)


def filled(past: Past) -> None:
    """A station of 80 days: one Faulted that a visit ended, one mended from afar, outages long and short."""
    past.station("S1", vendor="Nordwatt", model="NW", firmware="2.0", site="Depot", first_seen_ms=MIDNIGHT)
    past.link("S1", MIDNIGHT, LinkState.ONLINE)
    past.status("S1", MIDNIGHT + MINUTE, ConnectorStatus.AVAILABLE)
    for at in (MIDNIGHT + 10 * DAY, MIDNIGHT + 40 * DAY):
        past.status("S1", at, ConnectorStatus.FAULTED)
        past.status("S1", at + 5 * HOUR, ConnectorStatus.AVAILABLE)
    for at, version in ((MIDNIGHT, "1.0"), (MIDNIGHT + 30 * DAY, "2.0")):
        boot = json.dumps({"firmware": version})
        past.add(NoticeRecord(StationId("S1"), at, at, "boot", "PowerUp", boot))
    first, second = MIDNIGHT + 10 * DAY, MIDNIGHT + 40 * DAY
    past.add(
        fault(1, "connector_fault", "CX001", first, first + 5 * HOUR, acknowledged_ms=first + 6 * MINUTE),
        fault(2, "connector_fault", "CX001", second, second + 5 * HOUR, recovery="proved"),
        fault(3, "offline", "Offline", MIDNIGHT + 50 * DAY, MIDNIGHT + 50 * DAY + 2 * HOUR, evse=None),
        fault(4, "offline", "Offline", MIDNIGHT + 55 * DAY, MIDNIGHT + 55 * DAY + HOUR, evse=None),
        fault(5, "group", "SitePower", MIDNIGHT + 60 * DAY, None, station=StationId(""), evse=None),
        fault(6, "offline", "Offline", MIDNIGHT + 60 * DAY, None, evse=None, parent=5),
        fault(7, "silence", "SilentConnector", MIDNIGHT + 65 * DAY, None, detail='{"evidence":{}}'),
        fault(8, "connector_fault", "CX018", MIDNIGHT + 66 * DAY, None),
    )
    past.session(1, "S1", first + 8 * HOUR, first + 9 * HOUR, 20_000)
    past.session(2, "S1", second + 5 * HOUR + MINUTE, second + 5 * HOUR + 2 * MINUTE, 100)
    past.session(3, "S1", second + 6 * HOUR, second + 7 * HOUR, 9_000)
    past.session(4, "S1", MIDNIGHT + 50 * DAY + 3 * HOUR, MIDNIGHT + 50 * DAY + 4 * HOUR, 9_000)
    order = WorkOrder("WO-1", "Lock", "S1", "Depot", 1, (1,), "CX001", created_ms=first, state="done")
    body = body_for(order) | {
        "closed_ms": first + 7 * HOUR,
        "visits": [{"at_ms": first + 6 * HOUR, "who": "MB", "minutes": 40, "result": "changed"}],
    }
    past.add(EntryRecord("work-order", "WO-1", 1, first, "SV", "", json.dumps(body)))


def test_only_what_put_an_evse_out_of_use_is_a_failure(tmp_path: Path) -> None:
    """A warning, a short outage, an outage by the grid and a silence nobody confirmed are none."""
    with a_past(tmp_path) as past:
        filled(past)
        found = past.ask(failures_between, MIDNIGHT, NOW)
    assert [(k.faults, k.failure.fixed, k.make.firmware) for k in found] == [
        ((1,), "field", "1.0"), ((2,), "remote", "2.0"), ((3,), "itself", "2.0"),
    ]  # fmt: skip
    hours = [((k.failure.working_ms or 0) - k.failure.onset_ms) / HOUR for k in found]
    assert hours == [8, 6, 3], "until the first good session, not until the station says so"


def test_a_test_when_it_was_put_back_proves_it_too(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.status("S1", MIDNIGHT, ConnectorStatus.FAULTED)
        past.add(
            fault(1, "connector_fault", "CX002", MIDNIGHT, MIDNIGHT + 2 * HOUR),
            FaultEventRecord(1, 1, MIDNIGHT + 2 * HOUR, "person", "SV", "back-in-service", text="0.2 ohm"),
        )
        (known,) = past.ask(failures_between, MIDNIGHT - 1, NOW)
    assert known.failure.working_ms == MIDNIGHT + 2 * HOUR
    assert known.failure.fixed == "remote"


def test_the_page_tells_months_and_scores_with_few_data_said(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        filled(past)
        made = past.ask(figures, NOW, "UTC")
        page = past.ask(care_page)
        detail = past.ask(order_detail, page.orders[0])
    assert len(made.months) == 12
    assert sum(m.figures.failures for m in made.months) == 3
    assert [m.first for m in made.months][-1] == "2026-03"
    assert [(r.make.firmware, r.score.failures, r.score.reading) for r in made.scores] == [
        ("2.0", 2, "few data"), ("1.0", 1, "few data"),
    ]  # fmt: skip
    assert made.scores[1].uptime is None, "no station runs it any more"
    assert (made.first_time.k, made.first_time.n) == (0, 1), "the same cause came back within 30 days"
    assert [o.number for o in page.orders] == ["WO-1"]
    assert [f.fault for f in detail.faults] == [1]
    assert {f.fault for f in detail.past} == {2, 3, 4, 6, 7, 8}


def test_a_fault_put_an_evse_out_of_use_if_it_said_so_about_then_or_while_it_lasted(tmp_path: Path) -> None:
    """A fault of the whole station counts by any of its EVSEs, one of an EVSE by that one's words only."""
    at = [MIDNIGHT + n * DAY for n in range(8)]
    with a_past(tmp_path) as past:
        past.station("S1")
        past.station("S2")
        past.status("S1", at[0] - MINUTE, ConnectorStatus.FAULTED)
        past.status("S1", at[1] - MINUTE - 1, ConnectorStatus.FAULTED)
        past.status("S1", at[2] + MINUTE, ConnectorStatus.FAULTED)
        past.status("S1", at[3] + HOUR, ConnectorStatus.FAULTED)
        past.status("S1", at[4] + HOUR + 1, ConnectorStatus.FAULTED)
        past.status("S1", at[5], ConnectorStatus.FAULTED, 2)
        past.status("S1", at[6], ConnectorStatus.FAULTED, 2)
        past.status("S2", at[7], ConnectorStatus.FAULTED)
        for number, onset in enumerate(at):
            whole = {"evse": None} if number in (6, 7) else {}
            past.add(fault(number + 1, "station_event", f"CX{number}", onset, onset + HOUR, **whole))
        past.add(fault(9, "connector_fault", "CX9", at[2], None))
        found = past.ask(failures_between, MIDNIGHT, NOW)
    assert {number for known in found for number in known.faults} == {1, 3, 4, 7, 9}


def test_firmware_is_read_once_for_who_has_it(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        filled(past)
        stations = past.ask(all_stations)
        history = past.ask(firmware_history, stations)
        assert history == {"S1": ((0, "1.0"), (MIDNIGHT + 30 * DAY, "2.0"))}
        assert past.ask(failures_between, MIDNIGHT, NOW, history=history) == past.ask(
            failures_between, MIDNIGHT, NOW
        )


def test_firmware_that_came_back_is_told_again(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", firmware="9")
        past.station("S2", firmware="7")
        for at, version in ((1, "1"), (2, "1"), (3, None), (4, "2"), (5, "1")):
            detail = json.dumps({"firmware": version}) if version else ""
            past.add(NoticeRecord(StationId("S1"), at, at, "boot", "PowerUp", detail))
        assert past.ask(firmware_history, past.ask(all_stations)) == {
            "S1": ((0, "1"), (4, "2"), (5, "1")), "S2": ((0, "7"),),
        }  # fmt: skip

"""Failures out of kept faults: what counts, when it is over, who mended it; and the scorecard."""

import json
from pathlib import Path
from typing import Any

from app.analytics.failure_history import failures_between
from app.analytics.maintenance_page import care_page, figures, order_detail
from app.domain.ids import StationId
from app.domain.records import EntryRecord, FaultEventRecord, FaultRecord, NoticeRecord
from app.domain.status import ConnectorStatus, LinkState
from app.domain.work_orders import WorkOrder, body_for
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

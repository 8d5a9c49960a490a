"""Faults with histories, offers and measurements, so that their page can be shown without a core."""

import json
from dataclasses import dataclass
from typing import Any

from app.analytics.alarm_kpis import Announced, Span, alarm_kpis
from app.analytics.fault_effects import ClosedPage, DriverHit, FaultSigns
from app.analytics.fault_history import FaultDetail, Handover
from app.analytics.intervals import Share
from app.analytics.results import LinkSpan, PowerSeries, StatusSpan
from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.records import FaultEventRecord, FaultRecord
from app.domain.status import ConnectorStatus, LinkState
from app.faults.views import FaultChanges, FaultView, Money
from app.recovery.plan import StepView
from app.store.readers.faults import Similar
from tests.ui.pictures import HOUR, MINUTE, NOW_MS


def money(losing: int | None, lost: int | None, **more: Any) -> Money:
    """Money in euro cents, with workings."""
    pool = {
        "pool": "Venlo Blerick CCS",
        "connectors": 4,
        "down": 2.0,
        "starts_per_hour": 2.31,
        "starts_per_hour_sd": 0.4,
        "starts_counted": 212.0,
        "hours_observed": 92.0,
        "stay_h": 0.55,
        "offered_load": 1.27,
        "turned_away_healthy": 0.021,
        "turned_away_now": 0.34,
        "kwh_per_session": 27.4,
        "per_kwh": "0.49",
        "per_kwh_is": "margin",
        "recovered_later": 0.2,
        "pool_loses_per_hour": 14.2,
        "share_per_hour": 14.2,
        "saved_if_mended_per_hour": 14.2,
        "confidence": "measured",
    }
    workings = {"pools": [pool], "usual_repair_h": 5.7, "usual_repair_of": 12, "drivers_hit": 4}
    told = {"saves": losing, "expected": None if losing is None else losing * 3, "basis": "measured", **more}
    return Money("EUR", lost, losing, workings=workings, **told)


def fault(number: int, title: str, station: str, minutes: float, **fields: Any) -> FaultRecord:
    """A fault that began so many minutes ago."""
    evidence = fields.pop("evidence", {})
    detail = {"evidence": evidence, "kind": "other", **fields.pop("told", {})}
    onset = NOW_MS - round(minutes * MINUTE)
    values: dict[str, Any] = {
        "rule": "connector_fault",
        "code": "CX003",
        "site": "Venlo Blerick",
        "priority": "P2",
        "onset_ms": onset,
        "opened_ms": onset + 1000,
        "detail": json.dumps(detail),
        **fields,
    }
    return FaultRecord(number, title=title, station=StationId(station), **values)


LOCK = fault(
    11,
    "Connector lock failure",
    "VLB-01",
    134,
    evse=1,
    priority="P1",
    drivers_hit=4,
    alarms=2,
    raw="ConnectorLockFailure · 0x4A12 · lock motor stalled, retries 3",
    recovery="tried: soft-reset",
    evidence={
        "status": "Faulted",
        "error": "ConnectorLockFailure",
        "vendor_error": "0x4A12",
        "info": "lock motor stalled, retries 3",
        "mapped_by": "the shipped table",
    },
)
GROUND = fault(
    12,
    "Ground failure",
    "ANT-01",
    242,
    site="Antwerpen Linkeroever",
    code="CX022",
    priority="P1",
    safety=True,
    latched=True,
    assigned="Sanne Visser",
    state="ACKED",
    drivers_hit=3,
    raw="GroundFailure",
    evidence={"status": "Faulted", "error": "GroundFailure"},
)
LINK = fault(
    13,
    "No link",
    "AAN-01",
    38,
    site="Aachen Nord",
    rule="offline",
    code="Offline",
    priority="P1",
    drivers_hit=2,
    evidence={"last_heard_ms": NOW_MS - 38 * MINUTE, "threshold_min": 3},
)
SILENT = fault(
    14,
    "Looks available, earns nothing",
    "KLM-01",
    660,
    site="Köln Mülheim",
    rule="silence",
    code="SilentConnector",
    evse=2,
    assigned="Marta Berg",
    state="ACKED",
    drivers_hit=7,
    evidence={
        "expected_starts": 6.4,
        "hours_available": 31.5,
        "last_start_ms": NOW_MS - 33 * HOUR,
        "probability_of_none": 0.0017,
        "false_alarms_a_year": 1.0,
        "pool_starts_since": 9,
    },
)
HOT = fault(
    15,
    "92 °C, over 85 °C (outlet)",
    "LIF-01",
    52,
    site="Lille Fives",
    rule="temperature",
    code="HighReading",
    told={"chattering": {"times": 14, "window_min": 10}},
    evidence={"celsius": 92.0, "threshold_celsius": 85.0},
)
MODEM = fault(
    16,
    "Link comes and goes, 14 losses today",
    "LUG-01",
    11,
    site="Luxembourg Gasperich",
    rule="flapping_link",
    code="FlappingLink",
    priority="P3",
    evidence={"losses": 14, "window_h": 24},
)
ROUTER = fault(
    17,
    "All stations of the site lost together",
    "",
    24,
    site="Hamburg Altona",
    rule="site_together",
    code="SiteTogether",
    evidence={"stations": ["HHA-01", "HHA-02", "HHA-03"], "within_s": 40},
)
GRID = fault(
    18,
    "Offline for grid work",
    "MSG-01",
    300,
    site="Münster Gievenbeck",
    rule="offline",
    code="Offline",
    state="SHLVD",
    until_ms=NOW_MS + 148 * MINUTE,
    by="SV",
    priority="P3",
)
UNDER = tuple(
    fault(
        20 + i,
        "No link",
        f"HHA-0{i}",
        24,
        site="Hamburg Altona",
        rule="offline",
        code="Offline",
        state="DSUPR",
        parent=17,
        told={"suppressed": {"rule": "site_together", "text": "its site is lost as a whole"}},
    )
    for i in (1, 2, 3)
)


def views() -> dict[int, FaultView]:
    """A queue with a fault of every kind."""
    action = {"action": "unlock the connector; if it stays, send a technician with a lock kit"}
    found = [
        FaultView(LOCK, consequence="both cables stay shut", money=money(1420, 3170), **action),
        FaultView(
            GROUND,
            0,
            True,
            "take it out of service; measure the insulation",
            "people could be hurt",
            money=money(890, 3590),
        ),
        FaultView(LINK, money=money(1160, 735), action="look whether the site has power"),
        FaultView(SILENT, money=money(370, 4070), action="start a session remotely as a test"),
        FaultView(HOT, money=money(210, 182)),
        FaultView(MODEM, money=money(40, 7)),
        FaultView(ROUTER, 3, money=money(300, 120)),
        FaultView(GRID, money=money(0, 0)),
        *(FaultView(record, money=Money(workings={"counted_with": 17})) for record in UNDER),
    ]
    return {view.record.fault: view for view in found}


def many(count: int) -> dict[int, FaultView]:
    """So many open faults, of every band."""
    made = {}
    for i in range(count):
        record = fault(1000 + i, "Connector lock failure", f"VLB-{i % 90 + 10}", 5 + i % 600, evse=1 + i % 2)
        made[record.fault] = FaultView(record, money=money((i * 7919) % 900, (i * 104_729) % 90_000))
    return made


def changes(
    found: dict[int, FaultView] | None = None, *lines: FaultEventRecord, gone: tuple[int, ...] = ()
) -> FaultChanges:
    """What the core would tell."""
    return FaultChanges(views() if found is None else found, frozenset(gone), tuple(lines))


def line(
    seq: int, minutes: float, actor_kind: str, actor: str, verb: str, text: str = "", **more: Any
) -> FaultEventRecord:
    """A line of the lock's history, so many minutes ago."""
    return FaultEventRecord(
        more.pop("fault", 11),
        seq,
        NOW_MS - round(minutes * MINUTE),
        actor_kind,
        actor,
        verb,
        text=text,
        **more,
    )


HISTORY = (
    line(1, 134, "station", "VLB-01", "began", "Connector 1 Faulted, ConnectorLockFailure, 0x4A12"),
    line(2, 133.9, "server", "connector_fault", "announce", "", to_state="UNACK"),
    line(3, 127.6, "station", "VLB-01", "came back", "Connector 2 within 15 min at one station"),
    line(4, 127, "automatic", "recovery", "recovery", "Unlock connector 1. The fault still stands."),
    line(
        5, 121, "automatic", "recovery", "recovery", "Soft reset: rebooted in 74 s. The fault still stands."
    ),
    line(
        6,
        90,
        "driver",
        "Card ···4471",
        "note",
        "2 messages through the site's QR code: “cable does not click in”",
    ),
    line(
        7,
        12,
        "person",
        "Sanne Visser",
        "note",
        "2 °C and wet since 06:00; the same lock failed on 3 and 9 October",
    ),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """As app.recovery.works.Offer."""

    fault: int
    playbook: str
    title: str
    steps: tuple[StepView, ...]
    automatic: bool = False
    why_not: str = ""
    holding: str = ""
    working: bool = False


def offer(number: int = 11, **more: Any) -> Offer:
    """The lock's playbook after two steps."""
    steps = (
        StepView(
            0, "unlock", "Unlock the connector.", "done", "no change", NOW_MS - 127 * MINUTE, Share(9, 41)
        ),
        StepView(
            1,
            "soft-reset",
            "Restart; nobody charges.",
            "done",
            "no change",
            NOW_MS - 121 * MINUTE,
            Share(22, 36),
        ),
        StepView(
            2,
            "hard-reset",
            "Cut the power for a moment, about 3 min; no session is cut.",
            "next",
            "",
            None,
            Share(7, 12),
        ),
        StepView(3, "unlock", "Unlock once more, then test.", "later", "", None, Share(1, 3)),
        StepView(4, "send-person", "A technician with a lock kit.", "later"),
    )
    return Offer(number, "connector-lock", "Connector lock", steps, **more)


def detail(number: int, now_ms: int = NOW_MS) -> FaultDetail | None:
    """The past of a fault."""
    view = views().get(number)
    record = view.record if view is not None else changed(LOCK, fault=number)
    history = HISTORY if number == 11 else tuple(changed(one, fault=number) for one in HISTORY[:2])
    before = fault(
        3,
        "Connector lock failure",
        "VLB-01",
        9 * 1440,
        closed_ms=NOW_MS - 9 * 24 * HOUR + 5 * HOUR,
        lost_minor=5210,
        currency="EUR",
        state="NORM",
    )
    ended = line(9, 12_000, "person", "Marta Berg", "close", "pin cleaned and greased", fault=3)
    similar = (
        Similar(before, ended, True),
        Similar(changed(before, fault=2, station=StationId("GNL-02")), None, False),
    )
    children = UNDER if number == 17 else ()
    return FaultDetail(record, history, children, similar if number == 11 else (), 5, (2, 9))


def signs(number: int, now_ms: int = NOW_MS) -> FaultSigns | None:
    """What was measured around the lock's onset."""
    if number == 17:
        return None
    start, onset = LOCK.onset_ms - HOUR, LOCK.onset_ms
    step = 60_000
    count = (NOW_MS - start) // step
    values = tuple(61_000.0 - i * 300 if i < 58 else 0.0 for i in range(count))
    statuses = (
        StatusSpan("VLB-01", 1, 1, start, start + 12 * MINUTE, ConnectorStatus.AVAILABLE),
        StatusSpan("VLB-01", 1, 1, start + 12 * MINUTE, onset, ConnectorStatus.CHARGING),
        StatusSpan("VLB-01", 1, 1, onset, None, ConnectorStatus.FAULTED, "ConnectorLockFailure", "0x4A12"),
    )
    links = (LinkSpan("VLB-01", start, None, LinkState.ONLINE),)
    return FaultSigns(start, NOW_MS, onset, ((1, PowerSeries(start, step, values)),), (), statuses, links)


HITS = (
    DriverHit("NL-TNM-0044714471", 0, 1, 2_100, NOW_MS - 133 * MINUTE, "cut"),
    DriverHit("NL-TNM-0000810926", 2, 0, 0, NOW_MS - 70 * MINUTE, "not started"),
)


def closed(text: str = "", before: Any = None, limit: int = 100) -> ClosedPage:
    """Two pages of closed faults."""
    first = 900 if before is None else 800
    rows = tuple(
        fault(
            first - i,
            "No link",
            "GNL-01",
            600 + i * 60,
            site="Gent Ledeberg",
            rule="offline",
            state="NORM",
            cleared_ms=NOW_MS - 500 * MINUTE - i * HOUR,
            closed_ms=NOW_MS - 500 * MINUTE - i * HOUR,
            lost_minor=320 + i,
            currency="EUR",
            recovery="proved",
        )
        for i in range(30)
    )
    return ClosedPage(rows, (NOW_MS - 40 * HOUR, first - 29) if before is None else None)


def shift(from_ms: int, to_ms: int) -> Handover:
    """A shift with something of everything."""
    done = closed().faults[:4]
    return Handover(
        from_ms,
        to_ms,
        (LOCK, LINK),
        (GROUND, SILENT),
        (GRID,),
        (),
        (),
        3,
        9,
        done,
        HISTORY[-2:],
        (("Sanne Visser", 14), ("Marta Berg", 3)),
        (13,),
    )


FIGURES = alarm_kpis(
    [
        Announced(NOW_MS - i * 7 * MINUTE, f"CX003 VLB-0{i % 4}", f"P{1 + i % 3}", NOW_MS - i * 6 * MINUTE)
        for i in range(1, 40)
    ],
    [Span(NOW_MS - 6 * HOUR, NOW_MS)],
    NOW_MS,
)


def answers() -> dict[str, Any]:
    """What a bridge would be told, by the name of the question."""
    return {
        "fault_detail": detail,
        "fault_signs": signs,
        "drivers_hit": lambda number, now_ms: HITS if number == 11 else (),
        "closed_page": closed,
        "faults/offer": lambda: (offer(), False),
        "handover": shift,
        "queue_figures": lambda from_ms, to_ms, now_ms: FIGURES,
    }

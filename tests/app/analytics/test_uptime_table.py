"""The table of uptime says what reading every change says, from cached days."""

import json
import random
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.analytics.day_cache import refresh
from app.analytics.uptime_history import uptime_by
from app.analytics.uptime_table import together, uptime_table
from app.analytics.uptime_views import views
from app.domain.ids import StationId
from app.domain.records import ConnectorPlan, EntryRecord, FaultRecord
from app.domain.status import Admission, ConnectorStatus, LinkState
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, Past, a_past

ZONE = "Europe/Berlin"
LOCAL_MIDNIGHT = MIDNIGHT - HOUR
DAYS = 100
WORDS = (
    ConnectorStatus.AVAILABLE, ConnectorStatus.CHARGING, ConnectorStatus.AVAILABLE, ConnectorStatus.FAULTED,
    ConnectorStatus.UNAVAILABLE, ConnectorStatus.RESERVED,
)  # fmt: skip


def fill(past: Past, seed: int) -> int:
    """Three stations of a hundred days over the change to summer time; when it ends."""
    rng = random.Random(seed)
    past.ran(
        (LOCAL_MIDNIGHT - DAY, LOCAL_MIDNIGHT + 40 * DAY),
        (LOCAL_MIDNIGHT + 40 * DAY + 2 * HOUR, MIDNIGHT + DAYS * DAY),
    )
    number = 0
    for n, name in enumerate(("A", "B", "C")):
        plan = tuple(ConnectorPlan(evse, 1, rated_power_w=22_000 if n else 150_000) for evse in (1, 2))
        past.station(name, site=f"S{n % 2}", admission=Admission.ACCEPTED, plan=plan)
        at = LOCAL_MIDNIGHT - HOUR + n * 30 * HOUR
        past.link(name, at, LinkState.ONLINE)
        while at < MIDNIGHT + DAYS * DAY:
            at += rng.randrange(2 * HOUR, 30 * HOUR)
            evse = rng.choice((1, 2))
            word = rng.choice(WORDS)
            past.status(name, at, word, evse)
            if rng.random() < 0.12:
                lasts = rng.randrange(5 * MINUTE, 9 * HOUR)
                past.link(name, at + HOUR, LinkState.OFFLINE)
                past.link(name, at + HOUR + lasts, LinkState.ONLINE)
                if rng.random() < 0.4:
                    number += 1
                    past.session(number, name, at + HOUR + MINUTE, at + 2 * HOUR, 9_000)
    past.session(900, "A", MIDNIGHT + DAY, MIDNIGHT + 30 * DAY, 9_000)
    for n, (kind, body) in enumerate(
        (
            ("exclusion", {"site": "S0", "code": "GRID", "evidence": ["letter 7"], "from": 10, "days": 2.5}),
            (
                "exclusion",
                {
                    "stations": ["B"],
                    "evses": [2],
                    "code": "VANDALISM",
                    "evidence": ["x"],
                    "from": 20,
                    "days": 30,
                },
            ),
            ("exclusion", {"stations": ["C"], "code": "CLOSED_HOURS", "evidence": [], "from": 5, "days": 9}),
            ("planned-work", {"stations": ["C"], "from": 60, "days": 4, "announced_ms": 1}),
        )
    ):
        start = MIDNIGHT + round(body.pop("from") * DAY)
        body |= {"start_ms": start, "end_ms": start + round(body.pop("days") * DAY)}
        past.add(EntryRecord(kind, f"e{n}", 1, MIDNIGHT, "ops", body=encoded(body)))
    past.add(
        FaultRecord(
            1, "silence", "silence", "Silent", StationId("A"), evse=1, onset_ms=MIDNIGHT + 70 * DAY,
            opened_ms=MIDNIGHT + 70 * DAY, cleared_ms=MIDNIGHT + 71 * DAY,
            detail='{"evidence":{"confirmed":true}}',
        )
    )  # fmt: skip
    return MIDNIGHT + DAYS * DAY + 5 * HOUR


def encoded(body: dict[str, object]) -> str:
    """A body as it is kept."""
    return json.dumps(body)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cached", [False, True])
def test_it_says_what_reading_every_change_says(tmp_path: Path, seed: int, cached: bool) -> None:
    """Excused, proved, silent, blind, before the first contact, over the change of clocks: to the last ms."""
    with a_past(tmp_path) as past:
        now = fill(past, seed)
        past.writer.flush()
        if cached:
            while refresh(past.store.read, past.writer.call, now, ZONE):
                pass
        for window in (
            (LOCAL_MIDNIGHT, now), (LOCAL_MIDNIGHT + 9 * DAY + 7, LOCAL_MIDNIGHT + 62 * DAY - 5),
            (LOCAL_MIDNIGHT + 10 * DAY, LOCAL_MIDNIGHT + 11 * DAY),
        ):  # fmt: skip
            table = past.ask(uptime_table, window, ZONE)
            for rule in views():
                exact = past.ask(uptime_by, rule, window, ZoneInfo(ZONE))
                want = {(r.station, r.evse): r.judged for r in exact[:-1] if r.judged.total_ms}
                got = {(r.station, r.evse): r.judged[rule] for r in table.evses if rule in r.judged}
                assert got == want, rule
                if want:
                    assert together(table.evses)[rule] == exact[-1].judged


def test_our_own_blind_time_is_told(tmp_path: Path) -> None:
    """When Forecourt did not run stands beside the table, and in each EVSE's row."""
    with a_past(tmp_path) as past:
        now = fill(past, 1)
        table = past.ask(uptime_table, (LOCAL_MIDNIGHT + 30 * DAY, now), ZONE)
        assert sum(end - start for start, end in table.blind) >= 2 * HOUR
        assert all(row.blind_ms >= 2 * HOUR for row in table.evses)


def test_one_station_alone(tmp_path: Path) -> None:
    """A station's own rows are those of the whole table."""
    with a_past(tmp_path) as past:
        now = fill(past, 2)
        whole = past.ask(uptime_table, (LOCAL_MIDNIGHT, now), ZONE)
        alone = past.ask(uptime_table, (LOCAL_MIDNIGHT, now), ZONE, "B")
        assert alone.evses == tuple(row for row in whole.evses if row.station == "B")

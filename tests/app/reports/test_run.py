"""A report is made from what the room knows, and a planned one when it is due, once."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import ForecourtError
from app.domain.records import EntryRecord
from app.reports.document import Grid, Sentence
from app.reports.maintenance_report import maintenance_report
from app.reports.run import Wanted, due_ms, is_due, made, plan_of, wanted_of
from app.settings import load
from app.still_room import StillRoom
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, a_past
from tests.helpers.world import world

BERLIN = ZoneInfo("Europe/Berlin")


def at(*when: int) -> int:
    return round(datetime(*when, tzinfo=BERLIN).timestamp() * 1000)  # type: ignore[misc]


def plan(**more: Any) -> Any:
    return plan_of("p", {"kind": "owner", "every": "month", "at_min": 420, "folder": "/f", **more})


def test_a_month_is_made_on_its_first_day_of_the_month_before() -> None:
    monthly = plan()
    assert due_ms(monthly, BERLIN, at(2026, 11, 25, 12)) == at(2026, 11, 1, 7)
    assert due_ms(monthly, BERLIN, at(2026, 11, 1, 6, 59)) == at(2026, 10, 1, 7)
    assert wanted_of(monthly, BERLIN, at(2026, 11, 1, 7)).period == "2026-10"
    assert is_due(monthly, BERLIN, at(2026, 11, 1, 7))
    assert not is_due(plan(last_ms=at(2026, 11, 1, 7, 1)), BERLIN, at(2026, 11, 20))


def test_a_week_begins_on_monday_and_a_day_at_its_hour_over_a_clock_change() -> None:
    assert due_ms(plan(every="week"), BERLIN, at(2026, 11, 25, 12)) == at(2026, 11, 23, 7)
    assert due_ms(plan(every="day"), BERLIN, at(2026, 10, 25, 8)) == at(2026, 10, 25, 7)
    assert wanted_of(plan(kind="handover", every="day"), BERLIN, at(2026, 11, 25, 14)).period == "shift"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"kind": "poem"}, "no report 'poem'"),
        ({"every": "year"}, "each day, week or month"),
        ({"at_min": 1440}, "time of the day"),
        ({"folder": ""}, "Choose a folder"),
    ],
)
def test_a_wrong_plan_is_refused_in_words(body: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ForecourtError, match=sentence):
        plan(**body)


async def test_every_kind_is_made_from_a_running_room() -> None:
    async with world() as w:
        s = await w.station()
        await s.boot()
        await s.status(1, "Available")
        await w.advance(minutes=1)
        now = w.clock.now_ms()
        period = f"{datetime.fromtimestamp(now / 1000, BERLIN):%Y-%m}"
        for kind in ("owner", "uptime-contract", "uptime-nevi", "uptime-uk", "maintenance", "handover"):
            document = await made(w.room, Wanted(kind, period), BERLIN, now)
            assert isinstance(document.blocks[0], Sentence), kind
        with pytest.raises(ForecourtError, match="no report"):
            await made(w.room, Wanted("poem", period), BERLIN, now)


async def test_the_owner_s_report_is_made_of_a_data_directory_that_does_not_run(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot", first_seen_ms=MIDNIGHT)
        past.session(1, "S1", MIDNIGHT + DAY, MIDNIGHT + DAY + HOUR, 9_000)
        past.writer.flush()
    room = StillRoom(load(tmp_path, environment={}))
    await room.start()
    try:
        document = await made(room, Wanted("owner", "2026-01"), BERLIN, MIDNIGHT + 20 * DAY)
    finally:
        await room.stop()
    assert isinstance(document.blocks[0], Sentence)


def test_late_orders_stand_first_and_closed_ones_say_what_they_cost(tmp_path: Path) -> None:
    def order(number: str, **body: Any) -> EntryRecord:
        return EntryRecord(
            "work-order", number, 1, MIDNIGHT, "ann", body=json.dumps({"title": number, **body})
        )

    now = MIDNIGHT + 20 * DAY
    visit = {
        "at_ms": now,
        "until_ms": now + HOUR,
        "who": "ben",
        "minutes": 60,
        "invoiced": "145,00",
        "currency": "EUR",
        "result": "lock",
    }
    with a_past(tmp_path) as past:
        past.station("S1", site="Depot", first_seen_ms=MIDNIGHT)
        past.add(
            order("WO-1", station="S1", due_ms=now + DAY),
            order("WO-2", station="S1", due_ms=now - 3 * DAY),
            order("WO-3", station="S1", state="done", closed_ms=now - DAY, visits=[visit]),
        )
        report = past.ask(maintenance_report, (MIDNIGHT, MIDNIGHT + 31 * DAY), BERLIN, now)
    first = report.blocks[0]
    assert isinstance(first, Sentence)
    assert first.text == "2 work orders are open, 1 of them late."
    open_, done = (block for block in report.blocks if isinstance(block, Grid))
    assert [row[0] for row in open_.shown] == ["WO-2", "WO-1"]
    assert open_.shown[0][5] == "3 days"
    assert done.shown[0][3:] == ("1", "60", "145.00", "EUR", "lock")

"""A connector that looks available and earns nothing: found against the usual that its past taught.

The past is a log of nine days; then the stations call over real sockets, and one connector of the
pool gets no driver any more.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.analytics.uptime_history import uptime_by
from app.clock import ManualClock
from app.domain.ids import StationId
from app.domain.intents import ActOnFault, AddStation, Asked, DescribeStation, SaveEntry
from app.domain.records import ConnectorPlan, JournalKind, JournalRow
from app.intake.actions import deed_of
from app.replay import replay_rows
from app.reports import exports
from app.settings import load
from app.simulator.scripted import SimStation
from tests.helpers.world import World, world

HOUR, DAY = 3_600_000, 86_400_000
NAMES = ("V1", "V2")


def frame(number: int, action: str, **payload: object) -> str:
    return json.dumps([2, str(number), action, payload])


def past(start_ms: int, days: int) -> Iterator[JournalRow]:
    """Two stations of one site, each with a session every hour of the day."""
    written = [SaveEntry("organisation", "own", {"currency": "EUR"})]
    plan = (ConnectorPlan(1, 1, "CCS", 50_000, "0.60"),)
    asked = [
        *written,
        *(one for n in NAMES for one in (AddStation(n), DescribeStation(n, site="Venlo", plan=plan))),
    ]
    for one in asked:
        deed = deed_of(Asked(one, "test", "test"))
        yield JournalRow(
            start_ms, StationId(deed.station), JournalKind.ACTION, deed.text(), action=deed.intent
        )
    number = 0
    for name in NAMES:
        yield JournalRow(start_ms, StationId(name), JournalKind.CONNECTED, "{}", subprotocol="ocpp1.6")
        number += 1
        boot = frame(number, "BootNotification", chargePointVendor="Varnholt", chargePointModel="Rapid")
        yield JournalRow(start_ms + 1, StationId(name), JournalKind.IN, boot)
        status = frame(
            number + 1000, "StatusNotification", connectorId=1, errorCode="NoError", status="Available"
        )
        yield JournalRow(start_ms + 2, StationId(name), JournalKind.IN, status)
    for day in range(days):
        for hour in range(24):
            for place, name in enumerate(NAMES):
                at = start_ms + day * DAY + hour * HOUR + place * 600_000
                number += 10_000
                start = frame(
                    number, "StartTransaction", connectorId=1, idTag=f"T{number % 17}", meterStart=0,
                    timestamp=stamp(at),
                )  # fmt: skip
                answer = json.dumps(
                    [3, str(number), {"transactionId": number, "idTagInfo": {"status": "Accepted"}}]
                )
                yield JournalRow(at, StationId(name), JournalKind.IN, start, answer)
                stop = frame(
                    number + 1, "StopTransaction", transactionId=number, meterStop=21_000,
                    timestamp=stamp(at + HOUR // 2),
                )  # fmt: skip
                yield JournalRow(at + HOUR // 2, StationId(name), JournalKind.IN, stop)


def stamp(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def minutes(w: World, count: int, *stations: SimStation) -> None:
    for _ in range(count // 10):
        w.clock.advance(600)
        for station in stations:
            await station.heartbeat()
    w.room.faults.tick(w.clock.now_ms() + 1_000)


async def test_a_connector_that_looks_available_and_earns_nothing_is_found_with_its_evidence(
    tmp_path: Path,
) -> None:
    now = ManualClock().now_ms()
    rows = sorted(past(now - 9 * DAY, 9), key=lambda row: row.at_ms)
    replay_rows(load(tmp_path, {}), rows)
    async with world(tmp_path) as w:
        await w.until(lambda: w.room.faults.ready)
        first, second = [await w.station(name) for name in NAMES]
        for station in (first, second):
            await station.boot()
            await station.status(1, "Available")
        for turn in range(13):
            car = await second.plug_in(tag=f"T{turn}", meter_wh=0)
            await minutes(w, 30, first, second)
            await car.leave(meter_wh=21_000)
            await minutes(w, 30, first, second)
        (silent,) = [f for f in w.room.faults.open() if f.code == "SilentConnector"]
        assert silent.station == "V1"
        evidence = json.loads(silent.detail)["evidence"]
        assert evidence["expected_starts"] > 5
        assert evidence["probability_of_none"] < 0.01
        money = w.room.faults.view(silent.fault).money
        assert money is not None
        assert (money.losing or 0) > 0
        assert (money.lost or 0) > 0
        await w.room._in_thread(w.room.writer.flush)
        asked = exports.Asked(w.clock.now_ms(), zone=w.room.zone)
        export = exports.EXPORTS["faults"]
        rows = await w.room.ask(lambda connection: list(export.rows(connection, asked)))
        names = [column.name for column in export.columns]
        told = {row[0]: dict(zip(names, row, strict=True)) for row in rows}[silent.fault]
        # It stands for longer than any was mended in, so nothing can be said of the rest.
        assert (told["currency"], told["expected"]) == ("EUR", None)
        assert told["losing_per_hour"] == pytest.approx(money.losing / 100, rel=0.15)
        assert told["lost"] == pytest.approx(money.lost / 100, rel=0.15)
        window = (silent.onset_ms, w.clock.now_ms())
        suspected = (await w.room.ask(uptime_by, "nevi", window, UTC))[0]
        await w.do(ActOnFault(silent.fault, "confirm", {"how": "site check", "text": "Ann: dark display"}))
        await w.room._in_thread(w.room.writer.flush)
        down = (await w.room.ask(uptime_by, "nevi", window, UTC))[0]
        assert (suspected.station, down.station) == ("V1", "V1")
        assert down.judged.best == 0 < suspected.judged.best
        car = await first.plug_in(tag="ANNA", meter_wh=0)
        await minutes(w, 30, first, second)
        await car.leave(meter_wh=21_000)
        await minutes(w, 30, first, second)
        assert [f.state for f in w.room.faults.open() if f.code == "SilentConnector"] in (["RTNUN"], [])

"""Stories of faults over real sockets: what caused them, and which rows the operator gets of it."""

import asyncio
import io
import json
import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import ActOnFault, DescribeStation, RetireStation, SaveEntry
from app.domain.records import FaultRecord
from app.domain.status import LinkState
from app.faults.start import engine_of
from app.faults.views import signs_of
from app.reports.exports import Asked
from app.reports.write import write_export
from app.simulator.scripted import SimStation
from tests.helpers.world import World, world


def rows(w: World) -> list[FaultRecord]:
    """The queue: what stands for itself."""
    return [f for f in w.room.faults.open() if f.state not in ("DSUPR", "SHLVD", "OOSRV")]


def codes(w: World) -> list[str]:
    return sorted(f.code for f in rows(w))


def fault(w: World, code: str) -> FaultRecord:
    return next(f for f in w.room.faults.open() if f.code == code)


async def stations(w: World, *names: str, site: str = "Venlo", **options: Any) -> list[SimStation]:
    """Stations of a site that are there and ready."""
    found = []
    for name in names:
        station = await w.station(name, **options)
        await station.boot()
        await station.status(1, "Available")
        await w.do(DescribeStation(name, site=site))
        found.append(station)
    await w.advance(seconds=2)
    return found


async def lost(w: World, *gone: SimStation) -> None:
    for station in gone:
        station.go_offline()
    for station in gone:
        await w.until(lambda s=station: w.view(s.identity).link is LinkState.OFFLINE, "the loss")


async def test_the_router_of_a_site_dies_and_comes_back() -> None:
    async with world() as w:
        four = await stations(w, "V1", "V2", "V3", "V4")
        other = await stations(w, "K1", site="Köln")
        await lost(w, *four)
        await w.advance(minutes=3)
        assert codes(w) == ["SiteTogether"]
        parent = fault(w, "SiteTogether")
        assert [c.station for c in w.room.faults.children(parent.fault)] == ["V1", "V2", "V3", "V4"]
        for station in four:
            await station.come_back()
            await station.heartbeat()
        await w.advance(minutes=5)
        assert [f.state for f in rows(w)] == ["RTNUN"]
        await w.do(ActOnFault(parent.fault, "acknowledge"))
        assert not w.room.faults.open()
        assert other[0].online


async def test_one_that_does_not_come_back_with_the_others_stands_for_itself() -> None:
    async with world() as w:
        four = await stations(w, "V1", "V2", "V3", "V4")
        await lost(w, *four)
        await w.advance(minutes=3)
        for station in four[:3]:
            await station.come_back()
            await station.heartbeat()
        await w.advance(minutes=6)
        assert [(f.code, f.station) for f in rows(w) if f.state == "UNACK"] == [("Offline", "V4")]


async def test_danger_stands_in_its_own_lane_and_is_not_over_by_itself() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        await station.status(1, "Faulted", "OtherError", vendor_error="CX026")
        await w.advance(seconds=3)
        found = fault(w, "CX026")
        assert (found.safety, found.priority, found.latched) == (True, "P1", True)
        view = w.room.faults.views()[found.fault]
        assert view.out_of_service_first
        await station.status(1, "Available")
        await w.advance(minutes=10)
        assert fault(w, "CX026").state == "UNACK"
        await w.do(ActOnFault(found.fault, "acknowledge"))
        await w.do(ActOnFault(found.fault, "reset-latch"), "cable changed")
        assert not w.room.faults.open()


async def test_a_2x_station_tells_the_same() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1", version="2.0.1")
        await station.status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=15)
        assert "CX001" in codes(w)
        assert len(rows(w)) == 1


async def test_a_station_that_flaps_for_a_day_is_few_rows() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        for _ in range(24):
            await lost(w, station)
            await w.advance(minutes=3)
            await station.come_back()
            for _ in range(6):
                await station.heartbeat()
                w.clock.advance(570)
        await w.advance(seconds=30)
        kinds = Counter(f.code for f in w.room.faults.open())
        assert set(kinds) <= {"Offline", "FlappingLink"}
        assert max(kinds.values()) == 1
        assert fault(w, "Offline").alarms == 24


async def test_a_lock_that_chatters_is_one_row_that_says_so() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        for _ in range(8):
            await station.status(1, "Faulted", "ConnectorLockFailure")
            await w.advance(seconds=6)
            await station.status(1, "Available")
            await w.advance(seconds=6)
        assert codes(w) == ["CX001"]
        assert any(sign.startswith("chattering: ") for sign in signs_of(fault(w, "CX001")))
        assert fault(w, "CX001").alarms == 1


async def test_announced_work_is_silent_and_what_stays_broken_after_it_is_not() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        now = w.clock.now_ms()
        body = {"site": "Venlo", "from_ms": now, "to_ms": now + 1_800_000, "title": "new modules"}
        await w.do(SaveEntry("planned-work", "W-12", body))
        await station.status(1, "Faulted", "InternalError")
        await w.advance(minutes=1)
        assert not rows(w)
        assert "Announced work: W-12" in signs_of(w.room.faults.open()[0])[0]
        await w.advance(minutes=30)
        assert codes(w) == ["InternalError"]


async def test_a_fault_that_begins_while_we_are_away_is_found_and_one_that_ended_is_closed() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        await station.status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=15)
        old = fault(w, "CX001")
        await w.room.stop()
        w.clock.advance(600)
        await w.start()
        assert [f.fault for f in w.room.faults.open()] == [old.fault]
        again = await w.station("V1")
        await again.boot()
        await again.status(1, "Available")
        await again.status(2, "Faulted", "ReaderFailure")
        await w.advance(minutes=2)
        states = {f.code: f.state for f in w.room.faults.open()}
        assert states == {"CX001": "RTNUN", "ReaderFailure": "UNACK"}


async def test_a_restart_in_the_middle_of_a_delay_neither_loses_nor_doubles() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        await station.status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=4)
        assert not w.room.faults.open()
        await w.restart()
        await w.advance(seconds=15)
        first = fault(w, "CX001")
        await w.restart()
        await w.restart()
        await w.advance(seconds=15)
        assert [f.fault for f in w.room.faults.open() if f.code == "CX001"] == [first.fault]


async def test_a_long_past_is_read_beside_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        await station.status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=15)
        number = fault(w, "CX001").fault
        monkeypatch.setattr("app.fault_start.LONG", 0)
        gate = threading.Event()

        def slow(connection: Any, *args: Any, **options: Any) -> Any:
            gate.wait(10)
            return engine_of(connection, *args, **options)

        monkeypatch.setattr("app.faults.start.engine_of", slow)
        await w.restart()
        seen = w.room.faults.subscribe()
        assert not w.room.faults.ready
        assert [f.fault for f in w.room.faults.open()] == [number], "what stood is shown at once"
        with pytest.raises(ForecourtError, match="still reads"):
            await w.do(ActOnFault(number, "acknowledge"))
        again = await w.station("V1")
        await again.boot()
        await again.status(2, "Faulted", "ReaderFailure")
        gate.set()
        await w.until(lambda: w.room.faults.ready, "the past")
        await w.advance(seconds=15)
        assert codes(w) == ["CX001", "ReaderFailure"]
        await w.until(lambda: (told := seen.take()) and len(told.faults) == 2, "both in the window")
        await w.do(ActOnFault(number, "acknowledge"))


async def test_our_own_restart_blames_no_station() -> None:
    async with world() as w:
        await stations(w, "V1", "V2", "V3")
        await w.room.stop()
        w.clock.advance(900)
        await w.start()
        await w.advance(minutes=2)
        assert not w.room.faults.open()
        for name in ("V1", "V2", "V3"):
            await (await w.station(name)).heartbeat()
        await w.advance(minutes=10)
        assert not w.room.faults.open()


async def test_a_flood_of_five_thousand_notifications_stays_readable() -> None:
    async with world() as w:
        ten = await stations(w, *(f"V{n}" for n in range(10)))

        async def noisy(station: SimStation) -> None:
            for n in range(250):
                await station.status(1 + n % 4, "Faulted", "HighTemperature")
                await station.status(1 + n % 4, "Available")

        await asyncio.gather(*map(noisy, ten))
        await w.advance(minutes=2)
        assert len(rows(w)) <= 41
        assert len(w.room.faults.open()) <= 42
        await w.advance(minutes=40)
        assert not [f for f in w.room.faults.open() if f.state == "UNACK" and f.code != "AlarmFlood"]


async def test_a_station_that_is_retired_leaves_no_fault_behind() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        await station.status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=15)
        await w.do(RetireStation("V1"))
        await w.advance(seconds=2)
        assert not w.room.faults.open()


async def test_shelved_faults_come_back_when_their_time_is_over_also_after_a_restart() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        await station.status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=15)
        number = fault(w, "CX001").fault
        until = w.clock.now_ms() + 1_200_000
        await w.do(ActOnFault(number, "shelve", {"until_ms": until, "reason": "parts come at noon"}))
        assert not rows(w)
        await w.restart()
        assert fault(w, "CX001").state == "SHLVD"
        await w.advance(minutes=21)
        assert fault(w, "CX001").state == "UNACK"


async def test_a_named_code_is_named_from_then_on() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        await station.status(1, "Faulted", "OtherError", vendor_error="E17")
        await w.advance(seconds=15)
        assert codes(w) == ["Unmapped"]
        await station.status(1, "Available")
        await w.advance(minutes=2)
        await w.do(ActOnFault(fault(w, "Unmapped").fault, "acknowledge"))
        await w.do(SaveEntry("code-name", "E17", {"code": "E17", "means": "CX001", "title": "Lock motor"}))
        await w.advance(minutes=20)
        await station.status(1, "Faulted", "OtherError", vendor_error="E17")
        await w.advance(seconds=15)
        assert (fault(w, "CX001").title, codes(w)) == ("Lock motor", ["CX001"])


async def test_the_feeder_of_a_site_explains_mains_and_links() -> None:
    async with world() as w:
        four = await stations(w, "V1", "V2", "V3", "V4")
        await w.advance(minutes=1)
        for station in four[:2]:
            await station.status(0, "Faulted", "OtherError", vendor_error="CX015")
        await lost(w, four[2])
        await w.advance(minutes=3)
        assert codes(w) == ["SitePower"]
        under = w.room.faults.children(fault(w, "SitePower").fault)
        assert {c.station for c in under} == {"V1", "V2", "V3"}


async def test_a_firmware_that_breaks_one_model_is_one_row() -> None:
    async with world() as w:
        names = ("V1", "K1", "B1")
        sites = {"V1": "Venlo", "K1": "Köln", "B1": "Bonn"}
        ready = [(await stations(w, name, site=sites[name]))[0] for name in names]
        await w.advance(minutes=5)
        for station in ready:
            station.card = replace(station.card, firmware="4.2.1")
            await station.reboot("RemoteReset")
            await station.status(1, "Available")
        await w.advance(minutes=5)
        for station in ready:
            await station.status(1, "Faulted", "EVCommunicationError")
            await w.advance(minutes=3)
        shown = [f for f in rows(w) if f.code in ("Firmware", "EVCommunicationError")]
        assert [f.code for f in shown] == ["Firmware"]
        assert "4.2.1" in shown[0].title
        assert {c.station for c in w.room.faults.children(shown[0].fault)} == set(names)


async def test_one_root_at_one_connector_first_out() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        at_ms = w.clock.now_ms()
        await station.status(1, "Faulted", "OtherError", vendor_error="CX012", at_ms=at_ms)
        await station.status(1, "Faulted", "OtherError", vendor_error="CX012, CX003", at_ms=at_ms + 2_000)
        await w.advance(seconds=70)
        assert codes(w) == ["CX012"]
        assert [c.code for c in w.room.faults.children(fault(w, "CX012").fault)] == ["CX003"]


async def test_what_nobody_sees_to_is_raised_and_what_somebody_has_is_not() -> None:
    async with world() as w:
        await stations(w, "V1")
        for name in ("V2", "V3"):
            (station,) = await stations(w, name)
            await station.status(1, "Faulted", "ReaderFailure")
        await w.advance(seconds=15)
        theirs = next(f for f in rows(w) if f.station == "V3").fault
        await w.do(ActOnFault(theirs, "assign", {"to": "BEN"}))
        await w.advance(minutes=4 * 60 + 1)
        assert {f.station: f.priority for f in rows(w) if f.code == "ReaderFailure"} == {
            "V2": "P1",
            "V3": "P2",
        }


async def test_an_export_has_the_faults_as_promised() -> None:
    async with world() as w:
        (station,) = await stations(w, "V1")
        await station.status(1, "Faulted", "OtherError", vendor_error="CX022")
        await w.advance(seconds=3)
        await w.room._in_thread(w.room.writer.flush)

        def export(connection: Any) -> list[dict[str, Any]]:
            out = io.BytesIO()
            write_export(connection, "faults", Asked(now_ms=w.clock.now_ms()), "jsonl", out)
            return [json.loads(line) for line in out.getvalue().splitlines()]

        (row,) = await w.room.ask(export)
        assert (row["fault"], row["station"], row["evse"], row["code"]) == (1, "V1", 1, "CX022")
        assert (row["safety"], row["state"], row["priority"]) == ("yes", "UNACK", "P1")
        assert row["closed_at"] is None

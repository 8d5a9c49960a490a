"""Stations whose clocks are wrong, or whose messages come late: energy is right, times are believable."""

from typing import Any

import pytest

from app.domain.records import Flag, SessionRecord, SessionState
from app.store.readers.readings import session_readings
from tests.helpers.plain_client import PlainClient, plain_client
from tests.helpers.world import World, world

T0 = 1_767_225_600_000  # 2026-01-01T00:00:00Z, when a world begins
MINUTE = 60_000
HOUR = 60 * MINUTE
BOOT = {"chargePointVendor": "Volt", "chargePointModel": "W22"}


async def charged(w: World, station: PlainClient, start_at: Any, stop_at: Any) -> SessionRecord:
    """Thirty minutes of charging, the start and stop stamped as given."""
    start = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1000, "timestamp": start_at}
    started = await station.told("StartTransaction", start)
    await w.advance(minutes=30)
    stop = {"transactionId": started["transactionId"], "meterStop": 4000, "timestamp": stop_at}
    await station.told("StopTransaction", stop)
    return await w.only_session()


@pytest.mark.parametrize(
    ("start_at", "stop_at", "sound"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:30:00Z", True),
        ("2026-01-01T00:00:00.123456Z", "2026-01-01T00:30:00.5Z", True),
        ("2026-01-01T02:00:00+02:00", "2026-01-01T02:30:00+02:00", True),
        ("2026-01-01T00:00:00", "2026-01-01T00:30:00", True),
        ("2026-01-01T02:00:00+02", "2026-01-01T02:30:00+0200", True),
        ("1970-01-01T00:00:10Z", "1970-01-01T00:30:10Z", False),
        ("2014-01-01T00:00:10Z", "2014-01-01T00:30:10Z", False),
        ("2031-01-01T00:00:10Z", "2031-01-01T00:30:10Z", False),
        ("222222-01-01T00:00:10Z", "222222-01-01T00:30:10Z", False),
        (1_000_000, 1_001_800, False),
        ("yesterday", "today", False),
    ],
)
async def test_a_session_with_strange_times_keeps_its_energy_and_length(
    start_at: Any, stop_at: Any, sound: bool
) -> None:
    async with world() as w, plain_client(w.url) as station:
        await station.told("BootNotification", BOOT)
        session = await charged(w, station, start_at, stop_at)
        assert (session.energy_wh, session.state) == (3000, SessionState.CLOSED)
        assert abs(session.started_ms - T0) < 2000
        assert session.ended_ms is not None
        assert abs(session.ended_ms - T0 - 30 * MINUTE) < 2000
        assert (Flag.TIME_DOUBTFUL in session.flags) is not sound


async def test_a_clock_seven_minutes_fast_is_learnt_and_corrected() -> None:
    async with world() as w, plain_client(w.url) as station:
        await station.told("BootNotification", BOOT)
        for minute in range(4):
            told = {"connectorId": 1, "status": "Available", "errorCode": "NoError"}
            await station.told("StatusNotification", told | {"timestamp": f"2026-01-01T00:0{minute + 7}:00Z"})
            await w.advance(minutes=1)
        assert w.view().clock_skew_ms == 7 * MINUTE
        session = await charged(w, station, "2026-01-01T00:11:00Z", "2026-01-01T00:41:00Z")
        assert session.started_ms == T0 + 4 * MINUTE
        assert session.ended_ms == T0 + 34 * MINUTE
        assert Flag.TIME_DOUBTFUL not in session.flags
        assert dict(w.view().quirks)["Q65"] > 0


async def test_a_clock_that_a_boot_has_set_right_is_believed_at_once() -> None:
    """What was learnt of it before is taken out of nothing that fits as it stands."""
    async with world() as w:
        async with plain_client(w.url) as station:
            await station.told("BootNotification", BOOT)
            for minute in range(4):
                told = {"connectorId": 1, "status": "Available", "errorCode": "NoError"}
                await station.told(
                    "StatusNotification", told | {"timestamp": f"2026-01-01T00:0{minute + 4}:00Z"}
                )
                await w.advance(minutes=1)
        assert w.view().clock_skew_ms == 4 * MINUTE
        async with plain_client(w.url) as station:
            await station.told("BootNotification", BOOT)
            session = await charged(w, station, "2026-01-01T00:04:00Z", "2026-01-01T00:34:00Z")
        assert session.started_ms == T0 + 4 * MINUTE
        assert session.ended_ms == T0 + 34 * MINUTE
        assert Flag.TIME_DOUBTFUL not in session.flags


async def test_a_clock_that_a_boot_does_not_set_right_is_corrected_on() -> None:
    """A wrong time zone survives every boot, and so does what was learnt of it."""
    async with world() as w:
        for minutes in (0, 10):
            async with plain_client(w.url) as station:
                await station.told("BootNotification", BOOT)
                for minute in range(minutes, minutes + 4):
                    told = {"connectorId": 1, "status": "Available", "errorCode": "NoError"}
                    await station.told(
                        "StatusNotification", told | {"timestamp": f"2026-01-01T02:{minute:02}:00Z"}
                    )
                    await w.advance(minutes=1)
                if minutes:
                    session = await charged(w, station, "2026-01-01T02:14:00Z", "2026-01-01T02:44:00Z")
            await w.advance(minutes=6)
        assert session.started_ms == T0 + 14 * MINUTE
        assert session.ended_ms == T0 + 44 * MINUTE


async def offline_for_hours(w: World) -> None:
    """A first link of ten minutes, then silence until 03:10."""
    async with plain_client(w.url) as station:
        await station.told("BootNotification", BOOT)
        await w.advance(minutes=10)
        await station.told("Heartbeat", {})
    w.clock.jump_ms(3 * HOUR)


async def queue_of_a_session(station: PlainClient) -> None:
    start = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1000, "timestamp": "2026-01-01T01:00:00Z"}
    started = await station.told("StartTransaction", start)
    stop = {"transactionId": started["transactionId"], "meterStop": 4000, "timestamp": "2026-01-01T02:00:00Z"}
    await station.told("StopTransaction", stop)


async def test_a_session_from_an_offline_queue_keeps_its_own_times() -> None:
    async with world() as w:
        await offline_for_hours(w)
        async with plain_client(w.url) as station:
            await station.told("BootNotification", BOOT)
            await queue_of_a_session(station)
            session = await w.only_session()
            assert (session.started_ms, session.ended_ms) == (T0 + HOUR, T0 + 2 * HOUR)
            assert (session.energy_wh, session.state) == (3000, SessionState.CLOSED)
            assert Flag.TIME_DOUBTFUL not in session.flags


async def test_a_queue_keeps_its_times_although_the_first_try_to_come_back_broke() -> None:
    async with world() as w:
        await offline_for_hours(w)
        async with plain_client(w.url) as station:
            await station.told("BootNotification", BOOT)
        await w.advance(seconds=30)
        async with plain_client(w.url) as station:
            await queue_of_a_session(station)
            session = await w.only_session()
            assert (session.started_ms, session.ended_ms) == (T0 + HOUR, T0 + 2 * HOUR)
            assert Flag.TIME_DOUBTFUL not in session.flags


async def test_what_claims_to_be_older_than_the_last_live_message_is_of_now_and_flagged() -> None:
    async with world() as w:
        await offline_for_hours(w)
        async with plain_client(w.url) as station:
            start = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1, "timestamp": "2025-12-31T20:00:00Z"}
            await station.told("StartTransaction", start)
            session = await w.only_session()
            assert session.started_ms == w.clock.now_ms()
            assert Flag.TIME_DOUBTFUL in session.flags


async def test_what_two_messages_of_one_millisecond_metered_is_kept_of_both() -> None:
    """Their own times are not believed, so each is of its receipt (Q64); a reading told twice is one, and
    these are two."""
    async with world() as w, plain_client(w.url) as station:
        await station.told("BootNotification", BOOT)
        start = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1000, "timestamp": "2014-01-01T00:00:10Z"}
        started = await station.told("StartTransaction", start)
        for minute in range(1, 4):
            sample = {"value": str(1000 + 100 * minute), "measurand": "Energy.Active.Import.Register"}
            value = {"timestamp": f"2014-01-01T00:0{minute}:10Z", "sampledValue": [sample]}
            told = {"connectorId": 1, "transactionId": started["transactionId"], "meterValue": [value]}
            assert await station.told("MeterValues", told) == {}
        await w.kept()
        session = await w.only_session()
        curve = await w.room.ask(session_readings, session.session)
        assert [one.reading.energy_wh for one in curve][-3:] == [1100, 1200, 1300]

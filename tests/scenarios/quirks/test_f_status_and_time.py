"""Section F of the field behaviours: what stations tell of their state and of time."""

from pathlib import Path

import pytest

from app.domain.records import Flag
from app.domain.status import ConnectorStatus, LinkState, Shown
from app.simulator.quirky import Habits
from app.simulator.wire import TimeFormat, stamp
from app.store.readers.statuses import status_points
from tests.helpers.story import booted, count, restart, story, told, wrong

DAY = 86_400_000


async def test_q59_a_fault_of_connector_0_is_the_whole_stations(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.status(1, "Available")
        await s.status(0, "Faulted", "GroundFailure")
        assert [(c.evse, c.status) for c in w.view().connectors] == [(1, ConnectorStatus.AVAILABLE)]
        assert (w.plug().shown, w.view().shown) == (Shown.FAULTED, Shown.FAULTED)
        assert wrong(w, "error") == ["Earth fault (whole charger)"]
        await restart(w, s)
        assert wrong(w, "error") == ["Earth fault (whole charger)"]
        await s.status(0, "Available")
        assert w.plug().shown is Shown.AVAILABLE
        assert wrong(w, "error") == []


async def test_q62_two_hundred_flaps_in_ten_minutes_are_one_item(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        most = 0
        for _ in range(200):
            await s.status(1, "Faulted", "GroundFailure", vendor_error="0x17")
            most = max(most, len(wrong(w, "error")))
            await w.advance(seconds=1.5)
            await s.status(1, "Available")
            await w.advance(seconds=1.5)
        assert most == 1
        assert wrong(w, "error") == []
        points = await w.room.ask(status_points, "DEPOT-7")
        assert sum(p.status is ConnectorStatus.FAULTED for p in points) == 200


async def test_q62_faulted_without_an_error_is_a_fault_and_an_error_beside_available_a_warning(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.status(1, "Faulted")
        assert wrong(w, "error") == ["Fault, no cause told"]
        await s.status(1, "Available", "HighTemperature")
        assert w.plug().shown is Shown.DEGRADED
        assert wrong(w, "error") == ["Too hot"]
        await s.status(1, "Available", vendor_error="0x00")
        assert wrong(w, "error") == []
        assert count(w, "Q62") >= 1


@pytest.mark.parametrize("style", [TimeFormat.NO_ZONE, TimeFormat.SHORT_OFFSET])
async def test_q64_times_without_a_zone_or_with_a_short_one_are_right(
    style: TimeFormat, tmp_path: Path
) -> None:
    async with story(tmp_path) as w:
        began = w.clock.now_ms()
        s = await booted(w, habits=Habits(time_format=style))
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        await car.leave(4_000)
        assert await told(w) == [("ANNA", "closed", 3_000)]
        session = await w.only_session()
        assert (session.ended_ms or 0) - session.started_ms == 1_800_000
        assert abs(session.started_ms - began) < 1_000


@pytest.mark.parametrize("at", ["1970-01-01T00:05:00Z", "2014-06-01T12:00:00Z", "2031-01-01T00:00:00Z"])
async def test_q64_a_time_that_cannot_be_is_the_time_of_receipt_and_flagged(at: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        start = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1_000, "timestamp": at}
        began = w.clock.now_ms()
        number = (await s.call("StartTransaction", start))["transactionId"]
        await w.advance(minutes=30)
        await restart(w, s)
        await s.call("StopTransaction", {"transactionId": number, "meterStop": 4_000, "timestamp": at})
        assert await told(w) == [("ANNA", "closed", 3_000)]
        session = await w.only_session()
        assert (session.started_ms, session.ended_ms) == (began, began + 1_800_000)
        assert Flag.TIME_DOUBTFUL in session.flags
        assert count(w, "Q64") == 2


async def test_q65_a_clock_seven_minutes_fast_is_measured_and_corrected(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=Habits(clock_offset_ms=7 * 60_000))
        for _ in range(5):
            await s.status(1, "Available")
            await w.advance(minutes=1)
        assert abs((w.view().clock_skew_ms or 0) - 420_000) <= 1_000
        began = w.clock.now_ms()
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        await car.leave(4_000)
        session = await w.only_session()
        assert session.energy_wh == 3_000
        assert abs(session.started_ms - began) <= 1_000
        assert (session.ended_ms or 0) - session.started_ms == 1_800_000


async def test_q83_a_fault_stamped_two_days_ago_at_three_reconnects_is_one(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        old = w.clock.now_ms() - 2 * DAY
        for _ in range(3):
            await s.reboot()
            await s.status(1, "Faulted", "GroundFailure", at_ms=old)
            assert w.plug().status is ConnectorStatus.FAULTED
            assert wrong(w, "error") == ["Earth fault"]
            await w.advance(minutes=5)
        assert wrong(w, "error") == ["Earth fault"]
        await s.status(1, "Available")
        assert w.plug().status is ConnectorStatus.AVAILABLE
        assert w.view().link is LinkState.ONLINE


async def test_q75_reports_in_parts_are_kept_whatever_their_order(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, version="2.0.1")
        for part in (3, 1, 0, 2, 1):
            body = {
                "requestId": 9, "generatedAt": stamp(s.now_ms), "seqNo": part, "tbc": part < 3,
                "reportData": [
                    {
                        "component": {"name": "EVSE"}, "variable": {"name": f"V{part}"},
                        "variableAttribute": [{"value": str(part)}],
                    }
                ],
            }  # fmt: skip
            assert await s.call("NotifyReport", body) == {}

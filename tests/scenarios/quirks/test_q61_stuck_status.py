"""Q61: a status sticks. It has an age, it may be contradicted, and nothing is ever reset for it."""

from pathlib import Path

import pytest

from app.domain.status import ConnectorStatus, Shown
from app.simulator.quirky import Habits
from tests.helpers.story import booted, count, restart, story, told, wrong

MINUTE = 60_000


async def test_charging_at_0_w_is_said_with_its_age(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        await car.sample(meter_wh=2_000, power_w=6_000)
        assert wrong(w, "status") == []
        for _ in range(8):
            await w.advance(minutes=5)
            await car.sample(meter_wh=2_000, power_w=0)
        rows = [t for t in w.room.fleet.snapshot(w.clock.now_ms()).troubles if t.kind == "status"]
        assert [(t.text, t.connector) for t in rows] == [("Says Charging, but no power flows", 1)]
        assert w.clock.now_ms() - rows[0].since_ms == 35 * MINUTE
        assert w.plug().status is ConnectorStatus.CHARGING
        await w.until(lambda: count(w, "Q61") == 1, "counted once")
        await car.sample(meter_wh=2_100, power_w=6_000)
        assert wrong(w, "status") == []
        await car.leave(2_200)
        assert await told(w) == [("ANNA", "closed", 1_200)]


async def test_charging_without_any_session_is_said(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.status(1, "Charging")
        await w.advance(minutes=4)
        assert wrong(w, "status") == []
        await w.advance(minutes=2)
        assert wrong(w, "status") == ["Says Charging, but no session runs"]
        await w.until(lambda: count(w, "Q61") == 1, "counted once")
        await restart(w, s)
        await w.advance(minutes=2)
        assert wrong(w, "status") == ["Says Charging, but no session runs"]
        await s.status(1, "Available")
        assert wrong(w, "status") == []
        assert await told(w) == []


async def test_available_while_power_flows_is_said_and_the_session_lives(tmp_path: Path) -> None:
    """Available with the cable in (FoxESS): its readings speak for the session."""
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=1)
        await s.status(1, "Available")
        for step in range(1, 5):
            await w.advance(minutes=5)
            await car.sample(meter_wh=1_000 + 500 * step, power_w=6_000)
        assert wrong(w, "status") == ["Says Available, but power flows"]
        await car.leave(3_200)
        assert await told(w) == [("ANNA", "closed", 2_200)]
        assert wrong(w, "status") == []


@pytest.mark.parametrize("frozen", ["Preparing", "Finishing", "Charging", "SuspendedEV"])
async def test_a_frozen_status_keeps_its_age_and_is_the_last_known_when_offline(
    frozen: str, tmp_path: Path
) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=Habits(frozen_status=frozen))
        await s.status(1, frozen)
        since = w.clock.now_ms()
        await w.advance(minutes=40)
        await s.status(1, "Available")  # which a frozen station does not say
        await s.heartbeat()
        assert (w.plug().status.value, w.plug().since_ms) == (frozen, since)
        # The next driver is seen all the same.
        await s.plug_in(tag="BEA", meter_wh=2_000, statuses=False)
        assert w.plug().session is not None
        s.drop()
        await w.until(lambda: w.plug().shown is Shown.OFFLINE, "offline")
        assert (w.plug().status.value, w.plug().since_ms) == (frozen, since)
        assert wrong(w, "status") == []

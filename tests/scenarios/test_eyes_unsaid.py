"""Stories of what no station says of itself: it only shows in sessions, cards, meters, restarts and clocks.

Over real sockets: the cause in, the row in the queue out, and what ends it.
"""

from dataclasses import replace
from typing import Any

from app.analytics.attempt_history import kpis_between
from app.domain.intents import ActOnFault, DescribeStation
from app.domain.operations import Unlock, Wish
from app.domain.records import FaultRecord
from app.simulator.quirky import habits
from app.simulator.scripted import SimStation
from app.simulator.speech import Gauge
from tests.helpers.world import World, world


def rows(w: World) -> list[FaultRecord]:
    """The queue: what stands for itself and is not over."""
    return [f for f in w.room.faults.open() if f.state in ("UNACK", "ACKED")]


def codes(w: World) -> list[str]:
    return sorted(f.code for f in rows(w))


async def charger(w: World, name: str = "V1", **options: Any) -> SimStation:
    station = await w.station(name, **options)
    await station.boot()
    await station.status(1, "Available")
    await w.do(DescribeStation(name, site="Venlo"))
    await later(w, 0.1, station)
    return station


async def later(w: World, minutes: float, *stations: SimStation) -> None:
    """Time passes in steps after which each station is heard, as heartbeats would."""
    while minutes > 0:
        w.clock.advance(min(minutes, 10) * 60)
        minutes -= 10
        for station in stations:
            if station.online:
                await station.heartbeat()
    w.room.faults.tick(w.clock.now_ms() + 1_000)


async def session(
    w: World, s: SimStation, wh: int, minutes: float, *, tag: str = "ANNA", start_wh: int = 0,
    power_w: int | None = None,
) -> None:  # fmt: skip
    """A whole session; with `power_w` its meter is read in the middle."""
    car = await s.plug_in(connector=1, tag=tag, meter_wh=start_wh)
    await later(w, minutes / 2, s)
    if power_w is not None:
        await car.sample(start_wh + wh // 2, power_w)
    await later(w, minutes / 2, s)
    await car.leave(meter_wh=start_wh + wh)
    await later(w, 1, s)


async def test_sessions_that_deliver_nothing_are_a_row_until_three_good_ones() -> None:
    async with world() as w:
        s = await charger(w)
        began = w.clock.now_ms()
        for number in range(5):
            await session(w, s, 0, 8, tag=f"T{number}")
        assert codes(w) == ["StartsWithoutEnergy"]
        kpis = await w.room.ask(kpis_between, began, w.clock.now_ms())
        assert (kpis.start_success.k, kpis.start_success.n) == (0, 5)
        for number in range(3):
            await session(w, s, 9_000, 30, tag=f"G{number}")
        assert codes(w) == []


async def test_sessions_that_break_off_are_a_row() -> None:
    async with world() as w:
        s = await charger(w)
        for number in range(6):
            await session(w, s, 150, 1.5, tag=f"T{number}")
        assert codes(w) == ["ShortSessions"]


async def test_one_vehicle_that_fails_everywhere_blames_no_charger() -> None:
    async with world() as w:
        first, second = await charger(w, "V1"), await charger(w, "V2")
        for _ in range(5):
            await session(w, first, 0, 6, tag="SICK")
            await session(w, second, 0, 6, tag="SICK")
        assert codes(w) == []


async def test_a_card_shown_again_and_again_with_nothing_starting_is_a_row_until_a_session() -> None:
    async with world() as w:
        s = await charger(w)
        for _ in range(3):
            await s.authorize("ANNA")
            await later(w, 1, s)
        assert codes(w) == ["StartsRefused"]
        await session(w, s, 8_000, 30)
        assert codes(w) == []


async def test_cars_that_are_plugged_in_and_leave_with_nothing_are_a_row() -> None:
    async with world() as w:
        s = await charger(w)
        for tag in ("ANNA", "BEN", "CARLA"):
            await s.status(1, "Preparing")
            await s.authorize(tag)
            await later(w, 7, s)
            await s.status(1, "Available")
            await later(w, 20, s)
        assert "ZeroPowerPlug" in codes(w)


async def test_a_connector_stuck_in_preparing_is_a_row_after_an_hour() -> None:
    async with world() as w:
        s = await charger(w)
        await s.status(1, "Preparing")
        await later(w, 55, s)
        assert codes(w) == []
        await later(w, 10, s)
        assert codes(w) == ["StuckState"]
        await s.status(1, "Available")
        await later(w, 12, s)
        assert codes(w) == []


async def test_a_meter_that_stands_still_while_power_flows_is_a_row() -> None:
    async with world() as w:
        s = await charger(w)
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=5_000)
        for _ in range(6):
            await later(w, 5, s)
            await car.sample(5_000, 11_000)
        assert "MeterFrozen" in codes(w)
        await later(w, 5, s)
        await car.sample(5_900, 11_000)
        await later(w, 12, s)
        assert "MeterFrozen" not in codes(w)


async def test_energy_that_flows_without_a_session_is_a_row() -> None:
    async with world() as w:
        s = await charger(w)
        for wh in (1_000, 1_300, 1_600):
            await s.say(s.speech.reading(1, 1, w.clock.now_ms(), Gauge(wh, 1_200.0), "Sample.Clock"))
            await later(w, 10, s)
        assert codes(w) == ["EnergyWithoutSession"]


async def test_a_meter_that_runs_backwards_is_a_row_and_no_money() -> None:
    async with world() as w:
        s = await charger(w)
        await session(w, s, -4_000, 30, start_wh=20_000)
        assert "MeterBackwards" in codes(w)
        (kept,) = await w.sessions("V1")
        assert (kept.energy_wh or 0) >= 0


async def test_a_connector_that_gives_a_fifth_of_its_power_is_a_row_until_it_gives_all() -> None:
    async with world() as w:
        s = await charger(w)
        for number in range(16):
            await session(w, s, 14_000, 18, tag=f"T{number}", power_w=50_000)
        assert codes(w) == []
        for number in range(6):
            await session(w, s, 3_000, 18, tag=f"U{number}", power_w=9_000)
        assert codes(w) == ["PowerLimited"]
        await session(w, s, 14_000, 18, power_w=48_000)
        assert codes(w) == []


async def test_a_station_that_restarts_by_itself_three_times_a_day_is_a_row() -> None:
    async with world() as w:
        s = await charger(w)
        for _ in range(3):
            await later(w, 120, s)
            await s.reboot("Watchdog")
            await s.status(1, "Available")
        await later(w, 20, s)
        assert "Reboots" in codes(w)


async def test_a_boot_loop_is_one_row_and_over_when_it_stays_up() -> None:
    async with world() as w:
        s = await charger(w)
        for _ in range(5):
            w.clock.advance(45)
            await s.boot("Watchdog")
        await later(w, 1, s)
        assert codes(w) == ["BootLoop"]
        await later(w, 40, s)
        assert codes(w) == []


async def test_a_station_with_a_wrong_clock_is_a_row_and_its_sessions_keep_their_length() -> None:
    async with world() as w:
        s = await charger(w, habits=habits("Q65"))
        for _ in range(3):
            await session(w, s, 9_000, 40)
        await later(w, 5, s)
        assert "ClockDrift" in codes(w)
        assert all(
            30 * 60_000 <= (k.ended_ms or 0) - k.started_ms <= 50 * 60_000 for k in await w.sessions("V1")
        )


async def test_our_own_clock_that_jumps_blames_no_station() -> None:
    async with world() as w:
        s = await charger(w)
        w.clock.jump_ms(2 * 3_600_000)
        await s.heartbeat()
        await w.advance(minutes=2)
        assert [f.code for f in w.room.faults.open() if f.station] == []


async def test_an_unlock_that_fails_is_a_stuck_cable_until_the_plug_is_free() -> None:
    async with world() as w:
        s = await charger(w)
        s.answers["UnlockConnector"] = {"status": "UnlockFailed"}
        await w.room.desk.ended(await w.room.desk.ask(Wish("V1", Unlock(1), "test", "a driver calls")))
        await later(w, 1, s)
        assert codes(w) == ["StuckCable"]
        await s.status(1, "Available")
        await later(w, 3, s)
        assert codes(w) == []


async def test_what_is_marked_as_normal_stays_silent_until_its_end() -> None:
    async with world() as w:
        s = await charger(w)
        await s.status(1, "Preparing")
        await later(w, 65, s)
        (found,) = rows(w)
        until = w.clock.now_ms() + 5 * 3_600_000
        await w.do(ActOnFault(found.fault, "mark-normal", {"until_ms": until, "reason": "show car"}))
        await later(w, 30, s)
        assert codes(w) == []


async def test_a_session_that_says_charging_and_takes_nothing_is_a_row() -> None:
    async with world() as w:
        s = await charger(w)
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=5_000)
        for _ in range(4):
            await later(w, 5, s)
            await car.sample(5_000, 0)
        assert codes(w) == ["SessionWithoutEnergy"]
        await car.suspend()
        await later(w, 3, s)
        assert codes(w) == []


async def test_a_rollout_that_breaks_starts_on_one_model_is_one_row_with_its_stations_under_it() -> None:
    """Real sessions of three stations: good with the firmware before, without energy after it."""
    async with world() as w:
        three = [await charger(w, name) for name in ("V1", "V2", "V3")]
        for number in range(6):
            for s in three:
                await session(w, s, 9_000, 20, tag=f"T{number}-{s.identity}")
        for s in three:
            s.card = replace(s.card, firmware="9.9.9")
            await s.boot("FirmwareUpdate")
        for number in range(6):
            for s in three:
                await session(w, s, 0, 6, tag=f"U{number}-{s.identity}")
        causes = [f for f in rows(w) if f.code == "Firmware"]
        assert len(causes) == 1
        under = w.room.faults.children(causes[0].fault)
        assert {f.station for f in under} == {"V1", "V2", "V3"}
        assert {f.code for f in under} == {"StartsWithoutEnergy"}
        assert codes(w) == ["Firmware"]

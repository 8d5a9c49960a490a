"""Q52: Wh, kWh, W and kW. By the unit told, else by default; what power x time refutes is not billed."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.records import Flag
from app.simulator.quirky import habits
from app.simulator.scripted import Car, SimStation
from app.simulator.wire import stamp
from tests.helpers.story import booted, count, restart, story, told, wrong
from tests.helpers.world import World

ENERGY, POWER = "Energy.Active.Import.Register", "Power.Active.Import"


async def reads(s: SimStation, car: Car, *values: dict[str, Any]) -> None:
    """One MeterValues with these sampled values."""
    await s.call(
        "MeterValues",
        {
            "connectorId": 1,
            "transactionId": car.transaction,
            "meterValue": [{"timestamp": stamp(s.now_ms), "sampledValue": list(values)}],
        },
    )


async def hour(w: World, s: SimStation, car: Car, *, energy: Any, power: dict[str, Any]) -> None:
    """An hour at 11 kW, from 0 Wh, a reading each ten minutes."""
    for step in range(1, 7):
        await w.advance(minutes=10)
        await reads(s, car, energy(step * 11_000 / 6), power)


def wh(register: float) -> dict[str, Any]:
    return {"value": str(round(register)), "measurand": ENERGY, "unit": "Wh"}


def kwh(register: float) -> dict[str, Any]:
    return {"value": f"{register / 1000:.3f}", "measurand": ENERGY, "unit": "kWh"}


def bare(register: float) -> dict[str, Any]:
    return {"value": str(round(register))}


def kwh_as_wh(register: float) -> dict[str, Any]:
    return {"value": f"{register / 1000:.3f}", "measurand": ENERGY, "unit": "Wh"}


WATTS = {"value": "11000", "measurand": POWER, "unit": "W"}
KILOWATTS = {"value": "11.0", "measurand": POWER, "unit": "kW"}
UNITLESS = {"value": "11000", "measurand": POWER}
KW_AS_W = {"value": "11", "measurand": POWER, "unit": "W"}


@pytest.mark.parametrize("energy", [wh, kwh, bare])
@pytest.mark.parametrize("power", [WATTS, KILOWATTS, UNITLESS])
async def test_what_is_told_rightly_is_read_rightly(
    energy: Any, power: dict[str, Any], tmp_path: Path
) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=0)
        await hour(w, s, car, energy=energy, power=power)
        assert w.plug().power_w == 11_000
        await car.leave(11_000)
        assert await told(w) == [("ANNA", "closed", 11_000)]
        assert count(w, "Q52") == 0


async def test_kwh_and_wh_mixed_in_one_message_are_one_curve(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=0)
        for step in range(1, 7):
            await w.advance(minutes=10)
            energy = (wh, kwh, bare)[step % 3]
            await reads(s, car, energy(step * 11_000 / 6), (WATTS, KILOWATTS)[step % 2])
        await car.leave(11_000)
        assert await told(w) == [("ANNA", "closed", 11_000)]


async def test_kwh_told_as_wh_is_not_billed_and_a_factor_is_proposed(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q52"))
        car = await s.plug_in(tag="ANNA", meter_wh=0)
        await hour(w, s, car, energy=kwh_as_wh, power=WATTS)
        await restart(w, s)
        await w.advance(minutes=1)
        await car.leave(11)
        assert await told(w) == [("ANNA", "review", None)]
        session = await w.only_session()
        assert Flag.UNIT_DOUBTFUL in session.flags
        assert "factor for its energy: 1000" in session.note
        assert wrong(w, "session") == ["A session needs review"]
        assert count(w, "Q52") >= 1


async def test_kw_told_as_w_is_doubted_too(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=0)
        await hour(w, s, car, energy=wh, power=KW_AS_W)
        await car.leave(11_000)
        assert await told(w) == [("ANNA", "review", None)]
        assert count(w, "Q52") >= 1

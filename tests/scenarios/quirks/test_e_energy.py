"""Section E of the field behaviours: what meters tell, and what of it is energy."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.records import Flag
from app.simulator.quirky import Habits, habits
from app.simulator.scripted import Car, SimStation
from app.simulator.wire import stamp
from app.store.readers.readings import readings_between, session_readings
from tests.helpers.story import booted, count, restart, story, told, wrong
from tests.helpers.world import World

Sampled = dict[str, Any]


async def reads(s: SimStation, car: Car | None, *values: Sampled, connector: int = 1) -> None:
    """One MeterValues with these sampled values, now."""
    payload: dict[str, Any] = {"connectorId": connector}
    if car is not None:
        payload["transactionId"] = car.transaction
    payload["meterValue"] = [{"timestamp": stamp(s.now_ms), "sampledValue": list(values)}]
    await s.call("MeterValues", payload)


async def registers(w: World, s: SimStation, car: Car, *told_wh: int) -> None:
    """Registers a quarter of an hour apart."""
    for wh in told_wh:
        await w.advance(minutes=15)
        await reads(s, car, {"value": str(wh)})


@pytest.mark.parametrize("stop", [-1, 0, 995])
async def test_q50_a_stop_below_the_start_never_makes_negative_energy(stop: int, tmp_path: Path) -> None:
    """With a reading between, that one counts; without, a person is asked."""
    async with story(tmp_path) as w:
        s = await booted(w)
        for readings, expected in (((), ("review", None)), ((3_000,), ("closed", 2_000))):
            car = await s.plug_in(tag="ANNA", meter_wh=1_000)
            await registers(w, s, car, *readings)
            await w.advance(minutes=15)
            await car.leave(stop)
            assert (await told(w))[-1] == ("ANNA", *expected)
            await w.advance(minutes=1)
        assert count(w, "Q50") + count(w, "Q51") >= 1
        assert wrong(w, "session") == ["A session needs review"]


async def test_q51_a_register_that_begins_anew_is_added(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=5_000)
        await registers(w, s, car, 5_200)
        await restart(w, s)
        await registers(w, s, car, 0, 150)
        await car.leave(150)
        assert await told(w) == [("ANNA", "closed", 350)]
        assert Flag.METER_RESET in (await w.only_session()).flags
        assert count(w, "Q51") == 1


async def test_q51_one_low_reading_between_two_high_ones_is_an_error(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=5_000)
        await registers(w, s, car, 0)
        await restart(w, s)
        await registers(w, s, car, 5_200)
        await car.leave(5_200)
        assert await told(w) == [("ANNA", "closed", 200)]
        assert Flag.METER_BACKWARDS in (await w.only_session()).flags
        assert count(w, "Q50") == 1


async def test_q53_what_is_not_said_is_the_default_and_inlet_and_export_are_no_import(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=0)
        await w.advance(minutes=15)
        await reads(s, car, {"value": "1200"})
        assert (await w.only_session()).energy_wh == 1_200
        await w.advance(minutes=15)
        await reads(
            s,
            car,
            {"value": "900", "measurand": "Energy.Active.Export.Register"},
            {"value": "2400", "measurand": "Energy.Active.Import.Register"},
            {"value": "9999", "measurand": "Energy.Active.Import.Register", "location": "Inlet"},
        )
        assert (await w.only_session()).energy_wh == 2_400
        await car.leave(2_500)
        assert await told(w) == [("ANNA", "closed", 2_500)]


@pytest.mark.parametrize("layout", ["total", "each", "total-as-L1"])
async def test_q54_three_layouts_of_phases_one_result(layout: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=Habits(phases=layout))
        car = await s.plug_in(tag="ANNA", meter_wh=3_000)
        for register in (6_000, 9_000):
            await w.advance(minutes=30)
            await car.sample(meter_wh=register, power_w=6_000)
        assert (await w.only_session()).energy_wh == 6_000
        await car.leave(9_000)
        assert await told(w) == [("ANNA", "closed", 6_000)]
        assert (count(w, "Q54") > 0) is (layout != "total")


async def test_q55_a_batch_without_energy_changes_none_and_clock_readings_count(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await registers(w, s, car, 2_000)
        await w.advance(minutes=1)
        await reads(s, car, {"value": "55", "measurand": "SoC", "unit": "Percent"})
        assert (await w.only_session()).energy_wh == 1_000
        assert (await w.only_session()).soc_percent == 55
        await w.advance(minutes=14)
        await reads(s, car, {"value": "3000", "context": "Sample.Clock"})
        await registers(w, s, car, 4_000)
        assert (await w.only_session()).energy_wh == 3_000
        await car.leave(4_000)
        assert await told(w) == [("ANNA", "closed", 3_000)]


async def test_q56_the_figure_of_the_stop_bills_and_later_readings_are_history(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        await car.leave(4_000)
        await w.advance(minutes=1)
        await reads(s, car, {"value": "4004"})
        assert await told(w) == [("ANNA", "closed", 3_000)]
        assert count(w, "Q56") == 1
        kept = await w.room.ask(lambda c: list(readings_between(c)))
        assert [(r.session, r.reading.energy_wh) for r in kept][-1] == (None, 4_004)


async def test_q56_three_thousand_samples_in_a_stop_are_all_kept(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        began = w.clock.now_ms()
        await w.advance(minutes=60)
        data = [
            {"timestamp": stamp(began + n * 1_000), "sampledValue": [{"value": str(1_000 + n)}]}
            for n in range(3_000)
        ]
        stop = {"transactionId": car.transaction, "meterStop": 4_000, "timestamp": stamp(s.now_ms)}
        await s.call("StopTransaction", stop | {"transactionData": data})
        assert await told(w) == [("ANNA", "closed", 3_000)]
        session = await w.only_session()
        assert len(await w.room.ask(session_readings, session.session)) == 3_000


@pytest.mark.parametrize("useless", ["", "NaN", "n/a", "Infinity", "9.9e9"])
async def test_q57_useless_values_are_no_energy_and_no_spike(useless: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await registers(w, s, car, 2_000)
        await w.advance(minutes=15)
        await reads(
            s, car, {"value": useless}, {"value": "6000", "measurand": "Power.Active.Import", "unit": "W"}
        )
        await registers(w, s, car, 3_000)
        await car.leave(3_000)
        assert await told(w) == [("ANNA", "closed", 2_000)]
        session = await w.only_session()
        curve = await w.room.ask(session_readings, session.session)
        assert max(r.reading.energy_wh or 0 for r in curve if r.trusted) == 3_000
        if useless != "9.9e9":
            assert count(w, "Q57") == 1


async def test_q57_a_comma_is_a_decimal_point(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=0)
        await w.advance(minutes=15)
        await reads(s, car, {"value": "1,5", "unit": "kWh"})
        assert (await w.only_session()).energy_wh == 1_500
        await car.leave(1_500)
        assert await told(w) == [("ANNA", "closed", 1_500)]


async def test_q58_start_and_stop_alone_show_no_live_power_and_bill_rightly(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        assert w.plug().power_w is None
        assert w.plug().value_at_ms is None
        assert w.view().power_w is None
        await car.leave(4_000)
        assert await told(w) == [("ANNA", "closed", 3_000)]


async def test_q81_the_main_meter_is_nobodys_session(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        cars = [await s.plug_in(n, tag, 0) for n, tag in ((1, "ANNA"), (2, "BEA"))]
        await w.advance(minutes=30)
        await reads(s, None, {"value": "9", "unit": "kWh"}, connector=0)
        for number, car in enumerate(cars, start=1):
            await reads(s, car, {"value": "4", "unit": "kWh"}, connector=number)
        for car in cars:
            await car.leave(4_000)
        assert await told(w) == [("ANNA", "closed", 4_000), ("BEA", "closed", 4_000)]
        kept = await w.room.ask(lambda c: list(readings_between(c)))
        assert [(r.session, r.reading.energy_wh) for r in kept if r.evse == 0] == [(None, 9_000)]


async def test_q82_signed_values_are_kept_byte_for_byte(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        blob = "OCMF|" + "aB3+/=" * 700
        for context, register in (("Transaction.Begin", 1_000), ("Transaction.End", 4_000)):
            await reads(
                s,
                car,
                {"value": str(register), "context": context},
                {"value": blob, "context": context, "format": "SignedData"},
            )
            await w.advance(minutes=30)
        await car.leave(4_000)
        await restart(w, s)
        assert await told(w) == [("ANNA", "closed", 3_000)]
        session = await w.only_session()
        assert Flag.SIGNED in session.flags
        curve = await w.room.ask(session_readings, session.session)
        signed = [x.value for r in curve for x in r.reading.samples if x.value == blob]
        assert len(signed) == 2


async def test_q49_q51_q54_together(tmp_path: Path) -> None:
    """A station with three habits at once is still billed by what can be proved."""
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q49", "Q54"))
        car = await s.plug_in(tag="ANNA", meter_wh=900_000)
        for register in (900_300, 900_600):
            await w.advance(minutes=15)
            await car.sample(meter_wh=register, power_w=1_200)
        await car.leave(900_600)
        assert await told(w) == [("ANNA", "closed", 300)]
        assert count(w, "Q49") == 1

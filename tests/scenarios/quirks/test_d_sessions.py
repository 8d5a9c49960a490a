"""Section D of the field behaviours: sessions that begin, go on and end in other ways than they should."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from app.domain.records import Flag
from app.domain.status import ConnectorStatus
from app.simulator.quirky import Habits, habits
from app.simulator.scripted import Car, SimStation
from app.simulator.speech import Gauge, Tx
from app.simulator.wire import stamp
from tests.helpers.story import booted, count, restart, story, told, wrong

START = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1_000, "timestamp": "2026-01-01T00:00:00Z"}


def values(s: Any, register_wh: int, **named: Any) -> dict[str, Any]:
    """A MeterValues payload of connector 1, now."""
    sampled = [{"value": str(register_wh)}]
    return {
        "connectorId": 1,
        "meterValue": [{"timestamp": stamp(s.now_ms), "sampledValue": sampled}],
        **named,
    }


async def test_q38_a_stop_without_a_start_is_built_from_what_it_carries(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.status(1, "Preparing")
        data = [
            {"timestamp": f"2026-01-01T00:{minute}:00Z", "sampledValue": [{"value": str(wh), "context": c}]}
            for minute, wh, c in (("00", 1_000, "Transaction.Begin"), ("30", 4_000, "Transaction.End"))
        ]
        await w.advance(minutes=30)
        stop = {"transactionId": 99, "meterStop": 4_000, "timestamp": "2026-01-01T00:30:00Z", "idTag": "ANNA"}
        await s.call("StopTransaction", stop | {"transactionData": data})
        (session,) = await w.sessions()
        assert Flag.START_UNKNOWN in session.flags
        assert (session.token, session.energy_wh) == ("ANNA", 3_000)
        assert count(w, "Q38") == 1
        await restart(w, s)
        await s.call("StopTransaction", stop | {"transactionData": data})
        assert len(await w.sessions()) == 1


async def test_q38_without_readings_no_energy_is_invented(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        stop = {"transactionId": 99, "meterStop": 4_000, "timestamp": "2026-01-01T00:00:00Z"}
        await s.call("StopTransaction", stop)
        assert await told(w) == [("", "review", None)]


async def test_q41_a_boot_in_mid_session_closes_nothing(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        await s.reboot("PowerUp")
        await w.advance(minutes=10)
        await car.sample(meter_wh=3_000, power_w=7_000)
        assert await told(w) == [("ANNA", "open", 2_000)]
        await car.leave(3_500)
        assert await told(w) == [("ANNA", "closed", 2_500)]


async def test_q42_an_offline_session_that_keeps_minus_one(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q42"))
        await w.advance(minutes=1)
        s.go_offline()
        await w.advance(minutes=5)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        for register in (2_000, 3_000):
            await w.advance(minutes=10)
            await car.sample(meter_wh=register, power_w=6_000)
        await s.come_back()
        assert await told(w) == [("ANNA", "open", 2_000)]
        await w.advance(minutes=10)
        await car.sample(meter_wh=4_000, power_w=6_000)
        await car.leave(4_200)
        assert await told(w) == [("ANNA", "closed", 3_200)]
        assert Flag.REPLAYED in (await w.only_session()).flags
        assert count(w, "Q37") + count(w, "Q44") >= 1


async def test_q43_no_id_comes_twice_even_from_an_old_backup(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        seen = []
        for number in range(6):
            payload = START | {"meterStart": number, "timestamp": stamp(s.now_ms)}
            seen.append((await s.call("StartTransaction", payload))["transactionId"])
            await w.advance(minutes=1)
            if number % 2:
                await restart(w, s)
        assert len(set(seen)) == 6
        assert all(0 < number < 2**31 for number in seen)
        await s.call(
            "StopTransaction", {"transactionId": 2**40, "meterStop": 5, "timestamp": stamp(s.now_ms)}
        )
        assert (await told(w))[-1] == ("", "review", None)


async def test_q43_a_station_that_counts_its_transactions_from_1_at_each_boot(tmp_path: Path) -> None:
    """Its power was cut in mid-session; the next driver's transaction has the same id, and is another."""
    async with story(tmp_path) as w:
        s = await booted(w, version="2.0.1")
        await s.plug_in(1, "ANNA", 1_000)
        await w.advance(minutes=20)
        s.drop()
        await w.advance(minutes=1)
        await s.connect()
        await s.boot()
        first = await counted_from_1(s, "CLEO", 3_000)
        await w.advance(minutes=10)
        await first.sample(meter_wh=4_000, power_w=6_000)
        # The power goes; what CLEO's car took until then is told once it is back, and late.
        end = s.speech.stop(first.tx, s.now_ms, Gauge(4_100), "PowerLoss", "")
        end[1]["offline"] = True
        await s.reboot("PowerUp")
        await w.advance(minutes=5)
        second = await counted_from_1(s, "BEA", 4_100)
        await w.advance(minutes=10)
        await s.say(end)
        await second.sample(meter_wh=5_000, power_w=6_000)
        await second.leave(5_100)
        assert (await told(w))[1:] == [("CLEO", "closed", 1_100), ("BEA", "closed", 1_000)]


async def counted_from_1(s: SimStation, tag: str, meter_wh: int) -> Car:
    """A session whose transaction is the station's first since it booted."""
    tx = Tx(1, 1, tag, "1")
    car = Car(s, tx)
    await car.start(meter_wh)
    return car


async def test_q44_readings_under_the_right_id_and_under_0_in_turn(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        for step, number in enumerate((car.transaction, 0, car.transaction, None, 0, 777), start=1):
            await w.advance(minutes=10)
            named = {} if number is None else {"transactionId": number}
            await s.call("MeterValues", values(s, 1_000 + 500 * step, **named))
        await w.advance(minutes=10)
        await car.leave(4_500)
        assert await told(w) == [("ANNA", "closed", 3_500)]
        assert (await w.only_session()).alias == "777"
        assert count(w, "Q44") == 1
        # Outside any session they are the meter's history, and nobody's energy.
        await w.advance(minutes=20)
        await s.call("MeterValues", values(s, 9_000))
        assert await told(w) == [("ANNA", "closed", 3_500)]


async def test_q45_a_session_that_starts_without_energy_is_said(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        for _ in range(6):
            await car.sample(meter_wh=1_000, power_w=0)
            await w.advance(minutes=1)
        assert wrong(w, "status") == ["Says Charging, but no power flows"]
        await car.leave(1_000)
        assert await told(w) == [("ANNA", "closed", 0)]
        assert Flag.NO_ENERGY in (await w.only_session()).flags


async def test_q46_energy_is_recorded_whatever_the_verdict(tmp_path: Path) -> None:
    async with story(tmp_path, access__unknown_tags="refuse") as w:
        s = await booted(w)
        car = await s.plug_in(tag="NOBODY", meter_wh=1_000)
        assert car.verdict == "Invalid"
        assert isinstance(car.transaction, int)
        assert car.transaction > 0
        await w.advance(minutes=30)
        await car.leave(4_000)
        assert await told(w) == [("NOBODY", "closed", 3_000)]
        assert Flag.TOKEN_REFUSED in (await w.only_session()).flags


async def test_q47_five_spellings_are_one_driver(tmp_path: Path) -> None:
    """Each stop names no session; the tag, however spelled, finds it."""
    async with story(tmp_path) as w:
        s = await booted(w)
        for spelling in ("2069C021", "20:69:C0:21", "20 69 c0 21", "2069c021", "20-69-C0-21"):
            at = stamp(s.now_ms)
            await s.call("StartTransaction", START | {"idTag": "2069C021", "timestamp": at})
            await w.advance(minutes=30)
            stop = {"transactionId": -1, "idTag": spelling, "meterStop": 4_000, "timestamp": stamp(s.now_ms)}
            await s.call("StopTransaction", stop)
            await w.advance(minutes=1)
        assert await told(w) == [("2069C021", "closed", 3_000)] * 5


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["Charging", "Start", "Stop", "Available"])), ids="-".join
)
async def test_q79_any_order_of_status_and_session_is_one_session(
    order: tuple[str, ...], tmp_path: Path
) -> None:
    """All within a minute. A stop before its start has no id to name: it waits for a person."""
    async with story(tmp_path) as w:
        s = await booted(w)
        number = None
        for word in order:
            await w.advance(seconds=10)
            if word == "Start":
                answer = await s.call("StartTransaction", START | {"timestamp": stamp(s.now_ms)})
                number = answer["transactionId"]
            elif word == "Stop":
                named = -1 if number is None else number
                stop = {"transactionId": named, "meterStop": 1_050, "timestamp": stamp(s.now_ms)}
                await s.call("StopTransaction", stop)
            else:
                await s.status(1, word)
            assert wrong(w, "status") == []
        found = await told(w)
        if order.index("Start") < order.index("Stop"):
            assert found == [("ANNA", "closed", 50)]
        else:
            assert found == [("", "review", None), ("ANNA", "open", None)]


@pytest.mark.parametrize("resumes", [True, False])
async def test_q80_a_fault_in_mid_session_interrupts_it(resumes: bool, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        anna = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        await anna.sample(meter_wh=2_000, power_w=6_000)
        await s.status(1, "Faulted", "HighTemperature")
        assert await told(w) == [("ANNA", "interrupted", 1_000)]
        # Her tag is free for another plug meanwhile.
        other = await s.plug_in(2, "ANNA", 50_000)
        assert other.verdict == "Accepted"
        await w.advance(minutes=20)
        await other.leave(51_000)
        await restart(w, s)
        if resumes:
            await s.status(1, "Charging")
            await anna.sample(meter_wh=2_500, power_w=6_000)
            assert (await told(w))[0] == ("ANNA", "open", 1_500)
            await anna.leave(3_000)
            assert (await told(w))[0] == ("ANNA", "closed", 2_000)
        else:
            bea = await s.plug_in(1, "BEA", 2_100)
            assert (await told(w))[0] == ("ANNA", "inferred", 1_000)
            await w.advance(minutes=10)
            await bea.leave(3_000)
            await s.say(s.speech.stop(anna.tx, s.now_ms - 60_000, Gauge(2_100), "PowerLoss", ""))
            assert (await told(w))[0] == ("ANNA", "closed", 1_100)
        assert Flag.INTERRUPTED in (await w.sessions())[0].flags


async def test_q72_two_evses_at_once_with_the_evse_named_only_at_the_start(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, version="2.0.1")
        cars = [await s.plug_in(evse, tag, 1_000 * evse) for evse, tag in ((1, "ANNA"), (2, "BEA"))]
        for car in cars:
            _forget_evse(car)
        await w.advance(minutes=30)
        for car in cars:
            await car.sample(meter_wh=1_000 * car.tx.evse + 2_000, power_w=6_000)
        assert [c.power_w for c in w.view().connectors] == [6_000, 6_000]
        for car in cars:
            await car.leave(1_000 * car.tx.evse + 3_000)
        assert await told(w) == [("ANNA", "closed", 3_000), ("BEA", "closed", 3_000)]
        assert [s.evse for s in await w.sessions()] == [1, 2]


def _forget_evse(car: Any) -> None:
    """From here on its events name no EVSE."""
    transact = car.station.transact

    async def bare(message: Any, who: Any = None) -> Any:
        if who is car:
            message[1].pop("evse", None)
        return await transact(message, who)

    car.station.transact = bare


async def test_q60_connector_three_is_created_on_sight(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=Habits())
        await s.status(3, "Available")
        assert [(c.evse, c.status) for c in w.view().connectors] == [(3, ConnectorStatus.AVAILABLE)]
        car = await s.plug_in(4, "ANNA", 1_000)
        await w.advance(minutes=10)
        await car.leave(2_000)
        assert [c.evse for c in w.view().connectors] == [3, 4]
        assert await told(w) == [("ANNA", "closed", 1_000)]

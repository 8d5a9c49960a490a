"""Q37: a stop under an id that was never issued finds its one session, or waits for a person."""

from pathlib import Path

import pytest

from app.domain.records import Flag
from app.simulator.quirky import habits
from tests.helpers.story import booted, count, restart, story, told, wrong


@pytest.mark.parametrize("number", [0, -1, 2**63 - 1])
async def test_with_two_open_sessions_the_one_that_fits_is_stopped(number: int, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.plug_in(1, "ANNA", 1_000)
        await s.plug_in(2, "BEA", 50_000)
        await w.advance(minutes=30)
        await restart(w, s)
        stop = {"transactionId": number, "idTag": "ANNA", "meterStop": 4_000}
        assert "idTagInfo" in await s.call("StopTransaction", stop | {"timestamp": "2026-01-01T00:30:00Z"})
        assert await told(w) == [("ANNA", "closed", 3_000), ("BEA", "open", None)]
        assert Flag.STOP_FOREIGN_ID in (await w.sessions())[0].flags
        assert count(w, "Q37") == 1


@pytest.mark.parametrize(
    "stop",
    [
        {"meterStop": 4_000},  # whose? it names no driver
        {"meterStop": 4_000, "idTag": "CLEO"},  # a driver with no session here
        {"meterStop": 900, "idTag": "ANNA"},  # a meter that cannot be hers
    ],
)
async def test_a_stop_that_fits_nobody_is_acknowledged_and_waits_for_a_person(
    stop: dict[str, object], tmp_path: Path
) -> None:
    """No other driver's session is ever closed by it."""
    async with story(tmp_path) as w:
        s = await booted(w)
        anna = await s.plug_in(1, "ANNA", 1_000)
        bea = await s.plug_in(2, "BEA", 50_000)
        await w.advance(minutes=30)
        payload = {"transactionId": -1, "timestamp": "2026-01-01T00:30:00Z", **stop}
        assert await s.call("StopTransaction", payload) is not None
        anna_told, bea_told, orphan = await told(w)
        assert (anna_told, bea_told) == (("ANNA", "open", None), ("BEA", "open", None))
        assert orphan == (stop.get("idTag", ""), "review", None)
        assert wrong(w, "session") == ["A session needs review"]
        await w.advance(minutes=10)
        await anna.leave(5_000)
        await bea.leave(52_000)
        assert (await told(w))[:2] == [("ANNA", "closed", 4_000), ("BEA", "closed", 2_000)]
        assert count(w, "Q37") == 1


async def test_two_sessions_of_one_driver_that_both_fit_are_left_alone(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.plug_in(1, "ANNA", 1_000)
        await s.plug_in(2, "ANNA", 1_500)
        await w.advance(minutes=30)
        stop = {"transactionId": -1, "idTag": "ANNA", "meterStop": 4_000}
        await s.call("StopTransaction", stop | {"timestamp": "2026-01-01T00:30:00Z"})
        assert [state for _, state, _ in await told(w)] == ["open", "open", "review"]


async def test_a_station_that_always_stops_so_keeps_a_clean_list(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q37"))
        for number in range(3):
            car = await s.plug_in(1, "ANNA", 1_000 * number)
            await w.advance(minutes=10)
            await car.leave(1_000 * number + 800, tag="ANNA")
            await w.advance(minutes=1)
        assert await told(w) == [("ANNA", "closed", 800)] * 3
        assert count(w, "Q37") == 3

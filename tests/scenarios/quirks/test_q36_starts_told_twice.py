"""Q36: one start, however often it is told: same connector, tag, time and meter are one session."""

from pathlib import Path

import pytest

from app.simulator.quirky import habits
from tests.helpers.story import booted, count, restart, story, told

START = {"connectorId": 1, "idTag": "ANNA", "meterStart": 1_000, "timestamp": "2026-01-01T00:00:00Z"}


async def test_a_start_repeated_under_new_ids_before_and_after_a_restart_is_one(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        first = await s.call("StartTransaction", START, message_id="a")
        again = await s.call("StartTransaction", START, message_id="b")
        await restart(w, s)
        later = await s.call("StartTransaction", START, message_id="c")
        answers = {(a["transactionId"], a["idTagInfo"]["status"]) for a in (first, again, later)}
        assert answers == {(first["transactionId"], "Accepted")}
        await w.advance(minutes=30)
        stop = {"transactionId": first["transactionId"], "meterStop": 4_000}
        await s.call("StopTransaction", stop | {"timestamp": "2026-01-01T00:30:00Z"})
        # Even after the end, an old start is no new session.
        assert (await s.call("StartTransaction", START))["transactionId"] == first["transactionId"]
        await restart(w, s)
        assert (await s.call("StartTransaction", START))["transactionId"] == first["transactionId"]
        assert await told(w) == [("ANNA", "closed", 3_000)]
        assert count(w, "Q36") == 4


async def test_the_next_session_of_the_same_driver_is_another_one(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q36"))
        for meter in (1_000, 2_000):
            car = await s.plug_in(tag="ANNA", meter_wh=meter)
            await w.advance(minutes=10)
            await car.leave(meter + 1_000)
            await w.advance(minutes=1)
        assert await told(w) == [("ANNA", "closed", 1_000), ("ANNA", "closed", 1_000)]
        assert count(w, "Q36") == 2


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a_started_event_told_twice_is_one_session(version: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q36"), version=version)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await restart(w, s)
        await w.advance(minutes=10)
        await car.leave(2_200)
        assert await told(w) == [("ANNA", "closed", 1_200)]

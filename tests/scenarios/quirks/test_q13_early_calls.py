"""Q13: a call before the boot is answered breaks the station. Nothing is sent until 5 s after it."""

import asyncio
from pathlib import Path

from app.domain.status import LinkState
from app.protocol.calls import Ending
from app.simulator.quirky import habits
from tests.helpers.story import booted, links, story


async def test_a_station_that_hangs_up_on_early_calls_stays_up(tmp_path: Path) -> None:
    """Its operator is impatient; the commands wait for it, and then go one at a time."""
    async with story(tmp_path) as w:
        s = await w.station(habits=habits("Q13"))
        asked = [
            asyncio.ensure_future(w.room.call("DEPOT-7", action, payload))
            for action, payload in (
                ("ClearCache", {}),
                ("GetConfiguration", {"key": ["HeartbeatInterval"]}),
                ("ChangeAvailability", {"connectorId": 0, "type": "Operative"}),
            )
        ]
        await w.advance(seconds=10)
        await s.boot()
        await w.advance(seconds=4)
        assert not s.calls
        await w.advance(seconds=6)
        outcomes = []
        for one in asked:
            await w.until(one.done, "answered")
            outcomes.append(one.result().ending)
        assert outcomes == [Ending.ANSWERED] * 3
        assert [a for a, _ in s.calls] == ["ClearCache", "GetConfiguration", "ChangeAvailability"]
        assert s.online
        assert await links(w) == ["online"]


async def test_one_that_does_not_boot_is_left_alone_for_twenty_seconds(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        s.drop()
        await w.advance(seconds=30)
        await s.connect()
        asked = asyncio.ensure_future(w.room.call("DEPOT-7", "ClearCache", {}))
        await s.heartbeat()
        await w.advance(seconds=15)
        assert not s.calls
        await w.advance(seconds=10)
        await w.until(asked.done, "answered")
        assert w.view().link is LinkState.ONLINE

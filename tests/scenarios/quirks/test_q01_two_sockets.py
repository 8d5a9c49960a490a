"""Q01: the station dials again while its old socket still looks open. The newest socket wins."""

import asyncio
from pathlib import Path

import pytest

from app.domain.intents import AddStation, SetPassword
from app.domain.records import JournalKind
from app.domain.status import LinkState
from app.protocol.calls import Ending
from app.simulator.link import Refused
from tests.helpers.story import booted, count, happened, links, story, told


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_the_newest_socket_wins_and_the_end_of_the_old_one_changes_nothing(
    version: str, tmp_path: Path
) -> None:
    async with story(tmp_path) as w:
        a = await booted(w, version=version)
        car = await a.plug_in(tag="ANNA", meter_wh=1_000)
        a.fall_silent()
        b = await booted(w, version=version)
        a.drop()
        await w.advance(seconds=30)
        assert w.view().link is LinkState.ONLINE
        assert await links(w) == ["online"]
        assert await happened(w, JournalKind.CONNECTED) == 2
        assert await happened(w, JournalKind.DISCONNECTED) == 0
        assert count(w, "Q01") == 1
        outcome = await w.room.call("DEPOT-7", "ClearCache", {})
        assert outcome.ending is Ending.ANSWERED
        assert [action for action, _ in b.calls] == ["ClearCache"]
        assert not a.calls
        car.station = b
        await w.advance(minutes=10)
        await car.leave(meter_wh=3_000)
        assert await told(w) == [("ANNA", "closed", 2_000)]


async def test_a_newcomer_with_a_wrong_password_leaves_the_old_socket_untouched(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        await w.do(AddStation("DEPOT-7"))
        await w.do(SetPassword("DEPOT-7", "charge-me-2026-now"))
        a = await booted(w, password="charge-me-2026-now")
        with pytest.raises(Refused) as refused:
            await w.station(password="charge-me-2026-not")
        assert refused.value.status == 401
        await w.advance(seconds=30)
        assert a.online
        asked = await asyncio.wait_for(w.room.call("DEPOT-7", "ClearCache", {}), 10)
        assert asked.ending is Ending.ANSWERED
        assert await links(w) == ["online"]
        assert count(w, "Q01") == 0


async def test_a_session_goes_on_over_a_swap_and_a_restart(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        a = await booted(w)
        car = await a.plug_in(tag="ANNA", meter_wh=1_000)
        a.fall_silent()
        b = await booted(w)
        car.station = b
        a.drop()
        b.drop()
        await w.restart()
        b.url = w.url
        await b.connect()
        await w.advance(minutes=10)
        await car.leave(meter_wh=2_500)
        assert await told(w) == [("ANNA", "closed", 1_500)]

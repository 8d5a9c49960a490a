"""The whole path: a station connects, charges and leaves; the operator sees it and it is kept."""

import asyncio

import pytest

from app.domain.records import SessionState
from app.domain.status import ConnectorStatus, LinkState, Shown
from app.store.readers.links import link_points
from tests.helpers.world import world

VERSIONS = ("1.6", "2.0.1", "2.1")


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_session_is_seen_live_and_kept_with_its_energy(version: str) -> None:
    """From boot to leaving: link, state, power and energy on the screen, the session in the books."""
    async with world() as w:
        s = await w.station(version=version)
        await s.boot()
        await s.status(1, "Available")
        await w.until(lambda: w.plug().shown is Shown.AVAILABLE, "available")
        assert w.view().link is LinkState.ONLINE
        assert w.view().version == version
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=25)
        await car.sample(meter_wh=4_000, power_w=7_200)
        await w.until(lambda: w.plug().power_w == 7_200, "power")
        assert w.plug().session_energy_wh == 3_000
        assert w.plug().session_token == "ANNA"
        await w.advance(minutes=40)
        await car.leave(meter_wh=8_500)
        await s.status(1, "Available")
        session = await w.only_session()
        assert session.state is SessionState.CLOSED
        assert session.energy_wh == 7_500
        assert session.token == "ANNA"
        assert session.flags == ()
        await w.until(lambda: w.plug().session is None, "free again")
        assert w.plug().status is ConnectorStatus.AVAILABLE


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_was_answered_is_there_after_a_restart(version: str) -> None:
    """Stop and start in mid-session: the open session is still live and ends with its energy."""
    async with world() as w:
        s = await w.station(version=version)
        await s.boot()
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        await car.sample(meter_wh=2_000, power_w=7_200)
        s.drop()
        await w.restart()
        assert w.view().link is LinkState.OFFLINE
        assert w.plug().shown is Shown.OFFLINE
        assert (await w.only_session()).state is SessionState.OPEN
        s.url = w.url
        await s.come_back()
        await w.advance(minutes=10)
        await car.leave(meter_wh=3_000)
        assert (await w.only_session()).energy_wh == 2_000


async def test_a_lost_link_is_shown_offline_with_its_time() -> None:
    """The last status is kept beside it; the links timeline has both points."""
    async with world() as w:
        s = await w.station()
        await s.boot()
        await s.status(1, "Available")
        s.drop()
        await w.until(lambda: w.view().link is LinkState.OFFLINE, "offline")
        assert w.plug().shown is Shown.OFFLINE
        assert w.plug().status is ConnectorStatus.AVAILABLE


async def test_a_killed_server_dates_the_lost_link_by_the_last_word_not_by_its_beginning() -> None:
    """Connected for hours, killed without a goodbye: offline begins when it was last heard of."""
    async with world() as w:
        s = await w.station()
        await s.boot()
        await w.advance(minutes=90)
        await s.status(1, "Available")
        spoke = w.clock.now_ms()
        w.room.upkeep.stop = w.room.front.disconnected = lambda *_: _nothing()  # type: ignore[method-assign]
        w.room.server.inbox = _Deaf()  # type: ignore[assignment]
        await w.restart()
        await asyncio.to_thread(w.room.writer.flush)
        points = await w.room.ask(link_points, "DEPOT-7")
        assert points[-1].state is LinkState.OFFLINE
        assert points[-1].at_ms >= spoke


async def _nothing() -> None:
    return


class _Deaf:
    """An inbox of a process that is no more."""

    def __getattr__(self, name: str) -> object:
        return lambda *_: None

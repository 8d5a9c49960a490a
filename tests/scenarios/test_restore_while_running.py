"""A backup is put back while stations are connected: they come back to the restored history."""

import pytest

from app.domain.errors import ForecourtError
from app.domain.status import LinkState
from tests.helpers.world import world


async def test_history_goes_back_and_the_station_goes_on() -> None:
    """What came after the backup is gone from view, kept aside, and new sessions get new numbers."""
    async with world() as w:
        s = await w.station()
        await s.boot()
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        await car.leave(meter_wh=4_000)
        await w.room.backup_to(w.data_dir / "monday.db")
        for tag in ("BEN", "CLEO"):
            await w.advance(minutes=60)
            car = await s.plug_in(connector=1, tag=tag, meter_wh=4_000)
            await w.advance(minutes=10)
            await car.leave(meter_wh=4_500)
        assert len(await w.sessions()) == 3
        urls = w.room.urls
        told = await w.room.restore_from(w.data_dir / "monday.db")
        assert w.room.urls == urls
        assert [x.token for x in await w.sessions()] == ["ANNA"]
        assert told["aside"]
        await w.until(lambda: w.view().link is LinkState.OFFLINE, "no link in the restored history")
        await s.come_back()
        await w.until(lambda: w.view().link is LinkState.ONLINE, "back")
        await w.advance(minutes=30)
        car = await s.plug_in(connector=1, tag="DORA", meter_wh=4_500)
        await w.advance(minutes=10)
        await car.leave(meter_wh=5_500)
        assert [(x.token, x.energy_wh) for x in await w.sessions()] == [("ANNA", 3_000), ("DORA", 1_000)]


async def test_an_unsound_backup_changes_nothing() -> None:
    """One sentence; the link stays and the history goes on."""
    async with world() as w:
        s = await w.station()
        await s.boot()
        (w.data_dir / "no.db").write_bytes(b"not a database at all" * 500)
        with pytest.raises(ForecourtError):
            await w.room.restore_from(w.data_dir / "no.db")
        assert w.view().link is LinkState.ONLINE
        assert (await s.heartbeat())["currentTime"]

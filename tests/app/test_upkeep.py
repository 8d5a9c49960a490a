"""What a running control room does by itself: backups that can be trusted, old history packed."""

import shutil
import sqlite3

from sqlalchemy import Table

from app.store import tables
from app.upkeep import BACKUP_S
from tests.helpers.world import World, world

DAY_S = 86_400


def verified(w: World) -> bool:
    return w.room.fleet.snapshot(w.clock.now_ms()).server.backup_verified


def kept(w: World, table: Table) -> int:
    with sqlite3.connect(w.data_dir / "forecourt.db") as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])


async def test_a_backup_that_fails_is_not_shown_as_verified_until_one_succeeds() -> None:
    async with world() as w:
        w.clock.advance(BACKUP_S)
        await w.until(lambda: verified(w), "the first backup")
        place = w.data_dir / "backups"
        assert len(list(place.glob("daily-*.db"))) == 1
        shutil.rmtree(place)
        place.write_text("in the way")
        w.clock.advance(DAY_S)
        await w.until(lambda: not verified(w), "the failure")
        place.unlink()
        w.clock.advance(BACKUP_S)
        await w.until(lambda: verified(w), "the next backup")


async def test_a_month_later_messages_and_readings_are_packed_and_days_are_computed() -> None:
    async with world() as w:
        station = await w.station()
        await station.boot()
        await station.status(1, "Available")
        car = await station.plug_in(1, "ANNA", 1000)
        await car.sample(2000)
        await car.leave(3000)
        before = await w.only_session()
        w.clock.advance(30 * DAY_S)
        await w.until(lambda: kept(w, tables.reading_pack), "the readings' pack")
        await w.until(lambda: kept(w, tables.segment), "the messages' segment")
        await w.until(lambda: kept(w, tables.day_state), "the days")
        assert kept(w, tables.reading) == 0
        assert await w.only_session() == before

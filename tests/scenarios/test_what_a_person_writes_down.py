"""What a person writes down is kept in versions, found again after a restart, and replayed."""

import asyncio

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import RemoveEntry, SaveEntry
from app.replay import verify
from app.settings import load
from app.store.readers.entries import current_entries, entries_as_of, versions_of
from tests.helpers.world import world


async def test_every_change_is_a_version_and_none_is_lost() -> None:
    async with world() as w:
        await w.do(SaveEntry("price", "Depot", {"per_kwh": "0.49", "currency": "EUR"}), "first price")
        first_ms = w.clock.now_ms()
        await w.advance(minutes=1)
        await w.do(SaveEntry("price", "Depot", {"per_kwh": "0.55", "currency": "EUR"}), "dearer power")
        assert w.room.entries.body("price", "Depot") == {"per_kwh": "0.55", "currency": "EUR"}
        await w.advance(minutes=1)
        await w.do(RemoveEntry("price", "Depot"), "site closed")
        assert w.room.entries.body("price", "Depot") is None
        kept = await w.room.ask(versions_of, "price", "Depot")
        assert [(r.version, r.by, r.why, r.gone) for r in kept] == [
            (1, "test", "first price", False),
            (2, "test", "dearer power", False),
            (3, "test", "site closed", True),
        ]
        then = await w.room.ask(entries_as_of, "price", first_ms)
        assert [r.version for r in then] == [1]
        assert await w.room.ask(entries_as_of, "price", w.clock.now_ms()) == []
        data_dir = w.data_dir
        await w.room.stop()
        assert (await asyncio.to_thread(verify, load(data_dir, {}))).difference == ""
        await w.start()


async def test_it_is_known_again_after_a_restart() -> None:
    async with world() as w:
        await w.do(SaveEntry("code-name", "ACME/E17", {"name": "Fan stuck"}))
        await w.restart()
        assert w.room.entries.body("code-name", "ACME/E17") == {"name": "Fan stuck"}
        assert len(await w.room.ask(current_entries)) == 1


async def test_wrong_wishes_are_refused_in_words() -> None:
    async with world() as w:
        with pytest.raises(ForecourtError, match="no entries of the kind"):
            await w.do(SaveEntry("nonsense", "x"))
        with pytest.raises(ForecourtError, match="needs a name"):
            await w.do(SaveEntry("price", "  "))
        with pytest.raises(ForecourtError, match="no price Depot to take back"):
            await w.do(RemoveEntry("price", "Depot"))

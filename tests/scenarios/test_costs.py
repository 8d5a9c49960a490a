"""What a network cost, over the real core: a simulated past is booked by the intake, then priced."""

import asyncio
import csv
import io
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from app.clock import ManualClock
from app.control_room import ControlRoom
from app.demo import told_past
from app.domain.errors import ForecourtError
from app.domain.intents import Asked as Wanted
from app.domain.intents import SaveEntry
from app.replay import replay_rows
from app.reports.exports import Asked
from app.reports.pseudonyms import Pseudonyms
from app.reports.write import write_export
from app.settings import load
from app.simulator.network import load_network
from app.simulator.past import past
from app.zone import operator_zone

END = 1_768_521_600_000
"""2026-01-16T00:00Z: the past lies in December and January."""
DAYS = 24


@pytest.fixture(scope="module")
def booked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the past of five stations."""
    folder = tmp_path_factory.mktemp("costs") / "data"
    network = load_network(5)
    story = past(network, DAYS, END, 7)
    rows, crew = told_past(story, 7)
    replay_rows(load(folder, {}), rows, lambda done: None, lambda faults: setattr(crew, "faults", faults))
    return folder


@pytest.fixture
def folder(booked: Path, tmp_path: Path) -> Path:
    shutil.copytree(booked, tmp_path / "data")
    return tmp_path / "data"


@asynccontextmanager
async def room_on(folder: Path) -> AsyncIterator[ControlRoom]:
    room = ControlRoom(load(folder, {"listen": "127.0.0.1:0", "zone": "UTC"}), ManualClock(END))
    await room.start()
    try:
        yield room
    finally:
        await room.stop()


async def test_a_page_is_told_at_once_what_is_known_and_the_rest_when_it_is(folder: Path) -> None:
    async with room_on(folder) as room:
        watch = room.costs.subscribe()
        first = await room.costs.books()
        assert first.missing == ("2025-12", "2026-01")
        await room.costs.idle()
        news = watch.take()
        assert news is not None
        assert set(news.changed) == {"2025-12", "2026-01"}
        assert not news.progress.running
        assert watch.take() is None
        books = await room.costs.books()
        assert not books.missing
        assert not books.stale
        assert [book.period for book in books.months] == ["2025-12", "2026-01"]
        assert all(book.total() > 0 for book in books.months)
        assert sum(book.counts.sessions for book in books.months) > 100
        watch.close()


async def test_page_evidence_and_export_say_the_same_to_the_cent(folder: Path) -> None:
    async with room_on(folder) as room:
        await room.costs.books()
        await room.costs.idle()
        shown = (await room.costs.books()).months[-1]
        book = await room.costs.month("2026-01")
        assert shown.total() == book.total()
        assert sum(line.amount or 0 for part in book.parts for line in part.lines) == sum(
            part.amount or 0 for part in book.parts
        )

        def export(connection: object) -> bytes:
            out = io.BytesIO()
            asked = Asked(now_ms=END, from_ms=book.start_ms, to_ms=book.end_ms, zone=operator_zone("UTC"))
            write_export(connection, "costs", asked, "csv", out, pseudonyms=Pseudonyms.of(folder))  # type: ignore[arg-type]
            return out.getvalue()

        rows = list(csv.DictReader(io.StringIO((await room.ask(export)).decode())))
    exported = sum((Decimal(r["amount"] or 0) for r in rows if r["cost"] != "churn"), Decimal(0))
    assert exported == book.total()


async def test_another_rate_is_tried_before_it_is_kept_and_prices_the_past_anew(folder: Path) -> None:
    async with room_on(folder) as room:
        await room.costs.books()
        await room.costs.idle()
        tried = await room.costs.preview({"revenue.recovered_share": "0.9"})
        old, new = (shown.months[-1].total() for shown in (tried.old, tried.new))
        assert new < old
        with pytest.raises(ForecourtError, match="share between 0 and 1"):
            await room.costs.preview({"revenue.recovered_share": "25"})
        statement = await room.costs.issue("2026-01", "ann")
        assert statement.total == old
        await room.do(
            Wanted(SaveEntry("assumption", "revenue.recovered_share", {"value": "0.9"}), "ann", "asked")
        )
        assert (await room.costs.books()).stale
        await room.costs.idle()
        books = await room.costs.books()
        assert books.months[-1].total() == new
        assert books.months[-1].assumption_set == 1
        assert (await room.costs.issue("2026-01", "ann")).entry == "2026-01/2"


async def test_a_price_that_is_written_down_changes_the_page_at_once(folder: Path) -> None:
    async with room_on(folder) as room:
        watch = room.costs.subscribe()
        await room.costs.books()
        await room.costs.idle()
        watch.take()
        before = (await room.costs.books()).months[0].total()
        price = SaveEntry("price", "all", {"per_kwh": "9.90", "currency": "EUR", "site": ""})
        await room.do(Wanted(price, "ann", "new tariff"))
        await room.costs.idle()
        news = watch.take()
        assert news is not None
        assert "2025-12" in news.changed
        assert (await room.costs.books()).months[0].total() > before


async def test_computing_can_be_stopped_and_goes_on_later(folder: Path) -> None:
    async with room_on(folder) as room:
        assert (await room.costs.books()).missing
        room.costs.cancel()
        await room.costs.idle()
        assert not room.costs.progress.running
        assert (await room.costs.books()).missing
        await room.costs.idle()
        assert (await room.costs.books()).missing
        room.costs.refresh()
        await room.costs.idle()
        assert not (await room.costs.books()).missing


async def test_at_the_end_nothing_is_begun_anew(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The window's last question may be answered while everything ends."""
    async with room_on(folder) as room:
        asked = asyncio.ensure_future(room.costs.books())
        await asyncio.sleep(0)
        await room.costs.stop()
        assert (await asked).missing
        await room.costs.idle()
        assert room.costs.progress.failed == ""
    assert not caplog.records


async def test_a_month_without_history_is_said_to_be_one(folder: Path) -> None:
    async with room_on(folder) as room:
        with pytest.raises(ForecourtError, match="no history of 2020-01"):
            await room.costs.month("2020-01")

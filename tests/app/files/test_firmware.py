"""A station fetches firmware from the address made for it, in one piece or in several."""

import asyncio
import os
from pathlib import Path

import pytest

from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.records import FileRecord
from app.store.readers.files import files
from tests.helpers.http_client import ask
from tests.helpers.world import World, world

DEPOT = StationId("DEPOT-7")
IMAGE = os.urandom(700_000)


async def serve(w: World, tmp_path: Path) -> str:
    """The image's address for DEPOT-7."""
    image = tmp_path / "Duet 22 v1.3.bin"
    image.write_bytes(IMAGE)
    url = await w.room.files.serve_firmware(image, DEPOT)
    image.unlink()
    return url


async def row(w: World) -> FileRecord:
    """The file's row as kept; what has left this moment is counted a moment later."""
    await asyncio.sleep(0.02)
    await asyncio.to_thread(w.room.writer.flush)
    return (await w.room.ask(files, "DEPOT-7"))[0]


async def test_it_may_be_fetched_again_until_it_expires(tmp_path: Path) -> None:
    async with world() as w:
        await w.station()
        url = await serve(w, tmp_path)
        assert url.endswith("/Duet%2022%20v1.3.bin")
        for _ in range(2):
            reply = await ask(url)
            assert reply.status == 200
            assert reply.body == IMAGE
        kept = await row(w)
        assert (kept.kind, kept.state, kept.bytes) == ("firmware", "received", len(IMAGE))
        w.clock.jump_ms(24 * 3_600_000)
        assert (await ask(url)).status == 410


async def test_a_broken_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with world() as w:
        await w.station()
        url = await serve(w, tmp_path)
        head = await ask(url, "HEAD")
        assert (head.status, head.headers["content-length"], head.headers["accept-ranges"]) == (
            200,
            "700000",
            "bytes",
        )
        first = await ask(url, headers={"Range": "bytes=0-299999"})
        assert (first.status, first.headers["content-range"]) == (206, "bytes 0-299999/700000")
        half = await row(w)
        assert (half.state, half.note) == ("receiving", "300,000 of 700,000 bytes fetched.")
        rest = await ask(url, headers={"Range": "bytes=300000-", "If-Range": first.headers["etag"]})
        assert first.body + rest.body == IMAGE
        assert (await row(w)).state == "received"
        assert (await ask(url, headers={"Range": "bytes=-10"})).body == IMAGE[-10:]
        assert (await ask(url, headers={"Range": "bytes=0-9", "If-Range": '"other"'})).body == IMAGE
        beyond = await ask(url, headers={"Range": "bytes=700000-"})
        assert (beyond.status, beyond.headers["content-range"]) == (416, "bytes */700000")
        assert (await ask(url, headers={"Range": "bytes=0-1,5-6"})).status == 200


async def test_nobody_else_gets_it_and_nothing_can_be_put_there(tmp_path: Path) -> None:
    async with world() as w:
        await w.station()
        url = await serve(w, tmp_path)
        assert (await ask(url, source="127.0.0.9")).status == 403
        assert (await ask(url, "PUT", b"x")).status == 405


async def test_a_station_that_is_away_gets_its_address_where_that_is_certain(tmp_path: Path) -> None:
    """One image, copied once, for two stations; one of them comes later and is held to its link then."""
    image = tmp_path / "duet.bin"
    image.write_bytes(IMAGE)
    async with world() as w:
        await w.station()
        await w.room.files.serve_firmware(image, DEPOT)
        later = await w.room.files.serve_firmware(image, StationId("DEPOT-8"))
        assert len(list(w.data_dir.glob("files/firmware/*"))) == 1
        await w.station("DEPOT-8")
        assert (await ask(later, source="127.0.0.9")).status == 403
        assert (await ask(later)).body == IMAGE
    async with world(listen="0.0.0.0:0") as w:
        with pytest.raises(ForecourtError, match="not known by which address"):
            await w.room.files.serve_firmware(image, DEPOT)


async def test_what_is_no_firmware_is_said(tmp_path: Path) -> None:
    async with world() as w:
        await w.station()
        empty = tmp_path / "empty.bin"
        empty.touch()
        with pytest.raises(ForecourtError, match="is empty"):
            await w.room.files.serve_firmware(empty, DEPOT)
        with pytest.raises(ForecourtError, match="cannot be read"):
            await w.room.files.serve_firmware(tmp_path / "none.bin", DEPOT)
        with pytest.raises(ForecourtError, match="is no file"):
            await w.room.files.serve_firmware(tmp_path, DEPOT)


async def test_it_survives_a_restart(tmp_path: Path) -> None:
    async with world() as w:
        await w.station()
        url = await serve(w, tmp_path)
        await w.restart()
        again = w.room.files.urls[0] + url[url.index("/token=") :]
        assert (await ask(again, headers={"Range": "bytes=0-399999"})).body == IMAGE[:400_000]
        assert (await row(w)).state == "receiving"
        await w.restart()
        again = w.room.files.urls[0] + url[url.index("/token=") :]
        assert (await ask(again, headers={"Range": "bytes=400000-"})).body == IMAGE[400_000:]
        assert (await row(w)).state == "received"
        assert (await ask(again)).body == IMAGE


async def test_files_are_deleted_after_the_days_the_operator_chose(tmp_path: Path) -> None:
    async with world(files__keep_days="2") as w:
        await w.station()
        await ask(await serve(w, tmp_path))
        log, _ = await w.room.files.upload_address(DEPOT, "log")
        await ask(log, "PUT", b"lines")
        await row(w)
        assert len([p for p in w.data_dir.glob("files/*/*")]) == 2
        w.clock.jump_ms(3 * 24 * 3_600_000)
        await w.room.upkeep.old_files()
        assert list(w.data_dir.glob("files/*/*")) == []
        assert (await row(w)).note == "The file was deleted after 2 days."

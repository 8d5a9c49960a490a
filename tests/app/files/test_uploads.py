"""A station brings a file to the address made for it, once, and nobody else does."""

import asyncio
import hashlib
import os

import pytest

from app.domain.errors import ForecourtError
from app.domain.file_progress import share_in
from app.domain.ids import StationId
from app.domain.records import FileRecord, VariableRecord
from app.store.readers.files import files
from tests.helpers.http_client import ask, connect, read_reply
from tests.helpers.world import World, world

DEPOT = StationId("DEPOT-7")
LOG = os.urandom(300_000)


async def address(w: World, kind: str = "log") -> str:
    """A fresh address for DEPOT-7."""
    url, _ = await w.room.files.upload_address(DEPOT, kind)
    return url


async def row(w: World, number: int = 1) -> FileRecord:
    """The file's row as kept."""
    await asyncio.to_thread(w.room.writer.flush)
    return next(f for f in await w.room.ask(files, "DEPOT-7") if f.file == number)


@pytest.mark.parametrize(
    ("method", "chunked", "form"),
    [
        ("PUT", False, False),
        ("PUT", True, False),
        ("POST", False, False),
        ("POST", True, True),
        ("POST", False, True),
    ],
)
async def test_a_file_comes_in_every_way_chargers_send_it(method: str, chunked: bool, form: bool) -> None:
    async with world() as w:
        await w.station()
        url, asked = await w.room.files.upload_address(DEPOT, "diagnostics", command=12)
        assert asked.state == "asked"
        body, headers = LOG, {}
        if form:
            body = (
                b'--XX\r\nContent-Disposition: form-data; name="id"\r\n\r\n7\r\n'
                b'--XX\r\nContent-Disposition: form-data; name="f"; filename="charger.log.gz"\r\n'
                b"Content-Type: application/gzip\r\n\r\n" + LOG + b"\r\n--XX--\r\n"
            )
            headers = {"Content-Type": 'multipart/form-data; boundary="XX"'}
        reply = await ask(url + "charger.log.gz", method, body, headers, chunked=chunked)
        assert reply.status == 200
        kept = await row(w)
        assert (kept.state, kept.bytes, kept.name) == ("received", len(LOG), "charger.log.gz")
        assert kept.sha256 == hashlib.sha256(LOG).hexdigest()
        assert (kept.command, kept.peer) == (12, "127.0.0.1")
        path = w.room.files.path_of(kept)
        assert path is not None
        assert path.read_bytes() == LOG
        assert path.stat().st_mode & 0o077 == 0


async def test_a_second_use_is_refused() -> None:
    async with world() as w:
        await w.station()
        url = await address(w)
        assert (await ask(url, "PUT", b"first")).status == 200
        reply = await ask(url, "PUT", b"second")
        assert (reply.status, reply.body) == (410, b"This address has been used.\n")
        kept = await row(w)
        assert kept.bytes == 5
        assert "127.0.0.1 was refused: This address has been used." in kept.note


async def test_an_hour_later_it_is_refused() -> None:
    async with world() as w:
        await w.station()
        url = await address(w)
        await w.advance(minutes=60)
        reply = await ask(url, "PUT", b"late")
        assert (reply.status, reply.body) == (410, b"This address has expired.\n")
        await w.advance(seconds=20)
        kept = await row(w)
        assert kept.state == "expired"
        assert kept.path == ""


async def test_another_station_is_refused() -> None:
    """Also from an address nobody's link comes from, unless the operator allows that."""
    for allowed in ("false", "true"):
        async with world(files__from_anywhere=allowed) as w:
            await w.station()
            url = await address(w)
            reply = await ask(url, "PUT", b"x", source="127.0.0.9")
            assert reply.status == (403 if allowed == "false" else 200)
            if allowed == "false":
                assert b"is for DEPOT-7" in reply.body
                assert "127.0.0.9 was refused" in (await row(w)).note
                assert (await ask(url, "PUT", b"x")).status == 200


async def test_the_secret_is_kept_nowhere() -> None:
    async with world() as w:
        s = await w.station()
        await s.boot()
        await w.advance(seconds=6)
        url = await address(w)
        token = url.partition("token=")[2].strip("/")
        await w.room.call("DEPOT-7", "GetDiagnostics", {"location": url})
        await asyncio.to_thread(w.room.writer.flush)
        await ask(url, "PUT", b"x")
        found = [p for p in w.data_dir.rglob("*") if p.is_file() and token.encode() in p.read_bytes()]
        assert found == []


async def test_a_cut_upload_may_be_repeated() -> None:
    async with world() as w:
        await w.station()
        url = await address(w)
        _, writer, target = await connect(url)
        writer.write(
            f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".encode() + b"a" * 400
        )
        await writer.drain()
        await w.until(lambda: w.room.files.under_way)
        assert (await row(w)).state == "receiving"
        writer.transport.abort()
        await w.until(lambda: not w.room.files.under_way)
        cut = await row(w)
        assert (cut.state, cut.note, cut.path) == ("failed", "It was cut off after 400 bytes.", "")
        assert list(w.data_dir.glob("files/*/*.part")) == []
        assert (await ask(url, "PUT", b"b" * 1000)).status == 200
        assert (await row(w)).state == "received"


async def test_how_far_a_large_file_is_can_be_seen() -> None:
    """The row and the command's sentence say it, every other second; the end clears it."""
    async with world() as w:
        await w.station()
        url = await address(w)
        _, writer, target = await connect(url)
        writer.write(f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n".encode())
        writer.write(b"a" * 300_000)
        await w.until(lambda: w.room.files.under_way)
        assert (await row(w)).bytes == 0
        w.clock.advance(3)
        writer.write(b"a" * 700_000)
        await writer.drain()
        for _ in range(200):
            coming = await row(w)
            if coming.bytes:
                break
            await w.advance(seconds=0.1)
        assert coming.state == "receiving"
        assert 300_000 <= coming.bytes <= 1_000_000
        assert share_in(coming.note) == coming.bytes / 2_000_000
        writer.write(b"a" * 1_000_000)
        await writer.drain()
        await w.until(lambda: not w.room.files.under_way)
        here = await row(w)
        assert (here.state, here.bytes, here.note) == ("received", 2_000_000, "")


async def test_a_station_that_calls_again_takes_over_from_its_dead_connection() -> None:
    async with world() as w:
        await w.station()
        url = await address(w)
        reader, writer, target = await connect(url)
        writer.write(f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nab".encode())
        await writer.drain()
        await w.until(lambda: w.room.files.under_way)
        assert (await ask(url, "PUT", b"whole")).status == 200
        assert (await read_reply(reader)).status == 0
        kept = await row(w)
        assert (kept.state, kept.bytes) == ("received", 5)
        writer.close()


async def test_too_large_too_little_and_in_parts() -> None:
    async with world(files__max_mb="1") as w:
        await w.station()
        url = await address(w)
        assert (await ask(url, "PUT", b"x" * 1_000_001)).status == 413
        assert (await ask(url, "PUT", b"x" * 1_200_000, chunked=True)).status == 413
        assert "larger than 1 MB" in (await row(w)).note
        assert (await ask(url, "PUT", b"")).status == 400
        assert (await ask(url, "PUT", b"x", {"Content-Range": "bytes 0-0/9"})).status == 400
        assert (
            await ask(url, "POST", b"--X\r\n", {"Content-Type": "multipart/form-data; boundary=X"})
        ).status == 400
        assert (await ask(url, "GET")).status == 405
        assert (await ask(url, "HEAD")).status == 405
        assert (await ask(url.replace("token=", "token=x"), "PUT", b"x")).status == 404
        assert (await ask(url, "PUT", b"fits")).status == 200


async def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async with world() as w:
        await w.station()
        url = await address(w)
        monkeypatch.setattr("app.files.disk.SPARE_BYTES", 1 << 60)
        reply = await ask(url, "PUT", b"x")
        assert reply.status == 507
        assert b"not enough" in reply.body


async def test_an_address_survives_a_restart_and_a_half_upload_is_marked() -> None:
    async with world() as w:
        await w.station()
        first, second = await address(w), await address(w)
        _, writer, target = await connect(first)
        writer.write(f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab".encode())
        await w.until(lambda: w.room.files.under_way)
        await w.restart()
        marked = await row(w)
        assert (marked.state, marked.note) == ("failed", "Forecourt stopped while it came.")
        base = w.room.files.urls[0]
        for url in (first, second):
            assert (await ask(base + "/token=" + url.partition("token=")[2], "PUT", b"again")).status == 200
        assert (await ask(base + "/token=" + first.partition("token=")[2], "PUT", b"again")).status == 410
        writer.close()


async def test_who_is_not_there_gets_no_address() -> None:
    async with world() as w:
        with pytest.raises(ForecourtError, match="DEPOT-7 is not connected"):
            await address(w)


async def test_a_charger_that_knows_ftp_only_is_told_of_in_words() -> None:
    async with world() as w:
        await w.station()
        told = VariableRecord(
            DEPOT, "", "", 0, 0, "SupportedFileTransferProtocols", "", "Actual", "FTP", read_ms=1
        )
        w.room.turns.keep(told, 1)
        await asyncio.to_thread(w.room.writer.flush)
        with pytest.raises(ForecourtError, match="It moves files over FTP only; give it an address"):
            await address(w)


async def test_a_port_that_is_taken_keeps_no_station_out() -> None:
    async with world() as other, world(files__listen=other.room.files.urls[0]) as w:
        await w.station()
        assert "is in use" in w.room.files.trouble
        with pytest.raises(ForecourtError, match="cannot bring or fetch files"):
            await address(w)

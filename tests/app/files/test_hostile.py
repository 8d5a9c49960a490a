"""Strangers on the file server's port: slow, rude, many or malformed; it says so plainly and goes on."""

import asyncio
import random

import pytest

from app.domain.ids import StationId
from tests.helpers.http_client import Reply, ask, connect, read_reply
from tests.helpers.world import World, world

DEPOT = StationId("DEPOT-7")


async def say(w: World, raw: bytes, *, end: bool = True) -> Reply:
    """Send bytes; the answer."""
    reader, writer, _ = await connect(w.room.files.urls[0])
    writer.write(raw)
    if end:
        writer.write_eof()
    try:
        return await asyncio.wait_for(read_reply(reader), 5)
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /token=" + b"A" * 43 + b"/ HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 99 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\x00\r\n\r\n", 400),
        (b"\r\n\r\n\r\n", 400),
        (b"", 0),
    ],
)
async def test_what_is_no_request_for_us(raw: bytes, status: int) -> None:
    async with world() as w:
        reply = await say(w, raw)
        assert reply.status == status
        if status == 404:
            assert reply.body == b"There is nothing here.\n"


async def test_a_body_with_broken_chunks_is_refused_and_the_address_stands() -> None:
    async with world() as w:
        await w.station()
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        _, _, target = await connect(url)
        head = f"PUT {target} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        assert (await say(w, head + b"5\r\nhello\r\nzz\r\n", end=False)).status == 400
        assert (await ask(url, "PUT", b"x")).status == 200


@pytest.mark.parametrize("part", [b"", b"PUT /tok", b"PUT / HTTP/1.1\r\nHost: x\r\n"])
async def test_a_head_that_does_not_come_ends_after_ten_seconds(part: bytes) -> None:
    async with world() as w:
        reader, writer, _ = await connect(w.room.files.urls[0])
        writer.write(part)
        await asyncio.sleep(0.02)
        w.clock.advance(9)
        await asyncio.sleep(0.02)
        assert not reader.at_eof()
        w.clock.advance(2)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), 5)
        writer.close()


async def test_a_body_that_stands_still_ends_after_a_minute_and_a_slow_one_does_not() -> None:
    async with world() as w:
        await w.station()
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        reader, writer, target = await connect(url)
        writer.write(f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".encode())
        await w.until(lambda: w.room.files.under_way)
        for _ in range(3):
            writer.write(b"a")
            await asyncio.sleep(0.02)
            w.clock.advance(50)
        assert w.room.files.under_way
        w.clock.advance(61)
        await w.until(lambda: not w.room.files.under_way)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), 5)
        writer.close()


async def test_random_bytes_never_bring_it_down(caplog: pytest.LogCaptureFixture) -> None:
    """Mutated requests by the hundred: an answer or an end each, no exception, and a good one still works."""
    rng = random.Random(4)
    async with world() as w:
        await w.station()
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        _, _, target = await connect(url)
        good = (
            f"POST {target}a.log HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
            "Content-Length: 92\r\nRange: bytes=0-1\r\nExpect: 100-continue\r\n\r\n"
            '--XX\r\nContent-Disposition: form-data; name="f"; filename="b.log"\r\n\r\nhello\r\n--XX--\r\n'
        ).encode()
        for _ in range(300):
            raw = bytearray(good)
            for _ in range(rng.randrange(1, 6)):
                at = rng.randrange(len(raw))
                match rng.randrange(3):
                    case 0:
                        raw[at] = rng.randrange(256)
                    case 1:
                        del raw[at : at + rng.randrange(1, 30)]
                    case _:
                        raw[at:at] = rng.randbytes(rng.randrange(1, 20))
            await say(w, bytes(raw))
        await w.until(lambda: not w.room.files.under_way)
        url, _ = await w.room.files.upload_address(DEPOT, "log")
        assert (await ask(url, "PUT", b"x")).status == 200
    assert [r for r in caplog.records if r.levelname == "ERROR"] == []


async def test_a_crowd_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.files.listening.MOST", 3)
    async with world() as w:
        crowd = [await connect(w.room.files.urls[0]) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert (await ask(w.room.files.urls[0] + "/")).status == 0
        for _, writer, _ in crowd:
            writer.close()
        await asyncio.sleep(0.05)
        assert (await ask(w.room.files.urls[0] + "/")).status == 404

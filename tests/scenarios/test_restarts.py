"""What a restart of the program may not change: what a repeat does, and what an export tells."""

import asyncio
import io
from pathlib import Path

from app.protocol.stamps import written
from app.replay import replay_log, verify
from app.reports.exports import Asked
from app.reports.write import write_export
from app.settings import load
from app.store.open import open_reading
from app.store.readers.others import notices
from tests.helpers.plain_client import PlainClient, plain_client
from tests.helpers.raw_station import RawStation
from tests.helpers.world import World, world

NOW_MS = 1_767_700_000_000
BOOT = {"chargePointVendor": "Volt", "chargePointModel": "W"}
MINUTE_MS = 60_000


def port_of(w: World) -> int:
    """Where the control room listens."""
    return int(w.room.urls[0].rsplit(":", 1)[1].strip("/"))


async def test_what_was_kept_but_not_answered_is_not_kept_twice_when_repeated_after_a_restart() -> None:
    """The same id, action and payload: the same answer, no second effect, although the program was new."""
    event = {"type": "FirmwareUpdated", "timestamp": "2026-01-01T00:00:00Z"}
    async with world() as w:
        for _ in range(3):
            station = await RawStation.connect(port_of(w), "/DEPOT-7")
            station.call("SecurityEventNotification", event, "17")
            assert await station.message() == [3, "17", {}]
            station.cut()
            await w.restart()
        kept = await w.room.ask(notices, "DEPOT-7", limit=500)
        assert [n.name for n in kept] == ["FirmwareUpdated"]
        data_dir = w.data_dir
        await w.room.stop()
        assert (await asyncio.to_thread(verify, load(data_dir, {}))).difference == ""
        await w.start()


def exported(data_dir: Path, what: str, form: str = "csv") -> bytes:
    """An export of a closed data directory."""
    out, reading = io.BytesIO(), open_reading(data_dir)
    try:
        with reading.connect() as connection:
            write_export(connection, what, Asked(now_ms=NOW_MS), form, out)  # type: ignore[arg-type]
    finally:
        reading.close()
    return out.getvalue()


async def charge(w: World, station: PlainClient, ahead_ms: int, tag: str) -> None:
    """A session of ten minutes, told by a clock that is `ahead_ms` fast."""

    def stamp() -> str:
        return written(w.clock.now_ms() + ahead_ms)

    start = {"connectorId": 1, "idTag": tag, "meterStart": 1000, "timestamp": stamp()}
    started = (await station.told("StartTransaction", start))["transactionId"]
    for minute in range(10):
        status = {"connectorId": 1, "status": "Charging", "errorCode": "NoError", "timestamp": stamp()}
        await station.told("StatusNotification", status)
        sample = {"timestamp": stamp(), "sampledValue": [{"value": str(1000 + minute * 100)}]}
        await station.told(
            "MeterValues", {"connectorId": 1, "transactionId": started, "meterValue": [sample]}
        )
        await w.advance(minutes=1)
    await station.told("StopTransaction", {"transactionId": started, "meterStop": 2000, "timestamp": stamp()})


async def test_an_export_over_restarts_gives_the_same_books_in_an_empty_directory(tmp_path: Path) -> None:
    """A station whose clock was learnt to be wrong, a restart, and a clock that is right since."""
    first = tmp_path / "first"
    async with world(first) as w:
        for ahead_ms in (3 * MINUTE_MS, 3 * MINUTE_MS, 0, 0):
            async with plain_client(w.url) as station:
                await station.told("BootNotification", BOOT)
                await charge(w, station, ahead_ms, f"TAG{ahead_ms}")
            await w.until(lambda: not w.room.server.links, "link gone")
            await w.restart()
    log = tmp_path / "log.jsonl"
    log.write_bytes(exported(first, "messages", "jsonl"))
    again = load(tmp_path / "again", {}, {})
    await asyncio.to_thread(replay_log, again, log)
    for what in ("sessions", "meter", "statuses", "links", "stations"):
        assert exported(again.data_dir, what) == exported(first, what), what
    assert exported(again.data_dir, "messages", "jsonl") == log.read_bytes()

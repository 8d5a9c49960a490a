"""The AuthorizationKey of a 1.6 station: sent, echoed and repeated, and in clear nowhere (T17)."""

import logging
from pathlib import Path

import pytest

from app.protocol.calls import Ending
from app.store.readers.others import commands
from tests.helpers.story import booted, story, told

KEY = "5f0c3a1197be44d2a6e8"


def in_clear(folder: Path) -> list[str]:
    """Files that hold the key, the write-ahead log among them."""
    return [f.name for f in folder.rglob("*") if f.is_file() and KEY.encode() in f.read_bytes()]


async def test_a_station_that_echoes_its_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with story(tmp_path) as w:
        watched = w.room.subscribe("DEPOT-7")
        s = await booted(w)
        s.answers["GetConfiguration"] = {
            "configurationKey": [
                {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
                {"key": "AuthorizationKey", "readonly": False, "value": KEY},
                {"value": KEY, "readonly": False, "key": "VendorWifiPassword"},
            ],
        }
        await w.advance(seconds=30)
        change = {"key": "AuthorizationKey", "value": KEY}
        assert (await w.room.call("DEPOT-7", "ChangeConfiguration", change)).ending is Ending.ANSWERED
        # What leaves is the key itself; what is kept is not.
        assert s.calls[-1] == ("ChangeConfiguration", change)
        answer = await w.room.call("DEPOT-7", "GetConfiguration", {})
        assert answer.payload["configurationKey"][0]["value"] == "300"
        for data in (f'{{"AuthorizationKey":"{KEY}"}}', f"AuthorizationKey={KEY}"):
            await s.call("DataTransfer", {"vendorId": "com.example", "data": data})
        await s.send_raw(f'[2,"x","DataTransfer",{{"vendorId":"V","password":"{KEY}"')
        await s.send_raw(f'[2,"y","SetKey",{{"AuthorizationKey":"{KEY}"}}]')
        await s.receive_raw()
        car = await s.plug_in(tag="ANNA-TOKEN", meter_wh=1_000)
        await w.advance(minutes=10)
        await car.leave(2_000)
        assert in_clear(w.data_dir) == []
        kept = await w.room.ask(commands)
        assert kept
        assert not any(KEY in c.payload + c.answer for c in kept)
        assert not any(KEY in view.frame for view in watched.take())
        await w.room.backup_to(w.data_dir / "copy.db")
        await w.restart()
        assert in_clear(w.data_dir) == []
        # A driver's tag is no secret: it is what billing goes by.
        assert await told(w) == [("ANNA-TOKEN", "closed", 1_000)]
    # What the station's own client logs is its own affair.
    ours = [r.getMessage() for r in caplog.records if r.name not in ("websockets.client", "asyncio")]
    assert not any(KEY in line for line in ours)

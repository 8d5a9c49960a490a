"""Section B of the field behaviours: boots that do not come, come too often, or say too much."""

from pathlib import Path

import pytest

from app.domain.status import LinkState
from app.protocol.calls import Ending
from app.simulator.quirky import habits
from app.simulator.speech import Card
from app.simulator.wire import CallFailed
from app.store.readers.others import notices
from tests.helpers.story import booted, count, links, raw, restart, story, told, wrong


async def test_q12_a_station_that_never_boots_works_from_its_first_frame(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await w.station(habits=habits("Q12"))
        await s.heartbeat()
        assert w.view().link is LinkState.ONLINE
        await w.advance(seconds=25)
        # Who it is was asked once; nothing waits for the answer.
        await w.until(lambda: [a for a, _ in s.calls] == ["TriggerMessage"], "asked once")
        assert (await w.room.call("DEPOT-7", "ClearCache", {})).ending is Ending.ANSWERED
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        await car.leave(2_000)
        assert await told(w) == [("ANNA", "closed", 1_000)]
        assert [a for a, _ in s.calls].count("TriggerMessage") == 1


async def test_q12_what_the_last_boot_said_holds_after_a_reconnect_and_a_restart(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await restart(w, s)
        await s.heartbeat()
        await w.advance(seconds=30)
        assert (w.view().vendor, w.view().serial) == ("Varnholt", "SN-DEPOT-7")
        assert not s.calls


async def test_q14_ten_boots_in_five_minutes_are_answered_and_told_once(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await w.station(card=Card(vendor=""))
        for number in range(10):
            assert (await s.boot("Watchdog"))["status"] == "Accepted"
            if number == 2:
                assert wrong(w, "error") == []
            await w.advance(seconds=30)
        assert wrong(w, "error") == ["Boot loop"]
        assert count(w, "Q14") == 1
        assert sum(n.name == "boot loop" for n in await w.room.ask(notices, "DEPOT-7")) == 1
        assert w.view().link is LinkState.ONLINE
        # Quiet for an hour, then it loops again: that is news.
        await w.advance(minutes=12)
        await s.heartbeat()
        await w.advance(minutes=12)
        for _ in range(5):
            await s.boot("Watchdog")
            await w.advance(seconds=30)
        assert count(w, "Q14") == 2


async def test_q15_long_texts_are_kept_whole(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        serial = "S" * 300
        s = await w.station(card=Card(serial=serial, model="M" * 34))
        assert (await s.boot())["status"] == "Accepted"
        await restart(w)
        assert (w.view().serial, w.view().model) == (serial, "M" * 34)
        assert count(w, "Q15") == 1


async def test_q21_fifty_security_events_are_kept_and_a_foobar_is_counted(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        for number in range(50):
            await s.say(s.speech.security_event("SettingSystemTime", s.now_ms, f"event {number}"))
        kept = await w.room.ask(notices, "DEPOT-7", limit=500)
        assert sum(n.subject == "security" for n in kept) == 50
        with pytest.raises(CallFailed) as refused:
            await s.call("FooBar", {"a": 1}, message_id="foo")
        assert refused.value.code == "NotImplemented"
        await w.until(lambda: count(w, "Q21") == 1, "counted")
        assert await raw(w, '[2,"foo","FooBar",{"a":1}]') == 1
        assert s.online


async def test_q22_vendor_data_is_answered_unknown_and_can_be_searched(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        for data in ("needle-text", {"needle": "object"}, "needle-" + "x" * 60_000):
            answer = await s.call("DataTransfer", {"vendorId": "com.example", "data": data})
            assert answer == {"status": "UnknownVendorId"}
        found = [n for n in await w.room.ask(notices, "DEPOT-7", limit=50) if "needle" in n.detail]
        assert len(found) == 3
        assert max(len(n.detail) for n in found) > 60_000
        assert await links(w) == ["online"]


async def test_q78_a_flood_of_heartbeats_is_answered(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        for _ in range(500):
            assert "currentTime" in await s.heartbeat()
        assert s.online

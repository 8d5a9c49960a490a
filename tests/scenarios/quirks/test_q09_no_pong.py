"""Q09: no answer to a ping, or nothing but pings. Any frame proves life; only silence ends a link."""

from pathlib import Path

from app.domain.status import LinkState
from app.simulator.quirky import habits
from tests.helpers.story import booted, links, story, wrong


async def test_of_three_stations_only_the_silent_one_drops(tmp_path: Path) -> None:
    async with story(tmp_path, protocol__heartbeat_s=60) as w:
        beats = await booted(w, "BEATS", habits("Q09"))
        pings = await booted(w, "PINGS", habits("Q09"))
        silent = await booted(w, "SILENT", habits("Q09"))
        for _ in range(12):
            await w.advance(seconds=60)
            await beats.heartbeat()
            await pings.ping()
        await w.until(lambda: w.view("SILENT").link is LinkState.OFFLINE, "the silent one is offline")
        assert (w.view("BEATS").link, w.view("PINGS").link) == (LinkState.ONLINE, LinkState.ONLINE)
        assert beats.online
        assert pings.online
        await w.until(lambda: not silent.online, "the silent one is closed")
        assert await links(w, "BEATS") == ["online"]
        assert await links(w, "PINGS") == ["online"]
        assert (await links(w, "SILENT"))[-1] == "offline"
        assert wrong(w, "offline", "SILENT") == ["No link since 00:00"]
        # A station that only pings is there, but says nothing: that is told apart from a lost link.
        assert wrong(w, "silent", "PINGS") == ["Connected, but no message since 00:00"]


async def test_pings_missed_by_one_that_used_to_answer_put_it_in_doubt_at_once(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        await w.advance(minutes=2)
        await w.until(lambda: w.room.server.links["DEPOT-7"].ever_ponged, "it answers pings")
        s.fall_silent()
        await w.advance(minutes=4)
        await w.until(lambda: w.view().link is LinkState.DOUBTFUL, "in doubt long before it is lost")
        s.speak_again()
        await s.heartbeat()
        await w.until(lambda: w.view().link is LinkState.ONLINE, "sound again")
        assert s.online

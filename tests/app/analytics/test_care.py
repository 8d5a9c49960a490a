"""What the device tabs of a station's page are told."""

from app.analytics import care
from app.domain.entries import KINDS
from app.domain.ids import StationId
from app.domain.intents import Asked, SaveEntry
from app.domain.records import CommandRecord, NoticeRecord, VariableRecord
from tests.helpers.world import world

HERE = StationId("CARE-01")


async def test_the_command_log_comes_in_pages() -> None:
    """Newest first, and it says whether there are older ones."""
    async with world() as w:
        for number in range(1, 6):
            record = CommandRecord(number, HERE, "Reset", "SV", "", 1_000 * number, outcome="proved")
            w.room.writer.submit((), (record,), None)
        w.room.writer.flush()
        page = await w.room.ask(care.station_commands, HERE, None, 3)
        assert [c.command for c in page.commands] == [5, 4, 3]
        assert page.more
        rest = await w.room.ask(care.station_commands, HERE, page.commands[-1].asked_ms, 3)
        assert [c.command for c in rest.commands] == [2, 1]
        assert not rest.more


async def test_settings_boots_and_the_card_list_are_told() -> None:
    """As last read; each boot with its firmware; cards that were not taken back."""
    assert "local-token" in KINDS
    async with world() as w:
        setting = VariableRecord(
            HERE, "", "", 0, 0, "HeartbeatInterval", "", "Actual", "60", readonly=False, read_ms=5
        )
        boot = NoticeRecord(HERE, 10, 10, "boot", "PowerUp", '{"firmware":"1.9.4"}')
        other = NoticeRecord(HERE, 11, 11, "firmware", "Downloading")
        w.room.writer.submit((), (setting, boot, other), None)
        await w.room.do(Asked(SaveEntry("local-token", "04A2", {"note": "Anna"}), "SV"))
        w.room.writer.flush()
        assert await w.room.ask(care.station_settings, HERE) == (setting,)
        assert await w.room.ask(care.station_boots, HERE) == (care.Boot(10, "PowerUp", "1.9.4"),)
        assert [n.name for n in await w.room.ask(care.station_notices, HERE, "firmware")] == ["Downloading"]
        assert await w.room.ask(care.card_list) == (care.ListedCard("04A2", note="Anna"),)

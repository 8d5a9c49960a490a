"""Settings that a station tells are kept as told, and a change keeps what was before."""

from app.domain import operations as op
from app.domain.told import SettingTold
from app.operations.configuration.memory import SettingsMemory
from app.store.readers.variables import variables
from tests.helpers.world import world


async def test_what_is_told_twice_keeps_the_value_before() -> None:
    """A second reading with another value is a change; both at once lose nothing."""
    async with world() as w:
        memory = SettingsMemory(w.clock, w.room.turns, w.room.ask)
        heartbeat = op.Variable("HeartbeatInterval")
        await memory.take("A", (SettingTold(heartbeat, "60"),))
        await memory.take("A", (SettingTold(heartbeat, "300"), SettingTold(op.Variable("ResetRetries"), "3")))
        rows = {row.name: row for row in await w.room.ask(variables, "A")}
        assert (rows["HeartbeatInterval"].value, rows["HeartbeatInterval"].before) == ("300", "60")
        assert rows["ResetRetries"].value == "3"


async def test_an_answer_to_a_writing_only_tells_what_needs_a_restart() -> None:
    """ "RebootRequired" is remembered; the value stays what was read."""
    async with world() as w:
        memory = SettingsMemory(w.clock, w.room.turns, w.room.ask)
        heartbeat = op.Variable("HeartbeatInterval")
        await memory.take("A", (SettingTold(heartbeat, "60"),))
        await memory.take("A", (SettingTold(heartbeat, status="RebootRequired"),), written=True)
        (row,) = await w.room.ask(variables, "A")
        assert row.value == "60"
        assert '"restart":true' in row.detail

"""A control room under siege: whoever attacks, its control station is served all the while."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.domain.intents import AddStation, SetPassword
from tests.helpers.raw_station import RawStation
from tests.helpers.world import World, world

CONTROL = "CONTROL"
PASSWORD = "correct horse battery"
AT = "2026-01-01T00:00:00Z"


def basic(name: str, password: str) -> str:
    """An Authorization header line."""
    return f"Authorization: Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}\r\n"


class Besieged:
    """A world with its control station."""

    def __init__(self, at: World, control: RawStation) -> None:
        self.world = at
        self.control = control
        self.rounds = 0

    @property
    def port(self) -> int:
        """Where everybody connects."""
        return int(self.world.room.urls[0].rstrip("/").rpartition(":")[2])

    async def control_is_served(self) -> None:
        """The control station's next reading is kept and acknowledged."""
        self.rounds += 1
        reading = {"timestamp": AT, "sampledValue": [{"value": str(1000 + self.rounds)}]}
        message_id = self.control.call("MeterValues", {"connectorId": 1, "meterValue": [reading]})
        while (answer := await self.control.message())[1] != message_id:
            assert answer[0] == 2, answer  # the server's own command may cross
            self.control.say(json.dumps([3, answer[1], {"status": "Accepted"}]))
        assert answer == [3, message_id, {}]

    async def time_passes(self, seconds: float) -> None:
        """Let the server's clock go on while the control station speaks."""
        for _ in range(int(seconds // 30)):
            self.world.clock.advance(30)
            await self.control_is_served()
        self.world.clock.advance(seconds % 30)
        await asyncio.sleep(0)


@asynccontextmanager
async def besieged() -> AsyncIterator[Besieged]:
    """A control room with a control station that has a password."""
    async with world() as at:
        await at.do(AddStation(CONTROL))
        await at.do(SetPassword(CONTROL, PASSWORD))
        port = int(at.room.urls[0].rstrip("/").rpartition(":")[2])
        control = await RawStation.connect(port, f"/{CONTROL}", extra=basic(CONTROL, PASSWORD))
        scene = Besieged(at, control)
        await scene.control_is_served()
        yield scene
        await scene.control_is_served()
        control.hang_up()

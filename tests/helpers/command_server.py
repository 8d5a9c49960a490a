"""A control room in a process of its own that keeps wishing things of stations until it is killed.

Run as `python command_server.py PORT FILES_PORT DATA RUN OUT WISHES`. Prints `ready` once it listens.
Each command number that `ask` gave back is one JSON line in OUT, as is what a start found.
"""

import asyncio
import json
import random
import sys
from pathlib import Path

from app.control_room import ControlRoom
from app.domain.errors import ForecourtError
from app.domain.operations import (
    FetchLog,
    Operation,
    Reset,
    TransferData,
    Trigger,
    Unlock,
    Variable,
    Wish,
    WriteConfiguration,
)
from app.protocol import link
from app.settings import load
from app.store.readers.commands import open_commands
from tests.helpers.command_client import STATIONS, version_of

MOST_OPEN = 60


def operation_for(station: str, marker: int, rng: random.Random) -> Operation:
    """Something to wish; data and settings carry the marker, by which their frames are counted."""
    draw = rng.random()
    if draw < 0.45:
        return TransferData("kill", "marked", str(marker))
    if draw < 0.60:
        component = "" if version_of(station) == "1.6" else "OCPPCommCtrlr"
        return WriteConfiguration(((Variable("HeartbeatInterval", component), str(marker)),))
    if draw < 0.72:
        return FetchLog()
    if draw < 0.85:
        return Trigger("Heartbeat")
    return Unlock(1) if draw < 0.95 else Reset()


async def main(port: int, files_port: int, data: Path, run: int, out: Path, wishes: int) -> None:
    """Serve and wish."""
    # The rest after a boot (Q13) is longer than a round of this test.
    link.AFTER_BOOT_S = link.WITHOUT_BOOT_S = 0  # type: ignore[assignment]
    keys = {
        "listen": f"127.0.0.1:{port}",
        "files.listen": f"127.0.0.1:{files_port}",
        "access.new_stations": "accept",
        "protocol.call_timeout_s": "3",
    }
    room = ControlRoom(load(data, keys))
    began_ms = room.clock.now_ms()
    await room.start()
    await asyncio.to_thread(room.writer.flush)
    left = [c.command for c in await room.ask(open_commands) if c.outcome == "sent" and c.sent_ms < began_ms]
    with out.open("a", encoding="utf-8") as told:

        def tell(**line: object) -> None:
            told.write(json.dumps(line) + "\n")
            told.flush()

        tell(run=run, left_sent=left, trouble=room.files.trouble)
        print("ready", flush=True)
        rng = random.Random(f"wish/{run}")
        for number in range(wishes):
            while len(room.desk.lives) >= MOST_OPEN:  # noqa: ASYNC110 - nothing tells of the number
                await asyncio.sleep(0.02)
            station = rng.choice(STATIONS)
            marker = 700_000_000 + run * 10_000 + number
            waits = rng.choice((None, 2_000, 3_600_000))
            until = None if waits is None else room.clock.now_ms() + waits
            wish = Wish(
                station, operation_for(station, marker, rng), "kill", "to be killed", wait_until_ms=until
            )
            agreed = tuple(c.key for c in room.desk.consequences(wish))
            wish = Wish(station, wish.operation, "kill", "to be killed", wait_until_ms=until, agreed=agreed)
            try:
                tell(asked=await room.desk.ask(wish))
            except ForecourtError:
                await asyncio.sleep(0.02)
            await asyncio.sleep(rng.uniform(0, 0.02))
        await asyncio.sleep(3_600)


if __name__ == "__main__":
    a = sys.argv
    asyncio.run(main(int(a[1]), int(a[2]), Path(a[3]), int(a[4]), Path(a[5]), int(a[6])))

"""How many recoverable faults heal without a person: a living network in simulated time, recovery on.

The demo's stations go on after a past, at the pace of life, over real sockets on a clock that is
driven here; more befalls them than usual. What a step cures, and with what chance, is in
`app/simulator/causes.py`; whether it did is seen by the product alone.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from app.clock import ManualClock
from app.demo import DemoRoom
from app.domain.intents import Asked, SaveEntry
from app.domain.records import FaultEventRecord, FaultRecord
from app.settings import load
from app.simulator import ailments, mishaps
from app.simulator.causes import Cause
from app.store.readers.faults import faults_between, lines_between
from tests.bench.detection import DAY_MS, END_MS, HOUR_MS, LEAST_H, LEAST_HITS, explains

STEP_S = 10.0
LEAVES_H = 10
"""What began so shortly before the end had no time to be found, mended and proved."""


@dataclass(frozen=True, slots=True)
class Healed:
    """Of recoverable causes that could be seen: how many, found, ended by a step, proved of these, and
    proved without a person being asked for first. `alone` ended by themselves before a step that acts
    was taken: they needed no recovery and count in none of the others.
    """

    seed: int
    causes: int
    found: int
    mended: int
    proved: int
    unasked: int
    alone: int
    worse: int
    took_s: float

    @property
    def share(self) -> float:
        """The part that was healed and proved without a person."""
        return self.unasked / self.causes if self.causes else 0.0


async def healing(seed: int, stations: int = 16, past_days: int = 16, days: float = 2.0,
    ail: float = 50.0, trouble: float = 24.0,
) -> Healed:  # fmt: skip
    """One seed."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="forecourt-healing-") as folder:
        clock = ManualClock(END_MS)
        room = DemoRoom(
            load(Path(folder), {"listen": "127.0.0.1:0"}), clock, stations=stations, days=past_days,
            speed=1.0, seed=seed,
        )  # fmt: skip
        await room.start()
        try:
            everywhere = {"playbook": "*", "site": "", "automatic": True}
            await room.do(Asked(SaveEntry("playbook", "everything", everywhere), "bench", "bench"))
            living = room._live
            assert living is not None
            for station in living.stations:
                ailments.by_chance(station.life, END_MS, ail)
                mishaps.by_chance(station.life, END_MS, trouble, 0.0)
            for number in range(round(days * 86_400 / STEP_S)):
                clock.advance(STEP_S)
                await asyncio.sleep(0)
                for station in living.stations:
                    await station.idle()
                if room.recovery._working:
                    await _answered(room)
                if number % 4320 == 0:
                    print(
                        f"  {number * STEP_S / 3600:.0f} h, {time.monotonic() - begun:.0f} s", file=sys.stderr
                    )
            causes = ailments.causes_of([station.life for station in living.stations])
            rows = await room.ask(lambda connection: list(faults_between(connection)))
            lines = await room.ask(lines_between, END_MS, clock.now_ms() + 1, ("recovery",))
        finally:
            await room.stop()
    return _counted(seed, causes, rows, lines, END_MS + round(days * DAY_MS), time.monotonic() - begun)


async def _answered(room: DemoRoom) -> None:
    """Answers take the machine's time, however fast the clock runs: commands must not time out by that."""
    until = time.monotonic() + 0.4
    while time.monotonic() < until:
        await asyncio.sleep(0.003)
        # What waits for a station to come back is answered when it does.
        under_way = (live.record for live in room.desk.lives.values() if live.record.sent_ms is not None)
        if all(record.answered_ms is not None for record in under_way):
            return


def _counted(
    seed: int,
    causes: list[Cause],
    rows: list[FaultRecord],
    lines: list[FaultEventRecord],
    end_ms: int,
    took_s: float,
) -> Healed:
    asked = {line.fault: line.at_ms for line in reversed(lines) if '"send-person"' in line.detail}
    found = mended = proved = unasked = alone = all_of_them = 0
    for cause in causes:
        if cause.start_ms < END_MS or not cause.cures or cause.start_ms > end_ms - LEAVES_H * HOUR_MS:
            continue
        told = [r for r in rows if r.station == cause.station and explains(cause, r, end_ms)]
        if not told and not _seen(cause, end_ms):
            continue
        if cause.ended_by == "itself" and not cause.cures.keys() & cause.tried.keys():
            alone += 1
            continue
        all_of_them += 1
        found += bool(told)
        by_step = cause.ended_by in cause.cures
        mended += by_step
        done = [row for row in told if by_step and row.recovered_ms is not None]
        proved += bool(done)
        unasked += any(not cause.start_ms <= asked.get(r.fault, 0) <= (r.recovered_ms or 0) for r in done)
        print("   ", cause.kind, cause.station, cause.evse, cause.hits, cause.ended_by or "open", cause.tried,
              [(r.rule, r.code, r.state, r.recovery) for r in told], file=sys.stderr)  # fmt: skip
    worse = sum(row.recovery == "did not hold" for row in rows)
    return Healed(seed, all_of_them, found, mended, proved, unasked, alone, worse, took_s)


def _seen(cause: Cause, end_ms: int) -> bool:
    hours = ((cause.end_ms or end_ms) - cause.start_ms) / HOUR_MS
    return hours >= LEAST_H.get(cause.kind, 0.1) and cause.hits >= LEAST_HITS.get(cause.kind, 0)


if __name__ == "__main__":
    LASTS = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    for given in sys.argv[1].split(","):
        print(asyncio.run(healing(int(given), days=LASTS)), flush=True)

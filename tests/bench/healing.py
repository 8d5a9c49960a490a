"""How many recoverable faults heal without a person: a living network in simulated time, recovery on.

The demo's stations go on after a past, at the pace of life, over real sockets on a clock that is
driven here; more befalls them than usual. What a step cures, and with what chance, is in
`app/simulator/causes.py`; whether it did is seen by the product alone.

Recoverable is a cause that a step can end (`CURES`), that was told or could be seen by the reference's
thresholds, that began `LEAVES_H` or more before the end, so that there was time to find, mend and prove it,
and that did not end by itself before any step that could end it was taken.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from app.clock import ManualClock
from app.demo import DemoRoom
from app.domain.intents import ActOnFault, Asked, SaveEntry
from app.domain.records import FaultEventRecord, FaultRecord
from app.settings import load
from app.simulator import ailments, mishaps
from app.simulator.causes import Cause
from app.store.readers.faults import faults_between, lines_between
from tests.bench.detection import DAY_MS, END_MS, HOUR_MS, LEAST_H, LEAST_HITS, explains

STEP_S = 10.0
STATIONS, PAST_DAYS, DAYS = 20, 16, 3.5
AILMENTS, MISHAPS = 25.0, 12.0
"""So many times as often as in the demo, so that there is something to count."""
LEAVES_H = 36
"""What began so shortly before the end is not counted: what only sessions show takes up to a day to be told
(RESULTS.md), a proof is waited for as long again, and drivers come seldom at night."""


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


async def healing(seed: int, stations: int = STATIONS, past_days: int = PAST_DAYS, days: float = DAYS,
    ail: float = AILMENTS, trouble: float = MISHAPS,
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
            # Half of the machine's time would go to the months' costs, which are another matter.
            vars(room.costs)["refresh"] = lambda *periods: None
            people = People(room, random.Random(f"people/{seed}"))
            for number in range(round(days * 86_400 / STEP_S)):
                clock.advance(STEP_S)
                await asyncio.sleep(0)
                for station in living.stations:
                    await station.idle()
                if room.recovery._working:
                    await _answered(room)
                if number % 30 == 0:
                    await people.look()
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


class People:
    """They look after safety faults, as they must, and after nothing else: nobody else heals anything here.

    The crew's own figures (`app/simulator/crew.py`): acknowledged after some minutes, inspected and freed
    one and a half to nine hours later, once its condition is over.
    """

    def __init__(self, room: DemoRoom, rng: random.Random) -> None:
        self._room = room
        self._rng = rng
        self._due: dict[int, int] = {}

    async def look(self) -> None:
        """At the queue."""
        now = self._room.clock.now_ms()
        for row in self._room.faults.open():
            if not row.safety:
                continue
            if row.state in ("UNACK", "RTNUN"):
                await self._act(row, "acknowledge")
                self._due[row.fault] = now + round(self._rng.uniform(1.5, 9) * HOUR_MS)
            elif row.latched and row.cleared_ms is not None and now >= self._due.get(row.fault, now):
                await self._act(row, "reset-latch")

    async def _act(self, row: FaultRecord, verb: str) -> None:
        await self._room.do(Asked(ActOnFault(row.fault, verb, {}), "bench", "looked at on site"))


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
    asked, proofs = _moments(lines)
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
        done = _first_proof(cause, told, proofs) if by_step else None
        proved += done is not None
        alone_done = done is not None and not any(
            cause.start_ms <= at_ms <= done for row in told for at_ms in asked[row.fault]
        )
        unasked += alone_done
        word = "healed" if alone_done else "proved, a person was asked for" if done else "NOT"
        where = f"{cause.kind} {cause.station} {cause.evse}"
        rows_of = [(r.fault, r.code, r.state, r.recovery) for r in told]
        print("   ", word, where, cause.hits, cause.ended_by or "open", cause.tried, rows_of, file=sys.stderr)
    worse = sum(row.recovery == "did not hold" for row in rows)
    return Healed(seed, all_of_them, found, mended, proved, unasked, alone, worse, took_s)


def _moments(lines: list[FaultEventRecord]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """By fault: when a person was asked for, and when a session proved it mended."""
    asked: dict[int, list[int]] = defaultdict(list)
    proofs: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        step = json.loads(line.detail)
        if step.get("do") == "send-person":
            asked[line.fault].append(line.at_ms)
        if step.get("proved"):
            proofs[line.fault].append(line.at_ms)
    return asked, proofs


def _first_proof(cause: Cause, told: list[FaultRecord], proofs: dict[int, list[int]]) -> int | None:
    """When a session first proved that a cause was over, after it was."""
    after = [at for row in told for at in proofs[row.fault] if at >= (cause.end_ms or 0)]
    return min(after, default=None)


def _seen(cause: Cause, end_ms: int) -> bool:
    hours = ((cause.end_ms or end_ms) - cause.start_ms) / HOUR_MS
    return hours >= LEAST_H.get(cause.kind, 0.1) and cause.hits >= LEAST_HITS.get(cause.kind, 0)


if __name__ == "__main__":
    LASTS = float(sys.argv[2]) if len(sys.argv) > 2 else DAYS
    for given in sys.argv[1].split(","):
        print(asyncio.run(healing(int(given), days=LASTS)), flush=True)

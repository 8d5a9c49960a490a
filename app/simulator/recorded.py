"""Simulated stations that say again what others said: a scenario made from a message log.

They bear other names (`PREFIX` before the recorded one), so that a replay never takes the place of a
real station; times within messages are moved to now, and transactions get numbers of their own.
"""

import asyncio
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.clock import Clock, SystemClock
from app.domain.errors import ForecourtError
from app.operations.scenario_file import Recording, Step
from app.simulator.fleet import Tally
from app.simulator.link import Refused, Unanswered
from app.simulator.scripted import SimStation
from app.simulator.wire import CallFailed, NotUnderstood, stamp_millis, text_of
from app.tasks import spawn, stop_all

PREFIX = "REPLAY-"
LONGEST_NAME = 48
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(slots=True)
class Player:
    """One station of a recording."""

    station: SimStation
    steps: list[Step]
    transactions: dict[Any, Any] = field(default_factory=dict)
    """The number a transaction has now, by the recorded one."""
    connected: bool = False
    refusal: str = ""
    answered: int = 0
    failed: int = 0
    untold: int = 0

    async def play(self, clock: Clock, begin_s: float, speed: float) -> None:
        """Every step at its time; one that fails does not keep the next ones from being said."""
        for place, step in enumerate(self.steps):
            wait_s = begin_s + step.after_ms / 1000 / speed - clock.monotonic_s()
            if wait_s > 0:
                await clock.sleep(wait_s)
            try:
                await self._do(step)
            except Refused as refused:
                self.refusal = str(refused)
                self.untold = sum(s.does in ("says", "sends") for s in self.steps[place:])
                return

    async def _do(self, step: Step) -> None:
        station = self.station
        if step.does == "leaves":
            station.drop()
        elif step.does == "answers":
            station.answers[step.action] = step.payload
        elif step.does == "refuses":
            station.answers[step.action] = NotUnderstood(step.code)
        else:
            if not station.online:
                await station.connect()
                self.connected = True
            if step.does != "connects":
                await self._say(step)

    async def _say(self, step: Step) -> None:
        payload = self._now(step, self._renamed(step.payload))
        if step.does == "sends":
            await self.station.send_raw(text_of([6, str(uuid.uuid4()), step.action, payload]))
            self.answered += 1
            return
        try:
            answer = await self.station.call(step.action, payload)
        except CallFailed:
            self.failed += 1
            return
        except Unanswered:
            self.untold += 1
            return
        self.answered += 1
        if step.transaction is not None and "transactionId" in answer:
            self.transactions[step.transaction] = answer["transactionId"]

    def _renamed(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The payload with the transaction it means now."""
        found = dict(payload)
        if self.station.version == "1.6":
            if found.get("transactionId") in self.transactions:
                found["transactionId"] = self.transactions[found["transactionId"]]
            return found
        info = found.get("transactionInfo")
        holder = dict(info) if isinstance(info, dict) else found
        told = holder.get("transactionId")
        if isinstance(told, str):
            # 2.x: the station names its transactions; the old name would be the old transaction.
            holder["transactionId"] = self.transactions.setdefault(told, str(uuid.uuid4()))
            if holder is not found:
                found["transactionInfo"] = holder
        return found

    def _now(self, step: Step, value: Any) -> Any:
        """Times as far from now as they were from the moment they were said."""
        if isinstance(value, dict):
            return {key: self._now(step, below) for key, below in value.items()}
        if isinstance(value, list):
            return [self._now(step, below) for below in value]
        if isinstance(value, str) and step.at_ms and _TIME.fullmatch(value):
            try:
                said_ms = int(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() * 1000)
            except ValueError:
                return value  # no date that exists: it is said as it was
            return stamp_millis(self.station.clock.now_ms() + said_ms - step.at_ms)
        return value


def players(recording: Recording, url: str, clock: Clock, prefix: str = PREFIX) -> list[Player]:
    """The stations of a recording, each with its steps."""
    made = []
    for identity, version in recording.head.stations.items():
        steps = [step for step in recording.steps if step.station == identity]
        if steps:
            name = f"{prefix}{identity}"[:LONGEST_NAME]
            made.append(Player(SimStation(url, name, version=version, clock=clock), steps))
    return made


async def replay(
    url: str,
    recording: Recording,
    *,
    speed: float = 1.0,
    stop: asyncio.Event | None = None,
    clock: Clock | None = None,
    note: Callable[[str], None] | None = None,
    prefix: str = PREFIX,
    duration_s: float | None = None,
) -> Tally:
    """Play a recording once against the server at `url`; ends after its last step.

    Args:
        url: the server's.
        recording: the scenario.
        speed: how many times as fast as it was.
        stop: ends it early.
        clock: time.
        note: told what begins.
        prefix: stands before every station's name.
        duration_s: ends it after this time at the latest.

    Raises:
        ForecourtError: not one station could connect.
    """
    clock = clock or SystemClock()
    stop = stop or asyncio.Event()
    cast = players(recording, url, clock, prefix)
    if note is not None:
        seconds = recording.seconds / speed
        count = f"{len(cast)} station{'' if len(cast) == 1 else 's'}"
        note(f"{recording.head.title}: {count} for {seconds:.0f} s at {speed:g}x")
    begin_s = clock.monotonic_s()
    timer = clock.call_later(duration_s, stop.set) if duration_s is not None else None
    work = [
        spawn(player.play(clock, begin_s, speed), name=f"replay {player.station.identity}") for player in cast
    ]
    ended = spawn(stop.wait(), name="replay's end")
    done = asyncio.gather(*work)
    try:
        await asyncio.wait({done, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if timer is not None:
            timer.cancel()
        await stop_all("replay")
        await asyncio.gather(*(player.station.close() for player in cast), return_exceptions=True)
        await asyncio.gather(done, return_exceptions=True)
    if not any(player.connected for player in cast):
        refusal = next((player.refusal for player in cast if player.refusal), "")
        if refusal:
            raise ForecourtError(f"No station could connect to {url}: {refusal}.")
    return Tally(
        stations=len(cast),
        connected=sum(player.connected for player in cast),
        answered=sum(player.answered for player in cast),
        failed=sum(player.failed for player in cast),
        waiting=sum(player.untold for player in cast),
        energy_wh=0,
    )

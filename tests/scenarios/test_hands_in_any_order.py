"""Whatever happens between command and answer, in whatever order: each command is sent at most once,
and ends in a state that is true."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from app.domain import operations as op
from app.domain.errors import ForecourtError
from app.domain.operations import CommandState, Urgency, Wish
from app.simulator.quirky import Habits
from app.simulator.scripted import SimStation
from app.simulator.wire import Payload
from app.store.readers.commands import one_command
from tests.helpers.world import World, world

NEVER_SENT = {CommandState.EXPIRED, CommandState.CANCELLED}
MAY_HAVE_ACTED = {CommandState.TIMED_OUT, CommandState.LOST, CommandState.UNKNOWN}


class Chaos:
    """A station that hears, is deaf, doubles its answers or leaves, as the dice fall."""

    def __init__(self, w: World, rng: random.Random) -> None:
        self.w, self.rng = w, rng
        self.heard: Counter[str] = Counter()
        self.numbers: dict[int, str] = {}
        self.station: SimStation | None = None

    async def arrive(self) -> None:
        """It connects (anew), with other habits."""
        if self.station is not None:
            await self.station.close()
        habits = self.rng.choice(
            [
                Habits(),
                Habits(answer_times=2),
                Habits(silent_on=frozenset({"DataTransfer"})),
                Habits(crash_before=frozenset({"DataTransfer"})),
                Habits(crash_after=frozenset({"DataTransfer"})),
            ]
        )
        self.station = await self.w.station(habits=habits)
        self.station.answers["DataTransfer"] = self.hear
        await self.station.boot()

    def hear(self, payload: Payload) -> Payload:
        self.heard[payload["vendorId"]] += 1
        return {"status": self.rng.choice(["Accepted", "Rejected"])}

    async def ask(self) -> None:
        """One more command, of any urgency, that waits for a while or not."""
        name = f"c{len(self.numbers)}"
        until = self.w.clock.now_ms() + self.rng.choice([20_000, 300_000])
        wish = Wish(
            "DEPOT-7", op.TransferData(name), "dice", urgency=self.rng.choice(list(Urgency)),
            wait_until_ms=self.rng.choice([None, until]),
        )  # fmt: skip
        with suppress(ForecourtError):  # it is not there, and the command is not to wait
            self.numbers[await self.w.room.desk.ask(wish)] = name

    async def cancel(self) -> None:
        """Somebody takes one back, if it is not too late."""
        if self.numbers:
            with suppress(ForecourtError):
                await self.w.room.desk.cancel(self.rng.choice(list(self.numbers)), "dice")

    async def leave(self) -> None:
        """The link falls."""
        if self.station is not None:
            self.station.drop()
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("seed", range(4))
async def test_no_command_is_sent_twice_and_every_end_is_true(seed: int) -> None:
    """Forty turns of asking, taking back, leaving, coming, waiting and restarting."""
    async with world() as w:
        chaos = Chaos(w, random.Random(seed))
        await chaos.arrive()
        deeds: list[Any] = [
            *[chaos.ask] * 8, chaos.cancel, chaos.leave, *[chaos.arrive] * 2,
            *[lambda: w.advance(seconds=8)] * 4, w.restart,
        ]  # fmt: skip
        for _ in range(40):
            deed = chaos.rng.choice(deeds)
            if deed == w.restart:
                await chaos.leave()
            await deed()
        for _ in range(40):
            # A deaf station takes half a minute for each of those that wait.
            if w.room.desk.open():
                await w.advance(minutes=1)
        assert w.room.desk.open() == ()
        for number, name in chaos.numbers.items():
            await w.room.desk.ended(number)
            record = await w.room.ask(one_command, number)
            times = chaos.heard[name]
            assert times <= 1, record
            state = CommandState(record.outcome)
            if state in NEVER_SENT:
                assert (times, record.sent_ms) == (0, None), record
            elif state not in MAY_HAVE_ACTED:
                assert state in (CommandState.DONE, CommandState.REFUSED)
                assert times == 1, record
                assert record.answered_ms is not None

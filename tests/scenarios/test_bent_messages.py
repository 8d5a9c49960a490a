"""Messages bent at random: each gets an answer that is valid, the link holds, and history still
follows from the journal."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from app.protocol.versions import SEND_ACTIONS, STATION_ACTIONS
from app.replay import verify
from app.settings import load
from tests.app.protocol.generate import answer_is_valid, full, minimal
from tests.helpers.plain_client import plain_client
from tests.helpers.world import world

JUNK = [
    None, True, False, 0, -1, 1, 7, 2**31, 2**63 - 1, 2**63, 1.5, -0.5, 1e300, "", "x", "NaN", "-1", "12,5",
    "null", " 7 ", "é\x00b", "2026-01-01T00:10:00Z", "1970-01-01T00:00:00Z", "2026-01-01T00:10:00", "Started",
    "222222-01-01T00:00:00Z", "Z" * 300, [], {}, [1], {"a": 1}, [[]], "Ended", "Available", "Occupied",
]  # fmt: skip
REFUSALS = {
    "ProtocolError", "OccurrenceConstraintViolation", "TypeConstraintViolation", "FormatViolation",
    "PropertyConstraintViolation", "FormationViolation", "OccurenceConstraintViolation",
}  # fmt: skip


def bent(value: Any, chance: float, dice: random.Random) -> Any:
    """`value` with some of its parts replaced by junk, left out or doubled."""
    if dice.random() < chance:
        return dice.choice(JUNK)
    if isinstance(value, dict):
        return {k: bent(v, chance, dice) for k, v in value.items() if dice.random() > chance / 2}
    if isinstance(value, list):
        return [bent(v, chance, dice) for v in value] * dice.choice([1, 1, 1, 2])
    return value


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_bent_messages_break_neither_the_link_nor_history(version: str, tmp_path: Path) -> None:
    dice = random.Random(version)
    actions = sorted(STATION_ACTIONS[version] | SEND_ACTIONS[version])
    answered = 0
    async with world(tmp_path) as w:
        for link in range(3):
            async with plain_client(w.url, version, f"BENT-{link % 2}") as station:
                for number in range(90):
                    action = dice.choice(actions)
                    make = dice.choice([minimal, full])
                    chance = dice.choice([0.0, 0.05, 0.15])
                    made = make(version, action)
                    payload = {key: bent(value, chance, dice) for key, value in made.items()}
                    if action in SEND_ACTIONS[version]:
                        await station.sent(action, payload)
                        continue
                    kind, said = await station.tried(action, payload)
                    if kind == 4:
                        assert said in REFUSALS, (action, payload, said)
                        continue
                    answered += 1
                    assert answer_is_valid(version, action, said), (action, payload, said)
                    if number % 40 == 0:
                        await w.advance(minutes=3)
            if link == 1:
                await w.restart()
            w.clock.jump_ms(3_600_000)
    assert answered > 150
    assert await asyncio.to_thread(lambda: verify(load(tmp_path, {})).difference) == ""

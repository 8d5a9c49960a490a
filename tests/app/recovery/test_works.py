"""Recovery at work in a room that is made up: what fails ends, and what is long over is forgotten."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.ids import StationId
from app.domain.records import FaultRecord
from app.recovery.playbooks import Playbook, Step
from app.recovery.works import Recovery
from app.store.readers.faults import faults_closed_since, lines_of
from tests.helpers.weighing import held

BOOK = Playbook("any", "Anything", ("X*",), (Step("wait", "Wait.", wait_s=0, tries=2),))


class Room:
    """As much of a control room as recovery asks here."""

    def __init__(self, *standing: FaultRecord, over: tuple[FaultRecord, ...] = ()) -> None:
        self.clock: Any = SimpleNamespace(now_ms=lambda: 1_000_000)
        rows = {row.fault: row for row in standing}
        self.faults: Any = SimpleNamespace(
            ready=True, open=lambda: standing, row=rows.get, settling=lambda fault: False,
            act_within_ms=lambda fault: 0, since_ms=lambda fault: 0,
        )  # fmt: skip
        self.fleet: Any = SimpleNamespace(station=lambda name: None)
        self.entries: Any = SimpleNamespace(body=lambda *of: None, all=lambda kind: {})
        self.desk: Any = None
        self.configuration: Any = None
        self.server: Any = None
        self._over = over
        self.broken = False

    async def do(self, asked: object) -> None:
        if self.broken:
            raise RuntimeError("a flaw of ours")

    async def ask(self, fn: Callable[..., Any], *args: Any) -> Any:
        return self._over if fn is faults_closed_since else {} if fn is lines_of else ()


def fault(number: int, **facts: Any) -> FaultRecord:
    return FaultRecord(number, "silence", "X1", "Silent", StationId("A"), opened_ms=1, **facts)


async def test_a_step_that_fails_by_a_flaw_of_ours_is_over() -> None:
    """Else the fault would say for ever that a step runs, and nobody could take the next."""
    room = Room(fault(1))
    recovery = Recovery(room, (BOOK,), ZoneInfo("UTC"))
    room.broken = True
    await recovery.next(1, "ANNA")
    for _ in range(5):
        await asyncio.sleep(0)
    offer = recovery.offer(1)
    assert offer is not None
    assert not offer.working
    assert [step.state for step in offer.steps] == ["next"]


async def test_a_step_that_sent_nothing_makes_the_next_wait_for_nothing() -> None:
    """The time between two steps is for the station to settle in, which was told nothing."""
    steps = tuple(Step("restart-link", "Open the link anew.") for _ in range(2))
    room = Room(fault(1))
    room.server = SimpleNamespace(links={})
    room.entries = SimpleNamespace(body=lambda *of: None, all=lambda kind: {"all": {"automatic": True}})
    recovery = Recovery(room, (Playbook("any", "Anything", ("X*",), steps),), ZoneInfo("UTC"))
    for _ in steps:
        recovery.tick(1_000_000)
        for _ in range(5):
            await asyncio.sleep(0)
    offer = recovery.offer(1)
    assert offer is not None
    assert [(step.state, step.result) for step in offer.steps] == [("done", "passed over")] * 2


async def test_what_is_long_over_is_forgotten() -> None:
    room = Room(fault(1), over=tuple(fault(n, closed_ms=2) for n in range(2, 302)))
    recovery = Recovery(room, (BOOK,), ZoneInfo("UTC"))
    empty = held(recovery)
    await recovery.begin()
    recovery.tick(1_000_000)
    assert held(recovery) - empty < 100

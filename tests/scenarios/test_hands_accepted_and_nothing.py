"""A station that accepts everything and then does nothing: no command may be taken for done.

The counterpart is `test_hands_proved`, where the same commands are followed by what they mean.
"""

from dataclasses import dataclass

import pytest

from app.domain import operations as op
from app.domain.operations import CommandState, Operation
from tests.helpers.hands import VERSIONS, ready, wish
from tests.helpers.world import world

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Case:
    """A command, how long its proof is waited for, and what has to be said in the end."""

    operation: Operation
    minutes: float
    says: str
    versions: tuple[str, ...] = VERSIONS


KEY = op.Variable("HeartbeatInterval")
PLACED = op.Variable("HeartbeatInterval", "OCPPCommCtrlr")
CASES = {
    "reset": Case(op.Reset(hard=True), 6, "neither went away nor booted within 5 minutes"),
    "start": Case(op.StartSession(1, "ANNA"), 4, "no session began within 3 minutes"),
    "unlock": Case(op.Unlock(1), 2, "its status stayed Available for 60 s"),
    "out": Case(op.SetAvailability(False, 1), 2, "is not Unavailable after 60 s: connector 1 Available"),
    "trigger": Case(op.Trigger("StatusNotification", 1, 1), 2, "no StatusNotification came within 60 s"),
    "write 1.6": Case(
        op.WriteConfiguration(((KEY, "60"),)), 1, "HeartbeatInterval is not told", versions=("1.6",)
    ),
    "write 2.x": Case(
        op.WriteConfiguration(((PLACED, "60"),)), 1, "HeartbeatInterval is not told",
        versions=("2.0.1", "2.1"),
    ),
    "firmware": Case(
        op.UpdateFirmware("http://127.0.0.1/fw.bin", "9.9"), 31, "told of no progress within 30 minutes"
    ),
    "log": Case(
        op.FetchLog("Diagnostics", "http://127.0.0.1/up/"), 31, "no file came within 30 minutes"
    ),
    "list": Case(
        op.SendLocalList(7, (op.ListedToken("ANNA"),)), 1, "holds version 0 of the list, not 7"
    ),
    "reserve": Case(
        op.Reserve(3, 1, "ANNA", 1_767_225_600_000 + 60 * MINUTE_MS), 2, "connector 1 was not Reserved"
    ),
    "limit": Case(
        op.SetProfile(5, "TxDefault", 1, "W", (op.ProfilePeriod(0, 4000.0),)), 1,
        "does not tell what is in force",
    ),
    "report": Case(op.ReadConfiguration(), 3, "sent nothing within 2 minutes", versions=("2.0.1", "2.1")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "version"), [(name, v) for name, case in CASES.items() for v in case.versions]
)
async def test_accepted_is_not_done(name: str, version: str) -> None:
    """The station agrees and does nothing: the command ends as not proved, with what was missing."""
    case = CASES[name]
    async with world() as w:
        await ready(w, version)
        number = await w.room.desk.ask(wish(w, case.operation))
        answered = await w.room.desk.answered(number)
        assert answered.outcome in (CommandState.ACCEPTED, CommandState.NOT_PROVED)
        assert answered.answered_ms is not None
        await w.advance(minutes=case.minutes)
        ended = await w.room.desk.ended(number)
        assert ended.outcome == CommandState.NOT_PROVED
        assert case.says in ended.proof
        assert ended.proved_ms is None


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_session_that_goes_on_is_not_stopped(version: str) -> None:
    """A remote stop that is accepted while power flows on says so (Q48)."""
    async with world() as w:
        station = await ready(w, version)
        car = await station.plug_in()
        await car.sample(meter_wh=3_000, power_w=7_200)
        running = await w.only_session()
        number = await w.room.desk.ask(wish(w, op.StopSession(running.transaction, running.session)))
        await w.room.desk.answered(number)
        await w.advance(seconds=30)
        await car.sample(meter_wh=3_100, power_w=7_200)
        await w.advance(minutes=3)
        ended = await w.room.desk.ended(number)
        assert ended.outcome == CommandState.NOT_PROVED
        assert "still runs and 7.2 kW flow" in ended.proof

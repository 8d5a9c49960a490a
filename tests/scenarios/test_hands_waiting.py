"""Commands that wait: for their turn, a time, the station's return; over a restart, and over a kill."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from app.domain import operations as op
from app.domain.errors import ForecourtError
from app.domain.operations import CommandState, Urgency
from app.domain.records import CommandRecord
from app.simulator.quirky import Habits
from app.simulator.scripted import SimStation
from app.simulator.wire import Payload
from app.store.readers.commands import one_command
from tests.helpers.hands import accepted, ready, wish
from tests.helpers.world import World, world

HOUR_MS = 3_600_000


async def kept(w: World, number: int) -> CommandRecord:
    """A command as the log has it."""
    record = await w.room.ask(one_command, number)
    assert record is not None
    return record


async def becomes(w: World, number: int, outcome: str) -> CommandRecord:
    """Wait until the log has a command in this state."""
    for _ in range(500):
        record = await kept(w, number)
        if record.outcome == outcome:
            return record
        await asyncio.sleep(0.01)
    raise AssertionError(f"command {number} stays {record.outcome}")


def counted(station: Any, action: str, answer: Payload) -> list[Payload]:
    """Have a station count how often it is called."""
    calls: list[Payload] = []

    def take(payload: Payload) -> Payload:
        calls.append(payload)
        return answer

    station.answers[action] = take
    return calls


async def left(w: World, action: str) -> None:
    """Wait until a call is under way: it is kept before it leaves, and its time runs from when it does."""

    def under_way() -> bool:
        calls = w.room.server.links["DEPOT-7"].calls
        return calls is not None and calls.current is not None and calls.current.action == action

    await w.until(under_way, f"{action} left")


async def leaves(w: World, station: SimStation) -> None:
    """The station goes off line, and Forecourt knows."""
    station.go_offline()
    await w.until(lambda: w.room.desk.links("DEPOT-7") is None, "it left")


async def waiting(w: World, station: SimStation) -> int:
    """A command that waits an hour for the return of a station that left; its number."""
    await leaves(w, station)
    return await w.room.desk.ask(wish(w, op.ClearCache(), wait_until_ms=w.clock.now_ms() + HOUR_MS))


async def test_an_offline_station_is_refused_at_once_or_waited_for() -> None:
    """The operator chooses; what waits leaves when the station has come back and booted."""
    async with world() as w:
        station = await ready(w)
        calls = counted(station, "ClearCache", {"status": "Accepted"})
        await leaves(w, station)
        with pytest.raises(ForecourtError, match="not connected, so nothing was sent"):
            await w.room.desk.ask(wish(w, op.ClearCache()))
        until = w.clock.now_ms() + HOUR_MS
        number = await w.room.desk.ask(wish(w, op.ClearCache(), wait_until_ms=until))
        assert (await kept(w, number)).outcome == CommandState.QUEUED
        await w.advance(minutes=20)
        assert not calls
        await station.connect()
        await station.boot()
        await w.advance(seconds=10)
        assert (await w.room.desk.ended(number)).outcome == CommandState.DONE
        assert len(calls) == 1


async def test_who_waits_for_a_command_is_told_when_forecourt_stops() -> None:
    """Nobody waits for ever: the command is found again at the next start, and goes on from there."""
    async with world() as w:
        number = await waiting(w, await ready(w))
        waits = asyncio.ensure_future(w.room.desk.ended(number))
        await asyncio.sleep(0)
        await w.restart()
        with pytest.raises(ForecourtError, match="found again at its next start"):
            await asyncio.wait_for(waits, 5)
        assert [record.command for record in w.room.desk.open()] == [number]


async def test_a_wait_ends_without_having_sent_anything() -> None:
    """The station never came back."""
    async with world() as w:
        number = await waiting(w, await ready(w))
        await w.advance(minutes=61)
        ended = await w.room.desk.ended(number)
        assert (ended.outcome, ended.sent_ms) == (CommandState.EXPIRED, None)
        assert "did not come back" in ended.proof


async def test_what_waits_can_be_taken_back() -> None:
    """By whom and why is kept; what was sent cannot be."""
    async with world() as w:
        station = await ready(w)
        done = await accepted(w, op.ClearCache())
        with pytest.raises(ForecourtError, match="cannot be taken back"):
            await w.room.desk.cancel(done.command, "operator")
        number = await waiting(w, station)
        await w.room.desk.cancel(number, "Ada", "not needed")
        ended = await w.room.desk.ended(number)
        assert (ended.outcome, ended.proof) == (CommandState.CANCELLED, "Taken back by Ada: not needed.")


async def test_availability_is_sent_at_its_time() -> None:
    """Forecourt sends it then, not before."""
    async with world() as w:
        station = await ready(w)
        calls = counted(station, "ChangeAvailability", {"status": "Accepted"})
        at_ms = w.clock.now_ms() + 600_000
        number = await w.room.desk.ask(wish(w, op.SetAvailability(False, 1, at_ms=at_ms)))
        await w.advance(minutes=9)
        assert not calls
        await w.advance(minutes=1.2)
        assert (await w.room.desk.answered(number)).outcome == CommandState.ACCEPTED
        assert len(calls) == 1


async def test_one_at_a_time_and_safety_first() -> None:
    """While one is out, others wait; what is for safety goes before what came earlier."""
    async with world() as w:
        station = await ready(w, habits=Habits(silent_on=frozenset({"ClearCache"})))
        calls = counted(station, "DataTransfer", {"status": "Accepted"})
        asks = [
            wish(w, op.ClearCache()),
            wish(w, op.TransferData("second")),
            wish(w, op.TransferData("bulk"), urgency=Urgency.BULK),
            wish(w, op.TransferData("automatic"), urgency=Urgency.AUTOMATIC),
            wish(w, op.TransferData("safety"), urgency=Urgency.SAFETY),
        ]
        numbers = [await w.room.desk.ask(one) for one in asks]
        await w.advance(seconds=5)
        states = [(await kept(w, n)).outcome for n in numbers]
        assert states == [CommandState.SENT, *[CommandState.QUEUED] * 4]
        await w.advance(seconds=30)
        assert (await w.room.desk.ended(numbers[0])).outcome == CommandState.TIMED_OUT
        for number in numbers[1:]:
            assert (await w.room.desk.ended(number)).outcome == CommandState.DONE
        assert [c["vendorId"] for c in calls] == ["safety", "second", "automatic", "bulk"]


async def test_a_restart_finds_what_waits_and_sends_it_once() -> None:
    """Never sent before, so it may go on waiting; it says so."""
    async with world() as w:
        number = await waiting(w, await ready(w))
        await w.restart()
        assert "restarted" in w.room.desk.open()[0].proof
        back = await w.station()
        calls = counted(back, "ClearCache", {"status": "Accepted"})
        await back.boot()
        await w.advance(seconds=10)
        assert (await w.room.desk.ended(number)).outcome == CommandState.DONE
        assert len(calls) == 1


async def test_a_restart_ends_what_was_sent_as_unknown() -> None:
    """It may have acted; it is never sent again by itself."""
    async with world() as w:
        await ready(w, habits=Habits(silent_on=frozenset({"Reset"})))
        number = await w.room.desk.ask(wish(w, op.Reset(hard=True)))
        await left(w, "Reset")
        await w.restart()
        ended = await w.room.desk.ended(number)
        assert ended.outcome == CommandState.UNKNOWN
        assert "not sent again" in ended.proof
        back = await w.station()
        calls = counted(back, "Reset", {"status": "Accepted"})
        await back.boot()
        await w.advance(minutes=2)
        assert not calls


async def test_a_proof_goes_on_over_a_restart() -> None:
    """What the station told after it accepted counts, before the restart and after it."""
    async with world() as w:
        await ready(w)
        asked = await accepted(w, op.SetAvailability(False, 1))
        other = await accepted(w, op.StartSession(1, "ANNA"))
        await w.restart()
        back = await w.station()
        await back.status(1, "Unavailable")
        assert (await w.room.desk.ended(asked.command)).outcome == CommandState.PROVED
        await w.advance(minutes=4)
        ended = await w.room.desk.ended(other.command)
        assert ended.outcome == CommandState.NOT_PROVED
        assert ended.proof.endswith("Forecourt restarted in between.")


async def test_what_was_told_before_a_restart_proves_it_after_all() -> None:
    """The boot after a reset was kept, though the proof was not yet complete."""
    async with world() as w:
        station = await ready(w)
        asked = await accepted(w, op.Reset(hard=True))
        await w.advance(seconds=20)
        await station.reboot()
        await w.advance(seconds=1)
        await w.restart()
        back = await w.station()
        await back.status(1, "Available")
        ended = await w.room.desk.ended(asked.command)
        assert ended.outcome == CommandState.PROVED, ended


async def test_a_boot_that_our_own_restart_may_have_caused_proves_no_reset() -> None:
    """Truthful: which of the two made the station boot was not seen."""
    async with world() as w:
        await ready(w)
        asked = await accepted(w, op.Reset(hard=True))
        await w.restart()
        back = await w.station()
        await back.boot()
        await back.status(1, "Available")
        await w.advance(minutes=6)
        ended = await w.room.desk.ended(asked.command)
        assert ended.outcome == CommandState.NOT_PROVED
        assert "Forecourt restarted in between and the station booted afterwards" in ended.proof


async def test_after_a_power_cut_nothing_that_may_have_left_is_sent_again() -> None:
    """The database as it was the moment the frame left, opened by another Forecourt."""
    with tempfile.TemporaryDirectory(prefix="forecourt-cut-") as folder:
        copy = Path(folder) / "data"
        async with world() as w:
            station = await ready(w)

            def snap(_: Payload) -> Payload:
                # What a SIGKILL leaves: the files as they are, without a word of goodbye.
                shutil.copytree(w.data_dir, copy, ignore=shutil.ignore_patterns("*.lock", "control*"))
                return {"status": "Accepted"}

            station.answers["Reset"] = snap
            asked = await accepted(w, op.Reset(hard=True))
        async with world(copy) as again:
            found = await again.room.desk.ended(asked.command)
            assert found.outcome == CommandState.UNKNOWN
            calls = counted(await again.station(), "Reset", {"status": "Accepted"})
            await again.advance(minutes=1)
            assert not calls


async def test_a_secret_that_waits_is_not_kept_and_so_not_sent_after_a_restart() -> None:
    """The password of a station is in no file; the command ends and says what to do."""
    async with world() as w:
        station = await ready(w)
        await leaves(w, station)
        secret = ((op.Variable("AuthorizationKey"), "0123456789abcdef0123"),)
        number = await w.room.desk.ask(
            wish(w, op.WriteConfiguration(secret), wait_until_ms=w.clock.now_ms() + HOUR_MS)
        )
        assert "0123456789abcdef" not in (await kept(w, number)).wish
        await w.restart()
        ended = await w.room.desk.ended(number)
        assert ended.outcome == CommandState.CANCELLED
        assert "ask for it again" in ended.proof


async def test_an_answer_after_the_limit_is_told_and_changes_nothing() -> None:
    """Timed out stays timed out; the late answer stands beside it, a second one nowhere (Q31)."""
    async with world() as w:
        await ready(w, habits=Habits(answer_delay_s=35, answer_times=2))
        number = await w.room.desk.ask(wish(w, op.ClearCache()))
        await left(w, "ClearCache")
        await w.advance(seconds=32)
        assert (await w.room.desk.ended(number)).outcome == CommandState.TIMED_OUT
        await w.advance(seconds=10)
        for _ in range(200):
            told = await kept(w, number)
            if told.answer:
                break
            await asyncio.sleep(0.01)
        assert (told.outcome, told.answer) == (CommandState.TIMED_OUT, "late: Accepted")
        assert "came late" in told.proof


async def test_an_answer_twice_counts_once() -> None:
    """The second is an answer to nothing."""
    async with world() as w:
        await ready(w, habits=Habits(answer_times=2))
        done = await accepted(w, op.ClearCache())
        await w.advance(seconds=5)
        assert await kept(w, done.command) == done


async def test_a_link_lost_in_between_is_told_as_that() -> None:
    """It may have acted; the command does not wait for ever."""
    async with world() as w:
        station = await ready(w, habits=Habits(silent_on=frozenset({"ClearCache"})))
        number = await w.room.desk.ask(wish(w, op.ClearCache()))
        await becomes(w, number, CommandState.SENT)
        station.drop()
        ended = await w.room.desk.ended(number)
        assert ended.outcome == CommandState.LOST
        assert "may have acted" in ended.proof

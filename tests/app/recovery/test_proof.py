"""The next session proves what was mended; one vehicle that takes nothing is not yet a proof against it."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.records import FaultEventRecord, SessionRecord
from app.recovery.memory import remembered, renewed, without_waits
from app.recovery.plan import Place, next_step
from app.recovery.playbooks import Playbook, Step
from app.recovery.proof import DID_NOT_HOLD, PROVED, PROVING_MS, Failing, Mended, Proofs, Yardstick
from app.recovery.rates import Rates
from app.recovery.situation import Result, Situation, Tried

MINUTE = 60_000
STEP = {"playbook": "meter", "do": "soft-reset", "code": "PowerMeterFailure", "vendor": "A", "firmware": "1"}


def session(number: int, start_min: int, energy_wh: int, end_min: int | None = None, evse: int = 1) -> Any:
    return SessionRecord(
        SessionId(number), StationId("S"), evse, 1, TransactionId(str(number)), started_ms=start_min * MINUTE,
        ended_ms=None if end_min is None else end_min * MINUTE, energy_wh=energy_wh,
    )  # fmt: skip


async def words(*sessions: SessionRecord) -> tuple[list[str], Proofs]:
    told: list[str] = []

    async def write(fault: int, fields: Mapping[str, Any]) -> None:
        told.append(fields["word"])

    proofs = Proofs(write)
    proofs.await_(Mended(7, "S", 1, 10 * MINUTE, STEP))
    for one in sessions:
        proofs.hear(one)
    await asyncio.sleep(0)
    return told, proofs


async def test_energy_of_a_session_that_still_runs_is_proof_enough() -> None:
    told, proofs = await words(session(1, 11, 0), session(1, 11, 150), session(1, 11, 260))
    assert told == [PROVED]
    assert proofs.rates.of("meter", "soft-reset", "PowerMeterFailure").k == 1


async def test_what_began_before_or_elsewhere_proves_nothing() -> None:
    told, _ = await words(session(1, 9, 5_000, 30), session(2, 11, 5_000, 30, evse=2))
    assert told == []


async def test_one_vehicle_that_takes_nothing_is_told_and_the_next_may_still_prove_it() -> None:
    told, proofs = await words(session(1, 11, 0, 20), session(1, 11, 0, 20), session(2, 30, 900))
    assert told == [DID_NOT_HOLD, PROVED]
    rate = proofs.rates.of("meter", "soft-reset", "PowerMeterFailure")
    assert (rate.k, rate.n) == (1, 1)


async def test_two_that_take_nothing_are_a_failure() -> None:
    told, proofs = await words(session(1, 11, 0, 20), session(2, 30, 0, 40), session(3, 50, 9_000))
    assert told == [DID_NOT_HOLD, DID_NOT_HOLD]
    rate = proofs.rates.of("meter", "soft-reset", "PowerMeterFailure")
    assert (rate.k, rate.n) == (0, 1)


async def test_nobody_came_for_a_day_and_it_counts_as_mended() -> None:
    _, proofs = await words()
    proofs.expire(10 * MINUTE + PROVING_MS + 1)
    assert proofs.rates.of("meter", "soft-reset", "PowerMeterFailure").k == 1
    assert not await asyncio.sleep(0)


def test_two_bad_sessions_in_a_row_say_that_a_step_did_nothing() -> None:
    failing = Failing("S", 1, 10 * MINUTE)
    for one in (session(1, 11, 0, 20), session(1, 11, 0, 20), session(2, 30, 8_000, 60)):
        failing.hear(one)
    assert not failing.enough
    assert failing.good is not None
    assert failing.good.session == 2
    for one in (session(3, 70, 0, 80), session(4, 90, 400, 91)):
        failing.hear(one)
    assert failing.enough
    assert failing.good is None


async def test_what_was_proved_begins_anew_when_it_comes_back() -> None:
    lines = [_line(1, 0, "soft-reset", "mended"), _line(1, 0, "soft-reset", "mended", proved=True)]
    tried, last = remembered(lines)
    assert last["proved"]
    assert [(one.do, one.settled) for one in tried] == [("soft-reset", True)]
    again, _ = remembered([*lines, _line(2, 1, "hard-reset", "running")])
    assert [(one.result, one.settled) for one in again] == [(Result.MENDED, True), (Result.NO_CHANGE, False)]
    reset = Step("soft-reset", "Restart it.", 60)
    book = Playbook("meter", "Meter", ("X",), (reset, Step("hard-reset", "Fully.", 60)))
    assert next_step(book, Situation(0, tried=tried), Rates(), Place("X")) == (0, reset)


def _line(taken: int, number: int, do: str, result: str, **more: Any) -> FaultEventRecord:
    detail = {"number": number, "do": do, "taken": taken, "result": result, "automatic": True, **more}
    return FaultEventRecord(7, taken, taken, "", "", "recovery", detail=json.dumps(detail))


def test_a_fast_demos_sessions_are_measured_by_its_own_limits() -> None:
    """At 60 times the pace of life a whole AC session is 150 Wh within ten seconds."""
    fast = Yardstick(1_000 / 60, 180_000 / 60)
    small = session(1, 0, 150, 1)
    assert fast.delivered(small)
    assert not fast.bad(small)
    assert not Yardstick().delivered(small)
    assert not Yardstick().delivered(session(2, 0, 0))


def test_what_comes_back_after_half_an_hour_is_a_new_failure_and_is_tried_anew() -> None:
    """Within half an hour it is the same one (reference G)."""
    tried = (
        Tried(0, "unlock", 10 * MINUTE, Result.NO_CHANGE),
        Tried(0, "unlock", 15 * MINUTE, Result.MENDED),
    )
    assert renewed(tried, 16 * MINUTE, 46 * MINUTE) == tried
    assert all(one.settled for one in renewed(tried, 16 * MINUTE, 47 * MINUTE))
    unlock = Step("unlock", "Open it.", 60, tries=2)
    book = Playbook("lock", "Lock", ("X",), (unlock, Step("send-person", "Go.", 0)))
    again = Situation(47 * MINUTE, tried=renewed(tried, 16 * MINUTE, 47 * MINUTE))
    assert next_step(book, again, Rates(), Place("X")) == (0, unlock)


def test_what_no_step_ended_stays_tried_however_long_it_was_away() -> None:
    tried = (Tried(0, "unlock", 10 * MINUTE, Result.NO_CHANGE),)
    assert renewed(tried, 60 * MINUTE, 600 * MINUTE) == tried


def test_waits_that_were_long_enough_do_not_pile_up() -> None:
    waited = tuple(Tried(0, "wait", n * MINUTE, Result.MENDED) for n in range(1_000))
    in_vain, reset = Tried(0, "wait", 5, Result.NO_CHANGE), Tried(1, "soft-reset", 9, Result.MENDED)
    assert without_waits((*waited, in_vain, reset)) == (in_vain, reset)


def test_what_is_mended_three_times_a_day_without_a_proof_is_tried_no_more() -> None:
    tried = tuple(Tried(0, "unlock", n * 60 * MINUTE, Result.MENDED, settled=True) for n in (1, 2))
    last = (*tried, Tried(0, "unlock", 180 * MINUTE, Result.MENDED))
    assert renewed(last, 181 * MINUTE, 240 * MINUTE) == last
    assert all(one.settled for one in renewed(last, 181 * MINUTE, 1_600 * MINUTE))

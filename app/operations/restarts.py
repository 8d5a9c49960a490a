"""What was under way when Forecourt ended, found again at its start.

What was never sent waits on, if its time is not over. What was sent without an answer ends as
unknown and is never sent again. What was accepted is watched on, with all that the station told
since, also what was told before the restart.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace

from app.domain.errors import ForecourtError
from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.operations import CommandState, Message, Operation, Urgency, Wish
from app.domain.records import CommandRecord, Record
from app.fleet.views import StationView
from app.operations.following import Following
from app.operations.keeper import Keeper
from app.operations.lifecycle import over_restart, state_of
from app.operations.live import Live
from app.operations.proofs import proof_of
from app.operations.proofs.watch import Answer, Start
from app.operations.waves import BULK, after_restart
from app.operations.wishes import operation_of
from app.store.readers.commands import firmware_before, open_commands, seen_since
from app.tasks import awaited

WAITS_ON = "Forecourt restarted; it was not sent yet and waits on."
_BATCH_GONE = "Its batch ended with a restart of Forecourt; it was not sent."


async def resume(desk: Keeper, following: Following) -> None:
    """Take up what may go on, and end the rest truthfully."""
    now = desk.clock.now_ms()
    for record in await desk.ask_store(open_commands):
        if record.operation == BULK:
            await _kept(desk, after_restart(record), now)
            continue
        queued = state_of(record) is CommandState.QUEUED
        operation = operation_of(record.operation, record.wish, to_send=queued)
        live = _live(desk, record, operation)
        ends = over_restart(record, now, resumable=operation is not None)
        if ends is None and queued and record.batch is not None:
            ends = changed(record, outcome=CommandState.CANCELLED.value, proof=_BATCH_GONE)
        desk.lives[record.command] = live
        if ends is not None:
            desk.keep(live, ends)
        elif queued:
            desk.keep(live, changed(record, proof=WAITS_ON))
            desk.spawn(live)
        elif operation is not None:
            await _watch_on(desk, following, live, operation, now)


async def _kept(desk: Keeper, record: CommandRecord, now_ms: int) -> None:
    """Keep what a batch became; who asks for it afterwards reads it from the disk."""
    then, done = awaited()
    desk.turns.keep(record, now_ms, then)
    # What cannot be kept now is found again at the next start.
    with suppress(ForecourtError):
        await done


def _live(desk: Keeper, record: CommandRecord, operation: Operation | None) -> Live:
    loop = asyncio.get_running_loop()
    # Where the wish is not known any more the command ends at once, and nothing is sent.
    meant = operation if operation is not None else Message(record.action)
    wish = Wish(
        record.station, meant, record.asked_by, record.reason, Urgency.PERSON, record.expires_ms,
        batch=record.batch,
    )  # fmt: skip
    live = Live(record, wish, meant, desk.timeout_s, loop.create_future(), loop.create_future())
    live.shown, live.resumed = record, True
    live.version = desk.guard.version(record.station)
    return live


async def _watch_on(
    desk: Keeper, following: Following, live: Live, operation: Operation, now_ms: int
) -> None:
    record = live.record
    sent_ms = record.sent_ms or record.asked_ms
    view = await _as_it_was(desk, record.station, sent_ms)
    start = Start(
        record.command, record.station, operation, sent_ms, _payloads(record), view, now_ms, live.version
    )  # fmt: skip
    live.watch = watch = proof_of(start)
    if watch is None:
        desk.settle(live, CommandState.DONE)
        return
    following.follow(live)
    begun = watch.begin(Answer(_word(record), record.answered_ms or sent_ms))
    past: list[Record] = await desk.ask_store(seen_since, record.station, sent_ms)
    if begun is not None:
        following.saw(live, begun)
    for told in past:
        if live.watch is watch:
            following.hear_one(live, told, _received(told, now_ms))
    if live.watch is watch and watch.look is not None:
        desk.background(following.look(live), f"command {record.command}")


async def _as_it_was(desk: Keeper, station: StationId, at_ms: int) -> StationView | None:
    view = desk.turns.fleet.station(station)
    boot: str | None = await desk.ask_store(firmware_before, station, at_ms)
    if view is None or boot is None:
        return view
    return replace(view, firmware=json.loads(boot).get("firmware") or view.firmware)


def _payloads(record: CommandRecord) -> tuple[dict[str, object], ...]:
    told = json.loads(record.payload or "{}")
    if isinstance(told, list):
        return tuple(step.get("payload", {}) for step in told if isinstance(step, dict))
    return (told,) if isinstance(told, dict) else ()


def _word(record: CommandRecord) -> str:
    try:
        told = json.loads(record.answer)
    except ValueError:
        return ""
    status = told.get("status", "") if isinstance(told, dict) else ""
    return str(status)


def _received(record: Record, now_ms: int) -> int:
    return int(getattr(record, "received_ms", None) or getattr(record, "at_ms", None) or now_ms)

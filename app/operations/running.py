"""Carrying out commands: the wait for the station, the messages and their answers, then the proof."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from app.domain.errors import ForecourtError
from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.operations import (
    CommandState,
    FetchLog,
    Operation,
    ReadConfiguration,
    SendLocalList,
    SetAvailability,
    WriteConfiguration,
)
from app.domain.records import CommandRecord
from app.domain.told import SettingTold
from app.fleet.views import StationView
from app.intake.messages import MessageFeed
from app.operations.capability import asks_boot
from app.operations.following import Following
from app.operations.holding import held, never_sent, unagreed
from app.operations.keeper import Keeper
from app.operations.lifecycle import late, state_of
from app.operations.lines import RANK, Called
from app.operations.live import Live
from app.operations.outcomes import Judged, answered, answers_text, judge, payload_text
from app.operations.proofs import proof_of
from app.operations.proofs.watch import Answer, Start
from app.operations.restarts import resume
from app.operations.waiting import TURN_MS, due
from app.protocol.calls import CallOutcome, Ending
from app.protocol.commands import Command
from app.protocol.orders import orders
from app.store.readers.commands import one_command

log = logging.getLogger("forecourt.desk")

RETRY_MS = 5_000
"""A command that could not leave after all tries again after this."""
PAST = 256
"""Commands given up of late, by the ids of their messages: their answers may still come."""


class Runner:
    """Carries out commands, one message at a time at each station.

    Args:
        desk: who keeps, queues and tells.
        messages: the live message log.
    """

    def __init__(self, desk: Keeper, messages: MessageFeed) -> None:
        self._desk = desk
        self._following = Following(desk, messages, self._look)
        self._past: dict[tuple[StationId, str], int] = {}
        self.hear = self._following.hear
        self.tick = self._following.tick
        self.forget = self._following.forget

    async def resume(self) -> None:
        """Find again what was under way when Forecourt ended."""
        await resume(self._desk, self._following)

    def preview(self, version: str, operation: Operation, number: int) -> tuple[str, str]:
        """The action and the payload's text of what would be sent.

        Raises:
            ForecourtError: it cannot be said in this version, or its schema forbids it.
        """
        if isinstance(operation, FetchLog) and not operation.url:
            return "", ""  # its address is made when it is sent, so that it does not age in a queue
        commands = self._orders(version, operation, number)
        return commands[0].action, payload_text(commands)

    def _orders(
        self, version: str, operation: Operation, number: int, station: str = ""
    ) -> tuple[Command, ...]:
        settings = self._desk.settings
        most = settings.most(station, version, operation) if settings is not None and station else None
        found = orders(version, operation, request=number, now_ms=self._desk.clock.now_ms(), most=most)
        if not found:
            raise ForecourtError("There is nothing in it to send.")
        return found

    async def carry_out(self, live: Live) -> None:
        """See a command through until it is answered; its proof then goes on by itself."""
        desk, station = self._desk, live.record.station
        due_ms = due(live.wish)
        while state_of(live.record) is CommandState.QUEUED:
            called = await desk.turn(live, due_ms=due_ms, expires_ms=live.record.expires_ms)
            if called is Called.CANCELLED:
                return
            if called is Called.EXPIRED:
                desk.settle(live, CommandState.EXPIRED, _too_late(live, desk.links(station) is not None))
                return
            try:
                await self._send(live)
            except ForecourtError as error:
                desk.settle(live, CommandState.REFUSED, f"It was not sent: {error}")
            except Exception:
                # The one guard of every command: it must not stay open with nobody at it.
                log.exception("command %d could not be carried out", live.record.command)
                desk.settle(live, CommandState.UNKNOWN, "Forecourt could not carry it out; see its log.")
            finally:
                desk.done_with(live)
            due_ms = desk.clock.now_ms() + RETRY_MS
        if live.watch is not None and live.watch.look is not None:
            await self._following.look(live)

    async def _send(self, live: Live) -> None:
        """Send all messages of a command, and move it to what came of them."""
        desk, record = self._desk, live.record
        station = record.station
        if barred := desk.guard.barred(station, live.wish.operation):
            raise ForecourtError(barred)
        if self._held(live):
            return
        live.operation = await self._filled(live)
        link = desk.links(station)
        if link is None or state_of(live.record) is not CommandState.QUEUED:
            return  # it left, or the command was taken back, while the address was made
        now = desk.clock.now_ms()
        commands = self._orders(link.version, live.operation, record.command, station)
        live.version, message_id = link.version, str(uuid4())
        start = Start(
            record.command, station, live.wish.operation, now,
            tuple(c.payload for c in commands), desk.turns.fleet.station(station),
            version=link.version,
        )  # fmt: skip
        sent = changed(
            record, outcome=CommandState.SENT.value, sent_ms=now, message_id=message_id,
            action=commands[0].action, payload=payload_text(commands), proof="",
        )  # fmt: skip
        await desk.kept(live, sent)
        live.watch = proof_of(start)
        self._following.follow(live)
        judged = await self._messages(live, commands, message_id)
        refused = judged[-1].state is CommandState.REFUSED
        parts = self._other_way(live, start.view) if refused else ()
        if parts:
            live.record = changed(live.record, payload=payload_text(parts))
            if live.watch is not None:
                live.watch.again(tuple(c.payload for c in parts))
            judged = await self._messages(live, parts, "")
        self._conclude(live, judged)

    def _held(self, live: Live) -> bool:
        """Whether it has to wait, because it would hurt a driver of whom nobody knew when it was asked."""
        if live.seen is None:
            return False
        why = unagreed(live.wish, live.seen, self._desk.guard.consequences(live.wish))
        if why is not None and not live.held:
            self._desk.keep(live, changed(live.record, proof=held(why)))
        live.held = why.text if why is not None else ""
        return why is not None

    def _other_way(self, live: Live, view: StationView | None) -> tuple[Command, ...]:
        """The messages that may do what was refused, () where there is no other way.

        A difference of the local list is sent in full (Q70). Some 1.6 stations refuse connector 0
        (Q67): each connector is asked by itself.
        """
        wish = live.operation
        if isinstance(wish, SendLocalList) and not wish.full and wish.whole:
            full = replace(wish, tokens=wish.whole, full=True, whole=())
            return self._orders(live.version, full, live.record.command, live.record.station)
        if live.version != "1.6" or not isinstance(wish, SetAvailability) or wish.evse or view is None:
            return ()
        places = sorted({c.evse for c in view.connectors if c.evse > 0})
        number = live.record.command
        return tuple(c for n in places for c in self._orders("1.6", replace(wish, evse=n), number))

    async def _messages(self, live: Live, commands: tuple[Command, ...], message_id: str) -> list[Judged]:
        """Send the messages one after the other until one is refused or lost; what each means."""
        desk = self._desk
        found: list[Judged] = []
        live.calls = []
        goes_on = isinstance(live.operation, WriteConfiguration | SetAvailability)
        for index, command in enumerate(commands):
            if index:
                # Something more urgent may go between two messages of a command.
                desk.done_with(live)
                called = await desk.turn(live, expires_ms=desk.clock.now_ms() + TURN_MS)
                if called is not Called.GO:
                    found.append(Judged(CommandState.LOST, f"{index} of {len(commands)} messages were sent."))
                    break
            outcome = await self._call(live, command, message_id if not index else "")
            live.calls.append(outcome)
            judged = judge(live.version, live.operation, outcome)
            found.append(judged)
            if judged.state is not CommandState.ACCEPTED and not (
                goes_on and judged.state is CommandState.REFUSED
            ):
                break
        return found

    async def _call(self, live: Live, command: Command, message_id: str) -> CallOutcome:
        desk, station = self._desk, live.record.station
        link = desk.links(station)
        if link is None or link.version != live.version:
            return _unsent(command)
        # A new link holds it back until its boot is answered (Q13); the link's own queue sees to that.
        outcome = await link.call(
            command.action, command.payload, live.timeout_s, priority=RANK[live.wish.urgency] - 1,
            force=asks_boot(live.operation), message_id=message_id,
        )  # fmt: skip
        if outcome.sent and not answered(outcome):
            self._past[station, outcome.message_id] = live.record.command
            if len(self._past) > PAST:
                del self._past[next(iter(self._past))]
        return outcome

    def _conclude(self, live: Live, judged: list[Judged]) -> None:
        """Move a command to what its answers mean."""
        desk, record, calls = self._desk, live.record, live.calls
        last = judged[-1]
        now = desk.clock.now_ms()
        if last.state is CommandState.QUEUED and len(judged) == 1:
            self._unsent(live, last, calls[-1])
            return
        said = [c for c in calls if answered(c)]
        live.record = changed(
            record,
            answered_ms=now if said and len(said) == len(calls) else None,
            answer=answers_text(calls) if calls else "",
            sent_ms=_left(record, calls, now),
        )
        if calls:
            desk.told(live, calls[-1])
        refused = [j for j in judged if j.state is CommandState.REFUSED]
        if refused and last.state in (CommandState.REFUSED, CommandState.ACCEPTED):
            only = len(judged) > 1
            count = f"{len(refused)} of {len(judged)} were refused: " if only else ""
            self._following.end(live, CommandState.REFUSED, count + refused[0].sentence)
            return
        if last.state is not CommandState.ACCEPTED:
            state = CommandState.LOST if last.state is CommandState.QUEUED else last.state
            self._following.unanswered(live, Judged(state, last.sentence))
            return
        words = tuple(j.verdict.word for j in judged if j.verdict is not None)
        verdict = last.verdict
        result = None if verdict is None else verdict.result
        answer = Answer(words[-1] if words else "", now, result, words)
        self._following.accepted(live, answer, last.sentence, settings_told(judged))

    def _unsent(self, live: Live, judged: Judged, outcome: CallOutcome) -> None:
        """It is known that nothing left: it waits on, or its wait is over."""
        desk = self._desk
        self._following.forget(live)
        waits_on = live.record.expires_ms is None or live.record.expires_ms > desk.clock.now_ms()
        if waits_on and desk.settle(live, CommandState.QUEUED):
            return
        desk.told(live, outcome)
        desk.settle(live, CommandState.EXPIRED, judged.sentence)

    async def _look(self, live: Live, operation: Operation) -> Answer | str:
        """Ask a station something for a proof; its answer, or why there is none."""
        desk = self._desk
        limit = live.watch.until_ms if live.watch is not None else None
        version = live.version
        commands = self._orders(version, operation, live.record.command, live.record.station)
        told: list[Judged] = []
        for command in commands:
            if await desk.turn(live, expires_ms=limit) is not Called.GO:
                return "the station was not there."
            try:
                outcome = await self._call(live, command, "")
            finally:
                desk.done_with(live)
            judged = judge(version, operation, outcome)
            if judged.verdict is None or judged.verdict.accepted is False:
                return judged.sentence
            told.append(judged)
        results = settings_told(told) if isinstance(operation, ReadConfiguration) else None
        verdict = told[-1].verdict
        assert verdict is not None
        return Answer(verdict.word, desk.clock.now_ms(), verdict.result if results is None else results)

    async def _filled(self, live: Live) -> Operation:
        """The operation with an upload address of our own, where it names none."""
        operation = live.wish.operation
        if not isinstance(operation, FetchLog) or operation.url:
            return operation
        if self._desk.files is None:
            raise ForecourtError("Forecourt serves no files here, so name an address to upload to.")
        kind = "security-log" if operation.kind == "Security" else "diagnostics"
        url, _ = await self._desk.files.upload_address(live.record.station, kind, live.record.command)
        return replace(operation, url=url)

    def late(self, station: StationId, message_id: str, answer: str, at_ms: int) -> None:
        """An answer came too late: told beside the command's end."""
        number = self._past.pop((station, message_id), None)
        if number is not None:
            self._desk.background(self._late(number, answer, at_ms), f"late answer to {number}")

    async def _late(self, number: int, answer: str, at_ms: int) -> None:
        if number in self._desk.lives:
            return
        record: CommandRecord | None = await self._desk.ask_store(one_command, number)
        told = late(record, answer, at_ms) if record is not None else None
        if told is not None:
            self._desk.turns.keep(told, at_ms)


def settings_told(judged: Sequence[Judged]) -> tuple[SettingTold, ...]:
    """The settings that answers told, of all messages together."""
    results = [j.verdict.result for j in judged if j.verdict is not None]
    return tuple(s for r in results if isinstance(r, tuple) for s in r if isinstance(s, SettingTold))


def _left(record: CommandRecord, calls: Sequence[CallOutcome], now_ms: int) -> int | None:
    """When it really left: with one message, the round trip before its answer."""
    if len(calls) == 1 and calls[0].round_trip_ms is not None:
        return now_ms - calls[0].round_trip_ms
    return record.sent_ms


def _unsent(command: Command) -> CallOutcome:
    return CallOutcome(Ending.LOST, command.action, "", text="the station left before its turn", sent=False)


def _too_late(live: Live, online: bool) -> str:
    if live.held:
        return never_sent(live.held)
    if live.record.sent_ms is None and not online:
        return "The station did not come back before the wait ended, so it was not sent."
    return "Its turn did not come before the wait ended, so it was not sent."

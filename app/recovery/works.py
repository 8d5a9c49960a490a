"""Recovery at work: takes steps by itself where it may, or one by one for a person, and waits for proof.

Every step is an act on the fault, journaled before it begins and after it ended, so that all of it
stands on the fault's own timeline and a replay gives the same. Runs on the core's loop.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.intents import ActOnFault, Asked
from app.domain.records import FaultEventRecord, FaultRecord, Record, SessionRecord
from app.faults.limits import Limits
from app.faults.outcomes import BadSessionLimits
from app.recovery import guards
from app.recovery.facts import Facts
from app.recovery.hands import Hands
from app.recovery.memory import (
    MENDED,
    broken_off,
    in_words,
    remembered,
    renewed,
    waited_for,
    without_waits,
    written,
)
from app.recovery.parts import Room
from app.recovery.plan import ACTING, StepView, next_step, shown
from app.recovery.playbooks import WHOLE_STATION, Playbook, Step, playbook_for
from app.recovery.proof import PROVING_MS, Failing, Mended, Proofs, Yardstick
from app.recovery.rates import Learned, Rates
from app.recovery.situation import TRIED, Result, Situation, Switches, Tried, switches_of
from app.store.readers.faults import faults_closed_since, lines_of
from app.store.readers.recovery import learned_steps
from app.tasks import spawn

log = logging.getLogger("forecourt.recovery")

BY = "recovery"
WATCH_S = 1.0
SLOW_WATCH_S = 15.0
"""What the next sessions have to show is looked at no more often."""
BESIDE_MS = 180_000
"""So long may the off-delay of another fault that a restart ended still run."""
Restarts = Mapping[str, Sequence[Tried]]
"""The restarts of each station, for whichever of its faults they were taken."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The playbook of a fault as a person sees it. `why_not` says why nothing may be done, "" else;
    `holding` why automatic recovery waits; `working` whether a step runs."""

    fault: int
    playbook: str
    title: str
    steps: tuple[StepView, ...]
    automatic: bool
    why_not: str = ""
    holding: str = ""
    working: bool = False


class Recovery:
    """The recovery of one control room.

    Args:
        room: its parts.
        playbooks: what to try.
        zone: where quiet hours are.
        limits: which sessions are bad ones; the shipped limits if None.
    """

    hears: tuple[type, ...] = (SessionRecord,)

    def __init__(
        self, room: Room, playbooks: tuple[Playbook, ...], zone: tzinfo, limits: Limits | None = None
    ) -> None:
        self._room = room
        self._facts = Facts(room, zone)
        self._hands = Hands(room, self._facts)
        self.playbooks = playbooks
        bad = (limits or Limits()).of("bad_sessions", BadSessionLimits)
        self._proofs = Proofs(
            lambda fault, fields: self._act(fault, fields, BY), self._settle,
            Yardstick(bad.short_wh, bad.short_min * 60_000),
        )  # fmt: skip
        self.holding: dict[int, str] = {}
        """Why automatic recovery waits, by fault."""
        self._tried: dict[int, tuple[Tried, ...]] = {}
        self._away: dict[int, int] = {}
        """When each fault that had steps was last over."""
        self._working: dict[int, asyncio.Task[None]] = {}
        self._failing: dict[int, Failing] = {}
        self._good: dict[int, SessionRecord] = {}
        """The good session that came last since a step whose outcome only sessions show, by fault."""
        self._unseen: set[int] = set()
        """At work, but only the next sessions can show what came of it: others may be helped meanwhile."""

    @property
    def rates(self) -> Rates:
        """What steps have done so far."""
        return self._proofs.rates

    async def begin(self) -> None:
        """Remember what was tried for the faults that stand, what waits for proof, and what was learnt."""
        now = self._room.clock.now_ms()
        rows = (*self._room.faults.open(), *await self._room.ask(faults_closed_since, now - PROVING_MS))
        lines = await self._room.ask(lines_of, [row.fault for row in rows], "recovery")
        for row in rows:
            self._recall(row, lines.get(row.fault, ()), now)
        taken = await self._room.ask(learned_steps)
        self._proofs.rates = Rates().learn_all(
            Learned(one.playbook, one.do, one.code, one.vendor, one.firmware, Result(one.result), one.proved)
            for one in taken
        )

    async def stop(self) -> None:
        """Take no further step. What runs is found again as tried at the next start."""
        tasks = [*self._working.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _recall(self, row: FaultRecord, lines: Iterable[FaultEventRecord], now_ms: int) -> None:
        self._tried[row.fault], step = remembered(lines)
        self._go_on(row, step, now_ms)
        if row.recovery == MENDED:
            since = row.cleared_ms or row.closed_ms or row.opened_ms
            self._proofs.await_(Mended(row.fault, row.station, row.evse, since, step))

    def _go_on(self, row: FaultRecord, told: Mapping[str, Any], now_ms: int) -> None:
        """Wait on for the sessions that have to show what came of a step taken before the start."""
        book = self.playbook(row)
        one = None if book is None or row.closed_ms is not None else waited_for(book, told, now_ms)
        if book is None or one is None:
            return
        before = tuple(t for t in self._tried[row.fault] if t.at_ms != one.at_ms)
        self._tried[row.fault] = (*before, one)
        self._set_to_work(row.fault, self._wait_on(row, book, one, before))

    async def _wait_on(self, row: FaultRecord, book: Playbook, one: Tried, before: tuple[Tried, ...]) -> None:
        while not self._room.faults.ready:
            await self._room.clock.sleep(WATCH_S)
        result = await self._watch(row, book.step[one.number], 0, one.at_ms)
        one = replace(one, result=result, ended_ms=self._room.clock.now_ms())
        self._tried[row.fault] = (*before, one)
        await self._ended(row, book, one, BY)

    def _set_to_work(self, fault: int, work: Coroutine[Any, Any, None]) -> None:
        task = self._working[fault] = spawn(work, name=f"recovery of fault {fault}")
        task.add_done_callback(lambda done: self._left(fault, done))

    def _left(self, fault: int, task: asyncio.Task[None]) -> None:
        """A step's work is over, however it ended."""
        if self._working.get(fault) is task:
            del self._working[fault]
        if fault not in self._working:
            self._tried[fault] = tuple(map(broken_off, self._tried.get(fault, ())))

    # -- what a person sees --------------------------------------------------------------------

    def switches(self) -> Switches:
        """What the operator allows (entries "recovery" and "playbook")."""
        entries = self._room.entries
        return switches_of(entries.body("recovery", "all") or {}, entries.all("playbook").values())

    def playbook(self, row: FaultRecord) -> Playbook | None:
        """The playbook of a fault."""
        return playbook_for(self.playbooks, row.code)

    def offer(self, fault: int) -> Offer | None:
        """The playbook of a fault with what was done and what comes next; None where there is none."""
        row: FaultRecord | None = self._room.faults.row(fault)
        book = None if row is None else self.playbook(row)
        if row is None or book is None:
            return None
        situation = self._situation(row, self._restarts())
        automatic = self.switches().automatic(book.id, row.site)
        steps = shown(book, situation, self.rates, self._facts.place(row), patient=automatic)
        return Offer(
            fault, book.id, book.title, steps, automatic,
            guards.never(situation), self.holding.get(fault, ""), fault in self._working,
        )  # fmt: skip

    # -- what happens --------------------------------------------------------------------------

    def tick(self, now_ms: int) -> None:
        """Look at every open fault: take the next step where recovery may, else say why it waits."""
        if not self._room.faults.ready:
            return
        switches = self.switches()
        standing = self._room.faults.open()
        numbers = {row.fault for row in standing}
        for gone in self.holding.keys() - numbers:
            del self.holding[gone]
        memory: dict[int, Any]
        for memory in (self._away, self._tried):
            for gone in [fault for fault in memory if self._room.faults.row(fault) is None]:
                del memory[gone]
        restarts = self._restarts()
        for row in standing:
            book = self.playbook(row)
            if row.cleared_ms is not None:
                self._away[row.fault] = row.cleared_ms
            elif book is not None and row.fault not in self._working:
                self._renew(row.fault, now_ms)
                self._consider(row, book, switches, restarts)
        self._proofs.expire(now_ms)

    def _situation(self, row: FaultRecord, restarts: Restarts) -> Situation:
        return self._facts.situation(
            row, self._tried.get(row.fault, ()), self._working.keys() - self._unseen,
            restarts.get(row.station, ()),
        )  # fmt: skip

    def _restarts(self) -> Restarts:
        found: dict[str, list[Tried]] = {}
        for fault, tried in self._tried.items():
            restarts = [one for one in tried if one.do in WHOLE_STATION]
            row = self._room.faults.row(fault) if restarts else None
            if row is not None:
                found.setdefault(row.station, []).extend(restarts)
        return found

    def _renew(self, fault: int, now_ms: int) -> None:
        """It stands; where it was over for long, it is a new failure, whose playbook begins anew."""
        over_ms = self._away.pop(fault, None)
        if over_ms is not None and fault in self._tried:
            self._tried[fault] = renewed(self._tried[fault], over_ms, now_ms)

    def _consider(self, row: FaultRecord, book: Playbook, switches: Switches, restarts: Restarts) -> None:
        situation = self._situation(row, restarts)
        following = next_step(book, situation, self.rates, self._facts.place(row), patient=True)
        if following is None:
            self.holding[row.fault] = "Every step was tried; a person has to look."
            return
        number, step = following
        why = guards.automatic(book, step, situation, switches)
        if why:
            self.holding[row.fault] = why
            return
        self.holding.pop(row.fault, None)
        self._start(row, book, number, step, by=BY, automatic=True)

    async def next(self, fault: int, by: str, why: str = "", *, agreed: bool = False) -> None:
        """Take the next step of a fault's playbook for a person; returns once it has begun.

        Args:
            fault: which.
            by: who.
            why: why, if said.
            agreed: the person has seen who charges and wants it all the same.

        Raises:
            ForecourtError: nothing may be done, or nothing is left to do; the sentence says why.
        """
        row: FaultRecord | None = self._room.faults.row(fault)
        book = None if row is None else self.playbook(row)
        if row is None or book is None:
            raise ForecourtError(f"There is no playbook for fault {fault}.")
        if fault in self._unseen:
            # What its sessions would show need not be waited for by a person.
            self._working.pop(fault).cancel()
            self._tried[fault] = tuple(map(broken_off, self._tried.get(fault, ())))
        if fault in self._working:
            raise ForecourtError("A step is under way; wait for its end.")
        situation = self._situation(row, self._restarts())
        following = next_step(book, situation, self.rates, self._facts.place(row))
        if following is None:
            raise ForecourtError("Every step of the playbook was tried or does not fit; send a person.")
        number, step = following
        stop = guards.never(situation, step) or ("" if agreed else guards.charging(situation, step))
        if stop:
            raise ForecourtError(stop)
        self._start(row, book, number, step, by=by, automatic=False, why=why)

    def stop_work(self, fault: int) -> None:
        """Take no further step at a fault now; what was sent is seen to its end by the desk."""
        task = self._working.get(fault)
        if task is not None:
            task.cancel()

    def _start(
        self, row: FaultRecord, book: Playbook, number: int, step: Step, *,
        by: str, automatic: bool, why: str = "",
    ) -> None:  # fmt: skip
        self._set_to_work(row.fault, self._take(row, book, number, step, by, automatic, why))

    async def _take(
        self, row: FaultRecord, book: Playbook, number: int, step: Step, by: str, automatic: bool, why: str
    ) -> None:
        clock = self._room.clock
        one = Tried(number, step.do, clock.now_ms(), Result.RUNNING, automatic)
        before = without_waits(self._tried.get(row.fault, ()))
        self._tried[row.fault] = (*before, one)
        beside = [f for f in self._standing(row.station) if f.fault != row.fault]
        worries = len(beside)
        await self._tell(row, book, one, step.says, f"running: {step.do}", by, why)
        try:
            refused = await self._hands.send(row, step, by, automatic)
        except ForecourtError as error:
            one = replace(one, result=Result.PASSED_OVER, text=str(error))
        else:
            # A lock that did not open was moved all the same, which may be what it needed.
            if refused and step.do != "unlock":
                result = Result.REFUSED
            else:
                result = await self._watch(row, step, worries, clock.now_ms())
                # That it did not open is told as a fault of its own, which is nothing new.
                result = Result.NO_CHANGE if refused and result is Result.WORSE else result
            one = replace(one, result=result, text=refused)
        one = replace(one, ended_ms=clock.now_ms())
        self._tried[row.fault] = (*before, one)
        await self._ended(row, book, one, by)
        if one.result in TRIED and step.do in ACTING:
            for other in beside:
                if step.do in WHOLE_STATION or other.evse == row.evse:
                    await self._mended_beside(other, one, by)

    async def _mended_beside(self, before: FaultRecord, one: Tried, by: str) -> None:
        """A restart for one fault that ended another of the station is a step taken for that too."""
        until = self._room.clock.now_ms() + BESIDE_MS
        while self._room.faults.settling(before.fault) and self._room.clock.now_ms() < until:
            await self._room.clock.sleep(WATCH_S)
        row, book = self._room.faults.row(before.fault), self.playbook(before)
        if row is None or book is None or row.cleared_ms is None or before.fault in self._working:
            return
        number = next((n for n, step in enumerate(book.step) if step.do == one.do), None)
        if number is None or row.cleared_ms < one.at_ms:
            return
        also = replace(one, number=number, result=Result.MENDED, text="")
        self._tried[before.fault] = (*self._tried.get(before.fault, ()), also)
        await self._ended(row, book, also, by)

    def _settle(self, fault: int) -> None:
        tried = self._tried.get(fault, ())
        self._tried[fault] = tuple(replace(one, settled=True) for one in tried)

    async def _ended(self, row: FaultRecord, book: Playbook, one: Tried, by: str) -> None:
        place = self._facts.place(row)
        if one.result is Result.MENDED:
            ended = self._room.faults.row(row.fault)
            self._away[row.fault] = (ended and ended.cleared_ms) or self._room.clock.now_ms()
            # A session may have begun before the off-delay was over.
            told = written(book.id, one, place)
            self._proofs.await_(Mended(row.fault, row.station, row.evse, one.at_ms, told))
        else:
            self.rates.learn(Learned(book.id, one.do, place.code, place.vendor, place.firmware, one.result))
        await self._tell(row, book, one, *in_words(one), by)
        good = self._good.pop(row.fault, None)
        if good is not None and one.result is Result.MENDED:
            # The fault ended because sessions were good again: what would prove it has come already.
            self._proofs.hear(good)

    async def _watch(self, row: FaultRecord, step: Step, worries: int, begun_ms: int) -> Result:
        """Wait until the fault is gone, or the step's time is over.

        A condition that ended in that time and only has to stay away for its off-delay is waited for.
        Where the next sessions have to show it, two that fail end the waiting, and others are helped
        meanwhile.
        """
        clock, slowly = self._room.clock, step.shown_by == "sessions"
        until = begun_ms + step.wait_s * 1000
        if slowly:
            self._failing[row.fault] = Failing(row.station, row.evse, begun_ms, self._proofs.yardstick)
            self._unseen.add(row.fault)
        try:
            while True:
                now = self._room.faults.row(row.fault)
                if now is None or now.cleared_ms is not None or now.closed_ms is not None:
                    return Result.MENDED
                failed = slowly and self._failing[row.fault].enough
                if (failed or clock.now_ms() >= until) and not self._room.faults.settling(row.fault):
                    break
                await clock.sleep(SLOW_WATCH_S if slowly else WATCH_S)
        finally:
            self._unseen.discard(row.fault)
            failing = self._failing.pop(row.fault, None)
            if failing is not None and failing.good is not None:
                self._good[row.fault] = failing.good
        # What only sessions show is seen late: what else befell the station by then says nothing of it.
        return (
            Result.WORSE
            if not slowly and len(self._standing(row.station)) - 1 > worries
            else Result.NO_CHANGE
        )

    def _standing(self, station: str) -> list[FaultRecord]:
        return [f for f in self._room.faults.open() if f.station == station and f.cleared_ms is None]

    # -- proof -----------------------------------------------------------------------------------

    def hear(self, record: Record, at_ms: int) -> None:
        """A record was committed: a session proves what was mended, or speaks against it."""
        if isinstance(record, SessionRecord):
            self._proofs.hear(record)
            for failing in self._failing.values():
                failing.hear(record)

    # -- the fault's timeline --------------------------------------------------------------------

    async def _tell(
        self, row: FaultRecord, book: Playbook, one: Tried, text: str, word: str, by: str, why: str = ""
    ) -> None:
        step = written(book.id, one, self._facts.place(row))
        fields = {"text": text, "word": word, "automatic": one.automatic, "step": step}
        await self._act(row.fault, fields, by, why)

    async def _act(self, fault: int, fields: Mapping[str, Any], by: str, why: str = "") -> None:
        try:
            await self._room.do(Asked(ActOnFault(fault, "recovery", fields), by, why))
        except ForecourtError as error:
            log.warning("fault %s: its recovery could not be written down: %s", fault, error)

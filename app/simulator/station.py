"""A station that lives by itself on a real socket: its life, its queue, its retries and its redialling."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from app.clock import Clock, SystemClock, Timer
from app.simulator import ailments
from app.simulator.life import Life
from app.simulator.link import Refused, SimLink, Unanswered
from app.simulator.network import StationPlan
from app.simulator.obedience import Obedience
from app.simulator.quirky import NORMAL, Habits
from app.simulator.scripted import speech_of
from app.simulator.speech import Message, Tx
from app.simulator.wire import CallFailed, Payload
from app.tasks import spawn

log = logging.getLogger("forecourt.simulator")

ATTEMPTS = 3
"""How often a transaction message is told that the server answers with an error (1.6 section 3.7.1)."""
LONGEST_WAIT_S = 60.0


@dataclass(slots=True, eq=False)
class Letter:
    """A message under way. `tx` None: it is worth nothing once the link falls."""

    message: Message
    tx: Tx | None
    tries: int = 0


class Station:
    """One live station.

    Attributes:
        life: what happens at it. link: its socket. outbox: what waits to be told.
        answered: calls that the server answered; failed: those answered with an error, at last.
        connected: how often the link stood; refusal: why it does not, "" if it does.
        on_registered: called when the server accepts a boot.
    """

    def __init__(
        self,
        plan: StationPlan,
        url: str,
        rng: random.Random,
        *,
        clock: Clock | None = None,
        habits: Habits = NORMAL,
        life: Life | None = None,
        pace: float = 1.0,
        floor: float = 0.0,
        sample_s: tuple[float, float] = (60.0, 30.0),
    ) -> None:
        self.plan = plan
        self.clock: Clock = clock or SystemClock()
        self.rng = rng
        self.habits = habits if life is None or habits is not NORMAL else life.habits
        self.life = life or Life(plan, self, rng, pace=pace, floor=floor, sample_s=sample_s)
        self.life.uplink = self
        self.life.began = ailments.started
        self.life.habits = habits = self.habits
        self.life.first_sample_s = 3.0
        self.life.speech = speech_of(plan.version, habits)
        self._held: list[Letter] = []
        self._frozen: set[int] = set()
        self.life.skew_ms += habits.clock_offset_ms
        self.obedience = Obedience(self.life, self.clock, self.wake)
        self.link = SimLink(
            url,
            plan.identity,
            version=plan.version,
            habits=habits,
            clock=self.clock,
            answerer=self.obedience.answer,
            patience_s=30,
        )
        self.link.on_closed = self._fell
        self.outbox: deque[Letter] = deque()
        self._registers_wh = 0.0
        self.answered = 0
        self.failed = 0
        self.connected = 0
        self.refusal = ""
        self.registered = False
        self.on_registered: Callable[[], None] | None = None
        self._interval_s = 300.0
        self._timer: Timer | None = None
        self._heartbeat: Timer | None = None
        self._dialling = False
        self._stopped = False
        self._something = asyncio.Event()
        self._quiet = asyncio.Event()
        self._boot_now = asyncio.Event()
        self.obedience.quiet = self._quiet.set

    # running

    def start(self) -> None:
        """Begin; needs a running loop."""
        self._registers_wh = sum(o.register_wh for o in self.life.outlets)
        spawn(self._tell(), name=f"sim {self.plan.identity} teller")
        self.wake()

    async def farewell(self, within_s: float = 5.0) -> None:
        """Let the cars leave and tell it, so that no session stays open on the server."""
        if not self.link.online:
            return
        now = self.clock.now_ms()
        for outlet in self.life.outlets:
            stay = outlet.stay
            if stay is not None:
                self.life.finish(now, outlet, "Local", stay.visit.token)
                self.life.depart(now, outlet, stay)
        try:
            async with asyncio.timeout(within_s):
                await self.idle()
        except TimeoutError:
            log.info("%s leaves with %d messages untold", self.plan.identity, len(self.outbox))

    async def stop(self) -> None:
        """End: no more events, the socket closed."""
        self._stopped = True
        for timer in (self._timer, self._heartbeat):
            if timer is not None:
                timer.cancel()
        self._something.set()
        self._boot_now.set()
        self.link.on_closed = None
        await self.link.close()

    async def idle(self) -> None:
        """Wait until there is nothing left to tell, or no link to tell it on, and no file on the wire."""
        while self._dialling or self.obedience.transfers or (self.outbox and self.link.online):
            self._quiet.clear()
            await self._quiet.wait()

    def wake(self) -> None:
        """Let what is due happen, and set the alarm for what comes next."""
        if self._stopped:
            return
        if self._timer is not None:
            self._timer.cancel()
        now = self.clock.now_ms()
        self.life.run(now)
        due = self.life.next_ms
        wait_s = 3600.0 if due is None else max(0.0, (due - now) / 1000)
        self._timer = self.clock.call_later(min(wait_s, 3600.0), self.wake)

    def energy_wh(self) -> float:
        """What went over its meters since it began, in Wh: the truth."""
        now = self.clock.now_ms()
        for outlet in self.life.outlets:
            outlet.flow(now)
        return sum(o.register_wh for o in self.life.outlets) - self._registers_wh

    # the life's uplink

    def say(self, at_ms: int, message: Message, tx: Tx | None = None) -> None:
        if tx is None and not self.link.online:
            return
        if tx is not None and not self.life.online and message[0] == "TransactionEvent":
            message[1]["offline"] = True
        for letter in self._played(Letter(message, tx)):
            self.outbox.append(letter)
        limit = self.habits.queue_limit
        if limit is not None and not self.link.online and len(self.outbox) > limit:
            self.outbox.popleft()
        self._something.set()
        if message[0] == "BootNotification":
            self._boot_now.set()

    def _played(self, letter: Letter) -> list[Letter]:
        """What the station's habits make of a message: nothing, itself, or what was held back too."""
        habits = self.habits
        action, payload = letter.message
        kind = payload.get("eventType", action)
        if kind in ("Ended", "StopTransaction"):
            held, self._held = [x for x in self._held if x.tx is letter.tx], []
            return [*([] if habits.never_stops else [letter]), *reversed(held)]
        if kind == "Started" and habits.loses_started:
            return []
        if kind == "Updated" and habits.shuffles_events and len(self._held) < 2:
            self._held.append(letter)
            return []
        if action == "StatusNotification" and habits.frozen_status:
            evse = payload.get("connectorId" if "status" in payload else "evseId", 0)
            if evse in self._frozen:
                return []
            if payload.get("status", payload.get("connectorStatus")) == habits.frozen_status:
                self._frozen.add(evse)
        return [letter]

    def drop(self, at_ms: int, cause: str) -> None:
        self.link.on_closed, heard = None, self.link.on_closed
        self.link.drop()
        self.link.on_closed = heard
        self._forget()

    def connect(self, at_ms: int) -> bool:
        if self.link.online:
            return True
        if not self._dialling:
            self._dialling = True
            spawn(self._dial(), name=f"sim {self.plan.identity} dialler")
        return False

    def flush(self, at_ms: int) -> None:
        if self.habits.queue_order == "last-first":
            self.outbox = deque(sorted(self.outbox, key=lambda letter: letter.tx is not None))
            kept = [letter for letter in self.outbox if letter.tx is not None]
            self.outbox = deque([x for x in self.outbox if x.tx is None] + kept[::-1])
        elif any(letter.tx is None for letter in self.outbox):
            boots = [letter for letter in self.outbox if letter.tx is None]
            self.outbox = deque(boots + [letter for letter in self.outbox if letter.tx is not None])
        self._something.set()

    # the socket

    async def _dial(self) -> None:
        """Redial with growing, jittered pauses until the link stands or the radio is dead again."""
        tries = 0
        try:
            while not self._stopped and not self.life.online:
                if self.clock.now_ms() < self.life.dark_until_ms:
                    return  # the life calls again when the radio is back
                try:
                    await self.link.connect()
                except Refused as refusal:
                    tries += 1
                    self.refusal = str(refusal)
                    pause = min(LONGEST_WAIT_S, 1.5 * 2 ** min(tries, 6)) * self.rng.uniform(0.5, 1.2)
                    await self.clock.sleep(pause)
                    continue
                if self._stopped:
                    await self.link.close()
                    return
                self.refusal = ""
                self.connected += 1
                self.life.joined(self.clock.now_ms())
                self._beat_later()
                return
        finally:
            self._dialling = False
            self._quiet.set()

    def _fell(self) -> None:
        """The link went without our doing."""
        self._forget()
        if self._stopped:
            return
        now = self.clock.now_ms()
        self.life.online = False
        self.clock.call_later(
            self.rng.uniform(0.5, 4.0), lambda: self.life.rejoin(max(now, self.clock.now_ms()))
        )

    def _forget(self) -> None:
        """What is worth nothing later is not kept."""
        self.outbox = deque(letter for letter in self.outbox if letter.tx is not None)
        self._boot_now.set()
        if self._heartbeat is not None:
            self._heartbeat.cancel()

    def _beat_later(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        self._heartbeat = self.clock.call_later(self._interval_s * self.rng.uniform(0.9, 1.0), self._beat)

    def _beat(self) -> None:
        if self.link.online and not self._stopped:
            self.say(self.clock.now_ms(), self.life.speech.heartbeat())
            self._beat_later()

    # telling

    async def _tell(self) -> None:
        while not self._stopped:
            if not self.outbox or not self.link.online:
                self._quiet.set()
                self._something.clear()
                await self._something.wait()
                continue
            await self._tell_one(self.outbox[0])

    async def _tell_one(self, letter: Letter) -> None:
        action, payload = letter.message
        tx = letter.tx
        if tx is not None and payload.get("transactionId") == -1 and tx.number is not None:
            payload["transactionId"] = tx.number
        if action == "BootNotification" and not self.habits.boots:
            self._done(letter)
            return
        try:
            answer: Payload = await self.link.call(action, payload)
            for _ in range(self._times(action, payload) - 1):
                answer = await self.link.call(action, payload)
        except Unanswered:
            letter.tries += 1
            if tx is None:
                self._done(letter)
            if self.link.online:
                await self.clock.sleep(min(LONGEST_WAIT_S, 2.0**letter.tries) * self.rng.uniform(0.7, 1.1))
        except CallFailed:
            letter.tries += 1
            if tx is None or letter.tries >= ATTEMPTS:
                self.failed += 1
                self._done(letter)
            else:
                await self.clock.sleep(min(LONGEST_WAIT_S, 2.0**letter.tries))
        else:
            self.answered += 1
            self._done(letter)
            await self._heard(action, payload, tx, answer)

    def _times(self, action: str, payload: Payload) -> int:
        kind = payload.get("eventType", action)
        if kind in ("StartTransaction", "Started"):
            return self.habits.start_times
        return self.habits.stop_times if kind in ("StopTransaction", "Ended") else 1

    def _done(self, letter: Letter) -> None:
        if letter in self.outbox:
            self.outbox.remove(letter)

    async def _heard(self, action: str, payload: Payload, tx: Tx | None, answer: Payload) -> None:
        if action == "BootNotification":
            interval = answer.get("interval")
            if isinstance(interval, int) and interval > 0:
                self._interval_s = float(interval)
            self.registered = answer.get("status") == "Accepted"
            if self.registered:
                self._beat_later()
                if self.on_registered is not None:
                    self.on_registered()
            else:  # Pending or Rejected: nothing but another boot, after the interval or when asked for
                self._boot_now.clear()
                timer = self.clock.call_later(self._interval_s, self._boot_now.set)
                await self._boot_now.wait()
                timer.cancel()
                if self.link.online and not any(x.message[0] == action for x in self.outbox):
                    self.outbox.appendleft(Letter((action, payload), None))
            return
        if action == "StartTransaction" and tx is not None and "transactionId" in answer:
            tx.number = int(answer["transactionId"])
        verdict = answer.get("idTagInfo") or answer.get("idTokenInfo")
        if isinstance(verdict, dict) and verdict.get("status") not in ("Accepted", "ConcurrentTx", None):
            self.life.card_refused(self.clock.now_ms(), self._token(payload), tx)
            self.wake()

    @staticmethod
    def _token(payload: Payload) -> str:
        token = payload.get("idToken")
        return str(token.get("idToken", "")) if isinstance(token, dict) else str(payload.get("idTag", ""))

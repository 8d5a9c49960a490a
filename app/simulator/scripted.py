"""A station that does what a test or a script tells it, word by word, over a real socket.

    async with SimStation(url, "DEPOT-7", version="1.6") as s:
        await s.boot()
        await s.status(1, "Available")
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=1000)
        await car.sample(meter_wh=4000, power_w=7200)
        await car.leave(meter_wh=8500)

Transaction messages said while the link is down wait in a queue and leave, in the queue's order,
at `come_back()`. In 2.x, `connector` n is EVSE n, connector 1.
"""

import random
import ssl as tls
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from app.clock import Clock
from app.simulator.answers import obliging
from app.simulator.link import Answer, SimLink, Unanswered
from app.simulator.quirky import NORMAL, Habits
from app.simulator.speech import Card, Gauge, Message, Speech, Tx
from app.simulator.speech2x import Speech2x
from app.simulator.speech16 import Speech16
from app.simulator.wire import NotUnderstood, Payload

Reply = Payload | NotUnderstood | Callable[[Payload], Payload]
QUEUED = frozenset({"StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"})
"""What a station keeps for later when it is offline (1.6 section 3.7.1, 2.x E04)."""


def speech_of(version: str, habits: Habits = NORMAL) -> Speech:
    """The words of `version` ("1.6", "2.0.1", "2.1")."""
    return Speech16(habits) if version == "1.6" else Speech2x(version, habits)


class SimStation(SimLink):
    """A scripted station. See the module for its way of use.

    Attributes:
        answers: what it answers to a CALL, by action: a payload, a function of the request, or
            `NotUnderstood(code)`. Actions not named here get an obliging answer.
        queue: messages that wait for the link.
    """

    def __init__(
        self,
        url: str,
        identity: str,
        *,
        version: str = "1.6",
        clock: Clock | None = None,
        habits: Habits = NORMAL,
        card: Card | None = None,
        password: str | None = None,
        ssl: tls.SSLContext | None = None,
        patience_s: float = 10,
        seed: int = 1,
    ) -> None:
        super().__init__(
            url,
            identity,
            version=version,
            habits=habits,
            clock=clock,
            ssl=ssl,
            answerer=self._reply,
            patience_s=patience_s,
            credentials=None if password is None else f"{identity}:{password}".encode(),
        )
        self.card = card or Card(serial=f"SN-{identity}")
        self.speech: Speech = speech_of(version, habits)
        self.answers: dict[str, Reply] = {}
        self.queue: list[tuple[Message, Car | None]] = []
        self.registration = ""
        self._frozen: dict[int, str] = {}
        self._events = 0
        self._rng = random.Random(seed)

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def now_ms(self) -> int:
        """The station's own clock, its offset included."""
        return self.clock.now_ms() + self.habits.clock_offset_ms

    # saying things

    async def say(self, message: Message) -> Payload:
        """Send one message of the speech and return its answer."""
        return await self.call(*message)

    async def boot(self, reason: str = "PowerUp") -> Payload:
        """BootNotification; the answer. `registration` holds its status."""
        if not self.habits.boots:
            return {}
        answer = await self.say(self.speech.boot(self.card, reason))
        self.registration = str(answer.get("status", ""))
        return answer

    async def reboot(self, reason: str = "PowerUp", *, boots: bool = True) -> None:
        """Lose the link, count ids from 1 again, come back and boot."""
        self.drop()
        self.restart_ids()
        await self.connect()
        if boots:
            await self.boot(reason)

    async def heartbeat(self) -> Payload:
        """Heartbeat."""
        return await self.say(self.speech.heartbeat())

    async def authorize(self, tag: str) -> Payload:
        """Authorize."""
        return await self.say(self.speech.authorize(tag))

    async def status(
        self,
        connector: int,
        status: str,
        error: str = "NoError",
        *,
        vendor_error: str = "",
        info: str = "",
        at_ms: int | None = None,
    ) -> None:
        """Tell a connector's status in 1.6's words; 0 is the station. 2.x adds NotifyEvent for an error."""
        frozen = self._frozen.get(connector)
        if frozen is not None:
            return
        if status == self.habits.frozen_status:
            self._frozen[connector] = status
        when = self.now_ms if at_ms is None else at_ms
        plug = 1 if connector else 0
        if self.speech.version == "1.6" or connector:
            await self.say(self.speech.status(connector, plug, status, when, error, vendor_error, info))
        if error not in ("", "NoError"):
            self._events += 1
            problem = self.speech.problem(connector, plug, when, error, vendor_error, False, self._events)
            if problem is not None:
                await self.say(problem)

    async def plug_in(
        self,
        connector: int = 1,
        tag: str = "ANNA",
        meter_wh: float = 0,
        *,
        at_ms: int | None = None,
        authorize: bool = True,
        statuses: bool = True,
        remote_start: int | None = None,
    ) -> "Car":
        """A car comes, its driver shows `tag`, and the transaction begins.

        1.6: Preparing, Authorize, StartTransaction, Charging; 2.x: Occupied, Authorize,
        TransactionEvent Started, Updated (Charging). Offline, only the transaction is queued.
        """
        tx = Tx(connector, 1, tag, str(uuid.UUID(int=self._rng.getrandbits(128), version=4)))
        tx.remote_start = remote_start
        car = Car(self, tx)
        when = self.now_ms if at_ms is None else at_ms
        if self.online:
            if statuses:
                await self.status(connector, "Preparing", at_ms=when)
            if authorize:
                await self.authorize(tag)
        await car.start(meter_wh, when)
        if self.online and statuses:
            await self.status(connector, "Charging", at_ms=when)
        return car

    # being away

    def go_offline(self) -> None:
        """The link falls and stays down; transaction messages queue."""
        self.drop()

    async def come_back(self) -> None:
        """End silence, or reconnect, then send what was queued."""
        self.speak_again()
        if not self.online:
            await self.connect()
        await self.flush()

    async def flush(self) -> None:
        """Send the queue in its order. A message that gets no answer stays first in it."""
        if self.habits.queue_order == "last-first":
            self.queue.reverse()
        elif self.habits.queue_order == "shuffled":
            self._rng.shuffle(self.queue)
        while self.queue:
            message, car = self.queue[0]
            await self._send_tx(message, car)
            del self.queue[0]

    async def transact(self, message: Message, car: "Car | None" = None) -> Payload | None:
        """Send a transaction message, or queue it while offline; its answer, None if queued."""
        if not self.online or self.queue:
            self._keep(message, car)
            return None
        try:
            return await self._send_tx(message, car)
        except Unanswered:
            self._keep(message, car)
            return None

    def _keep(self, message: Message, car: "Car | None") -> None:
        if message[0] == "TransactionEvent":
            message[1]["offline"] = True
        self.queue.append((message, car))
        limit = self.habits.queue_limit
        if limit is not None and len(self.queue) > limit:
            del self.queue[0]

    async def _send_tx(self, message: Message, car: "Car | None") -> Payload:
        action, payload = message
        real = None if car is None else car.tx.number
        if real is not None and payload.get("transactionId") == -1 and self.habits.stop_id is None:
            payload["transactionId"] = real  # a well-behaved station fills in what it learned since
        times = {"StartTransaction": self.habits.start_times, "StopTransaction": self.habits.stop_times}
        if action == "TransactionEvent":
            kind = payload["eventType"]
            times[action] = {"Started": self.habits.start_times, "Ended": self.habits.stop_times}.get(kind, 1)
        answer = await self.call(action, payload)
        for _ in range(times.get(action, 1) - 1):
            answer = await self.call(action, payload)
        if action == "StartTransaction" and car is not None:
            car.tx.number = int(answer["transactionId"])
            car.verdict = str(answer.get("idTagInfo", {}).get("status", ""))
        elif "idTokenInfo" in answer and car is not None:
            car.verdict = str(answer["idTokenInfo"].get("status", ""))
        return answer

    # being called

    def _reply(self, action: str, payload: Payload) -> Answer:
        chosen: Any = self.answers.get(action)
        if isinstance(chosen, NotUnderstood):
            raise chosen
        if callable(chosen):
            return dict(chosen(payload))
        if chosen is not None:
            return dict(chosen)
        return obliging(self.version, action, payload)


class Car:
    """A car at a connector, with its transaction.

    Attributes:
        verdict: the server's word on the driver's token ("Accepted", ...).
    """

    def __init__(self, station: SimStation, tx: Tx) -> None:
        self.station = station
        self.tx = tx
        self.verdict = ""
        self._held: list[Message] = []

    @property
    def transaction(self) -> int | str | None:
        """The transaction's id as the wire has it: the server's in 1.6, the station's in 2.x."""
        return self.tx.number if self.station.version == "1.6" else self.tx.uid

    async def start(self, meter_wh: float, at_ms: int | None = None) -> None:
        """Begin the transaction (`plug_in` does)."""
        station = self.station
        when = station.now_ms if at_ms is None else at_ms
        gauge = Gauge(meter_wh)
        message = station.speech.start(self.tx, when, gauge, "Authorized")
        if not station.habits.loses_started:
            await station.transact(message, self)
        charging = station.speech.state(self.tx, when, "Charging", "ChargingStateChanged", None)
        if charging is not None:
            await station.transact(charging, self)

    async def sample(
        self,
        meter_wh: float | None = None,
        power_w: float | None = None,
        soc: float | None = None,
        *,
        at_ms: int | None = None,
    ) -> Payload | None:
        """Read the meter; the answer, None if queued or held back."""
        station = self.station
        when = station.now_ms if at_ms is None else at_ms
        message = station.speech.sample(self.tx, when, Gauge(meter_wh, power_w, soc))
        if station.habits.shuffles_events and station.version != "1.6" and len(self._held) < 2:
            self._held.append(message)
            return None
        return await station.transact(message, self)

    async def suspend(self, by: str = "EV", at_ms: int | None = None) -> None:
        """Energy stops flowing; `by` is "EV" or "EVSE"."""
        await self._change(f"Suspended{by}", at_ms)

    async def resume(self, at_ms: int | None = None) -> None:
        """Energy flows again."""
        await self._change("Charging", at_ms)

    async def _change(self, state: str, at_ms: int | None) -> None:
        station = self.station
        when = station.now_ms if at_ms is None else at_ms
        message = station.speech.state(self.tx, when, state, "ChargingStateChanged", None)
        if message is not None:
            await station.transact(message, self)
        elif station.online:
            await station.status(self.tx.evse, state, at_ms=when)

    async def leave(
        self,
        meter_wh: float,
        *,
        reason: str = "EVDisconnected",
        tag: str = "",
        at_ms: int | None = None,
        statuses: bool = True,
    ) -> Payload | None:
        """End the transaction and drive away; the answer to the end, None if queued or not told."""
        station = self.station
        when = station.now_ms if at_ms is None else at_ms
        answer = None
        if not station.habits.never_stops:
            message = station.speech.stop(self.tx, when, Gauge(meter_wh), reason, tag)
            answer = await station.transact(message, self)
        for held in reversed(self._held):
            await station.transact(held, self)
        self._held.clear()
        if station.online and statuses:
            if station.version == "1.6":
                await station.status(self.tx.evse, "Finishing", at_ms=when)
            await station.status(self.tx.evse, "Available", at_ms=when)
        return answer

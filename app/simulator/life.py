"""What happens at one station: cars, meters and states, as a chain of events in time. No socket, no clock.

`Life` runs the same in two places. The demo's past drives it through ninety days in seconds; a
live station drives it with the real clock. What it wants to say goes to its `Uplink`, which
writes a row or sends a frame.

**Pace.** At pace 60 everything that people and mishaps do comes 60 times as fast, yet a message's
time is the real one, and power stays what the hardware can do. Energy must then obey
power x time, so each battery is 60 times smaller: a half-hour session of 60 kWh becomes
half a minute and 1 kWh. Nothing that is told breaks physics.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from typing import Any, Protocol

from app.simulator.causes import Cause
from app.simulator.demand import PROFILES, Arrivals, ambient_c
from app.simulator.drivers import Visit, plan_visit
from app.simulator.hardware import Fault, Outlet, Stay
from app.simulator.network import StationPlan
from app.simulator.quirky import NORMAL
from app.simulator.scripted import speech_of
from app.simulator.speech import Card, Gauge, Message, Tx


class Uplink(Protocol):
    """Where a station's words go."""

    def say(self, at_ms: int, message: Message, tx: Tx | None = None) -> None:
        """Tell the server now, or keep it for later if `tx` is given and the link is down."""

    def drop(self, at_ms: int, cause: str) -> None:
        """The link falls."""

    def connect(self, at_ms: int) -> bool:
        """Bring the link up; False where that takes time and ends in `Life.joined`."""

    def flush(self, at_ms: int) -> None:
        """Tell what was kept."""


class Life:
    """One station from `start` on.

    Attributes:
        outlets: its connectors in order.
        online: whether its link is up, as the station believes.
        first_sample_s: when a session's meter is read first; None: after a whole interval.
        boot_reason: why the next link begins with a boot; "" = it does not.
        skew_ms: how far its clock is wrong.
        start_fails, forgets_stops: share of starts that fail, of ends never told (a bad firmware).
        demand: factor on arrivals. stays_home: share of drivers who do not come (a holiday).
    """

    def __init__(
        self,
        plan: StationPlan,
        uplink: Uplink,
        rng: random.Random,
        *,
        pace: float = 1.0,
        floor: float = 0.0,
        sample_s: tuple[float, float] = (1800.0, 900.0),
    ) -> None:
        self.plan = plan
        self.uplink = uplink
        self.rng = rng
        self.pace = pace
        self.sample_s = sample_s
        self.habits = NORMAL
        self.speech = speech_of(plan.version)
        profile = PROFILES[plan.profile]
        self.outlets = [
            Outlet(p, Arrivals(profile, plan.zone, p.dc, pace, floor), float(rng.randrange(2_000, 4_000_000)))
            for p in plan.plugs
        ]
        self.firmware = plan.firmwares[0]
        self.online = False
        self.skew_ms = 0
        self.start_fails = 0.0
        self.forgets_stops = 0.0
        self.demand = 1.0
        self.stays_home = 0.0
        self.repeats_starts = False
        self.first_sample_s: float | None = None
        self.boot_reason = ""
        self.on_start: Callable[[int], None] | None = None
        self.began: Callable[[int, Life, Outlet, Stay], None] | None = None
        self.causes: list[Cause] = []
        self.ail: Cause | None = None
        self.dark_until_ms = 0
        self.heap: list[tuple[int, int, Callable[..., object], tuple[Any, ...]]] = []
        self._order = itertools.count()
        self._faults = itertools.count(1)

    # time

    @property
    def next_ms(self) -> int | None:
        """When something happens next."""
        return self.heap[0][0] if self.heap else None

    def run(self, until_ms: int) -> None:
        """Let everything happen that is due before or at `until_ms`."""
        heap = self.heap
        while heap and heap[0][0] <= until_ms:
            at, _, fn, args = heapq.heappop(heap)
            fn(at, *args)

    def at(self, at_ms: int, fn: Callable[..., object], *args: Any) -> None:
        """Call `fn(at_ms, *args)` then."""
        heapq.heappush(self.heap, (at_ms, next(self._order), fn, args))

    def later(self, now_ms: int, seconds: float, fn: Callable[..., object], *args: Any) -> None:
        """Call `fn` after `seconds` of a day at pace 1."""
        self.at(now_ms + max(1, int(seconds * 1000 / self.pace)), fn, *args)

    # saying

    def card(self) -> Card:
        """Who it says it is."""
        plan = self.plan
        return Card(plan.maker, plan.model, plan.serial, self.firmware, meter_type=f"{plan.maker} M1")

    def boot(self, at_ms: int, reason: str = "PowerUp") -> None:
        """Connect, introduce itself, tell what was kept and how its connectors are."""
        self.boot_reason = reason
        self.rejoin(at_ms)

    def rejoin(self, at_ms: int) -> None:
        """Bring the link up again; a boot only where one is due."""
        if not self.online and at_ms >= self.dark_until_ms and self.uplink.connect(at_ms):
            self.joined(at_ms)

    def joined(self, at_ms: int) -> None:
        """The link is up. What changed meanwhile is told with its present time."""
        self.online = True
        booting, self.boot_reason = self.boot_reason, ""
        if booting:
            if self.habits.register_resets == "boot":
                self.reset_registers()
            self.uplink.say(at_ms, self.speech.boot(self.card(), booting))
        self.uplink.flush(at_ms)
        for outlet in self.outlets:
            if booting or outlet.told != self._words(outlet):
                self.tell(at_ms, outlet, outlet.status, again=True)
            if outlet.fault is not None and (booting or not outlet.fault.told):
                self._tell_problem(at_ms, outlet)

    def begin(self, at_ms: int) -> None:
        """First boot, first arrivals."""
        self.boot(at_ms)
        for outlet in self.outlets:
            self.at(outlet.arrivals.next_ms(at_ms, self.rng, self.demand), self._arrive, outlet)

    def lose_link(self, at_ms: int, cause: str, until_ms: int = 0) -> None:
        """The link falls and cannot come back before `until_ms`; sessions go on."""
        self.dark_until_ms = max(self.dark_until_ms, until_ms)
        if self.online:
            self.online = False
            self.uplink.drop(at_ms, cause)

    def reset_registers(self) -> None:
        """The meters shown begin at 0 again; the truth goes on (Q51)."""
        for outlet in self.outlets:
            if outlet.stay is None or outlet.stay.tx is None:
                outlet.hidden_wh = outlet.register_wh

    def tell(self, at_ms: int, outlet: Outlet, status: str, *, again: bool = False) -> None:
        """Enter a status and tell it if it is new, or `again`."""
        outlet.status = status
        words = self._words(outlet)
        if (words == outlet.told and not again) or not self.online:
            return
        outlet.told = words
        fault = outlet.fault
        error, vendor = (fault.error, fault.vendor_error) if fault else ("", "")
        info = fault.info if fault else ""
        stamp = at_ms + self.skew_ms
        evse = outlet.plug.evse
        self.uplink.say(at_ms, self.speech.status(evse, 1, status, stamp, error, vendor, info))

    def _words(self, outlet: Outlet) -> str:
        if self.plan.version == "1.6":
            return f"{outlet.status}/{outlet.fault.vendor_error if outlet.fault else ''}"
        plain = outlet.status in ("Available", "Reserved", "Unavailable", "Faulted")
        return outlet.status if plain else "Occupied"

    def power_w(self) -> float:
        """What the whole station takes at this moment."""
        return sum(o.gauge().power_w or 0 for o in self.outlets if o.stay and o.stay.tx)

    # a visit

    def _arrive(self, at_ms: int, outlet: Outlet) -> None:
        self.at(outlet.arrivals.next_ms(at_ms, self.rng, self.demand), self._arrive, outlet)
        if not self.stays_home or self.rng.random() >= self.stays_home:
            self.arrive(at_ms, outlet)

    def arrive(self, at_ms: int, outlet: Outlet, visit: Visit | None = None) -> Stay | None:
        """A car comes; None where it finds no place and drives on."""
        blocked = outlet.fault is not None and outlet.fault.effect == "blocks"
        stuck = outlet.ail is not None and outlet.ail.kind == "stuck" and outlet.ail.hits > 0
        if outlet.stay is not None or blocked or not outlet.operative or outlet.deaf or stuck:
            told = blocked or not outlet.operative
            if outlet.ail is not None and outlet.stay is None and not told:
                outlet.ail.hits += 1
            return None
        if visit is None:
            visit = plan_visit(outlet.plug, outlet.arrivals.profile, self.plan.site, self.rng, self.pace)
        if outlet.reserved_for and outlet.reserved_for != visit.token:
            return None
        stay = outlet.stay = Stay(visit, ambient_c(self.plan.zone, at_ms))
        if visit.plugs_first:
            self.tell(at_ms, outlet, "Preparing")
        self.later(at_ms, visit.hesitates_s, self._show_card, outlet, stay, visit.tries)
        return stay

    def _show_card(self, at_ms: int, outlet: Outlet, stay: Stay, tries: int) -> None:
        if outlet.stay is not stay or stay.tx is not None:
            return
        fault = outlet.fault
        if stay.visit.gives_up or (fault is not None and fault.effect in ("blocks", "reader")):
            self.tell(at_ms, outlet, "Preparing")
            self.later(at_ms, self.rng.uniform(60, 240), self.depart, outlet, stay)
            return
        if self.online and self.rng.random() < 0.5:  # the others are in the authorisation cache
            self.uplink.say(at_ms, self.speech.authorize(stay.visit.token))
        if tries > 1:
            self.later(at_ms, self.rng.uniform(5, 15), self._show_card, outlet, stay, tries - 1)
            return
        self.tell(at_ms, outlet, "Preparing")
        self.later(at_ms, self.rng.uniform(3, 12), self._start, outlet, stay)

    def _start(self, at_ms: int, outlet: Outlet, stay: Stay) -> None:
        if outlet.stay is not stay or stay.tx is not None:
            return
        if self.ail is not None and self.ail.kind == "refuses":
            self.at(at_ms, self._try_again, outlet, stay, 3)
            return
        if stay.refused:
            self.later(at_ms, self.rng.uniform(20, 90), self.depart, outlet, stay)
            return
        if outlet.fault is None and self.rng.random() < self.start_fails:
            fault = self.break_down(
                at_ms, outlet, "EVCommunicationError", "HANDSHAKE", "derates", "no handshake", "firmware"
            )
            self.later(at_ms, self.rng.uniform(60, 240), self.depart, outlet, stay)
            self.later(at_ms, self.rng.uniform(250, 400), self.mend, outlet, fault)
            return
        self.start(at_ms, outlet, stay)

    def _try_again(self, at_ms: int, outlet: Outlet, stay: Stay, times: int) -> None:
        """The card is read and nothing starts: its driver shows it a few times more, and goes."""
        if outlet.stay is not stay:
            return
        if times == 0:
            if self.ail is not None:
                self.ail.hits += 1
            self.later(at_ms, self.rng.uniform(20, 90), self.depart, outlet, stay)
            return
        if self.online:
            self.uplink.say(at_ms, self.speech.authorize(stay.visit.token))
        self.later(at_ms, self.rng.uniform(15, 50), self._try_again, outlet, stay, times - 1)

    def start(self, at_ms: int, outlet: Outlet, stay: Stay, remote: int | None = None) -> Tx:
        """The session begins."""
        if self.habits.register_resets == "session":
            outlet.hidden_wh = outlet.register_wh
        stamp = at_ms + self.skew_ms
        uid = f"{self.rng.getrandbits(128):032x}"
        tx = Tx(outlet.plug.evse, 1, stay.visit.token, uid, offline=not self.online, remote_start=remote)
        if outlet.reserved_for:
            tx.reservation, outlet.reservation, outlet.reserved_for = outlet.reservation, None, ""
        stay.tx, stay.since_ms, stay.began_ms = tx, at_ms, at_ms
        uplink, speech = self.uplink, self.speech
        trigger = "RemoteStart" if remote is not None else "Authorized"
        message = speech.start(tx, stamp, Gauge(outlet.shown_wh), trigger)
        uplink.say(at_ms, message, tx)
        if self.repeats_starts and self.rng.random() < 0.3:
            uplink.say(at_ms + 4000, message, tx)
        begun = speech.state(tx, stamp, "Charging", "ChargingStateChanged", None)
        if begun is not None:
            uplink.say(at_ms, begun, tx)
        self.tell(at_ms, outlet, "Charging")
        first_ms = self._sample_ms(outlet) if self.first_sample_s is None else int(self.first_sample_s * 1000)
        self.at(at_ms + first_ms, self._sample, outlet, stay)
        self.foresee(at_ms, outlet, stay)
        self.later(at_ms, stay.visit.stays_s, self._leave, outlet, stay)
        if self.on_start is not None:
            self.on_start(at_ms)
        if self.began is not None:
            self.began(at_ms, self, outlet, stay)
        return tx

    def foresee(self, at_ms: int, outlet: Outlet, stay: Stay) -> None:
        """Plan the moment the driver's wish is met, at the present limit."""
        left = stay.visit.charge.seconds_left(outlet.limit, stay.ambient_c)
        if left is not None:
            self.at(at_ms + int(left * 1000) + 500, self._full, outlet, stay)

    def _sample_ms(self, outlet: Outlet) -> int:
        return int(self.sample_s[outlet.plug.dc] * 1000)

    def _sample(self, at_ms: int, outlet: Outlet, stay: Stay) -> None:
        if outlet.stay is not stay or stay.tx is None or stay.full_told:
            return
        outlet.flow(at_ms)
        message = self.speech.sample(stay.tx, at_ms + self.skew_ms, outlet.gauge())
        self.uplink.say(at_ms, message, stay.tx)
        self.at(at_ms + self._sample_ms(outlet), self._sample, outlet, stay)

    def _full(self, at_ms: int, outlet: Outlet, stay: Stay) -> None:
        if outlet.stay is not stay or stay.tx is None or stay.full_told:
            return
        outlet.flow(at_ms)
        if not stay.visit.charge.full:  # a limit came between
            self.foresee(at_ms, outlet, stay)
            return
        stay.full_told = True
        state = self.speech.state(
            stay.tx, at_ms + self.skew_ms, "SuspendedEV", "ChargingStateChanged", outlet.gauge()
        )
        if state is not None:
            self.uplink.say(at_ms, state, stay.tx)
        if outlet.plug.dc:
            self.later(at_ms, self.rng.uniform(20, 400), self._leave, outlet, stay)
        else:
            self.tell(at_ms, outlet, "SuspendedEV")

    def _leave(self, at_ms: int, outlet: Outlet, stay: Stay) -> None:
        if outlet.stay is not stay or stay.tx is None:
            return
        card = stay.visit.stops_by_card
        self.finish(at_ms, outlet, "Local" if card else "EVDisconnected", stay.visit.token if card else "")

    def finish(self, at_ms: int, outlet: Outlet, reason: str, token: str = "") -> None:
        """The session ends; the car goes a little later."""
        stay = outlet.stay
        if stay is None or stay.tx is None:
            return
        outlet.flow(at_ms)
        gauge = Gauge(outlet.shown_wh)
        stop = self.speech.stop(stay.tx, at_ms + self.skew_ms, gauge, reason, token)
        if not self.forgets_stops or self.rng.random() >= self.forgets_stops:
            self.uplink.say(at_ms, stop, stay.tx)
        stay.tx = None
        self.tell(at_ms, outlet, "Finishing")
        gone_s = self.rng.uniform(3, 12) if reason == "EVDisconnected" else self.rng.uniform(20, 150)
        self.later(at_ms, gone_s, self.depart, outlet, stay)

    def depart(self, at_ms: int, outlet: Outlet, stay: Stay) -> None:
        """The car is gone."""
        if outlet.stay is not stay:
            return
        outlet.stay = None
        if outlet.ail is not None and outlet.ail.kind == "stuck":
            outlet.ail.hits += 1
            return
        self.tell(at_ms, outlet, self.resting(outlet))

    def card_refused(self, at_ms: int, token: str, tx: Tx | None) -> None:
        """The server did not accept a card: no start, or the end of what was started with it."""
        for outlet in self.outlets:
            stay = outlet.stay
            if stay is None:
                continue
            if tx is not None and stay.tx is tx:
                self.finish(at_ms, outlet, "DeAuthorized")
            elif tx is None and stay.tx is None and stay.visit.token == token:
                stay.refused = True

    def resting(self, outlet: Outlet) -> str:
        """The status of an outlet without a car."""
        if outlet.retiring:
            outlet.operative, outlet.retiring = False, False
        if outlet.fault is not None and outlet.fault.effect == "blocks":
            return "Faulted"
        if not outlet.operative:
            return "Unavailable"
        return "Reserved" if outlet.reserved_for else "Available"

    # faults

    def break_down(
        self,
        at_ms: int,
        outlet: Outlet,
        error: str,
        vendor_error: str,
        effect: str,
        info: str = "",
        key: str = "",
    ) -> Fault:
        """Something breaks. A blocking fault ends the session."""
        cause = Cause(key or error, self.plan.site, self.plan.identity, outlet.plug.evse, at_ms, detail=error)
        self.causes.append(cause)
        fault = Fault(key or error, error, vendor_error, effect, next(self._faults), info, cause)
        if effect == "blocks" and outlet.stay is not None:
            stay = outlet.stay
            if stay.tx is not None:
                self.finish(at_ms, outlet, "Other")
            outlet.stay = None
        else:
            outlet.flow(at_ms)
        outlet.fault = fault
        self.tell(at_ms, outlet, "Faulted" if effect == "blocks" else outlet.status)
        self._tell_problem(at_ms, outlet)
        return fault

    def _tell_problem(self, at_ms: int, outlet: Outlet) -> None:
        """The event of what is broken, where the version has one."""
        fault = outlet.fault
        if fault is None or not self.online:
            return
        fault.told, stamp = True, at_ms + self.skew_ms
        problem = self.speech.problem(
            outlet.plug.evse, 1, stamp, fault.error, fault.vendor_error, False, fault.number
        )
        if problem is not None:
            self.uplink.say(at_ms, problem)

    def mend(self, at_ms: int, outlet: Outlet, fault: Fault | None = None) -> None:
        """The fault is over; None = whichever there is."""
        now = outlet.fault
        if now is None or (fault is not None and now is not fault):
            return
        outlet.flow(at_ms)
        outlet.fault = None
        if now.cause is not None and now.cause.end_ms is None:
            now.cause.end_ms, now.cause.ended_by = at_ms, "itself"
        self.tell(at_ms, outlet, outlet.status if outlet.stay else self.resting(outlet))
        if self.online:
            stamp = at_ms + self.skew_ms
            cleared = self.speech.problem(
                outlet.plug.evse, 1, stamp, now.error, now.vendor_error, True, now.number
            )
            if cleared is not None:
                self.uplink.say(at_ms, cleared)

"""What a live station does when the server calls: the verbs, whatever the version. They act on its life."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from app.clock import Clock
from app.simulator import ailments, orders2x, orders16, reports2x
from app.simulator.answers import obliging
from app.simulator.configuration import Configuration
from app.simulator.demand import PROFILES
from app.simulator.drivers import plan_visit
from app.simulator.errands import Update, Upload
from app.simulator.hardware import Outlet
from app.simulator.life import Life
from app.simulator.link import Answer
from app.simulator.notebook import Notebook
from app.simulator.profiles import Profiles, Running, read_profile
from app.simulator.speech import Message
from app.simulator.wire import Payload

FORESIGHT_MS = 7 * 86_400_000


STEPS = {
    "TriggerMessage": "trigger-status",
    "ExtendedTriggerMessage": "trigger-status",
    "SendLocalList": "send-list",
    "ChangeConfiguration": "send-configuration",
    "SetVariables": "send-configuration",
}
"""Which step of recovery an action is to what ails a station."""


class Obedience:
    """The station's hands. `wake` lets the life go on after a change.

    Attributes:
        settings: what can be read and changed. list_version, listed: the local list.
        profiles: charging profiles. notes: display texts, monitors and whatever else it was told.
        update: how many firmware updates were ordered; only the newest goes on.
        tls: how it checks https servers; None trusts what the system trusts.
        transfers: files that are on the wire just now. quiet: told when one no longer is.
    """

    def __init__(self, life: Life, clock: Clock, wake: Callable[[], None]) -> None:
        self.life = life
        self.clock = clock
        self.wake = wake
        self.settings = Configuration(life.plan)
        self.list_version = 0
        self.listed: set[str] = set()
        self.profiles = Profiles()
        self.notes = Notebook()
        self.update = 0
        self.tls: ssl.SSLContext | None = None
        self.transfers = 0
        self.quiet: Callable[[], None] = lambda: None
        life.on_start = self._session_began

    @property
    def now(self) -> int:
        """ms UTC of the true clock; what is told adds the station's skew."""
        return self.clock.now_ms()

    def answer(self, action: str, payload: Payload) -> Answer:
        """The answer to a CALL, its effect begun.

        Raises:
            NotUnderstood: an action this version does not know.
        """
        version = self.life.plan.version
        orders = orders16.ORDERS if version == "1.6" else orders2x.ORDERS | reports2x.ORDERS
        idle = self.life.habits.idle_on
        order = None if action in idle or "*" in idle else orders.get(action)
        step = STEPS.get(action)
        if step is not None and order is not None:
            ailments.treat(self.now, self.life, step)
        answer = obliging(version, action, payload) if order is None else order(self, payload)
        self.clock.call_later(0, self.wake)
        return answer

    @contextmanager
    def on_the_wire(self) -> Iterator[None]:
        """A file is being moved."""
        self.transfers += 1
        try:
            yield
        finally:
            self.transfers -= 1
            self.quiet()

    # finding

    def outlet(self, evse: int) -> Outlet | None:
        """The outlet of this EVSE; None where there is none."""
        return next((o for o in self.life.outlets if o.plug.evse == evse), None)

    def in_transaction(self, transaction: int | str) -> Outlet | None:
        """The outlet where this transaction runs."""
        for outlet in self.life.outlets:
            tx = outlet.stay.tx if outlet.stay else None
            if tx is not None and transaction in (tx.number, tx.uid):
                return outlet
        return None

    def busy(self) -> bool:
        """Whether any transaction runs."""
        return any(o.stay is not None and o.stay.tx is not None for o in self.life.outlets)

    # doing

    def reset(self, *, hard: bool, when_idle: bool = False) -> str:
        """Reboot now, or once nobody charges."""
        if when_idle and self.busy():
            self.life.at(self.now + 2_000, self._reset_when_idle)
            return "Scheduled"
        self.life.at(self.now + 500, self._reboot, "HardReset" if hard else "SoftReset")
        return "Accepted"

    def _reset_when_idle(self, at_ms: int) -> None:
        if self.busy():
            self.life.at(at_ms + 2_000, self._reset_when_idle)
        else:
            self._reboot(at_ms, "SoftReset")

    def _reboot(self, at_ms: int, reason: str) -> None:
        if self.life.habits.forgets_settings:
            self.settings = Configuration(self.life.plan)
        away_s = 12 * self.life.pace  # a real restart takes its time, however fast the people are
        step = "hard-reset" if reason == "HardReset" else "soft-reset"
        ailments.reboot(at_ms, self.life, "RemoteReset", away_s, reason16=reason, step=step)

    def availability(self, evse: int, operative: bool) -> str:
        """Take an outlet (0 = all) out of use or back."""
        outlets = self.life.outlets if evse == 0 else [o for o in self.life.outlets if o.plug.evse == evse]
        if not outlets:
            return "Rejected"
        scheduled = False
        for outlet in outlets:
            if not operative and outlet.stay is not None and outlet.stay.tx is not None:
                outlet.retiring = scheduled = True
                continue
            back = operative and not outlet.operative
            outlet.operative, outlet.retiring = operative, False
            if back:
                ailments.treat(self.now, self.life, "out-and-back", outlet.plug.evse)
            if outlet.stay is None or not operative:
                self.life.at(self.now + 200, self._show, outlet)
        return "Scheduled" if scheduled else "Accepted"

    def _show(self, at_ms: int, outlet: Outlet) -> None:
        self.life.tell(at_ms, outlet, self.life.resting(outlet), again=True)

    def remote_start(self, evse: int | None, token: str, remote: int | None = None) -> str:
        """Start for somebody: the car that waits, or one that comes soon."""
        for outlet in self.life.outlets:
            if evse not in (None, outlet.plug.evse):
                continue
            broken = outlet.fault is not None and outlet.fault.effect == "blocks"
            charging = outlet.stay is not None and outlet.stay.tx is not None
            reserved = bool(outlet.reserved_for) and outlet.reserved_for != token
            if broken or charging or reserved or not outlet.operative or outlet.deaf:
                continue
            wait_ms = 1_500 if outlet.stay is not None else 4_000
            self.life.at(self.now + wait_ms, self._start_remotely, outlet, token, remote)
            return "Accepted"
        return "Rejected"

    def _start_remotely(self, at_ms: int, outlet: Outlet, token: str, remote: int | None) -> None:
        life = self.life
        if outlet.stay is None:
            profile = PROFILES[life.plan.profile]
            visit = plan_visit(outlet.plug, profile, life.plan.site, life.rng, life.pace)
            visit = replace(visit, token=token, plugs_first=True, hesitates_s=1e9, gives_up=False)
            if life.arrive(at_ms, outlet, visit) is None:
                return
        stay = outlet.stay
        if stay is not None and stay.tx is None:
            stay.visit = replace(stay.visit, token=token)
            life.start(at_ms, outlet, stay, remote)

    def remote_stop(self, transaction: int | str) -> str:
        """End a transaction."""
        outlet = self.in_transaction(transaction)
        if outlet is None:
            return "Rejected"
        self.life.at(self.now + 800, self.life.finish, outlet, "Remote")
        return "Accepted"

    def unlock(self, evse: int, *, ends: bool) -> str:
        """Open the lock; `ends` stops a running transaction first (1.6), else it forbids (2.x)."""
        outlet = self.outlet(evse)
        if outlet is None:
            return "UnknownConnector"
        ailments.treat(self.now, self.life, "unlock", evse)
        if outlet.fault is not None and outlet.fault.key == "lock":
            return "UnlockFailed"
        if outlet.stay is not None and outlet.stay.tx is not None:
            if not ends:
                return "OngoingAuthorizedTransaction"
            self.life.at(self.now + 300, self.life.finish, outlet, "UnlockCommand")
        return "Unlocked"

    def limit(self, evse: int, raw: Payload) -> str:
        """Keep a profile for an outlet (0 = all), and obey it from now on."""
        played = self.life.habits.profile
        if played == "refused" or (evse and self.outlet(evse) is None):
            return "Rejected"
        profile = read_profile(evse, raw, self.now)
        if profile.purpose == "TxProfile" and profile.transaction is not None:
            outlet = self.in_transaction(profile.transaction)
            if outlet is None:
                return "Rejected"
        self.profiles.set(profile)
        self.obey_profiles(self.now)
        return "Accepted"

    def running(self, outlet: Outlet) -> Running | None:
        """The transaction at an outlet, as profiles see it."""
        stay = outlet.stay
        if stay is None or stay.tx is None:
            return None
        return Running((stay.tx.number, stay.tx.uid), stay.began_ms)

    def obey_profiles(self, at_ms: int) -> None:
        """Hold every outlet to what its profiles allow now, and again when that changes."""
        if self.life.habits.profile != "obeyed":
            return
        coming: list[int] = []
        for outlet in self.life.outlets:
            evse, running = outlet.plug.evse, self.running(outlet)
            limit = self.profiles.limit_w(evse, at_ms, running)
            if limit != outlet.limit_w:
                self._set_limit(at_ms, outlet, limit)
            coming += self.profiles.changes(evse, at_ms, at_ms + FORESIGHT_MS, running)[:1]
        if coming:
            self.life.at(min(coming), self.obey_profiles)

    def _session_began(self, at_ms: int) -> None:
        if self.profiles.all:
            self.obey_profiles(at_ms)

    def _set_limit(self, at_ms: int, outlet: Outlet, limit_w: float | None) -> None:
        """0 suspends what runs."""
        outlet.flow(at_ms)
        was_zero, outlet.limit_w = outlet.limit_w == 0, limit_w
        stay, life = outlet.stay, self.life
        if stay is None or stay.tx is None or stay.full_told:
            return
        if (limit_w == 0) != was_zero:
            word = "SuspendedEVSE" if limit_w == 0 else "Charging"
            stamp = at_ms + life.skew_ms
            state = life.speech.state(stay.tx, stamp, word, "ChargingRateChanged", outlet.gauge())
            if state is not None:
                life.uplink.say(at_ms, state, stay.tx)
            life.tell(at_ms, outlet, word)
        life.foresee(at_ms, outlet, stay)

    def reserve(self, number: int, evse: int, token: str, until_ms: int) -> str:
        """Keep an outlet for somebody."""
        outlets = [o for o in self.life.outlets if evse in (0, o.plug.evse)]
        if not outlets:
            return "Rejected"
        for outlet in outlets:
            if outlet.fault is not None and outlet.fault.effect == "blocks":
                verdict = "Faulted"
            elif not outlet.operative:
                verdict = "Unavailable"
            elif outlet.stay is not None or (outlet.reserved_for and outlet.reservation != number):
                verdict = "Occupied"
            else:
                outlet.reserved_for, outlet.reservation = token, number
                self.life.at(self.now + 200, self._show, outlet)
                self.life.at(max(until_ms, self.now + 1000), self._expire, outlet, number)
                return "Accepted"
        return verdict

    def _expire(self, at_ms: int, outlet: Outlet, number: int) -> None:
        if outlet.reservation == number:
            self.release(number)
            if self.life.plan.version != "1.6":
                ended = {"reservationId": number, "reservationUpdateStatus": "Expired"}
                self._say(at_ms, ("ReservationStatusUpdate", ended))

    def release(self, number: int) -> str:
        """Give a reserved outlet back."""
        for outlet in self.life.outlets:
            if outlet.reservation == number:
                outlet.reservation, outlet.reserved_for = None, ""
                if outlet.stay is None:
                    self.life.at(self.now + 200, self._show, outlet)
                return "Accepted"
        return "Rejected"

    def local_list(self, version: int, full: bool, add: list[str], remove: list[str]) -> str:
        """Take a list of cards."""
        if len(add) + len(remove) > int(self.settings.by_key["SendLocalListMaxLength"].value):
            return "Failed"
        if not full and version <= self.list_version:
            return "VersionMismatch"
        if full:
            self.listed.clear()
        self.listed |= set(add)
        self.listed -= set(remove)
        self.list_version = version
        return "Accepted"

    def log_says(self, status: str, order: Upload) -> Message:
        """Progress of an upload: 1.6 has other words where GetDiagnostics asked."""
        if self.life.plan.version == "1.6" and order.request is not None:
            return "LogStatusNotification", {"status": status, "requestId": order.request}
        return self.life.speech.log_status(status, order.request)

    def firmware_says(self, status: str, order: Update) -> Message:
        """Progress of an update: 1.6 has another message where SignedUpdateFirmware asked."""
        if self.life.plan.version == "1.6" and order.request is not None:
            return "SignedFirmwareStatusNotification", {"status": status, "requestId": order.request}
        return self.life.speech.firmware_status(status, order.request)

    def trigger(self, what: str, evse: int | None) -> str:
        """Say again what is asked for."""
        life = self.life
        speech = life.speech
        if what == "BootNotification":
            self._later_say(0.2, speech.boot(life.card(), "Triggered" if life.plan.version != "1.6" else ""))
        elif what == "Heartbeat":
            self._later_say(0.2, speech.heartbeat())
        elif what == "StatusNotification":
            for outlet in life.outlets:
                if evse in (None, 0, outlet.plug.evse):
                    life.at(self.now + 200, self._repeat_status, outlet)
        elif what in ("MeterValues", "TransactionEvent"):
            for outlet in life.outlets:
                if evse in (None, 0, outlet.plug.evse):
                    life.at(self.now + 200, self._read_meter, outlet)
        elif what in ("FirmwareStatusNotification",):
            self._later_say(0.2, speech.firmware_status("Idle", None))
        elif what in ("DiagnosticsStatusNotification", "LogStatusNotification"):
            self._later_say(0.2, speech.log_status("Idle", None))
        else:
            return "NotImplemented"
        return "Accepted"

    def _repeat_status(self, at_ms: int, outlet: Outlet) -> None:
        self.life.tell(at_ms, outlet, outlet.status, again=True)

    def _read_meter(self, at_ms: int, outlet: Outlet) -> None:
        outlet.flow(at_ms)
        life, evse = self.life, outlet.plug.evse
        tx = outlet.stay.tx if outlet.stay else None
        stamp = at_ms + life.skew_ms
        if tx is not None:
            life.uplink.say(at_ms, life.speech.sample(tx, stamp, outlet.gauge()), tx)
        else:
            life.uplink.say(at_ms, life.speech.reading(evse, 1, stamp, outlet.gauge(), "Trigger"))

    def say_later(self, seconds: float, action: str, payload: Payload) -> None:
        """Send a message of one's own after a moment."""
        self._later_say(seconds, (action, payload))

    def _later_say(self, seconds: float, message: tuple[str, dict[str, Any]]) -> None:
        self.life.at(self.now + int(seconds * 1000), self._say, message)

    def _say(self, at_ms: int, message: tuple[str, dict[str, Any]]) -> None:
        if self.life.online:
            self.life.uplink.say(at_ms, message)

    def sample_every(self, seconds: int) -> None:
        """Read meters of running sessions this often (0 = hardly ever)."""
        wanted = float(seconds) if seconds > 0 else 86_400.0
        self.life.sample_s = (wanted, wanted)

"""What a live station does when the server calls: the verbs, whatever the version. They act on its life."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlparse

from app.clock import Clock
from app.simulator import mishaps, orders2x, orders16
from app.simulator.answers import obliging
from app.simulator.configuration import Configuration
from app.simulator.demand import PROFILES
from app.simulator.drivers import plan_visit
from app.simulator.hardware import Outlet
from app.simulator.life import Life
from app.simulator.link import Answer
from app.simulator.wire import Payload

DOWNLOADS = ("http", "https", "ftp", "ftps", "sftp")
CONNECTION_TIMEOUT_S = 60.0


class Obedience:
    """The station's hands. `wake` lets the life go on after a change."""

    def __init__(self, life: Life, clock: Clock, wake: Callable[[], None]) -> None:
        self.life = life
        self.clock = clock
        self.wake = wake
        self.settings = Configuration(life.plan)
        self.list_version = 0
        self.listed: set[str] = set()

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
        orders = orders16.ORDERS if version == "1.6" else orders2x.ORDERS
        order = orders.get(action)
        answer = obliging(version, action, payload) if order is None else order(self, payload)
        self.clock.call_later(0, self.wake)
        return answer

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
        for outlet in self.life.outlets:
            if outlet.fault is not None and outlet.fault.key in ("reader", "meter", "heat", "firmware"):
                outlet.fault = None  # what a restart can mend
        away_s = 12 * self.life.pace  # a real restart takes its time, however fast the people are
        mishaps.reboot(at_ms, self.life, "RemoteReset", away_s, reason16=reason)

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
            outlet.operative, outlet.retiring = operative, False
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
        if outlet.fault is not None and outlet.fault.key == "lock":
            return "UnlockFailed"
        if outlet.stay is not None and outlet.stay.tx is not None:
            if not ends:
                return "OngoingAuthorizedTransaction"
            self.life.at(self.now + 300, self.life.finish, outlet, "UnlockCommand")
        return "Unlocked"

    def limit(self, evse: int, limit_w: float | None) -> str:
        """Obey a limit in W on an outlet (0 = all); None lifts it."""
        played = self.life.habits.profile
        outlets = self.life.outlets if evse == 0 else [o for o in self.life.outlets if o.plug.evse == evse]
        if played == "refused" or not outlets:
            return "Rejected"
        if played == "obeyed":
            for outlet in outlets:
                self._set_limit(self.now, outlet, limit_w)
        return "Accepted"

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
        if not full and version <= self.list_version:
            return "VersionMismatch"
        if full:
            self.listed.clear()
        self.listed |= set(add)
        self.listed -= set(remove)
        self.list_version = version
        return "Accepted"

    def update_firmware(self, location: str, request: int | None) -> None:
        """Download and install what `location` names, step by step."""
        life = self.life
        if urlparse(location).scheme not in DOWNLOADS:
            self._later_say(1.0, life.speech.firmware_status("Downloading", request))
            self._later_say(4.0, life.speech.firmware_status("DownloadFailed", request))
            return
        names = life.plan.firmwares
        known = next((name for name in names if name in location), "")
        following = (
            names[min(len(names) - 1, names.index(life.firmware) + 1)]
            if life.firmware in names
            else names[-1]
        )
        life.at(self.now + 500, mishaps.update_firmware, life, known or following, request)

    def upload(self, location: str, request: int | None) -> None:
        """Send logs to `location`: only its progress is played."""
        good = urlparse(location).scheme in DOWNLOADS
        say = self.life.speech.log_status
        self._later_say(1.0, say("Uploading", request))
        self._later_say(5.0, say("Uploaded" if good else "UploadFailure", request))

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

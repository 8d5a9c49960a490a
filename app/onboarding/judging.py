"""Judges the steps of a commissioning by what is seen of the station. Pure: no clock, no store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.operations import ENDED, CommandState
from app.domain.records import CommandRecord, SessionRecord, StationRecord
from app.domain.status import ConnectorStatus, LinkState
from app.fleet.views import ConnectorView, StationView
from app.onboarding.steps import Run, Step

CLOCK_MS = 10_000
"""A clock within this is right enough for session times to the minute."""
ASK_AFTER_MS = 10_000
"""How long a station is left to speak by itself before it is asked."""
ANSWERS_MS = 90_000
"""How long something that was asked for may take to arrive."""
RETURNS_MS = 300_000
"""How long a station may take to come (back): a slow restart of a large charger takes minutes."""
SETTLE_MS = 10_000
"""How long after its boot a station may still be telling of its connectors, one message for each."""
ENOUGH_WH = 10
"""Ten times the step of a register that counts whole Wh: more than its rounding."""
ENERGY_MS = 300_000
SHORTEST_CUT_MS, LONGEST_CUT_MS = 60_000, 600_000
GO = "go"
"""A person wants the start sent although nothing is plugged in yet (some chargers want that order)."""
BUSY = frozenset(
    {
        ConnectorStatus.PREPARING,
        ConnectorStatus.CHARGING,
        ConnectorStatus.SUSPENDED_EV,
        ConnectorStatus.SUSPENDED_EVSE,
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the station at this moment.

    Attributes:
        command: the one of the step under way.
        session: the newest session at the run's EVSE since the run began.
        late: readings of the time without link that arrived after it.
        template: the template that fits, "" if none does.
        gap_ms: the time its newest dated message carried, minus ours; None before one. It takes three
            that agree to call it a skew, but one that is right shows that its clock is.
    """

    view: StationView | None = None
    record: StationRecord | None = None
    command: CommandRecord | None = None
    session: SessionRecord | None = None
    late: int = 0
    template: str = ""
    gap_ms: int | None = None

    @property
    def online(self) -> bool:
        """Whether it has a link."""
        return self.view is not None and self.view.link in (LinkState.ONLINE, LinkState.DOUBTFUL)

    @property
    def plugs(self) -> tuple[ConnectorView, ...]:
        """Its connectors."""
        return self.view.connectors if self.view is not None else ()


@dataclass(frozen=True, slots=True)
class Passed:
    """It holds, with the evidence."""

    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It does not, and what may mend it."""

    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """There is nothing to prove here, and why."""

    text: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Not known yet. `act` is to be done now; `person`: somebody at the charger has to do something."""

    text: str
    act: str = ""
    person: bool = False


Verdict = Passed | Failed | NotNeeded | Wait


def judge(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    """How the step stands."""
    needs_link = step.key not in ("connects", "offline", "reboot")
    if needs_link and not seen.online:
        if now_ms - (step.began_ms or now_ms) > RETURNS_MS:
            return Failed("It lost its link and has not come back.", "show-address")
        return Wait("Waiting for it to come back.")
    return _JUDGES[step.key](run, step, seen, now_ms)


def _since(step: Step, now_ms: int) -> int:
    return now_ms - (step.began_ms if step.began_ms is not None else now_ms)


def _connects(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    view = seen.view
    if seen.online and view is not None:
        return Passed(f"{view.peer}, {'TLS' if view.tls else 'no TLS'}, OCPP {view.version}")
    if _since(step, now_ms) > RETURNS_MS:
        return Failed("It has not called. Look at the door for its tries.", "show-address")
    return Wait("Enter the address in the charger; waiting for its call.", person=True)


def _boots(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    known = seen.record
    if known is not None and known.booted:
        parts = [f"{known.vendor} {known.model}".strip() or "no maker told"]
        parts += [f"firmware {known.firmware}"] if known.firmware else []
        parts += [f"serial {known.serial}"] if known.serial else []
        return Passed(", ".join(parts))
    return _asked(
        step, now_ms, "boot", "Waiting for its boot message.", "It sends no boot message.", "ask-boot"
    )


def _time(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    skew = seen.gap_ms
    if skew is None and seen.view is not None:
        skew = seen.view.clock_skew_ms
    if skew is None:
        return _asked(step, now_ms, "status", "Waiting for a message with a time.", "It tells no time.", "")
    off_s = round(abs(skew) / 1000)
    if abs(skew) <= CLOCK_MS:
        return Passed("On time" if off_s == 0 else f"{off_s} s {'ahead' if skew > 0 else 'behind'}")
    text = f"Its clock is {off_s} s {'ahead' if skew > 0 else 'behind'}."
    if "heartbeat" not in step.acts:
        return Wait(f"{text} It is asked to fetch the time.", "heartbeat")
    # A later message tells whether it took the time; it is asked for one.
    return _asked(step, now_ms, "status", f"{text} Waiting for it to take ours.", text, "set-clock")


def _statuses(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    faulted = [plug for plug in seen.plugs if plug.status is ConnectorStatus.FAULTED]
    if faulted:
        plug = faulted[0]
        return Failed(f"Connector {_name(seen, plug)} is faulted: {plug.error or 'no cause told'}.")
    silent = [plug for plug in seen.plugs if plug.status is ConnectorStatus.UNKNOWN]
    planned = {plug.evse for plug in seen.record.plan} if seen.record is not None else set()
    absent = sorted(planned - {plug.evse for plug in seen.plugs})
    if absent:
        words = ", ".join(str(evse) for evse in absent)
        return _asked(
            step, now_ms, "status", f"Waiting for the status of {words}, which is planned.",
            f"Connector {words} is planned, but it tells no status of it.", "",
        )  # fmt: skip
    if seen.plugs and not silent and now_ms - _spoke_ms(seen) < SETTLE_MS:
        return Wait("Waiting whether it tells of more connectors.")
    if seen.plugs and not silent:
        return Passed(", ".join(f"{_name(seen, plug)} {plug.status.value}" for plug in seen.plugs))
    missing = ", ".join(_name(seen, plug) for plug in silent) or "any connector"
    return _asked(
        step, now_ms, "status", f"Waiting for the status of {missing}.", f"No status of {missing}.", ""
    )


def _spoke_ms(seen: Seen) -> int:
    """When it connected or booted last: it tells of its connectors one by one after that."""
    boot = (seen.record.boot_at_ms if seen.record is not None else None) or 0
    link = (seen.view.link_since_ms if seen.view is not None else None) or 0
    return max(boot, link)


def _configuration(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    if not seen.template:
        return NotNeeded("It follows no template; one is chosen under Configuration.")
    if "template" not in step.acts:
        return Wait(f"Writing “{seen.template}”.", "template")
    command = seen.command
    if (
        command is not None
        and command.operation == "ReadConfiguration"
        and command.outcome == CommandState.DONE
    ):
        return Passed(f"“{seen.template}” was in force already")
    return _by_command(step, seen, now_ms, f"Writing “{seen.template}”.", f"“{seen.template}” is in force")


def _start(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    session = seen.session
    if session is not None and session.ended_ms is None:
        how = "started from here" if "start" in step.acts else f"started with {session.token or 'a button'}"
        return Passed(f"Session {session.session}, {how}")
    plug = _plug(run, seen)
    if "start" not in step.acts:
        if (plug is not None and plug.status in BUSY) or GO in step.acts:
            return Wait("Starting the test charge.", "start")
        where = _name(seen, plug) if plug is not None else str(run.evse)
        return Wait(f"Plug a car or a test load into connector {where} now.", person=True)
    failed = _failed(seen)
    if failed is not None:
        return failed
    if _since(step, now_ms) > RETURNS_MS:
        return Failed("The start was accepted, but no session began.")
    return Wait("Waiting for the session to begin. Plug in, if that is not done yet.", person=True)


def _energy(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    plug, session = _plug(run, seen), seen.session
    counted = plug.session_energy_wh if plug is not None and plug.session else None
    if counted is None and session is not None:
        counted = session.energy_wh
    power = plug.power_w if plug is not None else None
    flow = f", {power / 1000:.1f} kW" if power is not None else ""
    if counted is not None and counted >= ENOUGH_WH:
        return Passed(f"{counted / 1000:.2f} kWh{flow}")
    if session is not None and session.ended_ms is not None:
        return Failed("The session ended before energy was counted.", "again-start")
    if _since(step, now_ms) > ENERGY_MS:
        told = "no meter value came" if counted is None else f"only {counted} Wh came"
        return Failed(f"In {ENERGY_MS // 60_000} minutes {told}{flow}. Does the car take energy?")
    return Wait(f"{(counted or 0) / 1000:.2f} kWh so far{flow}.")


def _offline(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    if "cut" not in step.acts:
        return Wait("Cutting the link.", "cut")
    until = run.cut_to_ms or now_ms
    if now_ms < until:
        return Wait(f"The link is cut for {(until - now_ms + 999) // 1000} s more. Leave the car plugged in.")
    if seen.late:
        cut_s = (until - (run.cut_from_ms or until)) // 1000
        many = "reading" if seen.late == 1 else "readings"
        return Passed(f"{seen.late} {many} of the {cut_s} s without link arrived afterwards")
    if now_ms - until > RETURNS_MS:
        if not seen.online:
            return Failed("It has not come back since its link was cut.", "show-address")
        over = seen.session is not None and seen.session.ended_ms is not None
        text = "It is back, but what it measured without link did not arrive."
        return Failed(text, "again-start" if over else "")
    return Wait("Waiting for what it kept." if seen.online else "Waiting for it to come back.")


def _stop(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    session = seen.session
    if session is None:
        return Failed("There is no test session to stop; start it again.", "again-start")
    if session.ended_ms is not None:
        energy = "unknown energy" if session.energy_wh is None else f"{session.energy_wh / 1000:.2f} kWh"
        reason = f", {session.stop_reason}" if session.stop_reason else ""
        return Passed(f"{energy}{reason}")
    if "stop" not in step.acts:
        return Wait("Stopping the test charge.", "stop")
    failed = _failed(seen)
    if failed is not None:
        return failed
    if _since(step, now_ms) > ANSWERS_MS:
        return Failed("The stop was accepted, but the session goes on.")
    return Wait("Waiting for the session to end.")


def _reboot(run: Run, step: Step, seen: Seen, now_ms: int) -> Verdict:
    began = step.began_ms or now_ms
    record = seen.record
    back = record is not None and record.boot_at_ms is not None and record.boot_at_ms > began
    known = [plug for plug in seen.plugs if plug.status is not ConnectorStatus.UNKNOWN]
    if "reset" not in step.acts:
        return Wait("Restarting it.", "reset")
    if back and seen.online and record is not None:
        took_s = ((record.boot_at_ms or began) - began) // 1000
        now = ", ".join(f"{_name(seen, plug)} {plug.status.value}" for plug in known)
        return Passed(f"Back after {took_s} s{', ' + now if now else ''}")
    failed = _failed(seen)
    if failed is not None:
        return failed
    command = seen.command
    if command is not None and command.outcome == CommandState.ACCEPTED and "Scheduled" in command.answer:
        # A station that waits for its car is not slow; who stands there can help it.
        return Wait("It restarts once the car is gone: unplug it now.", person=True)
    if _since(step, now_ms) > RETURNS_MS:
        return Failed("It has not come back from its restart.", "show-address")
    return Wait("Waiting for it to come back.")


def _asked(step: Step, now_ms: int, act: str, waits: str, fails: str, remedy: str) -> Verdict:
    """Left to speak, then asked, then given up."""
    since = _since(step, now_ms)
    if act not in step.acts:
        return Wait(waits, act if since >= ASK_AFTER_MS or step.acts else "")
    return Failed(fails, remedy) if since > ANSWERS_MS else Wait(waits)


def _by_command(step: Step, seen: Seen, now_ms: int, waits: str, passes: str) -> Verdict:
    command = seen.command
    if command is None:
        return Failed("It could not be asked.") if _since(step, now_ms) > RETURNS_MS else Wait(waits)
    if command.outcome in (CommandState.PROVED, CommandState.DONE):
        return Passed(command.proof or passes)
    return _failed(seen) or Wait(waits)


def _failed(seen: Seen) -> Failed | None:
    command = seen.command
    if command is None or command.outcome not in ENDED:
        return None
    if command.outcome in (CommandState.PROVED, CommandState.DONE):
        return None
    told = command.proof or command.answer or f"The command ended: {command.outcome}."
    return Failed(told if told.endswith(".") else f"{told}.")


def cut_ms(plug: ConnectorView | None) -> int:
    """How long the link is cut: two of the meter's intervals, so that one reading falls into it for sure."""
    interval = (plug.usual_interval_ms if plug is not None else None) or 0
    return min(max(SHORTEST_CUT_MS, 2 * interval + 5_000), LONGEST_CUT_MS)


def _plug(run: Run, seen: Seen) -> ConnectorView | None:
    return next((plug for plug in seen.plugs if plug.evse == run.evse), None)


def _name(seen: Seen, plug: ConnectorView) -> str:
    several = sum(1 for other in seen.plugs if other.evse == plug.evse) > 1
    return f"{plug.evse}.{plug.connector}" if several else str(plug.evse)


_JUDGES: Mapping[str, Callable[[Run, Step, Seen, int], Verdict]] = {
    "connects": _connects,
    "boots": _boots,
    "time": _time,
    "statuses": _statuses,
    "configuration": _configuration,
    "start": _start,
    "energy": _energy,
    "offline": _offline,
    "stop": _stop,
    "reboot": _reboot,
}

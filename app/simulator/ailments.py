"""What ails a charger without a word of its own: it only shows in what happens there, or fails to.

Each kind changes how an outlet or a station behaves (`Outlet.ail`, `Life.refuses`), until it is
over by itself, by a visit, or by a step of recovery (`treat`).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from app.simulator.causes import Cause
from app.simulator.hardware import Outlet, Stay
from app.simulator.life import Life

DAY_S = 86_400.0


class Ailment(NamedTuple):
    """A kind: median hours it lasts if nobody acts, weight, which plugs ("", "ac", "dc"), which stations."""

    kind: str
    hours: float
    weight: float
    plugs: str = ""
    of: str = ""


KINDS = (
    Ailment("silent", 90, 16),
    Ailment("dry", 40, 10),
    Ailment("cuts", 40, 10),
    Ailment("stuck", 26, 8),
    Ailment("frozen", 36, 6),
    Ailment("backwards", 36, 4),
    Ailment("limp", 90, 8, "dc"),
    Ailment("phase", 96, 6, "ac", "phases"),
    Ailment("leak", 12, 5),
    Ailment("hot", 30, 6, "dc", "1.6"),
    Ailment("refuses", 14, 8, "", "1.6"),
    Ailment("flapping", 9, 8),
    Ailment("reboots", 16, 6),
)
AILMENTS_A_DAY = 0.026
"""Of one station."""
SEEN_MS = 40_000
"""A restart of so long may be noticed as a lost link."""
WHOLE_STATION = frozenset({"refuses", "flapping", "reboots"})


def by_chance(life: Life, from_ms: int, rate: float = 1.0) -> None:
    """Let ailments befall a station from now on."""
    gap = DAY_S / (AILMENTS_A_DAY * rate)
    life.later(from_ms, life.rng.expovariate(1 / gap), _again, life, gap)


def _again(at_ms: int, life: Life, gap: float) -> None:
    life.later(at_ms, life.rng.expovariate(1 / gap), _again, life, gap)
    fitting = [kind for kind in KINDS if _fits(kind, life)]
    kind = life.rng.choices(fitting, [k.weight for k in fitting])[0]
    outlet = life.rng.choice([o for o in life.outlets if _plug(kind, o)])
    begin(at_ms, life, kind.kind, outlet, 3600 * kind.hours * math.exp(life.rng.gauss(0, 0.6)))


def _plug(kind: Ailment, outlet: Outlet) -> bool:
    return kind.plugs in ("", "dc" if outlet.plug.dc else "ac")


def _fits(kind: Ailment, life: Life) -> bool:
    if kind.of == "1.6" and life.plan.version != "1.6":
        return False
    if kind.of == "phases" and (life.habits.phases != "each" or life.plan.version != "1.6"):
        return False
    return any(_plug(kind, outlet) for outlet in life.outlets)


def begin(at_ms: int, life: Life, kind: str, outlet: Outlet, lasts_s: float) -> Cause | None:
    """Let it begin; None where the outlet or station ails already."""
    whole = kind in WHOLE_STATION
    if outlet.ail is not None or outlet.fault is not None or (whole and life.ail is not None):
        return None
    outlet.flow(at_ms)
    plan = life.plan
    cause = Cause(kind, plan.site, plan.identity, 0 if whole else outlet.plug.evse, at_ms)
    life.causes.append(cause)
    if whole:
        life.ail = cause
    else:
        outlet.ail = cause
    until_ms = at_ms + int(lasts_s * 1000 / life.pace)
    match kind:
        case "flapping":
            life.at(at_ms, _flap, life, cause, until_ms)
        case "reboots":
            life.at(at_ms, _restarts, life, cause, until_ms)
        case "leak":
            life.at(at_ms, _leak, life, outlet, cause)
        case "silent":
            outlet.deaf = True
    life.at(until_ms, _over, life, cause, "visit" if kind in ("phase", "silent", "hot") else "itself")
    return cause


def _over(at_ms: int, life: Life, cause: Cause, how: str) -> None:
    end(at_ms, life, cause, how)


def end(at_ms: int, life: Life, cause: Cause, how: str) -> None:
    """It is over. Nothing happens where it was already."""
    if cause.end_ms is not None:
        return
    cause.end_ms, cause.ended_by = at_ms, how
    if life.ail is cause:
        life.ail = None
    for outlet in life.outlets:
        if outlet.ail is cause:
            outlet.flow(at_ms)
            outlet.ail = None
            if cause.kind == "silent":
                outlet.deaf = False
            if cause.kind == "stuck" and outlet.stay is None:
                life.tell(at_ms, outlet, life.resting(outlet))


def treat(at_ms: int, life: Life, step: str, evse: int = 0) -> None:
    """A step of recovery reached the station: what it cures may be over."""
    told = (outlet.fault.cause for outlet in life.outlets if outlet.fault is not None)
    for cause in (life.ail, *(outlet.ail for outlet in life.outlets), *told):
        if cause is None or cause.end_ms is not None or (evse and cause.evse not in (0, evse)):
            continue
        cause.tried[step] = cause.tried.get(step, 0) + 1
        if life.rng.random() >= cause.cures.get(step, 0.0):
            continue
        ails = life.ail is cause or any(o.ail is cause for o in life.outlets)
        if ails:
            end(at_ms, life, cause, step)
            continue
        outlet = next(o for o in life.outlets if o.fault is not None and o.fault.cause is cause)
        cause.end_ms, cause.ended_by = at_ms, step
        if step in ("soft-reset", "hard-reset"):
            outlet.fault = None  # the boot that follows tells it
        else:
            life.mend(at_ms, outlet)


def started(at_ms: int, life: Life, outlet: Outlet, stay: Stay) -> None:
    """A session began at an outlet that ails, or with a vehicle that takes nothing."""
    cause, rng = outlet.ail, life.rng
    if cause is not None:
        cause.hits += 1
    if stay.visit.sick or (cause is not None and cause.kind == "dry"):
        life.later(at_ms, rng.uniform(240, 720), _leaves, life, outlet, stay)
    elif cause is not None and cause.kind == "cuts":
        life.later(at_ms, rng.uniform(20, 110), _cut, life, outlet, stay, cause)


def _leaves(at_ms: int, life: Life, outlet: Outlet, stay: Stay) -> None:
    if outlet.stay is stay and stay.tx is not None and not stay.visit.charge.delivered_wh:
        life.finish(at_ms, outlet, "Local", stay.visit.token)


def _cut(at_ms: int, life: Life, outlet: Outlet, stay: Stay, cause: Cause) -> None:
    if outlet.stay is stay and stay.tx is not None and outlet.ail is cause:
        life.finish(at_ms, outlet, "Other")


def _flap(at_ms: int, life: Life, cause: Cause, until_ms: int) -> None:
    if cause.end_ms is not None:
        return
    rng = life.rng
    away_ms = int(rng.uniform(4, 45) * 1000)
    cause.hits += 1
    life.lose_link(at_ms, "no carrier", at_ms + away_ms)
    life.at(at_ms + away_ms, life.rejoin)
    life.later(at_ms, away_ms / 1000 + rng.uniform(120, 660), _flap, life, cause, until_ms)


def _restarts(at_ms: int, life: Life, cause: Cause, until_ms: int) -> None:
    if cause.end_ms is not None:
        return
    cause.hits += 1
    reboot(at_ms, life, "Watchdog", 45)
    life.later(at_ms, life.rng.uniform(1800, 3 * 3600), _restarts, life, cause, until_ms)


def _leak(at_ms: int, life: Life, outlet: Outlet, cause: Cause) -> None:
    if cause.end_ms is not None:
        return
    if outlet.stay is None:
        outlet.register_wh += 450
        if life.online:
            cause.hits += 1
            stamp = at_ms + life.skew_ms
            reading = life.speech.reading(outlet.plug.evse, 1, stamp, outlet.gauge(), "Sample.Clock")
            life.uplink.say(at_ms, reading)
    life.later(at_ms, 900, _leak, life, outlet, cause)


def released(at_ms: int, life: Life, firmware: str, *, bad: bool) -> None:
    """Another firmware runs; a bad one is a cause until the next comes."""
    for cause in life.causes:
        if cause.kind == "release" and cause.end_ms is None:
            cause.end_ms, cause.ended_by = at_ms, "itself"
    if bad:
        plan = life.plan
        life.causes.append(Cause("release", plan.site, plan.identity, 0, at_ms, detail=firmware))


def causes_of(lives: Sequence[Life]) -> list[Cause]:
    """All that befell them, in order of time; what befell several at once stands once."""
    found = {id(cause): cause for life in lives for cause in life.causes}
    return sorted(found.values(), key=lambda cause: (cause.start_ms, cause.station, cause.evse))


def reboot(
    at_ms: int,
    life: Life,
    boot_reason: str,
    away_s: float,
    *,
    reason16: str = "Reboot",
    forget: bool = False,
    step: str = "soft-reset",
) -> None:
    """Down and up again. Sessions end with `reason16`, or are forgotten without a word.

    `step` is the step of recovery that it amounts to: a restart mends what a restart can mend.
    """
    was_online = life.online
    for outlet in life.outlets:
        stay = outlet.stay
        if stay is not None and stay.tx is not None:
            outlet.flow(at_ms)
            if forget:
                stay.tx = None
            else:
                life.lose_link(at_ms, "power")
                life.finish(at_ms, outlet, reason16)
        outlet.stay = None
        outlet.status = life.resting(outlet)
    treat(at_ms, life, step)
    for outlet in life.outlets:
        outlet.status = life.resting(outlet)
    if was_online and away_s * 1000 / life.pace >= SEEN_MS:
        plan, until_ms = life.plan, at_ms + int(away_s * 1000 / life.pace)
        life.causes.append(Cause("restart", plan.site, plan.identity, 0, at_ms, until_ms, boot_reason))
    life.lose_link(at_ms, "reboot")
    life.later(at_ms, away_s, _up, life, boot_reason)


def _up(at_ms: int, life: Life, boot_reason: str) -> None:
    if not life.online:
        life.skew_ms = 0  # the boot's answer sets the clock
        for cause in life.causes:
            if cause.kind == "drift" and cause.end_ms is None:
                cause.end_ms, cause.ended_by = at_ms, "reset"
        life.boot(at_ms, boot_reason)

"""What goes wrong over time: faults, radio, crashes, power cuts, firmware; by chance and by script."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from app.domain.status import NOT_RUNNING
from app.simulator import ailments
from app.simulator.ailments import reboot
from app.simulator.causes import Cause
from app.simulator.demand import DAY_MS, HOUR_MS
from app.simulator.faults import BY_KEY, FaultKind, duration_s, pick_kind
from app.simulator.hardware import Outlet
from app.simulator.life import Life
from app.simulator.network import Network
from app.simulator.quirky import Habits, habits
from app.simulator.scripted import speech_of
from app.simulator.written import WORK_AT, cut_cable, grid_loss

DAY_S = 86_400.0
FAULTS_A_DAY = 0.045
DROPS_A_DAY = 0.11
CRASHES_A_DAY = 0.018
CUTS_A_DAY = 0.012


def by_chance(life: Life, from_ms: int, trouble: float = 1.0, radio: float = 1.0) -> None:
    """Let mishaps befall a station from now on; `trouble` and `radio` scale how often."""
    weak_spot = pick_kind(life.outlets[0].plug.dc, life.rng).key
    drops = life.rng.choice((0.3, 0.6, 1.0, 1.0, 3.5))  # some modems stand in a bad place
    chances: tuple[tuple[float, Callable[..., None], tuple[Any, ...]], ...] = (
        (FAULTS_A_DAY * trouble, _fault, (weak_spot,)),
        (DROPS_A_DAY * drops * radio, _radio, ()),
        (CRASHES_A_DAY * trouble, _crash, ()),
        (CUTS_A_DAY * trouble, _power_cut, ()),
    )
    for rate, mishap, args in chances:
        if rate <= 0:
            continue
        gap = DAY_S / rate
        life.later(from_ms, life.rng.expovariate(1 / gap), _again, life, gap, mishap, args)


def _again(at_ms: int, life: Life, gap: float, mishap: Callable[..., None], args: tuple[Any, ...]) -> None:
    life.later(at_ms, life.rng.expovariate(1 / gap), _again, life, gap, mishap, args)
    mishap(at_ms, life, *args)


def _fault(at_ms: int, life: Life, weak_spot: str) -> None:
    outlet = life.rng.choice(life.outlets)
    if outlet.fault is not None:
        return
    kind = pick_kind(outlet.plug.dc, life.rng, weak_spot)
    break_by(at_ms, life, outlet, kind, duration_s(kind, life.rng))


def break_by(at_ms: int, life: Life, outlet: Outlet, kind: FaultKind, lasts: float) -> None:
    """Let this kind of fault occur, and be mended after `lasts` seconds at pace 1."""
    if outlet.fault is not None:
        return
    fault = life.break_down(at_ms, outlet, kind.error, kind.vendor_error, kind.effect, kind.cause, kind.key)
    if kind.mends == "itself":
        life.later(at_ms, lasts, life.mend, outlet, fault)
    elif kind.mends == "reset":
        life.later(at_ms, lasts, _mend_by_reset, life, outlet)
    else:
        life.later(at_ms, lasts, _visit, life, outlet)


def _mend_by_reset(at_ms: int, life: Life, outlet: Outlet) -> None:
    if outlet.fault is not None:
        _ended(at_ms, outlet.fault.cause, "reset")
        outlet.fault = None
        reboot(at_ms, life, "Watchdog", 70)


def _ended(at_ms: int, cause: Cause | None, how: str) -> None:
    if cause is not None and cause.end_ms is None:
        cause.end_ms, cause.ended_by = at_ms, how


def _visit(at_ms: int, life: Life, outlet: Outlet) -> None:
    """A technician: locks the outlet for a while, mends it, switches the station off and on."""
    fault = outlet.fault
    if fault is None:
        return
    _ended(at_ms, fault.cause, "visit")
    outlet.fault = None
    outlet.operative = False
    life.tell(at_ms, outlet, "Unavailable")
    life.later(at_ms, life.rng.uniform(900, 3600), _after_visit, life, outlet)


def _after_visit(at_ms: int, life: Life, outlet: Outlet) -> None:
    outlet.operative = True
    reboot(at_ms, life, "PowerUp", 150)


def _radio(at_ms: int, life: Life) -> None:
    rng = life.rng
    lasts = rng.choice((rng.uniform(20, 90), rng.uniform(60, 900), rng.uniform(600, 4 * 3600)))
    until_ms = at_ms + int(lasts * 1000 / life.pace)
    if life.online:
        life.causes.append(_away(life, "offline", at_ms, until_ms))
    life.lose_link(at_ms, "no carrier", until_ms)
    life.at(until_ms, life.rejoin)


def _away(life: Life, kind: str, at_ms: int, until_ms: int) -> Cause:
    plan = life.plan
    return Cause(kind, plan.site, plan.identity, 0, at_ms, until_ms, ended_by="itself")


def _crash(at_ms: int, life: Life) -> None:
    """Firmware hangs; the watchdog restarts it, and now and then it does so in a loop."""
    loops = life.rng.choice((1, 1, 1, 6))
    if loops > 1:
        life.causes.append(_away(life, "boot-loop", at_ms, at_ms + int(loops * 95_000 / life.pace)))
    for turn in range(loops):
        life.later(at_ms, turn * 95, _reboot_event, life, "Watchdog", 45)


def _reboot_event(at_ms: int, life: Life, reason: str, away_s: float) -> None:
    reboot(at_ms, life, reason, away_s)


def _power_cut(at_ms: int, life: Life) -> None:
    """Power goes; small controllers forget what ran, and the end of those sessions is never told."""
    forgetful = life.plan.version == "1.6" and life.rng.random() < 0.7
    away_s = life.rng.uniform(120, 5400)
    life.causes.append(_away(life, "offline", at_ms, at_ms + int(away_s * 1000 / life.pace)))
    reboot(at_ms, life, "PowerUp", away_s, reason16="PowerLoss", forget=forgetful)


def update_firmware(at_ms: int, life: Life, firmware: str, request: int | None = None) -> None:
    """Download, install, reboot with another firmware."""
    for delay, status in ((5, "Downloading"), (160, "Downloaded"), (170, "Installing")):
        life.later(at_ms, delay, _firmware_step, life, status, request)
    life.later(at_ms, 260, _installed, life, firmware, request)


def boot_firmware(at_ms: int, life: Life, firmware: str, away_s: float) -> None:
    """Restart with this firmware, its faults included."""
    life.firmware = firmware
    bad = life.plan.firmwares[1:2] == (firmware,)
    ailments.released(at_ms, life, firmware, bad=bad)
    life.start_fails = 0.16 if bad else 0.0
    life.forgets_stops = 0.03 if bad and life.plan.version == "1.6" else 0.0
    reboot(at_ms, life, "FirmwareUpdate", away_s)


def _firmware_step(at_ms: int, life: Life, status: str, request: int | None) -> None:
    if life.online:
        life.uplink.say(at_ms, life.speech.firmware_status(status, request))


def _installed(at_ms: int, life: Life, firmware: str, request: int | None) -> None:
    boot_firmware(at_ms, life, firmware, 80)
    life.later(at_ms, 100, _firmware_step, life, "Installed", request)


def script(lives: Sequence[Life], start_ms: int, end_ms: int, rng: random.Random) -> None:
    """The story of the demo's past: chance, and what a reader of its charts should find."""
    span = end_ms - start_ms

    def moment(share: float) -> int:
        return start_ms + int(span * share)

    for life in lives[2::9]:
        if life.plan.version == "1.6" and not life.outlets[0].plug.dc:
            life.habits = habits("Q54")
            life.speech = speech_of("1.6", life.habits)
    for life in lives:
        by_chance(life, start_ms)
        ailments.by_chance(life, start_ms)
    _firmware_story(lives, moment, rng)
    sites = list(dict.fromkeys(life.plan.site for life in lives))
    dug_up = sites[min(8, len(sites) - 1)]  # an excavator finds the fibre of one site
    _site_away(lives, dug_up, moment(0.47), moment(0.47) + min(int(span * 0.05), 58 * HOUR_MS), rng)
    for _ in range(round(span / DAY_MS / 15)):  # routers hang now and then
        at_ms = moment(rng.random() * 0.94)
        _site_away(lives, rng.choice(sites), at_ms, at_ms + int(rng.uniform(0.1, 5) * HOUR_MS), rng)
    slow = lives[len(lives) // 3]  # a clock that runs away until a reboot sets it
    for day in range(1, 40):
        life_at = moment(0.3) + int(span * 0.5 * day / 40)
        slow.at(life_at, _drift, slow, 11_000)
    quiet = next((life for life in lives if life.plan.model == "Orbit 150"), lives[-1])
    quiet.at(end_ms - min(int(span * 0.2), int(4.7 * DAY_MS)), _fall_quiet, quiet, quiet.outlets[-1], span)
    for life in lives[1::17]:
        life.repeats_starts = True
    _odd_ones(lives)
    if span >= 20 * DAY_MS:
        _written_later(lives, start_ms, end_ms, moment(WORK_AT) // HOUR_MS * HOUR_MS)
        for share in (0.28, 0.55, 0.79):
            _nobody_looks(lives, moment(share), moment(share) + int(rng.uniform(0.1, 2.5) * HOUR_MS))
    _open_at_the_end(lives, end_ms, span)


def _site_away(lives: Sequence[Life], site: str, at_ms: int, until_ms: int, rng: random.Random) -> None:
    """All links of a site are lost within seconds of each other."""
    there = [life for life in lives if life.plan.site == site]
    members = tuple(life.plan.identity for life in there)
    cause = Cause("site-offline", site, "", 0, at_ms, until_ms, ended_by="itself", members=members)
    for life in there:
        life.causes.append(cause)
        life.at(at_ms + rng.randrange(1, 9000), life.lose_link, "no route", until_ms)
        life.at(until_ms + rng.randrange(1, 9000), life.rejoin)


def _written_later(lives: Sequence[Life], start_ms: int, end_ms: int, worked_ms: int) -> None:
    """What the operator wrote down (`written.py`): a grid loss, a cut cable, announced work."""
    network = Network(tuple(life.plan for life in lives))
    lost, cut = grid_loss(network, start_ms, end_ms), cut_cable(network, start_ms, end_ms)
    there = [life for life in lives if life.plan.site == lost.site]
    members = tuple(life.plan.identity for life in there)
    cause = Cause("site-offline", lost.site, "", 0, lost.start_ms, lost.end_ms, "grid", 0, "itself", members)
    for life in there:
        life.causes.append(cause)
        life.at(lost.start_ms, _supply_fails, life, (lost.end_ms - lost.start_ms) / 1000)
    robbed = next(life for life in lives if life.plan.identity == cut.station)
    robbed.at(
        cut.start_ms, break_by, robbed, robbed.outlets[0], BY_KEY["cable"], (cut.end_ms - cut.start_ms) / 1000
    )
    site = network.sites[min(3, len(network.sites) - 1)]
    for life in lives:
        if life.plan.site == site:
            life.at(worked_ms + 300_000, _switched_off, life, 2.5 * HOUR_MS / 1000)


def _supply_fails(at_ms: int, life: Life, away_s: float) -> None:
    reboot(at_ms, life, "PowerUp", away_s, reason16="PowerLoss")


def _switched_off(at_ms: int, life: Life, away_s: float) -> None:
    life.causes.append(_away(life, "planned", at_ms, at_ms + int(away_s * 1000)))
    reboot(at_ms, life, "PowerUp", away_s)


def _nobody_looks(lives: Sequence[Life], at_ms: int, until_ms: int) -> None:
    """Forecourt itself does not run."""
    members = tuple(life.plan.identity for life in lives)
    cause = Cause("blind", "", "", 0, at_ms, until_ms, ended_by="itself", members=members)
    for place, life in enumerate(lives):
        life.causes.append(cause)
        life.at(at_ms, life.lose_link, NOT_RUNNING, until_ms)
        life.at(until_ms + 50 * place, life.rejoin)


def _odd_ones(lives: Sequence[Life]) -> None:
    """A few stations are not of the specification: no time zone, kWh, foreign ids in readings."""
    simple = [life for life in lives if life.plan.version == "1.6"]
    for place, quirk in ((3, "Q64"), (8, "Q44"), (13, "Q54"), (18, "kWh")):
        if place < len(simple):
            life = simple[place]
            life.habits = Habits(energy_unit="kWh") if quirk == "kWh" else habits(quirk)
            life.speech = speech_of("1.6", life.habits)


def _open_at_the_end(lives: Sequence[Life], end_ms: int, span: int) -> None:
    """What is wrong when the demo opens, so that the first look finds work to do."""
    hours = [(h * HOUR_MS if span > 2 * 86_400_000 else span // 4) for h in (7, 5, 3, 2)]
    lock, module, reader = (BY_KEY[key] for key in ("lock", "module", "reader"))
    fast = [life for life in lives if life.outlets[0].plug.dc] or list(lives)
    locked = next((life for life in fast if life.plan.identity == "VTP-03"), fast[0])
    slow = [life for life in lives if not life.outlets[0].plug.dc] or list(lives)
    for life, kind, since in (
        (locked, lock, hours[0]),
        (fast[-1], module, hours[1]),
        (slow[0], reader, hours[2]),
    ):
        life.at(end_ms - since, break_by, life, life.outlets[0], kind, 26 * 3600.0)
    away = slow[-1]
    until_ms = end_ms + 20 * HOUR_MS
    away.causes.append(_away(away, "offline", end_ms - hours[3], until_ms))
    away.at(end_ms - hours[3], away.lose_link, "no carrier", until_ms)
    away.at(until_ms, away.rejoin)


def _firmware_story(lives: Sequence[Life], moment: Callable[[float], int], rng: random.Random) -> None:
    for life in lives:
        fleet_wide = life.plan.maker == "Varnholt"
        if not fleet_wide and rng.random() < 0.6:
            continue
        first = 0.36 + rng.random() * 0.04
        life.at(moment(first), update_firmware, life, life.plan.firmwares[1])
        life.at(moment(first + 0.21 + rng.random() * 0.03), update_firmware, life, life.plan.firmwares[2])


def _drift(at_ms: int, life: Life, by_ms: int) -> None:
    life.skew_ms += by_ms
    cause = next((c for c in life.causes if c.kind == "drift" and c.end_ms is None), None)
    if life.skew_ms > 60_000 and cause is None:
        life.causes.append(Cause("drift", life.plan.site, life.plan.identity, 0, at_ms))


def _fall_quiet(at_ms: int, life: Life, outlet: Outlet, span: int) -> None:
    """Reports Available, but no car can start here any more: only its silence tells."""
    ailments.begin(at_ms, life, "silent", outlet, 2 * span / 1000)

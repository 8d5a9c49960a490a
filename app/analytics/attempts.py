"""What drivers tried, and how far they came: signs of intent joined into attempts, attempts into visits.

Reference section B.1, after the ChargeX consortium's driver-focused set. Pure.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

JOIN_MS = 120_000
VISIT_MS = 900_000
CANCEL_MS = 15_000
ENERGY_WH = 200
FAULT_BEFORE_END_MS = 60_000

NORMAL_ENDS = frozenset(
    {
        "", "Local", "Remote", "EVDisconnected", "StoppedByEV", "EnergyLimitReached", "SOCLimitReached",
        "TimeLimitReached", "MasterPass", "ReqEnergyTransferRejected", "CostLimitReached",
    }
)  # fmt: skip
"""Reasons by which a session ends well; a 1.6 stop without one is Local (section 7.45)."""


class Step(StrEnum):
    """How far an attempt came: each step has the ones before it behind it."""

    PLUGGED = "plugged"
    AUTHORISED = "authorised"
    STARTED = "started"
    ENERGY = "energy"
    ENDED_WELL = "ended well"


STEPS = tuple(Step)


class Kind(StrEnum):
    """What was seen."""

    PLUG = "plug"
    UNPLUG = "unplug"
    TOKEN = "token"
    REMOTE = "remote"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of intent. `good` of a token or remote start: whether it was accepted; `word` says more."""

    at_ms: int
    kind: Kind
    evse: int | None = None
    token: str = ""
    good: bool = True
    word: str = ""
    session: int | None = None
    ended_ms: int | None = None
    energy_wh: int | None = None
    reason: str = ""
    charging_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of one driver on one EVSE (None: only the station is known).

    `lost` names the cause where it did not end well; `cancelled` ones (unplugged within 15 s without
    authorising) leave the denominators. `start_ms` is the time from plug-in or authorisation,
    whichever was later, until it charged. `running`: not over yet, so not judged.
    """

    station: str
    evse: int | None
    at_ms: int
    ended_ms: int
    token: str = ""
    reached: Step = Step.PLUGGED
    lost: str = ""
    session: int | None = None
    energy_wh: int | None = None
    start_ms: int | None = None
    cancelled: bool = False
    running: bool = False

    @property
    def good(self) -> bool:
        """Whether it succeeded."""
        return self.reached is Step.ENDED_WELL

    def came_to(self, step: Step) -> bool:
        """Whether it reached that step."""
        return STEPS.index(self.reached) >= STEPS.index(step)


@dataclass(slots=True)
class _Open:
    evse: int | None
    at_ms: int
    last_ms: int
    token: str = ""
    plug_ms: int | None = None
    unplug_ms: int | None = None
    good_ms: int | None = None
    refused: str = ""
    session: Sign | None = None
    others: list[Sign] = field(default_factory=list)


def attempts_of(
    station: str,
    signs: Iterable[Sign],
    faults: Sequence[tuple[int, int]] = (),
    test_tokens: frozenset[str] = frozenset(),
) -> list[Attempt]:
    """The attempts on one station, in order of their first sign.

    Args:
        station: its identity.
        signs: all signs on it.
        faults: (EVSE, at ms) at which an EVSE became faulty, in order of time.
        test_tokens: the operator's own; their attempts do not count.
    """
    ordered = sorted(signs, key=lambda s: (s.at_ms, s.kind is Kind.SESSION))
    running: list[_Open] = []
    done: list[_Open] = []
    for sign in ordered:
        found = _joins(running, sign)
        if found is None:
            if sign.kind is Kind.UNPLUG:
                continue
            found = _Open(sign.evse, sign.at_ms, sign.at_ms)
            running.append(found)
        _take(found, sign)
        closed = [one for one in running if sign.at_ms - one.last_ms > JOIN_MS and not _charging(one, sign)]
        done += closed
        running = [one for one in running if one not in closed]
    judged = [_judged(station, one, faults) for one in [*done, *running]]
    return sorted((a for a in judged if a.token not in test_tokens), key=lambda a: (a.at_ms, a.evse or 0))


def _charging(one: _Open, sign: Sign) -> bool:
    session = one.session
    return session is not None and (session.ended_ms is None or session.ended_ms >= sign.at_ms)


def _joins(running: Sequence[_Open], sign: Sign) -> _Open | None:
    for one in reversed(running):
        if sign.evse is not None and one.evse is not None and sign.evse != one.evse:
            continue
        if _charging(one, sign) and sign.kind is not Kind.SESSION:
            # What comes during a session on that EVSE belongs to it; a token alone may be another driver's.
            if sign.evse is not None or sign.token == one.token:
                return one
            continue
        other = sign.token and one.token and sign.token != one.token
        late = sign.at_ms - one.last_ms > JOIN_MS and not (sign.kind is Kind.UNPLUG and one.session is None)
        if late or other or one.session is not None:
            continue
        return one
    return None


def _take(one: _Open, sign: Sign) -> None:
    if one.evse is None:
        one.evse = sign.evse
    one.token = one.token or sign.token
    one.last_ms = max(one.last_ms, sign.at_ms)
    match sign.kind:
        case Kind.PLUG:
            one.plug_ms = sign.at_ms if one.plug_ms is None else one.plug_ms
        case Kind.UNPLUG:
            one.unplug_ms = sign.at_ms
        case Kind.SESSION:
            one.session = sign
            one.last_ms = max(sign.at_ms, sign.ended_ms or sign.at_ms)
        case Kind.TOKEN | Kind.REMOTE:
            if sign.good:
                one.good_ms = sign.at_ms if one.good_ms is None else one.good_ms
            else:
                one.refused = sign.word or "refused"


def _judged(station: str, one: _Open, faults: Sequence[tuple[int, int]]) -> Attempt:
    session = one.session
    made = Attempt(station, one.evse, one.at_ms, one.last_ms, one.token)
    if session is None:
        if one.good_ms is not None:
            return replace(made, reached=Step.AUTHORISED, lost="no session began")
        if one.refused:
            return replace(made, lost=one.refused)
        quick = one.plug_ms is not None and one.unplug_ms is not None
        if quick and (one.unplug_ms or 0) - (one.plug_ms or 0) < CANCEL_MS:
            return replace(made, cancelled=True)
        return replace(made, lost="never authorised")
    intent = max(one.plug_ms or one.at_ms, one.good_ms or one.at_ms)
    waited = None if session.charging_ms is None else max(0, session.charging_ms - intent)
    made = replace(
        made, session=session.session, energy_wh=session.energy_wh, start_ms=waited, reached=Step.STARTED
    )
    if session.ended_ms is None:
        flows = (session.energy_wh or 0) >= ENERGY_WH
        return replace(made, running=True, reached=Step.ENERGY if flows else Step.STARTED)
    faulty = _faulted(faults, one.evse, session.ended_ms)
    if session.energy_wh is None:
        return replace(made, lost="energy not proved")
    if session.energy_wh < ENERGY_WH:
        return replace(made, lost="a fault" if faulty else session.reason or "no energy")
    if faulty or session.reason not in NORMAL_ENDS:
        return replace(made, reached=Step.ENERGY, lost="a fault" if faulty else session.reason)
    return replace(made, reached=Step.ENDED_WELL)


def _faulted(faults: Sequence[tuple[int, int]], evse: int | None, ended_ms: int) -> bool:
    """Whether the EVSE became faulty in the session's last minute."""
    times = [at for of, at in faults if of in (0, evse)]
    at = bisect_right(times, ended_ms)
    return at > 0 and times[at - 1] >= ended_ms - FAULT_BEFORE_END_MS


def visits_of(attempts: Iterable[tuple[str, Attempt]]) -> list[list[Attempt]]:
    """Attempts (place, attempt) joined into visits: one driver at one place, each try within 15 min of
    the last one's end. The place is a site where the driver is known, else what takes its place."""
    last: dict[tuple[str, str], list[Attempt]] = {}
    visits: list[list[Attempt]] = []
    for place, attempt in sorted(attempts, key=lambda pair: pair[1].at_ms):
        if attempt.cancelled or attempt.running:
            continue
        key = (place, attempt.token or f"{attempt.station}/{attempt.evse}")
        visit = last.get(key)
        if visit is not None and attempt.at_ms - visit[-1].ended_ms <= VISIT_MS:
            visit.append(attempt)
        else:
            visit = last[key] = [attempt]
            visits.append(visit)
    return visits

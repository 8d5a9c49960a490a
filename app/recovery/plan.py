"""Which step comes next, and how the whole playbook looks to a person. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analytics.intervals import Share
from app.recovery.playbooks import Playbook, Step
from app.recovery.rates import Rates
from app.recovery.situation import Result, Situation, Tried

ACTING = frozenset(
    {
        "soft-reset", "hard-reset", "unlock", "out-and-back", "restart-link", "free-session",
        "send-configuration", "send-list",
    }
)  # fmt: skip
PASSING = frozenset({"nobody-charging", "online"})
"""What passes by itself."""
_TAKEN = frozenset(Result) - {Result.RUNNING}


@dataclass(frozen=True, slots=True)
class Place:
    """What the station is, for what was learnt of such ones."""

    code: str
    vendor: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step in the playbook as shown: `state` is done, running, next, later or passed over.

    `rate` is how often it worked on such faults; `why_not` why it is passed over, or goes last.
    """

    number: int
    do: str
    says: str
    state: str
    result: str = ""
    at_ms: int | None = None
    rate: Share = Share(0, 0)  # noqa: RUF009 - a frozen value
    why_not: str = ""


def order(playbook: Playbook, rates: Rates, place: Place) -> list[tuple[int, Step]]:
    """The steps in the order in which they are offered: as written, those that do not work here after
    the others that act, but before the person who is sent."""
    numbered = list(enumerate(playbook.step))
    last = [pair for pair in numbered if pair[1].do == "send-person"]
    rest = [pair for pair in numbered if pair[1].do != "send-person"]
    hopeless = [pair for pair in rest if _hopeless(playbook, pair[1], rates, place)]
    return [*(pair for pair in rest if pair not in hopeless), *hopeless, *last]


def next_step(
    playbook: Playbook, situation: Situation, rates: Rates, place: Place, *, patient: bool = False
) -> tuple[int, Step] | None:
    """The next step that fits the situation; None where all were tried or passed over.

    Args:
        patient: before a person is sent, a step that acts and lacks only what passes by itself (a driver
            who charges, a lost link) is named instead, to be waited for as long as the alarm allows.
    """
    waits: tuple[int, Step] | None = None
    for number, step in order(playbook, rates, place):
        counted = [one for one in situation.tried if one.number == number and not one.settled]
        if any(one.result is Result.RUNNING for one in counted):
            return None
        if sum(one.result in _used_up(step) for one in counted) >= step.tries:
            continue
        missing = [condition for condition in step.only_if if not situation.holds(condition)]
        if not missing:
            return waits if waits is not None and step.do == "send-person" else (number, step)
        if waits is None and patient and step.do in ACTING and _passes(missing, situation):
            waits = number, step
    return waits


def _used_up(step: Step) -> frozenset[Result]:
    """A wait that was long enough is worth waiting again: what comes back at once may go as soon."""
    return _TAKEN - {Result.MENDED} if step.do == "wait" else _TAKEN


def _passes(missing: Sequence[str], situation: Situation) -> bool:
    here = [max(one.at_ms, one.ended_ms) for one in situation.tried if not one.settled]
    since_ms = max([*here, situation.opened_ms])
    return PASSING.issuperset(missing) and situation.now_ms - since_ms < situation.patience_ms


def shown(
    playbook: Playbook, situation: Situation, rates: Rates, place: Place, *, patient: bool = False
) -> tuple[StepView, ...]:
    """The playbook with what was done, what runs, what comes next and what is passed over and why."""
    following = next_step(playbook, situation, rates, place, patient=patient)
    found = []
    for number, step in order(playbook, rates, place):
        done = [one for one in situation.tried if one.number == number]
        rate = rates.of(playbook.id, step.do, place.code, place.vendor, place.firmware)
        missing = [condition for condition in step.only_if if not situation.holds(condition)]
        why = "" if not missing else _MISSING[missing[0]]
        if not why and _hopeless(playbook, step, rates, place):
            why = f"It worked {rate.k} of {rate.n} times on such stations, so it is not offered first."
        found.append(
            StepView(
                number, step.do, step.says, _state(number, done, following, bool(missing)),
                done[-1].result.value if done else "", done[-1].at_ms if done else None, rate, why,
            )
        )  # fmt: skip
    return tuple(found)


_MISSING = {
    "online": "The station is offline.",
    "nobody-charging": "A driver charges on this station.",
    "plug-free": "A plug is in.",
    "session-stuck": "No session is stuck there.",
    "evse-known": "No EVSE is named.",
    "template-known": "The station follows no template.",
}


def _state(number: int, done: Sequence[Tried], following: tuple[int, Step] | None, missing: bool) -> str:
    if done and done[-1].result is Result.RUNNING:
        return "running"
    if following is not None and following[0] == number:
        return "next"
    if done:
        return "done"
    return "passed over" if missing else "later"


def _hopeless(playbook: Playbook, step: Step, rates: Rates, place: Place) -> bool:
    return step.do in ACTING and rates.hopeless(
        playbook.id, step.do, place.code, place.vendor, place.firmware
    )

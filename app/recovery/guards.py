"""The guard rails of automatic recovery: each a reason in words, or nothing. Pure.

Never on safety codes, never while a driver charges on the same station, attempts and spacing
limited, one station of a group at a time, stop when two in a row make it worse, quiet hours, kill
switch. A person's guided step is held by the first two as well, the second unless agreed to.
"""

from collections.abc import Sequence

from app.recovery.playbooks import GENTLE, WHOLE_STATION, Playbook, Step
from app.recovery.situation import Result, Situation, Switches, Tried, acted

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
HANDS_OFF = {
    "SHLVD": "It is shelved, so nobody works on it.",
    "OOSRV": "It is out of service; a person has it in hand.",
    "DSUPR": "It is suppressed by design under its cause, which comes first.",
}


def never(situation: Situation, step: Step | None = None) -> str:
    """Why nothing may be done at all, by whomever; "" where it may."""
    if situation.safety and (step is None or step.do not in ("trigger-status", "fetch-log", "send-person")):
        return (
            "A safety fault stands here, which recovery never touches: "
            "take the station out of service and send a person."
        )
    return ""


def charging(situation: Situation, step: Step) -> str:
    """Why a step would hurt a driver; "" where it would not."""
    if step.do in GENTLE or not situation.charging:
        return ""
    if step.do in ("unlock", "free-session") and situation.stuck and situation.charging == 1:
        return ""
    who = "A driver charges" if situation.charging == 1 else f"{situation.charging} drivers charge"
    return f"{who} on this station."


def automatic(playbook: Playbook, step: Step, situation: Situation, switches: Switches) -> str:
    """Why automatic recovery does not take this step now; "" where it does."""
    if switches.killed:
        return "Automatic recovery is switched off as a whole."
    if why := never(situation):
        return why
    if not switches.automatic(playbook.id, situation.site):
        return "Automatic recovery is off for this playbook at this site."
    if why := HANDS_OFF.get(situation.state, ""):
        return why
    if worse_twice(situation.tried):
        return "Two steps in a row made it worse; a person has to look."
    if step.do in WHOLE_STATION and worse_twice(_restarts(situation, DAY_MS)):
        return "Two restarts of this station in a row made it worse; a person has to look."
    if why := charging(situation, step):
        return why
    if "online" in step.only_if and not situation.online:
        return "The station is offline; its return is waited for."
    if switches.is_quiet(situation.local_minute) and step.do not in ("wait", "trigger-status"):
        return "It is within the quiet hours."
    if situation.busy_in_group:
        return f"Recovery is at work at {situation.busy_in_group} of the same group; one at a time."
    if situation.doubtful:
        return "Forecourt cannot see well enough just now (blind time or a doubtful link)."
    return _limits(playbook, step, situation, switches)


def _limits(playbook: Playbook, step: Step, situation: Situation, switches: Switches) -> str:
    if step.do in ("wait", "send-person"):
        return ""
    hands = [one for one in situation.tried if one.do not in ("wait", "send-person")]
    if step.do in WHOLE_STATION:
        # A restart is one for the whole station, for whichever of its faults it was taken.
        own = {one.at_ms for one in hands}
        hands += [one for one in _restarts(situation, HOUR_MS) if one.at_ms not in own]
    if acted(hands, situation.now_ms - HOUR_MS) >= switches.tries_per_hour:
        return f"{switches.tries_per_hour} steps were taken within the hour; the next has to wait."
    last = max((one.at_ms for one in hands if one.result is not Result.PASSED_OVER), default=None)
    if last is not None and situation.now_ms - last < playbook.spacing_s * 1000:
        return f"The last step was taken less than {playbook.spacing_s // 60} min ago."
    return ""


def _restarts(situation: Situation, within_ms: int) -> list[Tried]:
    """The restarts of the station within a time, first to last, each once."""
    since_ms = situation.now_ms - within_ms
    found = {one.at_ms: one for one in situation.restarts if one.at_ms >= since_ms}
    return [found[at_ms] for at_ms in sorted(found)]


def worse_twice(tried: Sequence[Tried]) -> bool:
    """Whether the last two steps that were really taken both made it worse."""
    real = [one for one in tried if one.result in (Result.MENDED, Result.NO_CHANGE, Result.WORSE)]
    return len(real) >= 2 and all(one.result is Result.WORSE for one in real[-2:])

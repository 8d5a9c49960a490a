"""What was tried for a fault, as its own timeline keeps it: written down and read back. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.domain.records import FaultEventRecord
from app.recovery.plan import Place
from app.recovery.playbooks import Playbook
from app.recovery.situation import Result, Tried

DAY_MS = 86_400_000
SAME_FAILURE_MS = 1_800_000
"""What comes back so soon is the same failure still."""
RENEWALS = 3
MENDED = "mended, not proved"
GAVE_UP = "needs a person"


def written(playbook: str, one: Tried, place: Place) -> dict[str, Any]:
    """A step as it is written down; `remembered` reads it."""
    return {
        "playbook": playbook, "number": one.number, "do": one.do, "taken": one.at_ms,
        "result": one.result.value, "automatic": one.automatic, "code": place.code, "vendor": place.vendor,
        "firmware": place.firmware,
    }  # fmt: skip


def in_words(one: Tried) -> tuple[str, str]:
    """What a step that is over is told as: a sentence, and what stands as the fault's recovery."""
    sent = one.do == "send-person"
    match one.result:
        case Result.MENDED:
            return "The fault is gone; the next session has to prove it.", MENDED
        case Result.WORSE:
            return "It got worse.", f"tried: {one.do}"
        case Result.REFUSED | Result.PASSED_OVER:
            return one.text, f"tried: {one.do}"
    text = one.text or ("A person is to be sent." if sent else "The fault still stands.")
    return text, GAVE_UP if sent else f"tried: {one.do}"


def remembered(lines: Iterable[FaultEventRecord]) -> tuple[tuple[Tried, ...], Mapping[str, Any]]:
    """The steps that a history tells, and the last of them as it was written down ({} if none was).

    A step that ran when Forecourt ended may have been taken, so it counts.
    """
    tried: dict[int, Tried] = {}
    last: Mapping[str, Any] = {}
    for line in lines:
        told = json.loads(line.detail) if line.verb == "recovery" else {}
        if "number" not in told:
            continue
        last = told
        one = Tried(
            told["number"], told["do"], told["taken"], Result(told["result"]), bool(told.get("automatic")),
            ended_ms=line.at_ms,
        )  # fmt: skip
        tried[one.at_ms] = broken_off(one)
        if told.get("proved"):
            tried = {at_ms: replace(each, settled=True) for at_ms, each in tried.items()}
    return tuple(tried.values()), last


def waited_for(book: Playbook, told: Mapping[str, Any], now_ms: int) -> Tried | None:
    """The step that was written down last, where it still runs: sessions have to show what came of it."""
    if told.get("result") != Result.RUNNING:
        return None
    number, taken_ms = told["number"], told["taken"]
    step = book.step[number] if number < len(book.step) else None
    if step is None or (step.do, step.shown_by) != (told["do"], "sessions"):
        return None
    if now_ms - taken_ms >= step.wait_s * 1000:
        return None
    return Tried(number, step.do, taken_ms, Result.RUNNING, bool(told.get("automatic")))


def renewed(tried: tuple[Tried, ...], over_ms: int, back_ms: int) -> tuple[Tried, ...]:
    """What was tried for a fault that was over and came back: the same, or over with it.

    Within half an hour it is the same failure (reference G), and what was tried stays tried. Later it is
    a new one, whose playbook begins anew; but one that steps have ended three times within a day without a
    session that proved it needs a person.
    """
    mended = [one for one in tried if one.result is Result.MENDED and one.at_ms > back_ms - DAY_MS]
    if back_ms - over_ms <= SAME_FAILURE_MS or not mended or len(mended) >= RENEWALS:
        return tried
    return tuple(replace(one, settled=True) for one in tried)


def without_waits(tried: tuple[Tried, ...]) -> tuple[Tried, ...]:
    """What was tried less the waits that were long enough, of which a flapping link gathers thousands."""
    return tuple(one for one in tried if one.do != "wait" or one.result is not Result.MENDED)


def broken_off(one: Tried) -> Tried:
    """A step whose end nobody saw counts as taken: it may have been sent."""
    return replace(one, result=Result.NO_CHANGE) if one.result is Result.RUNNING else one

"""What was tried for a fault, read back from its own timeline."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.domain.records import FaultEventRecord
from app.recovery.situation import Result, Tried

DAY_MS = 86_400_000
SAME_FAILURE_MS = 1_800_000
"""What comes back so soon is the same failure still."""
RENEWALS = 3


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

"""Limits that Forecourt set at a station, and the schedule it says holds. No Qt."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.records import CommandRecord
from ui.models.command_words import operation_of
from ui.models.reservations import GIVEN


@dataclass(frozen=True, slots=True)
class Limit:
    """One charging profile that was accepted and not taken back. `limit` in W or A as `unit` says."""

    profile: int
    evse: int
    purpose: str
    unit: str
    limit: float | None
    until_ms: int | None
    set_ms: int
    by: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """What limit holds over the coming time: (at, limit) steps, W or A."""

    evse: int
    unit: str
    start_ms: int
    end_ms: int
    steps: tuple[tuple[int, float], ...]
    read_ms: int


def limits(records: Iterable[CommandRecord], now_ms: int) -> list[Limit]:
    """Our limits that stand, newest first; `records` newest first."""
    found: dict[int, Limit] = {}
    for record in sorted(records, key=lambda r: (r.asked_ms, r.command)):
        if record.outcome not in GIVEN:
            continue
        told = operation_of(record)
        if record.operation == "SetProfile" and isinstance(told.get("profile"), int):
            periods = told.get("periods") or ()
            first = periods[0] if periods and isinstance(periods[0], dict) else {}
            value = first.get("limit")
            until = told.get("valid_to_ms")
            number = int(told["profile"])
            found[number] = Limit(
                number, int(told.get("evse") or 0), str(told.get("purpose") or ""),
                str(told.get("unit") or "W"), float(value) if isinstance(value, int | float) else None,
                until if isinstance(until, int) else None, record.asked_ms, record.asked_by,
            )  # fmt: skip
        elif record.operation == "ClearProfile":
            _clear(found, told.get("profile"), told.get("evse"), str(told.get("purpose") or ""))
    standing = [limit for limit in found.values() if limit.until_ms is None or limit.until_ms > now_ms]
    return sorted(standing, key=lambda limit: limit.set_ms, reverse=True)


def _clear(found: dict[int, Limit], profile: object, evse: object, purpose: str) -> None:
    for number, limit in list(found.items()):
        if isinstance(profile, int) and profile != number:
            continue
        if isinstance(evse, int) and evse != limit.evse:
            continue
        if purpose and purpose != limit.purpose:
            continue
        del found[number]


def schedule(records: Iterable[CommandRecord]) -> Schedule | None:
    """The newest composite schedule a station told; `records` newest first. None: never asked or told."""
    for record in records:
        if record.operation != "ReadCompositeSchedule" or record.outcome not in GIVEN:
            continue
        made = _schedule(record)
        if made is not None:
            return made
    return None


def _schedule(record: CommandRecord) -> Schedule | None:
    try:
        answer = json.loads(record.answer or "{}")
    except ValueError:
        return None
    if isinstance(answer, list):
        answer = next((part for part in answer if isinstance(part, dict)), {})
    if not isinstance(answer, dict):
        return None
    told = operation_of(record)
    inner = answer.get("chargingSchedule") or answer.get("schedule")  # 1.6 | 2.x (their own names)
    if not isinstance(inner, dict):
        return None
    periods = inner.get("chargingSchedulePeriod") or ()
    begin = answer.get("scheduleStart") or inner.get("scheduleStart") or inner.get("startSchedule")
    start = _moment(begin) or record.answered_ms or record.asked_ms
    length = inner.get("duration") or told.get("duration_s") or 86_400
    steps = []
    for period in periods:
        at, limit = period.get("startPeriod"), period.get("limit")
        if isinstance(at, int) and isinstance(limit, int | float):
            steps.append((start + at * 1000, float(limit)))
    unit = inner.get("chargingRateUnit") or told.get("unit") or "W"
    return Schedule(
        int(told.get("evse") or 0), str(unit), start, start + int(length) * 1000, tuple(steps),
        record.answered_ms or record.asked_ms,
    )  # fmt: skip


def _moment(text: object) -> int | None:
    if not isinstance(text, str):
        return None
    try:
        return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
    except ValueError:
        return None

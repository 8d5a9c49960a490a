"""A station's charging profiles, of either wire form, and the limit they make at any instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.simulator.wire import Payload

VOLTS = 230.0
DAY_MS = 86_400_000
MAX = ("ChargePointMaxProfile", "ChargingStationMaxProfile", "ChargingStationExternalConstraints")


def time_ms(text: Any) -> int:
    """ms UTC of an ISO time that the server sent."""
    return int(datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile as it was set. Times are ms UTC, limits W."""

    number: int
    evse: int
    purpose: str
    stack: int
    kind: str
    recurs_ms: int
    start_ms: int | None
    duration_ms: int | None
    from_ms: int
    to_ms: int | None
    transaction: int | str | None
    periods: tuple[tuple[int, float], ...]
    set_ms: int
    raw: Payload


def read_profile(evse: int, raw: Payload, now_ms: int) -> Profile:
    """A profile from its wire form."""
    schedule = raw["chargingSchedule"]
    schedule = schedule[0] if isinstance(schedule, list) else schedule
    watts = schedule.get("chargingRateUnit") == "W"

    def limit(period: Payload) -> float:
        amount = float(period.get("limit", 0))
        return amount if watts else amount * VOLTS * int(period.get("numberPhases", 3))

    duration = schedule.get("duration")
    to = raw.get("validTo")
    start = schedule.get("startSchedule")
    recurs = {"Daily": DAY_MS, "Weekly": 7 * DAY_MS}.get(str(raw.get("recurrencyKind", "")), 0)
    return Profile(
        number=int(raw["chargingProfileId"] if "chargingProfileId" in raw else raw["id"]),
        evse=evse,
        purpose=str(raw["chargingProfilePurpose"]),
        stack=int(raw.get("stackLevel", 0)),
        kind=str(raw.get("chargingProfileKind", "Absolute")),
        recurs_ms=recurs,
        start_ms=None if start is None else time_ms(start),
        duration_ms=None if duration is None else int(duration) * 1000,
        from_ms=time_ms(raw["validFrom"]) if "validFrom" in raw else 0,
        to_ms=None if to is None else time_ms(to),
        transaction=raw.get("transactionId"),
        periods=tuple((int(p["startPeriod"]) * 1000, limit(p)) for p in schedule["chargingSchedulePeriod"]),
        set_ms=now_ms,
        raw=raw,
    )


@dataclass(frozen=True, slots=True)
class Running:
    """A transaction as profiles see it: its ids and when it began."""

    ids: tuple[int | str | None, ...]
    since_ms: int


class Profiles:
    """All profiles of one station."""

    def __init__(self) -> None:
        self.all: list[Profile] = []

    def set(self, profile: Profile) -> None:
        """Keep it: the same number, or the same place (EVSE, purpose, stack level), is replaced."""
        place = (profile.evse, profile.purpose, profile.stack)
        self.all = [
            p for p in self.all if p.number != profile.number and (p.evse, p.purpose, p.stack) != place
        ]
        self.all.append(profile)

    def matching(
        self, number: int | None = None, evse: int | None = None, purpose: str = "", stack: int | None = None
    ) -> list[Profile]:
        """Those that fit all that is named."""
        return [
            p
            for p in self.all
            if number in (None, p.number)
            and evse in (None, p.evse)
            and purpose in ("", p.purpose)
            and stack in (None, p.stack)
        ]

    def clear(
        self, number: int | None = None, evse: int | None = None, purpose: str = "", stack: int | None = None
    ) -> int:
        """Forget those that fit; how many."""
        gone = self.matching(number, evse, purpose, stack)
        self.all = [p for p in self.all if p not in gone]
        return len(gone)

    def limit_w(self, evse: int, at_ms: int, running: Running | None) -> float | None:
        """The limit in W at an EVSE, None for none. TxProfile lives with its transaction only."""
        found = [
            self._highest(purposes, evse, at_ms, running)
            for purposes in (("TxProfile",), ("TxDefaultProfile",), MAX)
        ]
        session = found[0] if found[0] is not None else found[1]
        limits = [limit for limit in (session, found[2]) if limit is not None]
        return min(limits) if limits else None

    def _highest(
        self, purposes: tuple[str, ...], evse: int, at_ms: int, running: Running | None
    ) -> float | None:
        own = [p for p in self.all if p.purpose in purposes and p.evse in (0, evse)]
        # An EVSE's own default goes before the station's; among equals the higher stack level.
        for profile in sorted(own, key=lambda p: (p.evse == 0, -p.stack)):
            if "TxProfile" in purposes and not _of(profile, running):
                continue
            limit = _limit(profile, at_ms, running)
            if limit is not None:
                return limit
        return None

    def changes(self, evse: int, from_ms: int, to_ms: int, running: Running | None) -> list[int]:
        """Instants in between at which the limit may change."""
        instants: set[int] = set()
        for profile in self.all:
            if profile.evse in (0, evse):
                instants |= {at for at in _edges(profile, from_ms, to_ms, running) if from_ms < at < to_ms}
        return sorted(instants)

    def composite(
        self, evse: int, from_ms: int, duration_s: int, running: Running | None, most_w: float
    ) -> list[tuple[int, float]]:
        """(seconds from now, W) of the coming `duration_s`, equal neighbours joined."""
        steps: list[tuple[int, float]] = []
        for at in (from_ms, *self.changes(evse, from_ms, from_ms + duration_s * 1000, running)):
            limit = self.limit_w(evse, at, running)
            watts = most_w if limit is None else min(most_w, limit)
            if not steps or steps[-1][1] != watts:
                steps.append(((at - from_ms) // 1000, watts))
        return steps


def _of(profile: Profile, running: Running | None) -> bool:
    return running is not None and (profile.transaction is None or profile.transaction in running.ids)


def _start(profile: Profile, running: Running | None) -> int:
    if profile.kind == "Relative":
        return running.since_ms if running is not None else profile.set_ms
    return profile.start_ms if profile.start_ms is not None else profile.set_ms


def _limit(profile: Profile, at_ms: int, running: Running | None) -> float | None:
    if at_ms < profile.from_ms or (profile.to_ms is not None and at_ms >= profile.to_ms):
        return None
    offset = at_ms - _start(profile, running)
    if profile.recurs_ms:
        offset %= profile.recurs_ms
    if offset < 0 or (profile.duration_ms is not None and offset >= profile.duration_ms):
        return None
    limits = [limit for start, limit in profile.periods if start <= offset]
    return limits[-1] if limits else None


def _edges(profile: Profile, from_ms: int, to_ms: int, running: Running | None) -> Iterator[int]:
    yield profile.from_ms
    if profile.to_ms is not None:
        yield profile.to_ms
    start = _start(profile, running)
    marks = [at for at, _ in profile.periods]
    if profile.duration_ms is not None:
        marks.append(profile.duration_ms)
    if not profile.recurs_ms:
        yield from (start + mark for mark in marks)
        return
    turn = start + (from_ms - start) // profile.recurs_ms * profile.recurs_ms
    while turn < to_ms:
        yield turn
        yield from (turn + mark for mark in marks)
        turn += profile.recurs_ms

"""Times: what stations write, what may be believed of it (Q64, Q65, T7), and what we write.

Milliseconds since 1970, UTC. `read_time` understands ISO 8601 in every form seen in the field;
`judge` decides between the station's clock and ours; `written` is the form of all our answers.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from app.domain.fact import Fact

MINUTE_MS = 60_000
DAY_MS = 86_400_000
EARLIEST_MS = 1_230_768_000_000
"""2009-01-01: no charger spoke OCPP before (security reference T7)."""
LATEST_MS = 4_102_444_800_000
"""2100-01-01: beyond it a text is no time at all; such values poison later reads (CVE-2023-52096)."""
AHEAD_MS = 5 * MINUTE_MS
"""Q64: more than 5 min ahead of receipt is a wrong clock; as far behind, a message still is live."""
SKEW_MS = MINUTE_MS
"""Q65: beyond 60 s a measured skew is taken out; below it, it is the slack of a comparison."""


class Stamp(NamedTuple):
    """A time judged.

    `at_ms` is the station's time where it can be believed, else the time of receipt.
    `said_ms` is what the station said, uncorrected, so that durations can be kept; None where it
    said no time. `live`: it tells of now, not of an offline past. `quirk`: the id of the oddity
    that was seen, or "".
    """

    at_ms: int
    said_ms: int | None
    trusted: bool
    live: bool
    quirk: str


_stamp = tuple.__new__


def judge(
    said: Any, received_ms: int, skew_ms: int = 0, last_live_ms: int | None = None, told: bool = False
) -> Stamp:
    """Decide which clock to believe for a time that a station wrote.

    ============================================== ============================================
    the station's time, skew taken out, is         taken
    ============================================== ============================================
    missing, or not readable                       receipt; not trusted (Q29, Q64)
    before 2009, or over 5 min after receipt       receipt; not trusted (Q64, T7)
    within 5 min of receipt                        the station's, live
    older, not before the last live message        the station's, history of an offline queue
    older than that, or before the first sync      receipt; not trusted (CONTRACTS decision 15)
    ============================================== ============================================

    Args:
        said: the JSON value as received.
        received_ms: our time of receipt.
        skew_ms: the station's clock minus ours; taken out beyond 60 s (Q65).
        last_live_ms: see `StationClock`.
        told: the station has been told the time since its skew was learnt; a time that fits ours
            as it stands is then right.
    """
    said_ms = _quick(said)
    quirk = ""
    if said_ms is None:
        if said is None or said == "":
            return _stamp(Stamp, (received_ms, None, False, True, "Q29"))
        said_ms, odd = read_time(said)
        if said_ms is None:
            return _stamp(Stamp, (received_ms, None, False, True, "Q64"))
        quirk = "Q64" if odd else ""
    at_ms = said_ms
    if (skew_ms > SKEW_MS or skew_ms < -SKEW_MS) and not (
        told and -SKEW_MS <= received_ms - at_ms <= SKEW_MS
    ):
        at_ms -= skew_ms
        quirk = "Q65"
    age = received_ms - at_ms
    if -AHEAD_MS <= age <= AHEAD_MS:
        return _stamp(Stamp, (at_ms, said_ms, True, True, quirk))
    if age < 0 or at_ms < EARLIEST_MS or last_live_ms is None or at_ms < last_live_ms - SKEW_MS:
        return _stamp(Stamp, (received_ms, said_ms, False, True, "Q64"))
    return _stamp(Stamp, (at_ms, said_ms, True, False, quirk))


def read_time(said: Any) -> tuple[int | None, bool]:
    """Milliseconds that `said` means, and whether its form is odd. None: it means no time.

    Understood: RFC 3339; no zone (taken as UTC), `+02`, `+0200`, a blank for the T, basic form,
    no seconds, a fraction of any length (cut to ms), a date alone; seconds or milliseconds since
    1970 as a number or as digits. Years outside 1970 to 2099 mean no time. Never raises.
    """
    ms = _quick(said)
    if ms is not None:
        return ms, False
    if isinstance(said, str):
        return _read_text(said[:64])
    if isinstance(said, int | float) and not isinstance(said, bool):
        return _since_1970(said), True
    return None, True


def _quick(said: Any) -> int | None:
    """The two forms that nearly all stations write, `…:00Z` and `…:00.000Z`; None for any other."""
    try:
        minute_ms = _minute(said[:16])
        if minute_ms is None or said[16] != ":":
            return None
        seconds, tail = said[17:19], said[19:]
        if seconds > "60" or not seconds.isdecimal():
            return None
        if tail == "Z":
            return minute_ms + int(seconds) * 1000
        if len(tail) == 5 and tail[0] == "." and tail[4] == "Z" and tail[1:4].isdecimal():
            return minute_ms + int(seconds + tail[1:4])
    except (TypeError, LookupError):
        # No text, or a short one: the slow way knows them.
        return None
    return None


_MINUTE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)", re.ASCII)


@lru_cache(maxsize=4096)
def _minute(text: str) -> int | None:
    """Start of the minute `2026-01-05T08:00`; None unless it is exactly such a text."""
    found = _MINUTE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute = map(int, found.groups())
    if hour > 23 or minute > 59:
        return None
    days = _days(year, month, day)
    return None if days is None else days * DAY_MS + hour * 3_600_000 + minute * MINUTE_MS


_TEXT = re.compile(
    r"""\s* (?P<year>[+-]?\d{4,6}) (?P<dash>[-/.]?) (?P<month>\d\d?) (?P=dash) (?P<day>\d\d?)
    (?: (?:\s*[Tt]\s*|\s+|_) (?P<hour>\d\d?) :? (?P<minute>\d\d)
        (?: :? (?P<second>\d\d) (?:[.,](?P<frac>\d*))? )?
        \s* (?P<zone> [Zz] | (?:UTC|GMT)?\s*(?P<sign>[+\-−]) (?P<zh>\d\d?) :? (?P<zm>\d\d)? | UTC | GMT )?
    )? \s*""",
    re.ASCII | re.VERBOSE,
)
_BASIC = re.compile(r"\s*(\d{4})(\d\d)(\d\d)(?=[Tt\s]|$)")
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_NUMBER = re.compile(r"\s*\d{1,16}(\.\d+)?\s*", re.ASCII)


@lru_cache(maxsize=1024)
def _read_text(text: str) -> tuple[int | None, bool]:
    """`read_time` of any text, the slow way."""
    odd = _PLAIN.fullmatch(text) is None
    if odd and _NUMBER.fullmatch(text) and len(text.strip()) != 8:
        return _since_1970(float(text)), True
    found = _TEXT.fullmatch(_BASIC.sub(r"\1-\2-\3", text) if odd else text)
    if found is None:
        return None, True
    days = _days(int(found["year"]), int(found["month"]), int(found["day"]))
    if days is None:
        return None, True
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    # 24:00 and a leap second are legal ISO 8601.
    if minute > 59 or second > 60 or hour > 24 or (hour == 24 and (minute or second)):
        return None, True
    ms = days * DAY_MS + (hour * 3600 + minute * 60 + second) * 1000
    ms += int((found["frac"] or "0")[:3].ljust(3, "0"))
    if found["sign"]:
        zone_hours, zone_minutes = int(found["zh"]), int(found["zm"] or 0)
        if zone_hours > 18 or zone_minutes > 59:
            return None, True
        offset = (zone_hours * 60 + zone_minutes) * MINUTE_MS
        ms += -offset if found["sign"] == "+" else offset
    return (ms if 0 <= ms < LATEST_MS else None), odd


def _since_1970(number: float) -> int | None:
    """Seconds or, from 1e11 on (year 5138 in seconds), milliseconds since 1970."""
    # The comparison also turns away NaN and infinities.
    if not 0 <= number < LATEST_MS:
        return None
    ms = int(number) if number >= 1e11 else int(number * 1000)
    return ms if ms < LATEST_MS else None


_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _days(year: int, month: int, day: int) -> int | None:
    """Days from 1970-01-01 to a date of 1970 to 2099; None for any other or none at all."""
    if not (1970 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= _DAYS_IN[month - 1]):
        return None
    # In these years each fourth is a leap year (2000 is; 2100 is outside).
    leap = year % 4 == 0
    if month == 2 and day == 29 and not leap:
        return None
    return (year - 1970) * 365 + (year - 1969) // 4 + _DAYS_BEFORE[month - 1] + (leap and month > 2) + day - 1


def written(ms: int) -> str:
    """`2026-01-31T12:00:00Z`: whole seconds, since weak parsers choke on a fraction (Q20)."""
    return f"{_written_minute(ms // MINUTE_MS)}{ms // 1000 % 60:02d}Z"


@lru_cache(maxsize=64)
def _written_minute(minute: int) -> str:
    days, rest = divmod(minute, 1440)
    # Civil date from a day number, in years that begin in March so that the leap day comes last.
    era_day = days + 719_468
    era, day_of_era = divmod(era_day, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    return f"{year:04d}-{month:02d}-{day:02d}T{rest // 60:02d}:{rest % 60:02d}:"


AGREE_MS = 10_000
AGREE_OVER_MS = MINUTE_MS


class ClockWatch(Fact, frozen=True):
    """A station's skew as learnt so far (Q65): see `learn`. Start with `ClockWatch()`."""

    skew_ms: int | None = None
    candidate_ms: int = 0
    agreed: int = 0
    since_ms: int = 0
    told: bool = False
    """A boot was answered with our time since the skew was learnt: it may be gone."""


def learn(watch: ClockWatch, said_ms: int | None, received_ms: int) -> ClockWatch:
    """Take one message's own time into account; `skew_ms` is None until three in a row agree.

    Agreed is what lies within 10 s and was received over at least a minute: the ages of an offline
    queue shrink while it drains, a wrong clock stays as wrong as it is.
    """
    if said_ms is None:
        return watch
    gap = said_ms - received_ms
    if not watch.agreed or abs(gap - watch.candidate_ms) > AGREE_MS:
        return ClockWatch(watch.skew_ms, gap, 1, received_ms, watch.told)
    agreed = watch.agreed + 1
    if agreed < 3 or received_ms - watch.since_ms < AGREE_OVER_MS:
        return ClockWatch(watch.skew_ms, watch.candidate_ms, agreed, watch.since_ms, watch.told)
    return ClockWatch(gap, watch.candidate_ms, agreed, watch.since_ms)


def reaches_back(
    last_live_ms: int | None, linked_ms: int | None, last_heard_ms: int | None, watch: ClockWatch
) -> int | None:
    """How far an offline queue may reach back when a new link begins (`StationClock.last_live_ms`).

    To the last sign of life on the link before; unless that one broke within 5 min, or while its
    queue was still draining: then the queue reaches as far back as it did.

    Args:
        last_live_ms: the answer at the link before, None at the first.
        linked_ms: when the link before began; None if that is not known.
        last_heard_ms: the last sign of life, None without any.
        watch: what the link before taught of the station's clock.
    """
    if last_live_ms is None or linked_ms is None or last_heard_ms is None:
        return last_heard_ms
    gap_ms = watch.candidate_ms - (watch.skew_ms or 0)
    draining = watch.agreed > 0 and gap_ms < -AHEAD_MS
    return last_live_ms if draining or last_heard_ms - linked_ms < AHEAD_MS else last_heard_ms

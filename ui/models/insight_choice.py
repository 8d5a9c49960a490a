"""What insights compare: two periods, two sites or two models, and the words for them. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.analytics.insights.answers import Make, Offered
from app.analytics.insights.chosen import Chosen
from ui.theme.formats import count, day

PERIODS, SITES, MODELS = "periods", "sites", "models"
MODES = ((PERIODS, "Periods"), (SITES, "Sites"), (MODELS, "Models"))
WEEKS = {"w4": 4, "w13": 13, "w26": 26, "w52": 52}
BEFORE, YEAR_BEFORE, NOTHING, OTHER = "before", "year", "nothing", "other"
DAY_MS = 86_400_000
EMPTY = Offered((), (), 0, None)


@dataclass(frozen=True, slots=True)
class Span:
    """[from, to) in ms UTC; `weeks` is how many whole weeks it has, `days` of how many days it is where they
    were named. Neither: it ends now."""

    from_ms: int
    to_ms: int
    weeks: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Picked:
    """What the compare bar says. `site` and `make` limit both sets; "" and None are all.

    `period` and `against` are keys, or days by name: "2026-09-14/2026-10-11".
    """

    mode: str = PERIODS
    period: str = "w4"
    against: str = BEFORE
    site: str = ""
    make: Make | None = None
    other_site: str = ""
    other_make: Make | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """The two sets with their names; `second` None: nothing to compare with."""

    first: Chosen
    second: Chosen | None
    first_words: str
    second_words: str
    told: str
    """What the bar says of how much of it is known."""


def span_of(key: str, now_ms: int, zone: ZoneInfo) -> Span:
    """The span of a period's key: days by name, whole weeks up to the last Monday, or the last 7 days."""
    if "/" in key:
        ends = [date.fromisoformat(day) for day in key.split("/")]
        return Span(_midnight(ends[0], zone), _midnight(ends[1] + timedelta(days=1), zone), days=_long(*ends))
    now = datetime.fromtimestamp(now_ms / 1000, zone)
    if key not in WEEKS:
        return Span(now_ms - 7 * DAY_MS, now_ms)
    monday = now.date() - timedelta(days=now.weekday())
    return Span(
        _midnight(monday - timedelta(weeks=WEEKS[key]), zone), _midnight(monday, zone), WEEKS[key]
    )  # fmt: skip


def moved(span: Span, days: int, zone: ZoneInfo) -> Span:
    """The same span so many local days earlier."""
    ends = [datetime.fromtimestamp(at / 1000, zone) for at in (span.from_ms, span.to_ms)]
    low, high = (round((end - timedelta(days=days)).timestamp() * 1000) for end in ends)
    return Span(low, high, span.weeks, span.days)


def span_words(span: Span, zone: ZoneInfo) -> str:
    """ "14 Sep – 11 Oct": first and last day."""
    return f"{day(span.from_ms, zone)} – {day(span.to_ms - 1, zone)}"


def periods(now_ms: int, zone: ZoneInfo) -> list[tuple[str, str]]:
    """The periods one may choose; OTHER opens the sheet for any."""
    found = [
        (key, f"{weeks} weeks, {span_words(span_of(key, now_ms, zone), zone)}")
        for key, weeks in WEEKS.items()
    ]
    return [*found, ("d7", "Last 7 days"), (OTHER, "Other days…")]


def named(key: str, zone: ZoneInfo) -> list[tuple[str, str]]:
    """A choice for days by name; none for other keys."""
    return [(key, span_words(span_of(key, 0, zone), zone))] if "/" in key else []


def days_of(span: Span, zone: ZoneInfo) -> tuple[date, date]:
    """Its first and last local day."""
    first, last = (datetime.fromtimestamp(at / 1000, zone).date() for at in (span.from_ms, span.to_ms - 1))
    return first, last


def days_wrong(first: str, last: str) -> str:
    """What is wrong with two typed days, in a sentence; "" nothing."""
    try:
        low, high = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return "Write days as 2026-09-14, both the first and the last."
    if high < low:
        return "The last day lies before the first."
    if _long(low, high) > 2 * 366:
        return "That is longer than two years."
    return ""


def days_key(first: str, last: str) -> str:
    """The key of days by name."""
    return f"{first}/{last}"


def _long(first: date, last: date) -> int:
    return (last - first).days + 1


def against(picked: Picked, now_ms: int, zone: ZoneInfo) -> list[tuple[str, str]]:
    """What a period may be compared with."""
    span = span_of(picked.period, now_ms, zone)
    return [
        *named(picked.against, zone),
        (BEFORE, span_words(_second(BEFORE, span, zone), zone)),
        (YEAR_BEFORE, f"{span_words(_second(YEAR_BEFORE, span, zone), zone)}, a year before"),
        (NOTHING, "Nothing"),
        (OTHER, "Other days…"),
    ]


def make_words(make: Make | None) -> str:
    """ "Helion Quadra 150 with 4.2.1"; "All" for None."""
    if make is None:
        return "All"
    vendor, model, firmware = make
    name = f"{vendor} {model}".strip() or "Maker not told"
    return f"{name} with {firmware}" if firmware else name


def compared(picked: Picked, there: Offered, now_ms: int, zone: ZoneInfo) -> Compared:
    """Both sets of what is picked."""
    span = span_of(picked.period, now_ms, zone)
    first = _limited(Chosen(span.from_ms, span.to_ms), picked.site, picked.make)
    second: Chosen | None = None
    words, other, uneven = span_words(span, zone), "", ""
    if picked.mode == PERIODS and picked.against != NOTHING:
        then = _second(picked.against, span, zone)
        if there.first_ms is not None and then.to_ms <= there.first_ms:
            # Nothing is known of it, which is no week without drivers.
            return Compared(first, None, words, "", _told(span, there, zone))
        if then.days and then.days != (span.days or 7 * span.weeks or 7):
            uneven = f" · {count(then.days, 'day')} against"
        second, other = replace(first, from_ms=then.from_ms, to_ms=then.to_ms), span_words(then, zone)
    elif picked.mode == SITES:
        words = picked.site or "All sites"
        if picked.other_site:
            second, other = _limited(first, picked.other_site, picked.make), picked.other_site
    elif picked.mode == MODELS:
        words = make_words(picked.make) if picked.make else "All models"
        if picked.other_make is not None:
            second = _limited(first, picked.site, picked.other_make)
            other = make_words(picked.other_make)
    return Compared(first, second, words, other, _told(span, there, zone) + uneven)


def _second(key: str, span: Span, zone: ZoneInfo) -> Span:
    if "/" in key:
        return span_of(key, 0, zone)
    days = 364 if key == YEAR_BEFORE else round((span.to_ms - span.from_ms) / DAY_MS)
    return moved(span, days, zone)


def _limited(chosen: Chosen, site: str, make: Make | None) -> Chosen:
    vendor, model, firmware = make or ("", "", "")
    return replace(
        chosen, sites=(site,) if site else (), vendor=vendor, model=model, firmware=firmware
    )  # fmt: skip


def _told(span: Span, there: Offered, zone: ZoneInfo) -> str:
    lasted = count(span.weeks, "whole week") if span.weeks else "7 days up to now"
    if span.days:
        lasted = count(span.days, "day")
    known = count(there.stations, "station")
    if there.first_ms is not None and there.first_ms > span.from_ms:
        return f"sessions only from {day(there.first_ms, zone)} · {known}"
    return f"{lasted} · {known}"


def _midnight(first: date, zone: ZoneInfo) -> int:
    return round(datetime.combine(first, time(), zone).timestamp() * 1000)


def set_name(words: str, chosen: Chosen, zone: ZoneInfo) -> str:
    """A set's name in a file: its span in ISO 8601 with offset, and its words."""
    ends = (datetime.fromtimestamp(at / 1000, zone) for at in (chosen.from_ms, chosen.to_ms))
    return f"{'/'.join(end.isoformat(timespec='seconds') for end in ends)} {words}"

"""Prices, energy costs, opening hours and spans of the day as they are typed and read back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.errors import ForecourtError
from app.domain.money import currency_complaint
from app.domain.prices import amount
from ui.theme.formats import local

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minutes_of(text: str) -> int:
    """Minutes of the day of "06:30"; "24:00" is its end.

    Raises:
        ForecourtError: it is no time of day.
    """
    hour, colon, minute = text.strip().partition(":")
    if colon and hour.isdecimal() and minute.isdecimal() and len(minute) == 2:
        found = int(hour) * 60 + int(minute)
        if int(minute) < 60 and found <= 1440:
            return found
    raise ForecourtError(f"{text.strip()!r} is no time of day; write it as 06:30.")


def span_of(text: str) -> list[int] | None:
    """[1320, 360] of "22:00-06:00"; None of nothing.

    Raises:
        ForecourtError: it is no span of the day.
    """
    if not text.strip():
        return None
    first, dash, last = text.replace(" to ", "-").replace("–", "-").partition("-")
    if not dash:
        raise ForecourtError("Write the hours as 22:00-06:00.")
    found = [minutes_of(first), minutes_of(last)]
    if found[0] == found[1] or found[0] == 1440:
        raise ForecourtError("The hours begin and end at different times of the day.")
    return found


def days_of(words: list[str]) -> list[int]:
    """Weekdays from Monday 0 of "mon-fri" or "sat sun".

    Raises:
        ForecourtError: a word is no weekday.
    """
    found: list[int] = []
    for word in words:
        first, dash, last = word.casefold().partition("-")
        if first[:3] not in DAYS or (dash and last[:3] not in DAYS):
            raise ForecourtError(f"{word!r} is no weekday; write mon, tue, … or mon-fri.")
        begin = DAYS.index(first[:3])
        end = DAYS.index(last[:3]) if dash else begin
        found += [(begin + n) % 7 for n in range((end - begin) % 7 + 1)]
    return sorted(set(found))


def bands_of(text: str) -> list[dict[str, Any]]:
    """Bands of "20:00-06:00 mon-fri 0.29; 12:00-14:00 0.25".

    Raises:
        ForecourtError: one cannot be read.
    """
    found = []
    for part in text.split(";"):
        words = part.split()
        if not words:
            continue
        if len(words) < 2:
            raise ForecourtError("Write a band as 20:00-06:00 0.29, or 20:00-06:00 mon-fri 0.29.")
        span = span_of(words[0])
        assert span is not None
        first, _, last = words[0].partition("-")
        band = {"from": first, "to": last, "per_kwh": _money(words[-1])}
        days = days_of(words[1:-1])
        found.append({**band, "days": days} if days else band)
    return found


def bands_text(bands: object) -> str:
    """The form that `bands_of` reads."""
    parts = []
    for band in bands if isinstance(bands, list) else []:
        days = " ".join(DAYS[day] for day in band.get("days", ()))
        parts.append(" ".join(p for p in (f"{band['from']}-{band['to']}", days, str(band["per_kwh"])) if p))
    return "; ".join(parts)


def rate_body(values: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """The body of a price or an energy cost from what was typed.

    Raises:
        ForecourtError: a field cannot be read.
    """
    currency = values["currency"].strip().upper()
    if complaint := currency_complaint(currency):
        raise ForecourtError(complaint)
    return {
        "site": values["site"], "from_ms": day_start(values["from"], zone), "currency": currency,
        "per_kwh": _money(values["per_kwh"]),
        "per_minute": _money(values.get("per_minute") or "0"),
        "per_session": _money(values.get("per_session") or "0"),
        "tax_percent": _tax(values.get("tax") or "0"),
        "bands": bands_of(values.get("bands") or ""),
    }  # fmt: skip


def day_start(text: str, zone: ZoneInfo) -> int:
    """The first instant of "2026-10-01" in a zone, ms UTC.

    Raises:
        ForecourtError: it is no day.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise ForecourtError(f"{text!r} is no day; write it as 2026-10-01.") from error
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def day_text(at_ms: int, zone: ZoneInfo) -> str:
    """The form that `day_start` reads."""
    return f"{local(at_ms, zone):%Y-%m-%d}"


def hours_of(text: str) -> dict[str, list[str]]:
    """Opening hours of "mon-fri 06:00-22:00; sat 08:00-20:00"; empty means always open.

    Raises:
        ForecourtError: a part cannot be read.
    """
    found: dict[str, list[str]] = {}
    for part in text.split(";"):
        words = part.split()
        if not words:
            continue
        span = words[-1]
        first, _, last = span.partition("-")
        if minutes_of(first) >= minutes_of(last):
            raise ForecourtError(f"{span} ends before it begins; write two parts around midnight.")
        for day in days_of(words[:-1]) or range(7):
            found.setdefault(DAYS[day], []).append(span)
    return found


def hours_text(hours: object) -> str:
    """The form that `hours_of` reads; days with the same hours in one part."""
    if not isinstance(hours, dict) or not hours:
        return ""
    by_span: dict[str, list[str]] = {}
    for day in DAYS:
        for span in hours.get(day, ()):
            by_span.setdefault(str(span), []).append(day)
    return "; ".join(f"{_run(days)} {span}" for span, days in by_span.items())


def _run(days: list[str]) -> str:
    places = [DAYS.index(day) for day in days]
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{days[0]}-{days[-1]}"
    return " ".join(days)


def _tax(text: str) -> str:
    found = _money(text)
    if amount(found) >= 100:
        raise ForecourtError("A tax is written in percent below 100, as 19.")
    return found


def _money(text: str) -> str:
    found = amount(text)
    if found < 0:
        raise ForecourtError("An amount is not below zero.")
    return f"{found:f}"

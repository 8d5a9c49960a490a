"""A rule's evidence as rows of words: names from its keys, values with the units that their names carry."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from ui.theme.formats import MINUS, duration, energy_text, number, percent, power_text, stamp, when

LABEL = {
    "status": "Status told",
    "reason": "Reason",
    "vendor_error": "Maker's code",
    "vendor": "Maker",
    "info": "Station's own words",
    "mapped_by": "Meaning taken from",
    "tech_code": "Technical code",
    "tech_info": "Technical text",
    "of": "Of",
    "of_last": "Of the last",
    "bad_sessions": "Bad sessions",
    "without_energy": "Of them without energy",
    "usual_share_bad": "Usually bad",
    "probability_by_chance": "Probability by chance",
    "threshold_probability": "Alarm below",
    "probability_of_none": "Probability of silence by chance",
    "days_differ_share": "Days differ by about",
    "false_alarms_a_year": "False alarms of this rule",
    "network_starts_a_year": "Starts in the network",
    "expected_starts": "Starts expected since",
    "hours_available": "Free and available for",
    "tests": "Seen by",
    "threshold_starts": "Alarm from starts expected",
    "pool": "Compared with",
    "probability_none_of_them_here": "Probability of none of them here",
    "fall_sum": "Starts missing, added up",
    "threshold_fall": "Alarm from starts missing",
    "last_start_ms": "Last start",
    "last_heard_ms": "Last heard",
    "since_ms": "Since",
    "connected_ms": "Connected since",
    "celsius": "Temperature",
    "threshold_celsius": "Limit",
    "usual_peak_w": "Usual peak power",
    "peak_now_w": "Peak power now",
    "share_of_usual": "Share of the usual",
    "ceiling_w": "Greatest peak of the last sessions",
    "sessions_under_ceiling": "Sessions not well above it",
    "sessions_before": "Sessions before",
    "sessions_before_well_above": "Of them well above it",
    "power_w": "Power",
    "waited_min": "Waited",
    "stations": "Stations",
    "alarms": "Alarms",
    "losses": "Losses of the link",
    "z": "Distance from the usual",
    "boots": "Boots",
    "within_min": "Within",
    "window_min": "Window",
    "within_h": "Within",
    "window_h": "Window",
    "severity": "Severity",
    "pool_starts_since": "Starts next to it meanwhile",
    "firmware_now": "Firmware now",
    "firmware_before": "Firmware before",
    "skew_over_s": "Limit",
    "work": "Work announced",
}

MAPPED = {
    "mrec": "the common code in its words",
    "set": "the maker's own code set",
    "operator": "your own naming",
    "native": "the error code of OCPP",
    "component": "the component it named",
    "unmapped": "nothing known, shown raw",
}
TESTS = {
    "gap": "a longer gap than chance allows",
    "sibling": "starts next to it meanwhile",
    "fall": "fewer starts than before",
}
"""What a silent connector shows itself by."""
HIDDEN = frozenset({"rule", "parent", "loop", "mapping"})
MILLENNIUM_MS = 946_684_800_000
MOST_ROWS = 20

Row = tuple[str, str]


def label_of(key: str) -> str:
    """ "Threshold starts" of threshold_starts, without the unit that its value carries."""
    if key in LABEL:
        return LABEL[key]
    words = key.split("_")
    if len(words) > 1 and words[-1] in ("ms", "s", "min", "h", "wh", "w", "kwh", "kw", "celsius"):
        words = words[:-1]
    if words[0] == "threshold":
        words = ["alarm", "from", *words[1:]]
    return " ".join(words).capitalize()


def value_of(key: str, value: Any, now_ms: int, zone: ZoneInfo) -> str:
    """A value in words, with its unit."""
    if value is None:
        return "not known"
    if key == "mapped_by":
        return MAPPED.get(str(value), str(value))
    if key == "tests" and isinstance(value, str):
        return TESTS.get(value, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _measured(key, float(value), now_ms, zone)
    if isinstance(value, list | tuple):
        return ", ".join(value_of(key, one, now_ms, zone) for one in value) if value else "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{label_of(k).lower()} {value_of(k, v, now_ms, zone)}" for k, v in value.items())
    return str(value)


def _measured(key: str, value: float, now_ms: int, zone: ZoneInfo) -> str:
    words = key.split("_")
    unit = words[-1]
    if unit == "ms":
        return when(int(value), now_ms, zone) if value > MILLENNIUM_MS else duration(value)
    if unit in ("min", "minutes"):
        return duration(value * 60_000)
    if unit == "s":
        return duration(value * 1000)
    if unit in ("h", "hours") or words[0] == "hours":
        return duration(value * 3_600_000)
    if unit == "wh":
        return energy_text(value)
    if unit == "kwh":
        return energy_text(value * 1000)
    if unit == "w":
        return power_text(value)
    if unit == "kw":
        return power_text(value * 1000)
    if "celsius" in words:
        return f"{_plain(value)} °C"
    if "probability" in words:
        return chance(value)
    if "share" in words:
        return percent(value, 1)
    if key.endswith("a_year"):
        return f"{_plain(value)} a year"
    return _plain(value)


def chance(value: float) -> str:
    """A probability a person can picture: "12%", "1 in 4,000"."""
    if value <= 0:
        return "practically none"
    if value >= 0.01:
        return percent(value, 1)
    return f"1 in {number(round(1 / value))}" if value > 1e-9 else "less than 1 in a thousand million"


def _plain(value: float) -> str:
    if value == int(value):
        return number(value)
    size = abs(value)
    if 0 < size < 0.001:
        return f"{MINUS if value < 0 else ''}{size:.1e}"
    return number(value, 3 if size < 0.1 else 2 if size < 10 else 1)


def evidence_rows(evidence: Mapping[str, Any], now_ms: int, zone: ZoneInfo) -> list[Row]:
    """The evidence in rows, short ones first; lists of things come as `things_of`."""
    rows = []
    for key, value in evidence.items():
        if key in HIDDEN or value in ("", None, [], {}):
            continue
        if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            continue
        rows.append((label_of(key), value_of(key, value, now_ms, zone)))
    return rows[:MOST_ROWS]


def things_of(evidence: Mapping[str, Any], now_ms: int, zone: ZoneInfo) -> list[Row]:
    """What the evidence lists one by one (sessions, boots): a row each, newest last."""
    rows = []
    for key, value in evidence.items():
        if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            for one in value[-6:]:
                rows.append((label_of(key).rstrip("s"), _thing(one, now_ms, zone)))
    return rows


def _thing(one: Mapping[str, Any], now_ms: int, zone: ZoneInfo) -> str:
    parts = []
    for key, value in one.items():
        told = value_of(key, value, now_ms, zone)
        parts.append(f"#{value}" if key == "session" else told)
    return "  ·  ".join(parts)


def raw_text(raw: str, evidence: Mapping[str, Any], title: str) -> str:
    """What the station said, for the box of raw words; "" where nothing was said."""
    told = [
        f"{key} {evidence[key]}"
        for key in (
            "status",
            "error",
            "vendor_error",
            "info",
            "tech_code",
            "tech_info",
            "event",
            "value",
            "text",
        )
        if evidence.get(key) not in (None, "", title)
    ]
    lines = [raw] if raw and raw not in " ".join(told) else []
    return "\n".join([*lines, *told])


def copied(title: str, station: str, rows: list[Row], raw: str, at_ms: int, zone: ZoneInfo) -> str:
    """The evidence as text for a maker's support."""
    lines = [f"{station}: {title}", f"Since {stamp(at_ms, zone)} ({zone.key})", ""]
    lines += [f"{label}: {value}" for label, value in rows]
    return "\n".join([*lines, "", raw] if raw else lines)

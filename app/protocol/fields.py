"""Reads values out of payloads that were let in although their schema may be broken. Never raises."""

import json
import math
from collections.abc import Mapping
from typing import Any

EMPTY: Mapping[str, Any] = {}
_INT64 = 1 << 63


def text(value: Any) -> str:
    """A text as it is; "" for none; what else was sent, in JSON. Blanks and NULs go (Q27)."""
    if type(value) is str:
        return value if value.isalnum() else value.strip(" \t\r\n\x00")
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def whole(value: Any) -> int | None:
    """An integer of at most 64 bits; texts and fractions are rounded half up once (Q25), else None."""
    if type(value) is not int:
        if isinstance(value, str):
            try:
                value = int(value)
            except ValueError:
                value = _float(value)
        if isinstance(value, float) and math.isfinite(value):
            value = math.floor(value + 0.5)
    if type(value) is not int or not -_INT64 <= value < _INT64:
        return None
    return value


def _float(value: str) -> float | None:
    try:
        return float(value.strip(" \t\r\n\x00").replace(",", "."))
    except ValueError:
        return None


def table(value: Any) -> Mapping[str, Any]:
    """An object, or an empty one for anything else."""
    return value if isinstance(value, dict) else EMPTY


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; a lone object is a list of one."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    return [value] if isinstance(value, dict) else []


def numbered(value: Any) -> str | None:
    """A transaction id as text, whatever its type (Q37: 0, -1, 2^63-1 pass); None if there is none."""
    if type(value) is int:
        return str(value)
    if isinstance(value, float) and math.isfinite(value) and value == math.floor(value):
        return str(int(value))
    return text(value) or None

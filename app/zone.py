"""The operator's time zone: as set, else that of the computer."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def operator_zone(name: str = "") -> ZoneInfo:
    """The zone in which "today" is meant; UTC where the computer does not tell its own."""
    return _zone(name) or _zone(os.environ.get("TZ", "")) or _zone(_linked()) or ZoneInfo("UTC")


def _zone(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name.lstrip(":"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _linked() -> str:
    """The name behind /etc/localtime, or in /etc/timezone; "" if neither tells."""
    try:
        target = os.readlink("/etc/localtime")
    except OSError:
        target = ""
    if "zoneinfo/" in target:
        return target.partition("zoneinfo/")[2]
    try:
        return Path("/etc/timezone").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""

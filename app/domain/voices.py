"""What drivers said and what they were paid for it, out of a file: complaints, reviews and credits. Pure.

"complaint": {"type" ("complaint" or "review"), "at_ms", "site", "station", "text"}; it is counted and never
turned into money. "credit": {"at_ms", "site", "station", "amount", "currency", "text"}; it is money that
left the bank.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.errors import ForecourtError
from app.domain.prices import amount

COLUMNS = ("date", "type", "site", "station", "text", "amount", "currency")
TYPES = ("complaint", "review", "credit")
MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Voice:
    """A line of the file as it is kept; the same line is the same entry, however often it is read."""

    kind: str
    entry: str
    body: Mapping[str, Any]


def voices_from_csv(text: str, sites: Mapping[str, str], zone: ZoneInfo, currency: str) -> list[Voice]:
    """Complaints, reviews and credits of a file with the columns of COLUMNS.

    Args:
        text: the file; comma or semicolon; dates as 2026-03-29 or 2026-03-29T14:05.
        sites: the site of each station there is.
        zone: in which times without an offset are.
        currency: of a credit whose line names none.

    Raises:
        ForecourtError: a column is missing, a line cannot be read, or a station or site is not known.
    """
    plain = text.lstrip("\ufeff")
    head = plain.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(plain), delimiter=";" if head.count(";") > head.count(",") else ",")
    if not {"date", "type"} <= set(reader.fieldnames or ()):
        raise ForecourtError(f"The file needs the columns {', '.join(COLUMNS)}.")
    found: list[Voice] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(reader, 2):
        if line > MOST_ROWS:
            raise ForecourtError(f"The file has more than {MOST_ROWS} lines.")
        told = {name: str(row.get(name) or "").strip() for name in COLUMNS}
        if not any(told.values()):
            continue
        key = tuple(told.values())
        seen[key] = seen.get(key, 0) + 1
        try:
            found.append(_voice(told, seen[key], sites, zone, currency))
        except ForecourtError as error:
            raise ForecourtError(f"Line {line}: {error}") from error
    if not found:
        raise ForecourtError("The file holds no complaint, review or credit.")
    return found


def _voice(
    told: Mapping[str, str], turn: int, sites: Mapping[str, str], zone: ZoneInfo, currency: str
) -> Voice:
    kind, station = told["type"].lower(), told["station"]
    if kind not in TYPES:
        raise ForecourtError(f"{told['type']!r} is no type; write {', '.join(TYPES)}.")
    if station and station not in sites:
        raise ForecourtError(f"there is no station {station}.")
    site = told["site"] or sites.get(station, "")
    if site and site not in sites.values():
        raise ForecourtError(f"there is no site {site}.")
    body: dict[str, Any] = {
        "at_ms": _instant(told["date"], zone), "site": site, "station": station, "text": told["text"],
    }  # fmt: skip
    if kind == "credit":
        paid = amount(told["amount"] or "0")
        if paid <= 0:
            raise ForecourtError("a credit needs its amount, above zero.")
        body |= {"amount": str(paid), "currency": (told["currency"] or currency).upper()}
    else:
        body["type"] = kind
    # Two lines that say the same are two; the same file read again adds nothing.
    name = "|".join((*told.values(), str(turn)))
    entry = f"file-{hashlib.sha256(name.encode()).hexdigest()[:20]}"
    return Voice("credit" if kind == "credit" else "complaint", entry, body)


def _instant(text: str, zone: ZoneInfo) -> int:
    try:
        day = date.fromisoformat(text)
        at = datetime.combine(day, time(12), zone)
    except ValueError:
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise ForecourtError(f"{text!r} is no date; write it as 2026-03-29.") from error
    return round((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)

"""Uptime from another system's exported statuses, so that a provider's claim can be checked.

Statuses: `station,evse,at,status`, exclusions: `station,evse,start,end,code`; times ISO 8601 with
an offset. Before an EVSE's first row nothing is known, its last row lasts to the end (CONTRACTS,
decision 17). Status words are OCPP's of every version, or Offline, Blind, Unknown.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from app.analytics.timelines import OF_STATUS, Span, State, Tile, tiling
from app.analytics.uptime_views import CODES, Exclusion, Judged, View, judge, pooled
from app.domain.errors import ForecourtError

SHORT_GAP_MS = 60_000
"""An offline gap shorter than this is recorded but is no outage (reference A.2)."""

_WORDS: dict[str, State] = {
    **{status.value.casefold(): state for status, state in OF_STATUS.items()},
    "occupied": State.OCCUPIED,
    "offline": State.OFFLINE,
    "blind": State.BLIND,
    "unknown": State.UNKNOWN,
    "blocked": State.BLOCKED,
    "silent": State.SILENT,
}


class FileWrong(ForecourtError):
    """A file that cannot be read as statuses or exclusions; the sentence names the line."""


class Row(NamedTuple):
    """One EVSE's result; station and EVSE are None for all of them together."""

    station: str | None
    evse: int | None
    judged: Judged


@dataclass(frozen=True, slots=True)
class Statuses:
    """What a file says: by (station, EVSE), changes in order of time."""

    changes: dict[tuple[str, int], list[tuple[int, State]]]
    rows: int


def read_statuses(path: Path) -> Statuses:
    """Read a status file.

    Raises:
        FileWrong: a column is missing or a line cannot be understood.
    """
    changes: dict[tuple[str, int], list[tuple[int, State]]] = {}
    count = 0
    for line, row in _rows(path, ("station", "evse", "at", "status")):
        state = _WORDS.get(row["status"].casefold())
        if state is None:
            raise FileWrong(
                f"{path.name}, line {line}: {row['status']!r} is no status; "
                "use OCPP's words, Offline or Blind."
            )
        key = (_needed(row["station"], path, line, "a station"), _evse(row["evse"], path, line))
        changes.setdefault(key, []).append((_at(row["at"], path, line), state))
        count += 1
    if not count:
        raise FileWrong(f"{path.name} holds no statuses, so there is nothing to compute.")
    for told in changes.values():
        told.sort(key=lambda change: change[0])
    return Statuses(changes, count)


def read_exclusions(path: Path) -> dict[tuple[str, int | None], list[Exclusion]]:
    """Read an exclusion file; EVSE None means every EVSE of the station, station "" all stations.

    Raises:
        FileWrong: a column is missing or a line cannot be understood.
    """
    found: dict[tuple[str, int | None], list[Exclusion]] = {}
    for line, row in _rows(path, ("station", "evse", "start", "end", "code")):
        code = row["code"].upper()
        if code not in CODES:
            raise FileWrong(f"{path.name}, line {line}: {row['code']!r} is no code; use {', '.join(CODES)}.")
        start, end = _at(row["start"], path, line), _at(row["end"], path, line)
        if end <= start:
            raise FileWrong(f"{path.name}, line {line}: the end must be after the start.")
        evse = _evse(row["evse"], path, line) if row["evse"] else None
        found.setdefault((row["station"], evse), []).append(Exclusion(start, end, code))
    return found


def uptime_of_file(
    statuses: Statuses,
    exclusions: dict[tuple[str, int | None], list[Exclusion]],
    view: View,
    window: Span,
    zone: tzinfo,
) -> list[Row]:
    """One row for each EVSE, in order, and last the whole."""
    rows = []
    for (station, evse), changes in sorted(statuses.changes.items()):
        tiles = evse_tiles(changes, window)
        excused = [
            exclusion
            for key in ((station, evse), (station, None), ("", None), ("", evse))
            for exclusion in exclusions.get(key, ())
        ]
        rows.append(Row(station, evse, judge(view, tiles, excused, zone)))
    return [*rows, Row(None, None, pooled(view, [row.judged for row in rows]))]


def evse_tiles(changes: Sequence[tuple[int, State]], window: Span) -> list[Tile]:
    """One EVSE's states over a window; offline gaps under a minute take what held before them."""
    whole = tiling((min(window[0], changes[0][0]), max(window[1], changes[-1][0])), changes)
    bridged: list[Tile] = list(whole)
    for n, tile in enumerate(whole):
        short = tile.end - tile.start < SHORT_GAP_MS and tile.end < whole[-1].end
        if tile.state is State.OFFLINE and short and n and bridged[n - 1].state is not State.UNKNOWN:
            bridged[n] = Tile(tile.start, tile.end, bridged[n - 1].state)
    start, end = window
    cut = [Tile(max(t.start, start), min(t.end, end), t.state) for t in bridged]
    return [t for t in cut if t.end > t.start]


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = [name.strip().casefold() for name in reader.fieldnames or ()]
            missing = [column for column in columns if column not in names]
            if missing:
                raise FileWrong(f"{path.name} has no column {missing[0]!r}; it needs {','.join(columns)}.")
            reader.fieldnames = names
            for row in reader:
                yield reader.line_num, {column: (row.get(column) or "").strip() for column in columns}
    except FileNotFoundError as error:
        raise FileWrong(f"There is no file {path}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileWrong(f"{path} cannot be read as a table of text: {error}.") from error


def _needed(text: str, path: Path, line: int, what: str) -> str:
    if not text:
        raise FileWrong(f"{path.name}, line {line}: {what} is missing.")
    return text


def _evse(text: str, path: Path, line: int) -> int:
    if not text.isdecimal() or not int(text):
        raise FileWrong(f"{path.name}, line {line}: the EVSE must be a number from 1 on, not {text!r}.")
    return int(text)


def _at(text: str, path: Path, line: int) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise FileWrong(f"{path.name}, line {line}: {text!r} is no time as 2026-01-31T08:00:00Z.") from error
    if at.tzinfo is None:
        raise FileWrong(
            f"{path.name}, line {line}: {text} has no offset; write it as {text}+01:00 or {text}Z."
        )
    return round(at.timestamp() * 1000)

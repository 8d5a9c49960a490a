"""What the device tabs of a station's page ask: its commands, settings, files, notices, card list."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.entries import body_of
from app.domain.records import CommandRecord, FileRecord, NoticeRecord, VariableRecord
from app.store.readers.entries import current_entries
from app.store.readers.files import files
from app.store.readers.others import commands, notices
from app.store.readers.variables import variables

SCANNED = 2000
"""So many of the newest notices are looked through for those of a subject."""


@dataclass(frozen=True, slots=True)
class CommandPage:
    """Commands, newest first; `more`: there are older ones."""

    station: str
    commands: tuple[CommandRecord, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Boot:
    """A boot: when, why, and the firmware it came up with."""

    at_ms: int
    reason: str
    firmware: str


@dataclass(frozen=True, slots=True)
class ListedCard:
    """An identification that Forecourt's own card list holds; `status` as OCPP names it."""

    token: str
    kind: str = "ISO14443"
    status: str = "Accepted"
    expires_ms: int | None = None
    group: str = ""
    note: str = ""


def station_commands(
    connection: Connection, station: str, before_ms: int | None = None, limit: int = 60
) -> CommandPage:
    """A station's command log, newest first."""
    found = commands(connection, station, to_ms=before_ms, limit=limit + 1)
    return CommandPage(station, tuple(found[:limit]), len(found) > limit)


def station_settings(connection: Connection, station: str) -> tuple[VariableRecord, ...]:
    """A station's settings as last read."""
    return tuple(variables(connection, station))


def station_files(connection: Connection, station: str, limit: int = 200) -> tuple[FileRecord, ...]:
    """Files of a station, newest first, also those that never came."""
    return tuple(files(connection, station, limit))


def station_notices(
    connection: Connection, station: str, subject: str, limit: int = 50
) -> tuple[NoticeRecord, ...]:
    """The newest notices of a subject ("firmware", "log", "boot"), newest first."""
    found = notices(connection, station, limit=SCANNED)
    return tuple(notice for notice in found if notice.subject == subject)[:limit]


def station_boots(connection: Connection, station: str, limit: int = 50) -> tuple[Boot, ...]:
    """A station's boots with the firmware each came up with, newest first."""
    made = []
    for notice in station_notices(connection, station, "boot", limit):
        detail = json.loads(notice.detail or "{}")
        made.append(Boot(notice.at_ms, notice.name, str(detail.get("firmware") or "")))
    return tuple(made)


def card_list(connection: Connection) -> tuple[ListedCard, ...]:
    """The cards that stations' local lists are to hold, by token."""
    made = []
    for record in current_entries(connection, "local-token"):
        if not record.gone:
            body = body_of(record)
            made.append(
                ListedCard(
                    record.entry,
                    str(body.get("kind") or "ISO14443"),
                    str(body.get("status") or "Accepted"),
                    body.get("expires_ms") if isinstance(body.get("expires_ms"), int) else None,
                    str(body.get("group") or ""),
                    str(body.get("note") or ""),
                )
            )
    return tuple(made)

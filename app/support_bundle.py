"""One zip for whoever helps: versions, settings, checks, figures and logs. No secrets, tokens or payloads.

Logs and firmware of stations are left out: `database.json` tells how many there are.
"""

import dataclasses
import json
import platform
import sqlite3
import sys
import zipfile
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, BinaryIO

from app import __version__
from app.checks import Check
from app.domain.errors import ForecourtError
from app.domain.redaction import HIDDEN, scrub
from app.logs import log_folder
from app.reports.formats import whole
from app.settings import Settings, keys, show, value_of

MOST_LOG_BYTES = 20_000_000


def write_bundle(path: Path, settings: Settings, checks: Sequence[Check]) -> Path:
    """
    Write the bundle to `path`, whole or not at all.

    Raises:
        ForecourtError: it cannot be written there.
    """

    def write(out: BinaryIO) -> int:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in contents(settings, checks):
                bundle.writestr(name, content)
        return 1

    whole(path, write)
    return path


def contents(settings: Settings, checks: Sequence[Check]) -> list[tuple[str, str]]:
    """What goes in: (name, text), all of it already free of secrets."""
    found = [
        ("versions.json", _json(_versions())),
        ("settings.json", _json(_settings(settings))),
        ("checks.json", _json([dataclasses.asdict(c) for c in checks])),
        ("database.json", _json(_database(settings))),
    ]
    room = MOST_LOG_BYTES
    folder = log_folder(settings.data_dir)
    for log in sorted(folder.glob("forecourt.log*"), key=lambda p: p.stat().st_mtime_ns, reverse=True):
        if room <= 0:
            break
        text = log.read_text("utf-8", "replace")[-room:]
        room -= len(text)
        found.append((f"logs/{log.name}", "\n".join(scrub(line) for line in text.splitlines()) + "\n"))
    return found


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"


def _versions() -> dict[str, Any]:
    return {
        "forecourt": __version__,
        "python": sys.version,
        "system": platform.platform(),
        "machine": platform.machine(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {d.metadata["Name"]: d.version for d in distributions()},
    }


def _settings(settings: Settings) -> dict[str, str]:
    shown = {item.name: show(value_of(settings, item.name)) for item in keys()}
    if "@" in shown["store.url"]:
        scheme, _, rest = shown["store.url"].partition("://")
        shown["store.url"] = f"{scheme}://{HIDDEN}@{rest.rpartition('@')[2]}"
    return shown | {"data_dir": str(settings.data_dir)}


def _database(settings: Settings) -> dict[str, Any]:
    from sqlalchemy import func, select

    from app.store.open import open_reading
    from app.store.tables import metadata

    try:
        reading = open_reading(settings.data_dir, settings.store.url)
    except ForecourtError as exc:
        return {"cause": str(exc)}
    try:
        with reading.connect() as connection:
            rows = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar()
                for table in metadata.sorted_tables
            }
    finally:
        reading.close()
    files = {p.name: p.stat().st_size for p in sorted(settings.data_dir.glob("*")) if p.is_file()}
    return {"rows": rows, "bytes": files}

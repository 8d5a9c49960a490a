"""What a station's settings should be, from its template; and its settings as a file."""

import asyncio
import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from app.operations.configuration.naming import Key, key_of, written
from app.operations.configuration.template import Make, followed, load_templates
from app.operations.configuration.toml import dump
from app.reports.cells import iso
from app.reports.formats import whole
from ui.models.command_settings import Setting

HEADER = ("station", "setting", "value", "unit", "read_only", "read_at", "template", "equal")


def read_wanted(station: str) -> Callable[[Any], Any]:
    """Asks which template a station follows: its title, and the wanted value of each setting."""

    async def ask(room: Any) -> tuple[str, dict[Key, str]]:
        view = room.snapshot().stations.get(station)
        if view is None or not view.version:
            return "", {}
        entries = {
            name: (body, record.version if (record := room.entries.newest("template", name)) else 0)
            for name, body in room.entries.all("template").items()
        }
        templates = await asyncio.to_thread(load_templates, room.data_dir / "templates", entries)
        chosen = (room.entries.body("template-of", station) or {}).get("template", "")
        make = Make(view.version, view.vendor, view.model, view.firmware)
        template = followed(templates, make, str(chosen))
        if template is None:
            return "", {}
        wanted = {
            key_of(variable): line.value
            for line in template.lines
            if (variable := line.of(view.version)) is not None
        }
        return template.title, wanted

    return ask


def write_settings(station: str, rows: Sequence[Setting], path: Path) -> int:
    """Write settings as a table, or as a template where the name ends in .toml; how many.

    What a station keeps to itself or lets nobody change is no part of a template.

    Raises:
        ForecourtError: it cannot be written there.
    """
    if path.suffix.lower() == ".toml":
        lines = [
            {"key" if not row.component else "variable": written(row.variable), "value": row.value}
            for row in rows
            if row.value is not None and not row.readonly
        ]
        text = dump({"title": f"As {station}", "line": lines})
        return whole(path, lambda out: _text(out, text.encode(), len(lines)))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(HEADER)
    for row in rows:
        same = "" if row.wanted is None else "no" if row.differs else "yes"
        writer.writerow(
            (station, written(row.variable), "" if row.value is None else row.value, row.unit,
             "yes" if row.readonly else "no", iso(row.read_ms), row.wanted or "", same)
        )  # fmt: skip
    return whole(path, lambda out: _text(out, table.getvalue().encode("utf-8-sig"), len(rows)))


def _text(out: BinaryIO, content: bytes, count: int) -> int:
    out.write(content)
    return count

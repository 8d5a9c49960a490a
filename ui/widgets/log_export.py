"""The lines of a message log as a file in the log form that `forecourt replay` reads."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from app.fleet.views import MessageView
from app.reports.cells import iso
from app.reports.formats import whole


def export_log(views: Sequence[MessageView], path: Path) -> int:
    """Write one JSON object a line to `path`, whole or not at all; how many. Raises ForecourtError."""

    def write(out: BinaryIO) -> int:
        written = 0
        for view in views:
            out.write(_line(row_of(view)) + b"\n")
            written += 1
        return written

    return whole(path, write)


def _line(row: dict[str, object]) -> bytes:
    try:
        return json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, which a station may escape and UTF-8 cannot hold.
        return json.dumps(row).encode()


def row_of(view: MessageView) -> dict[str, object]:
    """One line of the log form; what is no frame is kept as text."""
    row: dict[str, object] = {"at": iso(view.at_ms), "station": view.station}
    if view.direction == "link":
        word = view.action if view.action in ("connected", "disconnected") else "note"
        return {**row, "event": word, "note": view.note}
    try:
        frame: object = json.loads(view.frame)
    except (ValueError, RecursionError):
        frame = view.frame
    return {**row, "event": view.direction, "frame": frame}

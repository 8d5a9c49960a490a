"""The program's own log: one JSON object a line, rotating, no secrets, no forged lines, no log bombs."""

import json
import logging
import logging.handlers
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.redaction import HIDDEN, is_secret, redact, scrub
from app.settings import Settings

LONGEST_VALUE = 512
"""Bytes of one value in the log (security reference T14)."""
WARNINGS_A_MINUTE = 20
"""Warnings and errors of one station a minute; the rest are counted."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def clean(text: str) -> str:
    """`text` on one line: secrets hidden, control characters escaped, at most 512 bytes."""
    size = len(text.encode("utf-8", "backslashreplace")) if len(text) > LONGEST_VALUE // 4 else 0
    text = scrub(text[: LONGEST_VALUE * 4])
    text = _CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}", text)
    raw = text.encode("utf-8", "backslashreplace")
    if len(raw) <= LONGEST_VALUE:
        return raw.decode("utf-8")
    return raw[:LONGEST_VALUE].decode("utf-8", "ignore") + f"… ({size} bytes)"


class JsonLines(logging.Formatter):
    """A record as one JSON line: at, level, subject, text, and what `extra` carried."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "level": record.levelname.lower(),
            "subject": record.name,
            "text": clean(record.getMessage()),
        }
        for name, value in record.__dict__.items():
            if name not in _STANDARD:
                line[name] = HIDDEN if is_secret(name) else _shown(value)
        if record.exc_info:
            # A traceback is ours, not a station's: kept whole, its last line cleaned like any text.
            line["traceback"] = [clean(part) for part in self.formatException(record.exc_info).splitlines()]
        return json.dumps(line, ensure_ascii=False, default=str)


def _shown(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, dict | list | tuple):
        return clean(json.dumps(redact(value), ensure_ascii=False, default=str))
    return clean(str(value))


class PlainLines(logging.Formatter):
    """A record as a short line for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{record.levelname.lower()}: {clean(record.getMessage())}"
        if record.exc_info and record.exc_info[1] is not None:
            text += f" ({clean(repr(record.exc_info[1]))})"
        return text


class Damper(logging.Filter):
    """Lets 20 warnings a minute through per station, then one line that counts the rest."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = monotonic_s
        self._windows: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        station = getattr(record, "station", None)
        if station is None or record.levelno < logging.WARNING:
            return True
        now = self._now()
        began, count = self._windows.get(station, (now, 0))
        if now - began >= 60:
            if count > WARNINGS_A_MINUTE:
                record.msg = (
                    f"{record.getMessage()} (and {count - WARNINGS_A_MINUTE} more in the minute before)"
                )
                record.args = ()
            began, count = now, 0
        if len(self._windows) > 20_000:
            self._windows.clear()
        self._windows[station] = (began, count + 1)
        if count + 1 == WARNINGS_A_MINUTE:
            record.msg = f"{record.getMessage()} (further warnings of this station are counted, not written)"
            record.args = ()
        return count < WARNINGS_A_MINUTE


def log_folder(data_dir: Path) -> Path:
    """Where the logs of a data directory are."""
    return data_dir / "logs"


def start(settings: Settings, *, to_stderr: bool = True) -> Callable[[], None]:
    """
    Write this process's log into the data directory (and warnings to stderr).

    Returns a function that stops it. A folder that cannot be written costs the log, not the service: a
    sentence on stderr says so.
    """
    root = logging.getLogger()
    handlers: list[logging.Handler] = []
    level = logging.getLevelNamesMapping()[settings.logs.level.upper()]
    if to_stderr:
        person = logging.StreamHandler(sys.stderr)
        person.setFormatter(PlainLines())
        person.setLevel(max(level, logging.WARNING))
        handlers.append(person)
    folder = log_folder(settings.data_dir)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            folder / "forecourt.log",
            maxBytes=settings.logs.megabytes * 1_000_000,
            backupCount=settings.logs.files,
            encoding="utf-8",
        )
        file.setFormatter(JsonLines())
        handlers.append(file)
    except OSError as exc:
        sys.stderr.write(f"forecourt: no log is written to {folder}: {exc.strerror}.\n")
    # One door for all handlers: a damper on each would count the same record twice.
    door = _Door(handlers)
    before = root.level
    root.setLevel(level)
    for chatty in ("websockets", "alembic"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    root.addHandler(door)

    def stop() -> None:
        root.removeHandler(door)
        door.close()
        root.setLevel(before)

    return stop


class _Door(logging.Handler):
    def __init__(self, handlers: list[logging.Handler]) -> None:
        super().__init__()
        self.addFilter(Damper())
        self._handlers = handlers

    def emit(self, record: logging.LogRecord) -> None:
        for handler in self._handlers:
            if record.levelno >= handler.level:
                handler.handle(record)

    def close(self) -> None:
        for handler in self._handlers:
            handler.close()
        super().close()

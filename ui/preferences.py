"""What the window remembers between runs: theme, widths, choices. Kept beside the data it belongs to."""

import json
import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

log = logging.getLogger("forecourt.ui.preferences")


class Preferences:
    """JSON values by name, in window.ini; in memory only when no path is given."""

    def __init__(self, path: Path | None = None) -> None:
        self._values: dict[str, Any] = {}
        self._store = None if path is None else QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, name: str, default: Any = None) -> Any:
        """What was put under `name`, or `default` (also when it cannot be read any more)."""
        if name in self._values:
            return self._values[name]
        if self._store is None or not self._store.contains(name):
            return default
        try:
            value = json.loads(str(self._store.value(name)))
        except ValueError:
            log.warning("the window's setting %s could not be read; the default is used", name)
            return default
        self._values[name] = value
        return value

    def put(self, name: str, value: Any) -> None:
        """Remember a JSON-ready value."""
        self._values[name] = value
        if self._store is not None:
            self._store.setValue(name, json.dumps(value))


_current = [Preferences()]


def preferences() -> Preferences:
    """The preferences of this window."""
    return _current[0]


def use(made: Preferences) -> None:
    """Make `made` the preferences of this process (launch and tests)."""
    _current[0] = made

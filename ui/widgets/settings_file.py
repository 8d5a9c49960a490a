"""What a station's settings should be, from its template; and its settings as a file, out and in."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from app.domain.records import VariableRecord
from app.operations.configuration.exchange import from_csv, from_toml, to_csv, to_toml
from app.operations.configuration.naming import Key, key_of
from app.reports.formats import whole
from ui.widgets.file_asking import text_of

MOST_BYTES = 2_000_000


def read_wanted(station: str) -> Callable[[Any], Any]:
    """Asks which template a station follows: its title, and the wanted value of each setting."""

    async def ask(room: Any) -> tuple[str, dict[Key, str]]:
        view = room.fleet.snapshot().stations.get(station)
        kept = getattr(room, "configuration", None)
        template = kept.followed(view) if kept is not None and view is not None and view.version else None
        if view is None or template is None:
            return "", {}
        wanted = {
            key_of(variable): line.value
            for line in template.lines
            if (variable := line.of(view.version)) is not None
        }
        return template.title, wanted

    return ask


def write_settings(station: str, records: Sequence[VariableRecord], path: Path) -> int:
    """Write settings as a table, or as TOML where the name ends so; how many.

    Raises:
        ForecourtError: it cannot be written there.
    """
    toml = path.suffix.lower() == ".toml"
    text = to_toml(station, records) if toml else to_csv(records)
    content = text.encode() if toml else text.encode("utf-8-sig")

    def write(out: BinaryIO) -> int:
        out.write(content)
        return len(records)

    return whole(path, write)


def read_settings(path: Path, version: str) -> dict[Key, str]:
    """The values a file wants, by setting; read-only ones are left out.

    Raises:
        ForecourtError: it cannot be read, or is no such file.
    """
    text = text_of(path, "a station's settings", MOST_BYTES)
    read = from_toml if path.suffix.lower() == ".toml" else from_csv
    return {key_of(variable): value for variable, value in read(text, version)}

"""A station's configuration as a file: TOML to keep and compare, CSV for a spreadsheet."""

import csv
import io
import tomllib
from collections.abc import Iterable

from app.domain.errors import ForecourtError
from app.domain.operations import Variable
from app.domain.records import VariableRecord
from app.domain.spreadsheet import safe_text
from app.operations.configuration.clocks import stamp
from app.operations.configuration.keeping import detail_of
from app.operations.configuration.known import known_settings
from app.operations.configuration.naming import key_of, read, variable_of, written
from app.operations.configuration.toml import dump

COLUMNS = ("setting", "value", "read_only", "unit", "read_at", "meaning")
Settings = tuple[tuple[Variable, str], ...]


def to_toml(station: str, records: Iterable[VariableRecord]) -> str:
    """All settings with a value; `from_toml` reads it back. Read-only ones say so."""
    rows = []
    for record in records:
        if record.value is not None:
            row: dict[str, object] = {"name": written(variable_of(record)), "value": record.value}
            if record.readonly:
                row["read_only"] = True
            rows.append(row)
    return dump({"station": station, "setting": rows})


def to_csv(records: Iterable[VariableRecord]) -> str:
    """All settings, with what is known of them; `from_csv` reads it back."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    known = known_settings()
    for record in records:
        about = known.of(variable_of(record))
        unit = str(detail_of(record).get("unit") or (about.unit if about else ""))
        table.writerow(
            (
                _plain(written(variable_of(record))),
                _plain(record.value or ""),
                "yes" if record.readonly else "",
                safe_text(unit),
                stamp(record.read_ms),
                about.title if about else "",
            )
        )
    return out.getvalue()


def _plain(text: str) -> str:
    """A text that a spreadsheet takes for no formula; `_raw` undoes it."""
    return f"'{text}" if text.startswith("'") else safe_text(text)


def _raw(text: str) -> str:
    return text[1:] if text.startswith("'") else text


def from_toml(text: str, version: str) -> Settings:
    """The settings of a file that may be written to a station of `version`, read-only ones left out.

    Raises:
        ForecourtError: it is no such file; the sentence says where.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ForecourtError(f"The file is no TOML: {error}.") from None
    rows = document.get("setting")
    if not isinstance(rows, list):
        raise ForecourtError("The file holds no settings; each begins with [[setting]].")
    found = []
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or "value" not in row:
            raise ForecourtError(f"Setting {place} of the file needs a name and a value.")
        if not row.get("read_only"):
            found.append((read(row["name"], version), str(row["value"])))
    return _once(found)


def from_csv(text: str, version: str) -> Settings:
    """The settings of a table that may be written to a station of `version`, read-only ones left out.

    Raises:
        ForecourtError: it is no such table; the sentence says where.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if not {"setting", "value"} <= set(rows.fieldnames or ()):
        raise ForecourtError("The table needs the columns setting and value.")
    found = []
    for place, row in enumerate(rows, 2):
        name = _raw((row["setting"] or "").strip())
        if not name:
            raise ForecourtError(f"Line {place} of the table names no setting.")
        if (row.get("read_only") or "").strip().casefold() not in ("yes", "true", "1"):
            found.append((read(name, version), _raw(row["value"] or "")))
    return _once(found)


def _once(settings: list[tuple[Variable, str]]) -> Settings:
    seen = set()
    for variable, _ in settings:
        if key_of(variable) in seen:
            raise ForecourtError(f"The file names {written(variable)} twice.")
        seen.add(key_of(variable))
    return tuple(settings)

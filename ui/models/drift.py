"""The matrix of settings and stations, as the configuration page shows it. No Qt."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.records import CommandRecord
from app.operations.configuration.drift import Cell, CellState, Drift
from app.operations.configuration.template import Line, Template
from app.operations.configuration.values import parts
from ui.models.command_words import STATES, operation_of
from ui.theme import formats

WORDS: Mapping[CellState, str] = {
    CellState.EQUAL: "equal",
    CellState.DIFFERS: "differs",
    CellState.LOCKED: "differs, and can only be read",
    CellState.MISSING: "the station has no such setting",
    CellState.UNKNOWN: "the station keeps the value to itself",
    CellState.NOT_READ: "not read yet",
    CellState.NO_WAY: "its version of OCPP has no such setting",
}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One setting: its name, what the template wants, and whether any station differs."""

    name: str
    wanted: str
    title: str
    differs: bool


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """One station; `short` is what stands under its site's heading."""

    station: str
    site: str
    short: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """What the grid shows. `cells` by (row's name, station)."""

    rows: tuple[MatrixRow, ...] = ()
    columns: tuple[MatrixColumn, ...] = ()
    cells: Mapping[tuple[str, str], Cell] | None = None

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place; None outside."""
        if self.cells is None or not (0 <= row < len(self.rows) and 0 <= column < len(self.columns)):
            return None
        return self.cells.get((self.rows[row].name, self.columns[column].station))


def matrix(found: Drift, *, keys: str = "all", stations: str = "all") -> Matrix:
    """The grid of a drift; "differing" leaves out what is equal everywhere."""
    away = frozenset((CellState.DIFFERS, CellState.LOCKED))
    rows = []
    for line in found.template.lines:
        differs = any(found.cells[line.name, s.station].state in away for s in found.subjects)
        if keys == "all" or differs:
            rows.append(MatrixRow(line.name, wanted_words(line), line.title, differs))
    shared = shorts([(s.station, s.site) for s in found.subjects])
    columns = []
    for subject in sorted(found.subjects, key=lambda s: (s.site.casefold(), s.station)):
        differs = any(cell.state in away for cell in found.of(subject.station))
        if stations == "all" or differs:
            columns.append(MatrixColumn(subject.station, subject.site, shared[subject.station], differs))
    return Matrix(tuple(rows), tuple(columns), found.cells)


def wanted_words(line: Line) -> str:
    """What a line wants, for a narrow column: a list by how many it names."""
    items = parts(line.value)
    if line.kind == "list":
        return formats.count(len(items), "value")
    return f"{line.value} {line.unit}".strip()


def shorts(stations: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What tells the stations of a site apart: the part after the last hyphen, where that will do."""
    whole = list(stations)
    tails = Counter((site, station.rpartition("-")[2]) for station, site in whole)
    found = {}
    for station, site in whole:
        tail = station.rpartition("-")[2]
        found[station] = tail if 0 < len(tail) <= 4 and tails[site, tail] == 1 else station
    return found


def cell_words(cell: Cell, now_ms: int, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """What is known of a cell, as label and value."""
    rows = [("Template", cell.wanted), ("Station", formats.UNKNOWN if cell.found is None else cell.found)]
    rows.append(("State", WORDS[cell.state]))
    if cell.read_ms:
        rows.append(("Read", formats.age(cell.read_ms, now_ms, zone)))
    if cell.changed_ms is not None:
        rows.append(("Changed", formats.when(cell.changed_ms, now_ms, zone)))
    if cell.before is not None:
        rows.append(("Before", cell.before))
    if cell.restart:
        rows.append(("Takes effect", "after a restart"))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Written:
    """One time a setting was written from here."""

    at_ms: int
    by: str
    value: str
    state: str


def writes_of(records: Iterable[CommandRecord], cell: Cell, most: int = 5) -> list[Written]:
    """When this setting of this station was written, newest first."""
    wanted = cell.variable
    if wanted is None:
        return []
    found = []
    for record in sorted(records, key=lambda r: -r.command):
        if record.station != cell.station or record.operation != "WriteConfiguration":
            continue
        for variable, value in values_of(record):
            if (variable.get("name"), variable.get("component", "")) == (wanted.name, wanted.component):
                state = STATES.get(record.outcome, (record.outcome, "", ""))[0]
                found.append(Written(record.asked_ms, record.asked_by or "automatic", value, state))
        if len(found) >= most:
            break
    return found


def values_of(record: CommandRecord) -> Iterable[tuple[dict[str, object], str]]:
    """The settings that a kept wish writes, each with its value."""
    values = operation_of(record).get("values")
    for pair in values if isinstance(values, list) else ():
        match pair:
            case [dict(variable), str(value)]:
                yield variable, value


def spoken(cell: Cell) -> str:
    """A cell as one sentence."""
    found = f", found {cell.found}" if cell.found is not None and cell.state is not CellState.EQUAL else ""
    return f"{cell.line} at {cell.station}, wanted {cell.wanted}{found}, {WORDS[cell.state]}"


def template_title(template: Template) -> str:
    """ "DC public, version 14"."""
    version = f", version {template.version}" if template.version else ""
    return f"{template.title}{version}"


def read_between(found: Drift, now_ms: int, zone: ZoneInfo) -> str:
    """When the cells were read: "read 14:20", "read 12:05 to 14:20"."""
    times = [cell.read_ms for cell in found.cells.values() if cell.read_ms]
    if not times:
        return "not read yet"
    first, last = formats.when(min(times), now_ms, zone), formats.when(max(times), now_ms, zone)
    return f"read {last}" if first == last else f"read {first} to {last}"

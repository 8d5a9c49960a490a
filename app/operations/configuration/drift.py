"""How stations differ from a template, cell by cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.operations import Variable
from app.domain.records import VariableRecord
from app.operations.configuration.keeping import detail_of
from app.operations.configuration.naming import Key, key_of, key_of_record
from app.operations.configuration.template import Line, Template
from app.operations.configuration.values import equal, short


class CellState(StrEnum):
    """What a station says to a line of a template.

    EQUAL and DIFFERS speak for themselves. LOCKED: it differs, but can only be read. MISSING: the
    station has no such setting. UNKNOWN: it has it and keeps the value to itself. NOT_READ: not read
    yet. NO_WAY: its version of OCPP has none.
    """

    EQUAL = "equal"
    DIFFERS = "differs"
    LOCKED = "read-only"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_READ = "not read"
    NO_WAY = "not supported"


@dataclass(frozen=True, slots=True)
class Subject:
    """A station as the comparison needs it."""

    station: str
    version: str
    site: str = ""
    online: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One line at one station. `found` is the value read, `short` that for a narrow cell."""

    station: str
    line: str
    state: CellState
    wanted: str
    found: str | None = None
    short: str = ""
    read_ms: int | None = None
    changed_ms: int | None = None
    before: str | None = None
    restart: bool = False
    variable: Variable | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """A template against stations. `cells` by (line's name, station)."""

    template: Template
    subjects: tuple[Subject, ...]
    cells: Mapping[tuple[str, str], Cell]

    def cell(self, line: str, station: str) -> Cell:
        """One cell."""
        return self.cells[line, station]

    def of(self, station: str) -> tuple[Cell, ...]:
        """A station's cells, in the order of the lines."""
        return tuple(self.cells[line.name, station] for line in self.template.lines)

    def differing(self, line: str = "") -> tuple[str, ...]:
        """Stations that differ, in one line or in any."""
        return tuple(
            s.station
            for s in self.subjects
            if any(
                self.cells[one.name, s.station].state is CellState.DIFFERS
                for one in self.template.lines
                if line in ("", one.name)
            )
        )

    def count(self, state: CellState) -> int:
        """How many cells are in a state."""
        return sum(cell.state is state for cell in self.cells.values())

    def unread(self) -> tuple[str, ...]:
        """Stations of which nothing in the template has been read."""
        return tuple(
            s.station
            for s in self.subjects
            if any(cell.state is CellState.NOT_READ for cell in self.of(s.station))
        )

    @property
    def sentence(self) -> str:
        """How it stands, in a few words: "3 stations differ, 1 is not read yet"."""
        differ, unread = len(self.differing()), len(self.unread())
        said = []
        if differ:
            said.append(f"{differ} station{'' if differ == 1 else 's'} differ{'s' if differ == 1 else ''}")
        if unread:
            said.append(f"{unread} {'is' if unread == 1 else 'are'} not read yet")
        if not self.subjects:
            return "No station follows it"
        return ", ".join(said) or "All are equal"


Rows = Mapping[Key, VariableRecord]


def by_station(records: Iterable[VariableRecord]) -> dict[str, dict[Key, VariableRecord]]:
    """Rows by station and setting."""
    found: dict[str, dict[Key, VariableRecord]] = {}
    for record in records:
        found.setdefault(record.station, {})[key_of_record(record)] = record
    return found


def drift(template: Template, subjects: Sequence[Subject], records: Iterable[VariableRecord]) -> Drift:
    """Compare; stations that were never connected are `NOT_READ` throughout."""
    rows = by_station(records)
    cells = {
        (line.name, subject.station): compare(line, subject, rows.get(subject.station, {}))
        for line in template.lines
        for subject in subjects
    }
    return Drift(template, tuple(subjects), cells)


def compare(line: Line, subject: Subject, rows: Rows) -> Cell:
    """One line at one station."""
    if not subject.version:
        return Cell(subject.station, line.name, CellState.NOT_READ, line.value)
    variable = line.of(subject.version)
    if variable is None:
        return Cell(subject.station, line.name, CellState.NO_WAY, line.value)
    record = rows.get(key_of(variable))
    if record is None:
        return Cell(subject.station, line.name, CellState.NOT_READ, line.value, variable=variable)
    detail = detail_of(record)
    return Cell(
        subject.station,
        line.name,
        _state(line, record, detail.get("status")),
        line.value,
        record.value,
        "" if record.value is None else short(line.kind, line.value, record.value),
        record.read_ms,
        record.changed_ms,
        record.before,
        line.restart or detail.get("restart") is True,
        variable,
    )


def _state(line: Line, record: VariableRecord, status: object) -> CellState:
    if record.value is not None:
        if equal(line.kind, line.value, record.value):
            return CellState.EQUAL
        return CellState.LOCKED if record.readonly else CellState.DIFFERS
    return CellState.MISSING if status and status != "Rejected" else CellState.UNKNOWN

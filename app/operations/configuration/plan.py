"""What to write where so that stations equal their template, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.operations import Variable, Wish, WriteConfiguration
from app.operations.configuration.drift import Cell, CellState, Drift
from app.operations.configuration.values import joined

WAVES = (2, 10)
"""Sizes of the first waves; the rest follows (issue: two, then ten, then all)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting to write. `now` is the value read, None where the station keeps it to itself."""

    line: str
    variable: Variable
    now: str | None
    then: str
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write to one station; `passed` are the lines left out, with the plain reason."""

    station: str
    template: str
    changes: tuple[Change, ...]
    passed: tuple[tuple[str, str], ...] = ()

    @property
    def restart(self) -> bool:
        """Whether something takes effect only after a restart."""
        return any(change.restart for change in self.changes)


_PASSED = {
    CellState.LOCKED: "The station only lets it be read.",
    CellState.MISSING: "The station has no such setting.",
    CellState.NOT_READ: "It has not been read yet; read it first.",
    CellState.NO_WAY: "Its version of OCPP has no such setting.",
}


def plan(found: Drift, station: str, lines: Iterable[str] = ()) -> Plan:
    """What to write to one station: only what differs, and what it keeps to itself (Q18).

    Args:
        lines: names of the lines to apply; none means all.
    """
    wanted = set(lines)
    changes, passed = [], []
    for cell in found.of(station):
        if wanted and cell.line not in wanted:
            continue
        if cell.state in (CellState.DIFFERS, CellState.UNKNOWN) and cell.variable is not None:
            changes.append(Change(cell.line, cell.variable, cell.found, cell.wanted, cell.restart))
        elif cell.state in _PASSED:
            passed.append((cell.line, _PASSED[cell.state]))
    return Plan(station, found.template.name, tuple(changes), tuple(passed))


def plans(found: Drift, lines: Iterable[str] = (), stations: Iterable[str] = ()) -> list[Plan]:
    """The plans of all stations that need one."""
    only, wanted = set(stations), tuple(lines)
    made = [plan(found, s.station, wanted) for s in found.subjects if not only or s.station in only]
    return [one for one in made if one.changes]


def wish(
    one: Plan, by: str, why: str = "", wait_until_ms: int | None = None, agreed: tuple[str, ...] = ()
) -> Wish:
    """The write that a plan means; the desk reads every value back."""
    values = tuple((change.variable, change.then) for change in one.changes)
    return Wish(
        one.station,
        WriteConfiguration(values),
        by,
        why or f"Configuration as in {one.template}",
        wait_until_ms=wait_until_ms,
        agreed=agreed,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One setting over all stations: the values now (each once), the value then, how many stations."""

    line: str
    now: tuple[str, ...]
    then: str
    stations: int

    @property
    def before(self) -> str:
        """The values now, for a cell."""
        return joined(self.now)


@dataclass(frozen=True, slots=True)
class Preview:
    """What applying would do, before it is done.

    `restarts` are stations where something takes effect only after a restart, `waiting` those where a
    session runs now, `offline` those that cannot be reached, `waves` the stations in their order.
    """

    rows: tuple[Row, ...]
    cells: int
    restarts: tuple[str, ...]
    waiting: tuple[str, ...]
    offline: tuple[str, ...]
    waves: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a station stands just now, for the order of the waves."""

    make: str = ""
    busy: bool = False
    troubled: bool = False
    online: bool = True


def preview(made: Sequence[Plan], standing: Mapping[str, Standing], sizes: Sequence[int] = WAVES) -> Preview:
    """What applying these plans would do. Free stations of different makes go first, so that the first
    wave says most about the others; stations with open troubles and busy ones go last. Those that
    cannot be reached are left out.
    """
    offline = away([one.station for one in made], standing)
    going = [one for one in made if one.station not in offline]
    rows: dict[str, list[Change]] = {}
    for one in going:
        for change in one.changes:
            rows.setdefault(change.line, []).append(change)
    order = in_order([one.station for one in going], standing)
    return Preview(
        tuple(
            Row(line, tuple(dict.fromkeys(c.now or "–" for c in changes)), changes[0].then, len(changes))
            for line, changes in rows.items()
        ),
        sum(len(one.changes) for one in going),
        tuple(one.station for one in going if one.restart),
        tuple(s for s in order if standing.get(s, Standing()).busy),
        offline,
        tuple(waves(order, sizes)),
    )


def away(stations: Iterable[str], standing: Mapping[str, Standing]) -> tuple[str, ...]:
    """Those that cannot be reached now, by name."""
    return tuple(sorted(s for s in stations if not standing.get(s, Standing()).online))


def in_order(stations: Sequence[str], standing: Mapping[str, Standing]) -> list[str]:
    """Stations in the order in which they are written to."""
    seen: dict[str, int] = {}
    ranked = []
    for station in sorted(stations):
        about = standing.get(station, Standing())
        calm = (not about.online, about.troubled, about.busy)
        turn = 0
        if not any(calm):
            turn = seen.get(about.make, 0)
            seen[about.make] = turn + 1
        ranked.append((calm, turn, station))
    return [station for _, _, station in sorted(ranked)]


def waves(order: Sequence[str], sizes: Sequence[int] = WAVES) -> list[tuple[str, ...]]:
    """The order cut into waves, the rest in one."""
    found, start = [], 0
    for size in sizes:
        if start < len(order):
            found.append(tuple(order[start : start + size]))
        start += size
    if start < len(order):
        found.append(tuple(order[start:]))
    return found


def undo(records: Iterable[Cell], template: str, station: str) -> Plan:
    """A plan that puts the values back that these cells had before they last changed."""
    changes = tuple(
        Change(cell.line, cell.variable, cell.found, cell.before, cell.restart)
        for cell in records
        if cell.station == station and cell.variable is not None and cell.before is not None
        and cell.before != cell.found
    )  # fmt: skip
    return Plan(station, template, changes)

"""Which firmware runs where: versions by model, and the stations of one with how their update goes."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from app.domain.operations import CommandState
from app.domain.records import CommandRecord
from app.domain.status import SEVERITY, Shown
from app.fleet.views import StationView
from ui.models.cells import DASH, EMPTY, Cell, Column, Tone
from ui.models.command_table import UNDER_WAY
from ui.models.command_words import BAD, STATES
from ui.models.firmware_steps import STEP_COUNT, STEPS
from ui.models.station_list import site_of
from ui.theme import formats
from ui.theme.shapes import WORDS

NO_MODEL, NO_VERSION = "Model not told", "Version not told"
_PARTS = re.compile(r"\d+|[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """The heading of one model."""

    model: str
    stations: int
    versions: int
    behind: int

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while values change."""
        return (self.model, "")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a model: which stations have it. `newest`: no station of the model has a higher one."""

    model: str
    version: str
    stations: tuple[str, ...]
    share: float
    newest: bool
    abnormal: int

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while values change."""
        return (self.model, self.version)


Row = ModelRow | VersionRow


def model_of(view: StationView) -> str:
    """Maker and model as told."""
    return " ".join((view.vendor, view.model)).strip() or NO_MODEL


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers by value, words by letters: 1.10 after 1.9."""
    return tuple(
        (1, int(part), "") if part.isdigit() else (0, 0, part.casefold()) for part in _PARTS.findall(version)
    )


def version_rows(views: Iterable[StationView]) -> list[Row]:
    """Models by name, under each its versions, newest first; those not told come last."""
    groups: dict[str, dict[str, list[StationView]]] = {}
    for view in views:
        groups.setdefault(model_of(view), {}).setdefault(view.firmware or NO_VERSION, []).append(view)
    rows: list[Row] = []
    for model in sorted(groups, key=lambda m: (m == NO_MODEL, m.casefold())):
        versions = groups[model]
        total = sum(len(members) for members in versions.values())
        told = sorted((v for v in versions if v != NO_VERSION), key=version_order, reverse=True)
        behind = sum(len(versions[version]) for version in told[1:])
        rows.append(ModelRow(model, total, len(versions), behind))
        for version in [*told, *(v for v in versions if v == NO_VERSION)]:
            members = versions[version]
            bad = sum(1 for view in members if SEVERITY[view.shown] <= SEVERITY[Shown.DEGRADED])
            rows.append(
                VersionRow(
                    model, version, tuple(sorted(view.station for view in members)), len(members) / total,
                    bool(told) and version == told[0], bad,
                )
            )  # fmt: skip
    return rows


def version_columns() -> tuple[Column[Row], ...]:
    """Version with its standing, stations, how many are abnormal."""

    def name(row: Row) -> Cell:
        if isinstance(row, ModelRow):
            behind = f", {formats.number(row.behind)} behind" if row.behind else ""
            return Cell(row.model, f"{formats.count(row.stations, 'station')}{behind}", strong=True)
        if row.version == NO_VERSION:
            return Cell(row.version, tone=Tone.FAINT)
        return Cell(row.version, "newest here" if row.newest else "", mono=True)

    def stations(row: Row) -> Cell:
        return EMPTY if isinstance(row, ModelRow) else Cell(formats.number(len(row.stations)))

    def share(row: Row) -> Cell:
        if isinstance(row, ModelRow):
            return EMPTY
        # Rounded, so that shares add up; but not all of them only because few are missing.
        near = row.share if row.share in (0, 1) else min(0.99, max(0.01, round(row.share, 2)))
        return Cell(formats.percent(near, 0), tone=Tone.QUIET)

    def bad(row: Row) -> Cell:
        if isinstance(row, ModelRow):
            return EMPTY
        return Cell(formats.number(row.abnormal), tone=Tone.QUIET) if row.abnormal else DASH

    return (
        Column("version", "Version", name, "10.20.30-rc1 newest here", stretch=True, fixed=True),
        Column("stations", "Stations", stations, "1,234", right=True, fixed=True),
        Column("share", "Share", share, "100%", right=True),
        Column("bad", "In trouble", bad, "123", right=True, hint="Faulted, offline or degraded now"),
    )


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """A station of the chosen version, and the newest update that was asked of it."""

    view: StationView
    command: CommandRecord | None = None

    @property
    def key(self) -> str:
        """What stays the same while values change."""
        return self.view.station


def update_rows(
    views: Mapping[str, StationView], stations: Iterable[str], commands: Iterable[CommandRecord]
) -> list[UpdateRow]:
    """The stations with their newest update, those under way first."""
    newest: dict[str, CommandRecord] = {}
    for record in commands:
        if record.operation == "UpdateFirmware":
            known = newest.get(record.station)
            if known is None or record.command > known.command:
                newest[record.station] = record
    rows = [UpdateRow(views[s], newest.get(s)) for s in stations if s in views]
    return sorted(rows, key=lambda row: (not under_way(row), row.view.station))


def under_way(row: UpdateRow) -> bool:
    """Whether an update of it has not ended."""
    return row.command is not None and row.command.outcome in UNDER_WAY


def share_of(record: CommandRecord) -> float | None:
    """How far an update is, 0 to 1; None where it ended badly or nothing is known."""
    if record.outcome in (CommandState.PROVED, CommandState.DONE):
        return 1.0
    if record.outcome in BAD or record.outcome in (CommandState.EXPIRED, CommandState.CANCELLED):
        return None
    for status, (step, words) in sorted(STEPS.items(), key=lambda item: -item[1][0]):
        if status in record.proof or (words and words.casefold() in record.proof.casefold()):
            return step / STEP_COUNT
    return 0.0


def update_columns(ticked: Container[str]) -> tuple[Column[UpdateRow], ...]:
    """Tick, state, station, site, version, and how its update goes."""

    def tick(row: UpdateRow) -> Cell:
        on = row.view.station in ticked
        return Cell(tick=on, spoken="ticked" if on else "not ticked")

    def update(row: UpdateRow) -> Cell:
        if row.command is None:
            return Cell("none asked", tone=Tone.FAINT)
        word, icon, usual = STATES.get(row.command.outcome, (row.command.outcome, "terminal", ""))
        shapes = (Shown.DEGRADED,) if row.command.outcome in BAD else ()
        return Cell(word, row.command.proof or usual, icon="" if shapes else icon, shapes=shapes)

    def done(row: UpdateRow) -> Cell:
        share = share_of(row.command) if row.command is not None else None
        return Cell(bar=share, spoken=formats.percent(share, 0)) if share is not None else EMPTY

    return (
        Column("tick", "", tick, "", fixed=True, extra_px=20, mark=True),
        Column("state", "State", _state, "Out of service", extra_px=22, fixed=True),
        Column("station", "Station", lambda r: Cell(r.view.station), "UTRECHT-001", fixed=True),
        Column(
            "site", "Site", lambda r: Cell(site_of(r.view), tone=Tone.QUIET), "Antwerpen Linker", yields=3
        ),
        Column("link", "Sessions", _sessions, "2 running", yields=2),
        Column("done", "Progress", done, "", extra_px=90, yields=1),
        Column("update", "Update", update, "Not proved, could not", stretch=True, extra_px=22, fixed=True),
    )


def _state(row: UpdateRow) -> Cell:
    return Cell(WORDS[row.view.shown], shapes=(row.view.shown,))


def _sessions(row: UpdateRow) -> Cell:
    running = row.view.sessions_open
    return Cell(f"{formats.number(running)} running", tone=Tone.QUIET) if running else DASH

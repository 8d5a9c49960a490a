"""Configuration of the whole network: templates, what was read, what differs, and putting it right."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection

from app.clock import Clock
from app.domain.errors import ForecourtError
from app.domain.operations import ReadConfiguration, Wish
from app.domain.records import EntryRecord, VariableRecord
from app.domain.status import LinkState, Shown
from app.fleet.views import StationView
from app.operations.configuration.clocks import WRONG_MS, WrongClock, mends
from app.operations.configuration.drift import Drift, Subject, drift
from app.operations.configuration.plan import (
    WAVES,
    Plan,
    Preview,
    Standing,
    away,
    in_order,
    plans,
    preview,
    wish,
)
from app.operations.configuration.template import (
    Make,
    Template,
    TemplateFile,
    assemble,
    followed,
    load_templates,
    to_body,
)
from app.store.readers.variables import variables_named

Ask = Callable[..., Awaitable[Any]]

LINKED = (LinkState.ONLINE, LinkState.DOUBTFUL)


class Desk(Protocol):
    """What is needed of the desk."""

    async def bulk(
        self, title: str, wishes: Sequence[Wish], by: str, waves: tuple[int, ...] = ..., stop_after: int = ...
    ) -> int:
        """Work on many stations; its number."""


class EntriesOf(Protocol):
    """What is needed of the entries."""

    def all(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """What stands of a kind."""

    def body(self, kind: str, entry: str) -> Mapping[str, Any] | None:
        """What an entry says now."""

    def newest(self, kind: str, entry: str) -> EntryRecord | None:
        """The newest version."""

    def on_change(self, tell: Callable[[EntryRecord], None]) -> None:
        """Be told of every version."""


class Configuration:
    """Templates and drift of the network. Made when the control room starts.

    Args:
        clock: time.
        folder: the data directory's `templates`.
        entries: what persons wrote down: templates, and which one a station follows.
        stations: the live picture of all stations.
        ask: runs a reader in its thread.

    Raises:
        ForecourtError: a template is wrong; the sentence names it.
    """

    def __init__(
        self,
        clock: Clock,
        folder: Path,
        entries: EntriesOf,
        stations: Callable[[], Mapping[str, StationView]],
        ask: Ask,
    ) -> None:
        self.clock = clock
        self._folder = folder
        self._entries = entries
        self._stations = stations
        self._ask = ask
        self.problems: tuple[str, ...] = ()
        """Why templates written in the window cannot be used; each is left out, the rest goes on."""
        self.templates: dict[str, Template] = {}
        self._load()
        entries.on_change(self._changed)

    def _written(self) -> dict[str, tuple[Mapping[str, Any], int]]:
        found = {}
        for name, body in self._entries.all("template").items():
            record = self._entries.newest("template", name)
            found[name] = (body, record.version if record else 0)
        return found

    def _load(self) -> None:
        """Shipped templates and files have to be right; what is wrong in the window's own is left out."""
        templates = load_templates(self._folder)
        good: dict[str, tuple[Mapping[str, Any], int]] = {}
        left = self._written()
        problems: list[str] = []
        while left:
            # Again while one more is right, since they may include each other.
            problems, before = [], len(left)
            for name, body in [*left.items()]:
                try:
                    templates = load_templates(self._folder, {**good, name: body})
                    good[name] = left.pop(name)
                except ForecourtError as error:
                    problems.append(str(error))
            if len(left) == before:
                break
        self.templates, self.problems = templates, tuple(problems)

    def _changed(self, record: EntryRecord) -> None:
        if record.kind == "template":
            self._load()

    # templates

    def check(self, name: str, raw: TemplateFile) -> dict[str, Any]:
        """The body of the entry (kind "template") that keeps this template under `name`.

        Raises:
            ForecourtError: it cannot be; nothing is kept.
        """
        others = {
            other.name: (other.raw, other.source, other.version)
            for other in self.templates.values()
            if other.raw is not None
        }
        assemble({**others, name: (raw, "entry", 0)})
        return to_body(raw)

    def template(self, name: str) -> Template:
        """A template by name.

        Raises:
            ForecourtError: there is none.
        """
        if name not in self.templates:
            raise ForecourtError(f"There is no template {name!r}; choose one of {', '.join(self.templates)}.")
        return self.templates[name]

    def followed(self, view: StationView) -> Template | None:
        """The template a station follows, None where none fits."""
        chosen = self._entries.body("template-of", view.station) or {}
        make = Make(view.version, view.vendor, view.model, view.firmware)
        return followed(self.templates, make, str(chosen.get("template", "")))

    def followers(self, name: str) -> list[StationView]:
        """The stations that follow a template, by site and name."""
        found = [
            view
            for view in self._stations().values()
            if (mine := self.followed(view)) is not None and mine.name == name
        ]
        return sorted(found, key=lambda view: (view.site, view.station))

    # drift

    async def drift(self, name: str, stations: Iterable[str] = ()) -> Drift:
        """A template against these stations, or those that follow it.

        Raises:
            ForecourtError: there is no such template.
        """
        template = self.template(name)
        views = self._stations()
        wanted = [views[s] for s in stations if s in views] or self.followers(name)
        names = {v.name for line in template.lines for v in (line.key, line.variable) if v is not None}
        # In the reader's thread: 500 stations take some 200 ms, and nobody may wait for that.
        found: Drift = await self._ask(_drift, template, [subject_of(view) for view in wanted], sorted(names))
        return found

    async def plans(self, name: str, lines: Iterable[str] = (), stations: Iterable[str] = ()) -> list[Plan]:
        """What to write so that stations equal a template. Those that equal it have no plan.

        Raises:
            ForecourtError: there is no such template.
        """
        return plans(await self.drift(name, stations), lines)

    def preview(self, made: Sequence[Plan]) -> Preview:
        """What applying these plans would do just now."""
        return preview(made, self._standing())

    async def apply(
        self, desk: Desk, made: Sequence[Plan], by: str, why: str = "", *,
        waves: tuple[int, ...] = WAVES, stop_after: int = 1, wait_until_ms: int | None = None,
        agreed: tuple[str, ...] = (),
    ) -> int:  # fmt: skip
        """Write these plans in waves, each value read back by the desk; the batch's number.

        Stations that cannot be reached are left out, as the preview says, unless it is to wait for them.

        Raises:
            ForecourtError: there is nothing to write, or nobody to write to.
        """
        if not made:
            raise ForecourtError("Nothing differs, so there is nothing to write.")
        standing = self._standing()
        left_out = away([one.station for one in made], standing) if wait_until_ms is None else ()
        by_station = {one.station: one for one in made if one.station not in left_out}
        if not by_station:
            raise ForecourtError("None of these stations is connected, so nothing was written.")
        order = in_order(list(by_station), standing)
        wishes = [wish(by_station[station], by, why, wait_until_ms, agreed) for station in order]
        return await desk.bulk(f"Template {made[0].template}", wishes, by, waves, stop_after)

    def reading(self, name: str, view: StationView) -> ReadConfiguration | None:
        """What to ask a station so that it can be compared with a template; None where nothing can be.

        Raises:
            ForecourtError: there is no such template.
        """
        return reading(self.template(name), view.version)

    def _standing(self) -> dict[str, Standing]:
        return {name: standing_of(view) for name, view in self._stations().items()}

    # clocks

    async def wrong_clocks(self) -> list[WrongClock]:
        """Stations whose clock is wrong, the worst first, with the ways to mend it."""
        wrong = [v for v in self._stations().values() if abs(v.clock_skew_ms or 0) > WRONG_MS]
        rows: list[VariableRecord] = []
        if wrong:
            rows = await self._ask(
                variables_named, ("DateTime", "TimeSource"), [view.station for view in wrong]
            )
        found = [
            WrongClock(
                view.station,
                view.clock_skew_ms or 0,
                view.version,
                view.link in LINKED,
                mends(view.version, self.clock.now_ms(), [r for r in rows if r.station == view.station]),
            )
            for view in wrong
        ]
        return sorted(found, key=lambda one: (-abs(one.skew_ms), one.station))


def _drift(
    connection: Connection, template: Template, subjects: Sequence[Subject], names: Sequence[str]
) -> Drift:
    """Read what was told of these settings, and compare."""
    rows = variables_named(connection, names, [subject.station for subject in subjects])
    return drift(template, subjects, rows)


def subject_of(view: StationView) -> Subject:
    """A station as the comparison needs it."""
    return Subject(view.station, view.version, view.site, view.link in LINKED)


def standing_of(view: StationView) -> Standing:
    """How a station stands, for the order of the waves."""
    return Standing(
        f"{view.vendor} {view.model}".strip(),
        busy=view.sessions_open > 0,
        troubled=view.shown is Shown.FAULTED,
        online=view.link in LINKED,
    )


def reading(template: Template, version: str) -> ReadConfiguration | None:
    """What to ask so that a station can be compared with a template; None where nothing can be."""
    wanted = tuple(variable for line in template.lines if (variable := line.of(version)) is not None)
    return ReadConfiguration(wanted) if version and wanted else None

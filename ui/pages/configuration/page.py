"""Stations, configuration: settings against a template, what differs, and putting it right in waves."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.analytics import questions
from app.domain.records import CommandRecord
from app.operations.configuration.drift import Cell, CellState, Drift
from ui.models.bulk import BulkDeed
from ui.models.drift import matrix, read_between, template_title, writes_of
from ui.pages.base import LivePage
from ui.pages.configuration.asking import Look, Offer, apply, look, offer
from ui.pages.configuration.deeds import have_follow, putting_back, read_again
from ui.pages.configuration.matrix import MatrixView
from ui.pages.configuration.running import RunningTable
from ui.pages.configuration.side import ApplyPanel, CellPanel
from ui.pages.configuration.template_sheet import TemplateSheet
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, number
from ui.widgets.batch_bar import Batches
from ui.widgets.bulk_sheet import BulkSheet
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label
from ui.widgets.legend import Legend
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.panel import Panel, Rule
from ui.widgets.segments import Segments


class ConfigurationPage(LivePage):
    """The grid, the work under way below it, and one panel at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.found: Look | None = None
        self._name = ""
        self._stations: tuple[str, ...] = ()
        self._ended: set[int] = set()
        self.template = MenuButton("Template", "…")
        self.whose = MenuButton("Stations", "that follow it")
        self.stations = Segments((("all", "Stations"), ("differing", "Differing")), "Stations")
        self.lines = Segments((("all", "Keys"), ("differing", "Differing")), "Keys")
        self.edit = Button("Edit template", "quiet", "pencil")
        self.read = Button("Read all again", icon="refresh-cw")
        self.follows = Button("Have these follow it", "quiet", "check")
        self.apply_button = Button("Apply…", "primary")
        self.grid = MatrixView()
        self.cell_panel, self.apply_panel = CellPanel(workspace), ApplyPanel(workspace)
        self.batches = Batches(workspace, "Template")
        self.running = RunningTable(workspace)
        self._panel = Panel("Drift", " ")
        self._foot = Label("", "small", "text3")
        self._sum = Legend()
        self._failure = ""
        self._stale = False
        self._lay_out()
        self._connect()
        self.every(1000, self._show_work, ages=True)
        self.every(2000, self._ask_if_stale, ages=True)
        self.every(2000, self._show_nobody)

    def opened(self, argument: str) -> None:
        self._stations = ()
        if argument.startswith("stations:"):
            self._stations = tuple(filter(None, argument[9:].split(",")))
        elif argument.startswith("template:"):
            self._name = argument[9:]
        self.refresh()
        self.ask()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("configuration/")

    def top_actions(self) -> Sequence[QWidget]:
        new = Button("New template", icon="plus")
        new.clicked.connect(lambda: self.write_template(new=True))
        return (new,)

    def back(self) -> bool:
        for panel in (self.apply_panel, self.cell_panel):
            if panel.isVisible():
                panel.hide()
                self.grid.setFocus()
                return True
        if self._stations:
            self._stations = ()
            self.ask()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("← ↑ ↓ →", "move"), ("Space", "tick a key"), ("Enter", "both values"))

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            Hit("Apply the template…", group="Configuration", icon="sliders-horizontal", run=self.ask_apply),
            Hit("Read all settings again…", group="Configuration", icon="refresh-cw", run=self.read_all),
            Hit("Edit this template…", group="Configuration", icon="pencil", run=self.write_template),
            Hit(
                "New template…", group="Configuration", icon="plus", run=lambda: self.write_template(new=True)
            ),
        )

    def in_hand(self) -> str:
        cell = self.grid.current
        return cell.station if cell is not None else ""

    @property
    def drift(self) -> Drift | None:
        """What is shown."""
        return self.found.drift if self.found is not None else None

    def ask(self) -> None:
        """Ask the core how the stations stand against the template."""
        name, stations = self._name, self._stations
        if self.found is None:
            self._loading.start()
            self._stack.setCurrentWidget(self._loading)
        self.workspace.bridge.run(
            lambda room: look(room, name, stations), self._know, self._say_failure, key="configuration/look"
        )

    def ask_apply(self, lines: Sequence[str] = (), stations: Sequence[str] = ()) -> None:
        """Show what applying the ticked settings (all, where none is ticked) would do."""
        found = self.drift
        if found is None:
            return
        name = found.template.name
        wanted = tuple(lines) or tuple(
            line.name for line in found.template.lines if line.name in self.grid.ticks
        )
        whom = tuple(stations) or tuple(s.station for s in found.subjects)
        self.workspace.bridge.run(
            lambda room: offer(room, name, wanted, whom),
            self._show_offer, self.workspace.toast, key="configuration/offer",
        )  # fmt: skip

    def read_all(self) -> BulkSheet | None:
        """Ask every station in view for its settings."""
        found = self.drift
        return self._read([s.station for s in found.subjects]) if found is not None else None

    def write_template(self, *, new: bool = False) -> TemplateSheet:
        """Open the template to be changed, or a new one."""
        found = self.drift
        template = None if new or found is None else found.template
        host = self.workspace.sheet_host or self.window()
        sheet = TemplateSheet(host, self.workspace, template)
        sheet.finished.connect(self._kept)
        sheet.open()
        return sheet

    def _kept(self, name: object) -> None:
        if name:
            self._name = str(name)
            self.workspace.toast(f"The template {name} is kept.")
            self.ask()

    def _lay_out(self) -> None:
        tools = QWidget()
        flow = FlowLayout(tools)
        for widget in (self.template, self.whose, self.stations, self.lines):
            flow.addWidget(widget)
        flow.addWidget(self.follows)
        flow.add_right(self.edit)
        flow.addWidget(self.read)
        self._loading = LoadingBlocks()
        self._empty = EmptyState("sliders-horizontal", "Nothing to compare", "")
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for part in (self.grid, self._loading, self._empty):
            self._stack.addWidget(part)
        self._panel.add_action(Legend.of_states())
        self._panel.body_layout.addWidget(holder, 1)
        self._panel.body_layout.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 7, 12, 7)
        foot.setSpacing(12)
        foot.addWidget(self._foot, 1)
        foot.addWidget(self._sum)
        foot.addWidget(self.apply_button)
        self._panel.body_layout.addLayout(foot)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._panel, 1)
        left.addWidget(self.batches)
        left.addWidget(self.running)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self.cell_panel)
        row.addWidget(self.apply_panel)
        self._work = QWidget()
        column = QVBoxLayout(self._work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(tools)
        column.addLayout(row, 1)
        self._first = ConnectFirst(self.workspace, "No charger has told its settings yet")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(self._work, 1)
        whole.addWidget(self._first, 1)
        for hidden in (self._first, self.cell_panel, self.apply_panel, self.follows):
            hidden.hide()

    def _connect(self) -> None:
        workspace = self.workspace
        self.template.chosen.connect(self._choose)
        self.whose.chosen.connect(self._choose_whose)
        self.stations.chosen.connect(lambda _key: self._show())
        self.lines.chosen.connect(lambda _key: self._show())
        self.edit.clicked.connect(lambda: self.write_template())
        self.read.clicked.connect(lambda: self.read_all())
        self.apply_button.clicked.connect(lambda: self.ask_apply())
        self.grid.ticked.connect(self._show_foot)
        self.grid.resized.connect(self._show_foot)
        self.grid.opened.connect(self._open_cell)
        self.grid.moved.connect(lambda cell: self._open_cell(cell) if self.cell_panel.isVisible() else None)
        self.cell_panel.close_asked.connect(self.cell_panel.hide)
        self.cell_panel.write_asked.connect(lambda line, station: self.ask_apply((line,), (station,)))
        self.cell_panel.back_asked.connect(self.put_back)
        self.follows.clicked.connect(self.follow)
        self.cell_panel.read_asked.connect(lambda station: self._read([station]))
        self.cell_panel.station_asked.connect(lambda station: workspace.go("stations/station", station))
        self.apply_panel.close_asked.connect(self.apply_panel.hide)
        self.apply_panel.confirmed.connect(self._apply)
        self.batches.show_asked.connect(lambda batch: workspace.go("stations/commands", f"batch:{batch}"))
        workspace.desk.changed.connect(self._hear)

    def _choose(self, name: object) -> None:
        self._name, self._stations = str(name), ()
        self.apply_panel.hide()
        self.ask()

    def _choose_whose(self, key: object) -> None:
        self._stations = tuple(sorted(self.picture.stations)) if key == "all" else ()
        self.ask()

    def _know(self, found: Look | None) -> None:
        self._failure = ""
        if found is None:
            return
        self.found = found
        followers = dict(found.followers)
        choices = [
            (t.name, f"{template_title(t)} ({number(followers.get(t.name, 0))})") for t in found.templates
        ]
        chosen = found.drift.template.name if found.drift is not None else None
        self.template.set_choices(choices, chosen)
        if chosen is not None:
            self._name = chosen
            following = count(followers.get(chosen, 0), "station")
            offered: list[tuple[object, str]] = [
                ("follow", f"{following} that follow it"),
                ("all", "all of them"),
            ]
            everyone = len(self._stations) >= len(self.picture.stations) > 0
            if self._stations and not everyone:
                offered.append(("chosen", f"{number(len(self._stations))} chosen in the list"))
            self.follows.setVisible(bool(self._stations))
            self.whose.set_choices(offered, "all" if everyone else "chosen" if self._stations else "follow")
        self._show()

    def _say_failure(self, sentence: str) -> None:
        self._failure = sentence
        self._show()

    def _show(self) -> None:
        self._loading.stop()
        found = self.drift
        if found is None or not found.subjects:
            self._stack.setCurrentWidget(self._empty)
            told = self._failure or "Choose another template, or all stations."
            self._empty.say(
                "It could not be compared" if self._failure else "No station follows this template", told
            )
        else:
            self.grid.show_matrix(matrix(found, keys=self.lines.value, stations=self.stations.value))
            self._stack.setCurrentWidget(self.grid)
            whole = matrix(found)
            self.stations.set_text("all", f"Stations {number(len(found.subjects))}")
            self.stations.set_text("differing", f"Differing {number(sum(c.differs for c in whole.columns))}")
            self.lines.set_text("all", f"Keys {number(len(found.template.lines))}")
            self.lines.set_text("differing", f"Differing {number(sum(r.differs for r in whole.rows))}")
            told = read_between(found, self.now_ms(), self.zone)
            self._panel.set_subtitle(f"template against what stations report, {told}")
        self._show_foot()

    def _show_foot(self) -> None:
        found = self.drift
        if found is None:
            self._foot.setText("")
            return
        shown, whole = self.grid.shown_columns()
        more = (
            f"{number(shown)} of {count(whole, 'station')} shown, scroll right for more"
            if shown < whole
            else ""
        )
        self._foot.setText(more or count(whole, "station"))
        self._sum.show_sum(found.count(CellState.DIFFERS), len(found.differing()), len(found.unread()))
        ticked = len(self.grid.ticks)
        self.apply_button.set_text(f"Apply {count(ticked, 'key')}…" if ticked else "Apply all…")
        self.apply_button.setEnabled(bool(found.differing()))

    def _open_cell(self, cell: Any) -> None:
        if cell is not None:
            self.apply_panel.hide()
            self.cell_panel.show_cell(cell)
            self.cell_panel.show()
            self.workspace.bridge.query(
                "configuration/writes", questions.commands, cell.station,
                done=lambda records: self._show_writes(cell, records), failed=self.workspace.toast,
            )  # fmt: skip

    def _show_writes(self, cell: Cell, records: list[CommandRecord]) -> None:
        if cell is self.cell_panel.cell:
            self.cell_panel.show_writes(writes_of(records, cell))

    def put_back(self, cell: Cell) -> BulkSheet | None:
        """Write the value that a setting had before it last changed."""
        deed = putting_back(cell)
        return self._ask_deed(deed, (cell.station,)) if deed is not None else None

    def follow(self) -> None:
        """Have the stations in view follow this template from now on."""
        if self.drift is not None:
            have_follow(self.workspace, self.drift)
            self._stations = ()
            self.ask()

    def _show_offer(self, told: Offer | None) -> None:
        if told is None or not told.plans:
            self.workspace.toast("Nothing that can be written differs.")
            return
        self.cell_panel.hide()
        self.apply_panel.show_offer(told)
        self.apply_panel.show()

    def _apply(self, why: str) -> None:
        told, by = self.apply_panel.offer, self.workspace.bridge.operator
        if told is None:
            return
        self.apply_panel.confirm.setEnabled(False)
        self.workspace.bridge.run(
            lambda room: apply(room, told.plans, by, why),
            self._applying, self.apply_panel.say_failure, key="configuration/apply",
        )  # fmt: skip

    def _applying(self, _batch: object) -> None:
        self.apply_panel.hide()
        self.grid.setFocus()
        self.workspace.toast("Begun. Each value is read back; proven means equal.")

    def _read(self, stations: Sequence[str]) -> BulkSheet | None:
        found = self.drift
        return self._ask_deed(read_again(found), stations) if found is not None and stations else None

    def _ask_deed(self, deed: BulkDeed, stations: Sequence[str]) -> BulkSheet:
        host = self.workspace.sheet_host or self.window()
        sheet = BulkSheet(host, self.workspace, deed, tuple(stations))
        sheet.open()
        return sheet

    def _hear(self, changes: Any) -> None:
        told = changes.commands if changes is not None else ()
        if any(record.operation in ("WriteConfiguration", "ReadConfiguration") for record in told):
            self._stale = True

    def _ask_if_stale(self) -> None:
        if self._stale:
            self._stale = False
            self.ask()

    def _show_work(self) -> None:
        self.batches.refresh()
        self.running.refresh()

    def _show_nobody(self) -> None:
        nobody = not self.picture.stations
        self._first.setVisible(nobody)
        self._work.setVisible(not nobody)
        if nobody:
            self._first.show_server(self.picture.server, self.now_ms())

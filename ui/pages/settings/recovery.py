"""Settings: what may be mended without a person, when, how often; with how well it worked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.analytics.intervals import Share
from app.analytics.settings_page import SettingsView
from app.recovery.situation import switches_of
from ui.models.cells import Cell, Column, Tone
from ui.models.rates import span_of
from ui.pages.settings.form import SettingsPanel, Switch
from ui.pages.settings.parts import ShortTable, keep, span_text
from ui.shell.page import Workspace
from ui.theme.formats import UNKNOWN, percent
from ui.widgets.ask_sheet import AskSheet, Field, read_by
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.labels import Label
from ui.widgets.sheet import Sheet

TRIES = (1, 2, 3)
USUAL_TRIES = 3


@dataclass(frozen=True, slots=True)
class BookRow:
    """A playbook with what it may and what came of it."""

    id: str
    title: str
    recoverable: bool
    share: Share
    everywhere: bool
    sites: tuple[tuple[str, bool], ...]


class RecoveryPanel(SettingsPanel):
    """Off by default; each switch says what it does."""

    def __init__(self, workspace: Workspace, again: Callable[[], None]) -> None:
        super().__init__("Automatic recovery")
        self._workspace, self._again = workspace, again
        self._view = SettingsView({}, ())
        self._books: tuple[tuple[str, str, bool, Share], ...] = ()
        self.kill = Switch("Stop all automatic recovery")
        self.kill.clicked.connect(lambda: self._keep_all({"killed": self.kill.isChecked()}))
        self._kill_line = self.add(
            "Stop all automatic recovery",
            "Nothing is sent to a station by itself while this is on; steps by hand stay possible.",
            self.kill,
        )  # fmt: skip
        self.quiet = Button("Change…", icon="moon")
        self.quiet.clicked.connect(self.ask_quiet)
        self._quiet_line = self.add("Quiet hours", "–", self.quiet)
        self.tries = MenuButton("", "3")
        self.tries.setAccessibleName("Tries per fault and hour")
        self.tries.chosen.connect(lambda count: self._keep_all({"tries_per_hour": int(count)}))
        self.add(
            "Tries per fault and hour", "After so many steps it waits for a person. At most 3.", self.tries
        )
        self.change = Button("Change…", icon="pencil")
        self.books = ShortTable(
            "Playbooks that run by themselves",
            "Never on safety faults, never while a driver charges there, one station of a group at a time. "
            "What worked is proved by the next session that delivers.",
            book_columns(), lambda r: r.id, on_row=(self.change,),
        )  # fmt: skip
        self.add_wide(self.books, "playbooks automatic recovery site success rate restart reset unlock")
        self.books.table.opened.connect(self.ask)
        self.change.clicked.connect(lambda: self.ask(self.books.table.current_key()))

    def show_view(self, view: SettingsView) -> None:
        """What stands."""
        self._view = view
        whole = view.body("recovery", "all")
        self.kill.setChecked(bool(whole.get("killed")))
        span = span_text(whole.get("quiet"))
        self._quiet_line.meaning.setText(
            f"{span}: nothing is tried by itself then." if span else "None: it may act at any hour."
        )
        count = int(whole.get("tries_per_hour", USUAL_TRIES))
        self.tries.set_choices([(n, str(n)) for n in sorted({*TRIES, count})], count)
        self._show_books()

    def ask_books(self) -> None:
        """Read playbooks and their rates from the core."""
        self._workspace.bridge.run(
            playbooks, done=self._know, failed=self._workspace.toast, key="settings/playbooks"
        )

    def _know(self, books: tuple[tuple[str, str, bool, Share], ...] | None) -> None:
        self._books = books or ()
        self._show_books()

    def _show_books(self) -> None:
        allowed = switches_of({}, [one.body for one in self._view.of("playbook")])
        rows = []
        for id_, title, recoverable, share in self._books:
            chosen = sorted({site for book, site in allowed.on if site and book in (id_, "*")})
            sites = tuple((site, allowed.automatic(id_, site)) for site in chosen)
            rows.append(BookRow(id_, title, recoverable, share, allowed.automatic(id_, ""), sites))
        self.books.show_rows(rows)

    def ask(self, book: str | None) -> Sheet | None:
        """Ask where a playbook may run by itself."""
        row = next((r for r in self.books.model.rows if r.id == book), None)
        if row is None:
            self._workspace.toast("Choose a playbook first.")
            return None
        sheet = BookSheet(self._workspace, self.window(), row, self._view.site_names, self._keep_book)
        sheet.open()
        return sheet

    def _keep_book(self, book: str, site: str, on: bool) -> None:
        body = {"playbook": book, "site": site, "automatic": on}
        keep(self._workspace, "playbook", f"{book}@{site}", body, self._again)

    def ask_quiet(self) -> AskSheet:
        """Ask for quiet hours."""
        span = span_text(self._view.body("recovery", "all").get("quiet")).replace(" to ", "-")
        fields = (Field("quiet", "Quiet hours", span, "22:00-06:00, empty: none", check=read_by(span_of)),)

        def submit(values: Any, done: Any, failed: Any) -> None:
            self._keep_all({"quiet": span_of(values["quiet"])}, done, failed)

        host = self._workspace.sheet_host or self.window()
        sheet = AskSheet(host, "Quiet hours of recovery", "", "", "Keep", submit, fields)
        sheet.open()
        return sheet

    def _keep_all(self, change: Mapping[str, Any], done: Any = None, failed: Any = None) -> None:
        body = {**self._view.body("recovery", "all"), **change}
        keep(self._workspace, "recovery", "all", body, self._again, done, failed)


class BookSheet(Sheet):
    """A check box for every site and one for all others; each is kept at once."""

    def __init__(
        self, workspace: Workspace, window: QWidget, row: BookRow, sites: tuple[str, ...],
        keep_one: Callable[[str, str, bool], None],
    ) -> None:  # fmt: skip
        super().__init__(workspace.sheet_host or window, row.title, "Where it may run by itself")
        text = "A site with its own choice keeps it, whatever holds for all."
        if not row.recoverable:
            text = "Nothing done from afar mends this; its steps find out more. " + text
        self.body_layout.addWidget(Label(text, "body", "text2", wrap=True))
        own = dict(row.sites)
        self.boxes: dict[str, QCheckBox] = {}
        column = QVBoxLayout()
        column.setSpacing(6)
        for site in ("", *sites[:20]):
            box = QCheckBox(site or "Every site without a choice of its own")
            box.setChecked(own.get(site, row.everywhere) if site else row.everywhere)
            box.clicked.connect(lambda on, site=site: keep_one(row.id, site, bool(on)))
            self.boxes[site] = box
            column.addWidget(box)
        self.body_layout.addLayout(column)
        if len(sites) > 20:
            rest = "Further sites are switched from a fault's playbook there."
            self.body_layout.addWidget(Label(rest, "small", "text3", wrap=True))
        close = self.add_button(Button("Done", "primary"), default=True)
        close.clicked.connect(lambda: self.finish(True))


async def playbooks(room: Any) -> tuple[tuple[str, str, bool, Share], ...]:
    """Playbooks with how often their steps mended, from the core; none where nothing runs."""
    recovery = getattr(room, "recovery", None)
    if recovery is None:
        return ()
    counted: dict[str, list[int]] = {}
    for key, share in recovery.rates.all():
        if len(key) == 2:
            sums = counted.setdefault(key[0], [0, 0])
            sums[0] += share.k
            sums[1] += share.n
    return tuple(
        (book.id, book.title, book.recoverable, Share(*counted.get(book.id, (0, 0))))
        for book in recovery.playbooks
    )


def book_columns() -> list[Column[BookRow]]:
    """Title, where it may run, how well it worked."""
    return [
        Column("title", "Playbook", lambda r: Cell(r.title, strong=True), "Connector lock does not open",
               stretch=True, fixed=True),
        Column("on", "By itself", _on_cell, "on, off at 12 sites", fixed=True),
        Column("rate", "Steps that mended", _rate_cell, "12 of 240", right=True, fixed=True),
        Column("range", "95% range", _range_cell, "12% to 100%", right=True, yields=1),
    ]  # fmt: skip


def _on_cell(row: BookRow) -> Cell:
    other = sum(on != row.everywhere for _, on in row.sites)
    word = "on" if row.everywhere else "off"
    if other:
        word += f", {'off' if row.everywhere else 'on'} at {other} site{'s' if other > 1 else ''}"
    return Cell(word, strong=row.everywhere or bool(other), tone=Tone.NORMAL if word != "off" else Tone.QUIET)


def _rate_cell(row: BookRow) -> Cell:
    if not row.share.n:
        return Cell("never tried", tone=Tone.FAINT)
    return Cell(f"{row.share.k} of {row.share.n}")


def _range_cell(row: BookRow) -> Cell:
    if not row.share.n:
        return Cell(UNKNOWN, tone=Tone.FAINT)
    return Cell(f"{percent(row.share.low, 0)} to {percent(row.share.high, 0)}", tone=Tone.QUIET)

"""The sheet in which time is written down that a rule may excuse, with what proves it."""

from uuid import uuid4

from PySide6.QtWidgets import QWidget

from app.domain.intents import RemoveEntry, SaveEntry
from app.domain.status import Shown
from ui.models.exclusions import CODES, Exclusion, body, moment, written
from ui.shell.page import Workspace
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.fields import TextField
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.sheet import Sheet

FIELDS = (
    ("start", "From", "2026-10-15 14:30, in the operator's zone"),
    ("end", "To", "2026-10-15 18:00"),
    ("site", "Site", "empty: every site"),
    ("stations", "Stations", "empty: all of the site; several with commas"),
    ("evses", "EVSEs", "empty: all; numbers with commas"),
    ("evidence", "Evidence", "what proves it: a letter, a ticket, a link; several with semicolons"),
    ("note", "Note", "what happened, in a few words"),
)


class ExclusionSheet(Sheet):
    """Write down, change or take back a span. Older versions stay with who wrote them."""

    def __init__(self, host: QWidget, workspace: Workspace, known: Exclusion | None, site: str = "") -> None:
        title = "Excuse time" if known is None else "Change excused time"
        super().__init__(
            host, title, "Only outage inside it is excused, and only by rules that honour the reason", 520
        )
        self._workspace, self._known = workspace, known
        zone = workspace.zone
        self.code = MenuButton("Reason")
        self.code.set_choices(list(CODES.items()), known.code if known else "GRID")
        before = {"site": site} if known is None else {
            "start": written(known.start_ms, zone), "end": written(known.end_ms, zone), "site": known.site,
            "stations": ", ".join(known.stations), "evses": ", ".join(map(str, known.evses)),
            "evidence": "; ".join(known.evidence), "note": known.note,
        }  # fmt: skip
        self.edits: dict[str, TextField] = {}
        self.body_layout.addWidget(self.code)
        for key, label, hint in FIELDS:
            self.edits[key] = TextField(label, before.get(key, ""), hint)
            self.body_layout.addWidget(Label(label, "small", "text3"))
            self.body_layout.addWidget(self.edits[key])
        self.why = TextField("Why", "", "kept with your name and the time")
        self.body_layout.addWidget(Label("Why it is written down or changed", "small", "text3"))
        self.body_layout.addWidget(self.why)
        self.failure = Banner(Shown.FAULTED, "")
        self.failure.hide()
        self.body_layout.addWidget(self.failure)
        if known is not None:
            self.remove = self.add_button(Button("Take back", "warning"))
            self.remove.clicked.connect(self.take_back)
        cancel = self.add_button(Button("Cancel", keys="Esc"))
        cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button("Keep", "primary"))
        self.confirm.clicked.connect(self.keep)
        self.set_focus_on(self.edits["start"])

    def keep(self) -> None:
        """Check what was typed, and keep it as a new version."""
        values = {key: edit.text() for key, edit in self.edits.items()}
        wrong = self._wrong(values)
        if wrong:
            self._refuse(wrong)
            return
        self.confirm.setEnabled(False)
        entry = self._known.entry if self._known is not None else f"exclusion-{uuid4().hex[:10]}"
        made = body(values, str(self.code.value), self._workspace.zone)
        self._workspace.bridge.do(
            SaveEntry("exclusion", entry, made), self.why.text().strip(),
            done=lambda _: self.finish(True), failed=self._refuse,
        )  # fmt: skip

    def take_back(self) -> None:
        """The span excuses nothing from now on; that it once did stays on record."""
        if self._known is not None:
            self._workspace.bridge.do(
                RemoveEntry("exclusion", self._known.entry), self.why.text().strip(),
                done=lambda _: self.finish(True), failed=self._refuse,
            )  # fmt: skip

    def _wrong(self, values: dict[str, str]) -> str:
        zone, stations = self._workspace.zone, self._workspace.picture.stations
        start, end = moment(values["start"], zone), moment(values["end"], zone)
        if start is None or end is None:
            return "Write both times as 2026-10-15 14:30."
        if end <= start:
            return "The end must be after the start."
        site = values["site"].strip()
        if site and site not in {view.site for view in stations.values()}:
            return f"There is no site {site!r}."
        for name in (part.strip() for part in values["stations"].replace(";", ",").split(",")):
            if name and name not in stations:
                return f"There is no station {name!r}."
        evses = [part.strip() for part in values["evses"].replace(";", ",").split(",") if part.strip()]
        if not all(part.isdecimal() and int(part) for part in evses):
            return "EVSEs are numbers from 1 on, with commas between."
        return ""

    def _refuse(self, sentence: str) -> None:
        self.confirm.setEnabled(True)
        self.failure.show_notice(Shown.FAULTED, sentence)
        self.failure.show()
        self.relayout()

"""What is asked before a fault is shelved, assigned, taken out of service, put back, merged or closed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QCheckBox, QWidget

from app.domain.status import Shown
from app.faults.acts import CONFIRMS
from app.faults.views import FaultView
from ui.models.fault_words import owner
from ui.models.shifts import USUAL_ENDS, shelve_choices
from ui.preferences import preferences
from ui.shell.page import Workspace
from ui.theme.formats import clock, count, local
from ui.widgets.ask_sheet import AskSheet, Field
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.segments import Segments
from ui.widgets.sheet import Sheet

DAY_FORM = "%Y-%m-%d"
REVIEW_DAYS = 7
"""A review is proposed so many days on; the person changes it in the sheet."""


def needed(what: str) -> Callable[[str], str]:
    """A check that a line is filled in."""
    return lambda text: "" if text.strip() else what


def shift_ends() -> tuple[str, ...]:
    """When shifts end, as the operator set it."""
    found = preferences().get("shift_ends", list(USUAL_ENDS))
    return tuple(str(end) for end in found)


class ShelveSheet(Sheet):
    """Until when, and why. `finished` tells (until_ms, reason)."""

    def __init__(self, workspace: Workspace, views: Sequence[FaultView], host: QWidget) -> None:
        safety = any(view.record.safety for view in views)
        title = "Shelve a fault" if len(views) == 1 else f"Shelve {count(len(views), 'fault')}"
        record = views[0].record
        of = f"{owner(record)}, {record.title}" if len(views) == 1 else ""
        super().__init__(host, title, of)
        now, zone = workspace.now_ms(), workspace.zone
        self._choices = shelve_choices(now, zone, shift_ends(), safety=safety)
        if safety:
            self.body_layout.addWidget(
                Banner(Shown.FAULTED, "A safety fault comes back after 60 minutes at most.")
            )
        text = "It stays on record and in all totals, and comes back by itself when the time is over."
        self.body_layout.addWidget(Label(text, "body", "text2", wrap=True))
        self.ends = Segments([(str(at), words) for at, words in self._choices], "Until")
        self.body_layout.addWidget(self.ends)
        self.reason = TextField("Why", placeholder="Kept with your name and the time")
        self.wrong = Label("", "small", "faulted", wrap=True)
        self.wrong.hide()
        self.reason.returnPressed.connect(self.take)
        for widget in (Label("Why", "small", "text3"), self.reason, self.wrong):
            self.body_layout.addWidget(widget)
        cancel = self.add_button(Button("Cancel", keys="Esc"))
        cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button("Shelve", "primary"))
        self.confirm.clicked.connect(self.take)
        self.set_focus_on(self.reason)

    def take(self) -> None:
        """Shelve, if a reason is given."""
        reason = self.reason.text().strip()
        if not reason:
            self.wrong.setText("Say why, in a few words.")
            self.wrong.show()
            self.reason.setFocus()
            self.relayout()
            return
        self.finish((int(self.ends.value), reason))


class AssignSheet(Sheet):
    """To whom. `finished` tells the name; "" for nobody."""

    def __init__(self, names: Sequence[str], now: str, what: str, host: QWidget) -> None:
        super().__init__(host, "Assign", what)
        self.name = TextField("Name", now, "Who takes care of it")
        self.name.returnPressed.connect(lambda: self.finish(self.name.text().strip()))
        self.body_layout.addWidget(self.name)
        if names:
            row = QWidget()
            flow = FlowLayout(row)
            for name in names:
                button = Button(name)
                button.clicked.connect(lambda _=False, name=name: self.finish(name))
                flow.addWidget(button)
            self.body_layout.addWidget(row)
        cancel = self.add_button(Button("Cancel", keys="Esc"))
        cancel.clicked.connect(lambda: self.finish(None))
        if now:
            nobody = self.add_button(Button("Nobody"))
            nobody.clicked.connect(lambda: self.finish(""))
        self.confirm = self.add_button(Button("Assign", "primary"))
        self.confirm.clicked.connect(lambda: self.finish(self.name.text().strip()))
        self.set_focus_on(self.name)


def note_sheet(host: QWidget, what: str, keep: Callable[[str], None]) -> AskSheet:
    """Ask for a note."""

    def submit(values: Mapping[str, str], done: Callable[[object], None], _no: Callable[[str], None]) -> None:
        keep(values["text"])
        done(None)

    field = Field(
        "text", "Note", placeholder="What you saw, did or were told", check=needed("Write a few words.")
    )
    return AskSheet(host, "Add a note", what, "", "Add", submit, (field,))


def day_check(now_ms: int, zone: ZoneInfo) -> Callable[[str], str]:
    """A check for a day in the future."""

    def check(text: str) -> str:
        try:
            end = day_end(text, zone)
        except ValueError:
            return "Write the day as 2026-12-31."
        return "" if end > now_ms else "The day has to lie in the future."

    return check


def day_end(text: str, zone: ZoneInfo) -> int:
    """The end of a day written as 2026-12-31, ms UTC. Raises ValueError."""
    day = datetime.strptime(text.strip(), DAY_FORM).date()
    return int(datetime.combine(day + timedelta(days=1), time(), zone).timestamp() * 1000) - 60_000


class OutOfServiceSheet(AskSheet):
    """The work order under which a fault's place is taken out of service."""

    def __init__(
        self, workspace: Workspace, view: FaultView, host: QWidget,
        submit: Callable[..., None], names: Sequence[str] = (),
    ) -> None:  # fmt: skip
        record = view.record
        now, zone = workspace.now_ms(), workspace.zone
        review = local(now, zone) + timedelta(days=REVIEW_DAYS)
        fields = (
            Field("title", "Work order", record.title, check=needed("Say what is to be done.")),
            Field("who", "Who does it", record.assigned, names[0] if names else "Name or firm"),
            Field("due", "Review it by", f"{review:{DAY_FORM}}", check=day_check(now, zone)),
            Field("reason", "Why", placeholder="Kept with your name and the time"),
        )
        text = "A work order is made, and the fault waits for it. It counts in all totals until it is mended."
        super().__init__(
            host, "Take out of service", f"{owner(record)}, {record.title}", text, "Take out of service",
            submit, fields,
        )  # fmt: skip
        self.close_charger = QCheckBox("Also close it to drivers (Change availability)")
        self.close_charger.setChecked(bool(record.station))
        self.close_charger.setVisible(bool(record.station))
        self.body_layout.insertWidget(self.body_layout.count() - 1, self.close_charger)


class BackInServiceSheet(AskSheet):
    """What was measured, by whom and when; a safety fault needs all three."""

    def __init__(
        self, workspace: Workspace, view: FaultView, host: QWidget, submit: Callable[..., None]
    ) -> None:
        record, zone = view.record, workspace.zone
        now = workspace.now_ms()
        fields: tuple[Field, ...] = (Field("test_value", "What was measured or seen"),)
        text = ""
        if record.safety:
            text = "A safety fault goes back in service only with a measured value, a name and a time."
            fields = (
                Field(
                    "test_value", "Value measured in the test", check=needed("Enter the value with its unit.")
                ),
                Field("tested_by", "Tested by", check=needed("Enter who tested it.")),
                Field("tested", "At (today, HH:MM)", clock(now, zone), check=_time_check(now, zone)),
            )
        super().__init__(
            host,
            "Back in service",
            f"{owner(record)}, {record.title}",
            text,
            "Back in service",
            submit,
            fields,
        )


def _time_check(now_ms: int, zone: ZoneInfo) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            at = time_today(text, now_ms, zone)
        except ValueError:
            return "Write the time as 14:30."
        return "" if at <= now_ms else "The test cannot lie in the future."

    return check


def time_today(text: str, now_ms: int, zone: ZoneInfo) -> int:
    """A time of today as ms UTC. Raises ValueError."""
    at = datetime.combine(local(now_ms, zone).date(), time.fromisoformat(text.strip()), zone)
    return int(at.timestamp() * 1000)


class MergeSheet(Sheet):
    """Under which open fault one is put. `finished` tells its number."""

    def __init__(self, view: FaultView, others: Sequence[FaultView], host: QWidget) -> None:
        super().__init__(host, "Put under another fault", f"{owner(view.record)}, {view.record.title}")
        text = "It then counts as caused by the other one and leaves the queue until that is over."
        self.body_layout.addWidget(Label(text, "body", "text2", wrap=True))
        self.choices: list[Button] = []
        for other in others[:8]:
            record = other.record
            button = Button(f"{owner(record)}  {record.title}")
            button.clicked.connect(lambda _=False, n=record.fault: self.finish(n))
            self.choices.append(button)
            self.body_layout.addWidget(button)
        if not others:
            self.body_layout.addWidget(Label("There is no other open fault here.", "body", "text3"))
        cancel = self.add_button(Button("Cancel", keys="Esc"), default=True)
        cancel.clicked.connect(lambda: self.finish(None))


def close_sheet(view: FaultView, host: QWidget, submit: Callable[..., None]) -> AskSheet:
    """Say that a fault is over though nothing tells so."""
    record = view.record
    field = Field(
        "reason", "Why", placeholder="How you know", check=needed("Say how you know that it is over.")
    )
    text = "If its condition still holds, it comes back as a new fault."
    return AskSheet(
        host, "Close by hand", f"{owner(record)}, {record.title}", text, "Close", submit, (field,)
    )


def confirm_sheet(view: FaultView, host: QWidget, confirmed: Callable[[str, str], None]) -> AskSheet:
    """Ask what shows that a silent connector is out of use; `confirmed` gets how, and what was seen."""
    record = view.record
    how = Segments([(word, word.capitalize()) for word in CONFIRMS], "What confirms it")
    how.choose(CONFIRMS[1])

    def submit(values: Mapping[str, str], done: Callable[[object], None], _no: Callable[[str], None]) -> None:
        done(None)
        confirmed(str(how.value), values["text"])

    field = Field(
        "text", "What was seen, and by whom", placeholder="Ann plugged in twice, nothing started",
        check=needed("Say what was seen, and by whom."),
    )  # fmt: skip
    text = "Uptime counts it as down from its last good session on, until a session starts."
    title = f"{owner(record)}, {record.title}"
    sheet = AskSheet(host, "Confirm that it is out of use", title, text, "Confirm", submit, (field,))
    sheet.body_layout.insertWidget(1, how)
    return sheet


def normal_sheet(
    workspace: Workspace, view: FaultView, host: QWidget, submit: Callable[..., None]
) -> AskSheet:
    """Teach that this is normal here, for good or until a day."""
    record, zone = view.record, workspace.zone
    check = day_check(workspace.now_ms(), zone)
    fields = (
        Field(
            "until",
            "Until (empty: for good)",
            "",
            "2026-12-31",
            check=lambda t: check(t) if t.strip() else "",
        ),
        Field("reason", "Why", placeholder="What is known about it", check=needed("Say why it is normal.")),
    )
    text = "Forecourt no longer tells of this at this place. The rule goes on everywhere else."
    return AskSheet(
        host,
        "This is normal here",
        f"{owner(record)}, {record.title}",
        text,
        "Mark as normal",
        submit,
        fields,
    )

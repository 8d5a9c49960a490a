"""A sheet that says what a deed does, asks for what it needs (and why, where it can hurt), and does it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import ForecourtError
from app.domain.status import Shown
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.sheet import Sheet

Check = Callable[[str], str]
"""A text → "" if it will do, else one sentence that says what is wrong."""

WHY = "why"


def anything(_text: str) -> str:
    """Accept any text."""
    return ""


def read_by(fn: Callable[[str], object], *, empty: str | None = None) -> Check:
    """A check that says why `fn` cannot read a text; of none at all it says `empty`, if that is given."""

    def check(text: str) -> str:
        if not text and empty is not None:
            return empty
        try:
            fn(text)
        except ForecourtError as error:
            return str(error)
        return ""

    return check


@dataclass(frozen=True, slots=True)
class Field:
    """One line to fill in."""

    key: str
    label: str
    value: str = ""
    placeholder: str = ""
    check: Check = anything
    mono: bool = False
    secret: bool = False


def reason_field(placeholder: str = "Kept with your name and the time") -> Field:
    """The reason, where a deed can hurt."""
    return Field(
        WHY, "Why", placeholder=placeholder, check=lambda t: "" if t.strip() else "Say why, in a few words."
    )


Submit = Callable[[Mapping[str, str], Callable[[object], None], Callable[[str], None]], None]
"""(values, done, failed): does the deed and calls one of the two."""


class AskSheet(Sheet):
    """Explanation, fields, Cancel and one verb. Stays open with the cause when the deed is refused."""

    def __init__(
        self,
        host: QWidget,
        title: str,
        subtitle: str,
        text: str,
        verb: str,
        submit: Submit,
        fields: Sequence[Field] = (),
        *,
        cuts: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(host, title, subtitle)
        self._submit = submit
        self._asked = list(fields)
        self._edits: dict[str, TextField] = {}
        self._wrongs: dict[str, Label] = {}
        if cuts is not None:
            self.body_layout.addWidget(Banner(Shown.OFFLINE, *cuts))
        if text:
            self.body_layout.addWidget(Label(text, "body", "text2", wrap=True))
        for field in fields:
            self.body_layout.addLayout(self._line(field))
        self.cancel = self.add_button(Button("Cancel", keys="Esc"), default=cuts is not None or not fields)
        self.cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button(verb, "warning" if cuts is not None else "primary"))
        self.confirm.clicked.connect(self._try)
        if fields and cuts is None:
            self.set_focus_on(self._edits[fields[0].key])

    def edit(self, key: str) -> TextField:
        """The line of a field."""
        return self._edits[key]

    def _line(self, field: Field) -> QVBoxLayout:
        edit = TextField(field.label, field.value, field.placeholder, mono=field.mono)
        if field.secret:
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        edit.returnPressed.connect(self._try)
        wrong = Label("", "small", "faulted", wrap=True)
        wrong.hide()
        self._edits[field.key], self._wrongs[field.key] = edit, wrong
        line = QVBoxLayout()
        line.setSpacing(4)
        line.addWidget(Label(field.label, "small", "text3"))
        line.addWidget(edit)
        line.addWidget(wrong)
        return line

    def _try(self) -> None:
        values = {field.key: self._edits[field.key].text().strip() for field in self._asked}
        first: TextField | None = None
        for field in self._asked:
            wrong = field.check(values[field.key])
            self._wrongs[field.key].setText(wrong)
            self._wrongs[field.key].setVisible(bool(wrong))
            if wrong and first is None:
                first = self._edits[field.key]
        if first is not None:
            first.setFocus()
            self.relayout()
            return
        self.confirm.setEnabled(False)
        self._submit(values, self._succeeded, self._refused)

    def _succeeded(self, result: object) -> None:
        self.finish(True if result is None else result)

    def _refused(self, sentence: str) -> None:
        if self._done:
            # It was left meanwhile, and its parts are gone.
            return
        self.confirm.setEnabled(True)
        self.show_refusal(sentence)

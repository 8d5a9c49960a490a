"""The sheet of a notification rule: who is told of what, by what, and when not."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import ForecourtError
from app.domain.prices import amount
from app.notify.rules import PRIORITIES, rule_of
from ui.models.rates import span_of
from ui.pages.settings.parts import span_text
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.labels import Label
from ui.widgets.sheet import Sheet

Submit = Callable[[Mapping[str, Any], Callable[[object], None], Callable[[str], None]], None]


class RuleSheet(Sheet):
    """Fields of a rule; what is known of it is filled in."""

    def __init__(
        self, host: QWidget, body: Mapping[str, Any], channels: Sequence[str], sites: Sequence[str],
        currency: str, submit: Submit,
    ) -> None:  # fmt: skip
        super().__init__(host, "Who is told what", str(body.get("name") or "a new rule"), width=520)
        self._submit, self._sites = submit, sites
        self.name = TextField("Name", str(body.get("name") or ""), "On call")
        names = [*channels, *(c for c in body.get("channels") or () if c not in channels)]
        self.channels = {name: _box(name, name in (body.get("channels") or ())) for name in names}
        told = body.get("priorities", PRIORITIES)
        self.priorities = {name: _box(name, name in told) for name in PRIORITIES}
        least = str(body.get("min_per_hour") or "")
        self.least = TextField("From per hour", "" if least == "0" else least, "empty: by priority")
        self.where = TextField("Sites", ", ".join(body.get("sites") or ()), "empty: every site")
        self.safety = _box("Safety faults, also in quiet hours", bool(body.get("safety", True)))
        self.escalated = _box("When nobody acted in time", bool(body.get("escalated", True)))
        self.quiet = TextField("Quiet hours", span_text(body.get("quiet")), "22:00-06:00, empty: none")
        digest = int(body.get("digest_min") or 0)
        self.digest = TextField("Gather for minutes", str(digest or ""), "empty: tell at once")
        self.on = _box("This rule is on", not body.get("off"))
        self._lay_out(currency)
        cancel = self.add_button(Button("Cancel", keys="Esc"))
        cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button("Keep", "primary"))
        self.confirm.clicked.connect(self._try)
        self.set_focus_on(self.name)

    def _lay_out(self, currency: str) -> None:
        self.body_layout.addLayout(_under("Name", self.name))
        self.body_layout.addLayout(_under("Told by", _row(self.channels.values())))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.addLayout(_under("Of priority", _row(self.priorities.values())), 0, 0)
        grid.addLayout(_under(f"Or from {currency} lost per hour", self.least), 0, 1)
        grid.addLayout(_under("At sites", self.where), 1, 0, 1, 2)
        grid.addLayout(_under("Quiet hours", self.quiet), 2, 0)
        grid.addLayout(_under("Gather for minutes", self.digest), 2, 1)
        self.body_layout.addLayout(grid)
        for box in (self.safety, self.escalated, self.on):
            self.body_layout.addWidget(box)

    def body(self) -> dict[str, Any]:
        """The rule as typed.

        Raises:
            ForecourtError: it cannot be a rule; the sentence says why.
        """
        least, digest = self.least.text().strip(), self.digest.text().strip()
        sites = [part.strip() for part in self.where.text().split(",") if part.strip()]
        unknown = [site for site in sites if site not in self._sites]
        if unknown:
            raise ForecourtError(f"There is no site {unknown[0]}.")
        if not self.name.text().strip():
            raise ForecourtError("Give the rule a name.")
        if digest and not digest.isdecimal():
            raise ForecourtError("Write whole minutes, as 60.")
        made = {
            "name": self.name.text().strip(),
            "channels": [name for name, box in self.channels.items() if box.isChecked()],
            "priorities": [name for name, box in self.priorities.items() if box.isChecked()],
            "min_per_hour": f"{amount(least):f}" if least else "0",
            "sites": sites,
            "safety": self.safety.isChecked(),
            "escalated": self.escalated.isChecked(),
            "quiet": span_of(self.quiet.text()),
            "digest_min": int(digest or 0),
        }
        rule_of("new", made)
        return {**made, "off": not self.on.isChecked()}

    def _try(self) -> None:
        try:
            made = self.body()
        except ForecourtError as error:
            self._refused(str(error))
            return
        self.confirm.setEnabled(False)
        self._submit(made, lambda _result: self.finish(True), self._refused)

    def _refused(self, sentence: str) -> None:
        self.confirm.setEnabled(True)
        self.show_refusal(sentence)


def _box(text: str, on: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(on)
    return box


def _under(word: str, inside: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(Label(word, "small", "text3"))
    column.addWidget(inside)
    return column


def _row(boxes: Any) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(14)
    for box in boxes:
        row.addWidget(box)
    row.addStretch(1)
    return holder

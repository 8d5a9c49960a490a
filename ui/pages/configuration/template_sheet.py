"""The sheet in which a template is written as TOML, checked by the core before it is kept."""

from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.intents import SaveEntry
from app.operations.configuration.template import Template, to_toml
from ui.pages.configuration.asking import checked
from ui.shell.page import Workspace
from ui.theme import fonts
from ui.widgets.buttons import Button
from ui.widgets.fields import TextArea, TextField
from ui.widgets.labels import Label
from ui.widgets.sheet import Sheet

NEW = """title = "My template"
about = "What it is for"
includes = ["standard"]

[[fits]]
vendor = "*"
model = "*"

[[line]]
key = "HeartbeatInterval"
value = 300
"""


class TemplateSheet(Sheet):
    """Write or change a template. What was there before stays as an older version."""

    def __init__(self, host: QWidget, workspace: Workspace, template: Template | None) -> None:
        title = "New template" if template is None else f"Edit {template.title}"
        super().__init__(host, title, "TOML: lines of a key (1.6) or a variable (2.x) with its value", 620)
        self._workspace = workspace
        self.name = TextField(
            "Name", template.name if template else "", "short name, for example dc-public", mono=True
        )
        self.name.setEnabled(template is None)
        text = NEW if template is None or template.raw is None else to_toml(template.raw)
        self.text = TextArea("Template", lines=18)
        self.text.setFont(fonts.font("mono"))
        self.text.setPlainText(text)
        self.why = TextField("Why", "", "Why (kept with your name and the time)")
        for widget in (Label("Name", "small", "text3"), self.name, self.text, self.why):
            self.body_layout.addWidget(widget)
        cancel = self.add_button(Button("Cancel", keys="Esc"))
        cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button("Keep", "primary"))
        self.confirm.clicked.connect(self.keep)
        self.set_focus_on(self.text if template is not None else self.name)

    def keep(self) -> None:
        """Have the core check it, then keep it as a new version."""
        name, text = self.name.text().strip(), self.text.toPlainText()
        if not name:
            self._refused("A template needs a short name.")
            return
        self.confirm.setEnabled(False)
        self._workspace.bridge.run(
            lambda room: checked(room, name, text), self._save, self._refused, key="configuration/check"
        )

    def _save(self, body: dict[str, Any] | None) -> None:
        name = self.name.text().strip()
        self._workspace.bridge.do(
            SaveEntry("template", name, body or {}),
            self.why.text().strip(),
            done=lambda _done: self.finish(name),
            failed=self._refused,
        )

    def _refused(self, sentence: str) -> None:
        self.confirm.setEnabled(True)
        self.show_refusal(sentence)

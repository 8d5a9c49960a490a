"""Who a driver is: asked on purpose, with a reason, and the asking is journaled before the answer."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.analytics.driver_named import token_of
from app.domain.intents import SaveEntry
from app.reports.pseudonyms import Pseudonyms
from ui.models.cost_words import driver_name
from ui.shell.page import Workspace
from ui.widgets.ask_sheet import WHY, AskSheet, reason_field
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.sheet import Sheet

KIND = "setting"


def card_of(connection: Any, data_dir: Path, pseudonym: str) -> str | None:
    """The card behind a pseudonym of this data directory. Raises ForecourtError."""
    return token_of(connection, pseudonym, Pseudonyms.of(data_dir))


def ask_who(workspace: Workspace, pseudonym: str) -> AskSheet | None:
    """Open the sheet that asks why, records it, and only then tells the card."""
    host = workspace.sheet_host
    if host is None:
        return None

    def submit(
        values: Mapping[str, str], done: Callable[[object], None], failed: Callable[[str], None]
    ) -> None:
        now = workspace.now_ms()
        intent = SaveEntry(KIND, f"driver-shown/{pseudonym}/{now}", {"driver": pseudonym, "at_ms": now})
        workspace.bridge.do(intent, values[WHY], done=lambda _: done(pseudonym), failed=failed)

    sheet = AskSheet(
        host, f"Who is {driver_name(pseudonym).lower()}?", pseudonym,
        "Costs tell drivers by pseudonyms. That you looked, when and why is kept with the history.",
        "Show the card", submit, (reason_field(),),
    )  # fmt: skip
    sheet.finished.connect(lambda result: _read(workspace, pseudonym) if result else None)
    sheet.open()
    return sheet


def _read(workspace: Workspace, pseudonym: str) -> None:
    workspace.bridge.query(
        "costs/who", card_of, workspace.settings.data_dir, pseudonym,
        done=lambda token: _tell(workspace, pseudonym, token), failed=workspace.toast,
    )  # fmt: skip


def _tell(workspace: Workspace, pseudonym: str, token: str | None) -> None:
    if token is None:
        workspace.toast("No session holds this driver any more; the card was erased.")
        return
    host = workspace.sheet_host
    if host is None:
        return
    sheet = Sheet(host, f"{driver_name(pseudonym)} charges with this card", pseudonym)
    sheet.body_layout.addWidget(Label(token, "mono", selectable=True))
    see = sheet.add_button(Button("Show the sessions"))
    sheet.finished.connect(lambda seen: workspace.go("sessions/list", token) if seen else None)
    see.clicked.connect(lambda: sheet.finish(True))
    close = sheet.add_button(Button("Close", keys="Esc"), default=True)
    close.clicked.connect(lambda: sheet.finish(None))
    sheet.open()

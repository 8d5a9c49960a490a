"""Corrects minutes that were counted for an act at the desk: who knows better says so, and why."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.analytics.costs.ledger import Cost, Part
from app.domain.errors import ForecourtError
from app.domain.intents import SaveEntry
from app.domain.prices import amount
from ui.models.cost_words import cause_words, title_of
from ui.models.costs import Event, events
from ui.shell.page import Workspace
from ui.theme.formats import number, stamp
from ui.widgets.ask_sheet import WHY, AskSheet, Field, reason_field

MOST = 12
MINUTES = "minutes"


def countable(parts: Sequence[Part]) -> list[Event]:
    """Acts whose minutes were counted one by one, the longest first."""
    mine = [part for part in parts if part.cost is Cost.MANPOWER]
    found = [event for event in events(mine) if event.line.unit == "min"]
    return sorted(found, key=lambda event: -event.line.quantity)[:MOST]


def act_words(event: Event, zone: ZoneInfo) -> str:
    """An act as it is chosen: what, when and how long."""
    when, line = stamp(event.line.at_ms, zone), event.line
    return f"{cause_words(event.part.cause)}, {when}, {number(float(line.quantity), 1)} min"


def wrong(text: str) -> str:
    """What is wrong with minutes that were typed; "" if they will do."""
    try:
        return "" if 0 <= amount(text) <= Decimal(600) else "Between 0 and 600 minutes."
    except ForecourtError as error:
        return str(error)


def ask_minutes(workspace: Workspace, event: Event, kept: Callable[[], None]) -> AskSheet | None:
    """Open the sheet for one act; 0 says that it was useful work."""
    host = workspace.sheet_host
    if host is None:
        return None
    line = event.line

    def submit(
        values: Mapping[str, str], done: Callable[[object], None], failed: Callable[[str], None]
    ) -> None:
        body = {"minutes": str(amount(values[MINUTES]))}
        workspace.bridge.do(SaveEntry("manpower", line.object, body), values[WHY], done=done, failed=failed)

    sheet = AskSheet(
        host, "Correct the minutes", f"{cause_words(event.part.cause)}, {stamp(line.at_ms, workspace.zone)}",
        f"{title_of(line)} was counted with {number(float(line.quantity), 1)} min. 0 says it was useful "
        "work, which is no cost.",
        "Keep", submit,
        (Field(MINUTES, "Minutes", f"{line.quantity.normalize():f}", check=wrong), reason_field()),
    )  # fmt: skip
    sheet.finished.connect(lambda result: kept() if result is not None else None)
    sheet.open()
    return sheet

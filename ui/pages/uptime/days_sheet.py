"""Asks for the first and the last day of a window."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from ui.models.uptime_windows import Window, day_of, days_window
from ui.theme.formats import local
from ui.widgets.ask_sheet import AskSheet, Field


def days_sheet(
    host: QWidget, before: Window, now_ms: int, zone: ZoneInfo, chosen: Callable[[Window], None]
) -> AskSheet:
    """The sheet; `chosen` gets the window."""

    def check(text: str) -> str:
        return "" if day_of(text) is not None else "Write it as 2026-01-31."

    def submit(
        values: Mapping[str, str], done: Callable[[object], None], failed: Callable[[str], None]
    ) -> None:
        first, last = day_of(values["first"]), day_of(values["last"])
        if first is None or last is None or last < first:
            failed("The last day must not be before the first.")
            return
        done(None)
        chosen(days_window(first, last, now_ms, zone))

    fields = (
        Field("first", "First day", iso_day(before.start_ms, zone), "2026-01-01", check),
        Field("last", "Last day", iso_day(before.end_ms - 1, zone), "2026-12-31", check),
    )
    text = "Whole days of the operator's zone, both included."
    return AskSheet(host, "Other days", "Uptime over any window", text, "Show", submit, fields)


def iso_day(at_ms: int, zone: ZoneInfo) -> str:
    """ "2026-10-15"."""
    return local(at_ms, zone).date().isoformat()

"""Asks when a report is made by itself and where it goes."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.domain.errors import ForecourtError
from app.reports.run import Plan, plan_of
from ui.models.report_rows import ReportRow
from ui.shell.page import Workspace
from ui.widgets.ask_sheet import AskSheet, Field

Keep = Callable[[str, dict[str, object], Callable[[object], None], Callable[[str], None]], None]
"""Keeps (entry, body) and calls done or failed."""


def plan_sheet(workspace: Workspace, row: ReportRow, keep: Keep) -> AskSheet:
    """The sheet; what was entered is checked before it is kept."""
    plan = row.plan

    def submit(
        values: Mapping[str, str], done: Callable[[object], None], failed: Callable[[str], None]
    ) -> None:
        name = plan.name if plan is not None else row.kind
        body = body_of(row.kind, values, plan)
        try:
            plan_of(name, body)
        except ForecourtError as error:
            failed(str(error))
            return
        channel = str(body["channel"])

        def known(names: Sequence[str] | None) -> None:
            if channel in (names or ()):
                keep(name, body, done, failed)
            else:
                failed(f"Nobody is told by {channel}. Settings, Notifications, has {told(names or ())}.")

        if channel:
            # Asked now: on the first of the month nobody would be there to mend a slip.
            workspace.bridge.run(channels, done=known, failed=failed)
        else:
            keep(name, body, done, failed)

    fields = (
        Field("every", "Each", plan.every if plan else "month", "day, week or month", _every),
        Field("at", "At", clock(plan.at_min if plan else 420), "07:00", _at),
        Field(
            "folder",
            "Folder",
            plan.folder if plan else "",
            "where the files are put",
            mono=True,
            check=_folder,
        ),
        Field("channel", "Send to", plan.channel if plan else "", "a channel of the notifications"),
    )
    text = (
        "A month is made on its 1st and tells of the month before; a week on Mondays. PDF and XLSX are "
        "written while Forecourt's window runs; what was due meanwhile is made at the next start."
    )
    host = workspace.sheet_host
    assert host is not None
    return AskSheet(host, "Schedule", row.title, text, "Keep", submit, fields)


async def channels(room: Any) -> tuple[str, ...]:
    """The names of what can tell somebody; none where nothing runs."""
    post = getattr(room, "post", None)
    return tuple(post.names) if post is not None else ()


def told(names: Sequence[str]) -> str:
    """ "desktop, phone"."""
    return ", ".join(names) or "none yet"


def body_of(kind: str, values: Mapping[str, str], before: Plan | None) -> dict[str, object]:
    """The entry of a plan as entered; how its last run went is kept."""
    body: dict[str, object] = {
        "kind": kind,
        "every": values["every"].strip().lower(),
        "at_min": minute_of(values["at"]),
        "folder": values["folder"].strip(),
        "channel": values["channel"].strip(),
    }
    if before is not None:
        body |= {"site": before.site, "last_ms": before.last_ms, "last": before.last}
    return body


def clock(minute: int) -> str:
    """ "07:00" of 420."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minute_of(text: str) -> int:
    """The minute of the day of "07:00"; −1 where it is none."""
    hour, _, minute = text.strip().partition(":")
    if not hour.isdecimal() or not (minute or "0").isdecimal():
        return -1
    found = int(hour) * 60 + int(minute or 0)
    return found if int(minute or 0) < 60 else -1


def _every(text: str) -> str:
    return "" if text.strip().lower() in ("day", "week", "month") else "Write day, week or month."


def _folder(text: str) -> str:
    """A folder is made where there is none, but somewhere that can be written, and nowhere by chance."""
    if not text.strip():
        return ""
    folder = Path(text.strip()).expanduser()
    if not folder.is_absolute():
        return "Write the whole path, as ~/reports."
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        return f"{there} cannot be written to; choose another folder."
    return ""


def _at(text: str) -> str:
    return "" if 0 <= minute_of(text) < 1440 else "Write it as 07:00."

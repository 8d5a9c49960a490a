"""Opening a command's sheet from anywhere: what its sessions are called there is asked first."""

from typing import Any

from app.analytics import questions
from app.fleet.views import StationView
from ui.models.command_fields import Facts
from ui.models.command_kinds import Kind
from ui.shell.page import Workspace
from ui.widgets.command_sheet import CommandSheet

NAMES_SESSIONS = frozenset(("stop", "priority", "read-transaction", "tell-cost", "limit"))
"""Commands that name a running session as the station calls it."""


def open_command(workspace: Workspace, kind: Kind, station: str) -> None:
    """Open the sheet of a command for a station, unless the station cannot do it: then say why."""

    async def can(room: Any) -> str:
        reason: str = room.desk.can(station, kind.operation)
        return reason

    workspace.bridge.run(
        can, lambda reason: _able(workspace, kind, station, reason), workspace.toast, key="command/can"
    )


def _able(workspace: Workspace, kind: Kind, station: str, reason: str | None) -> None:
    view = workspace.picture.stations.get(station)
    if reason or view is None:
        workspace.toast(reason or f"There is no station {station} any more.")
        return
    wanted = [plug.session for plug in view.connectors if plug.session is not None]
    if kind.key not in NAMES_SESSIONS or not wanted:
        _open(workspace, kind, view, {})
        return
    workspace.bridge.query(
        "command/transactions", transactions, tuple(wanted),
        done=lambda found: _open(workspace, kind, view, found), failed=workspace.toast,
    )  # fmt: skip


def transactions(connection: Any, sessions: tuple[int, ...]) -> dict[int, str]:
    """What stations call these sessions, by our number; for a reader thread."""
    found = {}
    for number in sessions:
        detail = questions.session_detail(connection, number)
        if detail is not None:
            found[number] = str(detail.line.session.transaction)
    return found


def _open(workspace: Workspace, kind: Kind, view: StationView, names: dict[int, str]) -> None:
    CommandSheet(workspace, kind, Facts(view, workspace.now_ms(), workspace.zone, names)).open()

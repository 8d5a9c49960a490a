"""Whether this is a first start, and opening it; the steps themselves are loaded only then."""

import importlib
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.preferences import preferences
from ui.shell.page import Workspace

DONE = "first_start_done"


async def is_first(room: Any) -> bool:
    """Whether nothing has been set up here: no station, and nobody has said who operates."""
    return room.entries.body("organisation", "own") is None and not room.fleet.snapshot().stations


def offer(workspace: Workspace, host: QWidget) -> None:
    """Open the first start over `host` where the data directory is empty and it was not left before."""
    if preferences().get(DONE) or workspace.picture.server.demo:
        return

    def told(first: Any) -> None:
        if first is True and not workspace.picture.stations:
            importlib.import_module("ui.first_start.wizard").FirstStart(workspace, host).begin()

    workspace.bridge.run(is_first, done=told, failed=lambda _: None, key="first-start")

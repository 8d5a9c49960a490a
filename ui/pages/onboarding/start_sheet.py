"""Asks which station to commission and at which connector; only for what is not known."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.status import Admission
from ui.shell.page import Workspace
from ui.widgets.ask_sheet import AskSheet, Field


def start_sheet(workspace: Workspace, station: str, began: Callable[[Any], None]) -> AskSheet:
    """The sheet that begins a commissioning."""
    host = workspace.sheet_host
    assert host is not None
    stations = workspace.picture.stations

    def known(text: str) -> str:
        view = stations.get(text.strip())
        if view is None or view.admission is not Admission.ACCEPTED:
            return "There is no such station; its identity is in the Stations list."
        return ""

    def plug(text: str) -> str:
        return "" if text.strip().isdigit() and int(text) > 0 else "A connector's number is 1, 2, …"

    def submit(values: Mapping[str, str], done: Any, failed: Any) -> None:
        name = values.get("station", station)
        by = workspace.bridge.operator

        def started(key: Any) -> None:
            done(key)
            began(key)

        workspace.bridge.run(
            lambda room: room.commissions.start(name, by, int(values["evse"])),
            done=started,
            failed=failed,
            key="onboarding/start",
        )

    fields = [] if station else [Field("station", "Station", check=known, mono=True)]
    fields.append(Field("evse", "Connector of the test charge", "1", check=plug))
    return AskSheet(
        host,
        f"Commission {station}" if station else "Commission a charger",
        "",
        "It acts on the charger: settings are written, one test charge runs, the link is cut for about a "
        "minute, and it restarts. Be at the charger with a car or a test load.",
        "Begin",
        submit,
        fields,
    )

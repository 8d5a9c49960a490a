"""What can be asked of stations from the grid: read them again, put a value back, follow the template."""

from app.domain.intents import SaveEntry
from app.domain.operations import Operation, WriteConfiguration
from app.operations.configuration.drift import Cell, Drift
from app.operations.configuration.room import reading
from ui.models.bulk import READ, BulkDeed
from ui.shell.page import Workspace
from ui.theme.formats import count


def read_again(found: Drift) -> BulkDeed:
    """Read the settings of the template; of a station that has none of them, all."""
    versions = {s.station: s.version for s in found.subjects}

    def make(station: str, _way: str) -> Operation:
        return reading(found.template, versions.get(station, "")) or READ.make(station, "")

    return BulkDeed("read", "Read settings", "Read", READ.icon, READ.text, make, harmless=True)


def putting_back(cell: Cell) -> BulkDeed | None:
    """Write the value that a setting had before it last changed; None where none is known."""
    if cell.variable is None or cell.before is None:
        return None
    operation = WriteConfiguration(((cell.variable, cell.before),))
    text = "The value it had before is written and read back; it counts as done when it is equal."
    return BulkDeed(
        "back", f"Put {cell.line} back to {cell.before}", "Put back", "undo-2", {"": text},
        lambda _station, _way: operation, one=True,
    )  # fmt: skip


def have_follow(workspace: Workspace, found: Drift) -> None:
    """Have all stations of a drift follow its template from now on."""
    for subject in found.subjects:
        workspace.bridge.do(
            SaveEntry("template-of", subject.station, {"template": found.template.name}),
            failed=workspace.toast,
        )
    whom = count(len(found.subjects), "station")
    workspace.toast(f"{whom} follow {found.template.title} from now on.")

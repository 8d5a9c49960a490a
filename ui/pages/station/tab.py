"""What the tabs of a station's page share."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.fleet.views import StationView
from ui.pages.station.hands import Hands
from ui.shell.page import Workspace


class DeviceTab(QWidget):
    """One tab about one station. It asks only while it is in view.

    Subclasses override `reset` (another station), `ask` (it came into view, or a command changed)
    and `live` (the picture moved).
    """

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace, self.hands = workspace, hands
        self.station = ""
        self.view: StationView | None = None
        hands.changed.connect(self._commands_changed)

    def show_station(self, station: str) -> None:
        """Show another station; asks once it is in view."""
        self.station, self.view = station, None
        self.reset()
        if self.isVisible():
            self.ask()

    def show_live(self, view: StationView) -> None:
        """The live picture moved."""
        self.view = view
        self.live(view)

    def opened(self) -> None:
        """It came into view."""
        if self.station:
            self.ask()

    def _commands_changed(self) -> None:
        if self.isVisible() and self.station:
            self.ask()

    def reset(self) -> None:
        """Forget what was shown of another station."""

    def ask(self) -> None:
        """Ask for what is shown."""

    def live(self, view: StationView) -> None:
        """Show what is live of it."""

    def focus_filter(self) -> bool:
        """The / key; False where there is nothing to filter."""
        return False

    def export_view(self) -> bool:
        """Ctrl+E; False where there is nothing to export."""
        return False

    def back(self) -> bool:
        """Esc; False where there is no inner state to leave."""
        return False

    def palette_keys(self) -> Sequence[tuple[str, str]]:
        """This tab's own keys."""
        return ()

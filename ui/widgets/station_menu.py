"""What can be done with a station, as one menu; each entry opens a sheet that says what it does."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.fleet.views import StationView
from ui.shell.page import Workspace
from ui.widgets import station_deeds
from ui.widgets.ask_sheet import AskSheet


class StationMenu:
    """The menu of one station, used beside the list and on its page."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        self._workspace, self._parent = workspace, parent
        self._view: StationView | None = None
        self.on_retired: Callable[[], None] = lambda: None

    def show_station(self, view: StationView) -> None:
        """Whose menu it is."""
        self._view = view

    def open_at(self, button: QWidget) -> None:
        """Open below a button."""
        menu = self.menu()
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """The menu, for the station as it is now."""
        made = QMenu(self._parent)
        if self._view is None:
            return made
        for text, sheet in self._entries(self._view):
            if sheet is None:
                made.addSeparator()
                continue
            action = QAction(text, made)
            action.triggered.connect(lambda _=False, sheet=sheet: sheet().open())
            made.addAction(action)
        made.aboutToHide.connect(made.deleteLater)
        return made

    def _entries(self, view: StationView) -> list[tuple[str, Callable[[], AskSheet] | None]]:
        workspace = self._workspace
        entries: list[tuple[str, Callable[[], AskSheet] | None]] = [
            ("Rename…", lambda: station_deeds.rename_sheet(workspace, view)),
            ("Move to site…", lambda: station_deeds.site_sheet(workspace, view)),
            ("Set coordinates…", lambda: station_deeds.place_sheet(workspace, view)),
            (
                "Set password…",
                lambda: station_deeds.password_sheet(workspace, view.station, has_password=view.has_password),
            ),
            ("", None),
        ]
        for plug in view.connectors:
            if plug.session is not None:
                number = plug.session
                entries.append(
                    (
                        f"Close session {number} by hand…",
                        lambda number=number: station_deeds.close_session_sheet(  # type: ignore[misc]
                            workspace, number, view.station
                        ),
                    )
                )
        entries += [
            ("Replace hardware…", lambda: station_deeds.replace_sheet(workspace, view)),
            ("Retire…", lambda: self._retire(view)),
        ]
        return entries

    def _retire(self, view: StationView) -> AskSheet:
        sheet = station_deeds.retire_sheet(self._workspace, view)
        sheet.finished.connect(lambda result: self.on_retired() if result else None)
        return sheet

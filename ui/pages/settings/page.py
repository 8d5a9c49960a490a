"""Settings, part by part with a search over all. Every control does what it says, at once."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app import __version__
from app.analytics.settings_page import SettingsView, settings_view
from app.restore_test import Restored, restore_newest
from app.settings import value_of
from ui.pages.base import LivePage
from ui.pages.settings.about import About
from ui.pages.settings.contents import Contents
from ui.pages.settings.form import SettingsPanel, Switch
from ui.pages.settings.notifications import NotificationsPanel
from ui.pages.settings.organisation import LanguagePanel, OrganisationPanel, SitesPanel
from ui.pages.settings.prices import PricesPanel
from ui.pages.settings.recovery import RecoveryPanel
from ui.preferences import preferences
from ui.shell.navigation import find
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, size_text, stamp, when, zone_text
from ui.theme.theme import theme
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.fields import SearchField
from ui.widgets.file_asking import ask_where
from ui.widgets.labels import Label
from ui.widgets.listen_sheet import ListenSheet
from ui.widgets.segments import Segments

THEMES = (("system", "As the system"), ("dark", "Dark"), ("light", "Light"), ("contrast", "High contrast"))
SCALES = tuple((str(percent), f"{percent}%") for percent in (90, 100, 110, 125, 150, 175, 200))
CLOSING = (("ask", "Ask"), ("tray", "Keep serving in the tray"), ("stop", "Stop and quit"))
KEPT_DAYS = (7, 30, 90, 365)
FILE_DAYS = (7, 30, 90, 365)
LINKS = {"settings/assumptions": ("Assumptions", "sliders-horizontal")}
"""Further pages of settings, offered where they are part of this build: route → (words, icon)."""


class SettingsPage(LivePage):
    """A list of parts at the left, the parts at the right, with a search over every line."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.field = SearchField("Find a setting")
        self.organisation = OrganisationPanel(workspace, self.ask)
        self.sites = SitesPanel(workspace, self.ask)
        self.prices = PricesPanel(workspace, self.ask)
        self.notifications = NotificationsPanel(workspace, self.ask)
        self.recovery = RecoveryPanel(workspace, self.ask)
        self.language = LanguagePanel(workspace)
        self.parts: dict[str, tuple[str, str, SettingsPanel]] = {
            "organisation": ("Organisation", "users", self.organisation),
            "sites": ("Sites", "map-pin", self.sites),
            "prices": ("Prices and energy", "tag", self.prices),
            "notifications": ("Notifications", "bell", self.notifications),
            "recovery": ("Automatic recovery", "wrench", self.recovery),
            "records": ("Records and backup", "database", self._records()),
            "network": ("Network", "network", self._network()),
            "appearance": ("Appearance", "contrast", self._appearance()),
            "language": ("Language and formats", "globe", self.language),
            "behaviour": ("Behaviour", "power", self._behaviour()),
            "support": ("Support", "life-buoy", self._support()),
        }
        self.panels = [panel for _, _, panel in self.parts.values()]
        self._lay_out()
        self.field.text_changed.connect(self._search)
        self.every(1000, self._show, ages=True)
        self.every(10_000, self._ask_core, ages=True)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        for panel in (*self.panels, About()):
            column.addWidget(panel)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidget(inside)
        self.area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._none = Label("No setting has these words.", "body", "text3")
        self._none.hide()
        self.contents = Contents([(key, title, icon) for key, (title, icon, _) in self.parts.items()])
        self.contents.chosen.connect(self.show_part)
        links = [key for key in LINKS if find(key) is not None]
        self.contents.add_links([(key, *LINKS[key]) for key in links])
        self.contents.linked.connect(self.workspace.go)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.field)
        left.addWidget(self._none)
        left.addWidget(self.contents)
        left.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 12, 12, 12)
        whole.setSpacing(12)
        whole.addLayout(left)
        whole.addWidget(self.area, 1)

    def show_part(self, key: str) -> None:
        """Scroll to a part."""
        if key in self.parts:
            if self.field.text():
                self.field.clear()
                self._search("")
            self.contents.choose(key)
            # After the layout has had its turn: a page that was just opened has no places yet.
            QTimer.singleShot(0, self, partial(self._scroll_to, key))

    def _scroll_to(self, key: str) -> None:
        self.area.verticalScrollBar().setValue(self.parts[key][2].y())

    def ask(self) -> None:
        """Read what was written down."""
        self.workspace.bridge.query(
            "settings/written", settings_view, done=self._take_view, failed=self.workspace.toast
        )

    def _take_view(self, view: SettingsView) -> None:
        for panel in (self.organisation, self.sites, self.prices, self.notifications, self.recovery):
            panel.show_view(view)

    def _ask_core(self) -> None:
        self.notifications.ask_ways()
        self.recovery.ask_books()

    def opened(self, argument: str) -> None:
        self._show_choices()
        self.title_changed.emit("", f"Forecourt {__version__}")
        self.ask()
        self.show_part(argument)

    def closed(self) -> None:
        self.workspace.bridge.drop("settings/")

    def focus_filter(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def hits(self, text: str) -> Sequence[Hit]:
        parts = [
            Hit(f"Settings: {title}", group="Settings", icon=icon, run=partial(self.show_part, key))
            for key, (title, icon, _) in self.parts.items()
        ]
        return (
            *parts,
            Hit("Test the newest backup", group="Settings", icon="check", run=self.test_restore),
            Hit("Back up now…", group="Settings", icon="database", run=self.back_up),
            Hit("Write a support bundle…", group="Settings", icon="life-buoy", run=self.bundle),
        )

    def back_up(self) -> None:
        """Ask where to, then write a checked copy of the database while everything runs."""
        ask_where(self.window(), "Back up", "forecourt-backup.db", "Databases (*.db)", self._back_up_to)

    def bundle(self) -> None:
        """Ask where to, then write logs, settings and versions, without secrets."""
        ask_where(
            self.window(), "Support bundle", "forecourt-support.zip", "Archives (*.zip)", self._bundle_to
        )

    def _appearance(self) -> SettingsPanel:
        self.theme = Segments(THEMES, "Theme")
        self.theme.chosen.connect(self._choose_theme)
        self.scale = MenuButton("Size", "100%")
        self.scale.chosen.connect(self._choose_scale)
        panel = SettingsPanel("Appearance")
        panel.add("Colours", "High contrast is for sunlight on the screen.", self.theme)
        panel.add("Size of text", "Everything is laid out around it, from 90 to 200%.", self.scale)
        return panel

    def _network(self) -> SettingsPanel:
        change = Button("Choose the address…", icon="network")
        change.clicked.connect(lambda: ListenSheet(self.workspace).open())
        door = Button("Open Onboarding")
        door.clicked.connect(lambda: self.workspace.go("onboarding"))
        panel = SettingsPanel("Network")
        self._listening = panel.add("Stations reach this machine at", "–", change)
        panel.add("New chargers", "Who may connect, and who was turned away.", door)
        return panel

    def _records(self) -> SettingsPanel:
        folder = Button("Open the folder", icon="folder-open")
        folder.clicked.connect(self._open_folder)
        backup = Button("Back up now…", icon="database")
        backup.clicked.connect(self.back_up)
        self.heartbeats = MenuButton("Days", "30")
        self.heartbeats.chosen.connect(lambda days: self._set("retention.heartbeat_days", days))
        panel = SettingsPanel("Records")
        self._folder = panel.add("Data directory", "–", folder)
        self._backup = panel.add("Backup", "–", backup)
        self.restore_button = Button("Test a restore", icon="rotate-ccw")
        self.restore_button.clicked.connect(self.test_restore)
        self._restored = panel.add(
            "Restore test",
            "Puts the newest backup back into a folder of its own and reads all of it. A backup that was "
            "never restored is a hope.",
            self.restore_button,
        )
        self.files_days = MenuButton("Days", "90")
        self.files_days.chosen.connect(lambda days: self._set("files.keep_days", days))
        panel.add(
            "Keep files of stations for",
            "Logs and diagnostics that stations brought; what was learnt from them stays. Holds from the "
            "next start.",
            self.files_days,
        )
        panel.add(
            "Keep signs of life for",
            "Heartbeats and other messages without effect. Sessions, states, readings and your own actions "
            "are kept for ever.",
            self.heartbeats,
        )
        return panel

    def _behaviour(self) -> SettingsPanel:
        self.awake = Switch("Stay awake while serving")
        self.awake.clicked.connect(self._set_awake)
        self.closing = MenuButton("", "Ask")
        self.closing.chosen.connect(lambda key: self._set("window.on_close", key))
        panel = SettingsPanel("Behaviour")
        self._awake_line = panel.add(
            "Stay awake while serving", "Stations lose their connection when this machine sleeps.", self.awake
        )
        panel.add("When the window is closed", "The server can go on from an icon in the tray.", self.closing)
        return panel

    def _support(self) -> SettingsPanel:
        bundle = Button("Write bundle…", icon="life-buoy")
        bundle.clicked.connect(self.bundle)
        panel = SettingsPanel("Support")
        panel.add(
            "Support bundle",
            "Logs, settings, versions and checks in one file. No passwords, cards or messages.",
            bundle,
        )
        return panel

    def _show_choices(self) -> None:
        settings = self.workspace.settings
        self.theme.choose(theme().choice)
        self.scale.set_choices(SCALES, str(round(theme().scale * 100)))
        days = int(value_of(settings, "retention.heartbeat_days"))
        kept = sorted({*KEPT_DAYS, days})
        self.heartbeats.set_choices([(d, str(d)) for d in kept], days)
        files = int(value_of(settings, "files.keep_days"))
        self.files_days.set_choices([(d, str(d)) for d in sorted({*FILE_DAYS, files})], files)
        self.awake.setChecked(settings.window.stay_awake)
        self.closing.set_choices(CLOSING, settings.window.on_close)

    def _show(self) -> None:
        server, now = self.picture.server, self.now_ms()
        self._listening.meaning.setText(", ".join(server.urls) or server.cause or "nowhere yet")
        size = size_text(server.database_bytes) if server.database_bytes else "size not known yet"
        self._folder.meaning.setText(f"{self.workspace.settings.data_dir}, database {size}")
        if server.last_backup_ms is None:
            told = "No backup has been taken yet. One is taken each day while Forecourt runs."
        else:
            verified = "read back and found whole" if server.backup_verified else "not verified yet"
            zone = zone_text(now, self.zone)
            told = f"The last was taken {when(server.last_backup_ms, now, self.zone)} {zone}, {verified}."
        if not server.recording:
            told = f"Nothing can be recorded now: {server.recording_cause} {told}"
        self._backup.meaning.setText(told)
        keeper = getattr(self.window(), "awake", None)
        if keeper is not None:
            self._awake_line.meaning.setText(keeper.sentence)

    def _choose_theme(self, key: str) -> None:
        theme().choose(key)
        self._set("window.theme", key, quiet=True)

    def _choose_scale(self, key: Any) -> None:
        scale = int(key) / 100
        preferences().put("scale", scale)
        theme().set_scale(scale)

    def _set_awake(self) -> None:
        on = self.awake.isChecked()
        self._set("window.stay_awake", on, quiet=True)
        keeper = getattr(self.window(), "awake", None)
        if keeper is not None:
            keeper.set_on(on)

    def _set(self, name: str, value: Any, *, quiet: bool = False) -> None:
        self.workspace.set_setting(
            name,
            value,
            done=lambda _: None if quiet else self.workspace.toast("Kept."),
            failed=self.workspace.toast,
        )

    def _open_folder(self) -> None:
        folder = self.workspace.settings.data_dir
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.workspace.toast(f"No file manager opened; the folder is {folder}")

    def _back_up_to(self, path: Path) -> None:
        self.workspace.toast(f"Backing up to {path.name}…")
        self.workspace.bridge.run(
            lambda room: room.backup_to(path),
            done=lambda _: self.workspace.toast(f"Backed up to {path}, read back and found whole."),
            failed=self.workspace.toast,
            key="settings/backup",
        )

    def test_restore(self) -> None:
        """Restore the newest backup aside, check it and say what came back."""
        self.restore_button.setEnabled(False)
        self._restored.meaning.setText("Putting the newest backup back and reading it…")
        self.workspace.bridge.work(
            restore_newest,
            self.workspace.settings.data_dir,
            done=self._restored_well,
            failed=self._not_restored,
        )

    def _restored_well(self, found: Restored) -> None:
        self.restore_button.setEnabled(True)
        newest = f", up to {stamp(found.newest_ms, self.zone)}" if found.newest_ms is not None else ""
        self._restored.meaning.setText(
            f"{found.file.name} ({size_text(found.size)}) came back whole at "
            f"{stamp(self.now_ms(), self.zone)}: {count(found.stations, 'station')}, "
            f"{count(found.sessions, 'session')}{newest}."
        )
        self.workspace.toast("The newest backup was restored aside and read whole.")

    def _not_restored(self, sentence: str) -> None:
        self.restore_button.setEnabled(True)
        self._restored.meaning.setText(sentence)
        self.workspace.toast(sentence)

    def _bundle_to(self, path: Path) -> None:
        self.workspace.toast("Gathering logs, settings and checks…")
        self.workspace.bridge.work(
            _write_bundle,
            path,
            self.workspace.settings,
            done=lambda made: self.workspace.toast(f"Support bundle written to {made}"),
            failed=self.workspace.toast,
        )

    def _search(self, text: str) -> None:
        found = [panel.search(text) for panel in self.panels]
        self._none.setVisible(not any(found))


def _write_bundle(path: Path, settings: Any) -> Path:
    from app.checks import check_all
    from app.support_bundle import write_bundle

    return write_bundle(path, settings, check_all(settings, quick=True, running=True))

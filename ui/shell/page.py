"""What a page is to the window, and what the window offers a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.clock import Clock
from app.domain.status import Shown
from app.fleet.views import Changes, Picture
from app.settings import Settings
from app.settings_file import save
from ui.desk import DeskBook
from ui.faults import FaultBook


def with_value(settings: Settings, name: str, value: Any) -> Settings:
    """The settings with one key changed."""
    head, _, leaf = name.rpartition(".")
    if not head:
        return replace(settings, **{leaf: value})
    return replace(settings, **{head: replace(getattr(settings, head), **{leaf: value})})


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the command palette: a place to go (`route`, `argument`) or a deed (`run`)."""

    title: str
    note: str = ""
    group: str = "Go to"
    icon: str = ""
    shown: Shown | None = None
    keys: str = ""
    route: str = ""
    argument: str = ""
    run: Callable[[], object] | None = None


class Workspace(QObject):
    """What a page may use: the core behind the bridge, the clock, the zone, and ways to go elsewhere."""

    go_asked = Signal(str, str)
    toast_asked = Signal(str, object, object)

    def __init__(
        self,
        bridge: Any,
        clock: Clock,
        zone: ZoneInfo,
        host: QWidget | None = None,
        settings: Settings | None = None,
    ) -> None:
        super().__init__()
        self.bridge = bridge
        """Questions, intents and calls: see ui.bridge.Bridge."""
        self.desk = DeskBook(bridge)
        """Commands and batches as they stand now."""
        self.faults = FaultBook(bridge)
        """Faults as they stand now."""
        self.clock = clock
        self.zone = zone
        self.sheet_host = host
        """What a Sheet covers: the whole window."""
        self.settings = settings or Settings()
        """The settings in force; change them with `set_setting`."""

    @property
    def picture(self) -> Picture:
        """The whole live picture now."""
        picture: Picture = self.bridge.picture
        return picture

    def now_ms(self) -> int:
        """The time now, ms UTC."""
        return self.clock.now_ms()

    def set_setting(
        self,
        name: str,
        value: Any,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Keep a setting in settings.toml; it holds from now on here, for the core from the next start."""

        def kept(_: Any) -> None:
            self.settings = with_value(self.settings, name, value)
            if done is not None:
                done(None)

        self.bridge.work(save, self.settings.data_dir, {name: value}, done=kept, failed=failed)

    def go(self, route: str, argument: str = "") -> None:
        """Open a page: go("stations/station", "VTP-03")."""
        self.go_asked.emit(route, argument)

    def toast(self, text: str, undo: Callable[[], None] | None = None, shown: Shown | None = None) -> None:
        """Say in one line what was done, with Undo if it can be taken back."""
        self.toast_asked.emit(text, undo, shown)


class Page(QWidget):
    """A page. It is made when first opened and kept; while another is shown it hears nothing.

    Subclasses override what they need; the defaults do nothing.
    """

    title_changed = Signal(str, str)
    """Title and context for the top bar; an empty title keeps the section's."""
    tab_text_changed = Signal(str)
    """The count beside the page's tab."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace

    def opened(self, argument: str) -> None:
        """It comes into view; `argument` is the station or session it is about, or ""."""

    def closed(self) -> None:
        """It goes out of view: drop questions under way, stop following messages."""

    def take(self, changes: Changes, picture: Picture) -> None:
        """What changed in the live picture; at most 10 times a second, only while in view."""

    def tick(self, now_ms: int) -> None:
        """Once a second while in view: ages and clocks."""

    def top_actions(self) -> Sequence[QWidget]:
        """Buttons for the right end of the top bar; asked once, kept by the window."""
        return ()

    def focus_filter(self) -> None:
        """The / key: put the cursor where this page is filtered."""

    def export_view(self) -> None:
        """Ctrl+E: export what is in view."""

    def back(self) -> bool:
        """Esc: leave an inner state (a panel, a selection). False: nothing to leave here."""
        return False

    def hits(self, text: str) -> Sequence[Hit]:
        """What the command palette offers for `text` while this page is in view."""
        return ()

    def in_hand(self) -> str:
        """The station that commands of the palette are for while this page is in view; "" for none."""
        return ""

    def keys(self) -> Sequence[tuple[str, str]]:
        """This page's own keys for the list of keys: ("J K", "move")."""
        return ()

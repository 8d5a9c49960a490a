"""The window: rail, top bar, the page in view, status bar, and the keys that work everywhere."""

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from app.fleet.views import Changes
from ui.first_start.offer import offer
from ui.models.fault_words import sentence_of
from ui.preferences import preferences
from ui.shell import keys_help, places
from ui.shell.announcing import announce
from ui.shell.arriving import Arriving
from ui.shell.awake import Awake
from ui.shell.building import build
from ui.shell.command_palette import CommandPalette
from ui.shell.desktop_messages import DesktopMessages
from ui.shell.focus_ring import FocusRing
from ui.shell.leaving import Leaving
from ui.shell.navigation import Section, find, sections
from ui.shell.operations import operation_hits
from ui.shell.page import Hit, Page, Workspace
from ui.shell.page_deeds import other_pages
from ui.shell.rail import Rail
from ui.shell.status_bar import StatusBar
from ui.shell.top_bar import TopBar
from ui.theme.formats import number
from ui.theme.theme import px, theme
from ui.widgets.painting import ink_of
from ui.widgets.sheet import Sheet
from ui.widgets.toast import Toast

log = logging.getLogger("forecourt.ui.window")

NARROW = 1280
"""At this width and below the rail shows icons only."""


class MainWindow(QWidget):
    """Holds the pages and shows one; passes the live picture to that one alone."""

    painted = Signal()
    """The first paint is done: heavy parts may be loaded now."""
    left = Signal()
    """The window was closed and the core has stopped: the program may end."""

    def __init__(self, workspace: Workspace, *, keep_awake: bool = True) -> None:
        super().__init__()
        self.workspace = workspace
        workspace.sheet_host = self
        self._bridge = workspace.bridge
        self._pages: dict[str, Page] = {}
        self._actions: dict[str, Sequence[QWidget]] = {}
        self._tab_counts: dict[str, str] = {}
        self._route = ""
        self._trail: list[tuple[str, str]] = []
        self._argument = ""
        self._keep_awake = keep_awake
        self._painted = False
        self._was_down = False
        self.awake = Awake(self)
        self.leaving = Leaving(self, workspace, self._put_away, self._back_in_view)
        self.leaving.left.connect(self.left)
        self.rail = Rail(sections(), self)
        self.top_bar = TopBar(self)
        self.status_bar = StatusBar(workspace.zone, self)
        self.stack = QStackedWidget(self)
        self._arriving = Arriving(self.stack, self._bridge, lambda: self.page, self.open)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.rail, 0, 0, 3, 1)
        grid.addWidget(self.top_bar, 0, 1)
        grid.addWidget(self.stack, 1, 1)
        grid.addWidget(self.status_bar, 2, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self.toast = Toast(self)
        self.palette_box = CommandPalette(self, self._hits)
        self.ring = FocusRing(self)
        self.messages = DesktopMessages(self, workspace)
        self.setWindowTitle("Forecourt")
        self.setMinimumSize(960, 600)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()
        self._connect()
        self._shortcuts()
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        self._second.start()
        self.status_bar.show_time(workspace.now_ms())
        self._show_picture()

    def _connect(self) -> None:
        self.rail.asked.connect(self.open)
        self.top_bar.search_asked.connect(lambda: self.palette_box.open())
        self.top_bar.theme_asked.connect(self.switch_theme)
        self.top_bar.tab_chosen.connect(self.open)
        self.palette_box.chosen.connect(self._take_hit)
        self.status_bar.asked.connect(self._open_part)
        self.status_bar.restart_asked.connect(self._bridge.start)
        self.workspace.go_asked.connect(self.open)
        self.workspace.toast_asked.connect(self.toast.say)
        self._bridge.changed.connect(self._take)
        self.workspace.desk.changed.connect(self._show_work)
        self.workspace.faults.changed.connect(self._show_faults)
        self.workspace.faults.urgent.connect(lambda view: announce(self, sentence_of(view)))
        self.top_bar.faults_asked.connect(lambda: self.open("faults/queue", "new"))
        self._bridge.failed.connect(self._down)
        self._bridge.started.connect(self._serving)

    def _shortcuts(self) -> None:
        heads = [section for section in sections() if not section.foot]
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+K", lambda: self.palette_box.open()),
            ("/", lambda: self._page_does("focus_filter")),
            ("?", self.show_keys),
            ("F1", self.show_keys),
            ("F11", self.toggle_full_screen),
            ("Ctrl+Z", self.toast.undo),
            ("Ctrl+E", lambda: self._page_does("export_view")),
            ("Ctrl+Shift+L", self.switch_theme),
            ("Ctrl+PgDown", lambda: self._next_tab(1)),
            ("Ctrl+PgUp", lambda: self._next_tab(-1)),
            ("Ctrl+Q", self.close),
        ]
        keys += [
            (f"Alt+{number}", lambda section=section: self.open(section.key))  # type: ignore[misc]
            for number, section in enumerate(heads[:8], 1)
        ]
        for sequence, run in keys:
            QShortcut(QKeySequence(sequence), self).activated.connect(lambda run=run: self._unless_asked(run))

    def _unless_asked(self, run: Callable[[], object]) -> None:
        """A sheet or the palette in view has the keys for itself."""
        if self.palette_box.isVisible() or any(sheet.isVisible() for sheet in self.findChildren(Sheet)):
            return
        run()

    @property
    def page(self) -> Page | None:
        """The page in view."""
        return self._pages.get(self._route)

    @property
    def route(self) -> str:
        """The route of the page in view."""
        return self._route

    def open(self, route: str, argument: str = "") -> None:
        """Bring a page into view; it is made on first use. An unknown route is ignored and logged."""
        found = find(route)
        if found is None:
            log.warning("there is no page %s", route)
            return
        section, spec = found
        before = self.page
        if before is not None and (self._route, self._argument) != (spec.route, argument):
            self._trail = [*self._trail[-20:], (self._route, self._argument)]
            self._safely(before.closed)
        page = self._pages.get(spec.route)
        if page is None:
            page = build(spec, self.workspace)
            self._adopt(spec.route, page)
        self._route, self._argument = spec.route, argument
        self.rail.choose(section.key)
        self._show_tabs(section)
        self.top_bar.show_title(section.title, "")
        self.top_bar.show_actions(self._actions[spec.route])
        self.stack.setCurrentWidget(self._arriving.in_view(page))
        opened = page
        self._safely(lambda: opened.opened(argument))

    def _adopt(self, route: str, page: Page) -> None:
        self._pages[route] = page
        self._actions[route] = list(page.top_actions())
        for widget in self._actions[route]:
            widget.setParent(self.top_bar)
        self.stack.addWidget(page)
        page.title_changed.connect(lambda title, context: self._retitle(route, title, context))
        page.tab_text_changed.connect(lambda text: self._count_tab(route, text))

    def _retitle(self, route: str, title: str, context: str) -> None:
        if route == self._route:
            found = find(route)
            self.top_bar.show_title(title or (found[0].title if found else ""), context)

    def _count_tab(self, route: str, text: str) -> None:
        if self._tab_counts.get(route, "") != text:
            self._tab_counts[route] = text
            self.top_bar.set_tab_text(route, self._tab_text(route))

    def _tab_text(self, route: str) -> str:
        found = find(route)
        word = found[1].tab if found else ""
        return f"{word}\t{self._tab_counts[route]}" if self._tab_counts.get(route) else word

    def _show_tabs(self, section: Section) -> None:
        tabs = [(page.route, self._tab_text(page.route)) for page in section.pages if page.tab]
        self.top_bar.show_tabs(tabs, self._route)

    def _next_tab(self, step: int) -> None:
        found = find(self._route)
        routes = [page.route for page in found[0].pages if page.tab] if found else []
        if self._route in routes and len(routes) > 1:
            self.open(routes[(routes.index(self._route) + step) % len(routes)])

    def back(self) -> None:
        """Esc: out of an inner state, or to the page before."""
        page = self.page
        if page is not None and page.back():
            return
        if self._trail:
            route, argument = self._trail.pop()
            kept = list(self._trail)
            self.open(route, argument)
            self._trail = kept

    def _take(self, changes: Changes) -> None:
        self._show_picture()
        page = self.page
        if page is not None and self.isVisible():
            self._safely(lambda: page.take(changes, self._bridge.picture))

    def _show_picture(self) -> None:
        picture = self._bridge.picture
        self.status_bar.show_server(picture.server, picture.totals, self.workspace.now_ms())
        self.top_bar.show_demo(picture.server.demo)
        self.rail.show_count("onboarding", len(picture.waiting))
        # Known before their pages are opened, and of those that are out of view.
        self._count_tab("stations/list", number(len(picture.stations)) if picture.stations else "")
        self.leaving.tell_tray()

    def _show_faults(self, _changes: object = None) -> None:
        book = self.workspace.faults
        self.rail.show_count("faults", len(book.queue), alarming=True)
        self._count_tab("faults/queue", number(len(book.queue)) if book.queue else "")
        self.top_bar.show_faults(len(book.new()))

    def _show_work(self, _changes: object = None) -> None:
        self.status_bar.show_work(self.workspace.desk.running())

    def _tick(self) -> None:
        now = self.workspace.now_ms()
        self.status_bar.show_time(now)
        page = self.page
        if page is not None and self.isVisible():
            self._safely(lambda: page.tick(now))

    def _page_does(self, name: str) -> None:
        page = self.page
        if page is not None:
            self._safely(getattr(page, name))

    def _safely(self, run: Callable[[], object]) -> None:
        """A page that fails leaves the window alive; the log has the cause."""
        try:
            run()
        except Exception:
            log.exception("page %s failed", self._route)
            self.toast.say("This page failed to show something. The log has the details.")

    def _hits(self, typed: str) -> list[Hit]:
        picture = self._bridge.picture
        page = self.page
        found: list[Hit] = list(page.hits(typed)) if page is not None else []
        found += operation_hits(self.workspace, typed, page.in_hand() if page is not None else "")
        found += places.page_hits()
        found += other_pages(self._route, self._do_there)
        found += places.station_hits(picture, typed)
        found += places.session_hits(typed)
        found += places.deed_hits(
            (
                (
                    "Switch to light theme" if theme().dark else "Switch to dark theme",
                    "contrast",
                    "",
                    self.switch_theme,
                ),
                ("Full screen", "maximize", "F11", self.toggle_full_screen),
                ("Keys", "keyboard", "?", lambda: self.show_keys()),
                ("Close Forecourt", "power", "Ctrl Q", lambda: self.close()),
            )
        )
        return found

    def _do_there(self, route: str, title: str) -> None:
        """Open a page and have it do what it offers under a title."""
        self.open(route)
        page = self.page
        hit = next((hit for hit in page.hits("") if hit.title == title), None) if page is not None else None
        if hit is not None:
            self._take_hit(hit)

    def _take_hit(self, hit: Hit) -> None:
        if hit.run is not None:
            self._safely(hit.run)
        elif hit.route:
            self.open(hit.route, hit.argument)

    def _open_part(self, part: str) -> None:
        route = {
            "messages": "stations/messages",
            "protocols": "stations/list",
            "work": "stations/commands",
        }.get(part, "settings")
        if find(route) is not None:
            self.open(route, part)

    def show_keys(self) -> None:
        """The list of keys."""
        page = self.page
        keys_help.show(self, page.keys() if page is not None else ())

    def switch_theme(self) -> None:
        """Light to dark and back; remembered."""
        theme().choose("light" if theme().dark else "dark")
        self.workspace.set_setting("window.theme", theme().choice)

    def toggle_full_screen(self) -> None:
        """F11."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back()
            return
        super().keyPressEvent(event)

    def _down(self, cause: str) -> None:
        self._was_down = True
        self.status_bar.show_failure(cause)

    def _serving(self) -> None:
        if self._was_down:
            # What the page asked while nothing answered is asked again.
            self._was_down = False
            self._back_in_view()
        self.awake.set_on(self._keep_awake and self.workspace.settings.window.stay_awake)
        offer(self.workspace, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.rail.set_compact(self.width() <= px(NARROW))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first, unless it was decided already; the core is stopped before the window goes."""
        if self.leaving.over:
            event.accept()
            return
        event.ignore()
        self.leaving.asked()

    def leave(self) -> None:
        """Stop the core and then close, without a question."""
        self.leaving.leave()

    def _back_in_view(self) -> None:
        page, argument = self.page, self._argument
        if page is not None:
            self._safely(lambda: page.opened(argument))

    def _put_away(self) -> None:
        """The core has stopped: remember what was open, let the machine sleep."""
        self._second.stop()
        self.awake.set_on(False)
        page = self.page
        if page is not None:
            self._safely(page.closed)
        preferences().put("window", [self.width(), self.height(), self._route])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), ink_of("bg"))
        painter.end()
        if not self._painted:
            self._painted = True
            self.ring.watch_hands()
            self.painted.emit()

    def begin(self) -> None:
        """Start the core and open the page that was open last; called after the first paint."""
        remembered = preferences().get("window", [0, 0, ""])
        found = find(str(remembered[2]) if len(remembered) > 2 else "")
        if found is None or not found[1].tab:
            found = find("overview")
        if found is not None:
            section, first = found
            self._arriving.begin(first)
            self.rail.choose(section.key)
            self.top_bar.show_title(section.title, "")
        self._bridge.start()

    def rescale(self) -> None:
        """Take the sizes of the scale in force."""
        self.rail.set_compact(self.width() <= px(NARROW))

"""The panel beside the list: one station at a glance."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.analytics import questions
from app.analytics.results import MessageFilter, MessagesPage, PowerSeries
from app.domain.status import Shown
from app.fleet.views import MessageView, StationView
from ui.models.cards import Card, card
from ui.models.command_kinds import kinds
from ui.models.facts_of import identity
from ui.models.message_columns import icon as way_icon
from ui.models.messages import title as line_title
from ui.models.staleness import Age
from ui.models.station_list import site_of
from ui.pages.stations.peek_faults import FaultLines
from ui.shell.page import Workspace
from ui.theme import fonts
from ui.theme.formats import clock
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at, word
from ui.theme.theme import px
from ui.widgets.buttons import Button, IconButton
from ui.widgets.command_opening import open_command
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label, StateLabel
from ui.widgets.painting import LEFT, RIGHT, draw_text
from ui.widgets.panel import Panel, Rule
from ui.widgets.panel_head import panel_head
from ui.widgets.scrolling import scrolled
from ui.widgets.spark import Spark
from ui.widgets.station_menu import StationMenu

DAY_MS = 86_400_000
STEP_MS = 600_000
LAST = 5


class ConnectorLines(QWidget):
    """One line a connector: shape, number, kind, power, session."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[Card, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_cards(self, cards: tuple[Card, ...]) -> None:
        """Show these connectors."""
        if cards == self._cards:
            return
        self._cards = cards
        told = [f"connector {c.title} {c.state} {c.power} {c.unit}" for c in cards]
        self.setAccessibleName("; ".join(told) or "No connector has reported yet")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(260), px(24) * max(1, len(self._cards)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high, wide = px(24), self.width()
        if not self._cards:
            draw_text(painter, QRectF(0, 0, wide, high), "No connector has reported yet", "small", "text3")
        for i, c in enumerate(self._cards):
            top = i * high
            paint_state_at(painter, 0, top + (high - px(14)) / 2, px(14), c.shown)
            draw_text(painter, QRectF(px(22), top, px(28), high), c.title, "small", "text1", weight=600)
            draw_text(painter, QRectF(px(46), top, wide * 0.34, high), c.kind, "small", "text2")
            ink = "text3" if c.age is not Age.LIVE or c.power == "–" else "text1"
            power = QRectF(wide * 0.44, top, wide * 0.18, high)
            draw_text(painter, power, c.power, "small", ink, RIGHT, weight=600)
            said = dict(c.lines).get("Session") or c.state
            draw_text(painter, QRectF(wide * 0.64, top, wide * 0.36, high), said, "small", "text2", RIGHT)
        painter.end()


class LastMessages(QWidget):
    """The newest few messages, in mono."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[str, str, str, str], ...] = ()
        self.setFixedHeight(px(20) * LAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: tuple[tuple[str, str, str, str], ...]) -> None:
        """(time, icon, action, remark), newest first."""
        if lines != self._lines:
            self._lines = lines
            self.setAccessibleName("; ".join(f"{at} {action}" for at, _, action, _ in lines) or "No messages")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high = px(20)
        time_wide = fonts.metrics("mono").horizontalAdvance("00:00:00") + px(10)
        if not self._lines:
            line = QRectF(0, 0, self.width(), high)
            draw_text(painter, line, "None in the last hours", "small", "text3", LEFT)
        for i, (at, icon, action, remark) in enumerate(self._lines):
            top = i * high
            draw_text(painter, QRectF(0, top, time_wide, high), at, "mono", "text3", LEFT)
            paint_icon(painter, time_wide, top + (high - px(12)) / 2, icon, px(12))
            left = time_wide + px(20)
            remark_wide = fonts.metrics("mono").horizontalAdvance(remark) + px(8)
            room = QRectF(left, top, self.width() - left - remark_wide, high)
            draw_text(painter, room, action, "mono", "text1", LEFT)
            draw_text(painter, QRectF(left, top, self.width() - left, high), remark, "mono", "text3", RIGHT)
        painter.end()


class Peek(Panel):
    """One station: connectors, power of the last 24 h, identity, last messages, and the way on."""

    open_asked = Signal(str)
    step_asked = Signal(int)
    messages_asked = Signal(str)
    close_asked = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._view: StationView | None = None
        self._heard = False
        self._name = StateLabel(Shown.UNKNOWN, "", role="title")
        self._what = Label("", "small", "text2")
        self.faults = FaultLines()
        self._connectors = ConnectorLines()
        self._power = Spark("Power of the last 24 hours")
        self._facts = Facts()
        self._messages = LastMessages()
        self._menu = StationMenu(workspace, self)
        self.setAccessibleName("Station at a glance")
        self.setMinimumWidth(px(280))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.body_layout.addLayout(self._head())
        self.body_layout.addWidget(Rule())
        self.body_layout.addWidget(self._scrolled(), 1)
        self.body_layout.addWidget(Rule())
        self.body_layout.addLayout(self._foot())

    @property
    def station(self) -> str:
        """Whose glance it is; "" for none."""
        return self._view.station if self._view is not None else ""

    def sizeHint(self) -> QSize:
        return QSize(px(350), px(600))

    def show_station(self, view: StationView) -> None:
        """Show a station; its power and messages are asked for when it is another one."""
        other = view.station != self.station
        self._view = view
        now, zone = self._workspace.now_ms(), self._workspace.zone
        busy = sum(1 for plug in view.connectors if plug.session is not None)
        state = f"Charging on {busy} of {len(view.connectors)}" if busy else word(view.shown)
        self._name.show_state(view.shown, view.station)
        self._what.setText(" · ".join(part for part in (state, site_of(view)) if part))
        wrong = self._workspace.faults.at(view.station)
        self.faults.show_faults(wrong)
        self._wrong.setVisible(bool(wrong))
        self._connectors.show_cards(tuple(card(plug, view, now, zone) for plug in view.connectors))
        rows = identity(view, now, zone)
        self._facts.show_facts([Fact(r.label, r.value, mono=r.mono, shown=r.shown) for r in rows])
        self._menu.show_station(view)
        if other:
            self._power.show_values((), "", "")
            self._messages.show_lines(())
            self._heard = False
            self.ask()

    def ask(self) -> None:
        """Ask history for what the live picture does not hold."""
        if self._view is None:
            return
        station, now = self._view.station, self._workspace.now_ms()
        self._workspace.bridge.query(
            "stations/peek power",
            questions.station_power,
            station,
            now - DAY_MS,
            now,
            STEP_MS,
            done=lambda series: self._show_power(station, series),
            failed=lambda _sentence: self._power.show_values((), "", "could not be read"),
        )
        self._workspace.bridge.query(
            "stations/peek messages",
            questions.messages_page,
            MessageFilter(station=station),
            None,
            LAST,
            done=lambda page: self._know_messages(station, page),
            failed=lambda _sentence: self._messages.show_lines(()),
        )

    def _know_messages(self, station: str, page: MessagesPage) -> None:
        if station == self.station and not self._heard:
            self._tell_messages(list(reversed(page.lines)))

    def show_messages(self, views: list[MessageView]) -> None:
        """The newest messages that were heard live, newest last."""
        if views:
            self._heard = True
            self._tell_messages(views)

    def _tell_messages(self, views: list[MessageView]) -> None:
        lines = []
        for view in reversed(views[-LAST:]):
            remark = f"{view.latency_ms} ms" if view.latency_ms is not None else ""
            at = clock(view.at_ms, self._workspace.zone, seconds=True)
            lines.append((at, way_icon(view), line_title(view), remark))
        self._messages.show_lines(tuple(lines))

    def _show_power(self, station: str, series: PowerSeries) -> None:
        if station != self.station:
            return
        zone = self._workspace.zone
        kilowatts = [None if value is None else value / 1000 for value in series.values]
        self._power.show_values(kilowatts, f"{clock(series.start_ms, zone)} yesterday", "now")

    def open_commands(self) -> QMenu:
        """Every command to this station, by group."""
        menu, station, group = QMenu(self), self.station, None
        for kind in kinds() if station else ():
            if kind.group != group and group is not None:
                menu.addSeparator()
            group = kind.group
            action = QAction(f"{kind.title}…", menu)
            action.triggered.connect(lambda _=False, kind=kind: open_command(self._workspace, kind, station))
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater, Qt.ConnectionType.QueuedConnection)
        high = menu.sizeHint().height()
        menu.popup(self.commands.mapToGlobal(self.commands.rect().topLeft()) - QPoint(0, high + px(4)))
        return menu

    def _head(self) -> QHBoxLayout:
        names = ("Previous station (K)", "Next station (J)")
        return panel_head((self._name, self._what), names, self.step_asked.emit, self.close_asked.emit)

    def _scrolled(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._wrong = self._what_is_wrong()
        column.addWidget(self._wrong)
        open_log = Button("Open log", "link")
        open_log.clicked.connect(lambda: self.messages_asked.emit(self.station))
        parts: tuple[tuple[str, str, QWidget, QWidget | None], ...] = (
            ("Connectors", "type, kW, session", self._connectors, None),
            ("Power, kW", "last 24 h", self._power, None),
            ("Station", "", self._facts, None),
            ("Last messages", "", self._messages, open_log),
        )
        for i, (title, note, widget, button) in enumerate(parts):
            if i:
                column.addWidget(Rule())
            column.addLayout(_section(title, note, widget, button))
        column.addStretch(1)
        area = scrolled(inside)
        return area

    def _what_is_wrong(self) -> QWidget:
        """Gone where nothing is: what is normal is quiet."""
        open_faults = Button("Open faults", "link")
        open_faults.clicked.connect(lambda: self._workspace.go("faults/queue", f"station:{self.station}"))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(_section("What is wrong", "", self.faults, open_faults))
        column.addWidget(Rule())
        whole.hide()
        return whole

    def _foot(self) -> QHBoxLayout:
        open_page = Button("Open station", "primary", keys="Enter")
        open_page.clicked.connect(lambda: self.open_asked.emit(self.station))
        self.commands = Button("Commands…", keys="C")
        self.commands.clicked.connect(lambda: self.open_commands())
        more = IconButton("ellipsis", "More on this station", "secondary")
        more.clicked.connect(lambda: self._menu.open_at(more))
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.setSpacing(8)
        foot.addWidget(open_page)
        foot.addWidget(self.commands)
        foot.addStretch(1)
        foot.addWidget(more)
        return foot


def _section(title: str, note: str, widget: QWidget, button: QWidget | None) -> QVBoxLayout:
    head = QHBoxLayout()
    head.addWidget(Label(title, "small", weight=600))
    head.addStretch(1)
    if note:
        head.addWidget(Label(note, "small", "text3"))
    if button is not None:
        head.addWidget(button)
    section = QVBoxLayout()
    section.setContentsMargins(14, 10, 14, 12)
    section.setSpacing(6)
    section.addLayout(head)
    section.addWidget(widget)
    return section

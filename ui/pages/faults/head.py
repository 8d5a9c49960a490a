"""The head of a fault: what it is, where, how long, and what can be done to it now."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.faults.alarm import detail_of
from app.faults.views import FaultView
from app.fleet.views import StationView
from ui.models.fault_words import lasted, owner, place, recovery_text, shown_of, state_text
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px, radius
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.painting import CENTRE, draw_text, fill_round, width_of
from ui.widgets.panel import Panel

MORE = (
    ("note", "Add a note…   N", "message-square"),
    ("due", "Set a due time…", "clock"),
    ("merge", "Put under another fault…", "link"),
    ("split", "Split off from its cause", "unlink"),
    ("normal", "This is normal here…", "eraser"),
    ("confirm", "Confirm that it is out of use…", "check"),
    ("unconfirm", "Take the confirmation back", "undo-2"),
    ("name", "Name this code…", "tag"),
    ("close", "Close by hand…", "check"),
    ("latch", "Reset the latch", "rotate-ccw"),
)
"""Deeds of the menu: key, words, icon."""


class Chips(QWidget):
    """Short words in boxes: priority, safety, state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: tuple[tuple[str, str, bool], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_chips(self, chips: tuple[tuple[str, str, bool], ...]) -> None:
        """(word, icon or "", whether only an edge is drawn)."""
        if chips != self._chips:
            self._chips = chips
            self.setAccessibleName(", ".join(word for word, _, _ in chips))
            self.updateGeometry()
            self.update()

    def _wide(self, word: str, icon: str) -> int:
        return round(width_of(word, "small", 600)) + px(14) + (px(18) if icon else 0)

    def sizeHint(self) -> QSize:
        wide = sum(self._wide(word, icon) + px(8) for word, icon, _ in self._chips)
        return QSize(max(0, wide), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 0.0
        for word, icon, edge in self._chips:
            box = QRectF(x, 0, self._wide(word, icon), self.height())
            fill_round(painter, box, radius("small"), None if edge else "surface3", "text1" if edge else None)
            area = box.adjusted(px(6), 0, -px(6), 0)
            if icon:
                paint_icon(painter, area.left(), box.center().y() - px(7), icon, px(14), "text1")
                area.setLeft(area.left() + px(18))
            draw_text(painter, area, word, "small", "text1", CENTRE, weight=600, elide=False)
            x = box.right() + px(8)
        painter.end()


class Mark(QWidget):
    """The shape of a fault."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown.FAULTED
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, shown: Shown) -> None:
        """Show a shape."""
        self._shown = shown
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(22), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_state_at(painter, px(1), px(1), px(20), self._shown)
        painter.end()


class FaultHead(Panel):
    """Title, place and deeds. `deed_asked` tells which."""

    deed_asked = Signal(str)
    step_asked = Signal(int)
    close_asked = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._view: FaultView | None = None
        self.has_playbook = True
        """Whether recovery has anything to offer for it, as far as is known."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.mark = Mark()
        self.title = Label("", "title")
        self.chips = Chips()
        self.station = Button("", "link")
        self.station.clicked.connect(self._go)
        self._where = Label("", "small", "text2")
        self.up, self.down = (
            IconButton("chevron-up", "Fault above (K)"),
            IconButton("chevron-down", "Fault below (J)"),
        )
        self.shut = IconButton("x", "Close (Esc)")
        self.up.clicked.connect(lambda: self.step_asked.emit(-1))
        self.down.clicked.connect(lambda: self.step_asked.emit(1))
        self.shut.clicked.connect(self.close_asked)
        self.service = Button("Take out of service…", "primary", "ban", "T")
        self.back = Button("Back in service…", "primary")
        self.recover = Button("Next step", "primary", keys="R")
        self.acknowledge = Button("Acknowledge", keys="A")
        self.assign = Button("Assign…", keys="G")
        self.shelve = Button("Shelve…", keys="S")
        self.unshelve = Button("Take from the shelf", keys="S")
        self.service_last = Button("Take out of service…", icon="ban", keys="T")
        self.order = Button("Work order", icon="wrench")
        self.more = Button("More…", icon="ellipsis")
        self.banner = Banner(
            Shown.FAULTED,
            "Somebody could be hurt. Close it first, money comes later.",
            "Resets and recovery are not offered.",
        )
        self._deeds = {
            "out-of-service": self.service,
            "back-in-service": self.back,
            "recover": self.recover,
            "acknowledge": self.acknowledge,
            "assign": self.assign,
            "shelve": self.shelve,
            "unshelve": self.unshelve,
            "order": self.order,
            "service": self.service_last,
        }
        for key, button in self._deeds.items():
            button.clicked.connect(lambda _=False, key=key: self.deed_asked.emit(key))
        self.more.clicked.connect(self._open_more)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        for widget in (self.mark, self.title, self.chips):
            top.addWidget(widget)
        top.addStretch(1)
        for button in (self.up, self.down, self.shut):
            top.addWidget(button)
        place_line = QHBoxLayout()
        place_line.setSpacing(8)
        place_line.addWidget(self.station)
        place_line.addWidget(self._where, 1)
        deeds = QWidget()
        flow = FlowLayout(deeds)
        for deed in (*self._deeds.values(), self.more):
            flow.addWidget(deed)
        column = QVBoxLayout()
        column.setContentsMargins(14, 10, 10, 12)
        column.setSpacing(6)
        column.addLayout(top)
        column.addLayout(place_line)
        column.addWidget(deeds)
        self.body_layout.addLayout(column)
        self.body_layout.addWidget(self.banner)

    def as_drawer(self, drawer: bool) -> None:
        """Beside the queue its neighbours are at hand; in a drawer there are buttons for them."""
        for widget in (self.up, self.down, self.shut):
            widget.setVisible(drawer)

    def show_fault(self, view: FaultView, station: StationView | None, now_ms: int) -> None:
        """A fault as it is now."""
        self._view = view
        record, zone = view.record, self._workspace.zone
        self.mark.show_state(shown_of(record))
        self.title.setText(record.title)
        self.title.setToolTip(record.title)
        chips = [(record.priority, "", False)]
        if record.safety:
            chips.append(("Safety", "shield-alert", False))
        state = state_text(record, now_ms, zone)
        chips.append((state, "", True))
        self.chips.show_chips(tuple(chips))
        self.station.set_text(owner(record))
        self.station.setEnabled(bool(record.station))
        self._where.setText("  ·  ".join(part for part in self._facts(view, station, now_ms) if part))
        self._where.setToolTip(self._where.text())
        self._show_deeds(view)

    def _facts(self, view: FaultView, station: StationView | None, now_ms: int) -> list[str]:
        record = view.record
        model = " ".join(p for p in (station.vendor, station.model) if p) if station is not None else ""
        return [
            place(record),
            model,
            lasted(record, now_ms),
            f"owner {record.assigned}" if record.assigned else "",
            recovery_text(record.recovery),
            *view.signs,
            count(record.alarms, "alarm") if record.alarms > 1 else "",
            f"code {record.code}",
        ]

    def _show_deeds(self, view: FaultView) -> None:
        record = view.record
        state = record.state
        here = view.open and state != "DSUPR"
        takes = here and state not in ("OOSRV", "SHLVD")
        first = view.out_of_service_first or record.safety
        self.service.setVisible(takes and first)
        self.service_last.setVisible(takes and not first)
        self.back.setVisible(state == "OOSRV")
        fits = here and not record.safety and state in ("UNACK", "ACKED")
        self.recover.setVisible(fits and self.has_playbook)
        self.acknowledge.setVisible(state in ("UNACK", "RTNUN"))
        self.assign.setVisible(view.open)
        self.shelve.setVisible(state in ("UNACK", "ACKED", "RTNUN"))
        self.shelve.set_text("Shelve, 60 min at most…" if record.safety else "Shelve…")
        self.unshelve.setVisible(state == "SHLVD")
        self.order.setVisible(state == "OOSRV")
        self.banner.setVisible(record.safety and view.open and state != "OOSRV")

    def offered(self) -> list[tuple[str, str, str]]:
        """What the menu offers for the fault now."""
        view = self._view
        if view is None:
            return []
        record = view.record
        silent = view.open and record.rule == "silence"
        fits = {
            "note": True,
            "due": view.open,
            "merge": view.open and not record.safety and record.parent is None,
            "split": record.parent is not None and record.state == "DSUPR",
            "normal": not record.safety,
            "confirm": silent and not detail_of(record).get("confirmed"),
            "unconfirm": silent and bool(detail_of(record).get("confirmed")),
            "name": bool(record.raw) and record.rule in ("connector_fault", "station_event"),
            "close": view.open and not record.latched and record.state != "OOSRV",
            "latch": record.latched and record.cleared_ms is not None,
        }
        return [entry for entry in MORE if fits[entry[0]]]

    def _open_more(self) -> None:
        menu = QMenu(self)
        for key, words, _icon in self.offered():
            action = QAction(words, menu)
            action.triggered.connect(lambda _=False, key=key: self.deed_asked.emit(key))
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _go(self) -> None:
        if self._view is not None and self._view.record.station:
            self._workspace.go("stations/station", str(self._view.record.station))

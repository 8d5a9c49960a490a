"""The line at the foot: server, connections, protocols, messages, database, backup, clock."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.domain.operations import BatchView
from app.domain.status import Shown
from app.fleet.views import ServerView, Totals
from ui.models.desk_words import batch_done, batch_share
from ui.theme.formats import clock, count, day, number, size_text, when, zone_text
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px, size
from ui.widgets.buttons import Button
from ui.widgets.painting import draw_text, fill_round, focus_ring, hairline, ink_of, upright, width_of

PROTOCOLS = {"1.6": "1.6J", "2.0.1": "2.0.1", "2.1": "2.1"}

LEFT_PARTS = ("server", "address", "protocols", "messages", "recording", "work")
RIGHT_PARTS = ("database", "backup", "clock")
LEAST_NEEDED = ("backup", "protocols", "database", "messages", "clock")
"""What is left out first where the window is narrow or the text large; the address goes never."""
BAR = 56


class StatusPart(QAbstractButton):
    """One fact: a bold word, then quiet ones; opens its detail."""

    def __init__(self, name: str, *, shrinks: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._rule, self._shrinks = name, False, shrinks
        self._strong, self._text, self._icon = "", "", ""
        self._shown: Shown | None = None
        self._share: float | None = None
        self._dot = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred if shrinks else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed
        )
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(name)

    def show_fact(
        self,
        text: str,
        strong: str = "",
        *,
        shown: Shown | None = None,
        dot: bool = False,
        icon: str = "",
        share: float | None = None,
    ) -> None:
        """Say something; repaints only when it differs. `share` (0 to 1) draws how far it is."""
        after = (text, strong, shown, dot, icon, share)
        if after == (self._text, self._strong, self._shown, self._dot, self._icon, self._share):
            return
        wide = self.sizeHint().width()
        self._text, self._strong, self._shown, self._dot, self._icon, self._share = after
        self.setAccessibleName(f"{self._name}: {strong} {text}")
        if self.sizeHint().width() != wide:
            self.updateGeometry()
        self.update()

    @property
    def rule(self) -> bool:
        """Whether a line divides it from the part before."""
        return self._rule

    def set_rule(self, on: bool) -> None:
        """Draw a line at the left edge: something stands before it."""
        if on != self._rule:
            self._rule = on
            self.updateGeometry()
            self.update()

    @property
    def says_something(self) -> bool:
        """Whether it has a fact to show."""
        return bool(self._text or self._strong)

    def sizeHint(self) -> QSize:
        wide = px(10) * 2 + (1 if self._rule else 0)
        if self._shown is not None or self._dot or self._icon:
            wide += px(18)
        if self._share is not None:
            wide += px(BAR + 8)
        if self._strong:
            wide += round(width_of(self._strong, "small", 600) + 0.99) + (px(6) if self._text else 0)
        return QSize(wide + round(width_of(self._text, "small") + 0.99), size("statusBar") - 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high = self.height()
        x = float(px(10))
        if self._rule:
            upright(painter, 0, px(8), high - 2 * px(8), "line2")
        if self._dot:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink_of("charging"))
            painter.drawEllipse(QRectF(x, (high - px(10)) / 2, px(10), px(10)))
            x += px(18)
        elif self._shown is not None:
            paint_state_at(painter, x - 1, (high - px(13)) / 2, px(13), self._shown)
            x += px(18)
        elif self._icon:
            paint_icon(painter, x, (high - px(12)) / 2, self._icon, px(12), "text2")
            x += px(18)
        ink = "text1" if self.underMouse() else "text2"
        if self._share is not None:
            track = QRectF(x, (high - px(4)) / 2, px(BAR), px(4))
            fill_round(painter, track, 2, "surface3")
            track.setWidth(max(px(4), px(BAR) * self._share))
            fill_round(painter, track, 2, "accent")
            x += px(BAR + 8)
        if self._strong:
            x += draw_text(
                painter, QRectF(x, 0, self.width() - x, high), self._strong, "small", "text1", weight=600
            )
            x += px(6)
        draw_text(painter, QRectF(x, 0, self.width() - x - px(4), high), self._text, "small", ink)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), 4)
        painter.end()


class StatusBar(QWidget):
    """Shows the server's state; turns faultedSoft with the cause and Restart when it failed."""

    asked = Signal(str)
    """A part was pressed: "server", "stations", "messages", "work", "database", "clock"."""
    restart_asked = Signal()

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._failed = False
        self._parts = {
            "server": StatusPart("Server"),
            "address": StatusPart("Address", shrinks=True),
            "protocols": StatusPart("Protocols"),
            "messages": StatusPart("Messages"),
            "recording": StatusPart("Recording"),
            "work": StatusPart("Work on many stations"),
            "database": StatusPart("Database"),
            "backup": StatusPart("Backup"),
            "clock": StatusPart("Time"),
        }
        self.restart = Button("Restart", "secondary", "rotate-ccw")
        self.restart.clicked.connect(self.restart_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(6), 1, px(6), 0)
        row.setSpacing(0)
        for name in LEFT_PARTS:
            row.addWidget(self._parts[name])
        row.addWidget(self.restart)
        row.addStretch(1)
        for name in RIGHT_PARTS:
            row.addWidget(self._parts[name])
        for name, part in self._parts.items():
            part.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
            part.hide()
        self.restart.hide()
        self.rescale()

    def rescale(self) -> None:
        """Take the height of the scale in force."""
        self.setFixedHeight(size("statusBar"))
        self.restart.setFixedHeight(size("minTarget"))

    @property
    def failed(self) -> bool:
        """Whether the server is down."""
        return self._failed

    def text_of(self, part: str) -> str:
        """What a part says, for tests and for support."""
        return self._parts[part].accessibleName()

    def show_server(self, server: ServerView, totals: Totals, now_ms: int) -> None:
        """Show the server's state and what it does."""
        part = self._parts
        self._set_failed(server.state == "failed")
        if self._failed:
            part["server"].show_fact(server.cause, "Server stopped", shown=Shown.FAULTED)
            for name in ("address", "protocols", "messages", "recording"):
                part[name].show_fact("")
        else:
            self._show_running(server, totals)
        part["database"].show_fact(
            f"Database {size_text(server.database_bytes)}" if server.database_bytes else ""
        )
        part["backup"].show_fact(self._backup(server, now_ms), icon="check" if server.backup_verified else "")
        self._fit()

    def _fit(self) -> None:
        """Show the parts that have something to say, leaving out the least needed where it is narrow."""
        shown = {name for name, part in self._parts.items() if part.says_something}
        room = self.width() - px(24) - (self.restart.sizeHint().width() if self._failed else 0)
        for name in LEAST_NEEDED:
            needed = sum(self._parts[part].sizeHint().width() for part in shown)
            if needed <= room:
                break
            shown.discard(name)
        for group in (LEFT_PARTS, RIGHT_PARTS):
            for place, name in enumerate([name for name in group if name in shown]):
                self._parts[name].set_rule(place > 0)
        for name, part in self._parts.items():
            part.setVisible(name in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), size("statusBar"))

    def _show_running(self, server: ServerView, totals: Totals) -> None:
        part = self._parts
        words = {"starting": "Server starting", "stopping": "Server stopping", "still": "As last heard"}
        strong = words.get(server.state, "Server listening")
        first = server.urls[0].rstrip("/") if server.urls else ""
        known = "no station yet"
        if totals.stations:
            known = f"{number(totals.online)} of {number(totals.stations)} connected"
        elif server.connected:
            known = f"{count(server.connected, 'charger')} at the door"
        listening, still = server.state == "listening", server.state == "still"
        part["server"].show_fact(
            f"· {known}" if listening or still else server.cause,
            strong,
            dot=listening,
            icon="" if listening else "history" if still else "hourglass",
        )
        part["address"].show_fact(first if listening else "")
        counts = " · ".join(
            f"{PROTOCOLS.get(name, name)} {number(many)}" for name, many in server.by_version if many
        )
        part["protocols"].show_fact(f"OCPP {counts}" if counts else "")
        part["messages"].show_fact(f"{count(server.messages_per_minute, 'message')}/min" if listening else "")
        part["recording"].show_fact(
            "" if server.recording else server.recording_cause or "Nothing can be kept just now",
            "" if server.recording else "Not recording",
            shown=None if server.recording else Shown.FAULTED,
        )

    def show_work(self, running: Sequence[BatchView]) -> None:
        """How work on many stations goes; nothing while there is none."""
        if not running:
            self._parts["work"].show_fact("")
        else:
            newest = running[-1]
            more = f", and {number(len(running) - 1)} more" if len(running) > 1 else ""
            self._parts["work"].show_fact(
                f"{number(batch_done(newest))} of {number(newest.total)}{more}",
                newest.title,
                share=batch_share(newest),
            )
        self._fit()

    def show_failure(self, cause: str) -> None:
        """The core did not start, or died."""
        self.show_server(ServerView(state="failed", cause=cause), Totals(), 0)

    def show_time(self, now_ms: int) -> None:
        """The clock, once a second."""
        date = f"{day(now_ms, self._zone, weekday=True, year=True)} · {zone_text(now_ms, self._zone)}"
        self._parts["clock"].show_fact(date, clock(now_ms, self._zone, seconds=True))
        self._fit()

    def _backup(self, server: ServerView, now_ms: int) -> str:
        if server.last_backup_ms is None:
            return "No backup yet" if server.database_bytes else ""
        verified = ", verified" if server.backup_verified else ""
        return f"Backup {when(server.last_backup_ms, now_ms, self._zone)}{verified}"

    def _set_failed(self, failed: bool) -> None:
        if failed != self._failed:
            self._failed = failed
            self.restart.setVisible(failed)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_of("faultedSoft" if self._failed else "bg"))
        hairline(painter, 0, 0, self.width(), "faulted" if self._failed else "line1")
        painter.end()

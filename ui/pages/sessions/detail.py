"""The panel of one session: its meter over time, the register's check, and what is odd in sentences."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.analytics.results import SessionDetail
from app.domain.prices import Prices
from app.domain.status import Shown
from ui.models.session_facts import Remark, headline, remarks, rows
from ui.models.session_list import RUNNING, curve, plug_text, price_of
from ui.models.words import pseudonym
from ui.shell.page import Workspace
from ui.theme.shapes import paint_state_at
from ui.theme.theme import px
from ui.widgets import station_deeds
from ui.widgets.buttons import Button
from ui.widgets.charts import TimeChart
from ui.widgets.clearing import clear
from ui.widgets.facts import Facts
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.painting import LEFT, draw_text
from ui.widgets.panel import Panel, Rule
from ui.widgets.panel_head import panel_head
from ui.widgets.scrolling import scrolled
from ui.widgets.series_of import meter_lines

NO_VALUES = "The station sent no meter values during this session."
ONE_VALUE = "One meter value so far; a line needs two."


class Figures(QWidget):
    """Figures side by side, each with what it is below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: tuple[tuple[str, str], ...] = ()
        self.setFixedHeight(px(42))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, pairs: tuple[tuple[str, str], ...]) -> None:
        """Show (figure, what it is)."""
        if pairs != self._pairs:
            self._pairs = pairs
            self.setAccessibleName("; ".join(f"{figure} {what}" for figure, what in pairs))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pairs:
            first = self.width() * (0.40 if len(self._pairs) > 1 else 1.0)
            rest = (self.width() - first) / max(1, len(self._pairs) - 1)
            x = 0.0
            for i, (figure, what) in enumerate(self._pairs):
                wide = (first if i == 0 else rest) - px(8)
                draw_text(painter, QRectF(x, px(2), wide, px(18)), figure, "small", "text1", LEFT, weight=600)
                draw_text(painter, QRectF(x, px(21), wide, px(16)), what, "small", "text3", LEFT)
                x += wide + px(8)
        painter.end()


class RemarkRow(QWidget):
    """A flag's shape, its name and one sentence."""

    def __init__(self, remark: Remark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = remark.shown
        column = QVBoxLayout(self)
        column.setContentsMargins(px(22), 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(Label(remark.name, "small", weight=600))
        column.addWidget(Label(remark.sentence, "small", "text2", wrap=True))
        self.setAccessibleName(f"{remark.name}: {remark.sentence}")

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shown is not None:
            painter = QPainter(self)
            paint_state_at(painter, 0, px(2), px(14), self._shown)
            painter.end()


class SessionPanel(Panel):
    """One session. `changed` tells that it was closed by hand."""

    close_asked = Signal()
    step_asked = Signal(int)
    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._detail: SessionDetail | None = None
        self.session: int | None = None
        self._prices: Prices | None = None
        self._title = Label("", "title")
        self._what = Label("", "small", "text3")
        self._figures = Figures()
        self.chart = TimeChart("Meter of the session", "kW", workspace.zone)
        self.chart.setMinimumHeight(px(200))
        self._facts = Facts("small", 22)
        self._remarks = QVBoxLayout()
        self._remarks.setSpacing(8)
        self._failure = Banner(Shown.FAULTED, "", parent=self)
        self._failure.hide()
        self.close_by_hand = Button("Close by hand…")
        self.close_by_hand.clicked.connect(self._close)
        self.setAccessibleName("Session")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.body_layout.addLayout(self._head())
        self.body_layout.addWidget(Rule())
        self.body_layout.addWidget(self._scrolled(), 1)
        self.body_layout.addWidget(Rule())
        self.body_layout.addLayout(self._foot())

    def sizeHint(self) -> QSize:
        return QSize(px(390), px(600))

    def expect(self, number: int) -> None:
        """Say which session is asked for, until it is there."""
        if number != self.session:
            self.session, self._detail = number, None
            self._failure.hide()
            self._offer(True)
            self._title.setText(f"Session {number}")
            self._what.setText("")
            self._figures.show_figures(())
            self._facts.show_facts(())
            self._show_remarks(())
            self.chart.show_series([], 0, 1)
            self.close_by_hand.hide()

    def leave(self) -> None:
        """Show none."""
        self.session, self._detail = None, None

    def show_failure(self, sentence: str) -> None:
        """Say why it cannot be shown."""
        self._failure.show_notice(Shown.FAULTED, sentence)
        self._failure.show()
        self._offer(self._detail is not None)

    def _offer(self, known: bool) -> None:
        """Of a session that is not there nothing is left to look at, and no station to go to."""
        self._known.setVisible(known)
        self.to_station.setEnabled(known)

    def show_detail(self, detail: SessionDetail) -> None:
        """Show a session."""
        session = detail.line.session
        if session.session != self.session:
            return
        self._failure.hide()
        self._offer(True)
        again = detail == self._detail
        self._detail = detail
        now, zone = self._workspace.now_ms(), self._workspace.zone
        who = pseudonym(session.token)
        where = ", ".join(
            part for part in (f"{session.station} plug {plug_text(session)}", detail.line.site) if part
        )
        self._what.setText(f"{who} · {where}")
        self._figures.show_figures(headline(session, now, zone))
        if again:
            return
        running = session.state in RUNNING
        lines, spans = meter_lines(
            curve(
                detail.curve,
                session.meter_start_wh,
                session.started_ms,
                None if running else session.meter_stop_wh,
                session.ended_ms,
            )
        )
        last = max((point.at_ms for point in detail.curve), default=now)
        end = session.ended_ms if session.ended_ms is not None else max(now, last)
        start = session.started_ms or min((point.at_ms for point in detail.curve), default=end - 1)
        if not any(len(line.t_ms) > 1 for line in lines):
            lines, spans = (), ()
        self.chart.set_empty_text(ONE_VALUE if len(detail.curve) == 1 else NO_VALUES)
        self.chart.show_series(lines, start, max(end, start + 60_000), spans=spans)
        self._show_facts()
        self._show_remarks(remarks(session))
        self.close_by_hand.setVisible(running)

    def show_prices(self, prices: Prices) -> None:
        """Price the session by these, whether it is shown already or will be."""
        self._prices = prices
        self._show_facts()

    def _show_facts(self) -> None:
        if self._detail is not None:
            self._facts.show_facts(rows(self._detail, price_of(self._detail.line, self._prices)))

    def _show_remarks(self, found: tuple[Remark, ...]) -> None:
        clear(self._remarks)
        if self._detail is None:
            return
        if not found:
            self._remarks.addWidget(Label("Nothing is odd about this session.", "small", "text3"))
        for remark in found:
            self._remarks.addWidget(RemarkRow(remark))

    def _head(self) -> QHBoxLayout:
        names = ("Newer session (K)", "Older session (J)")
        return panel_head(
            (self._title, self._what), names, self.step_asked.emit, self.close_asked.emit, margin=8
        )

    def _scrolled(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        upper = QVBoxLayout()
        upper.setContentsMargins(14, 10, 14, 8)
        upper.setSpacing(8)
        upper.addWidget(self._failure)
        upper.addWidget(self._figures)
        column.addLayout(upper)
        self._known = QWidget()
        known = QVBoxLayout(self._known)
        known.setContentsMargins(0, 0, 0, 0)
        known.setSpacing(0)
        known.addWidget(self.chart)
        column.addWidget(self._known)
        check, odd = _section("Check"), _section("What is odd")
        check.addWidget(self._facts)
        odd.addLayout(self._remarks)
        for section in (check, odd):
            known.addWidget(Rule())
            known.addLayout(section)
        column.addStretch(1)
        area = scrolled(inside)
        return area

    def _foot(self) -> QHBoxLayout:
        self.to_station = Button("Open station", "primary")
        self.to_station.clicked.connect(self._open_station)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.setSpacing(8)
        foot.addWidget(self.to_station)
        foot.addWidget(self.close_by_hand)
        foot.addStretch(1)
        return foot

    def _open_station(self) -> None:
        if self._detail is not None:
            self._workspace.go("stations/station", str(self._detail.line.session.station))

    def _close(self) -> None:
        if self._detail is None:
            return
        session = self._detail.line.session
        sheet = station_deeds.close_session_sheet(self._workspace, int(session.session), str(session.station))
        sheet.finished.connect(lambda done: self.changed.emit() if done else None)
        sheet.open()


def _section(title: str) -> QVBoxLayout:
    section = QVBoxLayout()
    section.setContentsMargins(14, 10, 14, 12)
    section.setSpacing(8)
    section.addWidget(Label(title, "small", weight=600))
    return section

"""The compare bar: what the first set is, what the second, and what limits both."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.analytics.insights.answers import Make, Offered
from ui.models.insight_choice import (
    EMPTY,
    MODELS,
    MODES,
    NOTHING,
    OTHER,
    PERIODS,
    SITES,
    Picked,
    Span,
    against,
    compared,
    days_of,
    make_words,
    named,
    periods,
)
from ui.theme.theme import px, radius
from ui.widgets.buttons import MenuButton
from ui.widgets.labels import Label
from ui.widgets.painting import fill_round, ink_of, thickness
from ui.widgets.segments import Segments


class Sample(QWidget):
    """A piece of a set's line: solid, or dashed for the second."""

    def __init__(self, second: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._second = second
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(22), px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pen = QPen(ink_of("seriesSecond" if self._second else "seriesMain"), 2 * thickness(painter))
        if self._second:
            pen.setDashPattern([3, 2])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        y = self.height() / 2
        painter.drawLine(0, round(y), self.width(), round(y))
        painter.end()


class CompareBar(QWidget):
    """Governs every panel of the page."""

    changed = Signal()
    other_asked = Signal()
    """Days shall be named that the choices do not offer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = Segments(MODES, "Compare")
        self.first, self.second = MenuButton("", "–"), MenuButton("", "–")
        self.period, self.site, self.make = MenuButton("Period"), MenuButton("Sites"), MenuButton("Models")
        for button in (self.first, self.second):
            button.setMaximumWidth(px(200))
        for button, widest in ((self.site, 150), (self.make, 150), (self.period, 232)):
            button.setMaximumWidth(px(widest))
        self.period.hide()
        self.told = Label("", "small", "text3", right=True)
        self._there: Offered | None = None
        self._now, self._zone = 0, ZoneInfo("UTC")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(8)
        row.addWidget(Label("Compare", "small", "text2"))
        for widget in (
            self.mode, Sample(False), self.first, Label("against", "small", "text3"), Sample(True),
            self.second, self.period, self.site, self.make,
        ):  # fmt: skip
            row.addWidget(widget)
        row.addWidget(self.told, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.picked = Picked()
        self.mode.chosen.connect(self._mode)
        for button in (self.first, self.second, self.period, self.site, self.make):
            button.chosen.connect(lambda _key: self._choose())

    def offer(self, there: Offered, now_ms: int, zone: ZoneInfo) -> None:
        """Offer what there is; what was picked stays where it is still there."""
        self._there, self._now, self._zone = there, now_ms, zone
        self._fill()

    def _mode(self, mode: str) -> None:
        self.picked = Picked(mode, self.picked.period)
        there = self._there
        if there is not None and mode == SITES and there.sites:
            self.picked = Picked(
                mode, self.picked.period, site=there.sites[0],
                other_site=there.sites[1] if len(there.sites) > 1 else "",
            )  # fmt: skip
        elif there is not None and mode == MODELS and there.makes:
            self.picked = Picked(
                mode, self.picked.period, make=there.makes[0],
                other_make=there.makes[1] if len(there.makes) > 1 else None,
            )  # fmt: skip
        self._fill()
        self.changed.emit()

    def _fill(self) -> None:
        there, one = self._there, self.picked
        if there is None:
            return
        mode = one.mode
        sites = [("", f"All {len(there.sites)}"), *((site, site) for site in there.sites)]
        makes = [(None, f"All {len(there.makes)}"), *((make, make_words(make)) for make in there.makes)]
        spans = [*named(one.period, self._zone), *periods(self._now, self._zone)]
        self.mode.choose(mode)
        if mode == PERIODS:
            _offer(self.first, spans, one.period)
            _offer(self.second, against(one, self._now, self._zone), one.against)
        elif mode == SITES:
            _offer(self.first, sites, one.site)
            _offer(self.second, [("", "Nothing"), *sites[1:]], one.other_site)
        else:
            _offer(self.first, makes, one.make)
            _offer(self.second, [(None, "Nothing"), *makes[1:]], one.other_make)
        _offer(self.period, spans, one.period)
        _offer(self.site, sites, one.site)
        _offer(self.make, makes, one.make)
        self.period.setVisible(mode != PERIODS)
        self.site.setVisible(mode != SITES)
        self.make.setVisible(mode == PERIODS)
        self.told.setText(compared(one, there, self._now, self._zone).told)
        self.told.setToolTip(self.told.text())

    def days(self) -> tuple[tuple[date, date], tuple[date, date] | None]:
        """First and last day of the period in force, and of the one it is compared with."""
        there = self._there or EMPTY
        now = compared(self.picked, there, self._now, self._zone)
        first, second = (
            None if one is None else days_of(Span(one.from_ms, one.to_ms), self._zone)
            for one in (now.first, now.second if self.picked.mode == PERIODS else None)
        )
        assert first is not None
        return first, second

    def take_days(self, first: str, second: str) -> None:
        """Take days by name; "" as the second: nothing to compare with."""
        against = (second or NOTHING) if self.picked.mode == PERIODS else self.picked.against
        self.picked = replace(self.picked, period=first, against=against)
        self._fill()
        self.changed.emit()

    def _choose(self) -> None:
        mode = self.picked.mode
        if OTHER in (self.first.value, self.second.value, self.period.value):
            self._fill()
            self.other_asked.emit()
            return
        site = self.first.value if mode == SITES else self.site.value
        make = self.first.value if mode == MODELS else self.make.value if mode == PERIODS else None
        self.picked = Picked(
            mode,
            str(self.first.value if mode == PERIODS else self.period.value),
            str(self.second.value if mode == PERIODS else self.picked.against),
            str(site or ""),
            _make(make),
            str(self.second.value or "") if mode == SITES else "",
            _make(self.second.value) if mode == MODELS else None,
        )
        self._fill()
        self.changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), radius("panel"), "surface1", "line1")
        painter.end()


def _offer(button: MenuButton, choices: Sequence[tuple[object, str]], key: object) -> None:
    """Offer choices with one in force; None is a key of its own."""
    button.set_choices(choices, key)
    if key is None and choices:
        button.set_choices([(one or "", text) for one, text in choices], "")


def _make(found: object) -> Make | None:
    return found if isinstance(found, tuple) else None

"""Says that a station's clock is wrong, and offers the ways its version has to mend it."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.records import VariableRecord
from app.domain.status import LinkState, Shown
from app.fleet.views import StationView
from app.operations.configuration.clocks import WRONG_MS, Mend, WrongClock, mends
from ui.models.command_kinds import Kind
from ui.widgets.buttons import Button
from ui.widgets.notices import Banner

MOST = 3


class ClockNotice(QWidget):
    """Hidden while the clock is right or not known. `mend` opens the sheet of a way that was chosen."""

    def __init__(
        self, mend: Callable[[Kind], object], now_ms: Callable[[], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mend, self._now_ms = mend, now_ms
        self._ways: tuple[Mend, ...] = ()
        self._rows: Sequence[VariableRecord] = ()
        self.banner = Banner(Shown.DEGRADED)
        self._buttons: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.banner)
        self.hide()

    def know(self, rows: Sequence[VariableRecord]) -> None:
        """What was read of its settings: some ways depend on them."""
        self._rows = rows

    def show_station(self, view: StationView) -> None:
        """Show whether its clock is wrong."""
        skew = view.clock_skew_ms or 0
        online = view.link in (LinkState.ONLINE, LinkState.DOUBTFUL)
        if abs(skew) <= WRONG_MS:
            self.hide()
            return
        ways = mends(view.version, self._now_ms(), self._rows)
        wrong = WrongClock(view.station, skew, view.version, online, ways)
        told = "Times of its sessions and meter values are taken from this machine meanwhile."
        self.banner.show_notice(Shown.DEGRADED, wrong.sentence, told)
        if tuple(way.title for way in ways) != tuple(way.title for way in self._ways):
            self._offer(ways)
        self._ways = ways
        for button in self._buttons:
            button.setEnabled(online)
        self.show()

    def _offer(self, ways: tuple[Mend, ...]) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        for place, way in enumerate(ways[:MOST]):
            button = Button(f"{way.title}…")
            button.clicked.connect(lambda _=False, place=place: self._open(place))
            self.banner.add_button(button)
            self._buttons.append(button)

    def _open(self, place: int) -> None:
        way = self._ways[place]
        name = type(way.operation).__name__
        kind = Kind(
            "mend-clock", way.title, "clock", "service", name, "Do it", way.text,
            lambda _values, _facts: way.operation,
        )  # fmt: skip
        self._mend(kind)

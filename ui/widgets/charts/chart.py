"""What every chart is: a widget that builds its plot on first show and fills it once a change."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import Theme, px, radius, theme
from ui.widgets.charts import engine
from ui.widgets.painting import CENTRE, draw_text, fill_round

if TYPE_CHECKING:
    from ui.widgets.charts.plot import PlotView

BLOCK_AFTER_MS = 150
"""So long a page has to itself; then a block stands where the plot will be."""


class Chart(QWidget):
    """Has pointer and keys to itself; the plot below it only draws.

    A plot costs 8 ms to build and its library a third of a second to import, so neither is done
    before the chart is seen, and the import is a worker's.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot: PlotView | None = None
        self._stale = True
        self._block = False
        self._later, self._soon = QTimer(self), QTimer(self)
        for timer, wait, then in ((self._later, 0, self._bring), (self._soon, BLOCK_AFTER_MS, self._appear)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(then)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what a kind of chart brings ---------------------------------------------------------

    def _make_plot(self) -> "PlotView":
        """The plot of this kind; only called once the library is there."""
        from ui.widgets.charts.plot import PlotView

        return PlotView(self)

    def _fill(self) -> None:
        """Bring what is to be seen into the plot."""

    def _paint_below(self, painter: QPainter) -> None:
        """Paint what stands beside the plot."""

    # -- building ----------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Build the plot, or ask for its library."""
        super().showEvent(event)
        if self._plot is None:
            if engine.plotting().here:
                self._build()
            else:
                engine.plotting().ready.connect(self._arrived, Qt.ConnectionType.QueuedConnection)
                self._soon.start()
        if self._stale:
            self._later.start()

    def _arrived(self) -> None:
        if engine.plotting().here and self._plot is None and self.isVisible():
            self._build()
        self.update()

    def _appear(self) -> None:
        # Asked only now: an import beside the page's own first paints would make both late.
        engine.plotting().ask()
        self._block = self._plot is None
        self.update()

    def _build(self) -> None:
        self._soon.stop()
        plot = self._make_plot()
        plot.setGeometry(self.rect())
        plot.show()
        self._plot = plot
        self._redraw()

    def settle_now(self) -> None:
        """Build and fill at once, waiting for the library (pictures, exports)."""
        engine.load()
        if self._plot is None:
            self._build()
        self._bring()

    def _redraw(self) -> None:
        self._stale = True
        if self._plot is not None and self.isVisible():
            self._later.start()
            self.update()

    def _bring(self) -> None:
        if self._plot is not None and self._stale:
            self._stale = False
            self._plot.ratio = self.devicePixelRatioF()
            self._fill()

    # -- events ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._bring()
        painter = QPainter(self)
        if self._plot is not None:
            self._paint_below(painter)
        elif self._block or engine.plotting().failed:
            box = QRectF(self.rect()).adjusted(px(12), px(12), -px(12), -px(12))
            fill_round(painter, box, radius("small"), "surface2")
            if engine.plotting().failed:
                words = "Charts cannot be drawn; the log has the details."
                draw_text(painter, box, words, "body", "text3", CENTRE)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._plot is not None:
            self._plot.setGeometry(self.rect())
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.restyle(theme())
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        """On a screen of another ratio, pens are of another width."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._redraw()
        return super().event(event)

    def restyle(self, _theme: Theme) -> None:
        """Take the colours and sizes in force."""
        if self._plot is not None:
            self._plot.restyle()
        self._redraw()

    def rescale(self) -> None:
        """Draw again at the scale and in the theme in force."""
        self.restyle(theme())

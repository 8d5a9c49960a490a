"""How a figure is known, as a pattern: solid measured, hatched modelled, dashed outline assumed."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.analytics.costs.ledger import Confidence
from ui.models.cost_words import KNOWN
from ui.models.costs import Shares
from ui.theme.theme import colour, px
from ui.widgets.painting import draw_text, thickness, width_of

STEP = 4.0


def paint_known(painter: QPainter, rect: QRectF, how: Confidence, ink: str = "seriesThird") -> None:
    """Fill `rect` by how its figure is known."""
    if rect.width() <= 0 or rect.height() <= 0:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, how is Confidence.MODELLED)
    thin = thickness(painter)
    if how is Confidence.MEASURED:
        painter.fillRect(rect, colour(ink))
        painter.restore()
        return
    inside = rect.adjusted(thin / 2, thin / 2, -thin / 2, -thin / 2)
    if how is Confidence.MODELLED:
        _hatch(painter, rect, ink)
    pen = QPen(colour(ink), thin)
    if how is Confidence.ASSUMED:
        pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawRect(inside)
    painter.restore()


def _hatch(painter: QPainter, rect: QRectF, ink: str) -> None:
    painter.save()
    painter.setClipRect(rect)
    painter.setPen(QPen(colour(ink), 1.6))
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
        x += STEP
    painter.restore()


def paint_shares(painter: QPainter, track: QRectF, shares: Shares, most: Decimal) -> None:
    """A bar from the left: each kind of knowing in its pattern, `most` being the whole track."""
    x = track.left()
    for how, amount in shares:
        if amount <= 0 or most <= 0:
            continue
        wide = track.width() * float(amount / most)
        paint_known(painter, QRectF(x, track.top(), max(1.0, wide), track.height()), how)
        x += wide


def told(shares: Shares) -> str:
    """ "Measured", "Mostly modelled"; "" where nothing is known."""
    known = [(how, amount) for how, amount in shares if amount > 0] or list(shares)
    if not known:
        return ""
    how, amount = max(known, key=lambda pair: pair[1])
    word = KNOWN[how][0]
    whole = sum((value for _, value in known), Decimal(0))
    return word if len(known) == 1 or amount == whole else f"Mostly {word.lower()}"


def main_kind(shares: Shares) -> Confidence | None:
    """How most of it is known."""
    return max(shares, key=lambda pair: pair[1])[0] if shares else None


class KnownMark(QWidget):
    """A swatch with its word."""

    def __init__(self, shares: Shares = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: Shares = ()
        self._how: Confidence | None = None
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_shares(shares)

    def show_shares(self, shares: Shares) -> None:
        """Show how a sum is known; nothing where it is not."""
        self._how, self._text = main_kind(shares), told(shares)
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(px(20) + width_of(self._text, "small") + 1), px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._how is not None:
            paint_known(painter, QRectF(0, (self.height() - px(9)) / 2, px(14), px(9)), self._how)
            draw_text(
                painter, QRectF(px(20), 0, self.width() - px(20), self.height()), self._text, "small", "text2"
            )
        painter.end()


class KnownLegend(QWidget):
    """What the patterns mean."""

    def __init__(
        self, kinds: Sequence[Confidence] = tuple(Confidence), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kinds = tuple(kinds)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Solid is measured, hatched is modelled, dashed is assumed")

    def sizeHint(self) -> QSize:
        wide = sum(px(20) + width_of(KNOWN[how][0], "small") + px(14) for how in self._kinds)
        return QSize(round(wide), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 0.0
        for how in self._kinds:
            paint_known(painter, QRectF(x, (self.height() - px(9)) / 2, px(14), px(9)), how)
            x += px(20)
            x += draw_text(painter, QRectF(x, 0, px(160), self.height()), KNOWN[how][0], "small", "text2")
            x += px(14)
        painter.end()

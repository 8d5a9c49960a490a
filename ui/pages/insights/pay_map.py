"""The expansion map: where the sites of one more connector lie, numbered as in the list beside it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from ui.models.insight_payback import UNKNOWN, SiteRow
from ui.pages.insights.drawn import RANK_RADIUS, rank_mark
from ui.theme import fonts
from ui.theme.theme import px
from ui.widgets.map.camera import Camera
from ui.widgets.map.ground import Ground
from ui.widgets.map.mercator import to_unit
from ui.widgets.painting import draw_text, fill_round, ink_of

LINES = 3
Places = Mapping[str, tuple[float, float]]


class PayMap(QObject):
    """Paints into a widget's rectangle; `changed` when a sharper ground is there."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ground = Ground(self)
        self._ground.changed.connect(self.changed)
        self._at: dict[str, tuple[float, float]] = {}

    @property
    def known(self) -> bool:
        """Whether any site has a place."""
        return bool(self._at)

    def show_places(self, places: Places) -> None:
        """Where sites lie: latitude and longitude by name."""
        self._at = {site: to_unit(*place) for site, place in places.items()}

    def paint(self, painter: QPainter, box: QRectF, rows: Sequence[SiteRow], dpr: float) -> None:
        """Draw the ground, every site as a dot, and those of the list with their number where it is free."""
        below = LINES * fonts.line_height("caption") + px(4)
        view = QRectF(box.left(), box.top(), box.width(), box.height() - below)
        camera = Camera(width=max(1, int(view.width())), height=max(1, int(view.height())))
        camera = camera.fitted(list(self._at.values()), margin=px(22))
        self._ground.look(camera, dpr)
        painter.save()
        painter.translate(view.topLeft())
        painter.setClipRect(QRectF(0, 0, view.width(), view.height()), Qt.ClipOperation.IntersectClip)
        self._ground.paint(painter, camera)
        at = {site: QPointF(*camera.to_px(*place)) for site, place in self._at.items()}
        numbered = self.numbered(rows, at)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink_of("text3"))
        for site, point in at.items():
            if site not in numbered:
                painter.drawEllipse(point, px(2), px(2))
        for site, (rank, reading) in numbered.items():
            rank_mark(painter, at[site], rank, reading, ground=True)
        painter.restore()
        fill_round(painter, view, 4, None, "line2")
        for n, words in enumerate(legend(rows)):
            line = QRectF(box.left(), view.bottom() + px(3) + n * fonts.line_height("caption"), box.width(),
                          fonts.line_height("caption"))  # fmt: skip
            draw_text(painter, line, words, "caption", "text3")

    @staticmethod
    def numbered(rows: Sequence[SiteRow], at: Mapping[str, QPointF]) -> dict[str, tuple[int, str]]:
        """Rank and reading of the sites whose number lies on no better one's."""
        found: dict[str, tuple[int, str]] = {}
        for rank, row in enumerate(rows, 1):
            point = at.get(row.name)
            if point is None or row.name in found:
                continue
            apart = (QLineF(point, at[other]).length() for other in found)
            if all(far >= 2 * px(RANK_RADIUS) for far in apart):
                found[row.name] = (rank, row.reading)
        return found


def legend(rows: Sequence[SiteRow]) -> tuple[str, ...]:
    """What the marks of these rows mean; a dashed one is no answer where none is known."""
    known = [row.reading != UNKNOWN for row in rows]
    dashed = "not known yet" if not any(known) else "does not" if all(known) else "no, or not known"
    return "filled: pays", "ring: not clear", f"dashed: {dashed}"

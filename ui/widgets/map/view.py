"""The map as a widget: drag, wheel, keys, hover, choosing and placing."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import px
from ui.widgets.map.camera import Camera
from ui.widgets.map.controls import Legend, ZoomBox, paint_scale
from ui.widgets.map.ground import Ground
from ui.widgets.map.labels import Label, Name, lay_out, mark_box, mark_under, names_in_view
from ui.widgets.map.mercator import to_degrees, to_unit
from ui.widgets.map.outlines import places
from ui.widgets.map.painters import paint_banner, paint_labels, paint_marks, paint_names, paint_tip
from ui.widgets.map.sites import NEAR_PX, Box, MapSite, Mark, cluster, neighbour, positions

REST_MS = 120


class MapView(QWidget):
    """Sites on an offline map. `show_sites` at most twice a second."""

    site_chosen = Signal(str)
    """A site was clicked, or Enter pressed on it."""
    site_selected = Signal(str)
    """A site has the ring (arrows, click); "" for none."""
    placed = Signal(str, float, float)
    """A site was dragged or put to (latitude, longitude), while `set_placing`."""
    place_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera = Camera()
        self._sites: tuple[MapSite, ...] = ()
        self._total: Callable[[float], str] | None = None
        self._places = positions(())
        self._marks: list[Mark] = []
        self._labels: list[Label] = []
        self._names: list[Name] = []
        self._clustered_at = -1.0
        self._fitted = False
        self._touched = False
        self._chosen = ""
        self._hover = -1
        self._pressed: QPointF | None = None
        self._dragged = False
        self._moving = -1
        self._placing = False
        self._waiting = ""
        self._ground = Ground(self)
        self._ground.changed.connect(self.update)
        self.zoom_box = ZoomBox(self)
        self.legend = Legend(self)
        self.zoom_box.nearer.clicked.connect(lambda: self.zoom_by(1))
        self.zoom_box.farther.clicked.connect(lambda: self.zoom_by(-1))
        self.zoom_box.fit.clicked.connect(self.fit)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._settle)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._say()

    # -- what is shown -----------------------------------------------------------------------

    @property
    def camera(self) -> Camera:
        """Where it looks."""
        return self._camera

    @property
    def marks(self) -> Sequence[Mark]:
        """What is drawn: single sites and boxes."""
        return self._marks

    @property
    def selected(self) -> str:
        """The key of the site with the ring, or ""."""
        return self._chosen

    def show_sites(self, sites: Sequence[MapSite], total: Callable[[float], str] | None = None) -> None:
        """Show these sites; the view fits them the first time there are any.

        `total` makes the note of a box of several from their weights added up.
        """
        if tuple(sites) == self._sites and total == self._total:
            return
        self._total = total
        moved = [(s.key, s.latitude, s.longitude) for s in sites] != [
            (s.key, s.latitude, s.longitude) for s in self._sites
        ]
        self._sites = tuple(sites)
        if moved:
            self._places = positions(self._sites)
        # Before fitting: a view that lands on the zoom it had groups nothing anew by itself.
        self._regroup()
        if self._sites and not self._fitted and self.isVisible():
            self.fit()
            return
        self._settle()

    def select(self, key: str) -> None:
        """Put the ring on a site; bring it into view if it is not."""
        self._chosen = key
        for site in self._sites:
            if site.key == key:
                x, y = to_unit(site.latitude, site.longitude)
                at = self._camera.to_px(x, y)
                if not (20 < at[0] < self.width() - 20 and 20 < at[1] < self.height() - 20):
                    self._look(Camera(x, y, max(self._camera.zoom, 6), self.width(), self.height()))
        self._say()
        self.update()

    def fit(self) -> None:
        """Bring all sites into view."""
        self._fitted = bool(self._sites)
        self._touched = False
        below = self.height() - self.legend.y() - px(24) if self.legend.isVisibleTo(self) else 0
        inside = [(float(x), float(y)) for x, y in self._places]
        self._look(self._camera.fitted(inside, below=max(0, below)), now=True)

    def zoom_by(self, steps: float, at: QPointF | None = None) -> None:
        """Nearer or farther by whole or part steps of two, around a point."""
        x, y = (self.width() / 2, self.height() / 2) if at is None else (at.x(), at.y())
        self._touched = True
        self._look(self._camera.zoomed(steps, x, y))

    def look_at(self, latitude: float, longitude: float, zoom: float) -> None:
        """Look at a place."""
        x, y = to_unit(latitude, longitude)
        self._fitted = self._touched = True
        self._look(Camera(x, y, zoom, max(1, self.width()), max(1, self.height())), now=True)

    def set_placing(self, on: bool) -> None:
        """Let sites be dragged to where they stand."""
        self._placing = on
        self._waiting = self._waiting if on else ""
        self._cursor()

    def place(self, key: str) -> None:
        """Have the next click on the map put `key` there (a station that has no place yet)."""
        self._placing, self._waiting = True, key
        self._cursor()
        self.setFocus()
        self.update()

    def settle_now(self) -> None:
        """Draw everything sharp at once, for a picture."""
        self._ground.draw_now(self._camera, self.devicePixelRatioF())
        self._rest.stop()
        self._settle()

    # -- where it looks ----------------------------------------------------------------------

    def _look(self, camera: Camera, *, now: bool = False) -> None:
        zoomed = camera.zoom != self._camera.zoom
        self._camera = camera
        self._hover = -1
        if round(camera.zoom * 4) != self._clustered_at:
            self._regroup()
        self._ground.look(camera, self.devicePixelRatioF(), now=now)
        if now:
            self._settle()
        else:
            if zoomed:
                self._labels, self._names = [], []
            self._rest.start()
        self.update()

    def _regroup(self) -> None:
        self._clustered_at = round(self._camera.zoom * 4)
        before = self._marks
        self._marks = cluster(self._sites, self._places, self._clustered_at / 4, px(NEAR_PX))
        if len(before) != len(self._marks):
            self._labels = []

    def _settle(self) -> None:
        camera = self._camera
        fixed: list[Box] = [
            _box_of(self.zoom_box),
            _box_of(self.legend) if self.legend.isVisibleTo(self) else (0, 0, 0, 0),
            (camera.width - px(120), camera.height - px(40), px(120), px(40)),
        ]
        self._labels = lay_out(self._marks, self._sites, camera, fixed, self._total)
        taken = [*fixed, *(mark_box(mark, camera) for mark in self._marks)]
        for label in self._labels:
            mark = self._marks[label.mark]
            x, y = camera.to_px(mark.x, mark.y)
            taken.append((x + label.dx, y + label.dy, label.width, label.height))
        self._names = names_in_view(places(), camera, taken)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(640), px(320))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(160))

    def resizeEvent(self, event: QResizeEvent) -> None:
        margin = px(12)
        self.zoom_box.move(margin, margin)
        hint = self.legend.sizeHint()
        self.legend.setVisible(hint.width() + 2 * margin + px(60) < self.width())
        self.legend.setGeometry(margin, self.height() - margin - hint.height(), hint.width(), hint.height())
        self._camera = self._camera.resized(self.width(), self.height())
        if self._sites and not (self._fitted and self._touched):
            self.fit()
        else:
            self._look(self._camera)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._ground.look(self._camera, self.devicePixelRatioF(), now=True)
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground.paint(painter, self._camera)
        paint_names(painter, self._names, self._camera)
        paint_labels(painter, self._labels, self._marks, self._camera)
        paint_marks(painter, self._marks, self._camera, self._chosen_mark())
        paint_scale(painter, self._camera)
        if self._waiting:
            paint_banner(painter, self._waiting, self.width())
        elif self._hover >= 0:
            paint_tip(painter, self._marks[self._hover], self._sites, self._camera)
        painter.end()

    # -- pointer and keys --------------------------------------------------------------------

    def mark_at(self, at: QPointF) -> int:
        """The place in `marks` of what lies under a point; -1 for none."""
        return mark_under(at.x(), at.y(), self._marks, self._labels, self._camera)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed, self._dragged = event.position(), False
        place = self.mark_at(event.position()) if self._placing and not self._waiting else -1
        self._moving = self._marks[place].members[0] if place >= 0 and self._marks[place].single else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None:
            hover = self.mark_at(at)
            if hover != self._hover:
                self._hover = hover
                self._cursor()
                self.update()
            return
        step = at - self._pressed
        if not self._dragged and abs(step.x()) + abs(step.y()) < 4:
            return
        self._dragged = True
        self._pressed = at
        if self._moving >= 0:
            x, y = self._camera.to_unit(at.x(), at.y())
            self._places[self._moving] = (x, y)
            self._regroup()
            self.update()
        else:
            self._touched = True
            self._look(self._camera.panned(step.x(), step.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        at = event.position()
        if self._moving >= 0 and self._dragged:
            self._tell_place(self._sites[self._moving].key, at)
            self._moving = -1
        elif not self._dragged:
            self._click(at)

    def _click(self, at: QPointF) -> None:
        if self._waiting:
            key, self._waiting = self._waiting, ""
            self._cursor()
            self._tell_place(key, at)
            return
        place = self.mark_at(at)
        if place < 0:
            return
        mark = self._marks[place]
        if mark.single:
            self._take(self._sites[mark.members[0]].key)
            self.site_chosen.emit(self._chosen)
        else:
            self._open_box(mark)

    def _open_box(self, mark: Mark) -> None:
        inside = [(float(x), float(y)) for x, y in self._places[list(mark.members)]]
        wanted = self._camera.fitted(inside, margin=90)
        if wanted.zoom <= self._camera.zoom + 0.3:
            x, y = self._camera.to_px(mark.x, mark.y)
            wanted = self._camera.zoomed(1.5, x, y)
        self._touched = True
        self._look(wanted)

    def _tell_place(self, key: str, at: QPointF) -> None:
        latitude, longitude = to_degrees(*self._camera.to_unit(at.x(), at.y()))
        self.placed.emit(key, latitude, longitude)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(event.angleDelta().y() / 480, event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.mark_at(event.position()) < 0:
            self.zoom_by(1, event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._walk(*steps[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(-1)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen:
            self.site_chosen.emit(self._chosen)
        elif key == Qt.Key.Key_Escape and self._waiting:
            self._waiting = ""
            self._cursor()
            self.place_cancelled.emit()
            self.update()
        else:
            super().keyPressEvent(event)

    def _walk(self, dx: int, dy: int) -> None:
        """Move the ring to the nearest site in a direction."""
        if not self._sites:
            return
        here = next((i for i, site in enumerate(self._sites) if site.key == self._chosen), -1)
        if here < 0:
            middle = self._camera.x, self._camera.y
            start = min(range(len(self._sites)), key=lambda i: math.dist(self._places[i], middle))
            self._take(self._sites[start].key)
            return
        best = neighbour(self._places, here, dx, dy)
        if best >= 0:
            self._take(self._sites[best].key)

    def _take(self, key: str) -> None:
        self.select(key)
        self.site_selected.emit(key)

    def _chosen_mark(self) -> int:
        if not self._chosen:
            return -1
        for place, mark in enumerate(self._marks):
            if any(self._sites[member].key == self._chosen for member in mark.members):
                return place
        return -1

    def _cursor(self) -> None:
        if self._waiting:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif self._hover >= 0:
            moves = self._placing and self._marks[self._hover].single
            self.setCursor(Qt.CursorShape.SizeAllCursor if moves else Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _say(self) -> None:
        site = next((site for site in self._sites if site.key == self._chosen), None)
        said = (site.spoken or site.name) if site is not None else "arrows move between sites"
        self.setAccessibleName(f"Charger map: {said}")


def _box_of(widget: QWidget) -> Box:
    where = widget.geometry()
    return (float(where.x()), float(where.y()), float(where.width()), float(where.height()))

"""Keeps an image of the base map around the view: panned by copying, redrawn by a worker."""

from PySide6.QtCore import QObject, QRectF, QRunnable, Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap

from ui.theme.theme import colour
from ui.widgets.map.camera import Camera
from ui.widgets.map.mercator import world_px
from ui.widgets.map.outlines import Scene, draw

SPARE = 256
"""So many px the image is larger than the view, on each side."""
REST_MS = 120


class _Told(QObject):
    done = Signal(object, object)


class _Job(QRunnable):
    def __init__(self, scene: Scene, told: _Told) -> None:
        super().__init__()
        self._scene, self._told = scene, told

    def run(self) -> None:
        image = draw(self._scene)
        try:
            self._told.done.emit(self._scene, image)
        except RuntimeError:
            # the map was closed while this was drawn: nobody waits for it any more
            return


class Ground(QObject):
    """The base map. `changed` when a sharper image is there."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._scene: Scene | None = None
        self._wanted: Scene | None = None
        self._running = False
        self._told = _Told(self)
        self._told.done.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._start)

    @property
    def ready(self) -> bool:
        """Whether what is shown is sharp for the last camera."""
        return self._scene is not None and not self._running and self._wanted is None

    def look(self, camera: Camera, dpr: float, *, now: bool = False) -> None:
        """Have an image for `camera`: drawn when the view rests, or at once."""
        scene = Scene(
            camera.x,
            camera.y,
            camera.zoom,
            camera.width + 2 * SPARE,
            camera.height + 2 * SPARE,
            dpr,
            colour("sea").name(),
            colour("land").name(),
            colour("border").name(),
        )
        if self._scene is not None and self._fits(self._scene, scene):
            self._wanted = None
            return
        self._wanted = scene
        if now:
            self._rest.stop()
            self._start()
        else:
            self._rest.start()

    def draw_now(self, camera: Camera, dpr: float) -> None:
        """Draw in this thread, for a picture of the page."""
        self.look(camera, dpr)
        self._rest.stop()
        if self._wanted is not None:
            scene, self._wanted = self._wanted, None
            self._take(scene, draw(scene))

    def _fits(self, have: Scene, want: Scene) -> bool:
        same = (have.zoom, have.dpr, have.sea, have.land, have.width, have.height) == (
            want.zoom,
            want.dpr,
            want.sea,
            want.land,
            want.width,
            want.height,
        )
        scale = world_px(want.zoom)
        return same and max(abs(have.x - want.x), abs(have.y - want.y)) * scale < SPARE * 0.75

    def _start(self) -> None:
        if self._running or self._wanted is None:
            return
        scene, self._wanted = self._wanted, None
        self._running = True
        QThreadPool.globalInstance().start(_Job(scene, self._told))

    def _take(self, scene: Scene, image: QImage) -> None:
        self._running = False
        self._scene = scene
        self._pixmap = QPixmap.fromImage(image)
        if self._wanted is not None and not self._rest.isActive():
            self._start()
        self.changed.emit()

    def paint(self, painter: QPainter, camera: Camera) -> None:
        """Put the image where the camera looks; at another zoom it is scaled until redrawn."""
        painter.fillRect(0, 0, camera.width, camera.height, colour("sea"))
        if self._pixmap is None or self._scene is None:
            return
        scene = self._scene
        factor = camera.scale / world_px(scene.zoom)
        x, y = camera.to_px(scene.x, scene.y)
        wide, high = scene.width * factor, scene.height * factor
        if factor == 1:
            painter.drawPixmap(round(x - wide / 2), round(y - high / 2), self._pixmap)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = QRectF(x - wide / 2, y - high / 2, wide, high)
        painter.drawPixmap(target, self._pixmap, QRectF(self._pixmap.rect()))

"""A chart over time: lines with gaps, hover by pointer and arrows, zoom by drag, export."""

import csv
import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.domain.spreadsheet import safe_text
from ui.theme.formats import UNKNOWN, clock, day, number, zone_text
from ui.theme.theme import colour, px
from ui.widgets.charts import drawing
from ui.widgets.charts.chart import Chart
from ui.widgets.charts.frame import Frame, axis_width
from ui.widgets.charts.series import Band, Cut, Mark, Series, Span, cut, nice_ticks, value_at, within
from ui.widgets.painting import CENTRE, draw_text, ink_of, upright

if TYPE_CHECKING:
    from ui.widgets.charts.lines import LinesPlot

DAY_MS = 86_400_000


class TimeChart(Chart):
    """Lines over time.

    Args:
        title: of what, for exports and the accessible name ("Power").
        unit: of the left axis ("kW").
        zone: in which times are written.
        from_zero: whether the axis starts at zero (power, energy).
    """

    range_changed = Signal(object, object)
    """(from_ms, to_ms) after a zoom by drag, or (None, None) after the reset."""

    def __init__(
        self, title: str, unit: str, zone: ZoneInfo, *, from_zero: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title, self._unit, self._zone, self._from_zero = title, unit, zone, from_zero
        self._series: tuple[Series, ...] = ()
        self._cuts: list[Cut] = []
        self._bands: tuple[Band, ...] = ()
        self._spans: tuple[Span, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._whole = (0, DAY_MS)
        self._zoom: tuple[int, int] | None = None
        self._legend: bool | None = None
        self._dim = False
        self._empty = "Nothing is known of this time yet."
        self._hover: int | None = None
        self._drag: tuple[float, float] | None = None
        self._frame: Frame | None = None
        self._say()

    # -- what it shows -----------------------------------------------------------------------

    def show_series(
        self,
        series: Sequence[Series],
        from_ms: int,
        to_ms: int,
        *,
        bands: Sequence[Band] = (),
        spans: Sequence[Span] = (),
        marks: Sequence[Mark] = (),
    ) -> None:
        """Show lines from `from_ms` to `to_ms`; a zoom in force stays while it lies inside."""
        self._series, self._bands = tuple(series), tuple(bands)
        self._spans, self._marks = tuple(spans), tuple(marks)
        self._whole = (from_ms, max(to_ms, from_ms + 1000))
        if self._zoom is not None and not from_ms <= self._zoom[0] < self._zoom[1] <= to_ms:
            self._zoom = None
        self._say()
        self._redraw()

    def rename(self, title: str, unit: str) -> None:
        """Be of something else from now on."""
        self._title, self._unit = title, unit
        self._say()

    def set_legend(self, on: bool | None) -> None:
        """Show the names of lines always, never, or (None) when there is more than one."""
        self._legend = on
        self._redraw()

    def set_stale(self, dim: bool) -> None:
        """Draw lines dim: the values are old."""
        if dim != self._dim:
            self._dim = dim
            self._redraw()

    def set_empty_text(self, text: str) -> None:
        """What stands where nothing is known."""
        self._empty = text
        self._redraw()

    @property
    def range_ms(self) -> tuple[int, int]:
        """The time in view."""
        return self._zoom or self._whole

    @property
    def is_empty(self) -> bool:
        """Whether no value is in it."""
        return not any(np.isfinite(line.y).any() for line in self._series)

    # -- export ------------------------------------------------------------------------------

    def to_image(self) -> QImage:
        """The chart at double resolution with title, range and zone, for a PNG."""
        self.settle_now()
        head = px(44)
        wide, high = self.width(), self.height() + head
        image = QImage(QSize(wide * 2, high * 2), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2)
        image.fill(colour("surface1"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        title = f"{self._title}, {self._unit}"
        draw_text(painter, QRectF(px(12), px(6), wide, px(20)), title, "bodyStrong")
        start, end = self.range_ms
        period = f"{self._moment(start)} to {self._moment(end)}, {zone_text(end, self._zone)}"
        draw_text(painter, QRectF(px(12), px(24), wide - px(24), px(18)), period, "small", "text3")
        if self._plot is not None:
            self._plot.ratio = 2.0
            self._fill()
            self._plot.render_into(painter, QPointF(0, head))
            self._stale = True
            self._bring()
        painter.translate(0, head)
        self._paint_below(painter)
        painter.end()
        return image

    def to_csv(self) -> str:
        """All values as they are, not reduced: time (ISO 8601 UTC), series, value, unit."""
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\r\n")
        rows.writerow(["at", "series", "value", "unit"])
        for line in self._series:
            stamps = np.datetime_as_string(line.t_ms.astype("datetime64[ms]"))
            for stamp, value in zip(stamps, line.y, strict=True):
                said = "" if np.isnan(value) else f"{value:.10g}"
                rows.writerow([f"{stamp}Z", safe_text(line.name), said, line.unit or self._unit])
        return out.getvalue()

    def _moment(self, at_ms: int) -> str:
        return f"{day(at_ms, self._zone, year=True)} {clock(at_ms, self._zone)}"

    # -- drawing -----------------------------------------------------------------------------

    def _has_legend(self) -> bool:
        return self._legend if self._legend is not None else len(self._series) + len(self._bands) > 1

    def _make_frame(self) -> Frame:
        start, end = self.range_ms
        seen = [within(line, start, end) for line in self._series]
        self._cuts = [cut(line) for line in seen]
        left = self._ticks([line.y for line in seen if not line.right], [band.high for band in self._bands])
        right = self._ticks([line.y for line in seen if line.right], []) if any(s.right for s in seen) else []
        if right:
            left, right = _same_count(left, right)
        top = px(36) if self._has_legend() else px(14)
        edge = math.ceil(px(12) + axis_width(left) + px(8))
        far = math.ceil(px(14) + (axis_width(right) + px(8) if right else 0))
        plot = QRectF(
            edge, top, max(20.0, self.width() - edge - far), max(20.0, self.height() - top - px(30))
        )
        return Frame(plot, start, end, left, right)

    def _ticks(self, lines: Sequence[np.ndarray], bands: Sequence[np.ndarray]) -> list[float]:
        known = [values[np.isfinite(values)] for values in (*lines, *bands)]
        known = [values for values in known if len(values)]
        high = max((float(values.max()) for values in known), default=1.0)
        low = min((float(values.min()) for values in known), default=0.0)
        if self._from_zero:
            low, high = min(0.0, low), max(high, 0.0)
        if high - low < 1e-9:
            high = low + abs(low) * 0.1
        return nice_ticks(low, high, max(2, min(4, self.height() // px(56))))

    def _make_plot(self) -> "LinesPlot":
        from ui.widgets.charts.lines import LinesPlot

        return LinesPlot(self._zone, self)

    def _fill(self) -> None:
        plot: LinesPlot = self._plot  # type: ignore[assignment]
        frame = self._frame = self._make_frame()
        plot.draw(
            frame,
            self._series,
            self._cuts,
            self._bands,
            self._spans,
            self._marks,
            dim=self._dim,
            empty=self.is_empty,
        )
        plot.words.show_what(self._paint_words)
        self._point()

    def _paint_below(self, painter: QPainter) -> None:
        if self._has_legend():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            drawing.paint_legend(painter, px(12), px(18), self._series, self._bands)

    def _paint_words(self, painter: QPainter) -> None:
        frame = self._frame
        if frame is None:
            return
        if self.is_empty:
            draw_text(painter, frame.plot, self._empty, "body", "text3", CENTRE)
            return
        for span in self._spans:
            drawing.paint_span_words(painter, frame, span)
        if not self._spans:
            for pieces in self._cuts[:1]:
                words = [f"no data {clock(a, self._zone)}–{clock(b, self._zone)}" for a, b in pieces.gaps]
                drawing.paint_gaps(painter, frame, pieces.gaps, words)
        for mark in self._marks:
            drawing.paint_mark_words(painter, frame, mark)

    def _point(self) -> None:
        """Show what is under the pointer, or the stretch that is dragged over."""
        plot, frame = self._plot, self._frame
        if plot is None or plot.overlay is None or frame is None:
            return
        if self.is_empty or (self._drag is None and self._hover is None):
            plot.overlay.show_what(None)
        elif self._drag is not None:
            left, right = sorted(self._drag)
            area = QRectF(left, frame.plot.top(), right - left, frame.plot.height())
            plot.overlay.show_what(lambda painter: _paint_drag(painter, area), [area])
        elif self._hover is not None:
            self._show_hover(frame, self._hover)

    def _show_hover(self, frame: Frame, at_ms: int) -> None:
        x = frame.x_of(at_ms)
        rows, dots = [], []
        for line in self._series:
            value = value_at(line, at_ms)
            unit = line.unit or self._unit
            rows.append((line.name, UNKNOWN if value is None else f"{number(value, line.digits)} {unit}"))
            if value is not None:
                at = QPointF(x, frame.y_of(value, right=line.right))
                dots.append((at, drawing.ink_of_kind(line.kind)))
        head = clock(at_ms, self._zone, seconds=frame.end - frame.start < 6 * 3_600_000)
        if frame.end - frame.start > DAY_MS:
            head = f"{day(at_ms, self._zone)} {head}"
        box = drawing.box_beside(frame, x, head, rows)
        pole = QRectF(x - 6, frame.plot.top() - 6, 12, frame.plot.height() + 12)

        def paint(painter: QPainter) -> None:
            upright(painter, x, frame.plot.top(), frame.plot.height(), "text3")
            for at, ink in dots:
                drawing.paint_dot(painter, at, ink)
            drawing.paint_box(painter, box, head, rows)

        if self._plot is not None and self._plot.overlay is not None:
            self._plot.overlay.show_what(paint, [pole, box])

    # -- pointer and keys --------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        frame = self._frame
        if event.button() == Qt.MouseButton.LeftButton and frame and frame.plot.contains(event.position()):
            self._drag = (event.position().x(), event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame, at = self._frame, event.position()
        if frame is None:
            return
        if self._drag is not None:
            x = min(max(at.x(), frame.plot.left()), frame.plot.right())
            self._drag = (self._drag[0], x)
        else:
            inside = frame.plot.left() <= at.x() <= frame.plot.right() and at.y() <= frame.plot.bottom() + px(
                8
            )
            self._hover = self._nearest(frame.at(at.x())) if inside else None
        self._point()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or self._frame is None:
            return
        left, right = sorted(self._drag)
        self._drag = None
        if right - left > 8:
            self._set_zoom((self._frame.at(left), self._frame.at(right)))
        self._point()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._set_zoom(None)

    def _set_zoom(self, zoom: tuple[int, int] | None) -> None:
        if zoom is not None and zoom[1] - zoom[0] < 2000:
            return
        self._zoom, self._hover = zoom, None
        self.range_changed.emit(*(zoom or (None, None)))
        self._redraw()

    def _nearest(self, at_ms: int) -> int:
        line = next((line for line in self._series if len(line.t_ms)), None)
        if line is None:
            return at_ms
        place = int(np.searchsorted(line.t_ms, at_ms))
        around = [int(line.t_ms[p]) for p in (place - 1, place) if 0 <= p < len(line.t_ms)]
        best = min(around, key=lambda instant: abs(instant - at_ms))
        span = self.range_ms[1] - self.range_ms[0]
        return best if abs(best - at_ms) < span / 20 else at_ms

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        line = next((line for line in self._series if len(line.t_ms)), None)
        if step and line is not None:
            start, end = self.range_ms
            here = self._hover if self._hover is not None else (end if step < 0 else start)
            place = int(np.searchsorted(line.t_ms, here)) + step
            place = max(0, min(len(line.t_ms) - 1, place))
            self._hover = min(end, max(start, int(line.t_ms[place])))
            self._say()
            self._point()
        elif event.key() == Qt.Key.Key_Escape and self._zoom is not None:
            self._set_zoom(None)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self._point()

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(220))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(110))

    def _say(self) -> None:
        told = []
        for line in self._series:
            known = line.y[np.isfinite(line.y)]
            if len(known):
                low, high = number(float(known.min()), line.digits), number(float(known.max()), line.digits)
                told.append(
                    f"{line.name}: last {number(float(known[-1]), line.digits)}, lowest {low}, highest {high}"
                )
        if self._hover is not None:
            here = [(line.name, value_at(line, self._hover)) for line in self._series]
            values = [f"{name} {number(value, 1)}" for name, value in here]
            told.insert(0, f"at {clock(self._hover, self._zone, seconds=True)}: {', '.join(values)}")
        self.setAccessibleName(f"{self._title}, {self._unit}. {'; '.join(told) or 'nothing known'}")


def _same_count(left: list[float], right: list[float]) -> tuple[list[float], list[float]]:
    """Both axes with as many ticks, so that one grid serves both."""
    while len(left) < len(right):
        left = [*left, left[-1] + (left[1] - left[0])]
    while len(right) < len(left):
        right = [*right, right[-1] + (right[1] - right[0])]
    return left, right


def _paint_drag(painter: QPainter, area: QRectF) -> None:
    painter.setOpacity(0.25)
    painter.fillRect(area, ink_of("accent"))

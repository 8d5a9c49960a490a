"""Draws marks, tags and names on the map."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from ui.theme import fonts
from ui.theme.shapes import is_abnormal, paint_state, state_colour, state_pixmap
from ui.theme.theme import colour, px, radius
from ui.widgets.map.camera import Camera
from ui.widgets.map.labels import Label, Name, mark_box, tagged
from ui.widgets.map.sites import MapSite, Mark
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, fill_round, width_of


def paint_names(painter: QPainter, names: Sequence[Name], camera: Camera) -> None:
    """Countries and seas in spaced capitals, cities in small letters with a dot."""
    spaced = QFont(fonts.font("caption"))
    spaced.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 2.5)
    painter.setPen(colour("textDisabled"))
    for name in names:
        x, y = camera.to_px(name.place.x, name.place.y)
        if name.place.kind == "city":
            painter.fillRect(QRectF(x - name.width / 2, y - 1, 3, 3), colour("textDisabled"))
            box = QRectF(x - name.width / 2 + px(7), y - px(8), name.width + 4, px(16))
            draw_text(painter, box, name.place.name, "caption", "textDisabled", LEFT, weight=400, elide=False)
            continue
        painter.setFont(spaced)
        painter.setPen(colour("textDisabled"))
        painter.drawText(QPointF(x - name.width / 2, y + px(4)), name.place.name.upper())


def paint_marks(painter: QPainter, marks: Sequence[Mark], camera: Camera, chosen: int) -> None:
    """All marks in view, the worst on top; `chosen` has a ring of accent."""
    dpr = painter.device().devicePixelRatioF()
    for place in range(len(marks) - 1, -1, -1):
        mark = marks[place]
        left, top, wide, high = mark_box(mark, camera)
        if left > camera.width or top > camera.height or left + wide < 0 or top + high < 0:
            continue
        box = QRectF(round(left), round(top), round(wide), round(high))
        if not mark.single:
            _box(painter, box, mark)
        elif tagged(mark):
            _ringed(painter, box, mark)
        else:
            painter.drawPixmap(box.topLeft(), state_pixmap(mark.shown, round(box.width()), dpr))
        if place == chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 2))
            corner = box.height() / 2 + 4 if mark.single else 10
            painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), corner, corner)


def _ringed(painter: QPainter, box: QRectF, mark: Mark) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(state_colour(mark.shown), 1.75))
    painter.setBrush(colour("surface1"))
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    side = px(15)
    centre = box.center()
    paint_state(painter, QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side), mark.shown)


def _box(painter: QPainter, box: QRectF, mark: Mark) -> None:
    abnormal = is_abnormal(mark.shown)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(
        QPen(state_colour(mark.shown) if abnormal else colour("lineControl"), 1.75 if abnormal else 1)
    )
    painter.setBrush(colour("surface3"))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 8, 8)
    text = QRectF(box)
    if abnormal:
        side = px(14)
        paint_state(painter, QRectF(box.left() + px(9), box.center().y() - side / 2, side, side), mark.shown)
        text.setLeft(box.left() + px(26))
        text.setRight(box.right() - px(4))
    draw_text(painter, text, str(mark.stations), "bodyStrong", "text1", CENTRE, elide=False)


def paint_labels(painter: QPainter, labels: Sequence[Label], marks: Sequence[Mark], camera: Camera) -> None:
    """Tags with a line to their mark, plain names beside theirs."""
    for label in labels:
        if label.mark >= len(marks):
            continue
        mark = marks[label.mark]
        x, y = camera.to_px(mark.x, mark.y)
        box = QRectF(round(x + label.dx), round(y + label.dy), round(label.width), round(label.height))
        if not label.boxed:
            align = LEFT if label.dx >= 0 else RIGHT
            draw_text(painter, box, label.text, "caption", "text3", align)
            continue
        _leader(painter, box, QPointF(x, y))
        paint_tag(painter, box, label.text, label.note)


def paint_tag(painter: QPainter, box: QRectF, text: str, note: str) -> None:
    """A boxed name with its note at the right."""
    fill_round(painter, box, radius("small"), "surface1", "line2")
    inside = box.adjusted(px(9), 0, -px(9), 0)
    wide = draw_text(painter, inside, note, "small", "text1", RIGHT, weight=600, elide=False) if note else 0
    inside.setRight(inside.right() - wide - (px(10) if note else 0))
    draw_text(painter, inside, text, "small", "text1", LEFT, weight=600)


def _leader(painter: QPainter, box: QRectF, centre: QPointF) -> None:
    end = QPointF(
        min(max(centre.x(), box.left()), box.right()), min(max(centre.y(), box.top()), box.bottom())
    )
    line = QLineF(centre, end)
    start = px(15)
    if line.length() > start:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("line2"), 1))
        painter.drawLine(QLineF(line.pointAt(start / line.length()), end))


def hover_lines(mark: Mark, sites: Sequence[MapSite]) -> list[str]:
    """What a mark says under the pointer, in plain lines."""
    if mark.single:
        site = sites[mark.members[0]]
        return [" · ".join(filter(None, (site.name, site.note))), site.spoken]
    lines = [f"{len(mark.members)} sites, {mark.stations} stations"]
    lines += [" · ".join(filter(None, (sites[m].name, sites[m].note))) for m in mark.members[:6]]
    if len(mark.members) > 6:
        lines.append(f"and {len(mark.members) - 6} more")
    return lines


def paint_tip(painter: QPainter, mark: Mark, sites: Sequence[MapSite], camera: Camera) -> None:
    """The box of a mark under the pointer."""
    lines = [line for line in hover_lines(mark, sites) if line]
    left, top, wide, high = mark_box(mark, camera)
    box_wide = min(px(320), max(width_of(line, "small", 600) for line in lines) + px(20))
    box_high = len(lines) * px(17) + px(12)
    x = min(max(6.0, left + wide / 2 - box_wide / 2), camera.width - box_wide - 6)
    y = top - box_high - 6 if top > box_high + 12 else top + high + 6
    fill_round(painter, QRectF(x, y, box_wide, box_high), radius("small"), "surface3", "line2")
    for row, line in enumerate(lines):
        rect = QRectF(x + px(10), y + px(6) + row * px(17), box_wide - px(20), px(17))
        first = row == 0
        draw_text(painter, rect, line, "small", "text1" if first else "text2", weight=600 if first else 400)


def paint_banner(painter: QPainter, waiting: str, width: int) -> None:
    """What to do while a station waits for its place."""
    text = f"Click where {waiting} stands. Esc leaves it without a place."
    wide = width_of(text, "small", 500) + px(24)
    box = QRectF((width - wide) / 2, px(12), wide, px(30))
    fill_round(painter, box, radius("control"), "surface2", "accent")
    draw_text(painter, box.adjusted(px(12), 0, -px(12), 0), text, "small", "text1", weight=500)

"""Which names and tags are shown, and where: the weightiest first, none over another."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.status import Shown
from ui.theme.shapes import is_abnormal
from ui.theme.theme import px
from ui.widgets.map.camera import Camera
from ui.widgets.map.outlines import Place
from ui.widgets.map.sites import Box, MapSite, Mark, free_place, overlaps
from ui.widgets.painting import width_of

REACH = 14
"""So many px off a mark, a click still means it."""

TAGGED = frozenset((Shown.FAULTED, Shown.OFFLINE, Shown.DEGRADED))
"""States whose single sites get a ring and a boxed tag."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a mark: offset of its box from the mark's centre."""

    mark: int
    text: str
    note: str
    boxed: bool
    dx: float
    dy: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Name:
    """A country, sea or city, fixed to its place."""

    place: Place
    width: float


def tagged(mark: Mark) -> bool:
    """Whether a mark is a single site with a tag: an abnormal one, or as it says itself."""
    return mark.single and (mark.shown in TAGGED if mark.boxed is None else mark.boxed)


def mark_size(mark: Mark) -> tuple[float, float]:
    """Width and height of what is drawn at a mark."""
    if mark.single:
        side = px(28) if tagged(mark) else px(16)
        return side, side
    wide = px(20) + width_of(str(mark.stations), "bodyStrong")
    return wide + (px(22) if is_abnormal(mark.shown) else px(0)), px(28)


def mark_box(mark: Mark, camera: Camera) -> Box:
    """Where a mark lies in the view."""
    x, y = camera.to_px(mark.x, mark.y)
    wide, high = mark_size(mark)
    return x - wide / 2, y - high / 2, wide, high


def lay_out(
    marks: Sequence[Mark],
    sites: Sequence[MapSite],
    camera: Camera,
    taken: Sequence[Box],
    total: Callable[[float], str] | None = None,
) -> list[Label]:
    """Labels of the marks in view. A tag that fits nowhere is left out and shown on hover.

    `total` makes the note of a box of sites from their weights added up; without it a box has none.
    """
    view = (0.0, 0.0, float(camera.width), float(camera.height))
    boxes = {place: mark_box(mark, camera) for place, mark in enumerate(marks)}
    seen = [place for place, box in boxes.items() if overlaps(box, (view,))]
    used: list[Box] = [*taken, *(boxes[place] for place in seen)]
    inside = (6.0, 6.0, view[2] - 12, view[3] - 12)

    told = [words(mark, sites, total) for mark in marks]

    def order(place: int) -> tuple[bool, bool, float]:
        members = marks[place].members
        return not told[place][2], marks[place].single, -sum(sites[member].weight for member in members)

    kept: dict[int, Box] = {}
    # Room goes to every name before any long one is shown whole.
    for whole in (False, True):
        for place in sorted(seen, key=order)[:400]:
            text, note, boxed = told[place]
            wide, high = measure(text, note, boxed, whole=whole)
            had = kept.get(place)
            if whole and (had is None or had[2] >= wide):
                continue
            others = used if had is None else [box for box in used if box is not had]
            free = free_place(boxes[place], wide, high, others, inside, px(8) if boxed else px(5))
            if free is not None:
                kept[place], used = free, others
                used.append(free)
    return [_label(place, told[place], kept[place], boxes[place]) for place in kept]


def _label(place: int, told: tuple[str, str, bool], box: Box, around: Box) -> Label:
    text, note, boxed = told
    dx, dy = box[0] - around[0] - around[2] / 2, box[1] - around[1] - around[3] / 2
    return Label(place, text, note, boxed, dx, dy, box[2], box[3])


def words(
    mark: Mark, sites: Sequence[MapSite], total: Callable[[float], str] | None = None
) -> tuple[str, str, bool]:
    """Name, note and whether they stand in a box."""
    first = sites[mark.members[0]]
    if mark.single:
        return first.name, first.note if tagged(mark) else "", tagged(mark)
    names = [sites[place].name for place in mark.members[:2]]
    rest = len(mark.members) - 2
    note = total(sum(sites[place].weight for place in mark.members)) if total is not None else ""
    return ", ".join(names) + (f" +{rest}" if rest > 0 else ""), note, bool(note)


def measure(text: str, note: str, boxed: bool, *, whole: bool = False) -> tuple[float, float]:
    """Size of a label; a long name is cut unless it is shown `whole`."""
    role, weight, most = ("small", 600, px(170)) if boxed else ("caption", 500, px(160))
    name = width_of(text, role, weight)
    name = name if whole else min(name, most)
    if not boxed:
        return name + 2, px(16)
    return name + 2 * px(9) + (width_of(note, "small", 600) + px(24) if note else 0), px(26)


def names_in_view(places: Sequence[Place], camera: Camera, taken: list[Box]) -> list[Name]:
    """Countries and seas, then cities, that lie in view and over nothing."""
    found = []
    for place in places:
        if place.zoom > camera.zoom or (place.kind == "country" and camera.zoom > place.zoom + 4):
            continue
        x, y = camera.to_px(place.x, place.y)
        if not (0 < x < camera.width and 0 < y < camera.height):
            continue
        spaced = place.kind != "city"
        text = place.name.upper() if spaced else place.name
        wide = width_of(text, "caption") + (2.5 * len(text) if spaced else px(8))
        box = (x - wide / 2, y - px(8), wide, float(px(16)))
        if spaced and (box[0] < 4 or box[0] + wide > camera.width - 4):
            continue
        if not overlaps(box, taken):
            taken.append(box)
            found.append(Name(place, wide))
    return found


def mark_under(x: float, y: float, marks: Sequence[Mark], labels: Sequence[Label], camera: Camera) -> int:
    """The mark whose tag or shape lies under a point, else the nearest within reach; -1 for none."""
    for label in labels:
        if label.boxed and label.mark < len(marks):
            at_x, at_y = camera.to_px(marks[label.mark].x, marks[label.mark].y)
            if 0 <= x - at_x - label.dx < label.width and 0 <= y - at_y - label.dy < label.height:
                return label.mark
    best, nearest = -1, float(REACH)
    for place, mark in enumerate(marks):
        left, top, wide, high = mark_box(mark, camera)
        if 0 <= x - left < wide and 0 <= y - top < high:
            return place
        distance = math.hypot(left + wide / 2 - x, top + high / 2 - y)
        if distance < nearest:
            best, nearest = place, distance
    return best

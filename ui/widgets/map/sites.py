"""Sites, the boxes they merge into, and where their names go. No painting, no widgets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.domain.status import SEVERITY, WORST_FIRST, Shown
from ui.widgets.map.mercator import to_unit, world_px

NEAR_PX = 36
"""Closer than this, sites merge into a box."""
BOX_RATIO = 1.6
"""Two boxes are wider than high: they merge from so much farther apart sideways."""


@dataclass(frozen=True, slots=True)
class MapSite:
    """A site or a lone station on the map.

    `note` stands at the right of its tag ("€8.90/h", "184 kW"); `weight` orders tags where not all
    fit; `spoken` is read out ("Venlo Trade Port, faulted, 5 stations"). `boxed` says whether it has a
    tag; None: if it is abnormal.
    """

    key: str
    name: str
    latitude: float
    longitude: float
    shown: Shown
    stations: int = 1
    note: str = ""
    weight: float = 0.0
    spoken: str = ""
    boxed: bool | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn at one place: one site, or a box of several (then `members` are their places).

    `boxed` is that of a single site.
    """

    x: float
    y: float
    members: tuple[int, ...]
    shown: Shown
    stations: int
    boxed: bool | None = None

    @property
    def single(self) -> bool:
        """Whether it is one site."""
        return len(self.members) == 1


Floats = npt.NDArray[np.float64]


def positions(sites: Sequence[MapSite]) -> Floats:
    """Unit coordinates of all sites, one row each."""
    if not sites:
        return np.zeros((0, 2))
    return np.array([to_unit(site.latitude, site.longitude) for site in sites])


def cluster(sites: Sequence[MapSite], places: Floats, zoom: float, near: float = NEAR_PX) -> list[Mark]:
    """Merge sites within `near` px at a zoom. The grid hangs on the world, so panning never regroups."""
    if not sites:
        return []
    scale = world_px(zoom)
    cells = np.floor(places * scale / near).astype(np.int64)
    _, group = np.unique((cells[:, 0] << 32) + cells[:, 1], return_inverse=True)
    members: dict[int, list[int]] = {}
    for place, number in enumerate(group.ravel().tolist()):
        members.setdefault(number, []).append(place)
    groups = _merge(list(members.values()), places * scale, near)
    return sorted((_mark(sites, places, group) for group in groups), key=lambda mark: SEVERITY[mark.shown])


def _merge(groups: list[list[int]], pixels: Floats, near_px: float) -> list[list[int]]:
    """Join neighbouring groups whose centres came closer than that (the grid cuts at its lines)."""
    if len(groups) > 1500:
        return groups
    merged = True
    while merged and len(groups) > 1:
        centres = np.array([pixels[group].mean(axis=0) for group in groups])
        apart = (centres[:, None, :] - centres[None, :, :]).transpose(2, 0, 1)
        boxed = np.array([len(group) > 1 for group in groups])
        wide = np.where(boxed[:, None] & boxed[None, :], BOX_RATIO, 1.0)
        distance = np.hypot(apart[0] / wide, apart[1])
        np.fill_diagonal(distance, np.inf)
        near = np.argwhere(distance < near_px)
        merged, taken = False, set()
        for first, second in near.tolist():
            if first < second and first not in taken and second not in taken:
                groups[first] = groups[first] + groups[second]
                groups[second] = []
                taken |= {first, second}
                merged = True
        groups = [group for group in groups if group]
    return groups


def _mark(sites: Sequence[MapSite], places: Floats, group: list[int]) -> Mark:
    x, y = places[group].mean(axis=0)
    worst = min((SEVERITY[sites[place].shown] for place in group), default=0)
    ordered = tuple(sorted(group, key=lambda place: (SEVERITY[sites[place].shown], -sites[place].weight)))
    stations = sum(sites[place].stations for place in group)
    boxed = sites[group[0]].boxed if len(group) == 1 else None
    return Mark(float(x), float(y), ordered, WORST_FIRST[worst], stations, boxed)


Box = tuple[float, float, float, float]


def overlaps(box: Box, taken: Sequence[Box]) -> bool:
    """Whether a box (left, top, width, height) touches any other."""
    left, top, wide, high = box
    return any(left < x + w and x < left + wide and top < y + h and y < top + high for x, y, w, h in taken)


def free_place(
    around: Box, wide: float, high: float, taken: Sequence[Box], within: Box, gap: float
) -> Box | None:
    """The first of 8 places beside `around` that is free and inside `within`; None if none is."""
    left, top, w, h = around
    middle, right, bottom = top + h / 2 - high / 2, left + w + gap, top + h + gap / 2
    centre = left + w / 2 - wide / 2
    above = top - gap / 2 - high
    for x, y in (
        (right, middle),
        (left - gap - wide, middle),
        (right, above + high / 2),
        (right, bottom - high / 2),
        (left - gap - wide, above + high / 2),
        (left - gap - wide, bottom - high / 2),
        (centre, above),
        (centre, bottom),
    ):
        inside = (
            x >= within[0]
            and y >= within[1]
            and x + wide <= within[0] + within[2]
            and y + high <= within[1] + within[3]
        )
        box = (x, y, wide, high)
        if inside and not overlaps(box, taken):
            return box
    return None


def neighbour(places: Floats, here: int, dx: int, dy: int) -> int:
    """The nearest place in a direction (right: 1, 0), what lies aside counting double; -1 for none."""
    best, least = -1, math.inf
    for place in range(len(places)):
        step = places[place] - places[here]
        ahead, aside = float(step @ (dx, dy)), abs(float(step @ (dy, dx)))
        if place != here and ahead > 0 and ahead + 2 * aside < least:
            best, least = place, ahead + 2 * aside
    return best

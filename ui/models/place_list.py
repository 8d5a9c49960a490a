"""The sites beside the big map, as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.status import SEVERITY, Shown, worst
from app.fleet.views import StationView
from ui.models.cells import DASH, EMPTY, Cell, Column, Tone
from ui.models.losses import NOTHING, Losses, worse
from ui.models.station_list import site_of
from ui.models.words import ABNORMAL
from ui.theme import formats
from ui.theme.money import money
from ui.theme.shapes import WORDS


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One site, whether or not it is on the map."""

    site: str
    shown: Shown
    stations: int
    abnormal: int
    power_w: int | None
    placed: bool
    loss: Losses = NOTHING


def rows(
    views: Mapping[str, StationView], text: str = "", losses: Mapping[str, Losses] = MappingProxyType({})
) -> list[PlaceRow]:
    """Sites that lose most first, then the worst, then by name; `text` filters by site, station and name.

    `losses` are those of `ui.models.losses.by_place`.
    """
    groups: dict[str, list[StationView]] = {}
    for view in views.values():
        groups.setdefault(site_of(view), []).append(view)
    made = [
        _row(site, members, losses.get(site, NOTHING))
        for site, members in groups.items()
        if _fits(site, members, text)
    ]
    return sorted(made, key=lambda row: (-row.loss.weight, SEVERITY[row.shown], row.site.casefold()))


def _row(site: str, members: list[StationView], loss: Losses) -> PlaceRow:
    known = [view.power_w for view in members if view.power_w is not None]
    return PlaceRow(
        site=site,
        shown=worse(worst(tuple(view.shown for view in members)), loss.shown),
        stations=len(members),
        abnormal=sum(1 for view in members if view.shown in ABNORMAL),
        power_w=sum(known) if known else None,
        placed=any(view.latitude is not None for view in members),
        loss=loss,
    )


def _fits(site: str, members: list[StationView], text: str) -> bool:
    words = text.casefold().split()
    known = " ".join([site, *(f"{view.station} {view.name}" for view in members)]).casefold()
    return all(word in known for word in words)


def columns() -> tuple[Column[PlaceRow], ...]:
    """Shape with site over its stations; power at the right."""
    return (
        Column("site", "Site", _site, stretch=True, fixed=True),
        Column("loss", "Per hour", _loss, "€14.20", right=True, fixed=True),
        Column("power", "kW now", _power, "1,320", right=True, fixed=True),
    )


def _site(row: PlaceRow) -> Cell:
    parts = [formats.count(row.stations, "station")]
    if row.abnormal:
        parts.append(f"{formats.number(row.abnormal)} in trouble")
    elif row.loss.faults:
        parts.append(formats.count(row.loss.faults, "fault"))
    if not row.placed:
        parts.append("not on the map")
    below = ", ".join(parts)
    losing = f", losing {row.loss.text.removesuffix('/h')} per hour" if row.loss.text else ""
    said = f"{row.site}, {WORDS[row.shown].lower()}, {below}{losing}"
    strong = row.abnormal > 0 or row.loss.faults > 0
    return Cell(row.site, shapes=(row.shown,), strong=strong, below=below, spoken=said)


def _loss(row: PlaceRow) -> Cell:
    if not row.loss.losing:
        return EMPTY
    amount, currency = row.loss.losing[0][1], row.loss.losing[0][0]
    return Cell(money(amount, currency), strong=True)


def _power(row: PlaceRow) -> Cell:
    if row.power_w is None:
        return DASH
    return Cell(formats.number(row.power_w / 1000), tone=Tone.QUIET)

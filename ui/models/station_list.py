"""Which stations a list shows, in which order, under which site."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from operator import attrgetter
from types import MappingProxyType

from app.domain.status import SEVERITY, Shown, worst
from app.fleet.views import StationView
from ui.models.cells import Column, sort_rows
from ui.models.losses import NOTHING, Losses
from ui.models.staleness import station_power
from ui.models.words import ABNORMAL, IN_USE

NO_SITE = "No site yet"


class Segment(Enum):
    """The one-click filter above the list."""

    ALL = "All"
    PROBLEM = "Problem"
    IN_USE = "In use"


@dataclass(frozen=True, slots=True)
class StationFilter:
    """What must hold for a station to be listed. Empty means any."""

    text: str = ""
    site: str = ""
    maker: str = ""
    protocol: str = ""
    segment: Segment = Segment.ALL


@dataclass(frozen=True, slots=True)
class UptimeCell:
    """30 or 90 days of one station or site: the worst of each day, and the raw share of time up."""

    days: tuple[Shown | None, ...] = ()
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class StationRow:
    """One station in the list."""

    view: StationView
    uptime: UptimeCell = UptimeCell()
    loss: Losses = NOTHING

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while values change."""
        return ("station", self.view.station)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """The heading of one site, with what its listed stations add up to."""

    site: str
    stations: int
    shown: Shown
    abnormal: tuple[tuple[Shown, int], ...]
    power_w: int | None
    energy_today_wh: int
    uptime: UptimeCell = UptimeCell()
    loss: Losses = NOTHING
    folded: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while values change."""
        return ("site", self.site)


ListRow = StationRow | SiteRow
_identity = attrgetter("station")


def site_of(view: StationView) -> str:
    """The site's name; stations without one share a heading."""
    return view.site or NO_SITE


def _in_use(view: StationView) -> bool:
    return view.sessions_open > 0 or any(plug.shown in IN_USE for plug in view.connectors)


def in_segment(view: StationView, segment: Segment, loss: Losses = NOTHING) -> bool:
    """Whether a station belongs under a segment.

    What calls itself available while a fault stands in the queue, as a card reader's, is a problem too.
    """
    match segment:
        case Segment.PROBLEM:
            return view.shown in ABNORMAL or loss.faults > 0
        case Segment.IN_USE:
            return _in_use(view)
        case Segment.ALL:
            return True


def matches(view: StationView, wanted: StationFilter, loss: Losses = NOTHING) -> bool:
    """Whether a station passes the filter. Text is looked for in every word a person knows it by."""
    if wanted.site and site_of(view) != wanted.site:
        return False
    if wanted.maker and view.vendor != wanted.maker:
        return False
    if wanted.protocol and view.version != wanted.protocol:
        return False
    if not in_segment(view, wanted.segment, loss):
        return False
    if not wanted.text:
        return True
    known = " ".join(
        (
            view.station,
            view.name,
            site_of(view),
            view.peer,
            view.vendor,
            view.model,
            view.serial,
            view.firmware,
        )
    ).casefold()
    return all(word in known for word in wanted.text.casefold().split())


def segment_counts(
    views: Iterable[StationView], wanted: StationFilter, losses: Mapping[str, Losses] = MappingProxyType({})
) -> dict[Segment, int]:
    """How many stations each segment would show under the rest of the filter; `losses` by station."""
    rest = replace(wanted, segment=Segment.ALL)
    kept = list(views) if rest == StationFilter() else [view for view in views if matches(view, rest)]
    return {
        Segment.ALL: len(kept),
        Segment.PROBLEM: sum(
            in_segment(view, Segment.PROBLEM, losses.get(view.station, NOTHING)) for view in kept
        ),
        Segment.IN_USE: sum(1 for view in kept if _in_use(view)),
    }


def site_row(
    site: str,
    rows: Collection[StationRow],
    uptime: UptimeCell = UptimeCell(),
    loss: Losses = NOTHING,
    *,
    folded: bool = False,
) -> SiteRow:
    """What the listed stations of a site add up to. Power is None while none of them is connected."""
    views = [row.view for row in rows]
    counts = Counter(view.shown for view in views)
    powers = [station_power(view.connectors, view.link) for view in views]
    live = [watts for watts in powers if watts is not None]
    return SiteRow(
        site=site,
        stations=len(views),
        shown=worst(tuple(view.shown for view in views)),
        abnormal=tuple((shown, counts[shown]) for shown in SEVERITY if shown in ABNORMAL and counts[shown]),
        power_w=sum(live) if live else None,
        energy_today_wh=sum(view.energy_today_wh for view in views),
        uptime=uptime,
        loss=loss,
        folded=folded,
    )


def listed(
    views: Iterable[StationView],
    wanted: StationFilter,
    column: Column[ListRow],
    *,
    descending: bool,
    by_site: bool,
    folded: Collection[str] = (),
    station_uptime: Mapping[str, UptimeCell] | None = None,
    site_uptime: Mapping[str, UptimeCell] | None = None,
    station_loss: Mapping[str, Losses] | None = None,
    site_loss: Mapping[str, Losses] | None = None,
) -> list[ListRow]:
    """The rows of the list: filtered, sorted by `column`, under their sites if `by_site`.

    What a site loses holds for all of it, also where a filter hides some of its stations.
    """
    none = UptimeCell()
    by_station, lost = station_uptime or {}, station_loss or {}
    kept = list(views)
    if wanted != StationFilter():
        kept = [view for view in kept if matches(view, wanted, lost.get(view.station, NOTHING))]
    kept.sort(key=_identity)
    rows = [
        StationRow(view, by_station.get(view.station, none), lost.get(view.station, NOTHING)) for view in kept
    ]
    if not by_site:
        return sort_rows(list[ListRow](rows), column, descending=descending)
    groups: dict[str, list[StationRow]] = {}
    for row in rows:
        groups.setdefault(site_of(row.view), []).append(row)
    heads: list[ListRow] = [
        site_row(
            site,
            members,
            (site_uptime or {}).get(site, none),
            (site_loss or {}).get(site, NOTHING),
            folded=site in folded,
        )
        for site, members in sorted(groups.items(), key=lambda item: (item[0] == NO_SITE, item[0].casefold()))
    ]
    out: list[ListRow] = []
    for head in sort_rows(heads, column, descending=descending):
        assert isinstance(head, SiteRow)
        out.append(head)
        if not head.folded:
            out.extend(sort_rows(list[ListRow](groups[head.site]), column, descending=descending))
    return out


def kept_order(rows: list[ListRow], before: list[tuple[str, str]]) -> list[ListRow]:
    """`rows` in the order they had on screen; those that are new come last."""
    place = {key: i for i, key in enumerate(before)}
    return sorted(rows, key=lambda row: place.get(row.key, len(place)))

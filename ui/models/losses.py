"""What open faults lose, by site and for the network: what the strip, the map and lists say of money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.status import SEVERITY, Shown
from app.faults.views import FaultView
from app.fleet.views import StationView
from ui.faults import ASIDE
from ui.models.fault_words import shown_of
from ui.theme.money import money, rate


@dataclass(frozen=True, slots=True)
class Losses:
    """What faults lose. Amounts are minor units by currency; `unpriced` faults are in none of them, nor are
    those whose money is not worked out yet, `pending`.

    `faults` still last and are in the queue, `shown` is the worst of them; `aside` counts those put aside.
    """

    losing: tuple[tuple[str, int], ...] = ()
    lost: tuple[tuple[str, int], ...] = ()
    faults: int = 0
    unpriced: int = 0
    pending: int = 0
    aside: int = 0
    shown: Shown | None = None

    @property
    def weight(self) -> float:
        """Orders places by what they lose an hour; what has another currency is not converted."""
        return float(max((amount for _, amount in self.losing), default=0))

    @property
    def text(self) -> str:
        """ "€14.20/h"; currencies side by side; "" where nothing is lost."""
        return " + ".join(rate(amount, currency) for currency, amount in self.losing)


NOTHING = Losses()


def network(faults: Iterable[FaultView]) -> Losses:
    """All open faults together."""
    return _sum(view for view in faults if view.open)


def by_station(faults: Iterable[FaultView]) -> dict[str, Losses]:
    """Open faults by station; those of a site as a whole are in none."""
    groups: dict[str, list[FaultView]] = {}
    for view in faults:
        if view.open and view.record.station:
            groups.setdefault(view.record.station, []).append(view)
    return {station: _sum(views) for station, views in groups.items()}


def by_place(faults: Iterable[FaultView], stations: Mapping[str, StationView]) -> dict[str, Losses]:
    """Open faults by site name, or "station:ID" for a station without one."""
    groups: dict[str, list[FaultView]] = {}
    for view in faults:
        if not view.open:
            continue
        known = stations.get(view.record.station)
        site = known.site if known is not None else view.record.site
        key = site or (f"station:{view.record.station}" if view.record.station else "")
        if key:
            groups.setdefault(key, []).append(view)
    return {key: _sum(views) for key, views in groups.items()}


def worse(one: Shown, other: Shown | None) -> Shown:
    """The worse of a live state and what a fault says."""
    return one if other is None or SEVERITY[one] <= SEVERITY[other] else other


def amounts(sums: tuple[tuple[str, int], ...]) -> str:
    """ "€96.20", currencies side by side."""
    return " + ".join(money(amount, currency) for currency, amount in sums)


def _sum(views: Iterable[FaultView]) -> Losses:
    losing: dict[str, int] = {}
    lost: dict[str, int] = {}
    faults = unpriced = pending = aside = 0
    shown: Shown | None = None
    for view in views:
        told = view.money
        if told is None:
            pending += 1
        elif told.losing is None:
            # What is counted with its cause has a price there.
            unpriced += "counted_with" not in told.workings
        elif told.losing:
            losing[told.currency] = losing.get(told.currency, 0) + told.losing
        if told is not None and told.lost:
            lost[told.currency] = lost.get(told.currency, 0) + told.lost
        if view.record.parent is not None:
            continue
        if view.record.state in ASIDE:
            aside += 1
            continue
        if view.record.cleared_ms is not None and not view.record.safety:
            # It is in the queue only to be seen; a safety fault is over when a person says so.
            continue
        faults += 1
        shape = shown_of(view.record)
        shown = shape if shown is None else worse(shape, shown)
    return Losses(_dearest(losing), _dearest(lost), faults, unpriced, pending, aside, shown)


def _dearest(sums: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(sums.items(), key=lambda item: -item[1]))

"""The columns of the station list."""

from collections.abc import Callable
from fractions import Fraction

from app.analytics.results import DayState, Strip
from app.domain.status import SEVERITY, LinkState, Shown
from app.fleet.views import StationView
from ui.models.cells import DASH, EMPTY, Cell, Column, Tone
from ui.models.staleness import station_power
from ui.models.station_list import ListRow, SiteRow, StationRow, UptimeCell
from ui.theme import formats
from ui.theme.money import money
from ui.theme.shapes import WORDS

POOR_UPTIME = 97.0
"""Percent below which an uptime is set in bold: what NEVI asks of a port (23 CFR 680.116)."""

OnStation = Callable[[StationRow], Cell]
OnSite = Callable[[SiteRow], Cell]


def columns(now_ms: Callable[[], int]) -> tuple[Column[ListRow], ...]:
    """All columns, in their usual order. `now_ms` tells the moment ages are counted from."""

    def heard(row: StationRow) -> Cell:
        seen = row.view.last_seen_ms
        if seen is None:
            return Cell("never", tone=Tone.FAINT)
        late = row.view.link is not LinkState.ONLINE
        return Cell(formats.duration(max(0, now_ms() - seen)), tone=Tone.QUIET, strong=late)

    return (
        Column(
            "state",
            "State",
            _both(_state, _site_head),
            "Out of service",
            order=_severity,
            extra_px=24,
            fixed=True,
        ),
        Column(
            "station", "Station", _both(_station), "FIRST-CHARG", stretch=True, order=_by_station, fixed=True
        ),
        Column(
            "name",
            "Name",
            _both(lambda r: Cell(r.view.name, tone=Tone.QUIET)),
            "Utrecht Merwede 12",
            order=_by_name,
            stretch=True,
            yields=10,
        ),
        Column(
            "site",
            "Site",
            _both(lambda r: Cell(r.view.site or "–", tone=Tone.QUIET)),
            "Antwerpen Linkeroever",
            order=_by_site,
            yields=9,
        ),
        Column(
            "connectors",
            "Connectors",
            _both(_connectors),
            "",
            extra_px=84,
            hint="One shape a connector",
            yields=1,
        ),
        Column(
            "power",
            "kW now / rated",
            _both(_power, _site_power),
            "999 / 1,320",
            right=True,
            order=_by_power,
            descending_first=True,
            yields=1,
        ),
        Column(
            "energy",
            "kWh today",
            _both(_energy, _site_energy),
            "12,340",
            right=True,
            order=_by_energy,
            descending_first=True,
            yields=3,
        ),
        Column(
            "strip",
            "Uptime, 30 days",
            _both(_strip),
            "",
            extra_px=124,
            hint="Worst of each day: full bar a fault, two thirds offline, a quarter degraded",
            yields=6,
        ),
        Column(
            "uptime",
            "Uptime",
            _both(_uptime, _uptime),
            "100.00",
            right=True,
            order=_by_uptime,
            hint="Percent of 30 days in which it could charge",
            yields=5,
        ),
        Column(
            "ocpp",
            "OCPP",
            _both(lambda r: _plain(r.view.version)),
            "2.0.1",
            order=_text(lambda v: v.version),
            yields=8,
        ),
        Column(
            "firmware",
            "Firmware",
            _both(lambda r: _plain(r.view.firmware)),
            "12.34.56",
            order=_text(lambda v: v.firmware),
            yields=9,
        ),
        Column(
            "maker",
            "Maker",
            _both(lambda r: _plain(" ".join((r.view.vendor, r.view.model)).strip())),
            "Nordwatt NW-300 Duo",
            order=_text(lambda v: v.vendor),
            yields=11,
        ),
        Column(
            "address",
            "Address",
            _both(lambda r: Cell(r.view.peer or "–", tone=Tone.QUIET, mono=True)),
            "255.255.255.255",
            order=_text(lambda v: v.peer),
            yields=12,
        ),
        Column(
            "heard",
            "Heard",
            _both(heard),
            "12 h 59 min",
            right=True,
            order=_by_heard,
            hint="Time since the last sign of life",
            yields=7,
        ),
        Column(
            "loss",
            "Per hour",
            _both(_loss, _loss),
            "€1,284.50",
            right=True,
            order=_by_loss,
            descending_first=True,
            hint="What its open faults lose",
            yields=2,
        ),
    )


USUAL = (
    "state", "station", "connectors", "power", "energy", "strip", "uptime", "ocpp", "firmware", "heard",
    "loss",
)  # fmt: skip
"""Columns shown before anybody chose any, with the list grouped by site."""


def uptime_cell(strip: Strip) -> UptimeCell:
    """A station's strip as the list shows it."""
    return UptimeCell(tuple(day_state(day) for day in strip.days), _percent(strip.uptime.best))


def day_state(day: DayState) -> Shown | None:
    """The bar of one day: its worst abnormal state, available where all was well, None where blind."""
    if day.uptime.up_ms + day.uptime.down_ms == 0 and day.worst is Shown.UNKNOWN:
        return None
    return day.worst


def site_uptimes(strips: dict[str, Strip], site_of: dict[str, str]) -> dict[str, UptimeCell]:
    """Per site: the worst of its stations each day, and uptime over all their measured time."""
    members: dict[str, list[Strip]] = {}
    for station, strip in strips.items():
        members.setdefault(site_of.get(station, ""), []).append(strip)
    return {site: _joined(group) for site, group in members.items() if site}


def _joined(group: list[Strip]) -> UptimeCell:
    length = max(len(strip.days) for strip in group)
    days: list[Shown | None] = []
    for i in range(-length, 0):
        states = [day_state(strip.days[i]) for strip in group if len(strip.days) >= -i]
        known = [state for state in states if state is not None]
        days.append(min(known, key=SEVERITY.__getitem__) if known else None)
    up = sum(strip.uptime.up_ms for strip in group)
    measured = up + sum(strip.uptime.down_ms for strip in group)
    return UptimeCell(tuple(days), _percent(Fraction(up * 100, measured) if measured else None))


def _percent(share: Fraction | None) -> float | None:
    """Truncated to two decimals, never rounded up (CONTRACTS decision 17)."""
    return None if share is None else int(share * 100) / 100


def _both(station: OnStation, site: OnSite | None = None) -> Callable[[ListRow], Cell]:
    def cell(row: ListRow) -> Cell:
        if isinstance(row, StationRow):
            return station(row)
        return site(row) if site is not None else EMPTY

    return cell


def _plain(text: str) -> Cell:
    return Cell(text, tone=Tone.QUIET) if text else DASH


def _state(row: StationRow) -> Cell:
    shown = row.view.shown
    abnormal = SEVERITY[shown] <= SEVERITY[Shown.UNKNOWN]
    return Cell(WORDS[shown], tone=Tone.NORMAL if abnormal else Tone.QUIET, shapes=(shown,))


def _site_head(row: SiteRow) -> Cell:
    told = [formats.count(row.stations, "station")]
    told += [f"{count} {WORDS[shown].lower()}" for shown, count in row.abnormal]
    if row.loss.faults and not row.abnormal:
        told.append(formats.count(row.loss.faults, "fault"))
    shapes = (row.shown,) if row.folded and row.abnormal else ()
    return Cell(row.site, ", ".join(told), strong=True, shapes=shapes)


def _station(row: StationRow) -> Cell:
    return Cell(row.view.station)


def _connectors(row: StationRow) -> Cell:
    plugs = row.view.connectors
    if not plugs:
        return DASH
    said = ", ".join(f"{p.evse} {WORDS[p.shown].lower()}" for p in plugs)
    more = f"+{len(plugs) - 4}" if len(plugs) > 4 else ""
    return Cell("", more, shapes=tuple(p.shown for p in plugs[:4]), spoken=said)


def power_of(view: StationView) -> int | None:
    """What a station draws now in W; None where it cannot be known."""
    return station_power(view.connectors, view.link)


def rated_of(view: StationView) -> int | None:
    """What its plugs could deliver together in W; None where the operator has not said."""
    rated = [plug.rated_power_w for plug in view.connectors]
    return sum(r for r in rated if r is not None) if rated and None not in rated else None


def _power(row: StationRow) -> Cell:
    watts, rated = power_of(row.view), rated_of(row.view)
    now = formats.number(watts / 1000) if watts is not None else "–"
    more = f"/ {formats.number(rated / 1000)}" if rated is not None else ""
    return Cell(now, more, tone=Tone.NORMAL if watts is not None else Tone.FAINT)


def _site_power(row: SiteRow) -> Cell:
    return Cell(formats.number(row.power_w / 1000)) if row.power_w is not None else DASH


def _energy(row: StationRow) -> Cell:
    return Cell(formats.number(row.view.energy_today_wh / 1000), tone=Tone.QUIET)


def _site_energy(row: SiteRow) -> Cell:
    return Cell(formats.number(row.energy_today_wh / 1000), tone=Tone.QUIET)


def _strip(row: StationRow) -> Cell:
    bad = sum(1 for day in row.uptime.days if day is not None and SEVERITY[day] <= SEVERITY[Shown.DEGRADED])
    return Cell(strip=row.uptime.days, spoken=f"{formats.count(bad, 'day')} with trouble")


def _loss(row: ListRow) -> Cell:
    if not row.loss.losing:
        return DASH
    currency, most = row.loss.losing[0]
    return Cell(money(most, currency), strong=True, spoken=f"losing {row.loss.text}")


def _uptime(row: ListRow) -> Cell:
    share = row.uptime.percent
    if share is None:
        return DASH
    return Cell(formats.number(share, 2), tone=Tone.QUIET, strong=share < POOR_UPTIME)


def _severity(row: ListRow) -> int:
    return SEVERITY[row.view.shown if isinstance(row, StationRow) else row.shown]


def _by_loss(row: ListRow) -> tuple[float, int]:
    """Dearest first; of those that lose nothing the worst first."""
    return row.loss.weight, -_severity(row)


def _by_station(row: ListRow) -> str:
    return row.view.station.casefold() if isinstance(row, StationRow) else row.site.casefold()


def _by_name(row: ListRow) -> str:
    return row.view.name.casefold() if isinstance(row, StationRow) else row.site.casefold()


def _by_site(row: ListRow) -> str:
    return row.view.site.casefold() if isinstance(row, StationRow) else row.site.casefold()


def _by_power(row: ListRow) -> int | None:
    return power_of(row.view) if isinstance(row, StationRow) else row.power_w


def _by_energy(row: ListRow) -> int:
    return row.view.energy_today_wh if isinstance(row, StationRow) else row.energy_today_wh


def _by_uptime(row: ListRow) -> float | None:
    return row.uptime.percent


def _by_heard(row: ListRow) -> int | None:
    if isinstance(row, StationRow):
        return -row.view.last_seen_ms if row.view.last_seen_ms is not None else None
    return None


def _text(value: Callable[[StationView], str]) -> Callable[[ListRow], str | None]:
    def order(row: ListRow) -> str | None:
        return (value(row.view).casefold() or None) if isinstance(row, StationRow) else None

    return order

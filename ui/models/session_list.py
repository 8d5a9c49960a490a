"""Sessions as the list and its side panel tell them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.analytics.costs.ledger import rounded
from app.analytics.results import CurvePoint, SessionFilter, SessionLine
from app.domain import forms
from app.domain.prices import Price, Prices
from app.domain.records import Flag, SessionRecord, SessionState
from app.domain.status import Shown
from ui.models.cells import DASH, Cell, Column, Tone
from ui.models.words import GRAVE, HARMLESS, flag_name, pseudonym, stop_reason
from ui.theme import formats

RUNNING = (SessionState.OPEN, SessionState.INTERRUPTED)
DONE = (SessionState.CLOSED, SessionState.INFERRED)
WORTH = "A kWh's price at the start × energy, tax included; no fee for time or start, and no invoice"


class Period(Enum):
    """The spans a click chooses."""

    TODAY = "Today"
    YESTERDAY = "Yesterday"
    WEEK = "7 days"
    MONTH = "30 days"
    YEAR = "12 months"
    ALL = "All time"


class Segment(Enum):
    """The one-click filter above the list."""

    ALL = "All"
    RUNNING = "Running"
    LOOK = "Needs a look"
    CLOSED = "Closed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page's controls say."""

    text: str = ""
    period: Period = Period.TODAY
    site: str = ""
    station: str = ""
    segment: Segment = Segment.ALL


def span(period: Period, now_ms: int, zone: ZoneInfo) -> tuple[int | None, int | None]:
    """From (inclusive) and to (exclusive) of a period, by the days of `zone`; None: open."""
    midnight = datetime.fromtimestamp(now_ms / 1000, zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def days_ago(days: int) -> int:
        return int((midnight - timedelta(days=days)).timestamp() * 1000)

    match period:
        case Period.TODAY:
            return days_ago(0), None
        case Period.YESTERDAY:
            return days_ago(1), days_ago(0)
        case Period.WEEK:
            return days_ago(6), None
        case Period.MONTH:
            return days_ago(29), None
        case Period.YEAR:
            return days_ago(364), None
        case Period.ALL:
            return None, None


def question(wanted: Wanted, now_ms: int, zone: ZoneInfo) -> SessionFilter:
    """The controls as the question history understands."""
    start, end = span(wanted.period, now_ms, zone)
    states: tuple[SessionState, ...] = ()
    look: tuple[str, ...] = ()
    match wanted.segment:
        case Segment.RUNNING:
            states = RUNNING
        case Segment.CLOSED:
            states = DONE
        case Segment.LOOK:
            look = tuple(flag.value for flag in Flag if flag not in HARMLESS)
        case Segment.ALL:
            pass
    return SessionFilter(
        text=wanted.text.strip(),
        from_ms=start,
        to_ms=end,
        site=wanted.site,
        station=wanted.station,
        states=states,
        any_flag=look,
    )


def needs_look(session: SessionRecord) -> tuple[Flag, ...]:
    """The flags that ask a person to look."""
    return tuple(flag for flag in session.flags if flag not in HARMLESS)


def check(session: SessionRecord) -> Cell:
    """The verdict in a shape and two words."""
    if session.state is SessionState.REVIEW:
        return Cell("Waits for a person", shapes=(Shown.FAULTED,), strong=True)
    flags = needs_look(session)
    if session.state in RUNNING and not flags:
        return Cell(
            "Running" if session.state is SessionState.OPEN else "Interrupted", shapes=(Shown.CHARGING,)
        )
    if not flags:
        return Cell("Matches", tone=Tone.QUIET, icon="check")
    worst = next((flag for flag in flags if flag in GRAVE), flags[0])
    more = f"+{len(flags) - 1}" if len(flags) > 1 else ""
    return Cell(flag_name(worst), more, shapes=(_shape(worst),))


def _shape(flag: Flag) -> Shown:
    if flag in GRAVE:
        return Shown.FAULTED
    if flag in (Flag.TIME_DOUBTFUL, Flag.EVSE_UNKNOWN, Flag.START_UNKNOWN):
        return Shown.UNKNOWN
    return Shown.DEGRADED


def flag_shape(flag: Flag) -> Shown | None:
    """The shape beside a flag's sentence; None where it is only a remark."""
    return None if flag in HARMLESS else _shape(flag)


def price_of(line: SessionLine, prices: Prices | None) -> Price | None:
    """The price that held where and when a session began; None where none is known."""
    session = line.session
    if prices is None or not session.started_ms:
        return None
    return prices.price(line.site, session.started_ms, str(session.station), session.evse)


def energy_worth(line: SessionLine, price: Price | None) -> str:
    """ "€9.85": its energy so far at a price for a kWh, as the tax stands in it; "" where one is missing."""
    wh = line.session.energy_wh
    if price is None or wh is None:
        return ""
    return forms.amount(rounded(Decimal(wh) / 1000 * price.per_kwh, price.currency), price.currency)


def columns(
    zone: Callable[[], ZoneInfo], now_ms: Callable[[], int], prices: Callable[[], Prices | None]
) -> tuple[Column[SessionLine], ...]:
    """The columns of the list. The question itself sorts; `order` only says which columns can."""

    def start(line: SessionLine) -> Cell:
        return Cell(formats.when(line.session.started_ms, now_ms(), zone()), tone=Tone.QUIET)

    def lasted(line: SessionLine) -> Cell:
        session = line.session
        if not session.started_ms:
            return DASH
        end = session.ended_ms if session.ended_ms is not None else now_ms()
        return Cell(formats.duration(max(0, end - session.started_ms)), tone=Tone.QUIET)

    def worth(line: SessionLine) -> Cell:
        price = price_of(line, prices())
        told = energy_worth(line, price)
        if told:
            return Cell(told, tone=Tone.QUIET)
        missing = "no price is known" if price is None else "no energy is known"
        return Cell("–", tone=Tone.FAINT, spoken=missing)

    return (
        Column(
            "start",
            "Start",
            start,
            f"{formats.WIDEST_DAY} 00:00",
            fixed=True,
            order=lambda s: s.session.started_ms,
            descending_first=True,
        ),
        Column(
            "session", "Session", lambda s: Cell(str(s.session.session), strong=True), "123,456", fixed=True
        ),
        Column(
            "station",
            "Station · plug",
            _station,
            "ABCD-01 · 1",
            yields=0,
            order=lambda s: s.session.station,
        ),
        Column(
            "site",
            "Site",
            lambda s: Cell(s.site or "–", tone=Tone.QUIET),
            "Antwerpen Luc",
            stretch=True,
            yields=4,
        ),
        Column(
            "driver",
            "Driver",
            lambda s: Cell(pseudonym(s.session.token), tone=Tone.QUIET),
            "Card ···5520",
            yields=5,
        ),
        Column(
            "duration",
            "Duration",
            lasted,
            "12 h 59 min",
            right=True,
            yields=2,
            order=lambda s: s.session.started_ms,
            descending_first=True,
        ),
        Column(
            "energy",
            "kWh",
            _energy,
            "123.4",
            right=True,
            yields=0,
            order=lambda s: s.session.energy_wh,
            descending_first=True,
        ),
        Column("worth", "Price × energy", worth, "€1,284.50", right=True, yields=2, hint=WORTH),
        Column("ended", "Ended because", _ended, "Driver stopped", yields=3),
        Column("check", "Check", lambda s: check(s.session), "Waits for a person", extra_px=24, yields=1),
    )


def plug_text(session: SessionRecord) -> str:
    """The plug in one number where one is enough: EVSE, and the connector of it if it has several."""
    if session.evse is None:
        return "?"
    if session.connector is None or session.connector <= 1:
        return str(session.evse)
    return f"{session.evse}.{session.connector}"


def _station(line: SessionLine) -> Cell:
    return Cell(f"{line.session.station} · {plug_text(line.session)}")


def _energy(line: SessionLine) -> Cell:
    if line.session.energy_wh is None:
        spoken = "no value yet" if line.session.state in RUNNING else "not proved"
        return Cell("–", tone=Tone.FAINT, spoken=spoken)
    return Cell(formats.number(line.session.energy_wh / 1000, 1))


def _ended(line: SessionLine) -> Cell:
    session = line.session
    if session.state in RUNNING:
        return Cell("")
    return Cell(stop_reason(session.stop_reason), tone=Tone.QUIET)


@dataclass(frozen=True, slots=True)
class Curve:
    """A session's meter as two lines over time. Seconds since 1970; None breaks the line."""

    at_s: tuple[float, ...]
    power_kw: tuple[float | None, ...]
    energy_kwh: tuple[float | None, ...]
    gaps: tuple[tuple[float, float], ...]
    """Spans without values, longer than 2.5 times the usual spacing."""


def curve(
    points: tuple[CurvePoint, ...],
    start_wh: int | None,
    started_ms: int | None = None,
    stop_wh: int | None = None,
    ended_ms: int | None = None,
) -> Curve:
    """Power, and energy since the start: from the register at the start to the one at the stop.

    Untrusted readings are left out; gaps are never bridged.
    """
    kept = [point for point in points if point.trusted]
    base = (
        start_wh
        if start_wh is not None
        else next((p.energy_wh for p in kept if p.energy_wh is not None), None)
    )
    told: list[tuple[float, float | None, float | None]] = [
        (
            point.at_ms / 1000,
            None if point.power_w is None else point.power_w / 1000,
            None if point.energy_wh is None or base is None else (point.energy_wh - base) / 1000,
        )
        for point in kept
    ]
    spacings = sorted(b[0] - a[0] for a, b in pairwise(told) if b[0] > a[0])
    usual = spacings[len(spacings) // 2] if spacings else 0.0
    if started_ms and start_wh is not None and (not told or told[0][0] > started_ms / 1000):
        told.insert(0, (started_ms / 1000, None, 0.0))
    if ended_ms and stop_wh is not None and base is not None and (not told or told[-1][0] < ended_ms / 1000):
        told.append((ended_ms / 1000, None, (stop_wh - base) / 1000))
    at: list[float] = []
    power: list[float | None] = []
    energy: list[float | None] = []
    gaps: list[tuple[float, float]] = []
    for i, (when, kilowatts, kilowatt_hours) in enumerate(told):
        if i and usual and when - told[i - 1][0] > 2.5 * usual:
            gaps.append((told[i - 1][0], when))
            at.append((told[i - 1][0] + when) / 2)
            power.append(None)
            energy.append(None)
        at.append(when)
        power.append(kilowatts)
        energy.append(kilowatt_hours)
    return Curve(tuple(at), tuple(power), tuple(energy), tuple(gaps))

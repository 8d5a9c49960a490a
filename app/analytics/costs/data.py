"""Missed data: money that recorded data could have kept or saved (reference E.4). Blind hours are
shown as hours and cost nothing by themselves."""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.analytics.costs.assumptions import AssumptionSet
from app.analytics.costs.ledger import Claims, Confidence, Cost, Line, Nature, Part, Stream
from app.analytics.costs.lost_revenue import Place

STEP_H = 0.25


@dataclass(frozen=True, slots=True)
class Unproved:
    """A session without provable energy: what such a session usually takes, at its price."""

    place: Place
    session: int
    at_ms: int
    expected: Decimal


@dataclass(frozen=True, slots=True)
class Peak:
    """A site's month: its highest 15-minute mean, and the lowest that would have served the same."""

    place: Place
    at_ms: int
    peak_kw: Decimal
    achievable_kw: Decimal


@dataclass(frozen=True, slots=True)
class Blind:
    """Hours in which nobody was looking, or samples are lost."""

    place: Place
    object: str
    at_ms: int
    hours: Decimal
    cause: str


@dataclass(frozen=True, slots=True)
class Parked:
    """A session for the peak: quarter hours [first, last) in which it was there, and kWh taken in each."""

    first: int
    kwh: tuple[float, ...]
    most_kw: float


def missed_data(
    unproved: Iterable[Unproved], peaks: Iterable[Peak], blind: Iterable[Blind],
    held: AssumptionSet, claims: Claims,
) -> list[Part]:  # fmt: skip
    """The parts. Without a demand charge the peak has kW and no money: that input is missing."""
    made: dict[tuple[Place, str, Confidence, str], list[Line]] = {}
    share, charge = held.need("data.dispute_share"), held.get("data.demand_charge")
    for one in unproved:
        exact = one.expected * share
        if claims.take(Stream.VISIT_MARGIN, f"session:{one.session}", Cost.DATA, exact):
            line = Line(f"session:{one.session}", one.at_ms, share, "dispute", one.expected, exact)
            key = (one.place, "energy not provable", Confidence.ASSUMED, "")
            made.setdefault(key, []).append(line)
    for peak in peaks:
        above = peak.peak_kw - peak.achievable_kw
        if above > 0 and claims.take(
            Stream.INVOICE, f"peak:{peak.place.site}/{peak.place.period}", Cost.DATA
        ):
            price = charge or Decimal(0)
            line = Line(f"peak:{peak.place.site}", peak.at_ms, above, "kW", price, above * price)
            key = (
                peak.place,
                "avoidable peak",
                Confidence.MODELLED,
                "" if charge is not None else "data.demand_charge",
            )
            made.setdefault(key, []).append(line)
    for gap in blind:
        line = Line(gap.object, gap.at_ms, gap.hours, "h", Decimal(0), Decimal(0))
        made.setdefault((gap.place, gap.cause, Confidence.MEASURED, ""), []).append(line)
    return [
        Part(
            Cost.DATA, place.period, place.site, place.station, cause, how, place.currency,
            Nature.CASH if cause == "avoidable peak" else Nature.MARGIN, tuple(lines),
            *_ends(lines, how), missing=missing,
            assumptions=("data.dispute_share",) if how is Confidence.ASSUMED else (),
        )
        for (place, cause, how, missing), lines in made.items()
    ]  # fmt: skip


def _ends(lines: Sequence[Line], how: Confidence) -> tuple[Decimal | None, Decimal | None]:
    """The 95 % range of disputes: each session is disputed or not, so a few may all be, or none."""
    if how is not Confidence.ASSUMED:
        return None, None
    exact = sum((line.exact for line in lines), Decimal(0))
    square = sum((line.unit_price**2 * line.quantity * (1 - line.quantity) for line in lines), Decimal(0))
    half = Decimal("1.96") * square.sqrt()
    # One dispute alone is worth a whole session, however unlikely each is.
    likely = sum((line.quantity for line in lines), Decimal(0)) > Decimal("0.025")
    one = max((line.unit_price for line in lines), default=Decimal(0)) if likely else Decimal(0)
    return max(Decimal(0), exact - half), max(exact + half, one)


def achievable_peak(sessions: Sequence[Parked]) -> float:
    """The lowest cap in kW under which every session could still take its kWh while it was parked.

    Sessions are replayed on 15-minute means, those that leave first are served first; found by
    bisection to 0.1 kW.
    """
    if not sessions:
        return 0.0
    last = max(s.first + len(s.kwh) for s in sessions)
    high = peak_kw(sessions)
    low = 0.0
    while high - low > 0.1:
        cap = (low + high) / 2
        if _serves(sessions, cap, last):
            high = cap
        else:
            low = cap
    return high


def peak_kw(sessions: Sequence[Parked]) -> float:
    """The highest 15-minute mean of all together."""
    load: dict[int, float] = {}
    for session in sessions:
        for n, kwh in enumerate(session.kwh):
            load[session.first + n] = load.get(session.first + n, 0.0) + kwh / STEP_H
    return max(load.values(), default=0.0)


def _serves(sessions: Sequence[Parked], cap_kw: float, last: int) -> bool:
    owed = [sum(s.kwh) for s in sessions]
    coming = sorted(range(len(sessions)), key=lambda n: sessions[n].first)
    here: list[tuple[int, int]] = []
    place, step = 0, sessions[coming[0]].first
    while step < last:
        if not here and place < len(coming):
            step = max(step, sessions[coming[place]].first)
        while place < len(coming) and sessions[coming[place]].first <= step:
            n = coming[place]
            insort(here, (sessions[n].first + len(sessions[n].kwh), n))
            place += 1
        if not here:
            break
        left = cap_kw * STEP_H
        for _, n in here:
            given = min(owed[n], left, sessions[n].most_kw * STEP_H)
            owed[n] -= given
            left -= given
        step += 1
        gone = [n for end, n in here if end <= step]
        if any(owed[n] > 1e-6 for n in gone):
            return False
        here = [(end, n) for end, n in here if end > step and owed[n] > 1e-9]
    return all(kwh <= 1e-6 for kwh in owed)

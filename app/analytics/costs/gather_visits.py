"""Visits that brought nothing or too little, and energy nobody paid for (E.1, E.4)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from decimal import Decimal

from app.analytics.attempts import Attempt, Step
from app.analytics.costs.data import Unproved
from app.analytics.costs.gather_faults import FaultLoss
from app.analytics.costs.lost_revenue import FailedVisit, StarvedSession, Unbilled
from app.analytics.costs.material import Material, Visit
from app.analytics.costs.periods import Span
from app.analytics.costs.recovered import WITHIN_MS
from app.domain.records import FaultRecord, Flag
from app.faults.standing import Place as Plug

RIGHTLY = frozenset(
    {
        "Blocked", "Expired", "Invalid", "Unknown", "NoCredit", "NotAllowedTypeEVSE", "NotAtThisLocation",
        "NotAtThisTime",
    }
)  # fmt: skip
"""Words by which a card is refused for what it is: no fault of the charger, and no lost revenue."""
BY_CHOICE = frozenset({"Remote", "MasterPass", "TimeLimitReached", "CostLimitReached"})
"""A session stopped by these after next to nothing was meant to be short (F.4)."""
MOVED_MS = 600_000
BEFORE_MS = 60_000
"""A try so shortly before an outage belongs to it: the fault is told a little later than it is met."""


EXPLAINS = (
    "silence", "refused_starts", "zero_power_plug", "starts_without_energy", "session_without_energy",
    "short_sessions", "stuck_state", "power_limited", "phase_missing", "temperature", "firmware_regression",
    "connector_fault", "station_event", "reboots", "no_boot", "flapping_link",
)  # fmt: skip
"""Kinds of fault that explain a visit in vain where they stood, the likeliest first."""


def in_vain(m: Material, losses: FaultLoss, once: Set[str]) -> tuple[
    tuple[StarvedSession, ...], tuple[FailedVisit, ...], int
]:  # fmt: skip
    """Cut and starved sessions, visits that failed outside priced outages, and how many cards were
    rightly refused.

    Where a fault stood that takes nothing out of use, it is named as their cause.

    Args:
        m, losses: the month, and what its faults lost.
        once: cards that were seen at one visit only.
    """
    out, explained = losses.out, _explaining(losses)
    starved: list[StarvedSession] = []
    failed: list[FailedVisit] = []
    refused = 0
    vehicles = _ailing_vehicles(m.visits)
    elsewhere = _moved_on(m.visits, once) | tried_again(m.visits)
    for visit in m.visits:
        if visit.good or visit.unproved or (visit.token and visit.token in vehicles):
            continue
        if id(visit) in elsewhere:
            continue
        cut = next((a for a in visit.tries if a.came_to(Step.ENERGY)), None)
        if cut is not None:
            if (one := _starved(m, visit, cut, explained(cut))) is not None:
                starved.append(one)
            continue
        last = visit.tries[-1]
        if all(a.lost in RIGHTLY for a in visit.tries):
            refused += 1
            continue
        if last.session is not None and last.lost in BY_CHOICE:
            continue
        if any(_was_out(a, out) for a in visit.tries):
            continue
        worth = m.visit_worth(last.station, last.evse, visit.at_ms)
        value, currency = (worth.value, worth.currency) if worth is not None else (Decimal(0), "")
        lost = Decimal(repr(round(losses.lost_of_visit(m, last.station, last.evse, last.at_ms), 2)))
        cause, why, notes = _cause(last), explained(last), []
        if why is not None:
            notes = [cause, f"fault {why.fault}"]
            cause = f"{why.rule}: visits in vain"
        if lost < 1:
            notes.append(f"{lost:.0%} of it lost, as others may have charged in its place")
        place = m.place(last.station, visit.site, currency)
        failed.append(FailedVisit(place, visit.name, cause, visit.at_ms, value, ", ".join(notes), lost))
    return tuple(starved), tuple(failed), refused


def _moved_on(visits: Sequence[Visit], once: Set[str]) -> frozenset[int]:
    """Visits of nobody known that failed, after which somebody charged at another connector of the site
    within ten minutes: most likely the same driver, so nothing is lost. A good visit answers for one.

    A card seen `once` is nobody known, and whoever pays by such cards has another one where he moves on to.
    """
    by_site: dict[str, list[Visit]] = {}
    for visit in visits:
        if visit.good:
            by_site.setdefault(visit.site, []).append(visit)
    starts = {site: [v.at_ms for v in found] for site, found in by_site.items()}
    taken: set[int] = set()
    found = set()
    for visit in visits:
        last = visit.tries[-1]
        if visit.good or (visit.token and visit.token not in once):
            continue
        times = starts.get(visit.site, [])
        for n in range(bisect_left(times, visit.at_ms), bisect_right(times, last.ended_ms + MOVED_MS)):
            other = by_site[visit.site][n]
            first = other.tries[0]
            stranger = not visit.token or not other.token or other.token in once
            elsewhere = (first.station, first.evse) != (last.station, last.evse)
            if stranger and elsewhere and id(other) not in taken:
                taken.add(id(other))
                found.add(id(visit))
                break
    return frozenset(found)


def tried_again(visits: Sequence[Visit]) -> frozenset[int]:
    """Visits in vain of a card that came again within a day in vain: only the last of them is a loss, and
    only after that one can its driver have come back."""
    found = set()
    last: dict[str, Visit] = {}
    for visit in visits:
        if not visit.token or visit.unproved:
            continue
        before = last.get(visit.token)
        if before is not None and not visit.good and visit.at_ms - before.at_ms <= WITHIN_MS:
            found.add(id(before))
        if visit.good:
            last.pop(visit.token, None)
        else:
            last[visit.token] = visit
    return frozenset(found)


def _explaining(losses: FaultLoss) -> Callable[[Attempt], FaultRecord | None]:
    """What finds the fault that stood at a try's place then and explains it."""
    by_station: dict[str, list[FaultRecord]] = {}
    for row in losses.rows.values():
        if row.rule in EXPLAINS and row.station:
            by_station.setdefault(str(row.station), []).append(row)
    for rows in by_station.values():
        rows.sort(key=lambda row: (EXPLAINS.index(row.rule), row.evse is None, row.fault))

    def explained(attempt: Attempt) -> FaultRecord | None:
        for row in by_station.get(attempt.station, ()):
            over = row.over_ms
            here = row.evse in (None, 0, attempt.evse) or attempt.evse is None
            if here and row.onset_ms <= attempt.ended_ms and (over is None or attempt.at_ms <= over):
                return row
        return None

    return explained


def _starved(m: Material, visit: Visit, cut: Attempt, why: FaultRecord | None) -> StarvedSession | None:
    """A session that a fault ended; what it would have taken is what sessions usually take there."""
    usual = m.usual_kwh(m.pool_of(cut.station, cut.evse))
    if usual is None or cut.session is None:
        return None
    got = sum(a.energy_wh or 0 for a in visit.tries)
    expected = round(usual * 1000)
    if expected <= got:
        return None
    each = m.per_kwh(cut.station, cut.evse, cut.at_ms)
    value, currency = (each.value, each.currency) if each is not None else (Decimal(0), "")
    cause, note = f"session cut: {cut.lost}", ""
    if why is not None:
        cause, note = f"{why.rule}: sessions cut", f"{cut.lost}, fault {why.fault}"
    return StarvedSession(
        m.place(cut.station, visit.site, currency), cut.session, cause, cut.at_ms, expected, got, value,
        visit.name, note,
    )  # fmt: skip


def _cause(last: Attempt) -> str:
    if last.session is None:
        return f"start failed: {last.lost}"
    return "session without energy" if last.lost in ("", "no energy") else f"no energy: {last.lost}"


def _was_out(attempt: Attempt, out: Mapping[Plug, Sequence[Span]]) -> bool:
    """Whether the connector of a try was out of use then; of a station alone: whether any of it was."""
    low, high = attempt.at_ms - BEFORE_MS, attempt.ended_ms + BEFORE_MS
    return any(
        start < high and end > low
        for plug, spans in out.items()
        if plug.station == attempt.station and attempt.evse in (None, 0, plug.evse)
        for start, end in spans
    )


def _ailing_vehicles(visits: Iterable[Visit]) -> frozenset[str]:
    """Cards that got nothing at two sites and nowhere anything: the vehicle fails, not the charger."""
    failed: dict[str, set[str]] = {}
    good: set[str] = set()
    for visit in visits:
        if visit.good:
            good.add(visit.token)
        elif visit.token and visit.tries[-1].session is not None:
            failed.setdefault(visit.token, set()).add(visit.site)
    return frozenset(token for token, sites in failed.items() if len(sites) > 1 and token not in good)


def not_billed(m: Material) -> tuple[Unbilled, ...]:
    """Delivered, proved energy that no bill can be written for: nobody's card, a refused card, or a session
    that still waits for a person."""
    found = []
    for row in m.sessions:
        if not row.energy_wh or row.ended_ms is None or row.token_kind == "NoAuthorization":
            continue
        flags = set(row.flags.split(","))
        if row.token and row.state != "review" and Flag.TOKEN_REFUSED not in flags:
            continue
        price = m.price_per_kwh(row.station, row.evse, row.started_ms)
        value, currency = (price.value, price.currency) if price is not None else (Decimal(0), "")
        kwh = Decimal(row.energy_wh) / 1000
        place = m.place(row.station, currency=currency)
        found.append(Unbilled(place, row.session, row.started_ms, kwh, "kWh", value))
    return tuple(found)


def not_proved(m: Material) -> tuple[Unproved, ...]:
    """Sessions that are over and whose energy cannot be proved, at the price of what one usually takes."""
    found = []
    for row in m.sessions:
        if row.energy_wh is not None or row.ended_ms is None:
            continue
        kwh = m.usual_kwh(m.pool_of(row.station, row.evse))
        price = m.price_per_kwh(row.station, row.evse, row.started_ms)
        known = kwh is not None and price is not None
        value = kwh * price.value if kwh is not None and price is not None else Decimal(0)
        currency = price.currency if known and price is not None else ""
        found.append(Unproved(m.place(row.station, currency=currency), row.session, row.started_ms, value))
    return tuple(found)

"""Newcomers, regulars who were hit and those who were not, and who may not come again (E.3, E.7, H).

Cards stand for drivers; who has none is invisible, so counts are lower bounds. Everything leaves here
under pseudonyms.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from app.analytics.costs.brand import FirstBad, Returns
from app.analytics.costs.churn import DEFAULT_GAP_DAYS, Exposed, follow_up_days, lapsed, mean_gap_days
from app.analytics.costs.closures import closures_of
from app.analytics.costs.drivers_log import DAY_MS, Came, DriversLog, gaps_days
from app.analytics.costs.facts import AtRisk, SiteCohort
from app.analytics.costs.gather_churn import (
    KNOWN,
    LONGEST_MS,
    QUIET_MS,
    band,
    followed,
    is_lapsed,
    year_of_drivers,
)
from app.analytics.costs.gather_visits import RIGHTLY
from app.analytics.costs.material import Material, Visit, visits_of_span
from app.analytics.costs.periods import Span, months_between, span_of
from app.analytics.costs.recovered import WITHIN_MS, Recovered
from app.analytics.history import absences
from app.analytics.timelines import union

YEAR_MS = 365 * DAY_MS
RETURN_MS = 90 * DAY_MS
AT_RISK, LEAST_SILENT = 1.5, 3.0
"""A silence of so many usual pauses, and of so many days, is worth a call."""
SETTLED_MS = 60 * DAY_MS
"""Who comes in the first weeks of the records may be an old acquaintance."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """What a month tells of drivers."""

    firsts: tuple[FirstBad, ...]
    returns: Returns
    returns_due_ms: int
    cohorts: tuple[SiteCohort, ...]
    at_risk: tuple[AtRisk, ...]
    known: int
    hit: int
    newcomers: int
    newcomers_bad: int
    recovered: Recovered
    stayed: Recovered
    once: frozenset[str]
    """Cards of the month that were seen at this one visit only, as those made for one payment are."""


def bad_visit(visit: Visit) -> bool:
    """A bad experience; a card that was rightly refused had none."""
    return visit.bad and not all(a.lost in RIGHTLY for a in visit.tries)


def drivers(m: Material, log: DriversLog) -> Drivers:
    """Look at the drivers of a month, with what they did in the year before and, as far as it is over, in
    the follow-up after it."""
    start, end = m.span
    until = min(m.now_ms, end + LONGEST_MS)
    history = log.between(_stretches(m, log, start - YEAR_MS, until))
    pauses = {token: list(gaps_days(came)) for token, came in history.items()}
    fleet = median([gap for gaps in pauses.values() for gap in gaps] or [DEFAULT_GAP_DAYS])
    visits = [visit for visit in m.visits if visit.token]
    told = _Told(m, history, fleet, log)
    bad = [visit for visit in visits if bad_visit(visit)]
    firsts = told.firsts(bad)
    return Drivers(
        firsts, told.returns(visits), end + RETURN_MS, told.cohorts(bad), told.at_risk(end),
        len({v.token for v in visits}), len({v.token for v in bad}), *told.newcomers(visits),
        *came_back(history.values(), end, m.now_ms),
        frozenset(v.token for v in visits if len(history[log.tokens[v.token]]) == 1),
    )  # fmt: skip


def came_back(
    histories: Iterable[Sequence[Came]], end_ms: int, now_ms: int
) -> tuple[Recovered, Recovered]:  # fmt: skip
    """Of drivers who failed, who charged within a day, and who would have anyway, by how often those do who
    were served: of all who had been there before, and of regulars who did not stop coming.

    Of failures less than a day apart only the last counts. First visits tell nothing: many a card is made for
    one payment and cannot come back.

    Args:
        histories: what each driver did in the year before, in order of time.
        end_ms: visits from then on only tell who came again.
        now_ms: who failed less than a day ago is still awaited.
    """
    everybody, stayed = _Tally(), _Tally()
    for came in histories:
        last = len(came) - 1
        for n, visit in enumerate(came):
            if visit.at_ms >= end_ms or visit.at_ms + WITHIN_MS > now_ms:
                break
            then = came[n + 1] if n < last else None
            soon = then is not None and then.at_ms - visit.at_ms <= WITHIN_MS
            charged = soon and then is not None and then.good
            if not visit.good and (not visit.bad or (soon and not charged)):
                continue
            if n:
                everybody.add(visit.good, charged)
            if n >= KNOWN and n < last:
                stayed.add(visit.good, charged)
    return everybody.told, stayed.told


@dataclass(slots=True)
class _Tally:
    of: int = 0
    back: int = 0
    served: int = 0
    again: int = 0

    def add(self, good: bool, charged: bool) -> None:
        if good:
            self.served, self.again = self.served + 1, self.again + charged
        else:
            self.of, self.back = self.of + 1, self.back + charged

    @property
    def told(self) -> Recovered:
        return Recovered(self.of, self.back, self.of * self.again / self.served if self.served else 0.0)


def _stretches(m: Material, log: DriversLog, from_ms: int, to_ms: int) -> list[Span]:
    """The months of a stretch of time, read where they are not known yet; the last ends now."""
    zone = next(iter(sorted(m.network.zones, key=str)))
    found = []
    first = m.first_session_ms
    for period in months_between(max(from_ms, first), to_ms, zone):
        start, end = span_of(period, zone)
        span = (start, min(end, m.now_ms))
        if span not in log.stretches:
            # The running month is read again and again; only its newest reading counts.
            log.forget(start)
            read = m.visits if span == m.span else visits_of_span(m.connection, span)
            log.add(span, ((v.token, v.site, v.at_ms, v.good, bad_visit(v)) for v in read))
        found.append(span)
    return found


class _Told:
    """The month's drivers with their histories."""

    def __init__(self, m: Material, history: Mapping[int, list[Came]], fleet: float, log: DriversLog) -> None:
        self._m, self._history, self._fleet = m, history, fleet
        self._log, self._names, self._sites = log, log.names(), log.site_names()
        self._times = {token: [came.at_ms for came in found] for token, found in history.items()}
        ours = absences(m.connection, (m.span[0], min(m.now_ms, m.span[1] + LONGEST_MS)))
        unseen = union((*ours.blind, *ours.away))
        self._closures = closures_of(m.network.entries, m.network.stations.values(), unseen)
        self._censored: set[int] = set()

    # -- newcomers -----------------------------------------------------------------------------

    def before(self, token: str, at_ms: int) -> int:
        """Visits in the year before an instant."""
        times = self._times.get(self._log.tokens.get(token, -1), [])
        return bisect_left(times, at_ms) - bisect_left(times, at_ms - YEAR_MS)

    def newcomers(self, visits: Iterable[Visit]) -> tuple[int, int]:
        """(newcomers of the month, those whose visit was bad)."""
        found: dict[str, bool] = {}
        for visit in visits:
            if self.before(visit.token, visit.at_ms) < KNOWN:
                found[visit.token] = found.get(visit.token, False) or bad_visit(visit)
        return len(found), sum(found.values())

    def firsts(self, bad: Iterable[Visit]) -> tuple[FirstBad, ...]:
        """Newcomers whose first contact went wrong, each once."""
        found: dict[str, FirstBad] = {}
        for visit in bad:
            if visit.token in found or self.before(visit.token, visit.at_ms) >= KNOWN:
                continue
            last = visit.tries[-1]
            worth = self._m.visit_worth(last.station, last.evse, visit.at_ms)
            place = self._m.place(last.station, visit.site, worth.currency if worth is not None else "")
            cause = f"first visit: {_how(visit)}"
            found[visit.token] = FirstBad(place, self._m.pseudonym(visit.token), cause, visit.at_ms)
        return tuple(found.values())

    def returns(self, visits: Sequence[Visit]) -> Returns:
        """Who of all newcomers known so far came again within 90 days, by how their first visit went."""
        good = good_back = bad = bad_back = 0
        later: list[int] = []
        last = self._m.span[1]
        # Old acquaintances look like newcomers when records begin; they are left out once records are long.
        since = self._m.first_session_ms
        if last - since > YEAR_MS // 2:
            since += SETTLED_MS
        for token, came in self._history.items():
            first = came[0]
            if first.at_ms < since:
                continue
            if first.at_ms + RETURN_MS > min(self._m.now_ms, last + RETURN_MS) or first.at_ms > last:
                continue
            times = self._times[token]
            again = bisect_right(times, first.at_ms + RETURN_MS) - bisect_right(times, first.at_ms + DAY_MS)
            if first.bad:
                bad, bad_back = bad + 1, bad_back + (again > 0)
            elif first.good:
                good, good_back = good + 1, good_back + (again > 0)
            if again > 0:
                later.append(again)
        worth = self._mean_worth(visits)
        each = None if worth is None or not later else worth * sum(later) / len(later)
        return Returns(good, good_back, bad, bad_back, each)

    def _mean_worth(self, visits: Sequence[Visit]) -> Decimal | None:
        """The mean margin of a visit this month; None where some place has no price."""
        known: dict[tuple[str, int | None], Decimal | None] = {}
        values = []
        for visit in visits:
            last = visit.tries[-1]
            key = (last.station, last.evse)
            if key not in known:
                worth = self._m.visit_worth(last.station, last.evse, visit.at_ms)
                known[key] = worth.value if worth is not None else None
            value = known[key]
            if value is None:
                return None
            values.append(value)
        return sum(values, Decimal(0)) / len(values) if values else None

    # -- churn ---------------------------------------------------------------------------------

    def cohorts(self, bad: Sequence[Visit]) -> tuple[SiteCohort, ...]:
        """Those hit for the first time in a year, against those of their site who come as often."""
        m = self._m
        exposed: dict[tuple[str, int], list[Exposed]] = {}
        due = m.span[1]
        seen: set[str] = set()
        self._censored = set()
        for visit in bad:
            number = self._log.tokens.get(visit.token, -1)
            came = self._history.get(number, [])
            if visit.token in seen or self._entered_before(came, visit.at_ms):
                continue
            before = [c for c in came if c.at_ms < visit.at_ms and c.at_ms >= visit.at_ms - YEAR_MS]
            if len(before) < KNOWN:
                continue
            seen.add(visit.token)
            gap = mean_gap_days(list(gaps_days(before)), self._fleet)
            if self._cannot_tell(before, visit.at_ms, gap):
                self._censored.add(number)
                continue
            due = max(due, followed(visit.at_ms, gap))
            last = visit.tries[-1]
            worth = m.visit_worth(last.station, last.evse, visit.at_ms)
            year = None if worth is None else worth.value * Decimal(repr(round(365 / gap, 4)))
            cause = f"left after {_how(visit)}"
            exposed.setdefault((visit.site, band(gap)), []).append(
                Exposed(
                    m.place(last.station, visit.site, worth.currency if worth is not None else ""),
                    m.pseudonym(visit.token), cause, visit.at_ms, self._lapsed(came, visit.at_ms, gap), year,
                )
            )  # fmt: skip
        if not exposed:
            return ()
        return (self._matched(exposed, due),)

    def _matched(self, exposed: Mapping[tuple[str, int], list[Exposed]], due: int) -> SiteCohort:
        """All exposed who have controls, and the controls as if they were spread like them."""
        strata: dict[tuple[str, int], list[bool]] = {}
        for token in self._history:
            found = self._control(token)
            if found is not None and found[0] in exposed:
                strata.setdefault(found[0], []).append(found[1])
                due = max(due, found[2])
        mine: list[Exposed] = []
        share = 0.0
        controls = 0
        for key, hit in sorted(exposed.items()):
            others = strata.get(key, [])
            if others:
                mine += hit
                controls += len(others)
                share += len(hit) * sum(others) / len(others)
        left = round(share / len(mine) * controls) if mine else 0
        year = year_of_drivers(
            self._history.values(), self._fleet, self._m.span[1], min(due, self._m.now_ms), self._cannot_tell
        )
        stays = Decimal(repr(round(year.stays, 4)))
        worth = [one if one.worth is None else replace(one, worth=one.worth * stays) for one in mine]
        return SiteCohort("", tuple(worth), controls, left, due, len(self._censored), year.test)

    def _control(self, token: int) -> tuple[tuple[str, int], bool, int] | None:
        """A driver's stratum, whether he lapsed and when his follow-up ends, indexed at his first good visit
        of the month after 60 days without a bad one; whatever came after."""
        came = self._history[token]
        start, end = self._m.span
        for n, visit in enumerate(came):
            if visit.at_ms < start or visit.at_ms >= end or not visit.good or visit.bad:
                continue
            before = [c for c in came[:n] if c.at_ms >= visit.at_ms - YEAR_MS]
            if any(c.bad and c.at_ms >= visit.at_ms - QUIET_MS for c in before):
                continue
            if len(before) < KNOWN:
                continue
            gap = mean_gap_days(list(gaps_days(before)), self._fleet)
            if self._cannot_tell(before, visit.at_ms, gap):
                self._censored.add(token)
                return None
            stratum = (self._sites(visit.site), band(gap))
            return stratum, self._lapsed(came, visit.at_ms, gap), followed(visit.at_ms, gap)
        return None

    def _cannot_tell(self, before: Sequence[Came], at_ms: int, gap: float) -> bool:
        """Whether his silence would say nothing, whatever he does: he comes too rarely to be followed to the
        end, or his usual site was shut, or nobody looked, for longer than his usual pause (reference H)."""
        if follow_up_days(gap) * DAY_MS > LONGEST_MS:
            return True
        usual = Counter(came.site for came in before).most_common(1)[0][0]
        shut = self._closures.within(self._sites(usual), (at_ms, followed(at_ms, gap)))
        return shut > gap * DAY_MS

    def _entered_before(self, came: Sequence[Came], at_ms: int) -> bool:
        """Whether a bad visit of the year before made him exposed already."""
        return any(
            c.bad and n >= KNOWN for n, c in enumerate(came) if at_ms - YEAR_MS <= c.at_ms < at_ms
        )  # fmt: skip

    def _lapsed(self, came: Sequence[Came], at_ms: int, gap: float) -> bool:
        return is_lapsed([c.at_ms for c in came], at_ms, gap, self._m.now_ms)

    # -- at risk -------------------------------------------------------------------------------

    def at_risk(self, end_ms: int) -> tuple[AtRisk, ...]:
        """Regulars who met something bad lately and are silent for longer than usual, but not yet gone."""
        found = []
        for token, came in self._history.items():
            known = [c for c in came if c.at_ms < end_ms]
            if len(known) <= KNOWN:
                continue
            gap = mean_gap_days(list(gaps_days(known)), self._fleet)
            last = known[-1]
            silent = (end_ms - last.at_ms) / DAY_MS
            bad = [c for c in known if c.bad and c.at_ms >= end_ms - QUIET_MS]
            usual = gap if last.bad else AT_RISK * gap
            if not bad or lapsed(silent, gap) or silent < max(usual, LEAST_SILENT):
                continue
            site = self._sites(last.site)
            station = next((n for n, s in self._m.network.stations.items() if s.site == site), "")
            worth = self._m.visit_worth(station, None, last.at_ms)
            year = None if worth is None else worth.value * Decimal(repr(round(365 / gap, 4)))
            ended = "the last one too" if last.bad else "not the last one"
            many = "1 bad visit" if len(bad) == 1 else f"{len(bad)} bad visits"
            found.append(
                AtRisk(
                    self._m.pseudonym(self._names(token)), site, last.at_ms, round(gap, 1), round(silent, 1),
                    len(known), len(bad), f"{many} in 60 days, {ended}", year,
                    worth.currency if worth is not None else "",
                )
            )  # fmt: skip
        return tuple(sorted(found, key=lambda one: (-(one.worth or Decimal(0)), one.driver))[:200])


def _how(visit: Visit) -> str:
    if not visit.good:
        return "nothing or too little charged"
    return "half the usual power" if visit.tries[0].good else "several tries"

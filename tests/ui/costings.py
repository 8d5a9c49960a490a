"""Twelve seeded months of the ledger, priced by the real rules from made-up facts."""

import random
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from app.analytics.costs.asked import Coverage, Covered, Owed, WarrantyPack
from app.analytics.costs.assumptions import AssumptionSet, assumption_set
from app.analytics.costs.books import Book, Books, book_of
from app.analytics.costs.brand import Credit, FirstBad, Returns
from app.analytics.costs.churn import Exposed
from app.analytics.costs.data import Blind, Peak, Unproved
from app.analytics.costs.facts import AtRisk, Counts, Facts, SiteCohort
from app.analytics.costs.field_work import Visit
from app.analytics.costs.lost_revenue import FailedVisit, Place, PricedFault, StarvedSession, Unbilled
from app.analytics.costs.manpower import Avoidable
from app.analytics.costs.periods import months_until, span_of
from app.analytics.costs.recovered import Recovered
from app.analytics.costs.savings import Treated
from app.analytics.costs.statements import Statement
from app.analytics.early_warnings import EarlyWarnings
from app.cost_room import Preview
from app.domain.care_plans import Purchase
from app.domain.ids import StationId
from app.domain.records import FaultEventRecord, FaultRecord, StationRecord
from tests.ui.pictures import NOW_MS, SITES

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = 86_400_000
LAST = "2026-10"
HELD = assumption_set(())


def books(
    months: int = 12,
    *,
    held: AssumptionSet = HELD,
    missing: tuple[str, ...] = (),
    seed: int = 3,
    lines: int = 2,
) -> Books:
    """Months up to October 2026, which is not over; the newest `lines` with their evidence."""
    periods = [p for p in months_until(LAST, months) if p not in missing]
    made = [book_of(facts(period, seed), held, NOW_MS) for period in periods]
    plain = [one.lines_apart() for one in made[: max(0, len(made) - lines)]]
    return Books((*plain, *made[len(plain) :]), missing)


def facts(period: str, seed: int = 3) -> Facts:
    """One month: everything that goes wrong, a little less each month."""
    rng = random.Random(f"{seed}/{period}")
    start, end = span_of(period, ZONE)
    until = min(end, NOW_MS)
    days = (until - start) / DAY
    age = _months(LAST) - _months(period)
    scale = (1.1 + 0.06 * age) * days / 30
    over = end <= NOW_MS

    def place(n: int) -> Place:
        name, short, *_ = SITES[n % 5]
        return Place(period, name, f"{short}-0{1 + n % 2}", "EUR")

    def at() -> int:
        return start + round(rng.random() * (until - start))

    def times(n: float) -> range:
        return range(max(1, round(n * scale)))

    def money(low: float, high: float) -> Decimal:
        return Decimal(str(round(rng.uniform(low, high), 2)))

    faults = tuple(
        PricedFault(
            place(n),
            100 * age + n,
            ("offline", "connector_fault", "start_refused")[n % 3],
            at(),
            Decimal(2 + n % 7),
            exact := money(9, 60),
            exact * Decimal("0.7"),
            exact * Decimal("1.4"),
        )
        for n in times(26)
    )
    return Facts(
        period,
        start,
        end,
        over,
        until,
        "EUR",
        faults=faults,
        starved=tuple(
            StarvedSession(
                place(n), 7000 + 40 * age + n, "cut", at(), 31_000, 6_000 + 900 * n, Decimal("0.31")
            )
            for n in times(14)
        ),
        failed=tuple(
            FailedVisit(place(n), f"visit:{place(n).station}/{start + n}", "card refused", at(), money(5, 11))
            for n in times(11)
        ),
        unbilled=tuple(
            Unbilled(place(n), 8000 + 40 * age + n, at(), money(3, 14), "kWh", Decimal("0.59"))
            for n in times(5)
        ),
        recovered=Recovered(120, 31, 10.0),
        actions=tuple(
            Avoidable(
                place(n),
                ("nuisance alarm", "repeated command", "duplicate ticket")[n % 3],
                f"fault:{n}/a",
                at(),
            )
            for n in times(60)
        ),
        firsts=tuple(FirstBad(place(n), f"P-NEW{n:03}X{age:02}", "start_refused", at()) for n in times(15)),
        returns=Returns(60, 25, 40, 9, Decimal("38.00")),
        returns_due_ms=end + 90 * DAY,
        credits=tuple(Credit(place(n), f"credit:{age}-{n}", at(), money(8, 25)) for n in times(2)),
        cohorts=(
            SiteCohort(
                SITES[0][0],
                tuple(
                    Exposed(place(0), f"P-OLD{n:03}X{age:02}", "offline", at(), n % 3 == 0, Decimal("74.00"))
                    for n in range(24)
                ),
                300,
                22,
                end + 60 * DAY,
            ),
        ),
        unproved=tuple(Unproved(place(n), 9000 + 40 * age + n, at(), Decimal("9.60")) for n in times(14)),
        peaks=(Peak(place(0), at(), Decimal(148), Decimal(131)),),
        blind=(Blind(place(1), f"blind:{age}", at(), Decimal("5.5"), "nobody was looking"),),
        visits=tuple(
            Visit(
                place(n),
                f"WO-{40 * age + n}",
                1,
                "connector_fault",
                at(),
                until,
                None if n % 2 else money(120, 190),
                no_fault_found=n % 3 == 0,
                would_have=Decimal("0.83") if n % 3 == 1 else Decimal(0),
            )
            for n in times(7)
        ),
        treated=tuple(_treated(rng, 500 + n, start, 0.4) for n in range(8)),
        untreated=tuple(_treated(rng, 600 + n, start, 4.0) for n in range(9)),
        at_risk=() if over else tuple(_risk(rng, n) for n in range(6)),
        counts=Counts(
            visits=1_480,
            visits_failed=round(86 * scale),
            drivers_hit=round(64 * scale),
            newcomers=190,
            newcomers_bad=round(15 * scale),
            complaints=3,
            reviews=2,
            blind_h=5.5,
            visits_to_sites=round(7 * scale),
            sessions_unproved=round(14 * scale),
        ),
    )


def _treated(rng: random.Random, number: int, at_ms: int, hours: float) -> Treated:
    lasted = rng.uniform(0.7, 1.3) * hours
    site, short, *_ = SITES[number % 5]
    return Treated(number, "connector_fault", site, f"{short}-01", at_ms, lasted, Decimal("3.20"), "EUR")


def _risk(rng: random.Random, n: int) -> AtRisk:
    gap, silent = rng.uniform(4, 12), rng.uniform(30, 70)
    why = ("two starts in vain, then silent", "a session was cut", "his site was offline twice")[n % 3]
    return AtRisk(
        f"P-{rng.getrandbits(60):015X}",
        SITES[n % 5][0],
        NOW_MS - round(silent * DAY),
        gap,
        silent,
        rng.randrange(8, 40),
        1 + n % 3,
        why,
        Decimal(str(round(rng.uniform(80, 640), 2))),
        "EUR",
    )


def _months(period: str) -> int:
    year, month = (int(part) for part in period.split("-"))
    return year * 12 + month


@cache
def answers() -> Mapping[str, Any]:
    """What a bridge would be told of costs."""
    known = books(13)
    dearer = assumption_set((), {"manpower.rate": "52.00"})
    return {
        "costs/books": known,
        "costs/evidence": known.months[-1],
        "costs/rates": HELD,
        "costs/early": EarlyWarnings(taken=3, missed=1, pending=2),
        "costs/coverage": covered(),
        "costs/issued": (issue_of(known.months[-2]),),
        "costs/vendors": ("Kernspar", "Voltis"),
        "costs/warranty": pack,
        "overview/costs": Books(known.months[-3:]),
        "assumptions/rates": HELD,
        "assumptions/currency": "EUR",
        "assumptions/changes": (),
        "assumptions/preview": Preview(known, books(13, held=dearer)),
    }


def issue_of(book: Book) -> Statement:
    """A month as it was issued, a hundred dearer than it is now known to be."""
    totals: dict[str, dict[str, str]] = {}
    for part in book.parts:
        mine = totals.setdefault(str(part.cost), {})
        mine[part.currency] = str(Decimal(mine.get(part.currency, "0")) + (part.amount or 0))
    maintenance = totals["maintenance"]
    maintenance["EUR"] = str(Decimal(maintenance["EUR"]) + 100)
    body = {
        "period": book.period, "assumption_set": 1, "currency": "EUR", "total": str(book.total() + 100),
        "costs": totals,
    }  # fmt: skip
    return Statement(f"{book.period}/1", book.end_ms + 3 * 86_400_000, "Marta Berg", body)


def covered(weeks: int = 13) -> Coverage:
    """Coverage with a gap, a station that came late, and one that is whole."""
    rng = random.Random(8)
    found = []
    for n in range(14):
        name, short, *_ = SITES[n % 5]
        shares = [
            None if n == 3 and week < 5 else 1.0 if n % 2 else rng.uniform(0.8, 1.0) for week in range(weeks)
        ]
        found.append(Covered(f"{short}-{1 + n // 5:02}", name, tuple(shares)))
    return Coverage(tuple(NOW_MS - (weeks - n) * 7 * DAY for n in range(weeks)), tuple(found))


def pack(zone: str, vendor: str, from_ms: int, to_ms: int, now_ms: int) -> WarrantyPack:
    """Three faults of a maker; of one station nobody wrote down the warranty."""
    found = []
    for n in range(3):
        station = StationRecord(
            StationId(f"UTM-0{n + 1}"), vendor=vendor, model="Bolt 150", serial=f"UTM0001{n}"
        )
        bought = None if n == 2 else Purchase(f"UTM-0{n + 1}", "2025-02-01", "2025-03-01", "2027-03-01")
        onset = NOW_MS - (n + 3) * 9 * DAY
        fault = FaultRecord(
            90 + n,
            "connector_fault",
            "CX012",
            "Connector lock failure",
            station.station,
            SITES[0][0],
            onset_ms=onset,
            opened_ms=onset,
            cleared_ms=onset + 5 * 3_600_000,
            raw="E-117",
        )
        lines = (FaultEventRecord(90 + n, 1, onset, "station", "", "opened", text="It does not lock"),)
        found.append(Owed(fault, station, bought, True if bought else None, lines, 5.0))
    return WarrantyPack(vendor, from_ms, to_ms, tuple(found), ("UTM-03",))

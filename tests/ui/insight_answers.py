"""Seeded answers to the questions of insights: four weeks of a busy network, and the weeks before."""

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.analytics.attempts import Step
from app.analytics.costs.books import Books
from app.analytics.costs.data import Peak
from app.analytics.costs.expansion import Candidate, HourType, cases
from app.analytics.costs.lost_revenue import Place
from app.analytics.driver_kpis import FunnelStep
from app.analytics.failure_history import Make
from app.analytics.insights.answers import Hours, Makes, Offered, Starts
from app.analytics.insights.behaviour import ENERGY_EDGES_KWH, STAY_EDGES_MIN, Behaviour, Spread
from app.analytics.insights.chosen import Chosen
from app.analytics.insights.supply import SiteSupply, Supply
from app.analytics.insights.week import Cell, Forecast, week_hours
from app.analytics.intervals import Share
from app.analytics.maintenance import scorecard
from app.analytics.maintenance_page import ScoreRow
from app.fleet.views import Picture
from tests.ui.costings import HELD
from tests.ui.pictures import NOW_MS, SITES

YEAR = 365 * 86_400_000
MAKES = (
    ("Helion", "Quadra 150", "4.2.1"), ("Nordwatt", "NW-300 Duo", "1.9.4"), ("Kestrel Power", "K2", "2.0.7"),
    ("Helion", "Quadra 150", "4.2.3"), ("Nordwatt", "NW-300 Duo", "1.9.6"), ("Ampaio", "Via 22", "6.5.1"),
)  # fmt: skip
FAILED = ((9, 41), (8, 12), (2, 2), (4, 3), (12, 6), (14, 4))
BEFORE_MS = NOW_MS - 20 * 86_400_000


def answers(picture: Picture) -> dict[str, Any]:
    """What a bridge is told."""
    there = offered(picture)
    if not picture.stations:
        return {"insights/offered": there}

    def earlier(chosen: Chosen) -> bool:
        return chosen.to_ms < BEFORE_MS

    found: dict[str, Any] = {"insights/offered": there}
    for which in (0, 1):
        found |= {
            f"insights/starts/{which}": lambda chosen, zone: starts(earlier(chosen)),
            f"insights/hours/{which}": lambda chosen, zone, now: hours(earlier(chosen), zone, now),
            f"insights/makes/{which}": lambda chosen: makes(earlier(chosen)),
            f"insights/drivers/{which}": lambda chosen, zone: drivers(earlier(chosen)),
            f"insights/supply/{which}": lambda chosen, zone: supply(earlier(chosen)),
        }
    return found


def offered(picture: Picture) -> Offered:
    """All sites of the picture and six makes."""
    sites = tuple(sorted({view.site for view in picture.stations.values() if view.site}))
    return Offered(sites, MAKES if picture.stations else (), len(picture.stations), NOW_MS - YEAR)


def starts(earlier: bool = False) -> Starts:
    """6,824 attempts of which 6,313 ended well; a little worse before."""
    counts = (6702, 6508, 6306, 6193, 6059) if earlier else (6824, 6671, 6514, 6422, 6313)
    lost = (
        (("Invalid", 64), ("never authorised", 49), ("no answer", 40)),
        (("no session began", 71), ("a fault", 52), ("EVDisconnected", 34)),
        (("energy not proved", 48), ("no energy", 27), ("GroundFault", 17)),
        (("a fault", 58), ("PowerLoss", 36), ("UnlockCommand", 15)),
        (),
    )
    funnel = tuple(
        FunnelStep(step, n, () if earlier else causes)
        for step, n, causes in zip(Step, counts, lost, strict=True)
    )
    good, whole = counts[-1], counts[0]
    shares = (868, 894, 889, 947, 948, 959)
    by_make = tuple(
        (make, Share(units * share // 8, units * 125))
        for make, (units, _), share in zip(MAKES, FAILED, shares, strict=True)
    )
    return Starts(funnel, Share(good, whole), by_make, (("no session began", MAKES[0], 64),))


def hours(earlier: bool, zone: str, now_ms: int) -> Hours:
    """Commuters on weekdays, shoppers on Saturday; full on Friday afternoons."""
    rng = random.Random(9 + earlier)
    cells, ahead = [], []
    for hour in range(168):
        day, h = divmod(hour, 24)
        wanted = 1.2 + 9 * max(0, 1 - abs(h - 8) / 4) * (day < 5) + 18 * max(0, 1 - abs(h - 16.5) / 6)
        wanted *= 1.35 if day == 4 else 0.8 if day == 6 else 1
        wanted *= 0.9 if earlier else 1
        starts_ = round(4 * wanted * rng.uniform(0.85, 1.15))
        full = max(0.0, (wanted - 15) / 60) if wanted > 15 else 0.0
        cells.append(Cell(hour, starts_, 4.0, starts_ / 4, full))
        ahead.append(wanted)
    begin = 3 * 24 + 14
    expected = tuple(ahead[(begin + n) % 168] for n in range(168))
    first = now_ms // 3_600_000 * 3_600_000
    forecast = Forecast(
        first, expected, tuple(0.8 * v for v in expected), tuple(1.2 * v for v in expected), 21.4, 28.9
    )
    return Hours(tuple(cells), now_ms - 28 * 86_400_000, forecast, tuple(week_hours(first, zone)))


def makes(earlier: bool = False) -> Makes:
    """One firmware clearly worse, two clearly better, one of few data."""
    spans = [(m, units * 2 * YEAR // 13, n + (4 if earlier else 0)) for m, (units, n) in
             zip(MAKES, FAILED, strict=True)]  # fmt: skip
    units = {make: count for make, (count, _) in zip(MAKES, FAILED, strict=True)}
    rows = tuple(
        ScoreRow(
            Make(*score.group), units[(score.group[0], score.group[1], score.group[2])], 900, score,
            Share(3, 8), "not clear", 2.5, None, (),
        )
        for score in scorecard(spans)
    )  # fmt: skip
    years = sum(span for _, span, _ in spans) / YEAR
    return Makes(rows, sum(n for _, _, n in spans) / years)


def drivers(earlier: bool = False) -> Behaviour:
    """1,840 sessions; more of them short before."""
    arrivals = tuple(round(20 + 90 * max(0, 1 - abs(h - 8) / 3) + 140 * max(0, 1 - abs(h - 17) / 5))
                     for h in range(24))  # fmt: skip
    stay = (120, 380, 520, 310, 210, 160, 90, 50) if not earlier else (260, 520, 480, 240, 140, 100, 60, 40)
    energy = (90, 160, 380, 460, 330, 240, 120, 60)
    idle = (900, 210, 180, 120, 90, 60, 20, 4)
    return Behaviour(
        1840, arrivals if not earlier else arrivals[2:] + arrivals[:2],
        Spread(STAY_EDGES_MIN, stay, 52.0, 260.0),
        Spread(ENERGY_EDGES_KWH, energy, 27.4, 61.0), Spread(STAY_EDGES_MIN, idle, 14.0, 130.0), 1584, 0.27,
        412, 960, {SITES[2][0]: 0.42}, {"EUR": Decimal("412.60")}, 2,
    )  # fmt: skip


def few(which: int) -> dict[str, Any]:
    """Answers of a network in which three sessions were ever seen."""
    funnel = tuple(FunnelStep(step, 3 if n < 4 else 2, (("a fault", 1),) if n == 3 else ())
                   for n, step in enumerate(Step))  # fmt: skip
    cells = tuple(Cell(h, int(h in (8, 30, 104)), 4.0, (h in (8, 30, 104)) / 4, None) for h in range(168))
    stay, none = (0, 1, 1, 0, 1, 0, 0, 0), Spread(STAY_EDGES_MIN, (0,) * 8, None, None)
    arrivals = tuple(int(h in (6, 8)) for h in range(24))
    return {
        f"insights/starts/{which}": Starts(funnel, Share(2, 3), (), ()),
        f"insights/hours/{which}": Hours(cells, NOW_MS, Forecast(NOW_MS, (), (), (), None, None), ()),
        f"insights/drivers/{which}": Behaviour(
            3, arrivals, Spread(STAY_EDGES_MIN, stay, 40.0, 130.0),
            Spread(ENERGY_EDGES_KWH, stay, 9.0, 22.0), none, 0, None, 0, 3,
        ),
    }  # fmt: skip


def supply(earlier: bool = False) -> Supply:
    """Five sites of which three tell their voltage, one of them too high on sunny days."""
    told = (
        (221, 230, 238, 0, 21, 0.4), (218, 233, 259, 310, 12, 0.1), (209, 226, 236, 0, 9, 0.0), None, None,
    )  # fmt: skip
    found = []
    for n, ((site, *_), meter) in enumerate(zip(SITES[:5], told, strict=True)):
        energy, peak = 21_400_000 - 3_300_000 * n, 142_000 - 21_000 * n
        if meter is None:
            none = Share(0, 0)
            found.append(
                SiteSupply(site, 500 - 60 * n, energy, peak, None, None, None, None, none, None, none, none)
            )
            continue
        low, middle, high, outside, apart, far = meter
        found.append(
            SiteSupply(
                site, 500 - 60 * n, energy, peak, 230, low, middle - 2 * earlier, high, Share(outside, 8_200),
                apart, Share(round(4_100 * far), 4_100), Share(12 * n, 900 if n < 2 else 0),
            )
        )  # fmt: skip
    return Supply(tuple(found), 0.93)


def peaks(period: str) -> tuple[Peak, ...]:
    """A month of six sites."""
    found = []
    for n, (site, *_) in enumerate(SITES[:6]):
        peak = Decimal(310 - 42 * n + (12 if period == "2026-09" else 25 if period < "2026-09" else 0))
        spread = (peak * (Decimal("0.62") + Decimal("0.06") * n)).quantize(Decimal("0.1"))
        found.append(Peak(Place(period, site, "", "EUR"), 0, peak, spread))
    return tuple(found)


def with_cases(books: Books, *, priced: bool = True) -> Books:
    """Books whose newest months say what one more connector would do at six pools."""
    made = []
    for book in books.months:
        candidates = [
            Candidate(
                Place(book.period, site, "", "EUR"), f"{site}/CCS/150 kW", 2,
                (HourType(120, 2.2 - 0.33 * n, 1.5 - 0.22 * n, 0.12),), Decimal("8.20"), 300.0, 1400.0,
                26.0 - 4 * n, 14 - 2 * n, Decimal(60 + 12 * n) if priced else None,
                Decimal(9_500 + 900 * n) if priced else None,
            )
            for n, (site, *_) in enumerate(SITES[:6])
        ]  # fmt: skip
        found = cases(candidates, HELD, Decimal("0.25"))
        made.append(replace(book, cases=found, peaks=peaks(book.period)))
    return Books(tuple(made), books.missing)

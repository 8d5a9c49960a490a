"""Seeded uptime of a seeded picture, as the questions of the uptime page are answered."""

import json
import random
from typing import Any

from app.analytics.attempts import Step
from app.analytics.driver_availability import SiteSight
from app.analytics.driver_kpis import DriverKpis, FunnelStep
from app.analytics.freshness import Freshness
from app.analytics.intervals import Share
from app.analytics.station_faults import PastFault, Repeat, StationFaults
from app.analytics.timelines import State, Tile
from app.analytics.uptime_table import EvseViews, UptimeTable
from app.analytics.uptime_views import Exclusion, judge, views
from app.domain.records import EntryRecord, FaultEventRecord
from app.fleet.views import Picture
from tests.ui.pictures import HOUR, NOW_MS
from tests.ui.wrongs import fault


def _entry(number: int, by: str, hours_ago: int, **body: Any) -> EntryRecord:
    """Ten hours that are excused, written down an hour later."""
    start = NOW_MS - hours_ago * HOUR
    told = {"start_ms": start, "end_ms": start + 10 * HOUR, **body}
    made = json.dumps(told)
    return EntryRecord("exclusion", f"exclusion-{number}", 1, start + 11 * HOUR, by, body=made)


EXCUSED = (
    _entry(
        1, "Sanne Visser", 40, site="Venlo Blerick", code="GRID",
        evidence=["letter of the grid operator, 14 October"], note="cable cut in the street",
    ),
    _entry(2, "operator", 80, stations=["UTM-01"], code="VANDALISM", evidence=[]),
)  # fmt: skip


KPIS = DriverKpis(
    attempts=212, visits=190, cancelled=4, running=1, session_success=Share(188, 212),
    start_success=Share(198, 212), completion=Share(188, 198), first_attempt=Share(171, 190),
    visit_success=Share(182, 190), tries_per_good_visit=None, start_median_s=14.0, start_p90_s=38.0,
    within_60_s=Share(196, 198),
    funnel=(
        FunnelStep(Step.PLUGGED, 212, (("card refused", 6), ("unplugged", 2))),
        FunnelStep(Step.AUTHORISED, 204, (("start refused", 3),)),
        FunnelStep(Step.STARTED, 201, (("no energy", 3),)),
        FunnelStep(Step.ENERGY, 198, (("GroundFailure", 6), ("power lost", 4))),
        FunnelStep(Step.ENDED_WELL, 188, ()),
    ),
)  # fmt: skip


def past_faults(station: str, now_ms: int) -> StationFaults:
    """Two that are over, one ended by a person, one by recovery; one of them comes back."""
    past = []
    for n, (verb, kind, actor, text) in enumerate(
        (("clear", "station", station, ""), ("recovery", "automatic", "automatic", "soft reset, proved"))
    ):
        onset = NOW_MS - (n + 2) * 30 * HOUR
        record = fault(
            90 + n, station, kind=n, onset_ms=onset, opened_ms=onset, cleared_ms=onset + HOUR,
            closed_ms=onset + HOUR, state="NORM", lost_minor=420 * (n + 1), currency="EUR", evse=1,
        ).record  # fmt: skip
        line = FaultEventRecord(90 + n, 3, onset + HOUR, kind, actor, verb, "ACKED", "NORM", text)
        past.append(PastFault(record, line))
    repeat = Repeat("CX012", "Connector lock failure", 1, 5, NOW_MS - 60 * HOUR, (("EUR", 2_100),))
    return StationFaults(station, tuple(past), (repeat,))


def table(picture: Picture, window: tuple[int, int], station: str = "") -> UptimeTable:
    """Each EVSE with some outage, some of it excused, and an hour of our own blind time."""
    rows = []
    start, end = window
    for view in picture.stations.values():
        if station not in ("", view.station):
            continue
        for evse in sorted({plug.evse for plug in view.connectors} or {1}):
            rng = random.Random(f"{view.station} {evse}")
            out = round((end - start) * rng.choice((0, 0.002, 0.011, 0.034, 0.09)))
            blind = min(HOUR, (end - start) // 10)
            tiles = [
                Tile(start, start + out, rng.choice((State.FAULTED, State.OFFLINE))),
                Tile(start + out, end - blind, State.AVAILABLE),
                Tile(end - blind, end, State.BLIND),
            ]
            tiles = [tile for tile in tiles if tile.end > tile.start]
            told = [Exclusion(start, start + out // 3, "GRID")]
            judged = {v.name: judge(v, tiles, told) for v in views().values()}
            rows.append(EvseViews(view.station, view.site, evse, judged, blind, 0))
    return UptimeTable(window, tuple(rows), ((end - HOUR, end),))


def answers(picture: Picture) -> dict[str, Any]:
    """What a bridge would be told, by the name of the question."""

    def sight(window: tuple[int, int], site: str = "") -> tuple[SiteSight, ...]:
        whole = window[1] - window[0]
        names = sorted({view.site for view in picture.stations.values() if site in ("", view.site)})
        return tuple(
            SiteSight(
                name, kind, 4, whole * (80 + n) // 100, whole // 20, whole // (100 + n), whole // 50,
                (window[0], window[0] + whole // 200),
            )
            for n, name in enumerate(names)
            for kind in ("CCS", "Type 2")
        )  # fmt: skip

    return {
        "uptime_table": lambda window, zone, station="": table(picture, window, station),
        "freshness": lambda start, end, station="": Freshness(Share(12_208, 12_345), 5 * HOUR),
        "current_entries": lambda kind="": [one for one in EXCUSED if kind in ("", one.kind)],
        "driver_availability": sight,
        "kpis_between": lambda start, end, station="": KPIS,
        "station_faults": past_faults,
    }

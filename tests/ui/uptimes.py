"""Seeded uptime of a seeded picture, as the questions of the uptime page are answered."""

import json
import random
from typing import Any

from app.analytics.driver_availability import SiteSight
from app.analytics.freshness import Freshness
from app.analytics.intervals import Share
from app.analytics.timelines import State, Tile
from app.analytics.uptime_table import EvseViews, UptimeTable
from app.analytics.uptime_views import Exclusion, judge, views
from app.domain.records import EntryRecord
from app.fleet.views import Picture
from tests.ui.pictures import HOUR, NOW_MS


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
    }

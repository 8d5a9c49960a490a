"""Work orders, visits and scorecards, so that Maintenance can be shown without a core."""

import json
from dataclasses import replace
from typing import Any

from app.analytics.failure_history import Make
from app.analytics.intervals import Share
from app.analytics.maintenance import Maintenance, maintenance, scorecard
from app.analytics.maintenance_page import CarePage, Figures, Month, OrderDetail, ScoreRow
from app.analytics.results import Uptime
from app.analytics.settings_page import SettingsView, Written
from app.domain.care_plans import Purchase, planned_work
from app.domain.records import EntryRecord
from app.domain.work_orders import KIND, PartUsed, Visit, WorkOrder, body_for, from_faults
from app.fleet.views import Picture
from app.notify.channels import Health
from app.notify.post import Sent
from tests.ui import fault_scenes
from tests.ui.pictures import HOUR, MINUTE, NOW_MS
from ui.pages.settings.notifications import Ways

DAY = 24 * HOUR
YEAR = 365 * DAY


def orders() -> tuple[WorkOrder, ...]:
    """Seven open ones, some late, some planned, one for the third time; and two that are done."""
    scenes = fault_scenes

    def of(number: str, fault: Any, **more: Any) -> WorkOrder:
        return replace(from_faults([fault], number, NOW_MS - 2 * DAY), **more)

    before = Visit(
        NOW_MS - 12 * DAY, NOW_MS - 12 * DAY + 40 * MINUTE, "Marta Berg", 40, "145", "EUR", "Lock oiled",
        parts=(PartUsed("LM-4120", "88.50", True),),
    )  # fmt: skip
    lock = of("WO-318", scenes.LOCK, who="Marta Berg", due_ms=NOW_MS + 20 * HOUR, day="2026-10-16", stop=1,
              state="planned", title="Replace lock motor, both CCS", on_site_min=40)  # fmt: skip
    link = of("WO-317", scenes.LINK, who="Marta Berg", due_ms=NOW_MS + 24 * HOUR, day="2026-10-16", stop=2,
              state="planned", title="Router dead, replace with SIM", on_site_min=30)  # fmt: skip
    ground = of("WO-315", scenes.GROUND, who="Sanne Visser", due_ms=NOW_MS - 92 * MINUTE, state="under way",
                title="Ground failure, test both cables", day="2026-10-15", stop=1)  # fmt: skip
    silent = of("WO-312", scenes.SILENT, who="Marta Berg", day="2026-10-16", stop=3, state="planned",
                title="Card reader rejects, reseat", due_ms=NOW_MS + 26 * HOUR, on_site_min=25)  # fmt: skip
    hot = of("WO-314", scenes.HOT, title="Clean filter, check fan", due_ms=NOW_MS + 4 * DAY)
    board = WorkOrder("WO-309", "Vehicle link errors, new board", "GNL-01", "Gent Ledeberg",
                      created_ms=NOW_MS - 6 * DAY, note="waits for PL-3301")  # fmt: skip
    earlier = WorkOrder(
        "WO-290", "Lock sticks", lock.station, lock.site, lock.evse, (3,), lock.cause, "Marta Berg",
        state="done", created_ms=NOW_MS - 13 * DAY, closed_ms=NOW_MS - 12 * DAY, visits=(before,),
    )  # fmt: skip
    return lock, link, ground, silent, hot, board, earlier


def page(picture: Picture) -> CarePage:
    """Everything written down."""
    begin = NOW_MS + 5 * DAY
    works = (
        (
            "work-1",
            planned_work("Yearly safety test", "Gent Ledeberg", [], begin, begin + 2 * HOUR, NOW_MS, "TÜV"),
        ),
        ("work-2", planned_work("Grid works", "", ["LIF-01"], NOW_MS - HOUR, NOW_MS + HOUR, NOW_MS - DAY)),
    )
    views = picture.stations.values()
    places = {v.station: (v.latitude, v.longitude) for v in views if v.latitude is not None}
    return CarePage(
        orders(), works,
        (Purchase("VLB-01", "2024-02-01", "2024-04-02", "2027-04-02", "28000", "EUR"),
         Purchase("LIF-01", "2021-02-01", "2021-04-02", "2024-04-02", "26500", "EUR")),
        {v.station: v.site for v in views}, places, "EUR",  # type: ignore[arg-type]
        {f.fault: f for f in (fault_scenes.LOCK, fault_scenes.LINK, fault_scenes.GROUND)},
    )  # fmt: skip


def figures() -> Figures:
    """A year that got better, and seven makes."""
    cells = (
        (("Nordwatt", "NW-300 Duo", "4.2.1"), 9, 31), (("Nordwatt", "NW-300 Duo", "4.2.3"), 4, 5),
        (("Helion", "Quadra 150", "1.9.4"), 8, 14), (("Helion", "Quadra 150", "1.9.6"), 3, 2),
        (("Ampaio", "Via 22", "6.5.1"), 14, 6), (("Kestrel Power", "K2", "3.2.0"), 6, 6),
        (("Kestrel Power", "K2", "2.0.7"), 2, 1),
    )  # fmt: skip
    scores = scorecard((group, units * 2 * 90 * DAY, failed) for group, units, failed in cells)
    units = {group: count for group, count, _ in cells}
    rows = []
    for place, score in enumerate(scores):
        remote = Share(score.failures * 2 // 3, score.failures)
        uptime = None if place == 1 else Uptime(round(90 * DAY * (0.97 + 0.004 * place)), DAY, 0)
        rows.append(
            ScoreRow(
                Make(*score.group), units[score.group], 400, score, remote, "not clear", 5.5, uptime, (11, 12)
            )
        )
    months = tuple(
        Month(f"2026-{n + 1:02}" if n < 10 else f"2025-{n + 1}", _told(14 - n), Share(70 + n, 90))
        for n in (10, 11, *range(10))
    )
    return Figures(months, _told(6), Share(9, 11), 3, tuple(rows), 2.9, Share(40, 65))


def detail(order: WorkOrder) -> OrderDetail:
    """An order that was made and planned."""
    versions = tuple(
        EntryRecord(KIND, order.number, n, NOW_MS - (3 - n) * DAY, who, "", json.dumps(body_for(made)))
        for n, (who, made) in enumerate(
            (("SV", replace(order, day="", state="open")), ("MB", order)), 1
        )
    )  # fmt: skip
    kept = {f.fault: f for f in (fault_scenes.LOCK, fault_scenes.LINK, fault_scenes.GROUND)}
    return OrderDetail(
        versions, None, tuple(kept[n] for n in order.faults if n in kept), (fault_scenes.HOT,),
        Purchase(order.station, warranty_until="2027-04-02"),
    )  # fmt: skip


def written(picture: Picture) -> SettingsView:
    """Settings as somebody wrote them down."""

    def of(kind: str, **bodies: dict[str, Any]) -> tuple[Written, ...]:
        return tuple(
            Written(kind, name.replace("_", " "), body, "SV", NOW_MS - DAY) for name, body in bodies.items()
        )

    hours = {day: ["06:00-22:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    price = {"from_ms": NOW_MS - 90 * DAY, "currency": "EUR", "per_kwh": "0.59", "tax_percent": "21"}
    night = [{"from": "20:00", "to": "06:00", "per_kwh": "0.49"}]
    rule = {
        "name": "On call",
        "channels": ["phone", "tray"],
        "priorities": ["P1", "P2"],
        "quiet": [1320, 360],
    }
    site = {"zone": "Europe/Amsterdam", "hours": hours, "host": "Van Dijk"}
    return SettingsView(
        {
            "organisation": of("organisation", own={"name": "Laadnet Zuid", "currency": "EUR"}),
            "site": of("site", Venlo_Blerick=site),
            "price": of(
                "price", all={**price, "bands": night, "site": ""},
                next={**price, "from_ms": NOW_MS + 20 * DAY, "per_kwh": "0.62", "site": ""},
                before={**price, "from_ms": NOW_MS - 400 * DAY, "per_kwh": "0.55", "site": ""},
            ),
            "energy-cost": of("energy-cost", all={**price, "per_kwh": "0.21", "site": ""}),
            "notify-rule": of("notify-rule", rule=rule, gathered={**rule, "name": "Daily", "quiet": None,
                              "digest_min": 1440, "min_per_hour": "5", "off": True}),
            "playbook": of("playbook", lock={"playbook": "connector-lock", "site": "", "automatic": True}),
            "recovery": of("recovery", all={"quiet": [1320, 360]}),
        },
        tuple(sorted({v.site for v in picture.stations.values()})),
    )  # fmt: skip


def ways() -> Ways:
    """Channels of which one fails."""
    health = (
        ("mail", Health(NOW_MS - DAY, NOW_MS - HOUR, "the server refuses the password")),
        ("phone", Health(NOW_MS - HOUR)),
    )
    sent = (
        Sent(NOW_MS - HOUR, "phone", "Connector lock failure at VLB-01", "", (11,)),
        Sent(NOW_MS - HOUR, "mail", "Connector lock failure at VLB-01", "", (11,), health[0][1].cause, 3),
    )
    return Ways(("desktop", "tray", "mail", "phone"), health, sent)


def answers(picture: Picture) -> dict[str, Any]:
    """What a bridge would be told, by the name of the question."""
    if not picture.stations:
        nothing = CarePage((), (), (), {}, {}, "EUR", {})
        return {"care_page": nothing, "figures": _nothing(), "settings_view": SettingsView({}, ())}
    return {
        "care_page": page(picture),
        "figures": figures(),
        "order_detail": detail,
        "settings_view": written(picture),
        "settings/channels": ways(),
        "settings/playbooks": (
            ("connector-lock", "Connector cannot lock", True, Share(19, 31)),
            ("station-offline", "Station is offline", False, Share(0, 0)),
            ("stuck-session", "Session does not end", True, Share(2, 3)),
        ),
        "faults_of": (fault_scenes.LOCK, fault_scenes.LINK),
    }


def _told(minutes: float) -> Maintenance:
    share = Share(25, 41)
    return Maintenance(
        41, 60_000, 130, 1400, None, 3.1, 2.8 + minutes / 10, minutes + 2, minutes, 1, 0.998, share,
        Share(2, 30), 1,
    )  # fmt: skip


def _nothing() -> Figures:
    empty = maintenance([], 0, NOW_MS)
    none = Share(0, 0)
    months = tuple(Month(f"2026-{n:02}", empty, none) for n in range(1, 11))
    return Figures(months, empty, none, 0, (), None, none)

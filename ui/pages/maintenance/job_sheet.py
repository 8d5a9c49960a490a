"""What the technician takes along: the job sheet of an order, and the list of a day's stops."""

from collections.abc import Sequence
from urllib.parse import quote
from zoneinfo import ZoneInfo

from app.analytics.maintenance_page import OrderDetail
from app.analytics.visit_plan import KM_PER_HOUR, ROAD_FACTOR, Route
from app.domain.records import FaultRecord
from app.domain.work_orders import WorkOrder
from app.faults.views import FaultView
from ui.models.fault_words import where
from ui.models.work_orders import begins, day_text, due_text
from ui.printing.paper import Paper
from ui.theme.formats import UNKNOWN, clock, day, duration, local, number, stamp

PAST = 8


def job_sheet(
    order: WorkOrder,
    detail: OrderDetail,
    views: Sequence[FaultView],
    now_ms: int,
    zone: ZoneInfo,
    organisation: str = "",
) -> Paper:
    """The sheet of one order: the charger, the faults, what was before, what to check, proof, signature."""
    paper = Paper()
    paper.title(f"Work order {order.number}", organisation or "Forecourt")
    paper.line(order.title, strong=True)
    paper.facts([fact for fact in _facts(order, detail, now_ms, zone) if fact[1]])
    paper.heading("Faults")
    if detail.faults:
        paper.table(
            ("Fault", "What", "Where", "Since", "Station said"),
            [
                (str(f.fault), f.title, where(f) or "all of it", stamp(f.onset_ms, zone), f.raw)
                for f in detail.faults
            ],
            (9, 33, 16, 22, 20),
        )
    else:
        paper.line("This order was not made from a fault.", quiet=True)
    checks = [text for text in dict.fromkeys(view.action for view in views) if text]
    paper.heading("What to check")
    for text in [*checks, order.note, "Session on each connector after the repair, at least 1 kWh."]:
        if text:
            paper.line(f"☐  {text[0].upper()}{text[1:]}")
    paper.heading("What happened here before")
    _history(paper, order, detail.past, zone)
    paper.heading("Parts")
    paper.table(("Part", "Number", "Price", "Warranty"), [("", "", "", "")] * 3, (46, 24, 15, 15))
    paper.heading("Proof of fix")
    paper.facts(
        [
            ("Began, ended", "____________   ____________"),
            ("Value measured", "______________________________"),
            ("Session delivered", "______ kWh on connector ______"),
            ("No fault found", "☐"),
        ]
    )
    paper.signatures(("Technician, date", "Host, date"))
    paper.line(f"Times in {zone}. Written by Forecourt {stamp(now_ms, zone)}.", quiet=True)
    return paper


def _facts(order: WorkOrder, detail: OrderDetail, now_ms: int, zone: ZoneInfo) -> list[tuple[str, str]]:
    record, bought = detail.station, detail.purchase
    point = ""
    if record is not None and record.latitude is not None and record.longitude is not None:
        point = f"{record.latitude:.5f}, {record.longitude:.5f}"
    warranty = ""
    if bought is not None and bought.warranty_until:
        over = bought.in_warranty(day_key(now_ms, zone)) is False
        warranty = f"{'ended' if over else 'until'} {bought.warranty_until}"
    return [
        ("Station", f"{order.station}{f', EVSE {order.evse}' if order.evse else ''}"),
        ("Site", order.site),
        ("Coordinates", point),
        ("Maker and model", f"{record.vendor} {record.model}".strip() if record is not None else ""),
        ("Serial number", record.serial if record is not None else ""),
        ("Firmware", record.firmware if record is not None else ""),
        ("Warranty", warranty),
        ("Due", due_text(order, now_ms, zone)),
        ("Visit", day_text(order.day, now_ms, zone) if order.day else ""),
        ("Who", order.who),
    ]


def _history(paper: Paper, order: WorkOrder, past: Sequence[FaultRecord], zone: ZoneInfo) -> None:
    rows = [
        (day(v.at_ms, zone, year=True), f"Visit by {v.who}", v.result or "no fault found")
        for v in reversed(order.visits)
    ]
    rows += [
        (day(f.opened_ms, zone, year=True), f.title, "open" if f.closed_ms is None else _lasted(f))
        for f in past[:PAST]
    ]
    if rows:
        paper.table(("When", "What", "Outcome"), rows, (20, 48, 32))
    else:
        paper.line("Nothing was recorded here before.", quiet=True)


def _lasted(fault: FaultRecord) -> str:
    return f"over after {duration((fault.closed_ms or fault.onset_ms) - fault.onset_ms)}"


def day_key(now_ms: int, zone: ZoneInfo) -> str:
    """Today as "2026-10-16"."""
    return f"{local(now_ms, zone):%Y-%m-%d}"


def route_sheet(route: Route, now_ms: int, zone: ZoneInfo) -> Paper:
    """A person's day: the stops in order with times and ways."""
    paper = Paper()
    paper.title(f"Visits, {day_text(route.day, now_ms, zone)}", route.who or "nobody named")
    paper.table(
        ("", "Begins", "Where", "What", "On site", "Way"),
        [
            (
                str(stop.number),
                " ".join(begins(stop)).strip() or UNKNOWN,
                " ".join(part for part in (stop.order.site, stop.order.station) if part),
                f"{stop.order.title} ({stop.order.number})",
                duration(stop.on_site_min * 60_000),
                "" if stop.km is None else f"{number(stop.km)} km",
            )
            for stop in route.stops
        ],
        (5, 11, 27, 33, 12, 12),
    )
    paper.line(how_told(), quiet=True)
    return paper


def how_told() -> str:
    """How distances and times are made, in words."""
    return (
        f"Ways are straight lines × {number(ROAD_FACTOR, 1)} at {KM_PER_HOUR} km/h, "
        "the first stop begins at 09:00."
    )


def mail_of(route: Route, now_ms: int, zone: ZoneInfo) -> str:
    """The address that opens a letter with a person's stops in the mail program."""
    lines = [f"Visits, {day_text(route.day, now_ms, zone)}", ""]
    for stop in route.stops:
        at = " ".join(begins(stop)).strip()
        order = stop.order
        place = " ".join(part for part in (order.site, order.station) if part)
        lines.append(f"{stop.number}. {f'{at} ' if at else ''}{place}: {order.title} ({order.number})")
        if order.due_ms is not None:
            lines.append(f"   due {day(order.due_ms, zone, weekday=True)} {clock(order.due_ms, zone)}")
        if order.note:
            lines.append(f"   {order.note}")
    to = route.who if "@" in route.who else ""
    return f"mailto:{quote(to)}?subject={quote(lines[0])}&body={quote(chr(10).join(lines))}"

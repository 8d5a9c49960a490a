"""Evidence lines as rows, and where each leads: its fault, its session, its order, its messages."""

from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.analytics.costs.causes import note_words
from ui.models.cost_words import cause_words, euro, minutes_words, object_words, title_of
from ui.models.costs import Event
from ui.models.words import within
from ui.theme.formats import UNKNOWN, day, number

ROUTES = {
    "fault": "faults/queue",
    "session": "sessions/list",
    "work-order": "faults/maintenance",
    "command": "stations/commands",
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line: when, the link's word, what, how much, money; `route` and `argument` are where it leads."""

    day: str
    link: str
    text: str
    quantity: str
    amount: str
    route: str = ""
    argument: str = ""


SHORT = 32
"""A note up to this length stands in the list; longer ones stand in the file."""


def route_of(event: Event) -> tuple[str, str]:
    """The page and argument that show it; ("", "") where there is none: a driver is told by pseudonym."""
    kind, which = object_words(event.line.object)
    if kind in ROUTES:
        return ROUTES[kind], which
    if event.part.station:
        return "stations/station", event.part.station
    return ("stations/list", f"site:{event.part.site}") if event.part.site else ("", "")


def quantity_of(event: Event) -> str:
    """How much of it: "1 h 50 min", "3.2 kWh", "17 kW"."""
    quantity, unit = event.line.quantity, event.line.unit
    if unit == "min":
        return minutes_words(quantity)
    if unit == "h":
        return minutes_words(quantity * 60)
    if quantity == 1:
        return ""
    digits = 0 if quantity == quantity.to_integral_value() else 2 if abs(quantity) < 1 else 1
    return f"{number(float(quantity), digits)} {unit}"


def event_row(event: Event, zone: ZoneInfo) -> EventRow:
    """A line as the panel lists it."""
    route, argument = route_of(event)
    words, note = cause_words(event.part.cause), event.line.note
    if note and note != event.part.cause and len(note) <= SHORT:
        words = f"{words}, {note_words(note)}"
    amount = UNKNOWN if event.line.amount is None else euro(event.line.amount, event.part.currency)
    where = event.part.station or event.part.site or UNKNOWN
    title = title_of(event.line)
    what = f"{words}, {within(title)}" if ":" in event.line.object else words
    return EventRow(day(event.line.at_ms, zone), where, what, quantity_of(event), amount, route, argument)


def formula_words(event: Event) -> str:
    """quantity × price, as it was multiplied."""
    line = event.line
    if not line.unit_price:
        return ""
    price = line.unit_price.quantize(Decimal("0.0001")).normalize()
    return f"{number(float(line.quantity), 3)} {line.unit} × {price:f}"

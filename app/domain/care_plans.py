"""Announced work and purchases as they are written down (entries). Pure.

"planned-work": {"title", "site", "stations": [], "from_ms", "to_ms", "announced_ms", "who", "note"};
`start_ms` and `end_ms` repeat the span for the uptime views. Work that was announced before it
began is excused time, and alarms of its stations are suppressed by design while it lasts.

"purchase", entry = the station: {"station", "bought", "delivered", "warranty_until" (dates),
"price", "currency", "order"}.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.prices import amount

PURCHASE_COLUMNS = ("station", "bought", "delivered", "warranty_until", "price", "currency")
MOST_ROWS = 50_000


def planned_work(
    title: str,
    site: str,
    stations: Iterable[str],
    from_ms: int,
    to_ms: int,
    announced_ms: int,
    who: str = "",
    note: str = "",
) -> dict[str, Any]:
    """The body of announced work.

    Raises:
        ForecourtError: it has no title, no place, or ends before it begins.
    """
    named = [name for name in stations if name]
    if not title.strip():
        raise ForecourtError("Say what will be done.")
    if not site and not named:
        raise ForecourtError("Choose the site or the stations.")
    if to_ms <= from_ms:
        raise ForecourtError("The work has to end after it begins.")
    return {
        "title": title.strip(), "site": "" if named else site, "stations": named, "from_ms": from_ms,
        "to_ms": to_ms, "start_ms": from_ms, "end_ms": to_ms, "announced_ms": announced_ms, "who": who,
        "note": note,
    }  # fmt: skip


def is_excused(body: Mapping[str, Any]) -> bool:
    """Whether the work was announced before it began, so that regulators' views may leave it out."""
    announced, start = body.get("announced_ms"), body.get("from_ms", body.get("start_ms"))
    return isinstance(announced, int) and isinstance(start, int) and announced < start


@dataclass(frozen=True, slots=True)
class Purchase:
    """When a station was bought, delivered, and until when its maker stands for it; "" is not known."""

    station: str
    bought: str = ""
    delivered: str = ""
    warranty_until: str = ""
    price: str = ""
    currency: str = ""

    def in_warranty(self, day: str) -> bool | None:
        """Whether the maker stands for it on a day; None where nobody wrote it down."""
        return day <= self.warranty_until if self.warranty_until else None


def purchase_of(station: str, body: Mapping[str, Any]) -> Purchase:
    """A purchase as kept."""
    return Purchase(station, *(str(body.get(key) or "") for key in PURCHASE_COLUMNS[1:]))


def purchase_body(purchase: Purchase) -> dict[str, Any]:
    """The body that keeps a purchase.

    Raises:
        ForecourtError: a date or the price cannot be read, or an order of dates is impossible.
    """
    dates = {
        "bought": purchase.bought, "delivered": purchase.delivered,
        "warranty_until": purchase.warranty_until,
    }  # fmt: skip
    for word, text in dates.items():
        if text:
            _day(text, word.replace("_", " "))
    if purchase.bought and purchase.delivered and purchase.delivered < purchase.bought:
        raise ForecourtError(f"{purchase.station} cannot be delivered before it was bought.")
    if purchase.price and amount(purchase.price) < 0:
        raise ForecourtError("A price is not below zero.")
    if purchase.price and not purchase.currency:
        raise ForecourtError("A price needs its currency, as EUR.")
    return {
        "station": purchase.station, **dates, "price": str(amount(purchase.price)) if purchase.price else "",
        "currency": purchase.currency.upper(),
    }  # fmt: skip


def purchases_from_csv(text: str, known: Iterable[str], currency: str) -> list[Purchase]:
    """Purchases of a file with the columns station, bought, delivered, warranty_until, price, currency.

    Args:
        text: the file; comma or semicolon, dates as 2026-03-29.
        known: stations there are.
        currency: where a line names none.

    Raises:
        ForecourtError: a column is missing, a line cannot be read, or a station is not known.
    """
    head = text.lstrip("\ufeff").partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text.lstrip("\ufeff")), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    if "station" not in (reader.fieldnames or ()):
        raise ForecourtError(f"The file needs the columns {', '.join(PURCHASE_COLUMNS)}.")
    stations, found = set(known), []
    for line, row in enumerate(reader, 2):
        if line > MOST_ROWS:
            raise ForecourtError(f"The file has more than {MOST_ROWS} lines.")
        name = str(row.get("station") or "").strip()
        if not name:
            continue
        if name not in stations:
            raise ForecourtError(f"Line {line}: there is no station {name}.")
        told = [str(row.get(key) or "").strip() for key in PURCHASE_COLUMNS[1:]]
        if told[3] and not told[4]:
            told[4] = currency
        purchase = Purchase(name, *told)
        try:
            purchase_body(purchase)
        except ForecourtError as error:
            raise ForecourtError(f"Line {line}: {error}") from error
        found.append(purchase)
    if not found:
        raise ForecourtError("The file holds no purchase.")
    return found


def _day(text: str, what: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ForecourtError(f"{text!r} is no date for {what}; write it as 2026-03-29.") from error

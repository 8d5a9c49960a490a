"""What a kWh brings and costs at a site, from what the operator wrote down; else what the import told.

Bodies of `price` and `energy-cost`: `site` ("" for all), `per_kwh` ("0.49"), `from_ms` (since when),
and where it does not hold all day `time_from`, `time_to` ("18:00", a site's own time). A price also has
`currency` and `tax_percent` (contained in it). `assumption` entries `recovered-later`,
`floor-per-hour` and `starts-a-day` replace those of resources/rules/money.toml by their `value`.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from app.domain.entries import body_of
from app.domain.records import EntryRecord, StationRecord
from app.faults.calendar import Calendar
from app.faults.standing import Place

_DIGITS = {"JPY": 0, "KRW": 0, "ISK": 0, "HUF": 2, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}


class Worth(NamedTuple):
    """What a kWh is worth, major units; `of` is "margin", or "price" where the energy's cost is unknown.

    `source` says where the price is from: "entry", "import". `per_kwh` None: not known yet.
    """

    per_kwh: Decimal | None
    currency: str
    of: str
    source: str
    price: Decimal | None = None
    cost: Decimal | None = None

    @property
    def digits(self) -> int:
        """Minor digits of the currency."""
        return _DIGITS.get(self.currency, 2)


class _Row(NamedTuple):
    site: str
    from_ms: int
    per_kwh: Decimal
    currency: str
    tax: Decimal
    hours: frozenset[int] | None


class Prices:
    """Prices and costs as they hold at an instant."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._prices: dict[str, _Row] = {}
        self._costs: dict[str, _Row] = {}
        self._assumed: dict[str, Decimal] = {}
        self._planned: dict[Place, Decimal] = {}
        self._means: dict[tuple[Place, ...], tuple[int, Decimal | None]] = {}
        self._currency = ""
        self.version = 0

    def hear(self, record: EntryRecord | StationRecord) -> None:
        """Take in what a person wrote down, or what the import says of a station."""
        if isinstance(record, StationRecord):
            for plan in record.plan:
                price = _decimal(plan.price_per_kwh)
                place = Place(record.station, plan.evse, plan.connector)
                if price is not None and self._planned.get(place) != price:
                    self._planned[place] = price
                    self.version += 1
            return
        body = {} if record.gone else body_of(record)
        if record.kind == "organisation":
            self._currency = str(body.get("currency") or "")
        elif record.kind == "assumption":
            value = _decimal(body.get("value"))
            if value is None:
                self._assumed.pop(record.entry, None)
            else:
                self._assumed[record.entry] = value
        elif record.kind in ("price", "energy-cost"):
            rows = self._prices if record.kind == "price" else self._costs
            row = _row(body)
            if row is None:
                rows.pop(record.entry, None)
            else:
                rows[record.entry] = row
        else:
            return
        self.version += 1

    def assumed(self, key: str) -> Decimal | None:
        """An assumption the operator replaced; None where the default holds."""
        return self._assumed.get(key)

    def worth(self, site: str, places: Iterable[Place], at_ms: int) -> Worth:
        """What a kWh is worth there: its price net of tax less what it costs."""
        hour = self._calendar.cell(site, at_ms) % 24
        row = _holds(self._prices.values(), site, at_ms, hour)
        cost = _holds(self._costs.values(), site, at_ms, hour)
        paid = None if cost is None else cost.per_kwh
        if row is not None:
            price, currency, source = row.per_kwh / (1 + row.tax / 100), row.currency, "entry"
        else:
            planned = self._imported(tuple(places))
            if planned is None:
                return Worth(None, self._currency, "", "", None, paid)
            price, currency, source = planned, "", "import"
        currency = currency or self._currency
        if paid is None:
            return Worth(price, currency, "price", source, price)
        return Worth(price - paid, currency, "margin", source, price, paid)

    def _imported(self, places: tuple[Place, ...]) -> Decimal | None:
        """The mean of the connectors' imported prices; None where none has one."""
        known = self._means.get(places)
        if known is None or known[0] != self.version:
            found = [self._planned[place] for place in places if place in self._planned]
            mean = sum(found, Decimal()) / len(found) if found else None
            known = self._means[places] = (self.version, mean)
        return known[1]


def _holds(rows: Iterable[_Row], site: str, at_ms: int, hour: int) -> _Row | None:
    """The row of the site itself before one of all sites, one for some hours before one for all day,
    the latest before earlier ones."""
    fitting = [
        row
        for row in rows
        if row.from_ms <= at_ms and row.site in ("", site) and (row.hours is None or hour in row.hours)
    ]
    return max(fitting, key=lambda row: (bool(row.site), row.hours is not None, row.from_ms), default=None)


def _row(body: dict[str, Any]) -> _Row | None:
    per_kwh = _decimal(body.get("per_kwh"))
    if per_kwh is None:
        return None
    start, end = _hour(body.get("time_from")), _hour(body.get("time_to"))
    hours = None
    if start is not None and end is not None and start != end:
        hours = frozenset((start + n) % 24 for n in range((end - start) % 24))
    tax = _decimal(body.get("tax_percent")) or Decimal()
    from_ms = body.get("from_ms")
    currency = str(body.get("currency") or "")
    since = from_ms if isinstance(from_ms, int) else 0
    return _Row(str(body.get("site") or ""), since, per_kwh, currency, tax, hours)


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _hour(value: Any) -> int | None:
    text = str(value or "").partition(":")[0]
    return int(text) % 24 if text.isdecimal() else None

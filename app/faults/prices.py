"""What a kWh is worth at a pool: what was written down of its site, else what the import told.

Bodies of `price` and `energy-cost` are those of `app.domain.prices`. `assumption` entries replace the
defaults of resources/rules/money.toml by their `value`.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from app.domain.entries import body_of
from app.domain.errors import ForecourtError
from app.domain.money import places
from app.domain.prices import Prices as Written
from app.domain.prices import amount
from app.domain.records import EntryRecord, StationRecord
from app.faults.calendar import Calendar
from app.faults.standing import Place

_KINDS = ("organisation", "price", "energy-cost")


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
        return places(self.currency)


class Prices:
    """Prices and costs as they hold at an instant."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._entries: dict[tuple[str, str], EntryRecord] = {}
        self._book: Written | None = None
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
        if record.kind == "assumption":
            value = _decimal(body.get("value"))
            if value is None:
                self._assumed.pop(record.entry, None)
            else:
                self._assumed[record.entry] = value
        elif record.kind in _KINDS:
            self._entries[record.kind, record.entry] = record
            self._book = None
            if record.kind == "organisation":
                self._currency = str(body.get("currency") or "")
        else:
            return
        self.version += 1

    def assumed(self, key: str) -> Decimal | None:
        """An assumption the operator replaced; None where the default holds."""
        return self._assumed.get(key)

    def worth(self, site: str, places: Iterable[Place], at_ms: int) -> Worth:
        """What a kWh is worth there: its price net of tax less what it costs."""
        book = self._written()
        row, cost = book.price(site, at_ms), book.energy_cost(site, at_ms)
        paid = None if cost is None else cost.per_kwh
        if row is not None:
            price, currency, source = row.net.per_kwh, row.currency, "entry"
        else:
            planned = self._imported(tuple(places))
            if planned is None:
                return Worth(None, self._currency, "", "", None, paid)
            price, currency, source = planned, self._currency, "import"
        if cost is None or paid is None or (cost.currency and currency and cost.currency != currency):
            return Worth(price, currency, "price", source, price)
        return Worth(price - paid, currency, "margin", source, price, paid)

    def _written(self) -> Written:
        if self._book is None:
            self._book = Written(self._entries.values(), self._calendar.zone, currency=self._currency)
        return self._book

    def _imported(self, places: tuple[Place, ...]) -> Decimal | None:
        """The mean of the connectors' imported prices; None where none has one."""
        known = self._means.get(places)
        if known is None or known[0] != self.version:
            found = [self._planned[place] for place in places if place in self._planned]
            mean = sum(found, Decimal()) / len(found) if found else None
            known = self._means[places] = (self.version, mean)
        return known[1]


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return amount(value)
    except ForecourtError:
        return None

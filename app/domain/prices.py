"""What a kWh sells for and costs, by site, date and time of day, as it was written down. Pure.

Entries of the kinds "price" and "energy-cost" (`app/domain/entries.py`), any number for a site:

    {"site": "Depot", "from_ms": 1767222000000, "currency": "EUR", "per_kwh": "0.49",
     "per_minute": "0.00", "per_session": "0.00", "tax_percent": "19",
     "bands": [{"from": "20:00", "to": "06:00", "days": [0, 1, 2, 3, 4], "per_kwh": "0.29"}]}

`site` "" holds for every site that has none of its own. What holds is the newest `from_ms` that has
begun. Prices include the tax named, costs are net. A band is local wall-clock time; `days` are
weekdays from Monday 0, none named means all, `to` before `from` wraps midnight.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.entries import body_of
from app.domain.errors import ForecourtError
from app.domain.records import ConnectorPlan, EntryRecord

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Price:
    """Money in major units of `currency`, for a kWh, a minute and a session; `source` names the entry."""

    currency: str
    per_kwh: Decimal
    per_minute: Decimal = Decimal(0)
    per_session: Decimal = Decimal(0)
    tax_percent: Decimal = Decimal(0)
    source: str = ""

    @property
    def net(self) -> "Price":
        """The same without tax."""
        share = HUNDRED / (HUNDRED + self.tax_percent)
        return Price(
            self.currency, self.per_kwh * share, self.per_minute * share, self.per_session * share,
            Decimal(0), self.source,
        )  # fmt: skip

    def of(self, energy_wh: int, minutes: Decimal = Decimal(0)) -> Decimal:
        """What so much energy and time make, unrounded."""
        return Decimal(energy_wh) / 1000 * self.per_kwh + minutes * self.per_minute + self.per_session


@dataclass(frozen=True, slots=True)
class _Rate:
    site: str
    from_ms: int
    price: Price
    bands: tuple[tuple[int, int, frozenset[int], Decimal], ...]


class Prices:
    """What holds where and when.

    Args:
        entries: all kept entries; those of other kinds are left alone.
        plans: what an import said of a station's plugs, used where nothing was written down.
        currency: the operator's, for plans, which name none.
        zone: where bands are wall-clock time; by site, or one for all.
    """

    def __init__(
        self,
        entries: Iterable[EntryRecord],
        zone: tzinfo | Callable[[str], tzinfo],
        plans: Mapping[str, Iterable[ConnectorPlan]] | None = None,
        currency: str = "",
    ) -> None:
        kept = [entry for entry in entries if not entry.gone]
        own = next((body_of(e) for e in kept if (e.kind, e.entry) == ("organisation", "own")), {})
        self.currency = str(own.get("currency") or currency or "EUR")
        self._zone_of: Callable[[str], tzinfo] = (lambda site: zone) if isinstance(zone, tzinfo) else zone
        self._prices = _rates(kept, "price", self.currency)
        self._costs = _rates(kept, "energy-cost", self.currency)
        self._plans = {name: tuple(plugs) for name, plugs in (plans or {}).items()}

    def price(self, site: str, at_ms: int, station: str = "", evse: int | None = None) -> Price | None:
        """What a driver pays there then; None where nobody wrote it down."""
        found = self._holding(self._prices, site, at_ms)
        return found or self._planned(station, evse)

    def energy_cost(self, site: str, at_ms: int) -> Price | None:
        """What a kWh costs the operator there then; None where nobody wrote it down."""
        return self._holding(self._costs, site, at_ms)

    def margin_per_kwh(
        self, site: str, at_ms: int, station: str = "", evse: int | None = None
    ) -> tuple[Decimal, str, bool] | None:
        """(net price less energy cost for a kWh, currency, whether the cost is known).

        Where the cost is not known yet it is the net price alone, and has to be said so. None where
        there is no price, or price and cost are in different currencies.
        """
        price = self.price(site, at_ms, station, evse)
        if price is None:
            return None
        cost = self.energy_cost(site, at_ms)
        if cost is None:
            return price.net.per_kwh, price.currency, False
        if cost.currency != price.currency:
            return None
        return price.net.per_kwh - cost.per_kwh, price.currency, True

    def _holding(self, rates: list[_Rate], site: str, at_ms: int) -> Price | None:
        for where in (site, "") if site else ("",):
            for rate in rates:
                if rate.site == where and rate.from_ms <= at_ms:
                    return self._banded(rate, site, at_ms)
        return None

    def _banded(self, rate: _Rate, site: str, at_ms: int) -> Price:
        if not rate.bands:
            return rate.price
        local = datetime.fromtimestamp(at_ms / 1000, self._zone_of(site))
        minute = local.hour * 60 + local.minute
        for start, end, days, per_kwh in rate.bands:
            if start < end:
                inside, day = start <= minute < end, local.weekday()
            else:
                # After midnight a band that wraps belongs to the day on which it began.
                inside = minute >= start or minute < end
                day = local.weekday() if minute >= start else (local.weekday() - 1) % 7
            if inside and (not days or day in days):
                p = rate.price
                return Price(p.currency, per_kwh, p.per_minute, p.per_session, p.tax_percent, p.source)
        return rate.price

    def _planned(self, station: str, evse: int | None) -> Price | None:
        for plug in self._plans.get(station, ()):
            if plug.price_per_kwh and evse in (None, plug.evse):
                return Price(self.currency, amount(plug.price_per_kwh), source="import")
        return None


def amount(text: object) -> Decimal:
    """Money as typed or kept; a comma is read as a decimal point.

    Raises:
        ForecourtError: it is no finite number.
    """
    try:
        found = Decimal(str(text).strip().replace(",", "."))
    except InvalidOperation as error:
        raise ForecourtError(f"{text!r} is no amount; write it as 0.49.") from error
    if not found.is_finite():
        raise ForecourtError(f"{text!r} is no amount; write it as 0.49.")
    return found


def _rates(entries: Iterable[EntryRecord], kind: str, currency: str) -> list[_Rate]:
    """The rates of a kind, newest first; what cannot be read is left out, it was never a price."""
    found = []
    for entry in entries:
        if entry.kind == kind:
            try:
                found.append(rate_of(entry.entry, body_of(entry), currency))
            except ForecourtError:
                continue
    return sorted(found, key=lambda rate: -rate.from_ms)


def rate_of(name: str, body: Mapping[str, Any], currency: str = "") -> _Rate:
    """The rate a body says, to be checked before it is written down.

    Raises:
        ForecourtError: an amount, a time or a day cannot be read; the sentence says which.
    """
    if body.get("per_kwh") in (None, ""):
        raise ForecourtError("A price needs an amount for a kWh.")
    price = Price(
        str(body.get("currency") or currency),
        amount(body["per_kwh"]),
        amount(body.get("per_minute") or "0"),
        amount(body.get("per_session") or "0"),
        amount(body.get("tax_percent") or "0"),
        name,
    )
    bands = tuple(_band(band) for band in body.get("bands") or ())
    return _Rate(str(body.get("site") or ""), int(body.get("from_ms") or 0), price, bands)


def _band(band: Mapping[str, Any]) -> tuple[int, int, frozenset[int], Decimal]:
    try:
        days = frozenset(int(day) for day in band.get("days") or ())
        start, end = _minute(str(band["from"])), _minute(str(band["to"])) or 1440
    except (KeyError, TypeError, ValueError) as error:
        raise ForecourtError("A band goes from a time to a time, as 20:00 to 06:00.") from error
    if not 0 <= start < 1440 or not 0 < end <= 1440 or not days <= set(range(7)):
        raise ForecourtError("A band goes from a time to a time of the day, on days 0 (Monday) to 6.")
    return start, end, days, amount(band.get("per_kwh"))


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute or 0)

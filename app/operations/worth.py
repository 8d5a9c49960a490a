"""What a running session comes to so far, in words, where somebody wrote a price down."""

from collections.abc import Callable, Iterable
from datetime import tzinfo
from decimal import Decimal
from typing import Protocol

from app.analytics.costs.ledger import rounded
from app.domain import forms
from app.domain.prices import Price, Prices
from app.domain.records import ConnectorPlan, EntryRecord
from app.fleet.views import ConnectorView, StationView

KINDS = ("price", "organisation")
MINUTE_MS = 60_000


class EntriesOf(Protocol):
    """What is needed of the entries."""

    def all(self, kind: str) -> Iterable[str]:
        """The names of a kind."""

    def newest(self, kind: str, entry: str) -> EntryRecord | None:
        """The newest version."""

    def on_change(self, tell: Callable[[EntryRecord], None]) -> None:
        """Be told of every version."""


class Worth:
    """Prices as they are written down now; read again only after one has changed.

    Args:
        entries: what persons wrote down.
        zone: the operator's, where bands of the day are meant.
        plan: what an import said of a station's plugs.
    """

    def __init__(
        self, entries: EntriesOf, zone: tzinfo, plan: Callable[[str], tuple[ConnectorPlan, ...]]
    ) -> None:
        self._entries = entries
        self._zone = zone
        self._plan = plan
        self._known: Prices | None = None
        entries.on_change(self._changed)

    def words(self, view: StationView, plug: ConnectorView, now_ms: int) -> str:
        """ "about €4.20" for the session at a plug; "" where no price or no energy is known.

        At the price of now: what a band of the day made it before is not looked up for a question.
        """
        if plug.session_energy_wh is None:
            return ""
        price = self._prices().price(view.site, now_ms) or self._planned(view.station, plug.evse)
        if price is None:
            return ""
        began = plug.session_started_ms
        minutes = Decimal(max(0, now_ms - began)) / MINUTE_MS if began is not None else Decimal(0)
        worth = rounded(price.of(plug.session_energy_wh, minutes), price.currency)
        return f"about {forms.amount(worth, price.currency)}"

    def _planned(self, station: str, evse: int) -> Price | None:
        return Prices((), self._zone, {station: self._plan(station)}, self._prices().currency).price(
            "", 0, station, evse
        )

    def _prices(self) -> Prices:
        if self._known is None:
            found = (self._entries.newest(kind, name) for kind in KINDS for name in self._entries.all(kind))
            self._known = Prices([record for record in found if record is not None], self._zone)
        return self._known

    def _changed(self, record: EntryRecord) -> None:
        if record.kind in KINDS:
            self._known = None

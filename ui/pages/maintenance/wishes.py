"""What is wished on the page of Maintenance: sheets that ask, and deeds that follow."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.analytics.visit_plan import last_stop, reordered, shortest
from app.domain.care_plans import Purchase
from app.domain.errors import ForecourtError
from app.domain.work_orders import DAY_MS, WorkOrder, from_faults, moved, next_number, planned, usual_minutes
from ui.pages.maintenance import sheets
from ui.pages.maintenance.deeds import Deeds
from ui.pages.maintenance.job_sheet import day_key
from ui.pages.maintenance.papers import Papers
from ui.theme.formats import count


class Wishes:
    """Asks for what a deed needs and does it.

    Args:
        page: the page, for what is held and which order is current.
        deeds: what keeps.
        papers: what writes.
    """

    def __init__(self, page: Any, deeds: Deeds, papers: Papers) -> None:
        self._page = page
        self._deeds = deeds
        self._papers = papers

    def _host(self) -> QWidget:
        return self._page.workspace.sheet_host or self._page.window()

    def _currency(self) -> str:
        return self._page.held.currency if self._page.held is not None else "EUR"

    def stations(self) -> list[str]:
        return (
            sorted(self._page.held.sites)
            if self._page.held is not None
            else sorted(self._page.picture.stations)
        )

    def new_order(self, faults: Sequence[int] = ()) -> None:
        """Ask for a new order, filled in from faults where some are named."""
        number, now = next_number(order.number for order in self._page.orders()), self._page.now_ms()
        known = self._page.workspace.faults.faults
        records = [known[n].record for n in faults if n in known]
        try:
            order = from_faults(records, number, now) if records else WorkOrder(number, created_ms=now)
        except ForecourtError as error:
            self._page.workspace.toast(str(error))
            return

        def keep(made: WorkOrder, done: Any, failed: Any) -> None:
            self._deeds.keep(self._placed(made), "Made", done, failed)

        sheet = sheets.order_sheet(self._host(), self._page.workspace, order, self.stations(), keep, new=True)
        sheet.finished.connect(lambda made: self._page.open_order(number) if made else None)
        sheet.open()

    def _placed(self, order: WorkOrder) -> WorkOrder:
        site = self._page.held.sites.get(order.station) if self._page.held is not None else None
        return replace(order, site=site) if site else order

    def act(self, what: str) -> None:
        """Do to the current order what a button or a key asks."""
        order = self._page.current()
        if order is None:
            return
        if what == "fault" and order.faults:
            self._page.workspace.go("faults/queue", str(order.faults[0]))
        elif what == "station":
            self._page.workspace.go("stations/station", order.station)
        elif what == "sheet":
            self._papers.ask_job_sheet(order)
        elif order.open:
            {"close": self._close, "plan": self._plan, "change": self._change, "cancel": self._cancel}[what](
                order
            )

    def _close(self, order: WorkOrder) -> None:
        known = self._page.workspace.faults.faults
        held = self._page.held.faults if self._page.held is not None else {}
        faults = [known[n].record if n in known else held[n] for n in order.faults if n in known or n in held]

        def keep(made: Any, done: Any, failed: Any) -> None:
            visit, proof, acts, test = made
            self._deeds.close(order, visit, proof, acts, test, done, failed)

        sheet = sheets.CloseSheet(
            self._host(), self._page.workspace, order, faults, self._currency(),
            order.on_site_min or usual_minutes(self._page.orders(), order.cause) or 60, keep,
        )  # fmt: skip
        sheet.finished.connect(
            lambda made: self._page.workspace.toast(f"{order.number} is closed.") if made else None
        )
        sheet.open()

    def _plan(self, order: WorkOrder) -> None:
        def keep(made: Any, done: Any, failed: Any) -> None:
            day, who, minutes = made
            stop = order.stop if (day, who) == (order.day, order.who) else 0
            after = planned(order, day, stop or last_stop(self._page.orders(), day, who) + 1, who)
            self._deeds.keep(replace(after, on_site_min=minutes), "Planned", done, failed)

        sheets.plan_sheet(
            self._host(), order, day_key(self._page.now_ms() + DAY_MS, self._page.zone), keep
        ).open()

    def _change(self, order: WorkOrder) -> None:
        def keep(made: WorkOrder, done: Any, failed: Any) -> None:
            self._deeds.keep(self._placed(made), "Changed", done, failed)

        sheets.order_sheet(self._host(), self._page.workspace, order, self.stations(), keep, new=False).open()

    def _cancel(self, order: WorkOrder) -> None:
        self._deeds.keep(replace(moved(order, "cancelled"), closed_ms=self._page.now_ms()), "Cancelled")
        self._deeds.undo([order], f"{order.number} is cancelled; its faults stay.")

    def move_stop(self, number: Any, by: int) -> None:
        """Move a stop up or down in its day; times and ways follow at once."""
        route = next((r for r in self._page.routes if any(s.order.number == number for s in r.stops)), None)
        changed = reordered(route, number, by) if route is not None else ()
        if changed and self._page.held is not None:
            after = {order.number: order for order in changed}
            self._page.held = replace(
                self._page.held, orders=tuple(after.get(o.number, o) for o in self._page.held.orders)
            )
            self._page.show_orders()
            self._page.visits.table.go_to(number)
            self._deeds.keep_all(changed, "Stops in another order")

    def plan_again(self) -> None:
        """Put each day's stops into the order in which the nearest comes next; with Undo."""
        places = self._page.held.places if self._page.held is not None else {}
        changed = [order for route in self._page.routes for order in shortest(route, places)]
        if not changed:
            self._page.workspace.toast("Each next stop is the nearest already, or places are missing.")
            return
        numbers = {order.number for order in changed}
        before = [order for order in self._page.orders() if order.number in numbers]
        self._deeds.keep_all(changed, "The nearest stop next")
        self._deeds.undo(before, f"{count(len(changed), 'stop')} moved; the first stop of each day stayed.")

    def announce(self, name: str = "") -> None:
        """Ask for announced work, or change one."""
        works = dict(self._page.held.works) if self._page.held is not None else {}
        entry = name or f"work-{self._page.now_ms()}"
        sites = (
            sorted({site for site in self._page.held.sites.values() if site})
            if self._page.held is not None
            else []
        )

        def keep(body: Any, done: Any, failed: Any) -> None:
            self._deeds.announce(entry, body, done, failed)

        sheets.work_sheet(
            self._host(), self._page.workspace, sites, self.stations(), keep, dict(works.get(name, {}))
        ).open()

    def change_purchase(self, station: str = "") -> None:
        """Ask for a station's purchase."""
        known = {p.station: p for p in self._page.held.purchases} if self._page.held is not None else {}
        sheets.purchase_sheet(
            self._host(), known.get(station, Purchase(station)), self.stations(),
            self._currency(), self._deeds.purchase,
        ).open()  # fmt: skip

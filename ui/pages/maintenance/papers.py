"""Files and letters of Maintenance: job sheets, a day's visits, purchases read in."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.analytics.maintenance_page import OrderDetail, order_detail
from app.analytics.visit_plan import Route
from app.domain.work_orders import WorkOrder
from ui.pages.maintenance.deeds import Deeds
from ui.pages.maintenance.job_sheet import job_sheet, mail_of, route_sheet
from ui.printing.files import write_paper
from ui.printing.paper import Paper
from ui.widgets.file_asking import PDF, TABLE, ask_where, ask_which


class Papers:
    """Asks where to, then writes; or opens a letter.

    Args:
        page: the page, for what is held and which stop is current.
        deeds: what keeps purchases that were read.
    """

    def __init__(self, page: Any, deeds: Deeds) -> None:
        self._page = page
        self._deeds = deeds

    def ask_import(self) -> None:
        ask_which(self._page.window(), "Purchases", TABLE, self._import)

    def _import(self, path: Path) -> None:
        held = self._page.held
        self._deeds.import_purchases(
            path, sorted(held.sites) if held is not None else (), held.currency if held is not None else "EUR"
        )

    def ask_job_sheet(self, order: WorkOrder) -> None:
        ask_where(
            self._page.window(), "Job sheet", f"{order.number}.pdf", PDF,
            lambda path: self.save_job_sheet(order, path),
        )  # fmt: skip

    def save_job_sheet(self, order: WorkOrder, path: Path) -> None:
        """Read what belongs to the order, and write its job sheet as PDF."""
        views = [v for n in order.faults if (v := self._page.workspace.faults.faults.get(n)) is not None]

        def write(detail: OrderDetail) -> None:
            make = partial(job_sheet, order, detail, views, self._page.now_ms(), self._page.zone)
            self._write(make, path, order.number)

        self._page.workspace.bridge.query(
            "maintenance/sheet", order_detail, order, done=write, failed=self._page.workspace.toast
        )

    def ask_route(self) -> None:
        route = self._route()
        if route is not None:
            name = f"visits-{route.day}-{route.who or 'all'}.pdf".replace(" ", "-")
            make = partial(route_sheet, route, self._page.now_ms(), self._page.zone)
            ask_where(
                self._page.window(), "Visits", name, PDF, lambda path: self._write(make, path, "Visits")
            )

    def _write(self, make: Callable[[], Paper], path: Path, title: str) -> None:
        toast = self._page.workspace.toast
        self._page.workspace.bridge.work(
            write_paper, make, path, title, done=lambda made: toast(f"Written to {made}"), failed=toast
        )

    def _route(self) -> Route | None:
        """The day and person of the current stop; the first where none is current."""
        key = self._page.visits.table.current_key()
        wanted = key[1:] if isinstance(key, tuple) else None
        for route in self._page.routes:
            if wanted == (route.day, route.who) or any(s.order.number == key for s in route.stops):
                return route
        return self._page.routes[0] if self._page.routes else None

    def send(self) -> None:
        """Open a letter with the stops of the current day in the mail program; nothing leaves before."""
        route = self._route()
        if route is None:
            self._page.workspace.toast("No visit is planned yet.")
        elif not QDesktopServices.openUrl(QUrl(mail_of(route, self._page.now_ms(), self._page.zone))):
            self._page.workspace.toast("No mail program opened; save the visits as PDF instead.")

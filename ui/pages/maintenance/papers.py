"""Files and letters of Maintenance: job sheets, a day's visits, purchases read in."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.analytics.maintenance_page import OrderDetail, order_detail
from app.analytics.visit_plan import Route
from app.domain.errors import ForecourtError
from app.domain.work_orders import WorkOrder
from ui.pages.maintenance.deeds import Deeds
from ui.pages.maintenance.job_sheet import job_sheet, mail_of, route_sheet
from ui.pages.onboarding.papers import write_pdf


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
        dialog = QFileDialog(self._page.window(), "Purchases", str(Path.home()), "Tables (*.csv)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        currency = self._page.held.currency if self._page.held is not None else "EUR"
        dialog.fileSelected.connect(
            lambda file: self._deeds.import_purchases(
                Path(file), sorted(self._page.held.sites) if self._page.held is not None else (), currency
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_job_sheet(self, order: WorkOrder) -> None:
        self._ask_file("Job sheet", f"{order.number}.pdf", lambda path: self.save_job_sheet(order, path))

    def save_job_sheet(self, order: WorkOrder, path: Path) -> None:
        """Read what belongs to the order, and write its job sheet as PDF."""
        views = [v for n in order.faults if (v := self._page.workspace.faults.faults.get(n)) is not None]

        def write(detail: OrderDetail) -> None:
            self._write(
                job_sheet(order, detail, views, self._page.now_ms(), self._page.zone), path, order.number
            )

        self._page.workspace.bridge.query(
            "maintenance/sheet", order_detail, order, done=write, failed=self._page.workspace.toast
        )

    def ask_route(self) -> None:
        route = self._route()
        if route is not None:
            name = f"visits-{route.day}-{route.who or 'all'}.pdf".replace(" ", "-")
            self._ask_file(
                "Visits", name,
                lambda path: self._write(
                    route_sheet(route, self._page.now_ms(), self._page.zone), path, "Visits"
                ),
            )  # fmt: skip

    def _write(self, paper: Any, path: Path, title: str) -> None:
        try:
            made = write_pdf(paper, path, title)
        except ForecourtError as error:
            self._page.workspace.toast(str(error))
        else:
            self._page.workspace.toast(f"Written to {made}")

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

    def _ask_file(self, title: str, name: str, then: Any) -> None:
        dialog = QFileDialog(self._page.window(), title, str(Path.home() / name), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

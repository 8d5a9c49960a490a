"""Faults, Maintenance: orders at the left with the scorecard under them, the visits at the right."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.maintenance_page import CarePage, Figures, OrderDetail, care_page, figures, order_detail
from app.analytics.visit_plan import Route, routes
from app.domain.work_orders import DAY_MS, WorkOrder
from ui.models.work_orders import OrderRow, order_rows
from ui.pages.base import LivePage
from ui.pages.maintenance.deeds import Deeds
from ui.pages.maintenance.order_panel import OrderPanel
from ui.pages.maintenance.papers import Papers
from ui.pages.maintenance.parts import CarePanel, Trends, VisitPanel
from ui.pages.maintenance.wishes import Wishes
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count
from ui.theme.theme import px
from ui.widgets.buttons import Button

AGAIN_MS = 15_000
FIGURES_AGAIN_MS = 300_000
RECENT_MS = 30 * DAY_MS


class MaintenancePage(LivePage):
    """Orders come from faults and close with them."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.held: CarePage | None = None
        self.routes: tuple[Route, ...] = ()
        self._details: dict[str, OrderDetail] = {}
        self._wanted = ""
        self._figures_ms = 0
        deeds = Deeds(workspace, self.ask)
        self.papers = Papers(self, deeds)
        self.wishes = Wishes(self, deeds, self.papers)
        self.new_button = Button("New work order", icon="plus")
        self.trends = Trends()
        self.list = CarePanel(workspace)
        self.visits = VisitPanel()
        self.order_panel = OrderPanel(workspace)
        self.order_panel.hide()
        self._lay_out()
        self._connect(deeds)
        workspace.faults.changed.connect(self._hear)
        self.every(AGAIN_MS, self.ask, ages=True)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.order_panel)
        right.addWidget(self.visits, 1)
        self._side = QWidget()
        self._side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.list, 65)
        row.addWidget(self._side, 35)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(self.trends)
        whole.addLayout(row, 1)

    def _connect(self, deeds: Deeds) -> None:
        self.new_button.clicked.connect(self._ask_new)
        table = self.list.orders_table
        table.opened.connect(self.open_order)
        table.moved.connect(self._follow)
        table.move_asked.connect(self.wishes.move_stop)
        self.list.segments.chosen.connect(lambda _key: self.show_orders())
        self.list.announce_asked.connect(self.wishes.announce)
        self.list.purchase_asked.connect(self.wishes.change_purchase)
        self.list.import_asked.connect(self.papers.ask_import)
        self.list.take_back_asked.connect(deeds.take_back)
        self.list.faults_asked.connect(lambda number: self.workspace.go("faults/queue", str(number)))
        self.visits.table.move_asked.connect(self.wishes.move_stop)
        self.visits.table.opened.connect(self._open_stop)
        self.visits.again.clicked.connect(self.wishes.plan_again)
        self.visits.print_button.clicked.connect(self.papers.ask_route)
        self.visits.send_button.clicked.connect(self.papers.send)
        self.order_panel.asked.connect(self.wishes.act)
        self.order_panel.stepped.connect(self._step)
        self.order_panel.left.connect(self.leave_order)

    # -- the page in the window ----------------------------------------------------------------

    def opened(self, argument: str) -> None:
        self.refresh()
        self.ask()
        self._wanted = argument
        if self.held is not None:
            self._take_argument()
        self.list.orders_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("maintenance/")

    def top_actions(self) -> Sequence[QWidget]:
        return (self.new_button,)

    def back(self) -> bool:
        if self.order_panel.order is not None:
            self.leave_order()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("J K", "move"), ("Enter", "open the order with its fault and stop"), ("C", "close the order"),
            ("P", "plan its visit"), ("Alt+Up Alt+Down", "move the stop"), ("N", "new work order"),
        )  # fmt: skip

    def hits(self, text: str) -> Sequence[Hit]:
        found = [
            Hit("New work order…", group="Maintenance", icon="plus", run=self.wishes.new_order),
            Hit("Announce work…", group="Maintenance", icon="calendar-clock", run=self.wishes.announce),
        ]
        order = self.current()
        if order is not None:
            found.append(
                Hit(f"Job sheet of {order.number}…", group="Maintenance", icon="file-down",
                    run=lambda: self.wishes.act("sheet"))
            )  # fmt: skip
        return found

    def in_hand(self) -> str:
        order = self.current()
        return order.station if order is not None else ""

    def keyPressEvent(self, event: Any) -> None:
        key, plain = event.key(), not event.modifiers()
        if plain and key == Qt.Key.Key_N:
            self.wishes.new_order()
        elif plain and key in (Qt.Key.Key_C, Qt.Key.Key_P) and self.current() is not None:
            self.wishes.act("close" if key == Qt.Key.Key_C else "plan")
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.set_compact(self.height() < px(700))

    # -- what is read --------------------------------------------------------------------------

    def ask(self) -> None:
        """Read the orders again; the figures, too, where they are older than five minutes."""
        bridge, now = self.workspace.bridge, self.now_ms()
        bridge.query("maintenance/page", care_page, done=self._take_page, failed=self._not_read)
        if not self._figures_ms or now - self._figures_ms >= FIGURES_AGAIN_MS:
            self._figures_ms = now
            bridge.query(
                "maintenance/figures", figures, now, self.zone.key, done=self._take_figures,
                failed=self._no_figures,
            )  # fmt: skip

    def _take_page(self, page: CarePage) -> None:
        self.held = page
        self.list.show_page(page, self.now_ms())
        self.show_orders()
        self._take_argument()
        for number in list(self._details):
            self._ask_detail(number)

    def _take_figures(self, told: Figures) -> None:
        self.trends.show_figures(told)
        self.list.show_scores(told)

    def _not_read(self, sentence: str) -> None:
        self.list.show_failure(sentence, self.ask)

    def _no_figures(self, sentence: str) -> None:
        self._figures_ms = 0
        self.trends.show_failure(sentence)

    def _take_argument(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted.startswith("new:fault:"):
            numbers = [int(n) for n in wanted[10:].split(",") if n.isdecimal()]
            self.wishes.new_order(numbers)
        elif wanted:
            self.list.show_tab("orders")
            self.open_order(wanted)

    def _ask_new(self) -> None:
        self.wishes.new_order()

    def _hear(self, _changes: object) -> None:
        self.show_orders()

    def orders(self) -> tuple[WorkOrder, ...]:
        """All orders as last read."""
        return self.held.orders if self.held is not None else ()

    def show_orders(self) -> None:
        """Show orders and visits as they stand, with what their faults lose now."""
        if self.held is None or not self.isVisible():
            return
        now, orders = self.now_ms(), self.orders()
        opened = [order for order in orders if order.open]
        done = [o for o in orders if not o.open and (o.closed_ms or o.created_ms) >= now - RECENT_MS]
        key = self.list.segments.value
        shown = {"open": opened, "done": done}.get(key, list(orders))
        views = self.workspace.faults.faults
        rows = order_rows(orders, shown, views, self.held.faults, now, self.zone)
        self.list.show_orders(rows, len(opened), len(done), len(orders))
        self.routes = routes(orders, self.held.places)
        self.visits.show_routes(self.routes, orders, now, self.zone)
        self.tab_text_changed.emit(str(len(opened)) if opened else "")
        late = sum(order.late_ms(now) >= 60_000 for order in opened)
        self.title_changed.emit("", f"{count(late, 'order')} late" if late else "")
        self._show_order()

    # -- one order -----------------------------------------------------------------------------

    def current(self) -> WorkOrder | None:
        """The order that keys are for."""
        number = self.list.orders_table.current_key()
        return next((order for order in self.orders() if order.number == number), None)

    def open_order(self, number: str) -> None:
        """Show an order with its fault and its stop."""
        if not any(order.number == number for order in self.orders()):
            return
        if self.list.orders_model.row_of(number) is None:
            self.list.segments.choose("all")
            self.show_orders()
        self.list.orders_table.go_to(number)
        self.order_panel.show()
        self._ask_detail(number)
        self._show_order()
        self.visits.table.go_to(number)

    def leave_order(self) -> None:
        """Close the panel of the order."""
        self.order_panel.order = None
        self.order_panel.hide()
        self.list.orders_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, number: Any) -> None:
        if self.order_panel.isVisible() and number is not None:
            self._ask_detail(number)
            self._show_order()
        if number is not None:
            self.visits.table.go_to(number)

    def _open_stop(self, key: Any) -> None:
        if isinstance(key, str):
            self.open_order(key)

    def _step(self, by: int) -> None:
        self.list.orders_table.step(by)

    def _ask_detail(self, number: str) -> None:
        order = next((o for o in self.orders() if o.number == number), None)
        if order is not None:
            self.workspace.bridge.query(
                "maintenance/order", order_detail, order,
                done=lambda detail, number=number: self._take_detail(number, detail),
                failed=self.workspace.toast,
            )  # fmt: skip

    def _take_detail(self, number: str, detail: OrderDetail) -> None:
        self._details = {number: detail}
        self._show_order()

    def _show_order(self) -> None:
        row = self._row()
        if row is None:
            self.order_panel.hide()
        elif self.order_panel.isVisibleTo(self):
            self.order_panel.show_order(row, self._details.get(row.key))

    def _row(self) -> OrderRow | None:
        place = self.list.orders_model.row_of(self.list.orders_table.current_key())
        return self.list.orders_model.rows[place] if place is not None else None

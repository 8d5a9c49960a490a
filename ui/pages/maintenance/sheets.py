"""Sheets of Maintenance: a new order, its place in the visits, its end; announced work; a purchase."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from app.domain.care_plans import Purchase, planned_work, purchase_body
from app.domain.errors import ForecourtError
from app.domain.money import currency_complaint
from app.domain.prices import amount
from app.domain.records import FaultRecord
from app.domain.work_orders import MINUTE_MS, PartUsed, Visit, WorkOrder
from ui.models.work_orders import day_of, time_of, time_text
from ui.shell.page import Workspace
from ui.widgets.ask_sheet import AskSheet, Field, read_by
from ui.widgets.buttons import Button
from ui.widgets.fields import TextArea, TextField
from ui.widgets.labels import Label
from ui.widgets.sheet import Sheet

HOUR_MS = 3_600_000
Keep = Callable[[Any, Callable[[object], None], Callable[[str], None]], None]
"""(what was made, done, failed)"""


def minutes_of(text: str) -> int:
    """A whole number of minutes. Raises ForecourtError."""
    if not text.strip().isdecimal():
        raise ForecourtError("Write whole minutes, as 40.")
    return int(text)


def order_sheet(
    host: QWidget, workspace: Workspace, order: WorkOrder, stations: Sequence[str], keep: Keep, *, new: bool
) -> AskSheet:
    """Make or change an order; what is known of its fault is filled in."""
    zone = workspace.zone
    known = set(stations)

    def submit(values: Any, done: Any, failed: Any) -> None:
        due = time_of(values["due"], zone) if values["due"] else None
        keep(
            replace(
                order, title=values["title"], station=values["station"], who=values["who"], due_ms=due,
                note=values["note"],
            ),
            done, failed,
        )  # fmt: skip

    def place(text: str) -> str:
        if text and text not in known:
            return f"There is no station {text}."
        return "" if text or order.site else "Name the station."

    fields = (
        Field("title", "What is to be done", order.title, check=lambda t: "" if t else "Say what to do."),
        Field("station", "Station", order.station, check=place, mono=True),
        Field("who", "Who", order.who, "Nobody yet"),
        Field("due", "Due", time_text(order.due_ms, zone) if order.due_ms is not None else "",
              "2026-10-16 10:00", check=read_by(lambda t: time_of(t, zone), empty="")),
        Field("note", "Note", order.note, "What to bring, whom to call"),
    )  # fmt: skip
    told = f"{order.number}, from fault {', '.join(map(str, order.faults))}" if order.faults else order.number
    return AskSheet(
        host, "New work order" if new else "Change the order", told, "", "Make the order" if new else "Keep",
        submit, fields,
    )  # fmt: skip


def plan_sheet(host: QWidget, order: WorkOrder, today: str, keep: Keep) -> AskSheet:
    """Put an order into a day's visits, or take it out with an empty day."""
    fields = (
        Field("day", "Day", order.day or today, "2026-10-16, empty takes it out",
              check=read_by(day_of, empty="")),
        Field("who", "Who goes", order.who, "Name or firm"),
        Field("minutes", "Minutes on site", str(order.on_site_min or ""), "as past visits took",
              check=read_by(minutes_of, empty="")),
    )  # fmt: skip

    def submit(values: Any, done: Any, failed: Any) -> None:
        minutes = minutes_of(values["minutes"]) if values["minutes"] else None
        keep((day_of(values["day"]), values["who"], minutes), done, failed)

    text = (
        "It becomes the last stop of that day; Alt with an arrow moves it. Nobody is told before you send it."
    )
    return AskSheet(host, "Plan the visit", f"{order.number}, {order.title}", text, "Plan it", submit, fields)


def work_sheet(
    host: QWidget, workspace: Workspace, sites: Sequence[str], stations: Sequence[str], keep: Keep,
    told: dict[str, Any] | None = None,
) -> AskSheet:  # fmt: skip
    """Announce work: alarms of its stations are suppressed by design while it lasts."""
    zone, now = workspace.zone, workspace.now_ms()
    body = told or {}
    begin = int(body.get("from_ms") or (now // HOUR_MS + 25) * HOUR_MS)
    end = int(body.get("to_ms") or begin + 2 * HOUR_MS)
    where = ", ".join(body.get("stations") or ()) or str(body.get("site") or "")

    def made(values: Any) -> dict[str, Any]:
        names = [part.strip() for part in values["where"].split(",") if part.strip()]
        site = names[0] if len(names) == 1 and names[0] in sites else ""
        unknown = [name for name in names if name not in stations] if not site else []
        if unknown:
            raise ForecourtError(f"There is no site or station {unknown[0]}.")
        return planned_work(
            values["title"], site, [] if site else names, time_of(values["from"], zone),
            time_of(values["to"], zone), int(body.get("announced_ms") or now), values["who"],
        )  # fmt: skip

    def submit(values: Any, done: Any, failed: Any) -> None:
        try:
            keep(made(values), done, failed)
        except ForecourtError as error:
            failed(str(error))

    moment = read_by(lambda t: time_of(t, zone), empty="This is needed.")
    fields = (
        Field("title", "What will be done", str(body.get("title") or ""),
              check=lambda t: "" if t else "Say what will be done."),
        Field("where", "Site, or stations", where, "A site, or stations with commas between",
              check=lambda t: "" if t else "Name the site or the stations."),
        Field("from", "From", time_text(begin, zone), check=moment),
        Field("to", "To", time_text(end, zone), check=moment),
        Field("who", "Who", str(body.get("who") or ""), "Name or firm"),
    )  # fmt: skip
    text = (
        "While it lasts, faults of these stations are suppressed by design; safety faults are not. Announced "
        "before it begins, uptime views that allow it leave the time out."
    )
    return AskSheet(host, "Announce work", "", text, "Announce", submit, fields)


def purchase_sheet(
    host: QWidget, purchase: Purchase, stations: Sequence[str], currency: str, keep: Keep
) -> AskSheet:
    """When a station was bought and delivered, until when its maker stands for it, what it cost."""
    day = read_by(day_of, empty="")
    fields = (
        Field("station", "Station", purchase.station, mono=True,
              check=lambda t: "" if t in stations else "Name a station."),
        Field("bought", "Bought", purchase.bought, "2026-03-29", check=day),
        Field("delivered", "Delivered", purchase.delivered, "2026-04-20", check=day),
        Field("warranty", "Warranty until", purchase.warranty_until, "2028-04-20", check=day),
        Field("price", "Price", purchase.price, "28000", check=read_by(amount, empty="")),
        Field("currency", "Currency", purchase.currency or currency, check=currency_complaint),
    )  # fmt: skip

    def submit(values: Any, done: Any, failed: Any) -> None:
        made = Purchase(
            values["station"], values["bought"], values["delivered"], values["warranty"], values["price"],
            values["currency"].strip().upper(),
        )  # fmt: skip
        try:
            keep((made.station, purchase_body(made)), done, failed)
        except ForecourtError as error:
            failed(str(error))

    return AskSheet(host, "Purchase and warranty", purchase.station, "", "Keep", submit, fields)


class CloseSheet(Sheet):
    """What came of an order: who, when, how long, result, invoice, parts. All prefilled that is known."""

    def __init__(
        self, host: QWidget, workspace: Workspace, order: WorkOrder, faults: Sequence[FaultRecord],
        currency: str, minutes: int, keep: Keep,
    ) -> None:  # fmt: skip
        super().__init__(host, "Close the order", f"{order.number}, {order.title}", width=560)
        self._zone, self._now = workspace.zone, workspace.now_ms()
        self._keep, self._currency = keep, currency
        self._faults = tuple(fault for fault in faults if fault.closed_ms is None)
        self.went = QCheckBox("Somebody went there")
        self.went.setChecked(True)
        began = self._now - minutes * MINUTE_MS
        self.who = TextField("Who", order.who or workspace.bridge.operator)
        self.at = TextField("Began", time_text(began, self._zone))
        self.minutes = TextField("Minutes on site", str(minutes))
        self.result = TextField("What was done", order.proof, "Lock motor changed, both connectors tested")
        self.none = QCheckBox("No fault was found")
        self.invoice = TextField("Invoice", "", "what the visit cost, empty if not known yet")
        self.parts = TextArea("Parts", "One a line: name; price; warranty", 2)
        self.with_faults = QCheckBox(_fault_words(self._faults))
        self.with_faults.setChecked(bool(self._faults))
        self.with_faults.setVisible(bool(self._faults))
        self.test = TextField("Measured in the test", "", "0.2 ohm, RCD trips at 22 mA")
        self._fields = QWidget()
        self._lay_out()
        safety = any(fault.safety and fault.state == "OOSRV" for fault in self._faults)
        self._test_label.setVisible(safety)
        self.test.setVisible(safety)
        self.went.toggled.connect(self._show)
        cancel = self.add_button(Button("Cancel", keys="Esc"))
        cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button("Close it", "primary"))
        self.confirm.clicked.connect(self._try)
        self.set_focus_on(self.result)

    def _lay_out(self) -> None:
        grid = QGridLayout(self._fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for column, (word, field) in enumerate(
            (("Who", self.who), ("Began", self.at), ("Minutes on site", self.minutes))
        ):
            grid.addWidget(Label(word, "small", "text3"), 0, column)
            grid.addWidget(field, 1, column)
        for row, (word, part) in enumerate(
            ((f"Invoice, {self._currency}", self.invoice), ("Parts", self.parts))
        ):
            grid.addWidget(Label(word, "small", "text3"), 2 + 2 * row, 0, 1, 3)
            grid.addWidget(part, 3 + 2 * row, 0, 1, 3)
        grid.addWidget(self.none, 6, 0, 1, 3)
        self._test_label = Label("Measured in the test (a safety fault needs it)", "small", "text3")
        column_of = QVBoxLayout()
        column_of.setSpacing(4)
        column_of.addWidget(self.went)
        column_of.addWidget(Label("What was done", "small", "text3"))
        column_of.addWidget(self.result)
        column_of.addSpacing(4)
        column_of.addWidget(self._fields)
        column_of.addSpacing(4)
        column_of.addWidget(self.with_faults)
        column_of.addWidget(self._test_label)
        column_of.addWidget(self.test)
        self.body_layout.addLayout(column_of)

    def _show(self) -> None:
        self._fields.setVisible(self.went.isChecked())
        self.relayout()

    def visit(self) -> Visit | None:
        """The visit as typed; None where nobody went.

        Raises:
            ForecourtError: a field cannot be read.
        """
        if not self.went.isChecked():
            return None
        began, minutes = time_of(self.at.text(), self._zone), minutes_of(self.minutes.text())
        invoiced = self.invoice.text().strip()
        return Visit(
            began, began + minutes * MINUTE_MS, self.who.text().strip(), minutes,
            str(amount(invoiced)) if invoiced else "", self._currency if invoiced else "",
            self.result.text().strip(), self.none.isChecked(), parts_of(self.parts.toPlainText()),
        )  # fmt: skip

    def _try(self) -> None:
        self.confirm.setEnabled(False)
        try:
            made = self.visit()
            if made is None and not self.result.text().strip():
                raise ForecourtError("Say what was done.")
        except ForecourtError as error:
            self._refused(str(error))
            return
        acts = tuple(self._faults) if self.with_faults.isChecked() else ()
        self._keep(
            (made, self.result.text().strip(), acts, self.test.text().strip()), self._kept, self._refused
        )

    def _kept(self, _result: object) -> None:
        self.finish(True)

    def _refused(self, sentence: str) -> None:
        self.confirm.setEnabled(True)
        self.show_refusal(sentence)


def parts_of(text: str) -> tuple[PartUsed, ...]:
    """Parts, one a line: "LM-4120; 88.50; warranty".

    Raises:
        ForecourtError: a price cannot be read.
    """
    found = []
    for line in text.splitlines():
        words = [part.strip() for part in line.split(";")]
        if not words[0]:
            continue
        price = words[1] if len(words) > 1 else ""
        found.append(
            PartUsed(
                words[0], str(amount(price)) if price else "",
                any(word.casefold().startswith("warrant") for word in words[2:]),
            )
        )  # fmt: skip
    return tuple(found)


def _fault_words(faults: Sequence[FaultRecord]) -> str:
    if len(faults) == 1:
        return f"Close the fault with it: {faults[0].title}"
    return f"Close its {len(faults)} faults with it"

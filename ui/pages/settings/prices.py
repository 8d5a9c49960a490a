"""Settings: what a kWh sells for and costs, by site, date and time of day."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from app.analytics.settings_page import SettingsView, Written
from app.domain import forms
from app.domain.errors import ForecourtError
from app.domain.prices import Price, rate_of
from ui.models.cells import Cell, Column, Tone
from ui.models.rates import bands_of, bands_text, day_start, day_text, rate_body
from ui.pages.settings.form import SettingsPanel
from ui.pages.settings.parts import ShortTable, keep, take_back
from ui.shell.page import Workspace
from ui.theme.formats import UNKNOWN, WIDEST_DAY, day, when
from ui.widgets.ask_sheet import AskSheet, Field, read_by
from ui.widgets.buttons import Button

PRICE, COST = "price", "energy-cost"


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate that was written down. `holds` is "now", "later" or "before"."""

    written: Written
    holds: str
    now_ms: int


class PricesPanel(SettingsPanel):
    """Two lists: prices to drivers and what energy costs."""

    def __init__(self, workspace: Workspace, again: Callable[[], None]) -> None:
        super().__init__("Prices and energy costs")
        self._workspace, self._again = workspace, again
        self._view = SettingsView({}, ())
        self.lists: dict[str, ShortTable] = {}
        self.adding: dict[str, Button] = {}
        self.back: dict[str, Button] = {}
        for kind, name, meaning in (
            (PRICE, "Prices", "What drivers pay, tax included. Losses are priced with what held at the time; "
             "a new price never changes what was computed for the days before it."),
            (COST, "Energy costs", "What a kWh costs you, without tax: one number off the electricity bill. "
             "Without it a lost kWh counts its whole price, and is marked so."),
        ):  # fmt: skip
            add = Button("Add…", icon="plus")
            back = Button("Take back", "quiet")
            add.clicked.connect(lambda _=False, kind=kind: self.ask(kind, None))
            back.clicked.connect(lambda _=False, kind=kind: self._take_back(kind))
            made = ShortTable(
                name, meaning, rate_columns(workspace.zone), lambda r: r.written.entry, (add,), (back,)
            )
            made.table.opened.connect(lambda entry, kind=kind: self.ask(kind, entry))
            self.lists[kind], self.adding[kind], self.back[kind] = made, add, back
            self.add_wide(
                made, f"{name} {kind} tariff kwh minute session tax bands night currency cost price"
            )

    def show_view(self, view: SettingsView) -> None:
        """What stands, newest first at each site."""
        self._view = view
        now = self._workspace.now_ms()
        for kind, table in self.lists.items():
            held: set[str] = set()
            rows = []
            for one in sorted(view.of(kind), key=lambda w: -int(w.body.get("from_ms") or 0)):
                site, begun = str(one.body.get("site") or ""), int(one.body.get("from_ms") or 0) <= now
                holds = "later" if not begun else "before" if site in held else "now"
                held |= {site} if begun else set()
                rows.append(RateRow(one, holds, now))
            table.show_rows(sorted(rows, key=lambda r: str(r.written.body.get("site") or "")))

    def ask(self, kind: str, entry: str | None) -> AskSheet:
        """Ask for a rate: a new one, or one that stands."""
        zone = self._workspace.zone
        body = dict(self._view.body(kind, entry)) if entry else {}
        own = self._view.body("organisation", "own")
        site = str(body.get("site") or "")
        known = self._view.site_names

        def place(text: str) -> str:
            return "" if not text or text in known else f"There is no site {text}."

        fields = [
            Field("site", "Site", site, "empty: every site without its own", check=place),
            Field("from", "Holds from", day_text(int(body.get("from_ms") or self._workspace.now_ms()), zone),
                  check=read_by(lambda t: day_start(t, zone))),
            Field("per_kwh", "Per kWh", str(body.get("per_kwh") or ""), "0.49", check=_needed),
            Field("currency", "Currency", str(body.get("currency") or own.get("currency") or "EUR")),
        ]  # fmt: skip
        if kind == PRICE:
            fields[3:3] = [
                Field("per_minute", "Per minute", str(body.get("per_minute") or ""), "0"),
                Field("per_session", "Per session", str(body.get("per_session") or ""), "0"),
                Field("tax", "Tax in it, %", str(body.get("tax_percent") or ""), "19"),
            ]
        fields.append(
            Field("bands", "At other hours", bands_text(body.get("bands")),
                  "20:00-06:00 mon-fri 0.29; 12:00-14:00 0.25", check=read_by(bands_of))
        )  # fmt: skip

        def submit(values: Any, done: Any, failed: Any) -> None:
            try:
                made = rate_body(values, zone)
            except ForecourtError as error:
                failed(str(error))
                return
            name = entry or f"{made['site'] or 'all'}-{values['from']}"
            taken = {one.entry for one in self._view.of(kind)}
            if not entry and name in taken:
                failed("There is one from this day on already; change that.")
                return
            keep(self._workspace, kind, name, made, self._again, done, failed)

        word = "Price" if kind == PRICE else "Energy cost"
        text = "It holds from the start of that day until a newer one; days before keep what held then."
        host = self._workspace.sheet_host or self.window()
        sheet = AskSheet(host, word, entry or "", text, "Keep", submit, fields)
        sheet.open()
        return sheet

    def _take_back(self, kind: str) -> None:
        row = self.lists[kind].current()
        if row is None:
            self._workspace.toast("Choose the line to take back.")
            return
        take_back(self._workspace, kind, row.written.entry, row.written.body, self._again)


def rate_columns(zone: ZoneInfo) -> list[Column[RateRow]]:
    """Where, from when, how much, at other hours, by whom."""

    def begins(row: RateRow) -> Cell:
        at = int(row.written.body.get("from_ms") or 0)
        return Cell(day(at, zone, year=True) if at else "always", tone=Tone.QUIET)

    def written(row: RateRow) -> Cell:
        return Cell(row.written.by, more=when(row.written.at_ms, row.now_ms, zone), tone=Tone.QUIET)

    return [
        Column("site", "Site", lambda r: Cell(str(r.written.body.get("site") or "All others"), strong=True),
               "Antwerpen Linkeroever", stretch=True, fixed=True),
        Column("from", "From", begins, f"{WIDEST_DAY} 2026", fixed=True),
        Column("holds", "Holds", lambda r: Cell(r.holds, strong=r.holds == "now", tone=Tone.NORMAL
               if r.holds == "now" else Tone.FAINT), "before", fixed=True),
        Column("kwh", "Per kWh", _per_kwh, "0.4900 EUR", right=True, fixed=True),
        Column("more", "Besides", _besides, "€0.10/min, €1.00/session, 19% tax", yields=2),
        Column("bands", "At other hours", lambda r: Cell(bands_text(r.written.body.get("bands")) or UNKNOWN,
               tone=Tone.QUIET), "20:00-06:00 mon tue 0.29", yields=3),
        Column("by", "By", written, f"Nele Verhoef {WIDEST_DAY} 2026 14:32", yields=4),
    ]  # fmt: skip


def _per_kwh(row: RateRow) -> Cell:
    price = _price(row)
    return Cell(UNKNOWN if price is None else forms.price(price.per_kwh, price.currency))


def _besides(row: RateRow) -> Cell:
    price, parts = _price(row), []
    if price is not None:
        for amount, unit in ((price.per_minute, "min"), (price.per_session, "session")):
            parts += [f"{forms.price(amount, price.currency)}/{unit}"] if amount else []
        parts += [f"{forms.exact(price.tax_percent)}% tax"] if price.tax_percent else []
    return Cell(", ".join(parts) or UNKNOWN, tone=Tone.QUIET)


def _price(row: RateRow) -> Price | None:
    """What is written down; None where it cannot be read, and so never was a price."""
    try:
        return rate_of(row.written.entry, row.written.body).price
    except ForecourtError:
        return None


def _needed(text: str) -> str:
    return "" if text else "Enter the amount, as 0.49."

"""Settings: who runs the network and in which currency, its sites, and the words and forms of numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale

from app.analytics.settings_page import SettingsView
from app.domain.errors import ForecourtError
from app.domain.money import currency_complaint
from app.zone import operator_zone
from ui.models.cells import Cell, Column, Tone
from ui.models.rates import hours_of, hours_text
from ui.models.work_orders import day_of
from ui.pages.settings.form import SettingsPanel
from ui.pages.settings.parts import ShortTable, keep
from ui.shell.page import Workspace
from ui.theme.formats import number, stamp
from ui.theme.money import money
from ui.widgets.ask_sheet import AskSheet, Field, read_by
from ui.widgets.buttons import Button
from ui.widgets.labels import Label


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site with what was written down of it."""

    name: str
    zone: str
    hours: str
    host: str
    contact: str


class OrganisationPanel(SettingsPanel):
    """The operator's name, address and currency."""

    def __init__(self, workspace: Workspace, again: Callable[[], None]) -> None:
        super().__init__("Organisation")
        self._workspace, self._again = workspace, again
        self._body: dict[str, Any] = {}
        self.change = Button("Change…", icon="pencil")
        self.change.clicked.connect(self.ask)
        money_button = Button("Change…", icon="coins")
        money_button.clicked.connect(self.ask)
        self._name = self.add("Name and address", "not entered", self.change)
        self._currency = self.add("Currency", "EUR", money_button)

    def show_view(self, view: SettingsView) -> None:
        """What stands."""
        self._body = dict(view.body("organisation", "own"))
        told = ", ".join(
            str(self._body.get(k) or "") for k in ("name", "address", "email") if self._body.get(k)
        )
        self._name.meaning.setText(
            f"{told or 'Not entered yet'}. Stands on job sheets, protocols and reports."
        )
        currency = self._body.get("currency")
        self._currency.meaning.setText(
            f"{currency or 'EUR, as nothing else was entered'}. All costs are in it; amounts in another "
            "currency are shown, never added."
        )

    def ask(self) -> AskSheet:
        """Ask for all of it."""
        fields = (
            Field("name", "Name", str(self._body.get("name") or "")),
            Field("address", "Address", str(self._body.get("address") or "")),
            Field("email", "E-mail", str(self._body.get("email") or "")),
            Field("currency", "Currency", str(self._body.get("currency") or "EUR"), check=currency_complaint),
        )

        def submit(values: Any, done: Any, failed: Any) -> None:
            body = {**self._body, **values, "currency": values["currency"].strip().upper()}
            keep(self._workspace, "organisation", "own", body, self._again, done, failed)

        sheet = AskSheet(
            self._workspace.sheet_host or self.window(), "Organisation", "", "", "Keep", submit, fields
        )
        sheet.open()
        return sheet


class SitesPanel(SettingsPanel):
    """Zones, opening hours and hosts of sites."""

    def __init__(self, workspace: Workspace, again: Callable[[], None]) -> None:
        super().__init__("Sites")
        self._workspace, self._again = workspace, again
        self._view = SettingsView({}, ())
        self.change = Button("Change…", icon="pencil")
        columns: list[Column[SiteRow]] = [
            Column("name", "Site", lambda r: Cell(r.name, strong=True), "Antwerpen Linkeroever", stretch=True,
                   fixed=True),
            Column("zone", "Time zone", lambda r: _told(r.zone, "as the operator"), "Europe/Amsterdam ab"),
            Column("hours", "Open", lambda r: _told(r.hours, "always"), "mon-fri 06:00-22:00", fixed=True),
            Column("host", "Host", lambda r: _told(r.host, "not entered"), "Garage of a name", yields=1),
        ]  # fmt: skip
        self.sites = ShortTable(
            "Sites",
            "Demand and loss are counted by the clock on the site's wall, and only while it is open. The "
            "host stands on evidence and job sheets.",
            columns, lambda r: r.name, on_row=(self.change,),
        )  # fmt: skip
        self.add_wide(self.sites, "sites zone time opening hours host contact holidays")
        self.change.clicked.connect(lambda: self.ask(self.sites.table.current_key()))
        self.sites.table.opened.connect(self.ask)

    def show_view(self, view: SettingsView) -> None:
        """What stands."""
        self._view = view
        rows = []
        for name in view.site_names:
            body = view.body("site", name)
            rows.append(
                SiteRow(
                    name,
                    str(body.get("zone") or ""),
                    hours_text(body.get("hours")),
                    str(body.get("host") or ""),
                    str(body.get("contact") or ""),
                )
            )
        self.sites.show_rows(rows)

    def ask(self, name: str | None) -> AskSheet | None:
        """Ask for what is known of a site; the first where none is chosen."""
        name = name or next(iter(self._view.site_names), None)
        if name is None:
            return None
        body = dict(self._view.body("site", name))
        holidays = body.get("holidays")
        fields = (
            Field("zone", "Time zone", str(body.get("zone") or ""), "Europe/Berlin, empty: the operator's",
                  check=zone_wrong),
            Field("hours", "Open", hours_text(body.get("hours")),
                  "mon-fri 06:00-22:00; sat 08:00-20:00, empty: always", check=read_by(hours_of)),
            Field("holidays", "Holidays (counted as Sundays)", ", ".join(holidays or ()),
                  "2026-12-25, 2026-12-26", check=read_by(_holidays)),
            Field("host", "Host", str(body.get("host") or ""), "Who owns the ground"),
            Field("contact", "Contact", str(body.get("contact") or ""), "Name, telephone"),
        )  # fmt: skip

        def submit(values: Any, done: Any, failed: Any) -> None:
            told = {
                **body, "zone": values["zone"], "hours": hours_of(values["hours"]), "host": values["host"],
                "contact": values["contact"], "holidays": _days(values["holidays"]),
            }  # fmt: skip
            keep(self._workspace, "site", name, told, self._again, done, failed)

        text = "Uptime of the past is computed anew with these hours; no record changes."
        sheet = AskSheet(
            self._workspace.sheet_host or self.window(), "Site", name, text, "Keep", submit, fields
        )
        sheet.open()
        return sheet


class LanguagePanel(SettingsPanel):
    """Language, formats and the operator's time zone."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("Language and formats")
        self._workspace = workspace
        self.zone_button = Button("Change…", icon="globe")
        self.zone_button.clicked.connect(self.ask_zone)
        self._zone = self.add("Time zone", "–", self.zone_button)
        self._formats = self.add("Numbers, money and dates", "–", Label("As the system", "small", "text2"))
        self.show_now()

    def show_now(self) -> None:
        """What is in force, with samples."""
        zone, settings = self._workspace.zone, self._workspace.settings
        now = self._workspace.now_ms()
        own = settings.zone or "that of this computer"
        told = f"{zone.key} ({own}). It is {stamp(now, zone)} there."
        try:
            waits = operator_zone(settings.zone).key != zone.key
        except ForecourtError:
            waits = False
        self._zone.meaning.setText(told + (" The change holds from the next start." if waits else ""))
        self._formats.meaning.setText(
            f"English words; numbers {_as_where(QLocale())}: {number(1284.5, 2)}, "
            f"{money(128450, 'EUR')}. Exports use ISO 8601 with offset and a point."
        )

    def ask_zone(self) -> AskSheet:
        """Ask for the operator's zone."""
        fields = (
            Field("zone", "Time zone", self._workspace.settings.zone, "Europe/Berlin", check=zone_wrong),
        )

        def submit(values: Any, done: Any, failed: Any) -> None:
            def kept(result: Any) -> None:
                self.show_now()
                done(result)

            self._workspace.set_setting("zone", values["zone"], done=kept, failed=failed)

        text = (
            "Days, months and quiet hours are those of this zone; what is stored is UTC and does not change. "
            "It holds from the next start."
        )
        host = self._workspace.sheet_host or self.window()
        sheet = AskSheet(host, "Time zone", "", text, "Keep", submit, fields)
        sheet.open()
        return sheet


def zone_wrong(text: str) -> str:
    """What is wrong with the name of a zone; "" where it will do."""
    if not text:
        return ""
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        return "No zone has this name; write it as Europe/Berlin."
    return ""


def _days(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _holidays(text: str) -> list[object]:
    return [day_of(part) for part in _days(text)]


def _told(text: str, otherwise: str) -> Cell:
    return Cell(text, tone=Tone.QUIET) if text else Cell(otherwise, tone=Tone.FAINT)


def _as_where(locale: QLocale) -> str:
    """How numbers are written, in words; the name of a locale ("de_DE", "C") is none of an operator's."""
    if locale.language() == QLocale.Language.C:
        return "with a decimal point, as this system has no language set"
    return f"as in {QLocale.territoryToString(locale.territory())}"

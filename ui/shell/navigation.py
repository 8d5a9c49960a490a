"""The pages there are, in the order of the rail. A page that does not work yet is not listed."""

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ui.shell.page import Page, Workspace


def _lazily(module: str, name: str) -> Callable[[Workspace], Page]:
    def make(workspace: Workspace) -> Page:
        kind: Any = getattr(importlib.import_module(module), name)
        page: Page = kind(workspace)
        return page

    return make


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page: its route, the word on its tab ("" for a page opened from another), where it lives."""

    route: str
    tab: str
    module: str
    name: str

    def load(self) -> None:
        """Import its module, which may take long; for a worker thread."""
        importlib.import_module(self.module)

    def make(self, workspace: Workspace) -> Page:
        """Build it; its module is imported now, not before."""
        return _lazily(self.module, self.name)(workspace)


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the rail with its tabs. `foot` stands at the rail's lower end."""

    key: str
    title: str
    icon: str
    pages: tuple[PageSpec, ...] = field(default=())
    foot: bool = False


_ALL = (
    Section(
        "overview",
        "Overview",
        "layout-dashboard",
        (PageSpec("overview", "", "ui.pages.overview.page", "OverviewPage"),),
    ),
    Section(
        "faults",
        "Faults",
        "triangle-alert",
        (
            PageSpec("faults/queue", "Queue", "ui.pages.faults.page", "FaultsPage"),
            PageSpec("faults/maintenance", "Maintenance", "ui.pages.maintenance.page", "MaintenancePage"),
            PageSpec("faults/shift", "Shift", "ui.pages.faults.shift", "ShiftPage"),
        ),
    ),
    Section("map", "Map", "map", (PageSpec("map", "", "ui.pages.map.page", "MapPage"),)),
    Section(
        "stations",
        "Stations",
        "plug-zap",
        (
            PageSpec("stations/list", "List", "ui.pages.stations.page", "StationsPage"),
            PageSpec("stations/messages", "Messages", "ui.pages.messages.page", "MessagesPage"),
            PageSpec("stations/commands", "Commands", "ui.pages.commands.page", "CommandsPage"),
            PageSpec("stations/firmware", "Firmware", "ui.pages.firmware.page", "FirmwarePage"),
            PageSpec(
                "stations/configuration", "Configuration", "ui.pages.configuration.page", "ConfigurationPage"
            ),
            PageSpec("stations/station", "", "ui.pages.station.page", "StationPage"),
        ),
    ),
    Section(
        "sessions",
        "Sessions",
        "receipt-text",
        (PageSpec("sessions/list", "List", "ui.pages.sessions.page", "SessionsPage"),),
    ),
    Section(
        "costs",
        "Hidden costs",
        "coins",
        (PageSpec("costs", "", "ui.pages.costs.page", "CostsPage"),),
    ),
    Section(
        "reports",
        "Reports",
        "chart-column",
        (
            PageSpec("reports/reports", "Reports", "ui.pages.reports.page", "ReportsPage"),
            PageSpec("reports/uptime", "Uptime", "ui.pages.uptime.page", "UptimePage"),
            PageSpec("reports/insights", "Insights", "ui.pages.insights.page", "InsightsPage"),
        ),
    ),
    Section(
        "onboarding",
        "Onboarding",
        "cable",
        (PageSpec("onboarding", "", "ui.pages.onboarding.page", "OnboardingPage"),),
    ),
    Section(
        "settings",
        "Settings",
        "settings",
        (
            PageSpec("settings", "General", "ui.pages.settings.page", "SettingsPage"),
            PageSpec("settings/assumptions", "Assumptions", "ui.pages.assumptions.page", "AssumptionsPage"),
        ),
        foot=True,
    ),
)


@cache
def sections() -> tuple[Section, ...]:
    """The sections whose pages are part of this build."""
    found = []
    for section in _ALL:
        pages = tuple(page for page in section.pages if _exists(page.module))
        if pages:
            found.append(Section(section.key, section.title, section.icon, pages, section.foot))
    return tuple(found)


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def load_all() -> None:
    """Import every page's module and what draws charts, so that none is waited for later; for a worker."""
    for section in sections():
        for page in section.pages:
            page.load()
    importlib.import_module("ui.widgets.charts.engine").load()


def find(route: str) -> tuple[Section, PageSpec] | None:
    """The section and page of a route; a section's key opens its first page."""
    for section in sections():
        if route == section.key:
            return section, section.pages[0]
        for page in section.pages:
            if page.route == route:
                return section, page
    return None

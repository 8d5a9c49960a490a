"""Stations that nobody has put at a site yet: every page counts the same, none."""

from dataclasses import replace
from typing import Any

from app.domain.status import Shown
from tests.ui.pictures import picture
from ui.widgets.uptime_list import UptimeList, UptimeRow


def _nowhere() -> Any:
    shown = picture(3)
    return replace(shown, stations={name: replace(v, site="") for name, v in shown.stations.items()})


def test_overview_counts_no_site_that_is_none(open_page: Any) -> None:
    stage = open_page("overview", _nowhere())
    assert stage.titles[-1][1] == "3 stations"


def test_the_list_offers_no_site_as_one_of_them(open_page: Any) -> None:
    """ "All 1" stood beside "0 sites"."""
    stage = open_page("stations", _nowhere())
    assert stage.page.bar.site.accessibleName() == "Site All"


def test_a_list_of_uptimes_that_is_whole_says_nothing_of_its_length(dressed: Any, qtbot: Any) -> None:
    """ "1 of 1 sites" stood under "No site yet"."""
    told = UptimeList()
    qtbot.addWidget(told)
    days = (Shown.OFFLINE, Shown.AVAILABLE)
    told.show_rows((UptimeRow("No site yet", days, 50.0),))
    assert told._tip(0) == "No site yet: 1 day offline in 2 days"

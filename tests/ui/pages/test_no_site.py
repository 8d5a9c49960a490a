"""Stations that nobody has put at a site yet: every page counts the same, none."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.status import Shown
from tests.ui.pictures import picture
from tests.ui.wrongs import fault, tell
from ui.widgets.fault_rows import FaultDelegate
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


@pytest.mark.parametrize("page", ["overview", "map"])
def test_a_map_without_places_says_so_and_leads_to_placing(open_page: Any, page: str) -> None:
    """On a laptop an empty Europe stood there without a word."""
    shown = picture(3)
    lost = {name: replace(v, latitude=None, longitude=None) for name, v in shown.stations.items()}
    stage = open_page(page, replace(shown, stations=lost), size=(1224, 644))
    mapped = stage.page.map
    assert mapped.nowhere.isVisible()
    stage.click(stage.button("Place stations", mapped.nowhere))
    assert mapped.placing
    assert not mapped.nowhere.isVisible()


def test_a_map_with_places_needs_no_words(open_page: Any) -> None:
    assert not open_page("map", picture(3)).page.map.nowhere.isVisible()


def test_a_row_without_a_place_begins_with_no_dot(open_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "SIM-002   · P2 · 48 s" stood in the queue."""
    drawn: list[str] = []
    real = FaultDelegate._elided

    def told(self: Any, painter: Any, x: int, right: int, line: Any, text: str, *how: Any) -> None:
        drawn.append(text)
        real(self, painter, x, right, line, text, *how)

    monkeypatch.setattr(FaultDelegate, "_elided", told)
    stage = open_page("faults", _nowhere(), size=(1224, 644))
    tell(stage.bridge, {1: fault(1, site=""), 2: fault(2, "UTM-02", evse=1)})
    stage.settle()
    stage.page._show_rows(free=True)
    stage.page.table.grab()
    rest = [text for text in drawn if "P1" in text or "P2" in text]
    assert {text.startswith("·") for text in rest} == {True, False}


def test_the_map_counts_no_problem_at_a_site_that_is_none(open_page: Any) -> None:
    """ "1 site with a problem" stood beside 300 stations without a site."""
    lost = {
        name: replace(v, latitude=None, longitude=None, shown=Shown.OFFLINE)
        for name, v in _nowhere().stations.items()
    }
    stage = open_page("overview", replace(_nowhere(), stations=lost))
    assert stage.page._map_panel._subtitle.text() == "3 stations, 3 not on the map"

"""Overview as somebody reads it."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.analytics.yesterday import Yesterday
from app.domain.intents import ActOnFault, DescribeStation
from app.domain.status import ConnectorStatus, LinkState, Shown
from app.fleet.views import Changes, Picture
from tests.ui.pictures import NOW_MS, changed, picture, with_connector
from tests.ui.wrongs import fault, faults, tell
from ui.picture import whole
from ui.theme.money import money, rate


def test_figures_say_what_the_totals_say(open_page: Any) -> None:
    """Online of all, offline and unknown, connectors by state, power and energy with units."""
    stage = open_page("overview")
    said = stage.texts(stage.page.strip)
    totals = stage.bridge.picture.totals
    assert f"Stations online, {totals.online} / 48, {totals.offline} offline, {totals.never} unknown" in said
    counts = dict(totals.connectors)
    assert f"{counts[Shown.FAULTED]} faulted, {counts[Shown.OFFLINE]} offline" in said
    assert "MW" in said
    assert "MWh" in said


def test_power_that_is_not_told_is_named(open_page: Any) -> None:
    """A connector that charges without a value is counted beside the figure, not as zero."""
    shown = picture(12)
    busy = next(
        v for v in shown.stations.values() for p in v.connectors if p.status is ConnectorStatus.CHARGING
    )
    place = next(i for i, p in enumerate(busy.connectors) if p.status is ConnectorStatus.CHARGING)
    shown, _ = changed(shown, with_connector(busy, place, power_w=None))
    stage = open_page("overview", shown)
    assert "1 of" in stage.texts(stage.page.strip)
    assert "charging not telling" in stage.texts(stage.page.strip)


def test_a_figure_opens_its_page(open_page: Any) -> None:
    """Each cell leads where its detail is."""
    stage = open_page("overview")
    for cell in (stage.page.online, stage.page.connectors, stage.page.power, stage.page.energy):
        stage.click(cell)
    assert stage.went == [
        ("stations/list", "problem"),
        ("stations/list", ""),
        ("stations/list", "in use"),
        ("sessions/list", ""),
    ]


def test_as_many_are_set_aside_as_the_faults_page_lists(open_page: Any) -> None:
    """Those suppressed under a cause too: it counted fewer, by another word."""
    stage = open_page("overview")
    assert "4 set aside" in stage.texts(stage.page.queue)


def test_the_dearest_faults_are_listed_and_enter_opens_one(open_page: Any) -> None:
    """Safety first, then what mending saves most; at most seven; Enter opens the fault's page."""
    stage = open_page("overview")
    tell(stage.bridge, faults(stage.bridge.picture, 12))
    stage.settle()
    views = stage.page.queue.model.rows
    assert len(views) == 7
    assert views[0].record.safety
    rest = [view.money.saves for view in views if not view.record.safety]
    assert rest == sorted(rest, reverse=True)
    assert "SHLVD" not in [view.record.state for view in views]
    table = stage.page.queue.table
    table.setFocus()
    table.go_to(views[1].record.fault)
    stage.press(table, Qt.Key.Key_K, Qt.Key.Key_Return)
    assert stage.went == [("faults/queue", str(views[0].record.fault))]


def test_a_new_fault_waits_while_the_list_is_in_use(open_page: Any) -> None:
    """Rows do not jump under the hand: a line counts what is new, a click shows it."""
    stage = open_page("overview")
    tell(stage.bridge, {1: fault(1, losing=200), 2: fault(2, "UTM-01", losing=100)})
    stage.settle()
    stage.page.queue.table.setFocus()
    tell(stage.bridge, {3: fault(3, "BRP-01", "Breda Princenhage", losing=9_000)}, more=True)
    stage.settle()
    assert [view.record.fault for view in stage.page.queue.model.rows] == [1, 2]
    stage.click(stage.button("1 new"))
    assert [view.record.fault for view in stage.page.queue.model.rows] == [3, 1, 2]


def test_a_acknowledges_the_fault_in_hand_and_can_be_undone(open_page: Any) -> None:
    """A is kept with the fault; Undo takes it back."""
    stage = open_page("overview")
    tell(stage.bridge, {7: fault(7)})
    stage.settle()
    table = stage.page.queue.table
    table.setFocus()
    stage.press(table, Qt.Key.Key_J, Qt.Key.Key_A)
    assert stage.bridge.intents[-1][0] == ActOnFault(7, "acknowledge")
    stage.undos[-1]()
    assert stage.bridge.intents[-1][0] == ActOnFault(7, "unacknowledge")


def test_what_is_lost_now_is_said_in_money(open_page: Any) -> None:
    """The sum of the open faults an hour, with what they lost so far; a click leads to them."""
    stage = open_page("overview")
    tell(stage.bridge, {1: fault(1, losing=1420, lost=3170), 2: fault(2, "BRP-01", losing=380, lost=100)})
    stage.settle()
    assert stage.page.losing.accessibleName() == (
        f"Losing now, {money(1800, 'EUR')} per hour, {money(3270, 'EUR')} lost so far"
    )
    stage.click(stage.page.losing)
    assert stage.went == [("faults/queue", "")]


def test_an_unknown_price_is_not_called_zero(open_page: Any) -> None:
    """A fault without a price is counted beside the figure."""
    stage = open_page("overview")
    tell(stage.bridge, {1: fault(1, losing=None, lost=None)})
    stage.settle()
    assert stage.page.losing.accessibleName() == "Losing now, – per hour, 1 fault without a price"


def test_nothing_wrong_is_said_in_words(open_page: Any) -> None:
    """An empty queue is good news, and says so."""
    stage = open_page("overview", picture(3))
    stage.bridge.started.emit()
    stage.settle()
    assert "reading the faults" in stage.page.losing.accessibleName()
    tell(stage.bridge, {})
    stage.settle()
    assert "No fault is open." in stage.texts()
    assert stage.page.losing.accessibleName() == "Losing now, Nothing, is losing money"


def test_the_map_tags_what_loses_money(open_page: Any) -> None:
    """A site whose charger only looks well is marked on the map, with what it costs."""
    stage = open_page("overview")
    well = next(v for v in stage.bridge.picture.stations.values() if v.shown is Shown.AVAILABLE)
    tell(stage.bridge, {1: fault(1, well.station, well.site, kind=3, losing=370)})
    stage.settle()

    def sites() -> dict[str, Any]:
        return {site.key: site for site in stage.page.map.map._sites}

    assert sites()[well.site].note == rate(370, "EUR")
    assert sites()[well.site].shown in (Shown.DEGRADED, Shown.FAULTED, Shown.OFFLINE)
    stage.page.segments.chosen.emit("losses")
    assert [site.key for site in sites().values() if site.boxed] == [well.site]
    stage.page.segments.chosen.emit("load")
    assert all(site.note.endswith("W") or site.note == "–" for site in sites().values())


def test_the_sentence_of_the_day_is_absent_or_true(open_page: Any) -> None:
    """What changed since yesterday stands above the figures; nothing where nothing did."""
    stage = open_page("overview")
    stage.bridge.answer("overview/day", Yesterday(0, 0, 0, 0, (), None, None))
    assert not stage.page.day.isVisible()
    stage.page._ask_history()
    stage.bridge.answer("overview/day", Yesterday(3, 1, 2, 1, (("EUR", 1_250),), 880, 1000))
    assert stage.page.day.text() == (
        "Since yesterday at this time: 3 faults opened, 1 of them still open; 2 ended (1 mended without a "
        f"person, they lost {money(1250, 'EUR')} in all); today 12% less energy than yesterday by this time."
    )


def test_before_the_first_charger_the_exact_address_is_shown(open_page: Any) -> None:
    """No station: the URL to type, and a simulated charger on a click."""
    stage = open_page("overview", picture(0))
    first = stage.page._first
    assert first.address.field.text() == "ws://192.168.40.12:9220/ocpp/"
    assert "The server has listened for" in stage.texts(first)
    first.show_server(replace(picture(0).server, started_ms=0), NOW_MS)
    assert "listened for" not in stage.texts(first), "in a picture nobody listens, and not since 1970"
    stage.click(stage.button("Start a simulated charger"))
    assert [run.__name__ for run in stage.bridge.runs].count("start_one") == 1
    assert "simulated charger is calling" in stage.toasts[-1]


def test_a_dead_server_is_told_with_its_cause(open_page: Any) -> None:
    """The cause stands on top; the rest of the page stays alive."""
    stage = open_page("overview", picture(12, broken=True))
    assert "Port 9220 is already in use." in stage.texts()
    assert "Stations online" in stage.texts()


def test_nothing_recorded_is_told_loudly(open_page: Any) -> None:
    """A full disk is said before anything else, while stations are served on."""
    shown = picture(12)
    server = replace(shown.server, recording=False, recording_cause="The disk is full.")
    stage = open_page("overview", replace(shown, server=server))
    assert "Nothing can be recorded: The disk is full." in stage.texts()


@pytest.mark.parametrize(("size", "compact"), [((1352, 824), False), ((1224, 644), True)])
def test_on_a_laptop_the_lower_row_stands_behind_tabs(
    open_page: Any, size: tuple[int, int], compact: bool
) -> None:
    """At 1280x720 power and uptime are tabs of the map's panel; larger, they have a row."""
    stage = open_page("overview", size=size)
    assert stage.page._lower.isVisible() is not compact
    if compact:
        stage.page._map_panel.tab_chosen.emit("uptime")
        stage.settle()
        assert stage.page.uptime.isVisible()
        assert not stage.page.map.isVisible()


def test_a_station_is_placed_by_dragging_and_the_move_can_be_undone(open_page: Any) -> None:
    """In the mode for it, a drop sends coordinates; Undo puts the station back."""
    stage = open_page("overview")
    before = stage.bridge.picture.stations["UTM-01"]
    stage.click(stage.button("Place stations"))
    assert stage.page.map.placing
    stage.page.map.map.placed.emit("station:UTM-01", 52.5, 5.5)
    assert stage.bridge.intents[-1][0] == DescribeStation("UTM-01", latitude=52.5, longitude=5.5)
    stage.undos[-1]()
    undone = stage.bridge.intents[-1][0]
    assert undone.latitude == pytest.approx(before.latitude, abs=1e-6)
    assert stage.page.back()
    assert not stage.page.map.placing


def test_a_station_without_a_place_is_offered_for_placing(open_page: Any) -> None:
    """It stands in the strip below the map until it has coordinates."""
    shown = picture(3)
    lost = replace(shown.stations["UTM-01"], latitude=None, longitude=None)
    shown, _ = changed(shown, lost)
    stage = open_page("overview", shown)
    assert "1 not on the map" in stage.texts()
    stage.click(stage.button("Place stations"))
    stage.click(stage.button("UTM-01", stage.page.map.bar))
    assert "Click on the map where UTM-01 stands" in stage.texts(stage.page.map.bar)


def test_a_site_on_the_map_opens_its_stations(open_page: Any) -> None:
    """A click on a site leads to its stations, on a lone station to its page."""
    stage = open_page("overview")
    stage.page.map.map.site_chosen.emit("Venlo Blerick")
    assert stage.went[-1] == ("stations/list", "site:Venlo Blerick")


def test_uptime_lists_sites_worst_first(open_page: Any) -> None:
    """The worst site of 30 days stands on top."""
    stage = open_page("overview")
    percents = [row.percent for row in stage.page.uptime._rows]
    assert percents == sorted(percents)


def test_live_changes_reach_the_figures(open_page: Any) -> None:
    """A station that falls offline is counted at the next look."""
    stage = open_page("overview")
    view = next(v for v in stage.bridge.picture.stations.values() if v.link is LinkState.ONLINE)
    before = stage.bridge.picture.totals.offline
    _, changes = changed(stage.bridge.picture, replace(view, link=LinkState.OFFLINE, shown=Shown.OFFLINE))
    stage.bridge.feed(changes)
    stage.settle()
    assert f"{before + 1} offline" in stage.texts(stage.page.strip)


def test_a_hidden_page_does_no_work(open_page: Any) -> None:
    """While another page is shown, changes are only noted."""
    stage = open_page("overview")
    stage.page.hide()
    before = stage.page.online.accessibleName()
    stage.bridge.feed(Changes(totals=replace(stage.bridge.picture.totals, online=1)))
    stage.page.refresh()
    assert stage.page.online.accessibleName() == before
    stage.page.show()
    stage.settle()
    assert "Stations online, 1" in stage.page.online.accessibleName()


def test_while_the_core_starts_blocks_stand_where_the_page_will_be(open_page: Any) -> None:
    """No claim that nobody called before that is known; then the page itself."""
    stage = open_page("overview", Picture(at_ms=0))
    assert "No charger has called yet" not in stage.texts()
    shown = picture(3)
    stage.bridge.feed(whole(shown))
    stage.settle()
    assert "Stations online" in stage.texts()

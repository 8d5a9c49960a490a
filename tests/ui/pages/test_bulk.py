"""Stations ticked in the list, and work on all of them at once."""

from typing import Any

from PySide6.QtCore import Qt

from app.domain.operations import Consequence, Reset, SetAvailability, Urgency
from app.domain.status import LinkState
from tests.ui.rooms import FakeDesk, fake_room, serve
from ui.models.bulk import AVAILABILITY, READ, RESET
from ui.models.station_list import SiteRow, StationRow


def stations(stage: Any) -> list[str]:
    """Identities in the order of the list."""
    return [row.view.station for row in stage.page.model.rows if isinstance(row, StationRow)]


def busy(stage: Any) -> int:
    """Sessions at the ticked stations."""
    known = stage.bridge.picture.stations
    return sum(known[s].sessions_open for s in stage.page.ticks)


def test_space_ticks_and_shift_j_ticks_on_the_way(open_page: Any) -> None:
    """The bar says how many, and which sessions all of it would touch; Esc lets go of them."""
    stage = open_page("stations")
    table, first = stage.page.table, stations(stage)[0]
    table.go_to(("station", first))
    stage.press(table, Qt.Key.Key_Space)
    assert list(stage.page.ticks) == [first]
    stage.qtbot.keyClick(table, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    stage.qtbot.keyClick(table, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert list(stage.page.ticks) == stations(stage)[:3]
    assert stage.page.bulk.isVisible()
    assert "3 selected" in stage.texts(stage.page.bulk)
    running = busy(stage)
    assert (f"{running} session" in stage.texts(stage.page.bulk)) is bool(running)
    assert stage.page.back()
    assert not len(stage.page.ticks)
    assert not stage.page.bulk.isVisible()


def test_a_site_and_the_title_tick_all_of_theirs(open_page: Any) -> None:
    """Space on a heading ticks its stations; the title ticks everything in view, and again nothing."""
    stage = open_page("stations")
    head = next(row for row in stage.page.model.rows if isinstance(row, SiteRow))
    stage.page.table.go_to(head.key)
    stage.press(stage.page.table, Qt.Key.Key_Space)
    assert len(stage.page.ticks) == head.stations
    stage.page.table.tick_asked.emit(None)
    assert len(stage.page.ticks) == 48
    stage.page.table.tick_asked.emit(None)
    assert not len(stage.page.ticks)


def test_ticks_stay_while_rows_change_and_a_station_that_is_gone_is_let_go(open_page: Any) -> None:
    """A filter hides a ticked row but does not forget it."""
    stage = open_page("stations")
    stage.page.ticks.set(["UTM-01", "VLB-01"], True)
    stage.page.bar.field.setText("venlo")
    stage.qtbot.waitUntil(lambda: len(stations(stage)) == 4)
    assert len(stage.page.ticks) == 2
    stage.page.ticks.keep({"VLB-01": None})
    assert list(stage.page.ticks) == ["VLB-01"]


def test_a_reset_says_what_it_cuts_and_needs_a_reason(open_page: Any) -> None:
    """The facts are in the sheet; without a why nothing is handed over, with one the batch is agreed to."""
    stage = open_page("stations")
    cut = Consequence("cut:5", "UTM-01 charges: 12.4 kWh in 21 min", asks_why=True, sessions=(5,))
    desk = FakeDesk({"UTM-01": (cut,), "UTM-02": (Consequence("no", "It is offline.", blocks=True),)})
    serve(stage.bridge, fake_room(desk))
    stage.page.ticks.set(["UTM-01", "UTM-02", "VLB-01"], True)
    sheet = stage.page.bulk.ask(RESET)
    told = stage.texts(sheet)
    assert "Cuts 1 session" in told
    assert "12.4 kWh in 21 min" in told
    assert "Left out: UTM-02: It is offline." in told
    assert sheet.cancel.hasFocus()
    assert not sheet.confirm.isEnabled()
    sheet.why.setText("modem hangs")
    sheet.ways._take(1)
    stage.click(sheet.confirm)
    ((title, wishes, waves, stop_after),) = desk.batches_begun
    assert title == "Reset"
    assert [(w.station, w.operation, w.why, w.agreed) for w in wishes] == [
        ("UTM-01", Reset(hard=True), "modem hangs", ("cut:5",)),
        ("VLB-01", Reset(hard=True), "modem hangs", ()),
    ]
    assert {w.urgency for w in wishes} == {Urgency.BULK}
    assert (waves, stop_after) == ((2, 10), 1)
    assert not len(stage.page.ticks), "what is under way is no longer ticked"


def online(stage: Any) -> list[str]:
    """Stations of the list that are connected."""
    known = stage.bridge.picture.stations
    return [s for s in stations(stage) if known[s].link is LinkState.ONLINE]


def test_more_than_ten_stations_ask_to_type_their_number(open_page: Any) -> None:
    """Eleven: the number has to be typed, and Return then begins; ten do not ask."""
    stage = open_page("stations")
    desk = FakeDesk()
    serve(stage.bridge, fake_room(desk))
    stage.page.ticks.set(online(stage)[:11], True)
    sheet = stage.page.bulk.ask(RESET)
    assert "Type 11 to confirm" in stage.texts(sheet)
    assert not sheet.confirm.isEnabled()
    sheet.typed.setText("10")
    stage.press(sheet.typed, Qt.Key.Key_Return)
    assert not sheet.confirm.isEnabled()
    assert not desk.batches_begun
    sheet.typed.setText("11")
    stage.press(sheet.typed, Qt.Key.Key_Return)
    assert len(desk.batches_begun[0][1]) == 11


def test_what_only_reads_asks_for_no_number_and_goes_on_where_one_fails(open_page: Any) -> None:
    """Nothing is changed, so nothing has to be typed."""
    stage = open_page("stations")
    desk = FakeDesk()
    serve(stage.bridge, fake_room(desk))
    stage.page.ticks.set(online(stage)[:11], True)
    sheet = stage.page.bulk.ask(READ)
    assert "It goes on where one fails." in stage.texts(sheet)
    stage.click(sheet.confirm)
    assert len(desk.batches_begun[0][1]) == 11


def test_absent_stations_are_left_out_and_named(open_page: Any) -> None:
    """Unless they are to be waited for, nothing is asked of them, so that they stop nobody else's."""
    stage = open_page("stations")
    desk = FakeDesk()
    serve(stage.bridge, fake_room(desk))
    away = next(v.station for v in stage.bridge.picture.stations.values() if v.link is LinkState.OFFLINE)
    stage.page.ticks.set([away, *online(stage)[:2]], True)
    sheet = stage.page.bulk.ask(AVAILABILITY)
    assert f"Left out: {away}: it is not connected" in stage.texts(sheet)
    stage.click(sheet.confirm)
    assert {wish.station for wish in desk.batches_begun[0][1]} == set(online(stage)[:2])


def test_offline_stations_can_be_waited_for(open_page: Any) -> None:
    """The choice is only there where one is offline; to wait gives the wish an end."""
    stage = open_page("stations")
    desk = FakeDesk()
    serve(stage.bridge, fake_room(desk))
    away = next(v.station for v in stage.bridge.picture.stations.values() if v.link is LinkState.OFFLINE)
    stage.page.ticks.set([away], True)
    sheet = stage.page.bulk.ask(AVAILABILITY)
    assert sheet.offline.isVisible()
    sheet.offline._take(1)
    stage.click(sheet.confirm)
    (wish,) = desk.batches_begun[0][1]
    assert wish.operation == SetAvailability(operative=False)
    assert wish.wait_until_ms is not None


def test_a_desk_that_refuses_says_why_and_the_sheet_stays(open_page: Any) -> None:
    """The core's sentence is in the sheet."""
    stage = open_page("stations")

    class Refusing(FakeDesk):
        async def bulk(self, *_args: Any, **_more: Any) -> int:
            raise RuntimeError("The disk is full, so nothing was begun.")

    serve(stage.bridge, fake_room(Refusing()))
    stage.page.ticks.set(["UTM-01"], True)
    sheet = stage.page.bulk.ask(READ)
    stage.click(sheet.confirm)
    assert sheet.isVisible()
    assert "The disk is full, so nothing was begun." in stage.texts(sheet)


def test_ticked_stations_go_on_to_firmware_and_configuration(open_page: Any) -> None:
    """Both pages open with the ticked stations; the palette offers the same."""
    stage = open_page("stations")
    stage.page.ticks.set(["UTM-01", "UTM-02"], True)
    stage.click(stage.page.bulk.firmware)
    stage.click(stage.page.bulk.configure)
    assert stage.went == [
        ("stations/firmware", "stations:UTM-01,UTM-02"),
        ("stations/configuration", "stations:UTM-01,UTM-02"),
    ]
    assert "Reset: 2 ticked stations…" in [hit.title for hit in stage.page.hits("")]


def test_c_offers_every_command_to_the_station_in_hand(open_page: Any) -> None:
    """The menu of the glance; one of them opens its sheet, which asks the desk what it cuts."""
    stage = open_page("stations")
    serve(stage.bridge, fake_room(FakeDesk()))
    stage.page.table.go_to(("station", "UTM-02"))
    menu = stage.page.peek.open_commands()
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert {"Soft reset…", "Unlock connector…", "Read all settings…"} <= set(actions)
    actions["Soft reset…"].trigger()
    assert "UTM-02" in stage.texts(stage.sheet())
    menu.close()
    assert stage.page.in_hand() == "UTM-02"

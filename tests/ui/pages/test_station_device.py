"""The device tabs of a station's page: settings, firmware, files, card list, reservations, limits."""

import csv
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.analytics.care import CommandPage
from app.domain.fact import changed as with_values
from app.domain.intents import SaveEntry
from app.domain.operations import (
    ClearProfile,
    CommandState,
    FetchLog,
    ReadConfiguration,
    Reserve,
    SendLocalList,
    WriteConfiguration,
)
from app.operations.configuration.naming import key_of, read
from app.operations.feed import DeskChanges
from tests.ui.desks import command, fake_room
from tests.ui.device import log, settings
from tests.ui.pictures import HOUR, NOW_MS, changed, picture

STATION = "UTM-02"


def opened(open_page: Any, tab: str, **room: Any) -> Any:
    """The page with a tab in view and a room to ask."""
    stage = open_page("station", argument=STATION)
    stage.bridge.room = fake_room(**room)
    for key in ("station/can", "command/consequences"):
        stage.bridge.answers.pop(key, None)
    stage.page.show_tab(tab)
    stage.settle()
    return stage


def wishes(stage: Any) -> list[Any]:
    """What was asked of the desk."""
    return [wish.operation for wish in stage.bridge.room.desk.wishes]


def test_settings_are_compared_changed_and_written_with_a_preview(open_page: Any) -> None:
    """One differs; it takes the template's value, is shown before it is written, and is seen read back."""
    stage = opened(open_page, "settings")
    tab = stage.page.device["settings"]
    assert "against DC public" in stage.texts(tab)
    tab.show_what.choose("differs")
    tab._show()
    assert [row.name for row in tab.model.rows] == ["HeartbeatInterval"]
    key = tab.model.rows[0].key
    tab.table.go_to(key)
    stage.click(stage.button("Use the template's"))
    assert tab._drafts == {key: "300"}
    stage.click(stage.button("Write 1 change…"))
    sheet = stage.sheet()
    assert "60 → 300" in stage.texts(sheet)
    stage.click(sheet.confirm)
    operation = wishes(stage)[0]
    assert isinstance(operation, WriteConfiguration)
    assert [(v.name, value) for v, value in operation.values] == [("HeartbeatInterval", "300")]

    fresh = tuple(
        with_values(r, value="300", read_ms=NOW_MS + 5) if r.name == "HeartbeatInterval" else r
        for r in settings(STATION)
    )
    stage.bridge.answers["station_settings"] = lambda station: fresh
    done = command(1, "WriteConfiguration", CommandState.PROVED, sent_ms=NOW_MS, asked_ms=NOW_MS)
    stage.bridge.commanded.emit(DeskChanges((done,)))
    row = next(row for row in tab.rows() if row.key == key)
    assert row.result == "equal"
    assert row.draft is None


def test_a_write_that_did_not_take_says_what_is_still_there(open_page: Any) -> None:
    """Read back and unlike: the row keeps the difference in view."""
    stage = opened(open_page, "settings")
    tab = stage.page.device["settings"]
    key = key_of(read("HeartbeatInterval"))
    tab.change(key, "300")
    sheet = tab.ask_write()
    stage.click(sheet.confirm)
    stale = tuple(with_values(r, read_ms=NOW_MS + 5) for r in settings(STATION))
    stage.bridge.answers["station_settings"] = lambda station: stale
    failed = command(1, "WriteConfiguration", CommandState.NOT_PROVED, sent_ms=NOW_MS, asked_ms=NOW_MS)
    stage.bridge.commanded.emit(DeskChanges((failed,)))
    assert next(row for row in tab.rows() if row.key == key).result == "Still 60"


def test_settings_never_read_are_read_with_one_click(open_page: Any) -> None:
    """An empty table says so and offers the one thing that helps."""
    stage = open_page("station", argument=STATION)
    stage.bridge.answers["station_settings"] = lambda station: ()
    stage.bridge.room = fake_room()
    stage.page.show_tab("settings")
    stage.settle()
    assert "never read" in stage.texts()
    stage.click(stage.button("Read all settings"))
    assert wishes(stage) == [ReadConfiguration()]


def test_settings_go_out_and_come_in_as_a_file(open_page: Any, tmp_path: Path) -> None:
    """The table holds every setting; another station's TOML becomes changes to write."""
    stage = opened(open_page, "settings")
    tab = stage.page.device["settings"]
    table = tmp_path / "settings.csv"
    tab.export_to(table)
    rows = list(csv.DictReader(table.open(encoding="utf-8-sig")))
    assert {row["setting"] for row in rows} >= {"HeartbeatInterval", "NumberOfConnectors"}
    file = tmp_path / "other.toml"
    file.write_text(
        '[[setting]]\nname = "HeartbeatInterval"\nvalue = "300"\n'
        '[[setting]]\nname = "ResetRetries"\nvalue = "3"\n'
        '[[setting]]\nname = "NumberOfConnectors"\nvalue = "9"\n'
    )
    tab.load_from(file)
    assert tab._drafts == {key_of(read("HeartbeatInterval")): "300"}
    (tmp_path / "bad.toml").write_text("no = [")
    tab.load_from(tmp_path / "bad.toml")
    assert "no TOML" in stage.toasts[-1]


def test_a_log_is_one_click_and_is_found_under_files(open_page: Any, tmp_path: Path) -> None:
    """Get diagnostics asks at once; a file that is here can be saved elsewhere."""

    class Kept:
        def path_of(self, record: Any) -> Path:
            return tmp_path / "kept.zip"

    (tmp_path / "kept.zip").write_bytes(b"log")
    stage = opened(open_page, "files", files=Kept())
    stage.click(stage.button("Get diagnostics"))
    assert wishes(stage) == [FetchLog("Diagnostics")]
    tab = stage.page.device["files"]
    assert not tab.save_button.isEnabled()
    tab.table.go_to(2)
    assert tab.save_button.isEnabled()
    tab.copy_to(tmp_path / "kept.zip", tmp_path / "mine.zip")
    assert (tmp_path / "mine.zip").read_bytes() == b"log"
    tab.table.go_to(1)
    assert not tab.save_button.isEnabled(), "what never came cannot be saved"


def test_firmware_from_a_file_gets_an_address_of_its_own(open_page: Any, tmp_path: Path) -> None:
    """The file is served to this station alone; the sheet opens with that address."""

    class Serving:
        async def serve_firmware(self, path: Path, station: str) -> str:
            return f"http://192.168.40.12:9221/{station}/{path.name}"

    stage = opened(open_page, "firmware", files=Serving())
    stage.page.device["firmware"].serve(tmp_path / "1.9.6.bin")
    sheet = stage.sheet()
    assert sheet.edit("url").text() == f"http://192.168.40.12:9221/{STATION}/1.9.6.bin"
    stage.click(sheet.confirm)
    assert wishes(stage)[0].url.endswith("1.9.6.bin")
    assert [row[1].firmware for row in stage.page.device["firmware"].boots.rows] == [
        "1.9.4",
        "1.9.2",
        "1.9.2",
    ]


def test_the_card_list_is_kept_and_sent(open_page: Any) -> None:
    """A card is written down; the whole list goes out with its version."""
    stage = opened(open_page, "cards")
    stage.click(stage.button("Add card…"))
    sheet = stage.sheet()
    sheet.edit("token").setText("04BB")
    stage.click(sheet.confirm)
    intent = stage.bridge.intents[-1][0]
    assert isinstance(intent, SaveEntry)
    assert (intent.kind, intent.entry) == ("local-token", "04BB")
    stage.click(stage.button("Send whole list…"))
    stage.click(stage.sheet().confirm)
    sent = wishes(stage)[0]
    assert isinstance(sent, SendLocalList)
    assert (sent.version, sent.full, [t.token for t in sent.tokens]) == (1, True, ["04A2F1B2", "04FF7718"])


def test_reservations_and_limits_are_read_from_the_log_and_taken_back(open_page: Any) -> None:
    """What stands is listed; the sheet that ends it is filled in."""
    stage = opened(open_page, "reservations")
    tab = stage.page.device["reservations"]
    assert [(row.number, row.state) for row in tab.model.rows] == [(41, "standing")]
    stage.click(stage.button("Reserve…"))
    sheet = stage.sheet()
    sheet.edit("token").setText("04A2")
    stage.click(sheet.confirm)
    made = wishes(stage)[0]
    assert isinstance(made, Reserve)
    assert made.until_ms == NOW_MS + HOUR // 2
    tab.table.go_to(3)
    tab.ask_back()
    assert stage.sheet().edit("reservation").text() == "41"
    stage.sheet().finish(None)

    stage.page.show_tab("limits")
    stage.settle()
    limits = stage.page.device["limits"]
    assert [(row.profile, row.limit) for row in limits.model.rows] == [(9000, 100_000.0)]
    assert not limits.chart.is_empty
    stage.click(stage.button("Take back…"))
    stage.click(stage.sheet().confirm)
    assert wishes(stage)[-1] == ClearProfile(9000)


def test_what_the_station_cannot_do_is_dead_with_its_reason(open_page: Any) -> None:
    """Rows and buttons of its version's gaps say why."""
    stage = open_page("station", argument=STATION)
    stage.bridge.answers["station/can"] = {
        "ShowMessage": "OCPP 1.6 has no display.",
        "FetchLog": "No uploads.",
    }
    stage.page.hands._ask_can()
    stage.page.show_tab("files")
    stage.settle()
    assert "OCPP 1.6 has no display." in stage.page.hands.rows.row("show-message").accessibleName()
    assert not stage.page.device["files"].get.isEnabled()
    assert stage.page.hands.open("show-message") is None
    assert stage.toasts[-1] == "OCPP 1.6 has no display."
    titles = {hit.title for hit in stage.page.hits("")}
    assert "Hard reset…" in titles
    assert "Show a text…" not in titles


def test_a_wrong_clock_is_told_and_can_be_mended(open_page: Any) -> None:
    """Over a minute off: a sentence and the ways of its version; right again: nothing."""
    shown = picture(48)
    shown, _ = changed(shown, with_values(shown.stations[STATION], clock_skew_ms=-7 * 60_000))
    stage = open_page("station", shown, argument=STATION)
    assert "Its clock is 7 min behind." in stage.texts()
    stage.bridge.room = fake_room()
    stage.bridge.answers.pop("command/consequences")
    stage.click(stage.button("Ask for a heartbeat…"))
    stage.click(stage.sheet().confirm)
    assert wishes(stage)[0].message == "Heartbeat"
    _, back = changed(shown, with_values(shown.stations[STATION], clock_skew_ms=0))
    stage.bridge.feed(back)
    stage.settle()
    assert not stage.page.clock.isVisible()


def test_c_goes_to_the_commands_and_cards_offer_start_and_stop(open_page: Any) -> None:
    """By keyboard to the first command; from a connector's card with its session filled in."""
    stage = opened(open_page, "live")
    stage.host.activateWindow()
    stage.page.setFocus()
    QApplication.processEvents()
    stage.page._to_commands()
    assert stage.page.hands.rows.row("reset-soft").hasFocus()
    card = stage.page.cards._cards[0]
    session = stage.bridge.picture.stations[STATION].connectors[0].session
    stage.qtbot.mouseClick(card.act, Qt.MouseButton.LeftButton)
    assert stage.sheet().edit("session").value == str(session)


def test_the_log_is_exported_whole(open_page: Any, tmp_path: Path) -> None:
    """Every command with who, when, why, proof; what looks like a formula is defused."""
    stage = open_page("station", argument=STATION)
    told = (*log(STATION), command(99, reason="=1+1"))
    stage.bridge.answers["station_commands"] = lambda station, before=None, limit=60: CommandPage(
        station, told, False
    )
    stage.page.hands.export_to(tmp_path / "log.csv")
    rows = list(csv.DictReader((tmp_path / "log.csv").open(encoding="utf-8-sig")))
    assert len(rows) == len(told)
    assert {row["state"] for row in rows} >= {"proved", "refused", "not proved"}
    assert "'=1+1" in {row["why"] for row in rows}

"""Versions by model, and an update of some stations."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import Qt

from app.domain.ids import StationId
from app.domain.operations import CommandState, UpdateFirmware
from app.operations.feed import DeskChanges
from tests.ui.desk_work import records
from tests.ui.pictures import NOW_MS, picture
from tests.ui.rooms import FakeDesk, fake_room, serve

HOUR_MS = 3_600_000


def opened(open_page: Any, argument: str = "") -> Any:
    """Twelve stations of four makers, each with an older and a newer version."""
    shown = picture(12)
    views = {
        k: replace(v, firmware=("1.9", "1.10")[i // 4 % 2]) for i, (k, v) in enumerate(shown.stations.items())
    }
    stage = open_page("firmware", replace(shown, stations=views), argument=argument)
    stage.settle()
    return stage


def test_the_newest_version_stands_first_and_its_stations_beside_it(open_page: Any) -> None:
    """The first version is chosen; J moves on to the older one."""
    stage = opened(open_page)
    first = stage.page.versions.rows[1]
    assert (first.version, first.newest) == ("1.10", True)
    assert [row.view.station for row in stage.page.stations.rows] == list(first.stations)
    stage.press(stage.page.version_table, Qt.Key.Key_J)
    second = stage.page.versions.rows[2]
    assert second.version == "1.9"
    assert {row.view.station for row in stage.page.stations.rows} == set(second.stations)


def test_an_update_needs_its_file_and_version_and_serves_each_station_its_own_address(
    open_page: Any, tmp_path: Path
) -> None:
    """Update stays off until both are there; each station gets an address of its own."""
    stage = opened(open_page)
    desk = FakeDesk()
    served: list[tuple[str, str]] = []

    async def serve_firmware(path: Path, station: StationId, *, until_ms: int) -> str:
        served.append((path.name, station))
        return f"http://here/{station}"

    files = SimpleNamespace(serve_firmware=serve_firmware)
    clock = SimpleNamespace(now_ms=lambda: NOW_MS)
    serve(stage.bridge, fake_room(desk, files=files, clock=clock))
    stage.page.ticks.set([row.view.station for row in stage.page.stations.rows], True)
    sheet = stage.page.ask_update()
    assert not sheet.confirm.isEnabled()
    sheet.take_file(tmp_path / "fw-2.0.bin")
    assert not sheet.confirm.isEnabled()
    sheet.version.setText("2.0")
    assert sheet.confirm.isEnabled()
    stage.click(sheet.confirm)
    ((title, wishes, _, _),) = desk.batches_begun
    assert title == "Firmware 2.0"
    assert [w.operation for w in wishes] == [
        UpdateFirmware(f"http://here/{w.station}", "2.0") for w in wishes
    ]
    assert {name for name, _ in served} == {"fw-2.0.bin"}


def test_tonight_is_the_next_two_in_the_morning(open_page: Any) -> None:
    """At 14:32 in Amsterdam that is eleven and a half hours away."""
    stage = opened(open_page)
    serve(stage.bridge, fake_room(FakeDesk()))
    stage.page.ticks.set([stage.page.stations.rows[0].view.station], True)
    sheet = stage.page.ask_update()
    sheet.when._take(1)
    operation = sheet._operation("", "")
    assert 11 * HOUR_MS < operation.install_ms - NOW_MS < 12 * HOUR_MS


def test_progress_is_a_bar_and_an_ended_one_says_how(open_page: Any) -> None:
    """Those under way stand first; a failure has its shape and the sentence."""
    stage = opened(open_page)
    stage.page.version_table.go_to(stage.page.versions.rows[0].key)
    first, second = (row.view.station for row in list(stage.page.stations.rows)[:2])
    base = records(stage.bridge.picture, 1)[0]
    installing = replace(
        base, command=90, station=StationId(second), operation="UpdateFirmware",
        outcome=CommandState.ACCEPTED.value, proof="Installing.",
    )  # fmt: skip
    failed = replace(
        base, command=91, station=StationId(first), operation="UpdateFirmware",
        outcome=CommandState.NOT_PROVED.value, proof="It booted with 1.10 again.",
    )  # fmt: skip
    stage.bridge.commanded.emit(DeskChanges((installing, failed)))
    stage.settle()
    rows = stage.page.stations
    assert rows.rows[0].view.station == second
    columns = {column.key: i for i, column in enumerate(rows.columns)}
    assert rows.cell(0, columns["done"]).bar == 0.75
    told = rows.cell(rows.row_of(first), columns["update"])
    assert (told.text, told.more) == ("Not proved", "It booted with 1.10 again.")


def test_stations_chosen_in_the_list_are_ticked_here(open_page: Any) -> None:
    """Whatever their versions; Esc goes back to the versions."""
    stage = opened(open_page, "stations:UTM-01,BRP-01")
    assert set(stage.page.ticks) == {"UTM-01", "BRP-01"}
    assert len(stage.page.stations.rows) == 2
    assert stage.page.back()
    assert not len(stage.page.ticks)

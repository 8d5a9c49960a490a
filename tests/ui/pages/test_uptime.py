"""Uptime by rule, as somebody reads it."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from app.domain.errors import ForecourtError
from app.domain.intents import RemoveEntry, SaveEntry
from tests.ui import uptimes
from tests.ui.pictures import picture
from ui.models.exclusions import moment
from ui.pages.uptime.check_sheet import CheckSheet


def opened(open_page: Any, stations: int = 48, size: tuple[int, int] = (1352, 824)) -> Any:
    """The page with a seeded past."""
    stage = open_page("uptime", picture(stations), size=size)
    stage.bridge.answers.update(uptimes.answers(stage.bridge.picture))
    stage.page.opened("")
    stage.settle()
    return stage


def test_views_stand_side_by_side_worst_first(open_page: Any) -> None:
    """The network first, then sites from the worst; each view with its verdict, and what is not proven."""
    stage = opened(open_page)
    rows = stage.page.model.rows
    assert rows[0].key == ""
    best = [row.raw for row in rows[1:]]
    assert best == sorted(best)
    assert {"raw", "nevi", "uk", "cec", "afir", "contract"} <= set(stage.page.table.shown_columns())
    said = stage.texts(stage.page.detail)
    assert "The whole network" in said
    assert "Over all of the time" in said
    assert "Excused of it" in said


def test_levels_and_filter(open_page: Any) -> None:
    """Stations and EVSEs of what is filtered; the first row says it is all of them."""
    stage = opened(open_page)
    stage.page.levels.chosen.emit("station")
    stage.page.levels.choose("evse")
    stage.page.field.setText("UTM-01")
    stage.page._show()
    assert [row.key for row in stage.page.model.rows][:2] == ["", "UTM-01/1"]
    assert stage.page.model.rows[0].name == "All of them"
    stage.page.table.go_to("UTM-01/1")
    stage.press(stage.page.table, Qt.Key.Key_Return)
    assert stage.went == [("stations/station", "UTM-01#uptime")]


def test_our_own_sight_and_freshness_are_told(open_page: Any) -> None:
    """What Forecourt did not see, of how much it knew the state, and how soon changes reached it."""
    said = opened(open_page).page.own.text()
    assert "Forecourt itself did not see 1 h" in said
    assert "never counted as up" in said
    assert "98.89% of 12,345 status changes reached us within 60 s, the latest after 5 h." in said


def test_windows_are_those_of_the_zone(open_page: Any) -> None:
    """A quarter begins at the local midnight, and what is chosen is asked for."""
    stage = opened(open_page)
    asked: list[Any] = []
    stage.bridge.answers["uptime_table"] = lambda window, zone, station="": (
        asked.append(window) or uptimes.table(stage.bridge.picture, window)
    )
    stage.page.window_.choose("quarter-1")
    zone = stage.workspace.zone
    assert asked == [(moment("2026-07-01", zone), moment("2026-10-01", zone))]
    stage.page.window_.choose("days")
    sheet = stage.sheet()
    sheet.edit("first").setText("2026-03-29")
    sheet.edit("last").setText("2026-03-29")
    stage.click(stage.button("Show", sheet))
    assert asked[-1][1] - asked[-1][0] == 23 * 3_600_000


def test_availability_as_drivers_see_it(open_page: Any) -> None:
    """Each site and kind: how often one was free, with the range of what was not measured."""
    stage = opened(open_page)
    stage.page.panel.tab_chosen.emit("drivers")
    stage.page.tabs.choose("drivers")
    stage.page._tab_chosen()
    assert stage.page.sight_table.isVisible()
    assert {one.kind for one in stage.page.sights.rows} == {"CCS", "Type 2"}


def test_time_is_excused_with_its_evidence(open_page: Any) -> None:
    """What is typed is checked in words, then kept; only a span with evidence is subtracted."""
    stage = opened(open_page)
    stage.page.tabs.choose("excused")
    stage.page._tab_chosen()
    assert [one.proved for one in stage.page.excused.rows] == [True, False]
    stage.click(stage.page.add)
    sheet = stage.sheet()
    stage.click(stage.button("Keep", sheet))
    assert "Write both times" in stage.texts(sheet)
    for key, text in {
        "start": "2026-10-14 08:00", "end": "2026-10-14 12:00", "site": "Venlo Blerick", "evses": "1, 2",
        "evidence": "letter 7; photo", "note": "cable cut",
    }.items():  # fmt: skip
        sheet.edits[key].setText(text)
    stage.click(stage.button("Keep", sheet))
    kept = stage.bridge.intents[-1][0]
    assert isinstance(kept, SaveEntry)
    assert kept.kind == "exclusion"
    zone = stage.workspace.zone
    assert json.loads(json.dumps(kept.body)) == {
        "site": "Venlo Blerick", "stations": [], "evses": [1, 2], "code": "GRID", "note": "cable cut",
        "start_ms": moment("2026-10-14 08:00", zone), "end_ms": moment("2026-10-14 12:00", zone),
        "evidence": ["letter 7", "photo"],
    }  # fmt: skip


def test_excused_time_is_changed_and_taken_back(open_page: Any) -> None:
    """Enter opens it with what stands; it keeps its name, and can be taken back."""
    stage = opened(open_page)
    stage.page.tabs.choose("excused")
    stage.page._tab_chosen()
    stage.page.excused_table.go_to("exclusion-2")
    stage.press(stage.page.excused_table, Qt.Key.Key_Return)
    sheet = stage.sheet()
    sheet.edits["evidence"].setText("police report 12")
    stage.click(stage.button("Keep", sheet))
    kept = stage.bridge.intents[-1][0]
    assert (kept.entry, kept.body["evidence"]) == ("exclusion-2", ["police report 12"])
    stage.press(stage.page.excused_table, Qt.Key.Key_Return)
    stage.click(stage.button("Take back", stage.sheet()))
    assert stage.bridge.intents[-1][0] == RemoveEntry("exclusion", "exclusion-2")


def test_another_systems_claim_is_checked(open_page: Any, tmp_path: Path) -> None:
    """A file of statuses is judged by a rule at once, and the result can be kept as CSV."""
    stage = opened(open_page)
    file = tmp_path / "claim.csv"
    file.write_text(
        "station,evse,at,status\nX,1,2026-10-01T00:00:00+02:00,Available\n"
        "X,1,2026-10-03T00:00:00+02:00,Faulted\nX,1,2026-10-04T00:00:00+02:00,Available\n",
        "utf-8",
    )
    sheet = stage.page.check_file(file)
    assert isinstance(sheet, CheckSheet)
    sheet.first.setText("2026-10-01")
    sheet.last.setText("2026-10-10")
    sheet.judge()
    assert "90.00% missed" in sheet.sum.text()
    sheet.save_to(tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("station,evse,rule,from,to,uptime_pct")
    assert "X,1,nevi" in lines[1]
    excused = tmp_path / "excused.csv"
    excused.write_text(
        "station,evse,start,end,code\nX,1,2026-10-03T00:00:00+02:00,2026-10-03T12:00:00+02:00,GRID\n", "utf-8"
    )
    sheet.excuse(excused)
    assert "95.00% missed" in sheet.sum.text()
    file.write_text("station,evse,at\n", "utf-8")
    sheet.judge()
    assert "no column 'status'" in stage.texts(sheet)


def test_the_table_is_exported_as_it_is_filtered(open_page: Any, tmp_path: Path) -> None:
    """One line an EVSE and view, with the columns of the export."""
    stage = opened(open_page)
    stage.page.field.setText("UTM-01")
    stage.page.export_to(tmp_path / "uptime.csv")
    lines = (tmp_path / "uptime.csv").read_text("utf-8").splitlines()
    evses = {plug.evse for plug in stage.bridge.picture.stations["UTM-01"].connectors}
    assert all(line.startswith("UTM-01,") for line in lines[1:])
    assert len(lines) - 1 in (6 * len(evses), 5 * len(evses))


def test_a_past_that_cannot_be_read_says_so(open_page: Any) -> None:
    """The cause stands where the table would be."""
    stage = opened(open_page)
    stage.bridge.answers["uptime_table"] = ForecourtError("The disk does not answer.")
    stage.page.opened("")
    assert "The disk does not answer." in stage.texts()

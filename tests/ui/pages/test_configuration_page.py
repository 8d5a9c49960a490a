"""Settings against a template, as somebody works through the grid."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import Qt

from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.intents import SaveEntry
from app.domain.operations import Variable, WriteConfiguration
from app.domain.records import CommandRecord
from app.operations.configuration.drift import CellState
from app.operations.configuration.template import from_body, to_body
from app.operations.wishes import text_of
from tests.ui.drifts import TEMPLATES, looked, offered
from tests.ui.pictures import NOW_MS, picture
from tests.ui.rooms import FakeDesk, fake_room, serve

SHOWN = picture(24)


def opened(open_page: Any) -> Any:
    """The page over nineteen stations."""
    stage = open_page("configuration", SHOWN)
    stage.bridge.answers["configuration/look"] = looked(SHOWN)
    stage.bridge.answers["configuration/offer"] = offered(SHOWN)
    stage.page.ask()
    stage.settle()
    return stage


def differing(stage: Any) -> tuple[int, int]:
    """The first cell that differs."""
    grid = stage.page.grid.matrix
    return next(
        (row, column)
        for row in range(len(grid.rows))
        for column in range(len(grid.columns))
        if grid.cell(row, column).state is CellState.DIFFERS
    )


def test_the_grid_has_every_setting_and_station_and_says_how_it_stands(open_page: Any) -> None:
    """Counts in the segments are what they show."""
    stage = opened(open_page)
    found, grid = stage.page.drift, stage.page.grid.matrix
    assert len(grid.columns) == len(found.subjects)
    assert len(grid.rows) == len(found.template.lines)
    stage.page.lines._take(1)
    assert all(row.differs for row in stage.page.grid.matrix.rows)
    stage.page.stations._take(1)
    columns = stage.page.grid.matrix.columns
    assert all(column.differs for column in columns)
    assert f"Differing {len(columns)}" in dict(stage.page.stations._choices).values()
    assert f"{found.count(CellState.DIFFERS)} cells differ" in stage.texts()


def test_arrows_move_space_ticks_and_enter_shows_both_values(open_page: Any) -> None:
    """The panel has what is wanted, what was found, when, and what it was before."""
    stage = opened(open_page)
    grid = stage.page.grid
    grid.setFocus()
    row, column = differing(stage)
    grid.go_to(row, column - 1) if column else grid.go_to(row, column + 1)
    stage.press(grid, Qt.Key.Key_Right if column else Qt.Key.Key_Left)
    assert (grid.row, grid.column) == (row, column)
    stage.press(grid, Qt.Key.Key_Space)
    assert grid.ticks == {grid.matrix.rows[row].name}
    assert "Apply 1 key…" in stage.texts()
    stage.press(grid, Qt.Key.Key_Return)
    told = stage.texts(stage.page.cell_panel)
    cell = grid.current
    assert f"Template: {cell.wanted}" in told
    assert f"Station: {cell.found}" in told
    assert f"Before: {cell.before}" in told
    assert "differs" in grid.accessibleDescription()
    assert stage.page.back()
    assert not stage.page.cell_panel.isVisible()


def test_applying_is_shown_first_and_counted_before_it_begins(open_page: Any) -> None:
    """Changes, restarts and waves; more than ten stations ask for their number."""
    stage = opened(open_page)
    stage.click(stage.page.apply_button)
    panel = stage.page.apply_panel
    stations = len(offered(SHOWN).plans)
    assert stations > 10
    told = stage.texts(panel)
    assert f"to {stations} stations" in told
    assert f"Type {stations} to confirm" in told
    assert not panel.confirm.isEnabled()
    panel.typed.setText(str(stations))
    begun: list[Any] = []

    async def apply(desk: Any, plans: Any, by: str, why: str) -> int:
        begun.append((len(plans), by, why))
        return 5

    serve(stage.bridge, fake_room(FakeDesk(), configuration=SimpleNamespace(apply=apply)))
    panel.why.setText("roaming needs it")
    stage.click(panel.confirm)
    assert begun == [(stations, "operator", "roaming needs it")]
    assert not panel.isVisible()


def test_what_can_not_begin_says_why(open_page: Any) -> None:
    """The panel stays with the core's sentence."""
    stage = opened(open_page)
    stage.click(stage.page.apply_button)
    panel = stage.page.apply_panel
    panel.typed.setText(str(len(panel.offer.plans)))
    stage.bridge.answers["configuration/apply"] = ForecourtError("Nothing can be kept just now.")
    stage.click(panel.confirm)
    assert panel.isVisible()
    assert "Nothing can be kept just now." in stage.texts(panel)


def test_a_template_is_checked_before_it_is_kept(open_page: Any) -> None:
    """A mistake is told in the sheet; what is right becomes an entry that reads back as the same."""
    stage = opened(open_page)
    sheet = stage.page.write_template()
    name = stage.page.drift.template.name

    def check(_name: str, raw: Any) -> dict[str, Any]:
        if raw.title == "wrong":
            raise ForecourtError("The template names no key.")
        return to_body(raw)

    serve(stage.bridge, fake_room(FakeDesk(), configuration=SimpleNamespace(check=check)))
    right = sheet.text.toPlainText()
    sheet.text.setPlainText('title = "wrong"')
    stage.click(sheet.confirm)
    assert "The template names no key." in stage.texts(sheet)
    sheet.text.setPlainText("title = ")
    stage.click(sheet.confirm)
    assert "cannot be read" in stage.texts(sheet)
    sheet.text.setPlainText(right)
    stage.click(sheet.confirm)
    ((intent, _),) = stage.bridge.intents
    assert isinstance(intent, SaveEntry)
    assert (intent.kind, intent.entry) == ("template", name)
    assert from_body(intent.body, name) == TEMPLATES[name].raw


def test_a_look_that_fails_says_so(open_page: Any) -> None:
    """The cause is on the page, which stays alive."""
    stage = open_page("configuration", SHOWN)
    stage.bridge.answers["configuration/look"] = ForecourtError("The template 'x' is wrong.")
    stage.page.ask()
    stage.settle()
    assert "The template 'x' is wrong." in stage.texts()


def test_a_cell_tells_when_it_was_written_and_puts_the_old_value_back(open_page: Any) -> None:
    """The log's writes of this setting stand in the panel; the value before is one command away."""
    stage = opened(open_page)
    grid = stage.page.grid
    grid.go_to(*differing(stage))
    cell = grid.current
    assert cell.variable is not None
    assert cell.before is not None
    write = WriteConfiguration(((cell.variable, "17"),))
    other = WriteConfiguration(((Variable("SomethingElse"), "1"),))
    base = CommandRecord(
        1, StationId(cell.station), "ChangeConfiguration", "mira", "", NOW_MS, outcome="proved"
    )
    kept = [
        replace(base, command=n, operation="WriteConfiguration", wish=text_of(one))
        for n, one in enumerate((write, other), 1)
    ]
    stage.bridge.answers["configuration/writes"] = kept
    stage.page._open_cell(cell)
    told = stage.texts(stage.page.cell_panel)
    assert "by mira: 17, proved" in told
    assert told.count("by mira") == 1
    desk = FakeDesk()
    serve(stage.bridge, fake_room(desk))
    sheet = stage.page.put_back(cell)
    stage.click(sheet.confirm)
    (wish,) = desk.wishes
    assert wish.operation == WriteConfiguration(((cell.variable, cell.before),))


def test_chosen_stations_can_follow_the_template(open_page: Any) -> None:
    """One entry a station says which template it follows."""
    stage = opened(open_page)
    stage.page.opened("stations:UTM-01,BRP-01")
    stage.settle()
    stage.click(stage.button("Have these follow it"))
    kept = {intent.entry: intent.body for intent, _ in stage.bridge.intents}
    name = stage.page.drift.template.name
    assert kept == {s.station: {"template": name} for s in stage.page.drift.subjects}

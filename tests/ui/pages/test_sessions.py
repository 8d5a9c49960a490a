"""The session list as somebody uses it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from app.analytics.results import SessionDetail
from app.domain.errors import ForecourtError
from app.domain.intents import CloseSession
from app.domain.prices import Prices
from app.domain.records import EntryRecord, SessionState
from tests.ui.histories import session_lines, sessions_page
from tests.ui.pictures import NOW_MS, picture
from ui.models.session_list import needs_look
from ui.models.words import flag_sentence
from ui.pages.sessions import export


def test_today_is_shown_newest_first_with_totals_of_the_filter(open_page: Any) -> None:
    """Rows of today; the foot counts all that fit, and their energy."""
    stage = open_page("sessions")
    starts = [line.session.started_ms for line in stage.page.model.rows]
    assert starts == sorted(starts, reverse=True)
    said = stage.texts()
    assert f"{len(starts)} of {len(starts)} sessions shown" in said
    assert "Energy" in said
    assert "All that these sessions took" in stage.page._sums.toolTip(), "Overview counts parts"


def test_scrolling_down_fetches_the_next_page(open_page: Any) -> None:
    """More than a page: the next 200 come when the end is near; totals stay those of the filter."""
    stage = open_page("sessions", picture(120))
    stage.page.filters.period.choose("ALL")
    assert len(stage.page.model.rows) == 200
    assert "200 of 600 sessions shown, scroll for more" in stage.texts()
    bar = stage.page.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert len(stage.page.model.rows) == 400
    numbers = [line.session.session for line in stage.page.model.rows]
    assert len(set(numbers)) == 400


def test_a_session_shows_its_curve_and_explains_its_flags(open_page: Any) -> None:
    """Beside the row: figures, meter with its gap, each flag in a sentence."""
    stage = open_page("sessions")
    odd = next(
        line for line in stage.page.model.rows if needs_look(line.session)
    )  # fmt: skip
    stage.page.table.go_to(int(odd.session.session))
    stage.settle()
    panel = stage.page.panel
    assert panel.isVisible()
    said = stage.texts(panel)
    assert f"Session {odd.session.session}" in said
    assert flag_sentence(odd.session.flags[0]) in said
    assert not panel.chart.is_empty


def test_what_a_session_sold_is_told_where_a_price_was_written_down(open_page: Any) -> None:
    """A column and the panel; before prices are read, and without any, a dash and no zero."""
    stage = open_page("sessions")
    line = next(x for x in stage.page.model.rows if x.session.state is SessionState.CLOSED)
    column = next(c for c in stage.page.model.columns if c.key == "worth")
    assert column.cell(line).text == "–"
    entry = EntryRecord("price", "all", 1, 0, "ann", "", '{"per_kwh": "0.50", "currency": "EUR"}')
    stage.bridge.answer("sessions/prices", Prices([entry], stage.page.zone))
    worth = column.cell(line).text
    assert worth.startswith("€")
    stage.page.table.go_to(int(line.session.session))
    assert worth in stage.texts(stage.page.panel)
    assert "€0.50 a kWh" in stage.texts(stage.page.panel)


def test_a_price_that_is_read_after_the_session_stands_in_its_panel(open_page: Any) -> None:
    """Whichever answer came last: a session that is over is not shown again, and stayed without a price."""
    stage = open_page("sessions")
    line = next(x for x in stage.page.model.rows if x.session.state is SessionState.CLOSED)
    stage.page.table.go_to(int(line.session.session))
    for per_kwh in ("0.50", "0.60"):
        body = f'{{"per_kwh": "{per_kwh}", "currency": "EUR"}}'
        stage.page.opened("")
        stage.bridge.answer(
            "sessions/prices", Prices([EntryRecord("price", "all", 1, 0, "ann", "", body)], stage.page.zone)
        )
        assert f"€{per_kwh} a kWh" in stage.texts(stage.page.panel)


def test_a_running_session_can_be_closed_by_hand(open_page: Any) -> None:
    """Only a running one offers it; a reason is needed."""
    stage = open_page("sessions")
    running = next(line for line in stage.page.model.rows if line.session.state is SessionState.OPEN)
    stage.page.table.go_to(int(running.session.session))
    stage.click(stage.button("Close by hand…"))
    sheet = stage.sheet()
    sheet.edit("why").setText("nobody is there")
    stage.click(sheet.confirm)
    assert stage.bridge.intents == [(CloseSession(int(running.session.session)), "nobody is there")]
    closed = next(line for line in stage.page.model.rows if line.session.state is SessionState.CLOSED)
    stage.page.table.go_to(int(closed.session.session))
    assert not stage.page.panel.close_by_hand.isVisible()


def test_filters_ask_for_what_they_say(open_page: Any) -> None:
    """Running, site and a word reach the question."""
    stage = open_page("sessions")
    stage.press(stage.page.filters.segments, Qt.Key.Key_Right)
    assert {line.session.state for line in stage.page.model.rows} == {SessionState.OPEN}
    stage.press(stage.page.filters.segments, Qt.Key.Key_Left)
    stage.page.filters.site.choose("Venlo Blerick")
    assert {line.site for line in stage.page.model.rows} == {"Venlo Blerick"}


def test_a_link_to_a_session_finds_it_whatever_its_day(open_page: Any) -> None:
    """Opened from a station: the session is shown even if it is of last week."""
    shown = picture(12)
    old = session_lines(shown, 5)[-1].session.session
    stage = open_page("sessions", shown, argument=str(old))
    assert stage.page.panel.session == old
    assert f"Session {old}" in stage.texts(stage.page.panel)


def test_a_click_on_a_title_sorts_the_whole_filter(open_page: Any) -> None:
    """The question sorts, so that the longest session is the longest of all and not only of a page."""
    stage = open_page("sessions", picture(60))
    stage.page.filters.period.choose("MONTH")
    table = stage.page.table
    for key in ("energy", "duration", "station", "start"):
        place = next(i for i, column in enumerate(stage.page.model.columns) if column.key == key)
        table.horizontalHeader().sectionClicked.emit(place)
        got = [line.session for line in stage.page.model.rows]
        asked = stage.page._order
        assert asked.by == key
        value: Callable[[Any], Any] = {
            "energy": lambda s: -1 if s.energy_wh is None else s.energy_wh,
            "duration": lambda s: (NOW_MS if s.ended_ms is None else s.ended_ms) - s.started_ms,
            "station": lambda s: str(s.station),
            "start": lambda s: s.started_ms,
        }[key]
        assert [value(s) for s in got] == sorted((value(s) for s in got), reverse=asked.descending)


def test_sessions_of_one_station(open_page: Any) -> None:
    """Opened with a station: only its sessions, of all time."""
    stage = open_page("sessions", argument="UTM-01")
    assert {str(line.session.station) for line in stage.page.model.rows} == {"UTM-01"}


def test_history_that_cannot_be_read_is_told(open_page: Any) -> None:
    """The cause in a sentence, and the page goes on."""
    stage = open_page("sessions")
    stage.bridge.answers["sessions_page"] = ForecourtError("The database is damaged.")
    stage.page.filters.period.choose("WEEK")
    assert "The sessions could not be read" in stage.texts()
    assert "The database is damaged." in stage.texts()


def test_no_session_fits(open_page: Any) -> None:
    """Nothing found is a sentence with the way back."""
    stage = open_page("sessions")
    stage.page.filters.field.setText("no such card")
    stage.qtbot.waitUntil(lambda: not stage.page.model.rows)
    assert "No session fits these filters" in stage.texts()
    stage.click(stage.button("Show all of today"))
    assert stage.page.model.rows


def test_the_export_holds_the_whole_filter(monkeypatch: Any, tmp_path: Path) -> None:
    """All pages, in the columns scripts rely on, formula-safe."""
    lines = session_lines(picture(60), 5)

    def page(_connection: Any, wanted: Any, cursor: Any = None, limit: int = 200) -> Any:
        return sessions_page(lines, wanted, cursor, limit)

    from app.analytics.results import SessionFilter

    monkeypatch.setattr(export.questions, "sessions_page", page)
    monkeypatch.setattr(export, "PAGE", 40)
    file = tmp_path / "s.csv"
    assert export.export_sessions(None, SessionFilter(), file, "csv") == len(lines)
    rows = list(csv.DictReader(file.open(encoding="utf-8-sig")))
    assert len(rows) == len(lines)
    assert rows[0]["session"] == str(lines[0].session.session)
    assert rows[0]["started_at"].endswith("Z")


def test_a_late_answer_for_another_session_is_dropped(open_page: Any) -> None:
    """The panel shows the session asked for last, whatever arrives later."""
    stage = open_page("sessions")
    first, second = stage.page.model.rows[0], stage.page.model.rows[1]
    stage.page._show_session(int(second.session.session))
    stage.page._take_detail(int(first.session.session), SessionDetail(first, (), ()))
    assert f"Session {second.session.session}" in stage.texts(stage.page.panel)

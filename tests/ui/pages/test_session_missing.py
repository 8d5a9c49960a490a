"""A session that there is not: its panel says so and offers nothing of it."""

from typing import Any


def test_nothing_is_offered_of_a_session_that_there_is_not(open_page: Any) -> None:
    """ "Open station" did nothing under a chart and headings without anything below them."""
    stage = open_page("sessions")
    page = stage.page
    page._show_session(99_999_999)
    page._take_detail(99_999_999, None)
    stage.settle()
    said = stage.texts(page.panel)
    assert "There is no session 99999999." in said
    assert "What is odd" not in said
    assert not page.panel.to_station.isEnabled()
    stage.page.table.step(1)
    stage.settle()
    assert page.panel.to_station.isEnabled()
    assert "What is odd" in stage.texts(page.panel)

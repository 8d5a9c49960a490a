"""Lists of settings: what acts on a row waits for one."""

from typing import Any


def test_what_acts_on_a_row_waits_for_the_first(open_page: Any) -> None:
    """ "Take back" asked to choose a line where there was none."""
    stage = open_page("settings")
    table, back = stage.page.prices.lists["price"], stage.page.prices.back["price"]
    assert back.isEnabled()
    table.show_rows(())
    assert not back.isEnabled()
    assert stage.page.prices.adding["price"].isEnabled()

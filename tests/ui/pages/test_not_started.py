"""A server that could not start: no page says of a network it has not read that it is empty."""

from dataclasses import replace
from typing import Any

import pytest

from app.fleet.views import Changes, Picture, ServerView

CAUSE = "127.0.0.1:9220 is in use by another program; choose another port."


@pytest.mark.parametrize("page", ["overview", "stations", "map", "sessions", "firmware", "configuration"])
def test_no_page_says_that_no_charger_has_called(open_page: Any, page: str) -> None:
    """With 48 stations on disk "No charger has called yet" stood on every page while the port was taken."""
    stage = open_page(page, replace(Picture(at_ms=0), server=ServerView(state="failed", cause=CAUSE)))
    said = stage.texts(stage.page._first)
    assert "The server did not start" in said
    assert CAUSE in said
    assert "called yet" not in said


def test_the_queue_says_why_it_reads_nothing(open_page: Any) -> None:
    """Its blocks stood there for ever."""
    stage = open_page("faults", Picture(at_ms=0, server=ServerView(state="starting")))
    stage.workspace.faults._forget()
    stage.page._show_rows()
    assert stage.page.list.loading.isVisible()
    stage.bridge.feed(Changes(server=ServerView(state="failed", cause=CAUSE)))
    stage.settle()
    assert not stage.page.list.loading.isVisible()
    assert "The faults could not be read" in stage.texts()
    assert CAUSE in stage.texts()
    stage.bridge.feed(Changes(server=ServerView(state="starting")))
    stage.settle()
    assert stage.page.list.loading.isVisible()

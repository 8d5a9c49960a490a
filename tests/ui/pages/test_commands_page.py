"""The command log of all stations as somebody uses it."""

from pathlib import Path
from typing import Any

import pytest

from app.analytics import questions
from tests.ui.desk_work import records, running, stopped, told
from tests.ui.pictures import picture
from tests.ui.rooms import FakeDesk, fake_room, serve
from ui.pages.commands.export import export_commands

SHOWN = picture(12)


def opened(open_page: Any, argument: str = "") -> Any:
    """The page over forty commands."""
    stage = open_page("commands", SHOWN)
    stage.bridge.answers["newest_commands"] = records(SHOWN, 40)
    stage.page.closed()
    stage.page.opened(argument)
    stage.settle()
    return stage


def numbers(stage: Any) -> list[int]:
    """The commands in the order of the table."""
    return [record.command for record in stage.page.model.rows]


def test_every_command_is_listed_newest_first(open_page: Any) -> None:
    """With its state in words, and the proof beside it."""
    stage = opened(open_page)
    assert numbers(stage) == list(range(40, 0, -1))
    stage.page.table.go_to(39)
    text = stage.texts(stage.page.detail)
    assert "Forecourt" not in text
    assert stage.page.detail.record.command == 39


def test_segments_count_and_show_what_is_to_be_looked_at(open_page: Any) -> None:
    """Refused, without an answer, not proved."""
    stage = opened(open_page)
    bad = [r for r in records(SHOWN, 40) if r.outcome in ("refused", "timed out", "not proved")]
    assert f"To look at {len(bad)}" in dict(stage.page.segments._choices).values()
    stage.page.segments._take(2)
    assert len(numbers(stage)) == len(bad)
    assert stage.page.back()
    assert len(numbers(stage)) == 40


def test_a_change_is_seen_at_once_and_a_batch_shows_its_waves(open_page: Any) -> None:
    """What the desk tells is newer than what was read; the batch stands above, and can be listed alone."""
    stage = opened(open_page)
    stage.bridge.commanded.emit(told(SHOWN, running(3), stopped(2)))
    stage.settle()
    assert stage.page.batches.isVisible()
    assert "8 of 20 proved, wave 2 of 3" in stage.texts(stage.page.batches)
    stage.page.opened("batch:3")
    stage.settle()
    assert len(numbers(stage)) == 20


def test_a_batch_that_stopped_says_why(open_page: Any) -> None:
    """The sentence that ended it stands with it; it can not be stopped again."""
    stage = opened(open_page)
    stage.bridge.commanded.emit(told(SHOWN, stopped(2)))
    stage.settle()
    assert "did not boot with 4.2.3" in stage.texts(stage.page.batches)


def test_stopping_asks_first_and_takes_back_what_waits(open_page: Any) -> None:
    """The sheet says what goes on; then the desk is told."""
    stage = opened(open_page)
    desk = FakeDesk()
    serve(stage.bridge, fake_room(desk))
    stage.bridge.commanded.emit(told(SHOWN, running(3)))
    stage.settle()
    stage.click(stage.button("Stop…"))
    stage.click(stage.sheet().confirm)
    assert desk.stopped == [3]


def test_a_waiting_command_can_be_taken_back(open_page: Any) -> None:
    """Only one that was not sent yet offers it."""
    stage = opened(open_page)
    desk = FakeDesk()
    serve(stage.bridge, fake_room(desk))
    queued = next(r.command for r in records(SHOWN, 40) if r.outcome == "queued")
    stage.page._open(queued)
    stage.click(stage.page.detail.cancel)
    assert desk.cancelled == [queued]
    done = next(r.command for r in records(SHOWN, 40) if r.outcome == "done")
    stage.page._open(done)
    assert not stage.page.detail.cancel.isVisible()


def test_an_empty_log_says_why(open_page: Any) -> None:
    """Nothing asked yet, nothing fits, could not be read: three sentences."""
    stage = open_page("commands", SHOWN)
    stage.bridge.answers["newest_commands"] = []
    stage.page.opened("")
    stage.settle()
    assert "No command yet" in stage.texts()
    stage.page.field.setText("nobody")
    stage.qtbot.waitUntil(lambda: "No command fits these filters" in stage.texts())


def test_the_export_has_every_command_that_fits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Oldest first, with state and proof."""
    monkeypatch.setattr(questions, "commands", lambda _c, limit: list(reversed(records(SHOWN, 9))))
    path = tmp_path / "commands.csv"
    assert export_commands(None, lambda record: record.outcome == "refused", path) == 1
    head, line = path.read_text().splitlines()
    assert head.startswith("command,station,asked_at,asked_by,why,meant,operation")
    assert "a session runs" in line

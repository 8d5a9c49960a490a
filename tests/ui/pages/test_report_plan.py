"""A report that is made by itself is checked while somebody is there to mend a slip."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.ui.rooms import serve
from ui.pages.reports.plan_sheet import _folder, plan_sheet


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("", ""), ("reports", "whole path"), ("/dev/null/reports", "/dev/null cannot be written to")],
)
def test_a_folder_that_cannot_be_is_told(text: str, complaint: str) -> None:
    """A name alone went to wherever the program had been started from."""
    assert complaint in _folder(text)
    assert bool(_folder(text)) == bool(complaint)


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    assert _folder(str(tmp_path / "a" / "b")) == ""


@pytest.mark.parametrize(("channel", "kept"), [("phone", True), ("nobody", False), ("", True)])
def test_a_report_is_sent_only_to_who_can_be_told(
    open_page: Any, tmp_path: Path, channel: str, kept: bool
) -> None:
    """A slip was found on the first of the next month."""
    stage = open_page("reports")
    serve(stage.bridge, SimpleNamespace(post=SimpleNamespace(names=("desktop", "phone"))))
    told: list[Any] = []
    row = SimpleNamespace(kind="owner", title="Monthly owner's report", plan=None)
    sheet = plan_sheet(
        stage.workspace, row, lambda name, body, done, _failed: (told.append(name), done(None))
    )  # type: ignore[arg-type]
    sheet.open()
    sheet.edit("folder").setText(str(tmp_path))
    sheet.edit("channel").setText(channel)
    stage.click(sheet.confirm)
    stage.settle()
    assert bool(told) == kept
    if not kept:
        assert "Nobody is told by nobody. Settings, Notifications, has desktop, phone." in stage.texts(sheet)

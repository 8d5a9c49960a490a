"""What a page writes to a file: complete, and nothing in it that a spreadsheet would compute."""

import csv
import json
from pathlib import Path

from app.domain.ids import StationId
from app.domain.records import CommandRecord
from app.fleet.views import MessageView
from ui.widgets.command_export import write_commands
from ui.widgets.log_export import export_log


def test_nothing_in_a_command_log_is_a_formula(tmp_path: Path) -> None:
    """Identities may begin with a sign, and answers are the station's own words."""
    record = CommandRecord(
        1, StationId("=cmd|x"), "Reset", "\uff1dANNA", " =1+1", 1, answer="@SUM(1)", proof="-1\n+2"
    )
    assert write_commands([record], tmp_path / "log.csv") == 1
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["command"] == "1"
    for name in ("station", "asked_by", "why", "proof", "answer"):
        assert row[name].startswith("'"), name


def test_half_a_surrogate_pair_is_written_as_it_was_said(tmp_path: Path) -> None:
    """A station may escape one; the rest of the log must not be lost for it."""
    said = '[2,"1","DataTransfer",{"data":"\\ud800 \u00e4"}]'
    views = [
        MessageView(1, "A", "in", "", "1", "call", frame) for frame in (said, '[3,"1",{"vendor":"\u00e4"}]')
    ]
    assert export_log(views, tmp_path / "log.jsonl") == 2
    first, second = (tmp_path / "log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(first)["frame"] == json.loads(said)
    assert "\u00e4" in second

"""`forecourt simulate --scenario FILE`: what was saved from the message log is played again."""

import asyncio
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.operations.scenario_file import from_lines, write
from tests.helpers.world import world

LINES = [
    '{"scenario": 1, "title": "A boot", "stations": {"DEPOT-7": "1.6"}}',
    '{"after_ms": 0, "station": "DEPOT-7", "does": "says", "action": "BootNotification",'
    ' "payload": {"chargePointVendor": "Acme", "chargePointModel": "One"}, "at_ms": 1}',
    '{"after_ms": 10, "station": "DEPOT-7", "does": "says", "action": "Heartbeat", "at_ms": 11}',
]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "boot.jsonl"
    write(from_lines(LINES, "boot"), path)
    return path


async def test_a_saved_scenario_is_played_against_a_server(saved: Path) -> None:
    async with world() as w:
        words = ("-m", "app", "simulate", w.url, "--scenario", str(saved), "--speed", "100")
        played = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, err = (said.decode() for said in await played.communicate())
        assert played.returncode == 0
        assert w.view("REPLAY-DEPOT-7").vendor == "Acme"
    assert "1 of 1 stations connected, 2 messages answered, 0 refused" in out
    assert "A boot: 1 station for" in err


def test_a_file_that_is_no_scenario_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.jsonl").write_text("hello\n")
    assert main(["simulate", "ws://127.0.0.1:1/", "--scenario", str(tmp_path / "x.jsonl")]) == 2
    assert "Line 1 of x.jsonl" in capsys.readouterr().err


def test_no_server_there_is_said(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "ws://127.0.0.1:1/", "--scenario", str(saved)]) == 1
    assert "No station could connect" in capsys.readouterr().err

"""A range of the log as a scenario: what stations said, in order, and nothing of the server's."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ForecourtError, UsageError
from app.fleet.views import MessageView
from app.operations.scenario_file import Step, from_lines, read, record, to_lines, write

VERSIONS = {"A": "1.6", "B": "2.0.1"}


def line(at_ms: int, direction: str, kind: str, action: str, frame: Any, station: str = "A") -> MessageView:
    number = str(frame[1]) if isinstance(frame, list) else ""
    return MessageView(at_ms, station, direction, action, number, kind, json.dumps(frame))


LOG = [
    MessageView(1_000, "A", "link", "", "", "note", "", note="connected"),
    line(2_000, "in", "call", "StartTransaction", [2, "1", "StartTransaction", {"idTag": "ANNA"}]),
    line(2_010, "out", "result", "StartTransaction", [3, "1", {"transactionId": 41}]),
    line(3_000, "out", "call", "Reset", [2, "x", "Reset", {"type": "Hard"}]),
    line(3_050, "in", "result", "Reset", [3, "x", {"status": "Rejected"}]),
    line(3_060, "in", "error", "GetLog", [4, "y", "NotImplemented", "", {}]),
    line(4_000, "in", "call", "Heartbeat", [2, "9", "Heartbeat", {}], "STRANGER"),
    line(
        5_000,
        "in",
        "send",
        "NotifyPeriodicEventStream",
        [6, "s", "NotifyPeriodicEventStream", {"id": 1}],
        "B",
    ),
    MessageView(6_000, "A", "link", "", "", "note", "", note="disconnected"),
    MessageView(6_500, "A", "in", "", "", "note", "[2,broken"),
]


def test_only_what_stations_do_is_kept_in_order_of_time() -> None:
    found = record(reversed(LOG), VERSIONS, "An hour")
    assert found.head.stations == VERSIONS
    assert found.steps == (
        Step(0, "A", "connects"),
        Step(1_000, "A", "says", "StartTransaction", {"idTag": "ANNA"}, 2_000, 41),
        Step(2_050, "A", "answers", "Reset", {"status": "Rejected"}, 3_050),
        Step(2_060, "A", "refuses", "GetLog", at_ms=3_060, code="NotImplemented"),
        Step(4_000, "B", "sends", "NotifyPeriodicEventStream", {"id": 1}, 5_000),
        Step(5_000, "A", "leaves"),
    )
    assert found.seconds == 5


def test_a_file_is_read_back(tmp_path: Path) -> None:
    made = record(LOG, VERSIONS, "Ünïcode")
    assert from_lines(to_lines(made), "x") == made
    write(made, tmp_path / "a.jsonl")
    assert read(tmp_path / "a.jsonl") == made


def test_messages_in_which_no_station_speaks_are_no_scenario() -> None:
    with pytest.raises(ForecourtError, match="widen the filter"):
        record([LOG[2], LOG[3]], VERSIONS, "Nothing")
    with pytest.raises(ForecourtError, match="widen the filter"):
        record([], VERSIONS, "Nothing")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "holds no scenario"),
        (["[2]"], "Line 1 of x"),
        (['{"scenario": 2, "title": "", "stations": {}}'], "Line 1 of x"),
        (['{"scenario": 1, "title": "", "stations": {"A": "1.6"}}'], "holds no scenario"),
        (
            [
                '{"scenario": 1, "title": "", "stations": {"A": "1.6"}}',
                '{"after_ms": -1, "station": "A", "does": "says"}',
            ],
            "Line 2 of x",
        ),
        (
            [
                '{"scenario": 1, "title": "", "stations": {"A": "1.6"}}',
                '{"after_ms": 0, "station": "B", "does": "says"}',
            ],
            "tells of B",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said(lines: list[str], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        from_lines(lines, "x")


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "gone.jsonl")
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe\n")
    with pytest.raises(UsageError, match="no text"):
        read(tmp_path / "b.jsonl")
    with pytest.raises(ForecourtError, match="cannot be written"):
        write(record(LOG, VERSIONS, "x"), tmp_path / "no" / "folder.jsonl")

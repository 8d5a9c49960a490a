"""Stations against a template, cell by cell and as a whole."""

import pytest

from app.domain.operations import Variable
from app.domain.told import SettingTold
from app.operations.configuration.drift import CellState, Drift, Subject, drift
from app.operations.configuration.keeping import kept
from tests.app.operations.configuration.story import READ_MS, named, rows, template

MINE = template(
    """
title = "Mine"
[[line]]
key = "HeartbeatInterval"
value = 300
[[line]]
key = "MeterValuesSampledData"
value = ["A", "B", "C"]
[[line]]
key = "LightIntensity"
value = 60
"""
)


def against(*records: object, version: str = "1.6") -> Drift:
    return drift(MINE, [Subject("A", version)], records)  # type: ignore[arg-type]


def state(found: Drift, line: str = "HeartbeatInterval") -> CellState:
    return found.cell(line, "A").state


def test_equal_and_different_values() -> None:
    assert state(against(*rows("A", HeartbeatInterval="300"))) is CellState.EQUAL
    found = against(*rows("A", HeartbeatInterval="60", MeterValuesSampledData="a,x"))
    assert state(found) is CellState.DIFFERS
    assert found.cell("HeartbeatInterval", "A").found == "60"
    assert found.cell("MeterValuesSampledData", "A").short == "1 of 3"
    assert found.sentence == "1 station differs, 1 is not read yet"


def test_a_version_is_compared_by_its_own_name() -> None:
    record = named("A", {"OCPPCommCtrlr.HeartbeatInterval": "300"})
    found = against(*record, version="2.0.1")
    assert state(found) is CellState.EQUAL
    assert state(found, "LightIntensity") is CellState.NO_WAY
    assert state(against(*record)) is CellState.NOT_READ


def test_what_can_only_be_read_is_locked_where_it_differs() -> None:
    assert state(against(*named("A", {"HeartbeatInterval": "60"}, readonly=True))) is CellState.LOCKED
    assert state(against(*named("A", {"HeartbeatInterval": "300"}, readonly=True))) is CellState.EQUAL


@pytest.mark.parametrize(
    ("status", "expected"),
    [("unknown", CellState.MISSING), ("UnknownVariable", CellState.MISSING), ("Rejected", CellState.UNKNOWN),
     ("", CellState.UNKNOWN)],
)  # fmt: skip
def test_no_value_is_missing_or_kept_to_itself(status: str, expected: CellState) -> None:
    told = kept("A", [SettingTold(Variable("HeartbeatInterval"), status=status)], [], READ_MS)
    assert state(against(*told)) is expected


def test_a_station_that_never_connected_is_not_read() -> None:
    assert state(against(version="")) is CellState.NOT_READ


def test_the_whole_network_in_a_sentence() -> None:
    subjects = [Subject(name, "1.6") for name in "ABCD"]
    heartbeat = template('title = "T"\n[[line]]\nkey = "HeartbeatInterval"\nvalue = 300')

    def said(*values: str | None) -> str:
        records = [r for s, v in zip("ABCD", values, strict=False) if v for r in rows(s, HeartbeatInterval=v)]
        return drift(heartbeat, subjects[: len(values)], records).sentence

    assert said("300", "300") == "All are equal"
    assert said("60", "60", "60", None) == "3 stations differ, 1 is not read yet"
    assert said("300", None, None) == "2 are not read yet"
    assert said() == "No station follows it"
    found = drift(heartbeat, subjects, [*rows("A", HeartbeatInterval="60")])
    assert (found.differing(), found.differing("HeartbeatInterval")) == (("A",), ("A",))
    assert found.count(CellState.NOT_READ) == 3

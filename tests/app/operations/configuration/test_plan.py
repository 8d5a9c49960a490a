"""What would be written where, in which order, and how to put it back."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.operations import Variable, WriteConfiguration
from app.domain.told import SettingTold
from app.operations.configuration.drift import Subject, drift
from app.operations.configuration.keeping import kept
from app.operations.configuration.plan import (
    Standing,
    in_order,
    plan,
    plans,
    preview,
    undo,
    waves,
    wish,
)
from tests.app.operations.configuration.story import named, rows, template

MINE = template(
    """
title = "Mine"
[[line]]
key = "HeartbeatInterval"
value = 300
[[line]]
key = "WebSocketPingInterval"
value = 60
restart = true
[[line]]
key = "LightIntensity"
value = 60
"""
)
RECORDS = [
    *rows("A", HeartbeatInterval="60", WebSocketPingInterval="0", LightIntensity="60"),
    *rows("B", HeartbeatInterval="30", LightIntensity="60", WebSocketPingInterval="60"),
    *named("C", {"OCPPCommCtrlr.HeartbeatInterval": "300", "OCPPCommCtrlr.WebSocketPingInterval": "60"}),
]
FOUND = drift(MINE, [Subject("A", "1.6"), Subject("B", "1.6"), Subject("C", "2.1")], RECORDS)


def test_only_what_differs_is_written() -> None:
    one = plan(FOUND, "A")
    assert [(c.line, c.now, c.then) for c in one.changes] == [
        ("HeartbeatInterval", "60", "300"),
        ("WebSocketPingInterval", "0", "60"),
    ]
    assert one.restart
    assert [c.line for c in plan(FOUND, "A", ["HeartbeatInterval"]).changes] == ["HeartbeatInterval"]
    assert plan(FOUND, "C").changes == ()
    assert plan(FOUND, "C").passed == (("LightIntensity", "Its version of OCPP has no such setting."),)
    assert [one.station for one in plans(FOUND)] == ["A", "B"]
    assert [one.station for one in plans(FOUND, stations=["B"])] == ["B"]


def test_a_plan_becomes_one_wish_with_its_reason() -> None:
    made = wish(plan(FOUND, "B"), "vera")
    assert made.operation == WriteConfiguration(((Variable("HeartbeatInterval"), "300"),))
    assert (made.station, made.by, made.why) == ("B", "vera", "Configuration as in mine")
    assert wish(plan(FOUND, "B"), "vera", "Calmer").why == "Calmer"


def test_the_preview_says_what_changes_restarts_and_waits() -> None:
    standing = {"A": Standing("Acme", busy=True), "B": Standing("Acme", online=False)}
    found = preview(plans(FOUND), standing)
    assert [(row.line, row.before, row.then, row.stations) for row in found.rows] == [
        ("HeartbeatInterval", "60", "300", 1),
        ("WebSocketPingInterval", "0", "60", 1),
    ]
    assert (found.cells, found.restarts, found.waiting, found.offline) == (2, ("A",), ("A",), ("B",))
    assert found.waves == (("A",),)


def test_free_stations_of_different_makes_go_first_and_troubled_ones_last() -> None:
    standing = {
        "A1": Standing("Acme"), "A2": Standing("Acme"), "B1": Standing("Best"),
        "A3": Standing("Acme", busy=True), "B2": Standing("Best", troubled=True),
        "C1": Standing("Cork", online=False),
    }  # fmt: skip
    assert in_order(sorted(standing), standing) == ["A1", "B1", "A2", "A3", "B2", "C1"]


def test_old_values_can_be_put_back() -> None:
    records = rows("A", HeartbeatInterval="60")
    written = kept("A", [SettingTold(Variable("HeartbeatInterval"), "300")], records, 9)
    found = drift(MINE, [Subject("A", "1.6")], written)
    back = undo(found.of("A"), "mine", "A")
    assert [(c.line, c.now, c.then) for c in back.changes] == [("HeartbeatInterval", "300", "60")]


@given(st.lists(st.integers(), unique=True, max_size=40), st.lists(st.integers(1, 9), max_size=3))
def test_waves_hold_every_station_once_and_in_order(stations: list[int], sizes: list[int]) -> None:
    order = [str(s) for s in stations]
    found = waves(order, sizes)
    assert [s for wave in found for s in wave] == order
    assert all(found)
    assert all(len(wave) <= size for wave, size in zip(found, sizes, strict=False))

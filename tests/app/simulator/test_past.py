"""The demo's past: the same for the same seed, in order, valid, and believable."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import pytest

from app.simulator.demand import DAY_MS
from app.simulator.network import Network, load_network
from app.simulator.past import Past, past
from tests.app.simulator.echo import validator

END_MS = 1_780_000_000_000 // DAY_MS * DAY_MS
VERSIONS = {"ocpp1.6": "1.6", "ocpp2.0.1": "2.0.1", "ocpp2.1": "2.1"}


def rows(stations: int = 12, days: int = 20, seed: int = 7) -> list[dict[str, Any]]:
    return list(past(load_network(stations), days, END_MS, seed))


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    return rows()


def test_the_same_seed_tells_the_same_days() -> None:
    """Every message of a day is equal for equal seeds, and another seed tells another day."""
    assert rows(days=1) == rows(days=1)
    assert rows(days=1) != rows(days=1, seed=8)


def test_rows_come_in_order_of_time(told: list[dict[str, Any]]) -> None:
    """Across all stations; ISO text of one form sorts as time does."""
    times = [row["at"] for row in told]
    assert times == sorted(times)


def test_every_frame_is_valid_ocpp(told: list[dict[str, Any]]) -> None:
    """Calls pass their version's schema, answers that of the response."""
    spoken: dict[str, str] = {}
    waiting: dict[str, str] = {}
    bad: list[str] = []
    seen: Counter[tuple[str, str]] = Counter()
    for row in told:
        station = row["station"]
        if row["event"] == "connected":
            spoken[station] = VERSIONS[row["subprotocol"]]
            continue
        if row["event"] == "disconnected":
            continue
        version, frame = spoken[station], row["frame"]
        if row["event"] == "in":
            kind, _, action, payload = frame
            assert kind == 2
            waiting[station] = action
            seen[version, action] += 1
            if seen[version, action] > 300:
                continue
            errors = validator(version, action).iter_errors(payload)
        else:
            errors = validator(version, waiting[station], response=True).iter_errors(frame[2])
        messages = [error.message for error in errors]  # one station writes times without a zone (Q64)
        bad += [f"{version} {frame}: {text}" for text in messages if "date-time" not in text]
    assert bad == []
    assert {version for version, _ in seen} == {"1.6", "2.0.1", "2.1"}


def test_stations_speak_only_while_connected(told: list[dict[str, Any]]) -> None:
    """No message between disconnected and connected."""
    online: set[str] = set()
    for row in told:
        if row["event"] == "connected":
            assert row["station"] not in online
            online.add(row["station"])
        elif row["event"] == "disconnected":
            online.remove(row["station"])
        else:
            assert row["station"] in online


def test_who_is_there_at_the_end_was_heard_just_before(told: list[dict[str, Any]]) -> None:
    """Else a program that starts then takes hours of silence for a lost link."""
    last = {row["station"]: row for row in told}
    there = [row for row in last.values() if row["event"] != "disconnected"]
    assert len(there) > len(last) / 2
    silent_s = [END_MS / 1000 - datetime.fromisoformat(row["at"]).timestamp() for row in there]
    assert max(silent_s) <= 300


def test_meters_never_fall_and_sessions_deliver_what_physics_allows(told: list[dict[str, Any]]) -> None:
    """Energy of a session is at most rated power x time; registers of a connector only rise."""
    plugs = {(s.identity, p.evse): p.power_w for s in load_network(12).stations for p in s.plugs}
    registers: dict[tuple[str, int], float] = defaultdict(float)
    running: dict[tuple[str, Any], tuple[str, int, int]] = {}
    last_start: dict[str, tuple[int, dict[str, Any]]] = {}
    checked = 0
    for row in told:
        station = row["station"]
        if row["event"] == "out":
            evse, payload = last_start[station][0], last_start[station][1]
            running[station, row["frame"][2]["transactionId"]] = (
                payload["timestamp"],
                payload["meterStart"],
                evse,
            )
        if row["event"] != "in":
            continue
        action, payload = row["frame"][2:]
        if action == "StartTransaction":
            last_start[station] = (payload["connectorId"], payload)
            assert payload["meterStart"] >= registers[station, payload["connectorId"]]
            registers[station, payload["connectorId"]] = payload["meterStart"]
        elif action == "StopTransaction":
            begun, meter, evse = running.pop((station, payload["transactionId"]))
            hours = (seconds(payload["timestamp"]) - seconds(begun)) / 3600
            energy = payload["meterStop"] - meter
            assert 0 <= energy <= plugs[station, evse] * (hours + 1 / 3600) + 2  # times are whole seconds
            registers[station, evse] = payload["meterStop"]
            checked += 1
    assert checked > 100


def seconds(iso: str) -> float:
    return datetime.fromisoformat(iso.replace("Z", "+00:00")).timestamp()


def test_the_past_holds_what_an_operator_should_find(told: list[dict[str, Any]]) -> None:
    """Faults, links lost, boots, firmware, offline events, both kinds of transactions."""
    actions = Counter(row["frame"][2] for row in told if row["event"] == "in")
    for action in (
        "BootNotification",
        "StatusNotification",
        "StartTransaction",
        "StopTransaction",
        "TransactionEvent",
        "MeterValues",
        "FirmwareStatusNotification",
        "NotifyEvent",
    ):
        assert actions[action] > 0, action
    faulted = [r for r in told if r["event"] == "in" and r["frame"][3].get("status") == "Faulted"]
    offline = [r for r in told if r["event"] == "in" and r["frame"][3].get("offline")]
    assert faulted
    assert offline
    boots = [r["frame"][3] for r in told if r["event"] == "in" and r["frame"][2] == "BootNotification"]
    firmwares = {boot.get("firmwareVersion") for boot in boots}
    assert {"3.8.1", "3.9.0", "3.9.1"} <= firmwares


def test_weekends_look_different_at_work() -> None:
    """Arrivals follow the use of a site."""
    network = load_network(48)
    work = Network(tuple(s for s in network.stations if s.profile == "work"))
    starts: Counter[bool] = Counter()
    for row in Past(work, 28, END_MS, 3):
        if row["event"] == "in" and row["frame"][2] == "StartTransaction":
            day = int(seconds(row["at"]) // 86_400 + 3) % 7
            starts[day >= 5] += 1
    assert starts[False] / 5 > 3 * starts[True] / 2


@pytest.mark.parametrize("stations", [3, 48, 500])
def test_the_network_scales(stations: int) -> None:
    """Identities stay unique, sites real, prices readable."""
    network = load_network(stations)
    assert len({s.identity for s in network.stations}) == stations
    assert len(network.sites) == min(12, stations)
    for intent in network.intents():
        assert intent.plan
        assert all(float(p.price_per_kwh) > 0 for p in intent.plan)


def test_a_network_out_of_bounds_is_refused() -> None:
    """A sentence, not an empty map."""
    with pytest.raises(ValueError, match="3 to 500"):
        load_network(2)

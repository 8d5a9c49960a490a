"""A log never seen before goes through `forecourt replay`, and sessions, faults, uptime and costs come out.

It was recorded by somebody else: times with another offset, keys we do not know, rows not quite in order,
answers that are missing, texts where numbers belong, a maker nobody heard of.
"""

import csv
import io
import json
import random
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.cli import main

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 31
THERE = timezone(timedelta(hours=5, minutes=30))
ONE, TWO = "KA*PUNE*0001", "KA-PUNE-0002"


class Foreign:
    """A recorder of somebody else's; `at` are minutes since the first of March."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, dict[str, Any]]] = []
        self._number = 90_000

    def row(self, at: float, station: str, event: str, **more: Any) -> None:
        moment = (FIRST + timedelta(minutes=at)).astimezone(THERE)
        told = {"at": moment.isoformat(), "station": station, "event": event, "node": "edge-7", "lat_ms": 12}
        self.rows.append((at, told | more))

    def call(self, at: float, station: str, action: str, payload: Any, answer: Any = None) -> None:
        self._number += 1
        name = f"{self._number:x}-{station[-2:]}"
        self.row(at, station, "in", frame=[2, name, action, payload])
        if answer is not None:
            self.row(at + 0.002, station, "out", frame=[3, name, answer])

    def status(self, at: float, station: str, word: str, error: str = "NoError", vendor: str = "") -> None:
        payload = {"connectorId": 1, "errorCode": error, "status": word, "timestamp": self.time(at)}
        self.call(
            at, station, "StatusNotification", payload | ({"vendorErrorCode": vendor} if vendor else {}), {}
        )

    def charge(self, at: float, station: str, number: int, card: str, wh: int, meter: int) -> None:
        """An hour on 1.6, told as that maker tells it: texts for numbers, kWh in between."""
        self.status(at, station, "Preparing")
        start = {"connectorId": 1, "idTag": card, "meterStart": meter, "timestamp": self.time(at + 1)}
        accepted = {"idTagInfo": {"status": "Accepted"}}
        self.call(at + 1, station, "StartTransaction", start, accepted | {"transactionId": number})
        self.status(at + 2, station, "Charging")
        for step in (1, 2, 3):
            sampled = [
                {"value": f"{(meter + wh * step / 4) / 1000:.3f}", "unit": "kWh",
                 "measurand": "Energy.Active.Import.Register"},
                {"value": str(wh), "unit": "W", "measurand": "Power.Active.Import"},
            ]  # fmt: skip
            value = {"timestamp": self.time(at + 15 * step), "sampledValue": sampled}
            reading = {"connectorId": 1, "transactionId": number, "meterValue": [value]}
            self.call(at + 15 * step, station, "MeterValues", reading, {} if step != 2 else None)
        stop = {
            "transactionId": number,
            "meterStop": meter + wh,
            "timestamp": self.time(at + 60),
            "idTag": card,
        }
        self.call(at + 60, station, "StopTransaction", stop, accepted)
        self.status(at + 61, station, "Available")

    @staticmethod
    def time(at: float) -> str:
        return (FIRST + timedelta(minutes=at)).isoformat(timespec="seconds").replace("+00:00", "Z")

    def write(self, path: Path) -> Path:
        """In order of time, but for neighbours that a busy collector swapped."""
        rng = random.Random(4)
        rows = [row for _, row in sorted(self.rows, key=lambda one: one[0] + rng.random() * 0.001)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return path


def a_month() -> Foreign:
    """Two stations charge every three hours; one reports a fault for half a day, the other is lost for ten
    hours, and a driver tries in vain meanwhile."""
    log = Foreign()
    meter = {ONE: 1_000_000, TWO: 5_000_000}
    for station in (ONE, TWO):
        log.row(0, station, "connected", subprotocol="ocpp1.6")
        boot = {"chargePointVendor": "Vidyut", "chargePointModel": "VX-60", "firmwareVersion": "9.1-in"}
        answer = {"status": "Accepted", "currentTime": log.time(0.1), "interval": 900}
        log.call(0.1, station, "BootNotification", boot, answer)
        log.status(0.2, station, "Available")
    number = 0
    for hour in range(2, DAYS * 24 - 3, 3):
        for n, station in enumerate((ONE, TWO)):
            at = hour * 60 + 20 * n
            broken = station == ONE and 10 * 1440 <= at < 10 * 1440 + 760
            lost = station == TWO and 20 * 1440 - 70 <= at < 20 * 1440 + 620
            if not broken and not lost:
                number += 1
                log.charge(at, station, number, f"RFID{number % 17:02}", 20_000 + 100 * n, meter[station])
                meter[station] += 20_000 + 100 * n
    log.status(10 * 1440 + 5, ONE, "Faulted", "PowerSwitchFailure", "VX-E0417")
    log.status(10 * 1440 + 725, ONE, "Available")
    log.call(10 * 1440 + 100, ONE, "Authorize", {"idTag": "RFID03"}, {"idTagInfo": {"status": "Accepted"}})
    log.row(20 * 1440, TWO, "disconnected")
    log.row(20 * 1440 + 600, TWO, "connected", subprotocol="ocpp1.6")
    log.status(20 * 1440 + 600.1, TWO, "Available")
    for minute in range(15, DAYS * 1440, 15):
        for station in (ONE, TWO):
            if station == ONE or not 20 * 1440 <= minute < 20 * 1440 + 600:
                now = {"currentTime": log.time(minute)}
                log.call(minute + 0.5, station, "Heartbeat", {}, now)
    return log


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*words: str) -> str:
        code = main([words[0], *words[1:], "--data", str(tmp_path / "data"), "--set", "zone=Asia/Kolkata"])
        out, err = capsys.readouterr()
        assert code == 0, err
        return out

    return call


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_whole_path_on_a_record_of_somebody_else(run: Any, tmp_path: Path) -> None:
    log = a_month()
    said = run("replay", str(log.write(tmp_path / "theirs.jsonl")))
    assert "of 2 stations" in said
    assert "No price is written down: what a fault costs stands in hours and kWh" in said

    sessions = table(run("export", "sessions"))
    started = [row for _, row in log.rows if "StartTransaction" in row.get("frame", ())]
    assert len(sessions) == len(started) > 400
    assert {row["station"] for row in sessions} == {ONE, TWO}
    assert {row["energy_wh"] for row in sessions} == {"20000", "20100"}
    assert f"{len(sessions)} sessions with" in said

    faults = {row["rule"]: row for row in table(run("export", "faults"))}
    assert faults["connector_fault"]["station"] == ONE
    assert faults["connector_fault"]["cleared_at"].startswith("2026-03-11T12:05")
    assert faults["offline"]["station"] == TWO

    window = ("--from", "2026-03-01T00:00:00Z", "--to", "2026-03-31T00:00:00Z")
    uptime = {
        (row["station"], row["rule"]): row for row in table(run("export", "uptime", *window)) if row["evse"]
    }
    for station, hours in ((ONE, 12), (TWO, 10)):
        down = int(uptime[station, "raw"]["outage_ms"]) / 3_600_000
        assert down == pytest.approx(hours, abs=0.1)
        assert uptime[station, "nevi"]["uptime_pct"].startswith("98.")

    unpriced = [row for row in table(run("export", "costs")) if row["cost"] == "lost-revenue"]
    assert unpriced
    assert {row["amount"] for row in unpriced} == {""}
    assert {row["missing"] for row in unpriced} == {"price"}

    stations = tmp_path / "stations.csv"
    stations.write_text(
        "identity,name,site,latitude,longitude,connector,kind,power_kw,price_per_kwh\n"
        f"{ONE},One,Pune,18.52,73.85,1,CCS2,60,21.50\n{TWO},Two,Pune,18.52,73.85,1,CCS2,60,21.50\n",
        "utf-8",
    )
    run("import", "stations", str(stations))
    lost = [row for row in table(run("export", "costs")) if row["cost"] == "lost-revenue"]
    amounts = [Decimal(row["amount"]) for row in lost if row["amount"]]
    assert sum(amounts) > 0
    evidence = [row for row in table(run("export", "cost-evidence")) if row["cost"] == "lost-revenue"]
    assert sum(Decimal(row["amount"] or 0) for row in evidence) == sum(amounts)
    assert not any("RFID" in value for row in evidence for value in row.values())


def test_what_a_thin_log_cannot_tell_is_said_plainly(run: Any, tmp_path: Path) -> None:
    """Two hours, no link, no meter values, no card, nobody who says what he is."""
    log = Foreign()
    start = {"connectorId": 1, "idTag": "", "meterStart": 10, "timestamp": log.time(1)}
    accepted = {"idTagInfo": {"status": "Accepted"}, "transactionId": 1}
    log.call(1, ONE, "StartTransaction", start, accepted)
    log.call(
        50, ONE, "StopTransaction", {"transactionId": 1, "meterStop": 5_010, "timestamp": log.time(50)}, {}
    )
    log.call(120, ONE, "Heartbeat", {}, {"currentTime": log.time(120)})
    said = run("replay", str(log.write(tmp_path / "thin.jsonl"))).splitlines()
    assert said[1].startswith("2 hours: 1 session with 5.0 kWh, ")
    assert [row["rule"] for row in table(run("export", "faults"))] == ["no_boot"]
    for words in (
        "1 station never said what maker and model",
        "It never says when stations came and went",
        "It has no status of a connector",
        "It has no meter values within sessions",
        "It names no card",
        "It is shorter than two weeks",
        "No price is written down",
    ):
        assert [line for line in said if line.startswith(words)], words
    assert table(run("export", "sessions"))[0]["energy_wh"] == "5000"


def test_a_log_without_sessions_tells_no_costs(run: Any, tmp_path: Path) -> None:
    log = Foreign()
    for minute in range(0, 300, 10):
        log.call(minute, ONE, "Heartbeat", {}, {"currentTime": log.time(minute)})
    said = run("replay", str(log.write(tmp_path / "quiet.jsonl")))
    assert "It has no session: demand, and so what a fault costs, is not known." in said
    assert table(run("export", "costs")) == []

"""Kill the server at random moments while stations transact, and compare what they were promised."""

import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Toll:
    """What came of it. Every list names acknowledged messages that are not there exactly once."""

    rounds: int
    acknowledged: int
    lost: list[str]
    doubled: list[str]
    verify: str


def kill_rounds(folder: Path, *, rounds: int, stations: int = 8, seed: int = 1) -> Toll:
    """Run `rounds` of serve, random wait, SIGKILL; then compare records with answers."""
    rng = random.Random(seed)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, told = folder / "data", folder / "answers.jsonl"
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    client = subprocess.Popen(
        [
            sys.executable,
            str(ROOT / "tests/helpers/kill_client.py"),
            str(port),
            str(stations),
            str(seed),
            str(told),
        ],
        stdin=subprocess.PIPE,
        env=env,
    )
    command = [
        sys.executable,
        "-m",
        "app",
        "serve",
        "--listen",
        f"127.0.0.1:{port}",
        "--data",
        str(data),
        "--set",
        "access.new_stations=accept",
    ]
    try:
        for _ in range(rounds):
            server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT)
            assert server.stdout is not None
            assert server.stdout.readline().startswith("ready ")
            before = _lines(told)
            _wait_for(told, before + rng.randrange(20, 200))
            server.kill()
            server.wait()
            server.stdout.close()
    finally:
        assert client.stdin is not None
        client.stdin.close()
        client.wait(30)
    lost, doubled, count = _compare(data / "forecourt.db", told)
    verify = subprocess.run(
        [sys.executable, "-m", "app", "verify", "--data", str(data)],
        capture_output=True,
        text=True,
        env=env,
        cwd=ROOT,
        check=False,
    )
    agreed = "" if verify.returncode == 0 else verify.stdout + verify.stderr
    return Toll(rounds, count, lost, doubled, agreed)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _wait_for(path: Path, lines: int) -> None:
    deadline = time.monotonic() + 60
    while _lines(path) < lines:
        if time.monotonic() > deadline:
            raise AssertionError(f"the stations got no answers: {_lines(path)} of {lines}")
        time.sleep(0.01)


def _compare(file: Path, told: Path) -> tuple[list[str], list[str], int]:
    lost: list[str] = []
    doubled: list[str] = []
    answers = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    with sqlite3.connect(file) as db:
        sessions = db.execute(
            'SELECT station, "transaction", meter_start_wh, meter_stop_wh, state FROM session'
        ).fetchall()
        by_transaction = Counter((s, t) for s, t, *_ in sessions)
        rows = {(s, t): (a, b, state) for s, t, a, b, state in sessions}
        readings = Counter(
            (station, energy)
            for station, energy in db.execute(
                "SELECT outlet.station, reading.energy_wh FROM reading JOIN outlet USING (outlet)"
            )
        )
    sampled: Counter[tuple[str, int]] = Counter()
    for told_row in answers:
        station, (_, number, action, payload) = told_row["station"], told_row["sent"]
        name = f"{station} {action} {number}"
        transaction = str(told_row["answer"].get("transactionId") or payload.get("transactionId"))
        row = rows.get((station, transaction))
        if row is None:
            lost.append(name)
            continue
        if by_transaction[station, transaction] != 1:
            doubled.append(name)
        if action == "StartTransaction" and row[0] != payload["meterStart"]:
            lost.append(f"{name}: meter start {row[0]} for {payload['meterStart']}")
        if action == "StopTransaction" and (row[1] != payload["meterStop"] or row[2] != "closed"):
            lost.append(f"{name}: {row} for {payload['meterStop']}")
        if action == "MeterValues":
            sampled[station, int(payload["meterValue"][0]["sampledValue"][0]["value"])] += 1
    for (station, energy), count in sampled.items():
        if readings[station, energy] < min(count, 1):
            lost.append(f"{station} reading {energy}")
    starts = Counter(
        (a["station"], a["sent"][3]["timestamp"]) for a in answers if a["sent"][2] == "StartTransaction"
    )
    doubled += [f"{k} told {n} times" for k, n in starts.items() if n > 1]
    return lost, doubled, len(answers)

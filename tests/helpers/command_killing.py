"""Kill the server at random moments with commands in flight, and compare its word with the stations'."""

import hashlib
import json
import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MARKER = re.compile(r"7\d{8}")
NEVER_LEFT = ("queued", "expired", "cancelled")
SEEN_AND_ANSWERED = ("accepted", "done", "proved", "not proved")


@dataclass(slots=True)
class Toll:
    """What came of it. `wrong` holds a sentence for everything that is not true."""

    rounds: int = 0
    commands: int = 0
    states: Counter[str] = field(default_factory=Counter)
    in_flight: Counter[str] = field(default_factory=Counter)
    """What was under way when the server was killed, by state, all rounds together."""
    files: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def kill_rounds(folder: Path, *, rounds: int, seed: int = 1) -> Toll:
    """Run `rounds` of serve, random wait, SIGKILL; then start once more and compare."""
    rng = random.Random(seed)
    port, files_port = _free_ports()
    data, asked, seen = folder / "data", folder / "asked.jsonl", folder / "seen.jsonl"
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    helper = str(ROOT / "tests/helpers/command_client.py")
    client = subprocess.Popen(
        [sys.executable, helper, str(port), str(seed), str(seen)], stdin=subprocess.PIPE, env=env, cwd=ROOT
    )
    toll = Toll(rounds)
    script = str(ROOT / "tests/helpers/command_server.py")

    def serve(run: int, wishes: int) -> subprocess.Popen[str]:
        places = [str(port), str(files_port), str(data), str(run), str(asked), str(wishes)]
        server = subprocess.Popen(
            [sys.executable, script, *places], stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT
        )
        assert server.stdout is not None
        assert server.stdout.readline().startswith("ready"), "the server did not start"
        return server

    def kill(server: subprocess.Popen[str]) -> None:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()

    try:
        for run in range(rounds):
            server = serve(run, 9_000)
            _wait_for(seen, _lines(seen) + rng.randrange(15, 90))
            kill(server)
            _count(data / "forecourt.db", toll)
    finally:
        assert client.stdin is not None
        client.stdin.close()
        client.wait(60)
    kill(serve(rounds, 0))
    _compare(data, _read(asked), _read(seen), toll)
    return toll


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _read(path: Path) -> list[dict[str, Any]]:
    whole = path.read_text("utf-8").rpartition("\n")[0]  # a line that the kill cut is no line
    return [json.loads(line) for line in whole.splitlines() if line.startswith("{") and line.endswith("}")]


def _wait_for(path: Path, lines: int) -> None:
    deadline = time.monotonic() + 60
    while _lines(path) < lines:
        if time.monotonic() > deadline:
            raise AssertionError(f"the stations heard nothing: {_lines(path)} of {lines}")
        time.sleep(0.01)


def _count(file: Path, toll: Toll) -> None:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        open_ = db.execute(
            "SELECT outcome, count(*) FROM command WHERE outcome IN ('queued', 'sent', 'accepted') GROUP BY 1"
        )
        toll.in_flight.update(dict(open_.fetchall()))
        half = db.execute("SELECT count(*) FROM file WHERE state = 'receiving'").fetchone()[0]
        toll.in_flight.update({"receiving": half} if half else {})


def _compare(data: Path, asked: list[dict[str, Any]], seen: list[dict[str, Any]], toll: Toll) -> None:
    with sqlite3.connect(data / "forecourt.db") as db:
        db.row_factory = sqlite3.Row
        commands = {r["command"]: r for r in db.execute("SELECT * FROM command WHERE operation != ''")}
        files = db.execute("SELECT * FROM file").fetchall()
    wrong = toll.wrong
    for line in asked:
        if line.get("left_sent"):
            wrong.append(f"run {line['run']} left {line['left_sent']} sent")
        if line.get("trouble"):
            wrong.append(line["trouble"])
        if "asked" in line and line["asked"] not in commands:
            wrong.append(f"command {line['asked']} was taken and is not kept")
    ids = Counter(line["id"] for line in seen if "id" in line)
    wrong += [f"message {i} came {n} times" for i, n in ids.items() if n > 1]
    answered = {line["answered"] for line in seen if "answered" in line}
    marked: dict[str, list[str]] = {}
    for line in seen:
        for marker in MARKER.findall(line.get("text", "")):
            marked.setdefault(marker, []).append(line["id"])
    toll.commands = len(commands)
    for number, row in commands.items():
        toll.states[row["outcome"]] += 1
        wrong += [f"command {number}: {what}" for what in _lies(row, ids, answered, marked)]
    _compare_files(data, files, seen, toll)


def _lies(row: sqlite3.Row, ids: Counter[str], answered: set[str], marked: dict[str, list[str]]) -> list[str]:
    """What a command says of itself that the station knows better."""
    state, found = row["outcome"], MARKER.search(row["wish"])
    frames = marked.get(found[0], []) if found else [i for i in (row["message_id"],) if ids[i]]
    lies = []
    if state == "sent":
        lies.append("is still sent after a restart")
    if len(frames) > 1:
        lies.append(f"was sent {len(frames)} times")
    if frames and state in NEVER_LEFT:
        lies.append(f"is {state}, and the station has it")
    if state in SEEN_AND_ANSWERED and not frames:
        lies.append(f"is {state}, and the station never had it")
    if state in SEEN_AND_ANSWERED and state != "proved" and not set(frames) & answered:
        lies.append(f"is {state}, and the station never answered")
    if state in NEVER_LEFT and row["sent_ms"] is not None:
        lies.append(f"is {state} with a time of sending")
    return lies


def _compare_files(data: Path, files: list[sqlite3.Row], seen: list[dict[str, Any]], toll: Toll) -> None:
    kept = {row["sha256"] for row in files if row["state"] == "received"}
    for line in seen:
        if line.get("upload") == 200 and line["sha256"] not in kept:
            toll.wrong.append(f"a file of {line['station']} was acknowledged and is not kept")
    for row in files:
        toll.files[row["state"]] += 1
        if row["state"] == "receiving":
            toll.wrong.append(f"file {row['file']} is still marked as under way")
        if row["state"] != "received":
            continue
        path = data / "files" / row["path"]
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != row["sha256"]:
            toll.wrong.append(f"file {row['file']} is not what it says")
    left = list((data / "files").glob("*/*.part"))
    toll.wrong += [f"{part.name} was left behind" for part in left]

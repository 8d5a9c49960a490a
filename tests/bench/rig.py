"""Starts a server and a load as processes and reads what each cost."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True, slots=True)
class Round:
    """One round: CPU of the server process per answered message, and what the load saw."""

    cpu_us: float
    answered_per_s: float
    p50_ms: float
    p99_ms: float
    rss_kib: float
    connected: int
    lost_links: int


def start_server(
    kind: str, data: str | None = None, extra: tuple[str, ...] = ()
) -> tuple[subprocess.Popen[str], int]:
    """Start `echo`, `ocpp` or `forecourt`; returns the process and its port."""
    if kind == "forecourt":
        data = data or tempfile.mkdtemp(prefix="bench-")
        command = [
            sys.executable, "-m", "app", "serve", "--listen", "127.0.0.1:0", "--data", data,
            "--set", "access.new_stations=accept", *extra,
        ]  # fmt: skip
    else:
        command = [sys.executable, str(HERE / "servers.py"), kind]
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env)
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, int(line.strip().rstrip("/").rsplit(":", 1)[1])


def start_load(
    port: int, stations: int, rate: float, seconds: float, *, gap_s: float = 0.02, prefix: str = "LOAD"
) -> subprocess.Popen[str]:
    """Start the load; its first line tells how many connected, then it waits for a line to begin."""
    return subprocess.Popen(
        [
            sys.executable, str(HERE / "load.py"), "127.0.0.1", str(port), str(stations), str(rate),
            str(seconds), "2", str(gap_s), prefix,
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def stop(server: subprocess.Popen[str]) -> None:
    """Stop a server cleanly."""
    server.terminate()
    server.wait(30)
    if server.stdout is not None:
        server.stdout.close()


def cpu_s(process: psutil.Process) -> float:
    """Processor seconds of a process so far, user and system.

    From the scheduler where it tells (nanoseconds): what `times` tells is counted in ticks of 10 ms,
    which servers that wake a thousand times a second slip through, more or less by chance.
    """
    tasks = Path(f"/proc/{process.pid}/task")
    try:
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9
    except (OSError, ValueError, IndexError):
        times = process.cpu_times()
        return float(times.user + times.system)


def measure(kind: str, *, stations: int, rate: float, seconds: float, extra: tuple[str, ...] = ()) -> Round:
    """One round against a fresh server."""
    server, port = start_server(kind, extra=extra)
    watched = psutil.Process(server.pid)
    load = start_load(port, stations, rate, seconds)
    assert load.stdin is not None
    assert load.stdout is not None
    try:
        connected = json.loads(load.stdout.readline())["connected"]
        rss = watched.memory_info().rss / 1024
        load.stdin.write("go\n")
        load.stdin.flush()
        load.stdout.readline()
        before = cpu_s(watched)
        result = json.loads(load.stdout.readline())
        after = cpu_s(watched)
    finally:
        load.kill()
        stop(server)
    cpu = after - before
    answered = max(1, result["answered"])
    return Round(
        cpu / answered * 1e6,
        answered / result["seconds"],
        result["p50_ms"] or 0,
        result["p99_ms"] or 0,
        rss,
        connected,
        result["lost_links"],
    )

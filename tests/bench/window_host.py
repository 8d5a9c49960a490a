"""The real window, offscreen, with its server: tells of event gaps and paints. A process of the bench.

`python window_host.py DATA STALL_S`: prints `ready URL`, waits for a line on standard input, then
measures until the next line (stalling the GUI thread for STALL_S seconds in the middle if asked)
and prints one JSON line.
"""

import argparse
import json
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer

from app import memory
from app.settings import load
from ui import launch


class Paints(QObject):
    """How long paint events of whole top-level frames take."""

    def __init__(self) -> None:
        super().__init__()
        self.on = False
        self.spans: list[float] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.on and event.type() == QEvent.Type.UpdateRequest:
            start = time.perf_counter()
            watched.event(event)
            self.spans.append((time.perf_counter() - start) * 1000)
            return True
        return False


def main(data: str, stall_s: float) -> None:
    memory.share_pools()
    settings = load(Path(data), {"access.new_stations": "accept", "listen": "127.0.0.1:0"})
    app = launch.make_application(sys.argv[:1])
    args = argparse.Namespace(command="", listen=None)
    window = launch.make_window(settings, launch._room_maker(args, settings, demo=False))
    window.resize(1440, 900)

    paints = Paints()
    window.installEventFilter(paints)
    gaps: list[float] = []
    last = [0.0]
    measuring = [False]
    beat = QTimer(window)
    beat.setInterval(2)
    from PySide6.QtCore import Qt

    beat.setTimerType(Qt.TimerType.PreciseTimer)

    def tick() -> None:
        now = time.perf_counter()
        if measuring[0] and last[0]:
            gaps.append((now - last[0]) * 1000)
        last[0] = now

    beat.timeout.connect(tick)
    lines: list[str] = []

    def read() -> None:
        for line in sys.stdin:
            lines.append(line.strip())
        lines.append("quit")

    threading.Thread(target=read, daemon=True).start()
    announced = [False]

    def watch() -> None:
        server = window.workspace.bridge.picture.server
        if server.urls and not announced[0]:
            announced[0] = True
            print(f"ready {server.urls[0]}", flush=True)
        while lines:
            word = lines.pop(0)
            if word == "measure":
                measuring[0] = paints.on = True
                beat.start()
            elif word == "stall":
                time.sleep(stall_s)
                print(json.dumps({"stalled": stall_s}), flush=True)
            elif word == "report":
                measuring[0] = paints.on = False
                print(json.dumps({"gaps": figures(gaps), "paints": figures(paints.spans)}), flush=True)
            elif word == "quit":
                window.leave()

    poll = QTimer(window)
    poll.setInterval(50)
    poll.timeout.connect(watch)
    poll.start()
    launch.live(app, window)


def figures(values: list[float]) -> dict[str, float]:
    """Count, median, 95th, 99th percentile and maximum, in ms."""
    ordered = sorted(values) or [0.0]
    at = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))]  # noqa: E731
    return {"n": len(values), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": ordered[-1]}


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))

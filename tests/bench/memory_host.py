"""The real window, offscreen, with every page opened once: tells what it holds. A process of the bench.

`python memory_host.py DATA [demo]`: prints one JSON line for each stage, the most it held in it in MB as
[resident, its share of what others hold too, its own alone].
"""

import argparse
import json
import sys
from pathlib import Path

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import memory
from app.settings import load
from ui import launch, sources
from ui.shell.navigation import sections
from ui.shell.window import MainWindow

LOOK_MS = 500
REST_S = 90
"""Both before the first page and after the last: what is computed at a start, and what is given back."""
PAGE_S = 5


class Visit:
    """Opens each page in turn and notes what the process holds."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._own = psutil.Process()
        self._most = [0.0, 0.0, 0.0]
        self._left = [page.route for section in sections() for page in section.pages]
        self._stage = "before the first page"
        self._looks = QTimer(window)
        self._looks.setInterval(LOOK_MS)
        self._looks.timeout.connect(self._look)
        self._looks.start()
        self._next = QTimer(window)
        self._next.setSingleShot(True)

    def begin(self) -> None:
        """The room has started."""
        self._tell("starting")
        self._next.timeout.connect(self._page)
        self._next.start(REST_S * 1000)

    def _page(self) -> None:
        self._tell(self._stage)
        if not self._left:
            self._next.timeout.disconnect(self._page)
            self._next.timeout.connect(self._leave)
            self._next.start(REST_S * 1000)
            return
        self._stage = self._left.pop(0)
        self._window.open(self._stage)
        self._next.start(PAGE_S * 1000)

    def _leave(self) -> None:
        print(json.dumps({"stage": "settled", "most": self._held()}), flush=True)
        self._window.leave()

    def _held(self) -> list[float]:
        info = self._own.memory_full_info()
        return [info.rss / 1e6, info.pss / 1e6, info.uss / 1e6]

    def _look(self) -> None:
        self._most = [max(pair) for pair in zip(self._most, self._held(), strict=True)]

    def _tell(self, stage: str) -> None:
        self._look()
        print(json.dumps({"stage": stage, "most": self._most}), flush=True)
        self._most = [0.0, 0.0, 0.0]


def main(data: str, demo: bool) -> None:
    sources.leave_unread()
    memory.share_pools()
    settings = load(Path(data), {"listen": "127.0.0.1:0"})
    app: QApplication = launch.make_application(sys.argv[:1])
    args = argparse.Namespace(
        command="demo" if demo else "", listen=None, stations=48, days=90, speed=60.0, seed=1
    )
    window = launch.make_window(settings, launch._room_maker(args, settings, demo=demo))
    visit = Visit(window)
    window.workspace.bridge.started.connect(visit.begin)
    launch.live(app, window)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] == ["demo"])

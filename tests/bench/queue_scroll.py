"""The fault queue with 20 and with 5,000 rows, scrolled frame by frame, offscreen. A process of the bench."""

import asyncio
import json
import os
import sys
import time
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from qasync import QEventLoop

from app.clock import ManualClock
from tests.ui import fault_scenes
from tests.ui.fakes import FakeBridge
from tests.ui.pictures import NOW_MS, picture
from ui.pages.faults.page import FaultsPage
from ui.shell.page import Workspace
from ui.theme.apply import apply

FRAMES = 600


def frames(app: QApplication, rows: int) -> list[float]:
    """Processor time of the window's thread for each frame, ms: scroll on, then paint the queue whole."""
    bridge: Any = FakeBridge(picture(48))
    bridge.answers.update(fault_scenes.answers())
    host = QWidget()
    host.resize(1352, 824)
    page = FaultsPage(Workspace(bridge, ManualClock(NOW_MS), ZoneInfo("Europe/Amsterdam"), host))
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(page)
    host.show()
    page.opened("")
    bridge.faulted.emit(fault_scenes.changes(fault_scenes.many(rows)))
    page.refresh()
    for _ in range(8):
        app.processEvents()
    assert page.table.rows_model.rowCount() >= rows
    bar, spans = page.table.verticalScrollBar(), []
    step = max(1, bar.maximum() // FRAMES)
    for frame in range(FRAMES):
        begun = time.thread_time()
        bar.setValue(bar.minimum() + step * frame)
        page.table.viewport().repaint()
        spans.append((time.thread_time() - begun) * 1000)
    host.hide()
    return spans


def main() -> None:
    """Print the frames of both queues as JSON."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    loop = QEventLoop(app, already_running=True)
    asyncio._set_running_loop(loop)
    apply(app)
    print(json.dumps({rows: sorted(frames(app, rows)) for rows in (20, 5_000)}), flush=True)


if __name__ == "__main__":
    main()

"""The GUI thread's own loop: Qt turns it, and flows of several steps are coroutines in it (qasync).

Only the window waits here. The core has a plain loop in a thread of its own, which no dialog, paint
or stall of the window can delay.
"""

import asyncio
import logging
from typing import Any

from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QApplication

log = logging.getLogger("forecourt.ui.loop")

WORKERS_MS = 2000
"""So long the program waits at its end for what workers still do; their answers reach nobody."""


def run(app: QApplication) -> int:
    """Turn the loop until `app` quits; returns the exit code.

    Nothing is cancelled here: who ends the program first ends its flows (ui.shell.leaving).
    """
    from qasync import QEventLoop

    loop = QEventLoop(app)
    loop.set_exception_handler(_heard)
    with loop:
        code = int(loop.run_forever())
    QThreadPool.globalInstance().waitForDone(WORKERS_MS)
    return code


def _heard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    log.error("in the window's loop: %s", context.get("message"), exc_info=context.get("exception"))

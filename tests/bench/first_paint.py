"""The real window, offscreen: prints `painted`, then `accepting`, and leaves. A process of the bench."""

import argparse
import sys
from pathlib import Path

from ui import launch, loop, sources


def main(data: str) -> None:
    from PySide6 import QtSvg, QtWidgets  # noqa: F401

    # As the command does.
    sources.leave_unread()
    from app import memory
    from app.settings import load

    memory.share_pools()

    settings = load(Path(data), {"listen": "127.0.0.1:0"})
    app = launch.make_application(sys.argv[:1])
    args = argparse.Namespace(command="", listen=None)
    window = launch.make_window(settings, launch._room_maker(args, settings, demo=False))
    from PySide6.QtCore import QTimer

    window.left.connect(app.quit)
    first = QTimer(window)
    first.setSingleShot(True)
    first.timeout.connect(window.begin)

    def painted() -> None:
        print("painted", flush=True)
        first.start()

    def started() -> None:
        print("accepting", flush=True)
        window.leave()

    window.painted.connect(painted)
    window.workspace.bridge.started.connect(started)
    window.show()
    loop.run(app)


if __name__ == "__main__":
    main(sys.argv[1])

"""The `forecourt` command. Headless work goes to app.cli; only the window imports Qt.

Until the first paint nothing heavy is imported: the core, with its database and protocol, starts
in its own thread once the window is on the screen.
"""

import argparse
import faulthandler
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

from app import cli

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.settings import Settings
    from ui.shell.window import MainWindow

log = logging.getLogger("forecourt.ui")


def main(argv: Sequence[str] | None = None) -> int:
    """Run `forecourt`; returns the exit code."""
    return cli.main(argv, window=open_window)


def open_window(args: argparse.Namespace) -> int:
    """Open the window, or draw one page of it (`shot`). Raises ForecourtError with one sentence."""
    from ui import display, sources

    if args.command == "shot":
        import os

        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("QT_SCALE_FACTOR", str(args.scale))
    display.check()
    try:
        from PySide6 import QtSvg, QtWidgets  # noqa: F401
    except ImportError as error:
        raise display.NoWindow(display.import_sentence(error)) from error
    sources.leave_unread()
    if args.command == "shot":
        from ui import shot

        return shot.run(args)
    return _run(args)


def _run(args: argparse.Namespace) -> int:
    from app import data_dir, logs, memory

    memory.share_pools()
    demo = args.command == "demo"
    listen = getattr(args, "listen", None)
    settings = cli.load_settings(args, listen=",".join(listen) if listen else None)
    data_dir.prepare(settings.data_dir)
    stop_logging = logs.start(settings)
    try:
        _listen_for_failures()
        app = make_application(sys.argv[:1])
        window = make_window(settings, _room_maker(args, settings, demo=demo))
        return live(app, window)
    finally:
        stop_logging()


def make_application(argv: list[str]) -> "QApplication":
    """The application, named; without a nested loop or a style sheet anywhere."""
    from PySide6.QtWidgets import QApplication

    from ui.shell.closing import app_icon
    from ui.theme.theme import theme

    QApplication.setApplicationName("forecourt")
    QApplication.setApplicationDisplayName("Forecourt")
    QApplication.setDesktopFileName("forecourt")
    app = QApplication(argv)
    app.setQuitOnLastWindowClosed(False)
    theme()
    app.setWindowIcon(app_icon())
    return app


def make_window(settings: "Settings", make_room: Callable[[Any], Any]) -> "MainWindow":
    """The window with its bridge; nothing runs yet."""
    from PySide6.QtCore import QLocale, QSize
    from PySide6.QtWidgets import QApplication

    from app.clock import SystemClock
    from app.zone import operator_zone
    from ui import preferences
    from ui.bridge import Bridge
    from ui.shell.page import Workspace
    from ui.shell.window import MainWindow
    from ui.theme import money
    from ui.theme.apply import apply
    from ui.theme.theme import theme

    preferences.use(preferences.Preferences(settings.data_dir / "window.ini"))
    locale = QLocale.system()
    money.use_locale(locale)
    theme().choose(settings.window.theme)
    theme().set_scale(float(preferences.preferences().get("scale", 1.0)))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply(app)
    workspace = Workspace(Bridge(make_room), SystemClock(), operator_zone(settings.zone), settings=settings)
    window = MainWindow(workspace)
    wide, high = preferences.preferences().get("window", [1440, 900])[:2]
    # A laptop's screen is smaller than the size it begins with, or than the one it had beside a desk.
    window.resize(QSize(int(wide), int(high)).boundedTo(app.primaryScreen().availableSize()))
    return window


def live(app: "QApplication", window: "MainWindow") -> int:
    """Show the window, begin once it is painted, run until it is left; the exit status."""
    from PySide6.QtCore import QTimer

    from app import collecting
    from ui import loop
    from ui.report_runs import ReportRuns

    workspace = window.workspace
    runs = ReportRuns(
        workspace.bridge, workspace.clock, workspace.zone, workspace.settings.data_dir / "reports", window
    )
    workspace.bridge.started.connect(runs.start)
    window.workspace.bridge.started.connect(collecting.settle)
    window.left.connect(app.quit)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, window.leave))
    window.show()
    first = QTimer(window)
    first.setSingleShot(True)
    first.timeout.connect(window.begin)
    window.painted.connect(first.start)
    return loop.run(app)


def _room_maker(args: argparse.Namespace, settings: "Settings", *, demo: bool) -> Callable[[Any], Any]:
    def make(bridge: Any) -> Any:
        chosen = replace(settings, listen=bridge.listen) if bridge.listen else settings
        if not demo:
            from app.control_room import ControlRoom

            return ControlRoom(chosen, stop=bridge.stop_asked.emit)
        from app.demo import DemoRoom

        doing = f"Writing {args.days} days of a simulated past"
        return DemoRoom(
            chosen,
            stations=args.stations,
            days=args.days,
            speed=args.speed,
            seed=args.seed,
            tell=lambda part: bridge.progressed.emit(part, doing),
            stop=bridge.stop_asked.emit,
        )

    return make


def _listen_for_failures() -> None:
    """Whatever fails anywhere reaches the log, and the program goes on where it can."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    faulthandler.enable()

    def heard(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("not caught", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            heard(args.exc_type, args.exc_value, args.exc_traceback)

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }

    def from_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        logging.getLogger("forecourt.qt").log(levels.get(kind, logging.WARNING), "%s", text)

    sys.excepthook = heard
    threading.excepthook = in_thread
    qInstallMessageHandler(from_qt)


if __name__ == "__main__":
    sys.exit(main())

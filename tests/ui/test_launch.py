"""Starting: what is said where no window can open, and how little is loaded before the first paint."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.errors import UsageError
from app.settings import Settings
from ui import display, launch, preferences
from ui.display import NO_SCREEN, NoWindow, check, import_sentence, libraries_sentence
from ui.theme.theme import theme

ROOT = Path(__file__).resolve().parents[2]

FIRST_PAINT = """
import json, os, sys
from pathlib import Path
from app.settings import load
from ui import launch

settings = load(Path(sys.argv[1]), {"listen": "127.0.0.1:0", "window.stay_awake": "false"})
settings.data_dir.mkdir(exist_ok=True)
app = launch.make_application(["forecourt"])
window = launch.make_window(settings, launch._room_maker(None, settings, demo=False))
heavy = ("numpy", "pyqtgraph", "sqlalchemy", "alembic", "ocpp", "jsonschema_rs", "websockets")
told = {}

def painted():
    told["at_paint"] = [name for name in heavy if name in sys.modules]

def started():
    told["urls"] = window.workspace.picture.server.urls
    window.leave()

window.painted.connect(painted)
window._bridge.started.connect(started)
window._bridge.failed.connect(lambda cause: (told.update(failed=cause), app.quit()))
code = launch.live(app, window)
print(json.dumps(told | {"code": code}))
"""


LOADED = """
import linecache, sys
from PySide6 import QtWidgets
import wsgiref.util
from ui import sources
sources.leave_unread()
import wsgiref.simple_server
from ui.widgets import buttons
app = QtWidgets.QApplication([])
assert buttons.Button("Open").isWidgetType()
print(sorted(linecache.cache))
"""


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    env |= {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_sources_of_modules_are_not_read_to_see_whether_they_use_qt() -> None:
    """PySide reads each whole, and Python keeps them: sixteen megabytes and a twentieth of a second. What was
    read before it is told not to is let go of."""
    ended = run("-c", LOADED, QT_QPA_PLATFORM="offscreen")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "[]"


def test_nothing_heavy_is_loaded_before_the_first_paint_and_the_core_starts_after_it(tmp_path: Path) -> None:
    ended = run("-c", FIRST_PAINT, str(tmp_path / "data"), QT_QPA_PLATFORM="offscreen")
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["at_paint"] == []
    assert told["code"] == 0
    assert told["urls"][0].startswith("ws://127.0.0.1:")


def test_a_window_is_no_larger_than_the_screen(dressed: QApplication, tmp_path: Path) -> None:
    """On a laptop its status bar lay below the edge, as it had been closed on a larger screen."""
    preferences.Preferences(tmp_path / "window.ini").put("window", [5000, 4000, "overview"])
    window = launch.make_window(Settings(data_dir=tmp_path), lambda _bridge: None)
    try:
        room = dressed.primaryScreen().availableSize()
        assert window.size() == room.expandedTo(window.minimumSize())
    finally:
        window.deleteLater()
        preferences.use(preferences.Preferences())
        theme().choose("dark")


def test_no_screen_is_a_plain_sentence() -> None:
    ended = run("-m", "ui.launch", QT_QPA_PLATFORM="")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.strip() == f"forecourt: {NO_SCREEN}"


@pytest.mark.skipif(sys.platform != "linux", reason="asks for X or Wayland")
def test_no_screen_is_seen_before_qt_is_asked() -> None:
    with pytest.raises(NoWindow, match="forecourt serve"):
        check({})
    check({"QT_QPA_PLATFORM": "offscreen"})


def test_missing_libraries_name_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "missing", lambda plugin: ["libxcb-cursor.so.0", "libodd.so.9"])
    with pytest.raises(NoWindow, match=r"apt-get install libxcb-cursor0 \(libodd.so.9\)\.$"):
        check({"WAYLAND_DISPLAY": "wayland-0"})
    assert libraries_sentence(["libGL.so.1"]).endswith("apt-get install libgl1.")


def test_a_failed_import_of_qt_names_the_library() -> None:
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    assert import_sentence(error).endswith("apt-get install libgl1.")


def test_headless_work_imports_no_qt() -> None:
    code = (
        "import sys; from ui.launch import main; main(['--version'] if False else ['check', '--settings']); "
    )
    ended = run("-c", code + "print('PySide6' in sys.modules, file=sys.stderr)")
    assert ended.stderr.splitlines()[-1] == "False"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_sigterm_stops_the_window_and_its_server_cleanly(tmp_path: Path) -> None:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    words = [
        "--data",
        str(tmp_path / "data"),
        "--set",
        "listen=127.0.0.1:0",
        "--set",
        "window.stay_awake=false",
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "ui.launch", *words],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as window:
        log = tmp_path / "data" / "logs" / "forecourt.log"
        for _ in range(600):
            if log.exists() and "listening on" in log.read_text(encoding="utf-8"):
                break
            try:
                window.wait(0.05)
                break
            except subprocess.TimeoutExpired:
                continue
        window.send_signal(signal.SIGTERM)
        _, said = window.communicate(timeout=30)
    assert window.returncode == 0, said.decode()


def test_a_picture_of_a_page_needs_neither_display_nor_server(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "stations.png"
    first = run("-c", FIRST_PAINT, str(data), QT_QPA_PLATFORM="offscreen")
    assert first.returncode == 0, first.stderr
    words = ("-m", "ui.launch", "--data", str(data), "shot", "stations", "--out", str(out))
    ended = run(*words, "--size", "1280x720", "--theme", "light", "--scale", "2")
    assert ended.returncode == 0, ended.stderr
    assert out.read_bytes()[16:24] == (2560).to_bytes(4, "big") + (1440).to_bytes(4, "big")


def test_a_picture_of_what_does_not_exist_says_so(tmp_path: Path) -> None:
    ended = run("-m", "ui.launch", "--data", str(tmp_path), "shot", "nonsense", "--out", "x.png")
    assert ended.returncode == 2
    assert "There is no page nonsense" in ended.stderr
    ended = run(
        "-m", "ui.launch", "--data", str(tmp_path), "shot", "stations", "--out", str(tmp_path / "x.png")
    )
    assert ended.returncode == 1
    assert "There is no database" in ended.stderr


def test_sizes_are_checked() -> None:
    from ui.shot import size_of

    assert size_of("1440x900") == (1440, 900)
    for text in ("big", "1440", "0x0", "99999x10"):
        with pytest.raises(UsageError, match="--size"):
            size_of(text)

"""Whether a window can be opened here, asked before Qt is: Qt aborts where it cannot. No Qt inside."""

import ctypes
import ctypes.util
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from app.domain.errors import ForecourtError

PACKAGES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""Which Debian package holds a library that Qt needs."""

NO_SCREEN = "No screen to open a window on. For a server use `forecourt serve`."


class NoWindow(ForecourtError):
    """No window can be opened here; the sentence says what to do."""


def check(environment: Mapping[str, str] = os.environ) -> None:
    """Raise NoWindow where Qt could not start: a library is missing, or no screen answers."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if sys.platform != "linux" or chosen.split(":")[0] in ("offscreen", "minimal", "vnc"):
        return
    plugin = chosen.split(":")[0].split(";")[0] or _plugin(environment)
    if not plugin:
        raise NoWindow(NO_SCREEN)
    absent = missing(plugin)
    if absent:
        raise NoWindow(libraries_sentence(absent))


def _plugin(environment: Mapping[str, str]) -> str:
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") and answers() else ""


def answers() -> bool:
    """Whether the X display that DISPLAY names answers."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if not display:
        return False
    x11.XCloseDisplay(display)
    return True


def missing(plugin: str) -> list[str]:
    """Libraries that Qt's platform plugin needs and this machine lacks."""
    spec = find_spec("PySide6")
    if spec is None or spec.origin is None:
        return []
    path = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / f"libq{plugin}.so"
    if plugin == "wayland" and not path.exists():
        path = path.with_name("libqwayland-generic.so")
    try:
        listed = subprocess.run(["ldd", str(path)], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return []
    return sorted(set(re.findall(r"(\S+) => not found", listed.stdout)))


def libraries_sentence(absent: Iterable[str]) -> str:
    """What to install, in one sentence."""
    names = sorted(absent)
    known = sorted({PACKAGES[name] for name in names if name in PACKAGES})
    unknown = [name for name in names if name not in PACKAGES]
    text = "The window needs libraries that this machine lacks"
    if known:
        text += f". Install them with: apt-get install {' '.join(known)}"
    if unknown:
        text += f" ({', '.join(unknown)})"
    return text + "."


def import_sentence(error: ImportError) -> str:
    """What a failed import of Qt means."""
    found = re.search(r"(lib\S+\.so[.\d]*)", str(error))
    return libraries_sentence([found[1].rstrip(":")]) if found else f"Qt could not be loaded: {error}."

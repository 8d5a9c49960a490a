#!/usr/bin/env bash
# Opens Forecourt; where there is no screen, says so and serves without a window.
set -eu
cd "$(dirname "$0")/.."

# An answering X display, or a Wayland one. Asked before Qt is, because Qt aborts where there is none.
screen() {
    [ -n "${WAYLAND_DISPLAY:-}" ] && return
    [ -n "${DISPLAY:-}" ] || return 1
    .venv/bin/python - <<'PY'
import ctypes, sys
try:
    x11 = ctypes.CDLL("libX11.so.6")
except OSError:
    sys.exit(1)
x11.XOpenDisplay.restype = ctypes.c_void_p
sys.exit(not x11.XOpenDisplay(None))
PY
}

if screen; then
    exec .venv/bin/forecourt "$@"
fi
echo "No screen to open a window on, so Forecourt serves without one. Ctrl-C stops it." >&2
if [ "${1:-}" = demo ]; then
    exec .venv/bin/forecourt demo --headless "${@:2}"
fi
exec .venv/bin/forecourt serve "$@"

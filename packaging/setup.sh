#!/usr/bin/env bash
# Everything `make setup` does: a Python environment from the hash-pinned lock, and Qt's system libraries.
# Safe to repeat; when nothing changed it only looks.
set -eu
cd "$(dirname "$0")/.."

LOCK=packaging/requirements-dev.lock
VENV=.venv
STAMP=$VENV/.forecourt-lock
QT_PACKAGES="libglib2.0-0 libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 \
libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxcb-render-util0 libxcb-image0 libxkbcommon-x11-0 libwayland-cursor0"
FITS='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
WHOLE='import ensurepip, sqlite3, ssl, venv'

say() { printf '%s\n' "$*" >&2; }

# "root", "sudo" (no password asked) or "" where packages cannot be installed from here.
privilege() {
    if ! command -v apt-get >/dev/null 2>&1; then return; fi
    if [ "$(id -u)" = 0 ]; then echo root
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then echo sudo
    fi
}

apt_install() {
    local prefix=""
    [ "$(privilege)" = sudo ] && prefix="sudo -n"
    say "Installing system packages: $*"
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2 && return
    $prefix apt-get update -q >&2
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c "$FITS" 2>/dev/null && "$name" -c "$WHOLE" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
}

make_environment() {
    local python
    if [ -x $VENV/bin/python ] && ! $VENV/bin/python -c "$FITS" 2>/dev/null; then
        say "The environment in $VENV has another Python than 3.11, 3.12 or 3.13. Delete the folder $VENV and try again."
        exit 1
    fi
    [ -x $VENV/bin/python ] && return
    python=$(find_python)
    if [ -z "$python" ] && [ -n "$(privilege)" ]; then
        apt_install python3 python3-venv
        python=$(find_python)
    fi
    if [ -z "$python" ]; then
        say "Forecourt needs Python 3.11, 3.12 or 3.13 with venv. On Debian and Ubuntu, type:  sudo apt-get install python3 python3-venv"
        exit 1
    fi
    say "Making the Python environment with $("$python" -V)."
    "$python" -m venv $VENV
}

install_lock() {
    local wanted
    wanted=$(cat $LOCK pyproject.toml | sha256sum | cut -d' ' -f1)
    [ "$(cat $STAMP 2>/dev/null)" = "$wanted" ] && [ -x $VENV/bin/forecourt ] && return
    say "Installing the Python packages of $LOCK (some 150 MB at the first time)."
    $VENV/bin/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r $LOCK
    $VENV/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >$VENV/setup.log 2>&1 ||
        { cat $VENV/setup.log >&2; exit 1; }
    printf '%s' "$wanted" >$STAMP
}

# Names of shared libraries that Qt's window plugins need and this machine lacks.
qt_lacks() {
    local qt
    qt=$(echo $VENV/lib/python3.*/site-packages/PySide6)
    command -v ldd >/dev/null 2>&1 || return 0
    ldd "$qt"/Qt/plugins/platforms/libqxcb.so "$qt"/Qt/plugins/platforms/libqwayland*.so "$qt"/QtGui.abi3.so 2>/dev/null |
        sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p' | sort -u
}

install_qt_libraries() {
    local lacking
    lacking=$(qt_lacks)
    [ -z "$lacking" ] && return
    if [ -n "$(privilege)" ]; then
        # shellcheck disable=SC2086
        apt_install $QT_PACKAGES || true
        lacking=$(qt_lacks)
        [ -z "$lacking" ] && return
    fi
    say "The window needs system libraries that are not here: $(echo $lacking)."
    if command -v apt-get >/dev/null 2>&1; then
        say "Type this once, then try again:"
        say "  sudo apt-get install --no-install-recommends $QT_PACKAGES"
    else
        say "Install them with your system's package manager. The headless server works without them."
    fi
    say "Everything else is set up: \`$VENV/bin/forecourt serve\` works without a window."
}

make_environment
install_lock
install_qt_libraries

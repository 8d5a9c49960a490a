#!/usr/bin/env bash
# Runs every test: the window's beside the rest, as two cores are there for it. Words after it go to both.
set -u
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen
told=$(mktemp)
trap 'rm -f "$told"' EXIT
.venv/bin/python -m pytest -m "not soak and not bench" tests/ui "$@" >"$told" 2>&1 &
window=$!
.venv/bin/python -m pytest -m "not soak and not bench" --ignore=tests/ui tests "$@"
core=$?
wait "$window"
ui=$?
echo "The window's tests:"
cat "$told"
[ "$core" -eq 0 ] && [ "$ui" -eq 0 ]

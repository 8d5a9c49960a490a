#!/usr/bin/env bash
# Runs every test on two cores: the stories take as long as all the rest. Words after it go to each run.
set -u
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen
told=$(mktemp)
trap 'rm -f "$told"' EXIT
run() { .venv/bin/python -m pytest -m "not soak and not bench" "$@"; }
(
    run tests/ui "$@"
    ui=$?
    run --ignore=tests/ui --ignore=tests/scenarios tests "$@" && [ "$ui" -eq 0 ]
) >"$told" 2>&1 &
beside=$!
run tests/scenarios "$@"
stories=$?
wait "$beside"
rest=$?
echo "The window's tests, and those of each piece:"
cat "$told"
[ "$stories" -eq 0 ] && [ "$rest" -eq 0 ]

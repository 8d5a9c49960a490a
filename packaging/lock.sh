#!/usr/bin/env bash
# Writes the two locks anew from pyproject.toml. Run it with Python 3.11, the oldest supported, whose needs
# include those of the later ones. Needs pip-tools in the environment.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --annotation-style=line --no-header \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options "$@" pyproject.toml
}
compile -o packaging/requirements.lock
compile --extra dev -o packaging/requirements-dev.lock

# `make run` is all an operator needs; the rest is for who works on Forecourt.
PY := .venv/bin/python

.DEFAULT_GOAL := run
.PHONY: setup run demo test lint bench shots

setup:
	@packaging/setup.sh

run: setup
	@packaging/open.sh

demo: setup
	@packaging/open.sh demo

test: setup
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -m "not soak and not bench"

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

bench: setup
	$(PY) -m tests.bench

shots: setup
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.shots

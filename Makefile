# `make run` is all an operator needs; the rest is for who works on Forecourt.
PY := .venv/bin/python

.DEFAULT_GOAL := run
.PHONY: setup run demo test lint bench shots screens

setup:
	@packaging/setup.sh

run: setup
	@packaging/open.sh

demo: setup
	@packaging/open.sh demo

test: setup
	@packaging/test.sh

# All four run, so that one round tells everything.
lint: setup
	@failed=0; \
	for check in "$(PY) -m ruff check -q ." "$(PY) -m ruff format -q --check ." "$(PY) -m mypy" ".venv/bin/lint-imports"; do \
		echo "$$check"; $$check || failed=1; \
	done; exit $$failed

bench: setup
	$(PY) -m tests.bench

shots: setup
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.shots

screens: setup
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.shots.screens

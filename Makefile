# The commands of Cube Demper. Settings go before the word: CUBE_PORT_BASE=4000 make up
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

#: Tests that start processes and mostly wait for them, in two lanes of about the same length.
WAITING_A := tests/faults $(wildcard tests/integration/workers/test_[a-l]*.py) tests/integration/up \
	tests/integration/embedded tests/integration/sandbox
WAITING_B := $(wildcard tests/integration/workers/test_[m-z]*.py) tests/integration/integrations
PYTEST := $(BIN)/pytest --durations=12
#: The browser's lane is the longest and people's patience is tested in it: the others let it go first.
PATIENT := nice -n 5 $(PYTEST)

# Hundreds of processes are started from these sources: they are compiled once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup up test test-browser test-waiting-a test-waiting-b test-rest check bench bench-long

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(VENV)/packages.stamp $(VENV)/browser.stamp ## .venv, packages, Node, a browser; nothing when all is there

up: setup ## everything on this machine: database, sandbox, app, workers (ARGS="--no-demo")
	@exec $(BIN)/cube up $(ARGS)

test: setup ## every test, in four lanes at once: the browser, what waits for processes (twice), the rest
	@$(MAKE) --no-print-directory -j4 test-browser test-waiting-a test-waiting-b test-rest

test-browser:
	$(PYTEST) tests/e2e

test-waiting-a:
	$(PATIENT) $(WAITING_A)

test-waiting-b:
	$(PATIENT) $(WAITING_B)

test-rest:
	$(PATIENT) --ignore=tests/e2e $(WAITING_A:%=--ignore=%) $(WAITING_B:%=--ignore=%)

check: setup ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy cube_demper admin partner support workers
	$(BIN)/lint-imports

bench: setup ## benchmarks as tables, within 15 minutes
	$(BIN)/python -m tests.benchmarks

bench-long: setup ## the long series of benchmarks
	$(BIN)/python -m tests.benchmarks --long

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Нужен Python 3.11 или новее: make PYTHON=/путь/к/python" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/packages.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,local-embeddings,sandbox]'
	@touch $@

# Without a browser all but the browser tests works, so its absence is said and does not stop.
$(VENV)/browser.stamp: $(VENV)/packages.stamp
	@$(BIN)/python -m cube_demper.up.browser && touch $@ || true

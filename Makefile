# Everything a newcomer needs: `make lab` opens the course, `make test` tests it.
# The virtual environment is made once, and again when pyproject.toml changes.
SHELL := bash
# Idle threads must not spin: on a busy or small machine that costs far more than it gains.
export OMP_WAIT_POLICY ?= PASSIVE
# Where an image forbids compiled copies, hundreds of processes would compile anew.
unexport PYTHONDONTWRITEBYTECODE
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
# In a container one is often root, which JupyterLab refuses unless told otherwise.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# Tests run side by side; each keeps to one core. Notebooks come first: the tests about
# them read what they have left (tests/executed.py).
JOBS ?= 2
# Biome and TypeScript, which check the widgets' JavaScript.
JS := tests/javascript
TESTS := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile
NBVAL := --nbval-lax --nbval-current-env --nbval-cell-timeout=300

.PHONY: help lab test quick week known-week e2e lint javascript notebooks student data
.PHONY: book book-check doctor papers mutants attacks bench bench-grading clean

help:  ## show this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

lab: .venv/lab  ## set up the course and open it in JupyterLab (ARGS="--no-browser")
	$(BIN)/python -m coursekit data || true  # the lessons have stand-ins
	$(BIN)/python -m coursekit lab $(AS_ROOT) $(ARGS)

test: lint  ## set up and test the course: lint, types, units, notebooks, browser
	$(BIN)/python -m coursekit build --source-only
	$(TESTS) $(NBVAL) build/source notebooks tests --share $(ARGS)

quick: lint  ## a few cases of every test that takes seconds: no notebooks, no browser
	$(TESTS) -m "not slow and not notebook and not browser and not network" \
		--sample 2 $(ARGS)

week: known-week lint  ## build, check and execute one week, with all its answers (WEEK=1)
	$(BIN)/python -m coursekit build
	$(TESTS) $(NBVAL) build/source notebooks tests --week $(WEEK) $(ARGS)
	@echo "Week $(WEEK) is built; style and types are right; its checks, answers, figures" \
		"and lessons are tested; its notebooks ran to the end, solved and unsolved."

e2e: .venv/dev  ## the tests in a browser alone: JupyterLab, widgets, feedback
	$(TESTS) tests/e2e $(ARGS)

known-week:
	@ls -d solutions/week$(WEEK)_*/ >/dev/null 2>&1 || { echo "solutions/ has no week" \
		"'$(WEEK)'. Write a week that has lessons, such as: make week WEEK=1"; exit 1; }

lint: .venv/dev javascript  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Where npm is missing only continuous integration insists on it.
javascript:
	@if command -v npm >/dev/null || [ "$${COURSEKIT_REQUIRE_BROWSER:-}" = 1 ]; then \
		$(MAKE) --no-print-directory $(JS)/node_modules/.package-lock.json && \
		npm --prefix $(JS) run --silent lint; \
	else echo "The widgets' JavaScript goes unchecked, for npm is missing:" \
		"install it (Debian, Ubuntu: sudo apt install npm)"; fi

$(JS)/node_modules/.package-lock.json: $(JS)/package-lock.json
	npm ci --prefix $(JS) --no-audit --no-fund --silent
	@touch $@

notebooks: .venv/dev  ## rebuild notebooks/ and the map in the README from solutions/
	$(BIN)/python -m coursekit build

student: .venv/dev  ## the zip that students get, in dist/
	$(BIN)/python -m coursekit student

book: .venv/dev  ## the lessons with all outputs as a web site, in dist/book
	$(BIN)/python -m coursekit build --source-only
	ls solutions/week*/*.py | OMP_NUM_THREADS=1 \
		xargs -P $(JOBS) -n 1 $(BIN)/python -m tests.executed
	$(BIN)/python -m coursekit book $(ARGS)

# Its links, in a browser: nothing from elsewhere, and usable by everybody.
book-check: .venv/dev $(JS)/node_modules/.package-lock.json
	COURSEKIT_BOOK=dist/book $(BIN)/python -m pytest tests/book $(ARGS)

doctor: .venv/lab  ## what is installed, found and missing, and what to do
	$(BIN)/python -m coursekit doctor

data: .venv/lab  ## download what the lessons need
	$(BIN)/python -m coursekit data

papers: .venv/dev  ## train as the papers did (ARGS="lenet5"); without names: the table
	$(BIN)/python -m coursekit.runs papers $(ARGS)

mutants: .venv/dev  ## right answers with a mistake: are they refused? (WEEK=1 WRITE=1)
	$(BIN)/python -m tests.mutants $(if $(WEEK),--week $(WEEK)) $(if $(WRITE),--write) $(ARGS)

attacks: .venv/dev  ## hand-ins that try to cheat or harm: is any let through? (WRITE=1)
	$(BIN)/python -m $(if $(WRITE),tests.attacks --write,pytest -n $(JOBS) tests/attacks $(ARGS))

bench: .venv/dev  ## side by side with peers (ARGS="--peers DIR --write")
	$(BIN)/python -m benchmarks $(ARGS)

bench-grading: .venv/dev  ## coursekit grade beside nbgrader (ARGS="--quick --write")
	$(BIN)/python -m coursekit build --source-only
	$(BIN)/python -m benchmarks.grading $(ARGS)

clean:  ## remove the virtual environment and everything that was built
	rm -rf .venv build dist $(JS)/node_modules

.venv/lab: pyproject.toml | .venv/bin/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/dev: pyproject.toml | .venv/bin/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ .venv/lab

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "This course needs Python 3.11 or newer; set PYTHON=python3.x"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is" \
		"missing: install it (Debian, Ubuntu: sudo apt install python3-venv)"; exit 1; }
	@echo "Installing the course. The first time takes some minutes (PyTorch is large)."
